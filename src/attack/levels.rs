//! A1 as a closed form, for every level: how sure the Bayes attacker is of the file, the title, the series, the genre.
//!
//! # Laws
//! - A coarser level is named at least as often, with one guess and with three, with no more doubt and among no more
//!   candidates, wherever each finer target lies in one coarser target (see [`Target`]). A series of several genres is
//!   a counter-example: its genre can be harder to name than itself.
//! - Three guesses do no worse than one; one candidate is always named right.
//! - Under nested coarsening no rate rises, nor the share with a single candidate, and neither the doubt nor the
//!   expected candidates fall.

use rayon::prelude::*;
use serde::Serialize;

use super::{Prior, Target};
use crate::classes::Classes;

/// What the attacker of A1 knows of one level, on average over plays drawn by the prior.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Level {
    /// Named right with one guess: the posterior Bayes vulnerability, 0 to 1.
    pub top1: f64,
    /// One of three guesses is right, 0 to 1.
    pub top3: f64,
    /// Doubt that remains, in bits: the entropy of the target given what is seen, Shannon's equivocation.
    pub entropy_bits: f64,
    /// Targets that could still be it, that is, those of any weight in the class.
    pub expected_candidates: f64,
    /// Share of the plays of which only one target could be it, 0 to 1.
    pub single_candidate: f64,
}

/// Exact sums over classes, whose order changes nothing.
#[derive(Clone, Copy, Default)]
struct Sums {
    total: u128,
    top1: u128,
    top3: u128,
    candidates: u128,
    single: u128,
}

impl Sums {
    fn plus(self, other: Self) -> Self {
        Self {
            total: self.total + other.total,
            top1: self.top1 + other.top1,
            top3: self.top3 + other.top3,
            candidates: self.candidates + other.candidates,
            single: self.single + other.single,
        }
    }

    /// Of the weights of the targets of one class; and the sum of weight times doubt in bits.
    fn of(weights: &[u64]) -> (Self, f64) {
        let (mut total, mut candidates, mut best) = (0u64, 0u64, [0u64; 3]);
        for &weight in weights {
            total += weight;
            candidates += u64::from(weight > 0);
            let mut held = weight;
            for best in &mut best {
                if held > *best {
                    std::mem::swap(&mut held, best);
                }
            }
        }
        let bits = |&weight: &u64| match weight {
            0 => 0.0,
            _ => weight as f64 * libm::log2(total as f64 / weight as f64),
        };
        // A single candidate leaves no doubt, so most classes of fine roundings need no logarithm.
        let doubt = if candidates > 1 { weights.iter().map(bits).sum() } else { 0.0 };
        let sums = Self {
            total: u128::from(total),
            top1: u128::from(best[0]),
            top3: best.iter().map(|&best| u128::from(best)).sum(),
            candidates: u128::from(total) * u128::from(candidates),
            single: if candidates == 1 { u128::from(total) } else { 0 },
        };
        (sums, doubt)
    }
}

/// The level under the uniform prior and under popularity. O(files log files); sums of logarithms are taken in the
/// order of the classes, whatever the number of threads.
///
/// ```
/// use coarsen::attack::{Target, levels::level};
/// use coarsen::catalogue::{Catalogue, Columns, SideField};
/// use coarsen::classes::{Cells, Classes, Generalization};
/// let catalogue = Catalogue::new(Columns {
///     title: vec![0, 1, 2, 3],
///     duration_ms: vec![61_000; 4],
///     side: [(SideField::Kind, ["clip"; 4].map(Some).into_iter().collect())].into(),
///     ..Columns::default()
/// })?;
/// let cells = Cells::new(&catalogue);
/// let [uniform, _] = level(&Classes::group(&cells, Generalization::drop().key()), Target::Title);
/// assert_eq!((uniform.top1, uniform.top3, uniform.entropy_bits), (0.25, 0.75, 2.0));
/// assert_eq!((uniform.expected_candidates, uniform.single_candidate), (4.0, 0.0));
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
pub fn level(classes: &Classes<'_>, target: Target) -> [Level; 2] {
    let catalogue = classes.catalogue();
    let name = target.names(catalogue);
    let all: Vec<&[u32]> = classes.iter().collect();
    let of_class = |(named, weights): &mut (Vec<(u32, u32)>, Vec<u64>), files: &&[u32]| {
        named.clear();
        named.extend(files.iter().map(|&file| (name[file as usize], file)));
        named.sort_unstable();
        let mut of_prior = |prior: Prior| {
            let weight = |same: &[(u32, u32)]| -> u64 {
                same.iter().map(|&(_, file)| prior.weight(catalogue, file as usize)).sum()
            };
            weights.clear();
            weights.extend(named.chunk_by(|a, b| a.0 == b.0).map(weight));
            Sums::of(weights)
        };
        Prior::ALL.map(&mut of_prior)
    };
    let found: Vec<[(Sums, f64); 2]> = all.par_iter().map_init(Default::default, of_class).collect();
    [0, 1].map(|prior| {
        let sums = found.iter().fold(Sums::default(), |sums, of_class| sums.plus(of_class[prior].0));
        let doubt: f64 = found.iter().map(|of_class| of_class[prior].1).sum();
        let total = sums.total as f64;
        Level {
            top1: sums.top1 as f64 / total,
            top3: sums.top3 as f64 / total,
            entropy_bits: doubt / total,
            expected_candidates: sums.candidates as f64 / total,
            single_candidate: sums.single as f64 / total,
        }
    })
}
