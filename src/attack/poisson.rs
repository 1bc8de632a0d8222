//! Counts of rare events: probabilities and draws, the same on every machine.

use rand::Rng;

use crate::catalogue::synthetic::draw::unit;

/// P(N = n) at that rate, at least 0.
pub(super) fn probability(rate: f64, n: u64) -> f64 {
    if rate == 0.0 {
        return if n == 0 { 1.0 } else { 0.0 };
    }
    let n = n as f64;
    libm::exp(n * libm::log(rate) - rate - libm::lgamma(n + 1.0))
}

/// The counts outside of which less than 1e-20 lies.
pub(super) fn likely(rate: f64) -> std::ops::Range<u64> {
    let reach = 12.0 * rate.sqrt() + 40.0;
    (rate - reach).max(0.0) as u64..(rate + reach).ceil() as u64
}

/// A count. O(rate), by multiplying uniform draws (Knuth), in steps whose e^-rate is far from 0.
pub(super) fn draw(rate: f64, random: &mut impl Rng) -> u64 {
    const STEP: f64 = 16.0;
    let (mut left, mut count) = (rate, 0);
    while left > 0.0 {
        let enough = libm::exp(-left.min(STEP));
        let mut product = unit(random);
        while product > enough {
            count += 1;
            product *= unit(random);
        }
        left -= STEP;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::stream::stream;
    use statrs::distribution::{ChiSquared, ContinuousCDF, Discrete, Poisson};

    #[test]
    fn probabilities_are_those_of_the_books() {
        for rate in [0.001, 0.5, 3.0, 200.0, 10_000.0] {
            let theirs = Poisson::new(rate).expect("a rate");
            let mut sum = 0.0;
            for n in likely(rate) {
                let (ours, theirs) = (probability(rate, n), theirs.pmf(n));
                assert!((ours - theirs).abs() <= 1e-9 * theirs.max(1e-12), "{rate} {n}: {ours} {theirs}");
                sum += ours;
            }
            assert!((sum - 1.0).abs() < 1e-9, "{rate}: {sum}");
        }
        assert_eq!((probability(0.0, 0), probability(0.0, 1)), (1.0, 0.0));
    }

    /// Chi-squared at a false-alarm rate of 1e-6 for all of them.
    #[test]
    fn draws_follow_their_probabilities() {
        for (at, rate) in [0.3, 3.0, 15.9, 40.0].into_iter().enumerate() {
            const DRAWS: u32 = 20_000;
            let mut random = stream(1, "poisson", at as u64);
            let mut counts = vec![0u32; likely(rate).end as usize];
            (0..DRAWS).for_each(|_| counts[draw(rate, &mut random) as usize] += 1);
            let (mut statistic, mut cells, mut rest) = (0.0, 0, (0.0, 0.0));
            for (n, &count) in counts.iter().enumerate() {
                let expected = probability(rate, n as u64) * f64::from(DRAWS);
                if expected < 8.0 {
                    rest = (rest.0 + expected, rest.1 + f64::from(count));
                    continue;
                }
                statistic += (f64::from(count) - expected).powi(2) / expected;
                cells += 1;
            }
            statistic += (rest.1 - rest.0).powi(2) / rest.0.max(1.0);
            let most = ChiSquared::new(f64::from(cells)).expect("cells").inverse_cdf(1.0 - 1e-6 / 4.0);
            assert!(statistic < most, "{rate}: {statistic} over {cells} cells");
        }
        assert_eq!(draw(0.0, &mut stream(1, "poisson", 9)), 0);
    }
}
