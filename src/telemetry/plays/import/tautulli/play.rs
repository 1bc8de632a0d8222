//! One row of the three tables as a play.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::cell::Cell;
use crate::telemetry::plays::import::gather::Draft;
use crate::telemetry::plays::import::numbers::{Ids, scaled};
use crate::telemetry::plays::import::{Fault, players, words};
use crate::telemetry::plays::{Number, Text};

/// The column that is at fault, and what is wrong.
type Wrong = (&'static str, Fault);

/// The cells of a row.
struct Cells<'r>(&'r Row<'r>);

const WHOLE: &str = "a whole number from 0 on";

impl<'r> Cells<'r> {
    fn cell(&self, cell: Cell) -> Result<ValueRef<'r>, Wrong> {
        let unreadable = Fault::Kind { found: "nothing that can be read", wanted: "a value" };
        // The `id` is selected before them.
        self.0.get_ref(cell as usize + 1).map_err(|_| (cell.column(), unreadable))
    }

    fn whole(&self, cell: Cell) -> Result<Option<i64>, Wrong> {
        let wrong = |fault| (cell.column(), fault);
        let kind = |found| wrong(Fault::Kind { found, wanted: WHOLE });
        match self.cell(cell)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(number) => Ok(Some(number)),
            ValueRef::Real(number) if number.fract() == 0.0 && number.abs() < 9e15 => Ok(Some(number as i64)),
            ValueRef::Real(_) => Err(kind("a number that is not whole")),
            // SQLite keeps any text in a column of numbers; where nothing is known Tautulli leaves an empty one.
            ValueRef::Text(text) => {
                let text = std::str::from_utf8(text).map_err(|_| wrong(Fault::NotUtf8))?.trim();
                match text.is_empty() {
                    true => Ok(None),
                    false => text.parse().map(Some).map_err(|_| kind("text that is no whole number")),
                }
            }
            ValueRef::Blob(_) => Err(kind("bytes")),
        }
    }

    /// A number in a unit of that many base units, where 0 stands for unknown.
    fn quantity(&self, cell: Cell, scale: u64) -> Result<Option<u32>, Wrong> {
        let number = self.whole(cell)?.filter(|number| *number != 0);
        number.map(|number| scaled(number, scale, WHOLE).map_err(|fault| (cell.column(), fault))).transpose()
    }

    /// Text; a number counts as its digits (a resolution of 1080).
    fn text(&self, cell: Cell) -> Result<Option<String>, Wrong> {
        let text = match self.cell(cell)? {
            ValueRef::Null => return Ok(None),
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Text(text) => {
                std::str::from_utf8(text).map_err(|_| (cell.column(), Fault::NotUtf8))?.trim().to_owned()
            }
            ValueRef::Real(_) | ValueRef::Blob(_) => {
                let fault = Fault::Kind { found: "a decimal number or bytes", wanted: "text" };
                return Err((cell.column(), fault));
            }
        };
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// The first of these that is there.
    fn first(&self, one: Cell, other: Cell) -> Result<Option<String>, Wrong> {
        self.text(one)?.map_or_else(|| self.text(other), |text| Ok(Some(text)))
    }
}

