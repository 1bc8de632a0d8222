//! Plays to ask.

use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::classes::Generalization;
use coarsen::rounding::Rounding;
use coarsen::telemetry::plays::{Plays, Settings, simulate};
use coarsen::units::Dimension;

/// Simulated plays of the mixed recipe; a share of the servers has opted out.
pub fn plays(servers: u32, plays: u64, opt_out: f64) -> Plays {
    let catalogue = synthesize(&Recipe::builtin("mixed").expect("a recipe"), 300, 1).expect("a catalogue");
    simulate(&catalogue, &Settings { opt_out, ..Settings::new(servers, plays, 1) }).expect("plays")
}

/// A generalization as flags write it.
pub fn emitted(duration: &str, bitrate: &str, by: &[&str]) -> Generalization {
    Generalization {
        duration: Rounding::parse(duration, Dimension::Duration).expect("a rounding"),
        bitrate: Rounding::parse(bitrate, Dimension::Bitrate).expect("a rounding"),
        by: by.iter().map(|field| field.parse().expect("a side field")).collect(),
        other: Vec::new(),
    }
}

/// Every side field that plays have.
pub const SIDES: [&str; 5] = ["kind", "resolution", "video_codec", "audio_codec", "container"];
