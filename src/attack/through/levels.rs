//! A1 through a channel as a closed form, for every level.

use rayon::prelude::*;

use super::Through;
use super::spread::Told;
use crate::attack::levels::Level;
use crate::attack::{Prior, Target};

/// The level under the uniform prior and under popularity, as [`levels::level`](crate::attack::levels::level) tells it
/// of classes: exact Bayes over outputs. Noise and response leave every candidate possible, however unlikely, so that
/// `expected_candidates` counts all of them. O(files log files + probabilities summed).
///
/// # Laws
/// Those of classes hold between levels, and those of [`through`](super) between a channel and the rounding before it.
pub fn level(through: &Through<'_>, target: Target) -> [Level; 2] {
    Prior::ALL.map(|prior| {
        let told = told(through, target, prior, false);
        let share = |part: f64| part / told.total;
        Level {
            top1: share(told.top1).min(1.0),
            top3: share(told.top3).min(1.0),
            entropy_bits: share(told.doubt),
            expected_candidates: share(told.candidates),
            single_candidate: share(told.single).min(1.0),
        }
    })
}

/// What all parts tell of a target, files of no weight being `possible` or not; the total is that of all files, which no
/// sum of probabilities rounds.
pub(super) fn told(through: &Through<'_>, target: Target, prior: Prior, possible: bool) -> Told {
    let catalogue = through.catalogue();
    let names = target.names(catalogue);
    let name = |file: u32| names[file as usize];
    let weight = |file: u32| prior.weight(catalogue, file as usize);
    let of_part = |part| through.spread(part, possible, name, weight).told();
    let parts: Vec<Told> = through.parts().par_iter().map(of_part).collect();
    let mut told = Told::default();
    parts.into_iter().for_each(|part| told.add(part));
    told.total = (0..catalogue.files() as u32).map(weight).map(u128::from).sum::<u128>() as f64;
    told
}
