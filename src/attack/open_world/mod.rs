//! The open world: the file that is played may be absent from the attacker's catalogue, and much of that catalogue may
//! never be played.
//!
//! An attacker who must answer is wrong about every title that it doesn't hold. This one speaks only when it is 95 %
//! sure, [`Doubt`] being what it reckons with beyond its catalogue. Whole titles are absent, each as likely as any
//! other whatever its popularity; decoys are titles of the same catalogue that nobody plays, so that they look like
//! any. Each rate is that of one draw of the world, which the seed names.

mod attacker;
mod doubt;
mod exact;
mod world;

use rayon::prelude::*;
use serde::Serialize;

pub use attacker::{Attacker, Ran};
pub use doubt::Doubt;
pub use exact::{Stated, abstaining_gain, stated};
pub use world::{Role, World};

use super::Prior;
use crate::anonymity::Confident;
use crate::catalogue::stream::stream;
use crate::classes::{Cells, Classes, Generalization, Key};

/// The coverages that are always shown, in percent.
pub const COVERAGES: [u32; 6] = [100, 90, 75, 50, 25, 10];

/// Titles that are decoys, in percent.
pub const DECOYS: [u32; 2] = [0, 50];

/// The rows that are shown, at most.
pub const MOST_ROWS: usize = DECOYS.len() * Prior::ALL.len() * Doubt::ALL.len() * COVERAGES.len();

/// What an attacker achieves whose catalogue isn't the world.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OpenWorld {
    /// Every coverage, with and without decoys, under each prior and doubt.
    pub rows: Vec<Row>,
    /// The abstaining gain where every title is known: of what is released, of nothing, of raw values.
    pub abstaining_gain: [Confident; 3],
}

/// One world.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Titles that are played and listed, in percent of those that are played.
    pub coverage_percent: u32,
    /// Titles of the catalogue that nobody plays, in percent.
    pub decoys_percent: u32,
    /// The prior.
    pub prior: Prior,
    /// What the attacker reckons with.
    pub doubt: Doubt,
    /// The attacker that ran on what is released.
    pub ran: Ran,
    /// The same as a closed form.
    pub closed_form: Stated,
    /// Seeing nothing: the control.
    pub control: Stated,
    /// Seeing raw values.
    pub baseline: Stated,
}

/// Runs the attacker in every world of [`COVERAGES`] and [`DECOYS`]; a row drops out where nothing is played in it.
///
/// `told` is the catalogue as it is told and `raw` as it is; `key` is what is released. The same on any number of
/// threads. O(rows x (files + draws log files)).
pub fn open_world(told: &Cells<'_>, raw: &Cells<'_>, key: Key<'_>, draws: u64, seed: u64) -> OpenWorld {
    let catalogue = told.catalogue();
    let released = Classes::group(told, key);
    let nothing = Classes::group(raw, Generalization::drop().key());
    let everything = Classes::group(raw, Generalization::keep(raw.catalogue()).key());
    let attacker = Attacker::study(catalogue, key);
    let worlds = DECOYS
        .map(|decoys| (decoys, COVERAGES.map(|coverage| World::draw(catalogue, coverage, decoys, seed))));
    let mut cases = Vec::new();
    for (decoys, worlds) in &worlds {
        for prior in Prior::ALL {
            for doubt in Doubt::ALL {
                cases.extend(worlds.iter().map(|world| (*decoys, prior, doubt, world)));
            }
        }
    }
    let row = |&(decoys, prior, doubt, world): &(u32, Prior, Doubt, &World)| {
        let coverage = world.coverage_percent;
        let of = |classes: &Classes<'_>| stated(classes, world, doubt, prior);
        let name = format!("open world {decoys} {prior:?} {doubt:?}");
        let mut random = stream(seed, &name, u64::from(coverage));
        Some(Row {
            coverage_percent: coverage,
            decoys_percent: decoys,
            prior,
            doubt,
            ran: attacker.run(world, doubt, prior, draws, &mut random)?,
            closed_form: of(&released)?,
            control: of(&nothing)?,
            baseline: of(&everything)?,
        })
    };
    OpenWorld {
        rows: cases.par_iter().filter_map(row).collect(),
        abstaining_gain: [&released, &nothing, &everything].map(abstaining_gain),
    }
}
