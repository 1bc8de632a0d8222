//! What the benches share: one seed, one recipe, sizes as parameters.

use coarsen::catalogue::Catalogue;
use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::classes::Generalization;
use coarsen::rounding::Rounding;
use coarsen::units::Dimension;

/// The seed of every bench.
pub const SEED: u64 = 1;
/// Files, about: the recipe makes two a title.
#[allow(dead_code, reason = "one bench takes its sizes as arguments")]
pub const SIZES: [u32; 4] = [10_000, 100_000, 1_000_000, 10_000_000];

/// A catalogue of about that many files.
pub fn catalogue(files: u32) -> Catalogue {
    let recipe = Recipe::builtin("mixed").expect("a built-in recipe");
    synthesize(&recipe, files / 2, SEED).expect("a catalogue")
}

/// 5 min, one bucket per doubling, resolution kept.
#[allow(dead_code, reason = "not every bench measures one generalization")]
pub fn generalization() -> Generalization {
    Generalization {
        duration: Rounding::parse("floor:5min", Dimension::Duration).expect("a rounding"),
        bitrate: Rounding::parse("log:1", Dimension::Bitrate).expect("a rounding"),
        by: vec![coarsen::catalogue::SideField::Resolution],
        other: Vec::new(),
    }
}
