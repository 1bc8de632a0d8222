//! How a file reaches a client: as it is, in another container, or transcoded to a rung of a ladder.
//!
//! A file fits where the client plays its codecs and the link carried its rate, with a margin, in the seconds before. What
//! fits but for the container is remuxed; what doesn't fit is transcoded to H.264 and AAC at the highest rung of Apple's
//! HLS ladder that fits and is no more than the file has. A client that keeps its quality is given that rung to the end; one
//! that adapts begins at it, and may ask for every rung that is no more than the file has.

use super::clients::Client;
use super::hardware::Machine;
use super::quality::{Qualities, Quality};
use super::rate_rule::MARGIN_PERMILLE;
use super::source::Source;

/// Apple's HLS ladder for H.264, as in `datasets/ladders.csv`: kbit/s, width, height.
const LADDER: [(u64, u64, u64); 9] = [
    (145, 416, 234),
    (365, 640, 360),
    (730, 768, 432),
    (1_100, 768, 432),
    (2_000, 960, 540),
    (3_000, 1_280, 720),
    (4_500, 1_280, 720),
    (6_000, 1_920, 1_080),
    (7_800, 1_920, 1_080),
];
/// Sound is transcoded to so much, or to what the link carries if that is less, down to the lowest.
const SOUND_BPS: [u64; 2] = [64_000, 192_000];
/// To set up another container, in ms.
const REMUX_MS: u64 = 250;

/// How a file is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Delivery {
    /// As the column `delivery` names it.
    pub name: &'static str,
    /// What it may be shown in.
    pub qualities: Qualities,
    /// The one of the first segment.
    pub began: usize,
    /// Until the server can send, in ms.
    pub setup_ms: u64,
    /// Whether the machine packs a picture.
    pub by_machine: bool,
}

impl Delivery {
    /// The quality that it begins in.
    pub fn first(&self) -> Quality {
        self.qualities.all()[self.began]
    }
}

/// Decides it. `carried_bps` is what the link carried just before; `sharers` how many transcode on the machine, this one
/// included.
pub(super) fn decide(
    source: &Source<'_>,
    client: &Client,
    machine: &Machine,
    carried_bps: u64,
    sharers: u32,
) -> Delivery {
    let room_bps = carried_bps / 1_000 * MARGIN_PERMILLE;
    let fits = source.rate_bps <= room_bps;
    let Some(picture) = &source.picture else {
        if fits && client.sounds(source) {
            return as_it_is(source, client.opens(source));
        }
        let rate_bps = room_bps.clamp(SOUND_BPS[0], SOUND_BPS[1]).min(source.rate_bps);
        return with_new_sound(rate_bps, machine);
    };
    if fits && client.shows(source) {
        if client.sounds(source) {
            return as_it_is(source, client.opens(source));
        }
        // The picture is copied, and the sound made anew.
        return with_new_sound(source.rate_bps, machine);
    }
    let pixels = u64::from(picture.width) * u64::from(picture.height);
    // A codec that the client doesn't know needs about as much in H.264 as it has; nothing is made larger than it is.
    let most_bps = source.rate_bps.saturating_mul(3) / 2;
    // The lowest rung is there for whatever is smaller still.
    let has =
        |&&(kbps, width, height): &&(u64, u64, u64)| kbps * 1_000 <= most_bps && width * height <= pixels;
    let rungs = &LADDER[..LADDER.iter().take_while(has).count().max(1)];
    let began = rungs.iter().rposition(|(kbps, _, _)| kbps * 1_000 <= room_bps).unwrap_or(0);
    let quality = |&(kbps, width, height): &(u64, u64, u64)| Quality {
        rate_bps: kbps * 1_000,
        speed_permille: Some(machine.speed_permille(picture, (width * height).min(pixels), sharers)),
    };
    let kept = quality(&rungs[began]);
    let ladder = if client.adapts { Qualities::ladder(rungs.iter().map(quality)) } else { None };
    let (qualities, began) = match ladder {
        Some(ladder) => (ladder, began),
        None => (Qualities::one(kept.rate_bps, kept.speed_permille), 0),
    };
    Delivery { name: "transcode", qualities, began, setup_ms: machine.model.opening_ms, by_machine: true }
}

