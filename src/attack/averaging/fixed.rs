//! The same attacker on a rounding that draws nothing.

use std::collections::HashMap;

use rayon::prelude::*;

use super::super::Prior;
use super::{Averaged, came_to};
use crate::catalogue::stream::stream;
use crate::catalogue::{Catalogue, Drawn};
use crate::rounding::{Partition, Rounding};

/// Draws files by the prior, the same as [`Attacker::run`](super::Attacker::run) does, plays each as often as the largest
/// number, and rounds every play anew. The attacker takes the mean of what left for the duration, and names the title
/// that weighs most among the files of that bucket; of equals the lowest. An open bucket stands for its lower end.
/// `plays` must rise; the duration alone leaves. O(files log files + draws x plays).
///
/// # Laws
/// After any number of plays it errs as far, and names as much, as after one.
///
/// ```
/// use coarsen::attack::{Prior, averaging::fixed};
/// use coarsen::catalogue::synthetic::{Recipe, synthesize};
/// use coarsen::rounding::Rounding;
/// use coarsen::units::Dimension;
/// let catalogue = synthesize(&Recipe::builtin("mixed")?, 400, 1)?;
/// let rounding = Rounding::parse("floor:5min", Dimension::Duration)?;
/// let [once, often] = fixed(&catalogue, &rounding, Prior::Uniform, 100, &[1, 1_000], 1)[..] else { panic!() };
/// assert_eq!((once.error, once.trial), (often.error, often.trial));
/// // At most half a bucket.
/// assert!(once.error.is_some_and(|error| error > 0.0 && error <= 150_000.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn fixed(
    catalogue: &Catalogue,
    rounding: &Rounding,
    prior: Prior,
    draws: u32,
    plays: &[u32],
    seed: u64,
) -> Vec<Averaged> {
    let drawn = Drawn::new((0..catalogue.files()).map(|file| prior.weight(catalogue, file)));
    let heaviest = heaviest(catalogue, rounding, prior);
    let one = |draw: u32| -> Vec<(bool, f64)> {
        let file = drawn.draw(&mut stream(seed, "averaging", u64::from(draw)));
        let duration = u64::from(catalogue.duration_ms()[file]);
        let (mut sum, mut played, mut left) = (0u128, 0, Vec::new());
        let mut found = Vec::new();
        for &plays in plays {
            while played < plays {
                let bucket = rounding.bucket(duration);
                sum += u128::from(bucket.midpoint());
                if left.last() != Some(&bucket.from) {
                    left.push(bucket.from);
                }
                played += 1;
            }
            // Who saw two buckets of one file would know that it is in neither alone.
            let guess = if let [from] = left[..] { heaviest.get(&from) } else { None };
            let right = guess.is_some_and(|&(title, _)| title == catalogue.title()[file]);
            found.push((right, sum as f64 / f64::from(plays) - duration as f64));
        }
        found
    };
    let runs: Vec<Vec<(bool, f64)>> = (0..draws).into_par_iter().map(one).collect();
    came_to(&runs, plays)
}

/// The title that weighs most in each bucket, by its lower end, with its weight; of equals the lowest.
fn heaviest(catalogue: &Catalogue, rounding: &Rounding, prior: Prior) -> HashMap<u64, (u32, u64)> {
    let mut held: Vec<(u64, u32, u64)> = (0..catalogue.files())
        .map(|file| {
            let from = rounding.bucket(u64::from(catalogue.duration_ms()[file])).from;
            (from, catalogue.title()[file], prior.weight(catalogue, file))
        })
        .collect();
    held.sort_unstable();
    let mut heaviest: HashMap<u64, (u32, u64)> = HashMap::new();
    for same in held.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let weight = same.iter().map(|&(.., weight)| weight).sum();
        let best = heaviest.entry(same[0].0).or_insert((same[0].1, weight));
        if weight > best.1 {
            *best = (same[0].1, weight);
        }
    }
    heaviest
}
