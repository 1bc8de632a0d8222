//! Each number of a catalogue alone, cut at its best: what every choice for several together is measured against.

use serde::Serialize;

use super::{Distribution, Loss, Optimum, readable_durations, readable_rates, snap_price};
use crate::catalogue::Catalogue;
use crate::search::SearchError;
use crate::units::Dimension;

/// The optimum of one number alone, under at least k titles in every bucket: no file is exposed, nothing else leaves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alone {
    /// `duration` or `bitrate`.
    pub attribute: &'static str,
    /// Fewest titles of a bucket.
    pub k_titles: u32,
    /// What the edges minimize: `ncp`, or `squared error`.
    pub loss: &'static str,
    /// Buckets with any integer as an edge.
    pub buckets: usize,
    /// Their mean loss: NCP 0..1, or the root of the mean squared error against the bucket's mean, in base units.
    pub free: f64,
    /// Buckets with edges that people read: multiples of a minute, bit rates of 1, 2 or 5 times a power of ten.
    pub readable_buckets: usize,
    /// Their mean loss, likewise.
    pub readable: f64,
}

/// Both numbers, both losses. A number that no file has is left out. O(files log files).
///
/// # Errors
/// [`SearchError::Titles`] for k = 0 or over the titles there are.
pub fn alone(catalogue: &Catalogue, k_titles: u32) -> Result<Vec<Alone>, SearchError> {
    let has_rate = catalogue.bitrate_bps().is_some_and(|rates| rates.iter().any(Option::is_some));
    let mut found = Vec::new();
    let mut add = |attribute, distribution: &Distribution, allowed: &[u64], dimension| {
        for (name, loss) in [("ncp", Loss::Certainty(dimension)), ("squared error", Loss::Squared)] {
            let price = snap_price(distribution, k_titles, loss, allowed)?;
            let mean = |optimum: &Optimum| {
                let mean = optimum.loss() / distribution.files() as f64;
                if loss == Loss::Squared { mean.sqrt() } else { mean }
            };
            found.push(Alone {
                attribute,
                k_titles,
                loss: name,
                buckets: price.free.buckets(),
                free: mean(&price.free),
                readable_buckets: price.snapped.buckets(),
                readable: mean(&price.snapped),
            });
        }
        Ok::<(), SearchError>(())
    };
    let durations = Distribution::of_durations(catalogue)?;
    add("duration", &durations, &readable_durations(MINUTE_MS), Dimension::Duration)?;
    if has_rate {
        add("bitrate", &Distribution::of_bitrates(catalogue)?, &readable_rates(), Dimension::Bitrate)?;
    }
    Ok(found)
}

const MINUTE_MS: u64 = 60_000;
