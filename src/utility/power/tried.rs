//! Replicas that are run: the threshold that few pass without a fault, and what is found with one.

use rayon::prelude::*;

use super::hit::Score;
use super::look::{Hits, Look};
use super::machine::Machine;
use super::settings::PowerSettings;
use crate::catalogue::stream::stream;

/// The share of replicas without a fault in which anything at all may be flagged.
pub(super) const FALSE_ALARM: f64 = 0.01;
/// The share of a fault's plays that a flagged run must hold to have found it.
pub(super) const FOUND: f64 = 0.5;

/// What came of one replica.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Outcome {
    /// Whether any run was flagged.
    pub(super) flagged: bool,
    /// How well the flagged run names the plays of the fault; nothing where none was.
    pub(super) score: Score,
}

impl Outcome {
    /// Whether the flagged run holds at least half of the fault's plays.
    pub(super) fn found(self) -> bool {
        self.flagged && self.score.recall >= FOUND
    }
}

/// The square of the z that the strongest run of at most [`FALSE_ALARM`] of the replicas without a fault passes, at so many
/// plays in each arm. O(replicas x scan).
pub(super) fn threshold(machine: &Machine, traffic: f64, settings: &PowerSettings) -> f64 {
    let ready = machine.at(traffic);
    let strongest = |replica: u32, arms: &mut Vec<_>| {
        let mut random = stream(settings.seed, "power calm", u64::from(replica));
        ready.replica(None, &mut random, arms).square
    };
    let mut squares: Vec<f64> = (0..settings.calm)
        .into_par_iter()
        .map_init(Vec::new, |arms, replica| strongest(replica, arms))
        .collect();
    let passing = (FALSE_ALARM * f64::from(settings.calm)) as usize;
    squares.sort_unstable_by(|a, b| b.total_cmp(a));
    squares[passing]
}

/// What comes of each replica with a fault. Draws are the same for every size and amount of traffic.
/// O(replicas x scan).
pub(super) fn outcomes(
    look: &Look<'_>,
    hits: &Hits,
    traffic: f64,
    threshold: f64,
    settings: &PowerSettings,
) -> Vec<Outcome> {
    let machine = &look.machine;
    let ready = machine.at(traffic);
    let outcome = |replica: u32, arms: &mut Vec<_>| {
        let mut random = stream(settings.seed, "power replica", u64::from(replica));
        let hit = hits.of(replica as usize);
        let strongest = ready.replica(Some(hit), &mut random, arms);
        if strongest.square <= threshold {
            return Outcome::default();
        }
        Outcome { flagged: true, score: hit.score(&strongest.cells, &machine.sums) }
    };
    (0..settings.replicas)
        .into_par_iter()
        .map_init(Vec::new, |arms, replica| outcome(replica, arms))
        .collect()
}
