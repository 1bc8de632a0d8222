//! Mutual information of counts.

use serde::Serialize;

use super::Bins;

/// What a field tells about a target, raw and rounded.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Retained {
    /// Plays that were counted.
    pub plays: u64,
    /// The share of them of which the target is true.
    pub share: f64,
    /// Bins of the raw values that hold any play.
    pub bins: usize,
    /// Kinds of what leaves of them.
    pub buckets: usize,
    /// I(target; x), in bits.
    pub raw_bits: f64,
    /// I(target; y), in bits.
    pub released_bits: f64,
    /// The second as a share of the first, 0 to 1; `None` where the raw values tell nothing.
    pub ratio: Option<f64>,
    /// By how much `raw_bits` is too high by chance, about: (bins - 1) / (2 plays ln 2), 0 where the target is constant.
    /// Where it is not much less than `raw_bits`, the ratio says little.
    pub bias_bits: f64,
}

/// I(T; X) in bits of counts by x of (T false, T true): Σ p(x,t) log2 p(x,t)/(p(x) p(t)). Never below 0, and 0 exactly where
/// the counts are independent. O(counts).
///
/// ```
/// use coarsen::utility::information::mutual_information;
/// assert_eq!(mutual_information(&[[5, 0], [0, 5]]), 1.0);
/// assert_eq!(mutual_information(&[[2, 4], [3, 6]]), 0.0);
/// assert_eq!(mutual_information(&[]), 0.0);
/// ```
pub fn mutual_information(counts: &[[u64; 2]]) -> f64 {
    let of_target = counts.iter().fold([0, 0], |all, of_x| [all[0] + of_x[0], all[1] + of_x[1]]);
    let all = of_target[0] + of_target[1];
    let mut bits = 0.0;
    for of_x in counts {
        for (&both, &target) in of_x.iter().zip(&of_target).filter(|(both, _)| **both > 0) {
            // Whole numbers, so that equal products have a quotient of exactly 1.
            let together = u128::from(both) * u128::from(all);
            let independent = u128::from(of_x[0] + of_x[1]) * u128::from(target);
            bits += both as f64 / all as f64 * libm::log2(together as f64 / independent as f64);
        }
    }
    bits.max(0.0)
}

/// What is retained where `leaves` tells what leaves of a value: any number for a bucket, `None` for nothing. `None` of no
/// play. O(plays log bins + bins log bins).
///
/// ```
/// use coarsen::utility::information::{Bins, retained};
/// let bins = Bins::of((0..8).collect(), 8);
/// let plays = (0..8).map(|value| (value, value >= 5));
/// let kept = retained(plays.clone(), &bins, |value| Some(value)).unwrap();
/// assert_eq!(kept.ratio, Some(1.0));
/// let halved = retained(plays.clone(), &bins, |value| Some(value / 4)).unwrap();
/// assert!(halved.ratio < Some(0.6));
/// let nothing = retained(plays.map(|(value, _)| (value, false)), &bins, |value| Some(value)).unwrap();
/// assert_eq!((nothing.raw_bits, nothing.ratio), (0.0, None));
/// ```
pub fn retained(
    plays: impl IntoIterator<Item = (u64, bool)>,
    bins: &Bins,
    leaves: impl Fn(u64) -> Option<u64>,
) -> Option<Retained> {
    let mut counts = vec![[0, 0]; bins.starts().len()];
    for (value, target) in plays {
        counts.get_mut(bins.bin(value))?[usize::from(target)] += 1;
    }
    let of_bin = counts.iter().zip(bins.starts()).filter(|(count, _)| **count != [0, 0]);
    let (counts, left): (Vec<[u64; 2]>, Vec<Option<u64>>) =
        of_bin.map(|(count, start)| (*count, leaves(*start))).unzip();
    let mut kinds: Vec<Option<u64>> = Vec::new();
    let mut merged: Vec<[u64; 2]> = Vec::new();
    // By first appearance, so that what merges nothing sums as the raw counts do.
    for (count, left) in counts.iter().zip(left) {
        match kinds.iter().position(|kind| *kind == left) {
            Some(kind) => merged[kind] = [merged[kind][0] + count[0], merged[kind][1] + count[1]],
            None => {
                kinds.push(left);
                merged.push(*count);
            }
        }
    }
    let all = counts.iter().fold([0, 0], |all, count| [all[0] + count[0], all[1] + count[1]]);
    let plays = all[0] + all[1];
    let raw_bits = mutual_information(&counts);
    // A sum of other rounding errors may end above it by its last bits.
    let released_bits = mutual_information(&merged).min(raw_bits);
    let nats = (counts.len() as f64 - 1.0) / (2.0 * plays as f64);
    (plays > 0).then(|| Retained {
        plays,
        share: all[1] as f64 / plays as f64,
        bins: counts.len(),
        buckets: kinds.len(),
        raw_bits,
        released_bits,
        ratio: (raw_bits > 0.0).then(|| released_bits / raw_bits),
        bias_bits: if all.contains(&0) { 0.0 } else { nats / std::f64::consts::LN_2 },
    })
}
