//! Intervals by resampling servers.

use rayon::prelude::*;
use serde::Serialize;

use super::fit::Fit;
use super::ready::FACTORS;
use super::sums::{Combination, Sums};
use crate::catalogue::stream::stream;
use crate::utility::times::times;

/// How often servers are resampled.
pub(super) const RESAMPLES: u64 = 1_000;

/// Where 95 of 100 resamples lie.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The 2.5 % point.
    pub low: f64,
    /// The 97.5 % point.
    pub high: f64,
    /// Resamples that have the figure, of 1 000: others lack what it takes.
    pub resamples: usize,
}

impl Interval {
    /// Of the figure's value in each resample that has one; `None` without any. O(n log n).
    pub(super) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.retain(|value| value.is_finite());
        values.sort_unstable_by(f64::total_cmp);
        let last = values.len().checked_sub(1)?;
        // 2.5 % of them beyond either end.
        let cut = values.len() * 25 / 1_000;
        Some(Self { low: values[cut], high: values[last - cut], resamples: values.len() })
    }
}

/// How often each of so many servers is drawn, in each resample; what `figure` makes of that, by resample.
pub(super) fn resample<T: Send>(
    servers: usize,
    name: &str,
    seed: u64,
    figure: impl Fn(&[u32]) -> Option<T> + Sync,
) -> Vec<T> {
    let of_resample = |resample: u64| figure(&times(servers, &mut stream(seed, name, resample)));
    let all: Vec<Option<T>> = (0..RESAMPLES).into_par_iter().map(of_resample).collect();
    all.into_iter().flatten().collect()
}

/// The sums of servers, of which any number may be drawn any number of times.
pub(super) struct OfServers {
    combinations: Vec<Combination>,
    levels: [usize; FACTORS],
    /// (server, place of the combination, sums), by server.
    parts: Vec<(usize, usize, Sums)>,
}

impl OfServers {
    /// Of plays: (server, combination, x, y), in order of servers. O(plays log plays).
    pub fn new(
        plays: impl Iterator<Item = (usize, Combination, f64, f64)>,
        levels: [usize; FACTORS],
    ) -> Self {
        let plays: Vec<_> = plays.collect();
        let mut combinations: Vec<Combination> = plays.iter().map(|play| play.1).collect();
        combinations.sort_unstable();
        combinations.dedup();
        let mut parts: std::collections::BTreeMap<(usize, usize), Sums> = Default::default();
        for (server, combination, x, y) in plays {
            let place = combinations.partition_point(|other| *other < combination);
            parts.entry((server, place)).or_default().add(1.0, &Sums::of(x, y));
        }
        let parts = parts.into_iter().map(|((server, place), sums)| (server, place, sums)).collect();
        Self { combinations, levels, parts }
    }

    /// The fit where each server is there so many times. O(parts + levels³).
    pub fn fit(&self, times: &[u32]) -> Option<Fit> {
        let mut sums: Vec<(Combination, Sums)> =
            self.combinations.iter().map(|combination| (*combination, Sums::default())).collect();
        for (server, place, part) in &self.parts {
            if times[*server] > 0 {
                sums[*place].1.add(f64::from(times[*server]), part);
            }
        }
        Fit::of(&sums, self.levels)
    }
}
