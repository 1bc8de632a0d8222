//! Jellyfin's Playback Reporting: tab-separated values without a header, nine in a row.
//!
//! | column | what becomes of it |
//! | --- | --- |
//! | date | only looked at, to tell that the columns are these |
//! | user id | not looked at |
//! | item id | `title_id`, a number by first appearance |
//! | item type | `kind` |
//! | item name | not looked at |
//! | playback method | `delivery`; the codecs in it, as in `Transcode (v:h264 a:aac)`, are those it was transcoded to, not the file's |
//! | client | `platform` |
//! | device | `device` |
//! | play duration, in whole seconds | `played_ms` |

use std::fs::File;

use super::by_line::by_line;
use super::gather::{Draft, Gathering};
use super::numbers::{Ids, scaled};
use super::{Fault, ImportError, players, words};
use crate::telemetry::plays::{Number, Text};

const COLUMNS: [&str; 9] = [
    "date",
    "user id",
    "item id",
    "item type",
    "item name",
    "playback method",
    "client",
    "device",
    "play duration",
];
const SECONDS: &str = "a whole number of seconds from 0 on";

/// Reads a history to its end, line by line.
pub(super) fn read(file: File, server: &str, gathering: &mut Gathering) -> Result<(), ImportError> {
    let mut ids = Ids::default();
    by_line(file, gathering, |row, number, gathering| {
        match play(row, server, &mut ids) {
            Ok(draft) => gathering.take(&draft),
            Err((place, fault)) => gathering.refuse(number, place.map(|place| COLUMNS[place]), fault)?,
        }
        Ok(())
    })
}

/// The play of a line, or the place of the column that is at fault, where it is one's.
fn play<'s>(line: &[u8], server: &'s str, ids: &mut Ids) -> Result<Draft<'s>, (Option<usize>, Fault)> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = std::str::from_utf8(line).map_err(|error| {
        // The column in which it breaks off.
        let place = line[..error.valid_up_to()].iter().filter(|byte| **byte == b'\t').count();
        (Some(place).filter(|place| *place < COLUMNS.len()), Fault::NotUtf8)
    })?;
    let cells: Vec<&str> = line.split('\t').collect();
    let wrong = |found| (None, Fault::Cells { found, wanted: COLUMNS.len() });
    let [date, _, item, kind, _, method, client, device, seconds] =
        <[&str; 9]>::try_from(cells).map_err(|cells| wrong(cells.len()))?;
    if !is_date(date) {
        return Err((Some(0), Fault::Date));
    }
    let mut draft = Draft::default();
    draft.row[Text::Server] = Some(server);
    draft.row[Number::PlayedMs] = played(seconds.trim()).map_err(|fault| (Some(8), fault))?;
    draft.word(Text::Kind, Some(kind), words::item_type);
    draft.word(Text::Delivery, Some(method), delivery);
    players::set(&mut draft, [Some(client), None], [Some(device), None]);
    // A row that is refused takes no number.
    draft.row[Number::TitleId] = ids.number(item.trim()).map_err(|fault| (Some(2), fault))?;
    Ok(draft)
}

fn is_date(cell: &str) -> bool {
    let form = b"0000-00-00";
    let fits = |(byte, form): (u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == *form };
    cell.len() >= form.len() && cell.bytes().zip(form).all(fits)
}

fn played(cell: &str) -> Result<Option<u32>, Fault> {
    if cell.is_empty() {
        return Ok(None);
    }
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::Kind { found: "text that is no whole number", wanted: SECONDS });
    }
    scaled(cell.parse().map_err(|_| Fault::TooLarge)?, 1_000, SECONDS).map(Some)
}

/// What a playback method says: a transcode of neither stream is a new container alone.
fn delivery(method: &str) -> Option<&'static str> {
    let method = method.to_ascii_lowercase();
    match method.split_whitespace().collect::<Vec<&str>>()[..] {
        ["directplay"] => Some("direct play"),
        ["directstream"] => Some("remux"),
        ["transcode", "(v:direct", "a:direct)"] => Some("remux"),
        ["transcode"] => Some("transcode"),
        ["transcode", video, audio] if video.starts_with("(v:") && audio.starts_with("a:") => {
            Some("transcode")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn playback_methods() {
        for (method, told) in [
            ("DirectPlay", Some("direct play")),
            ("DirectStream", Some("remux")),
            ("Transcode", Some("transcode")),
            ("Transcode (v:h264 a:direct)", Some("transcode")),
            ("Transcode (v:direct a:aac)", Some("transcode")),
            ("Transcode (v: a:mp3)", Some("transcode")),
            ("Transcode (v:direct a:direct)", Some("remux")),
            ("na", None),
            ("Transcode of Anna", None),
        ] {
            assert_eq!(delivery(method), told, "{method}");
        }
    }
}
