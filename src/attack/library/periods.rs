//! Linking the servers of two periods by what they released.
//!
//! Source: Narayanan and Shmatikov 2008, *Robust de-anonymization of large sparse datasets*: rare values count more, and
//! a match is accepted where the best candidate stands out from the second.

use rayon::prelude::*;
use serde::Serialize;

use super::super::Trial;

/// The thresholds of the eccentricity that are always shown, rising; at 0 whatever is best alone is accepted.
pub const THRESHOLDS: [f64; 8] = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0];

/// The candidate that fits best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Its number; of equals the lowest.
    pub best: u32,
    /// (best - second) / deviation of all scores; 0 where they are all alike.
    pub eccentricity: f64,
}

/// How well servers are linked at one threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Linkage {
    /// A match is accepted where its eccentricity is larger.
    pub threshold: f64,
    /// Known servers that are accepted as themselves.
    pub recall: Trial,
    /// Accepted matches that are right, of known servers and newcomers together.
    pub precision: Trial,
    /// Newcomers, who were not there in the first period, that are accepted as anybody: the held-out control.
    pub false_acceptance: Trial,
}

/// For each server of the second period the best match of the first. Both are given as the distinct values that each
/// server released, rising. A server of the first period scores the sum, over values in both, of
/// 1 / log2(1 + support), the support being how many servers of the first period released the value: 1 where it was
/// one alone. `None` where the first period has no server.
///
/// O(servers x values x support); sums run in the order of the values, whatever the number of threads.
///
/// ```
/// use coarsen::attack::library::matches;
/// let first = [vec![1, 2], vec![1, 3], vec![1, 4]];
/// let found = matches(&first, &[vec![1, 3]]).expect("a match");
/// // 1.5 against 0.5 twice: a deviation of sqrt(2)/3.
/// assert_eq!(found[0].best, 1);
/// assert!((found[0].eccentricity - 3.0 / 2f64.sqrt()).abs() < 1e-12);
/// ```
pub fn matches(first: &[Vec<u32>], second: &[Vec<u32>]) -> Option<Vec<Match>> {
    if first.is_empty() {
        return None;
    }
    let values = first.iter().flatten().max().map_or(0, |&most| most as usize + 1);
    let mut starts = vec![0usize; values + 1];
    first.iter().flatten().for_each(|&value| starts[value as usize + 1] += 1);
    (1..starts.len()).for_each(|i| starts[i] += starts[i - 1]);
    let (mut next, mut holders) = (starts.clone(), vec![0u32; starts[values]]);
    for (server, set) in first.iter().enumerate() {
        for &value in set {
            let place = &mut next[value as usize];
            holders[*place] = server as u32;
            *place += 1;
        }
    }
    let of = |value: u32| match starts.get(value as usize..=value as usize + 1) {
        Some(ends) => &holders[ends[0]..ends[1]],
        None => &[],
    };
    let score = |scores: &mut Vec<f64>, set: &Vec<u32>| {
        scores.fill(0.0);
        for &value in set {
            let holders = of(value);
            let worth = 1.0 / libm::log2(1.0 + holders.len() as f64);
            holders.iter().for_each(|&server| scores[server as usize] += worth);
        }
        stands_out(scores)
    };
    Some(second.par_iter().map_init(|| vec![0.0; first.len()], score).collect())
}

/// The best of the scores, and how far it stands out.
pub(in crate::attack) fn stands_out(scores: &[f64]) -> Match {
    let (mut best, mut second) = (0, f64::NEG_INFINITY);
    for (at, &score) in scores.iter().enumerate().skip(1) {
        if score > scores[best] {
            second = scores[best];
            best = at;
        } else {
            second = second.max(score);
        }
    }
    let n = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / n;
    let deviation = (scores.iter().map(|score| (score - mean) * (score - mean)).sum::<f64>() / n).sqrt();
    // One server alone has no second, and nothing to stand out from.
    let alike = scores.len() == 1 || scores[best] == second;
    Match { best: best as u32, eccentricity: if alike { 0.0 } else { (scores[best] - second) / deviation } }
}

/// What is linked at each of [`THRESHOLDS`], of known servers, who must be matched to their own numbers, and of
/// newcomers, who must not be matched. O(servers).
///
/// # Laws
/// Neither the recall nor the share of newcomers accepted rises with the threshold.
pub fn linkage(known: &[Match], newcomers: &[Match]) -> Vec<Linkage> {
    let at = |&threshold: &f64| {
        let accepted =
            |matches: &[Match]| matches.iter().filter(|found| found.eccentricity > threshold).count() as u64;
        let own = |(server, found): &(usize, &Match)| {
            found.eccentricity > threshold && found.best as usize == *server
        };
        let right = known.iter().enumerate().filter(own).count() as u64;
        let false_ones = accepted(newcomers);
        Linkage {
            threshold,
            recall: Trial::new(known.len() as u64, right),
            precision: Trial::new(accepted(known) + false_ones, right),
            false_acceptance: Trial::new(newcomers.len() as u64, false_ones),
        }
    };
    THRESHOLDS.iter().map(at).collect()
}
