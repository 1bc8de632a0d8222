//! How a file reaches a client: as it is, in another container, or transcoded to a rung of a ladder.
//!
//! A file fits where the client plays its codecs and the link carried its rate, with a margin, in the seconds before. What
//! fits but for the container is remuxed; what doesn't fit is transcoded to H.264 and AAC at the highest rung of Apple's
//! HLS ladder that fits and is no more than the file has. The rung stays to the end, as servers have it by default.

use super::clients::Client;
use super::hardware::Machine;
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
/// Of what the link carried, in thousandths, a file may take so much.
const MARGIN_PERMILLE: u64 = 750;
/// To set up another container, in ms.
const REMUX_MS: u64 = 250;

/// How a file is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Delivery {
    /// As the column `delivery` names it.
    pub name: &'static str,
    /// Bits per s on the way.
    pub rate_bps: u64,
    /// Until the server can send, in ms.
    pub opening_ms: u64,
    /// Speed of transcoding in thousandths of the speed of playing.
    pub speed_permille: Option<u64>,
    /// Whether the machine packs a picture.
    pub by_machine: bool,
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
        return Delivery {
            name: "transcode",
            rate_bps,
            opening_ms: REMUX_MS,
            speed_permille: Some(machine.sound_permille),
            by_machine: false,
        };
    };
    if fits && client.shows(source) {
        if client.sounds(source) {
            return as_it_is(source, client.opens(source));
        }
        // The picture is copied, and the sound made anew.
        return Delivery {
            name: "transcode",
            rate_bps: source.rate_bps,
            opening_ms: REMUX_MS,
            speed_permille: Some(machine.sound_permille),
            by_machine: false,
        };
    }
    let pixels = u64::from(picture.width) * u64::from(picture.height);
    // A codec that the client doesn't know needs about as much in H.264 as it has; nothing is made larger than it is.
    let most_bps = room_bps.min(source.rate_bps.saturating_mul(3) / 2);
    let rung = LADDER
        .iter()
        .rev()
        .find(|(kbps, width, height)| kbps * 1_000 <= most_bps && width * height <= pixels);
    let &(kbps, width, height) = rung.unwrap_or(&LADDER[0]);
    let made = (width * height).min(pixels);
    Delivery {
        name: "transcode",
        rate_bps: kbps * 1_000,
        opening_ms: machine.model.opening_ms,
        speed_permille: Some(machine.speed_permille(picture, made, sharers)),
        by_machine: true,
    }
}

fn as_it_is(source: &Source<'_>, opens: bool) -> Delivery {
    let (name, opening_ms) = if opens { ("direct play", 0) } else { ("remux", REMUX_MS) };
    Delivery { name, rate_bps: source.rate_bps, opening_ms, speed_permille: None, by_machine: false }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }
}