/// The play of a row.
pub(super) fn play<'s>(row: &Row<'_>, server: &'s str, ids: &mut Ids) -> Result<Draft<'s>, Wrong> {
    let cells = Cells(row);
    let mut draft = Draft::default();
    draft.row[Text::Server] = Some(server);
    draft.row[Number::PlayedMs] = played(&cells)?;
    draft.row[Number::DurationMs] = match cells.quantity(Cell::Duration, 1)? {
        Some(duration) => Some(duration),
        None => cells.quantity(Cell::TitleDuration, 1)?,
    };
    draft.row[Number::BitrateBps] = cells.quantity(Cell::Bitrate, 1_000)?;
    draft.row[Number::DeliveredBps] = cells.quantity(Cell::StreamBitrate, 1_000)?;
    let kind = cells.first(Cell::MediaType, Cell::TitleMediaType)?;
    draft.word(Text::Kind, kind.as_deref(), words::media_type);
    let lines = cells.first(Cell::FullResolution, Cell::Resolution)?;
    draft.word(Text::Resolution, lines.as_deref(), words::resolution);
    let codec = cells.text(Cell::VideoCodec)?;
    draft.word(Text::VideoCodec, codec.as_deref(), words::video_codec);
    let codec = cells.text(Cell::AudioCodec)?;
    draft.word(Text::AudioCodec, codec.as_deref(), words::audio_codec);
    let container = cells.text(Cell::Container)?;
    draft.word(Text::Container, container.as_deref(), words::container);
    delivery(&cells, &mut draft)?;
    player(&cells, &mut draft)?;
    // A row that is refused takes no number.
    let key = cells.first(Cell::RatingKey, Cell::TitleRatingKey)?;
    draft.row[Number::TitleId] =
        ids.number(key.as_deref().unwrap_or_default()).map_err(|fault| ("rating_key", fault))?;
    Ok(draft)
}

/// How long was played: the time between start and stop that wasn't paused.
fn played(cells: &Cells<'_>) -> Result<Option<u32>, Wrong> {
    let [Some(started), Some(stopped)] = [cells.whole(Cell::Started)?, cells.whole(Cell::Stopped)?] else {
        return Ok(None);
    };
    // A play that hasn't stopped yet.
    if stopped == 0 {
        return Ok(None);
    }
    let paused = cells.whole(Cell::Paused)?.unwrap_or(0);
    if paused < 0 {
        return Err(("paused_counter", Fault::Negative { wanted: WHOLE }));
    }
    let seconds = stopped.checked_sub(started).and_then(|seconds| seconds.checked_sub(paused));
    match seconds {
        Some(seconds) if seconds >= 0 => {
            scaled(seconds, 1_000, WHOLE).map(Some).map_err(|fault| ("stopped", fault))
        }
        _ => Err(("stopped", Fault::Backward)),
    }
}

/// How it was delivered, and what transcoded it.
fn delivery(cells: &Cells<'_>, draft: &mut Draft<'_>) -> Result<(), Wrong> {
    let decision = |word: &str| match word.to_ascii_lowercase().as_str() {
        "direct play" => Some("direct play"),
        "copy" | "direct stream" => Some("remux"),
        "transcode" => Some("transcode"),
        _ => None,
    };
    let video = cells.text(Cell::VideoDecision)?;
    let whole = match cells.text(Cell::Decision)? {
        Some(whole) => Some(whole),
        None => {
            // Of both streams the one that costs more; one without a picture has only the other.
            let cost =
                |word: &String| ["direct play", "copy", "transcode"].iter().position(|known| known == word);
            let streams = [video.clone(), cells.text(Cell::AudioDecision)?];
            streams.into_iter().flatten().max_by_key(cost)
        }
    };
    draft.word(Text::Delivery, whole.as_deref(), decision);
    if draft.row[Text::Delivery] != Some("transcode")
        || video.as_deref().and_then(decision) != Some("transcode")
    {
        return Ok(());
    }
    let encoder = cells.text(Cell::Encoder)?;
    let in_hardware = cells.whole(Cell::InHardware)?;
    match (&encoder, in_hardware) {
        (None, Some(0)) => draft.row[Text::Hardware] = Some("software"),
        _ => draft.word(Text::Hardware, encoder.as_deref(), words::encoder),
    }
    Ok(())
}

/// What it was played on.
fn player(cells: &Cells<'_>, draft: &mut Draft<'_>) -> Result<(), Wrong> {
    let [product, platform] = [cells.text(Cell::Product)?, cells.text(Cell::Platform)?];
    let [device, player] = [cells.text(Cell::Device)?, cells.text(Cell::Player)?];
    players::set(draft, [product.as_deref(), platform.as_deref()], [device.as_deref(), player.as_deref()]);
    Ok(())
}