fn with_new_sound(rate_bps: u64, machine: &Machine) -> Delivery {
    Delivery {
        name: "transcode",
        qualities: Qualities::one(rate_bps, Some(machine.sound_permille)),
        began: 0,
        setup_ms: REMUX_MS,
        by_machine: false,
    }
}

fn as_it_is(source: &Source<'_>, opens: bool) -> Delivery {
    let (name, setup_ms) = if opens { ("direct play", 0) } else { ("remux", REMUX_MS) };
    Delivery { name, qualities: Qualities::one(source.rate_bps, None), began: 0, setup_ms, by_machine: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::stream::stream;
    use crate::telemetry::plays::simulate::quality::MOST;
    use crate::telemetry::plays::simulate::source::Picture;
    use proptest::prelude::*;

    proptest! {
        /// Whether a client adapts decides what it may change to, not what it begins with.
        #[test]
        fn who_adapts_begins_as_who_keeps_and_may_ask_for_what_the_file_has(
            seed: u64, rate in 1u64..60_000_000, width in 16u32..4_000, height in 16u32..2_200, carried in 0u64..50_000_000,
            sharers in 1u32..6, codec in prop::sample::select(vec!["h264", "hevc", "av1", "vc1"]), sound: bool,
        ) {
            let mut random = stream(seed, "delivery", 0);
            let (machine, client) = (Machine::draw(&mut random), Client::draw(&mut random));
            let picture = Picture { codec: Some(codec), width, height, frames_per_s: 24, rate_bps: rate };
            let source = Source {
                kind: "movie",
                duration_ms: 1,
                bitrate_bps: None,
                rate_bps: rate,
                resolution: None,
                video_codec: Some(codec),
                audio_codec: None,
                container: None,
                picture: (!sound).then_some(picture),
            };
            let by = |adapts: bool| {
                let mut client = client.clone();
                client.adapts = adapts;
                decide(&source, &client, &machine, carried, sharers)
            };
            let (keeps, adapts) = (by(false), by(true));
            prop_assert_eq!((keeps.name, keeps.setup_ms, keeps.first()), (adapts.name, adapts.setup_ms, adapts.first()));
            prop_assert_eq!(keeps.qualities.all().len(), 1);
            // What isn't made by the machine has no other quality.
            prop_assert!(adapts.by_machine || adapts.qualities == keeps.qualities);
            let rungs = adapts.qualities.all();
            prop_assert!(rungs.windows(2).all(|pair| pair[0].rate_bps < pair[1].rate_bps));
            // The lowest is there for whatever is smaller still; a larger picture is never made faster.
            prop_assert!(rungs[1..].iter().all(|rung| rung.rate_bps <= rate * 3 / 2));
            prop_assert!(rungs.windows(2).all(|pair| pair[0].speed_permille >= pair[1].speed_permille));
            if adapts.by_machine && adapts.began + 1 < rungs.len() {
                prop_assert!(rungs[adapts.began + 1].rate_bps > (carried * 3 / 4).saturating_sub(750));
            }
        }
    }

    #[test]
    fn the_ladder_is_the_published_one() {
        let published = include_str!("../../../../datasets/ladders.csv");
        let mut reader = csv::Reader::from_reader(published.as_bytes());
        let rows = reader.records().map(|row| row.expect("a row"));
        let of_ladder = rows.filter(|row| &row[0] == "apple_hls_h264");
        let number = |text: &str| text.parse::<u64>().expect("a number");
        let rungs: Vec<_> =
            of_ladder.map(|row| (number(&row[4]), number(&row[2]), number(&row[3]))).collect();
        assert_eq!(rungs, LADDER);
        assert_eq!(rungs.len(), MOST);
    }
}
