//! What servers transcode with, and how fast that is.
//!
//! The time to transcode one second is the time to unpack its picture and the time to pack the smaller one:
//!
//! `1 / speed = (pixels in x cost of unpacking x (1 + bits in per pixel / 2) + pixels out) x sharers / throughput`
//!
//! in pixels per second. Throughput is that of packing H.264; a codec that the hardware has no circuit for is unpacked by
//! the processor, which costs eight times as much. Throughputs are orders of magnitude of what is sold, not measured here.

use super::by_share;
use super::source::Picture;
use crate::catalogue::stream::Stream;
use crate::catalogue::synthetic::draw::{happens, normal};

/// A kind of hardware.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Model {
    /// As the column `hardware` names it.
    pub name: &'static str,
    /// Of 100 servers so many have it: an assumption.
    share: u32,
    /// Median throughput in millions of pixels per second.
    megapixels: f64,
    /// Until it is set up, in ms.
    pub opening_ms: u64,
    /// The codecs it unpacks by itself, by the share of machines whose generation does.
    circuits: &'static [(&'static str, f64)],
}

const MODELS: [Model; 7] = [
    Model { name: "software", share: 34, megapixels: 170.0, opening_ms: 600, circuits: &[] },
    Model {
        name: "quicksync",
        share: 33,
        megapixels: 620.0,
        opening_ms: 900,
        circuits: &[("h264", 1.0), ("mpeg2video", 1.0), ("hevc", 0.9), ("vp9", 0.8), ("av1", 0.25)],
    },
    Model {
        name: "nvenc",
        share: 15,
        megapixels: 900.0,
        opening_ms: 1_300,
        circuits: &[
            ("h264", 1.0),
            ("mpeg2video", 1.0),
            ("mpeg4", 1.0),
            ("hevc", 0.95),
            ("vp9", 0.85),
            ("av1", 0.3),
        ],
    },
    Model {
        name: "amf",
        share: 5,
        megapixels: 500.0,
        opening_ms: 1_100,
        circuits: &[("h264", 1.0), ("mpeg2video", 1.0), ("hevc", 0.9), ("vp9", 0.5), ("av1", 0.2)],
    },
    Model {
        name: "videotoolbox",
        share: 6,
        megapixels: 560.0,
        opening_ms: 700,
        circuits: &[("h264", 1.0), ("hevc", 1.0), ("vp9", 0.3), ("av1", 0.1)],
    },
    Model {
        name: "v4l2",
        share: 4,
        megapixels: 75.0,
        opening_ms: 1_600,
        circuits: &[("h264", 1.0), ("hevc", 0.4)],
    },
    Model {
        name: "rkmpp",
        share: 3,
        megapixels: 300.0,
        opening_ms: 1_200,
        circuits: &[("h264", 1.0), ("hevc", 1.0), ("vp9", 0.9), ("av1", 0.4), ("mpeg2video", 0.5)],
    },
];

/// The median speed of transcoding sound.
const SOUND_PERMILLE: f64 = 45_000.0;
/// How machines of one kind differ: the deviation of the logarithm of their throughput.
const SPREAD: f64 = 0.4;
/// How much dearer the processor unpacks what the circuits don't.
const WITHOUT_CIRCUIT: f64 = 8.0;
/// Of machines that transcode, so many have a driver that doesn't work.
const BROKEN: f64 = 0.004;

/// One server's machine.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    pub model: &'static Model,
    /// Pixels per second.
    pub throughput: f64,
    /// The codecs that its generation unpacks.
    circuits: Vec<&'static str>,
    /// Speed of transcoding sound, which is the processor's, in thousandths of the speed of playing.
    pub sound_permille: u64,
    /// No transcode of a picture ever starts.
    pub is_broken: bool,
}

impl Machine {
    /// Draws a machine.
    pub fn draw(random: &mut Stream) -> Self {
        let model = by_share(&MODELS, |model| model.share, random);
        let throughput = model.megapixels * 1e6 * libm::exp(SPREAD * normal(random));
        let has = |(name, share): &(&'static str, f64)| happens(random, *share).then_some(*name);
        let circuits = model.circuits.iter().filter_map(has).collect();
        let sound_permille = (SOUND_PERMILLE * libm::exp(SPREAD * normal(random))) as u64;
        Self { model, throughput, circuits, sound_permille, is_broken: happens(random, BROKEN) }
    }

    /// Speed of transcoding to a picture of `pixels` with so many that share the machine, in thousandths of the speed of
    /// playing, at least 1. A faster machine is never slower, and more sharers never make it faster.
    pub fn speed_permille(&self, source: &Picture<'_>, pixels: u64, sharers: u32) -> u64 {
        let circuit = if self.has_circuit(source.codec) { 1.0 } else { WITHOUT_CIRCUIT };
        let bits_per_pixel = source.rate_bps as f64 / source.pixels_per_s();
        let unpacked = source.pixels_per_s() * cost(source.codec) * circuit * (1.0 + bits_per_pixel / 2.0);
        let packed = pixels as f64 * f64::from(source.frames_per_s);
        let speed = self.throughput / ((unpacked + packed) * f64::from(sharers.max(1)));
        (speed * 1_000.0).clamp(1.0, 1e6) as u64
    }

    /// The processor alone unpacks everything as well as it can.
    fn has_circuit(&self, codec: Option<&str>) -> bool {
        self.model.circuits.is_empty() || codec.is_none_or(|codec| self.circuits.contains(&codec))
    }
}

/// What a pixel costs to unpack, against packing one in H.264.
fn cost(codec: Option<&str>) -> f64 {
    match codec {
        Some("mpeg2video" | "mpeg4" | "dvvideo") => 0.06,
        Some("hevc") => 0.22,
        Some("vp9") => 0.18,
        Some("av1") => 0.30,
        _ => 0.12,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::stream::stream;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_faster_machine_or_an_easier_task_is_never_slower(
            seed: u64, rate in 1u64..90_000_000, width in 16u32..4_000, height in 16u32..2_200, out in 100u64..3_000_000,
            more in 0.0f64..4.0, sharers in 1u32..6, codec in prop::sample::select(vec!["h264", "hevc", "av1", "mpeg4", "vc1"]),
        ) {
            let machine = Machine::draw(&mut stream(seed, "machine", 0));
            let faster = Machine { throughput: machine.throughput * (1.0 + more), ..machine.clone() };
            let picture = Picture { codec: Some(codec), width, height, frames_per_s: 24, rate_bps: rate };
            let speed = machine.speed_permille(&picture, out, sharers);
            prop_assert!(faster.speed_permille(&picture, out, sharers) >= speed);
            prop_assert!(machine.speed_permille(&picture, out, sharers + 1) <= speed);
            prop_assert!(machine.speed_permille(&picture, 2 * out, sharers) <= speed);
            let dearer = Picture { rate_bps: 2 * rate, ..picture };
            prop_assert!(machine.speed_permille(&dearer, out, sharers) <= speed);
        }
    }

    #[test]
    fn every_kind_of_hardware_is_drawn_about_as_often_as_it_should() {
        let all = 20_000;
        let mut counts = [0u32; MODELS.len()];
        for seed in 0..all {
            let machine = Machine::draw(&mut stream(seed, "machine", 0));
            let place = MODELS.iter().position(|model| model == machine.model).expect("a model");
            counts[place] += 1;
        }
        for (model, count) in MODELS.iter().zip(counts) {
            let expected = all as f64 * f64::from(model.share) / 100.0;
            let deviation = expected.sqrt() * 4.0;
            assert!((f64::from(count) - expected).abs() < deviation, "{}: {count}", model.name);
        }
    }
}
