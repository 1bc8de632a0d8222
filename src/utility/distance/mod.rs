//! How far the distribution of a field that leaves lies from that of its raw values (U4).
//!
//! - **Wasserstein-1**: ∫|F - F̂|. Of as many values on either side that is the mean of |x₍ᵢ₎ - y₍ᵢ₎| over both in order
//!   (Villani 2003, section 2.2), here exact but for one division.
//! - **Kolmogorov-Smirnov**: sup|F - F̂|, exact but for one division.
//!
//! A lower edge as representative of full cells of `w` whole numbers lies (w - 1)/2 off; midpoints about w/4.
//!
//! Releases are **not to be ranked by KS alone**: all mass of a bucket sits on one point, so that KS is at least half the
//! largest bucket's mass however narrow the bucket is in ms, save for what of it sits on that point in the raw values too.

mod of_release;

use serde::Serialize;

pub use of_release::{FieldDistance, of_release};

use super::octaves;

/// What values are compared in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// As they are.
    Linear,
    /// Doublings: see [`octaves`](super::octaves()).
    Octaves,
}

/// How far two distributions lie apart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Distance {
    /// Plays that are compared.
    pub plays: usize,
    /// Wasserstein-1, in the unit of the values or in doublings.
    pub wasserstein: f64,
    /// Kolmogorov-Smirnov, 0 to 1. Not to be ranked by alone.
    pub ks: f64,
}

impl Distance {
    /// Of (raw, released) values of the same plays, in any order; `None` of no play. O(plays log plays).
    ///
    /// ```
    /// use coarsen::utility::distance::{Distance, Scale};
    /// let floor = |value: u64| (value, value / 10 * 10);
    /// let distance = Distance::of((0..100).map(floor), Scale::Linear).unwrap();
    /// assert_eq!((distance.wasserstein, distance.ks), (4.5, 0.09));
    /// assert_eq!(Distance::of([], Scale::Linear), None);
    /// ```
    pub fn of(pairs: impl IntoIterator<Item = (u64, u64)>, scale: Scale) -> Option<Self> {
        let (mut raw, mut released): (Vec<u64>, Vec<u64>) = pairs.into_iter().unzip();
        raw.sort_unstable();
        released.sort_unstable();
        let plays = raw.len();
        let sum = match scale {
            Scale::Linear => {
                let apart = |(a, b): (&u64, &u64)| u128::from(a.abs_diff(*b));
                raw.iter().zip(&released).map(apart).sum::<u128>() as f64
            }
            Scale::Octaves => {
                let apart =
                    |(a, b): (&u64, &u64)| if a == b { 0.0 } else { (octaves(*a) - octaves(*b)).abs() };
                raw.iter().zip(&released).map(apart).sum()
            }
        };
        let mean = |sum: f64| sum / plays as f64;
        (plays > 0).then(|| Self {
            plays,
            wasserstein: mean(sum),
            ks: mean(widest_gap(&raw, &released) as f64),
        })
    }
}

/// The most by which the count of values up to any point differs between two ascending lists.
fn widest_gap(a: &[u64], b: &[u64]) -> usize {
    let (mut of_a, mut of_b, mut widest) = (0, 0, 0);
    while let (Some(next_a), Some(next_b)) = (a.get(of_a), b.get(of_b)) {
        let point = next_a.min(next_b);
        of_a += a[of_a..].iter().take_while(|value| *value == point).count();
        of_b += b[of_b..].iter().take_while(|value| *value == point).count();
        widest = widest.max(of_a.abs_diff(of_b));
    }
    widest
}
