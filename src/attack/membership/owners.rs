//! The same question asked of servers with libraries of their own, of which the attacker knows nothing but a sample.

use std::collections::HashMap;

use rayon::prelude::*;
use serde::Serialize;

use super::super::interval::wilson_of;
use super::super::poisson;
use super::super::servers::Servers;
use super::Threshold;
use crate::catalogue::stream::{Stream, stream};

/// What is found among servers with libraries.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Found {
    /// Servers that don't hold the file, on average over targets.
    pub servers: u64,
    /// Of the same servers in another period, the file added, the share that is said to hold it.
    pub rate: f64,
    /// Lower end of the 95 % Wilson interval.
    pub low: f64,
    /// Upper end of it.
    pub high: f64,
}

/// The counts of the servers that don't hold a target: without it, and with it in another period.
pub(super) struct Counts {
    without: Vec<u64>,
    with: Vec<u64>,
}

impl Counts {
    /// Of the servers, one after the other.
    pub fn of(servers: impl Iterator<Item = [u64; 2]>) -> Self {
        let (without, with) = servers.map(|[without, with]| (without, with)).unzip();
        Self { without, with }
    }
}

/// Two periods of a server, and the stream that its plays of a target are drawn from then.
pub(super) struct Played {
    periods: [Vec<u32>; 2],
    after: Stream,
}

impl Played {
    /// The files of both periods, and a copy of the stream.
    pub fn of_server(&self) -> (&[Vec<u32>; 2], Stream) {
        (&self.periods, self.after.clone())
    }
}

/// Plays two periods of every server. O(servers x plays).
pub(super) fn played(servers: &Servers<'_>, plays: f64, seed: u64) -> Vec<Played> {
    let of_server = |server: usize| {
        let mut random = stream(seed, "membership owners", server as u64);
        let periods = [3, 4].map(|period| servers.plays(server, period, poisson::draw(plays, &mut random)));
        Played { periods, after: random }
    };
    (0..servers.libraries().len()).into_par_iter().map(of_server).collect()
}

/// Counts the plays in each target's bucket. O(servers x plays).
pub(super) fn count(
    servers: &Servers<'_>,
    played: &[Played],
    emitted: &[u32],
    targets: &[u32],
    repeats: f64,
) -> Vec<Counts> {
    let mut bucket: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, &target) in targets.iter().enumerate() {
        bucket.entry(emitted[target as usize]).or_default().push(at);
    }
    let of_server = |server: usize| -> Vec<Option<[u64; 2]>> {
        let Played { periods, after } = &played[server];
        let mut random = after.clone();
        let mut counts = vec![[0; 2]; targets.len()];
        for (period, files) in periods.iter().enumerate() {
            for &file in files {
                let at = bucket.get(&emitted[file as usize]);
                at.into_iter().flatten().for_each(|&at| counts[at][period] += 1);
            }
        }
        let added = |(&target, mut counts): (&u32, [u64; 2])| {
            counts[1] += poisson::draw(repeats, &mut random);
            servers.libraries()[server].binary_search(&target).is_err().then_some(counts)
        };
        targets.iter().zip(counts).map(added).collect()
    };
    let all: Vec<Vec<Option<[u64; 2]>>> =
        (0..servers.libraries().len()).into_par_iter().map(of_server).collect();
    (0..targets.len()).map(|at| Counts::of(all.iter().filter_map(|of| of[at]))).collect()
}

/// The share of right alarms where the threshold is set on the servers without the file, so that exactly that share of
/// them raises a false one. `None` where a false alarm is rarer than one in so many servers: a sample can't tell.
pub(super) fn found(targets: &[Counts], false_alarms: f64) -> Option<Found> {
    let servers: u64 = targets.iter().map(|of| of.without.len() as u64).min()?;
    if !resolves(servers, false_alarms) {
        return None;
    }
    let rates = targets.iter().map(|of| {
        let threshold = threshold(&of.without, false_alarms);
        let says = |&count: &u64| match count.cmp(&threshold.count) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => threshold.share,
            std::cmp::Ordering::Less => 0.0,
        };
        of.with.iter().map(says).sum::<f64>() / of.with.len() as f64
    });
    // A mean of ones may pass 1 by its last bit.
    let rate = (rates.sum::<f64>() / targets.len() as f64).min(1.0);
    let (low, high) = wilson_of(servers as f64, rate);
    let all: u64 = targets.iter().map(|of| of.without.len() as u64).sum();
    Some(Found { servers: all / targets.len() as u64, rate, low, high })
}

/// Whether so many servers without the file can show false alarms that rare: one of them at least.
pub(super) fn resolves(servers: u64, false_alarms: f64) -> bool {
    servers as f64 * false_alarms >= 1.0 - 1e-9
}

/// The threshold that exactly that share of these counts passes.
fn threshold(counts: &[u64], false_alarms: f64) -> Threshold {
    let mut falling = counts.to_vec();
    falling.sort_unstable_by_key(|&count| std::cmp::Reverse(count));
    let (may, mut above) = (false_alarms * counts.len() as f64, 0.0);
    for same in falling.chunk_by(|a, b| a == b) {
        let here = same.len() as f64;
        if above + here > may {
            return Threshold { count: same[0], share: ((may - above) / here).clamp(0.0, 1.0) };
        }
        above += here;
    }
    Threshold { count: 0, share: 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// False alarms come at exactly the rate that was asked for, and a larger count is never said less.
        #[test]
        fn thresholds_hit_their_rate(counts in prop::collection::vec(0u64..6, 1..50), false_alarms in 0.0..1.0f64) {
            let threshold = threshold(&counts, false_alarms);
            let said = |count: u64| match count.cmp(&threshold.count) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => threshold.share,
                std::cmp::Ordering::Less => 0.0,
            };
            let rate = counts.iter().map(|&count| said(count)).sum::<f64>() / counts.len() as f64;
            prop_assert!((rate - false_alarms).abs() < 1e-12, "{} is not {}", rate, false_alarms);
        }
    }

    #[test]
    fn a_sample_says_nothing_of_what_it_cannot_show() {
        let of = |servers: usize| [Counts { without: vec![0; servers], with: vec![1; servers] }];
        assert_eq!(found(&of(999), 1e-3), None);
        let found = found(&of(1_000), 1e-3).expect("one in a thousand of a thousand");
        assert_eq!((found.servers, found.rate), (1_000, 1.0));
        assert!(super::found(&[], 0.5).is_none());
    }
}
