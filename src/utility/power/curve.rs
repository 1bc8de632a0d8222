//! Power over the size of a fault, at one amount of traffic.

use super::needed::POWER;
use super::result::AtSize;
use super::tried::Outcome;
use crate::attack::Trial;

/// What the outcomes of all replicas at one size come to.
pub(super) fn at_size(size: f64, outcomes: &[Outcome]) -> AtSize {
    let replicas = outcomes.len() as u64;
    let count = |which: fn(Outcome) -> bool| outcomes.iter().filter(|&&outcome| which(outcome)).count();
    let mean = |which: fn(Outcome) -> f64| {
        outcomes.iter().map(|&outcome| which(outcome)).sum::<f64>() / replicas as f64
    };
    AtSize {
        size,
        flagged: Trial::new(replicas, count(|outcome| outcome.flagged) as u64),
        found: Trial::new(replicas, count(Outcome::found) as u64),
        precision: mean(|outcome| outcome.score.precision),
        recall: mean(|outcome| outcome.score.recall),
        f1: mean(|outcome| outcome.score.f1()),
    }
}

/// The least size found with a probability of 0.8, on the straight line between those tried.
pub(super) fn least(sizes: &[AtSize]) -> Option<f64> {
    let at = sizes.iter().position(|at| at.found.rate >= POWER)?;
    let reached = &sizes[at];
    let Some(before) = at.checked_sub(1).map(|before| &sizes[before]) else { return Some(reached.size) };
    let part = (POWER - before.found.rate) / (reached.found.rate - before.found.rate);
    Some(before.size + part * (reached.size - before.size))
}
