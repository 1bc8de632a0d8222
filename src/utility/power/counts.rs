//! Counts of plays as a draw needs them: Poisson, by the quantile of one uniform number.
//!
//! A larger expected count never yields a smaller count of the same uniform number, so what is drawn at two amounts of
//! traffic moves together.

use rand::Rng;

use super::quantile::normal_quantile;

/// Up to this mean the probabilities are summed; above, the expansion is good to a hundredth of a standard deviation.
const SUMMED: f64 = 16.0;
/// Where the sum ends at the latest: what lies beyond has less than 1e-30.
const MOST: f64 = 128.0;

/// An expected count, ready to be drawn from.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rate {
    mean: f64,
    root: f64,
    /// The probability of nothing at all.
    none: f64,
}

impl Rate {
    /// Of a mean, at least 0.
    pub(super) fn new(mean: f64) -> Self {
        Self { mean, root: mean.sqrt(), none: if mean < SUMMED { libm::exp(-mean) } else { 0.0 } }
    }

    /// A count. O(mean) up to 16, else O(1) by the expansion of Cornish and Fisher to the fourth cumulant.
    #[inline]
    pub(super) fn draw(&self, random: &mut impl Rng) -> f64 {
        let share = inside(random);
        if self.mean >= SUMMED {
            let z = normal_quantile(share);
            let skew = (z * z - 1.0) / 6.0;
            let tails = (z - z * z * z) / (72.0 * self.root);
            return (self.mean + self.root * z + skew + tails).round().max(0.0);
        }
        let (mut left, mut probability, mut count) = (share, self.none, 0.0);
        while left >= probability && count < MOST {
            left -= probability;
            count += 1.0;
            probability *= self.mean / count;
        }
        count
    }
}

/// Uniform in (0, 1), never an end.
pub(super) fn inside(random: &mut impl Rng) -> f64 {
    const STEP: f64 = 1.0 / (1u64 << 52) as f64;
    ((random.next_u64() >> 12) as f64 + 0.5) * STEP
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::stream::stream;
    use statrs::distribution::{DiscreteCDF, Poisson};

    /// Kolmogorov and Smirnov against the exact distribution; the bound is exceeded once in a million tests.
    #[test]
    fn counts_follow_their_distribution() {
        const DRAWS: usize = 20_000;
        for (at, mean) in [0.01, 0.7, 5.0, 15.9, 16.0, 25.0, 300.0, 40_000.0].into_iter().enumerate() {
            let (rate, mut random) = (Rate::new(mean), stream(1, "power counts", at as u64));
            let mut drawn: Vec<u64> = (0..DRAWS).map(|_| rate.draw(&mut random) as u64).collect();
            drawn.sort_unstable();
            let exact = Poisson::new(mean).expect("a mean");
            let mut farthest: f64 = 0.0;
            for (place, pair) in drawn.windows(2).enumerate() {
                if pair[0] < pair[1] {
                    let share = (place + 1) as f64 / DRAWS as f64;
                    farthest = farthest.max((share - exact.cdf(pair[0])).abs());
                }
            }
            assert!(farthest < 2.7 / (DRAWS as f64).sqrt(), "{mean}: {farthest}");
        }
    }

    #[test]
    fn more_traffic_never_brings_fewer() {
        for draw in 0..500 {
            let counts = [0.0, 0.5, 3.0, 15.99, 16.0, 17.0, 60.0, 1e4]
                .map(|mean| Rate::new(mean).draw(&mut stream(2, "power counts", draw)));
            assert!(counts.is_sorted(), "{counts:?}");
        }
    }
}
