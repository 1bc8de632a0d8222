//! What is left of the answers: releases, questions and their judgment, and the diagnostics beside them, against naive
//! computations and by their laws.

mod distance;
mod information;
mod interference;
mod judge;
mod opt_out;
mod power;
mod questions;
mod release;
mod some;
mod speed;

use coarsen::catalogue::Catalogue;
use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::classes::Generalization;
use coarsen::rounding::Rounding;
use coarsen::telemetry::plays::{Plays, Settings, simulate};
use coarsen::units::Dimension;

fn catalogue(seed: u64) -> Catalogue {
    synthesize(&Recipe::builtin("video").expect("a recipe"), 400, seed).expect("a catalogue")
}

/// Simulated plays of films and episodes.
fn plays(servers: u32, plays: u64, seed: u64) -> Plays {
    simulate(&catalogue(seed), &Settings::new(servers, plays, seed)).expect("plays")
}

/// What a ping emits with these roundings and every side field.
fn emitting(duration: &str, bitrate: &str) -> Generalization {
    use coarsen::catalogue::SideField::{AudioCodec, Container, Kind, Resolution, VideoCodec};
    Generalization {
        duration: Rounding::parse(duration, Dimension::Duration).expect("a rounding"),
        bitrate: Rounding::parse(bitrate, Dimension::Bitrate).expect("a rounding"),
        by: vec![Kind, Resolution, VideoCodec, AudioCodec, Container],
        other: Vec::new(),
    }
}
