//! Samplers on raw 64-bit draws. Only IEEE-exact arithmetic and `libm`, so that every machine agrees.

use rand::Rng;

/// Uniform in [0, 1), a multiple of 2^-53.
pub(crate) fn unit(random: &mut impl Rng) -> f64 {
    const STEP: f64 = 1.0 / (1u64 << 53) as f64;
    (random.next_u64() >> 11) as f64 * STEP
}

/// Whether an event of this probability happens.
pub(crate) fn happens(random: &mut impl Rng, probability: f64) -> bool {
    unit(random) < probability
}

/// Uniform in 0..bound, exactly; 0 for a bound of 0.
pub(super) fn below(random: &mut impl Rng, bound: u32) -> u32 {
    // Lemire's multiplication: a product whose low half falls short of 2^32 mod bound is drawn again.
    let short = bound.wrapping_neg().checked_rem(bound).unwrap_or(0);
    loop {
        let product = u64::from(random.next_u32()) * u64::from(bound);
        if product as u32 >= short {
            return (product >> 32) as u32;
        }
    }
}

/// Uniform in [from, to].
pub(super) fn between(random: &mut impl Rng, [from, to]: [f64; 2]) -> f64 {
    from + (to - from) * unit(random)
}

/// Standard normal, by Box and Muller.
pub(crate) fn normal(random: &mut impl Rng) -> f64 {
    let radius = (-2.0 * libm::log(1.0 - unit(random))).sqrt();
    radius * libm::cos(std::f64::consts::TAU * unit(random))
}

/// Exponential with that mean.
pub(crate) fn exponential(random: &mut impl Rng, mean: f64) -> f64 {
    -mean * libm::log(1.0 - unit(random))
}

/// Geometric on 1, 2, ... with that mean (at least 1), cut at 1,000.
pub(crate) fn geometric(random: &mut impl Rng, mean: f64) -> u32 {
    let go_on = 1.0 - 1.0 / mean;
    if go_on <= 0.0 {
        return 1;
    }
    let more = libm::log(1.0 - unit(random)) / libm::log(go_on);
    1 + more.min(999.0) as u32
}

/// A choice among a few, by cumulative integer weights.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    ends: Vec<u32>,
}

impl Choice {
    /// Relative weights, not negative; a choice of nothing always answers 0.
    pub(super) fn new(weights: impl IntoIterator<Item = f64>) -> Self {
        let weights: Vec<f64> = weights.into_iter().collect();
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let mut ends: Vec<u32> = weights
            .iter()
            .map(|weight| {
                sum += weight;
                (sum / total * f64::from(u32::MAX)).round() as u32
            })
            .collect();
        // The last with any weight takes what rounding leaves; draws at or past it must find an entry.
        if let Some(last) = weights.iter().rposition(|&weight| weight > 0.0) {
            ends.truncate(last + 1);
            ends[last] = u32::MAX;
        }
        Self { ends }
    }

    /// Draws an index.
    pub(super) fn draw(&self, random: &mut impl Rng) -> usize {
        self.at(random.next_u32())
    }

    /// The index at a quantile, from 0 to 2^32 - 1.
    pub(super) fn at(&self, quantile: u32) -> usize {
        self.ends.partition_point(|&end| end <= quantile).min(self.ends.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::stream::stream;

    #[test]
    fn samplers_have_the_moments_they_claim() {
        let random = &mut stream(3, "draw", 0);
        let n = 40_000;
        let mean = |draws: &[f64]| draws.iter().sum::<f64>() / draws.len() as f64;
        let normals: Vec<f64> = (0..n).map(|_| normal(random)).collect();
        let squares: Vec<f64> = normals.iter().map(|x| x * x).collect();
        assert!(mean(&normals).abs() < 0.03 && (mean(&squares) - 1.0).abs() < 0.04);
        let waits: Vec<f64> = (0..n).map(|_| exponential(random, 5.0)).collect();
        assert!((mean(&waits) - 5.0).abs() < 0.15);
        let counts: Vec<f64> = (0..n).map(|_| f64::from(geometric(random, 3.0))).collect();
        assert!((mean(&counts) - 3.0).abs() < 0.08 && counts.iter().all(|&c| c >= 1.0));
        assert!((0..100).all(|_| geometric(random, 1.0) == 1));
        let thirds: Vec<f64> = (0..n).map(|_| f64::from(below(random, 3))).collect();
        assert!((mean(&thirds) - 1.0).abs() < 0.03);
    }

    #[test]
    fn a_choice_never_takes_what_has_no_weight() {
        let choice = Choice::new([0.0, 1.0, 0.0, 3.0, 0.0]);
        assert_eq!([0, 1 << 29, 1 << 31, u32::MAX].map(|q| choice.at(q)), [1, 1, 3, 3]);
        assert_eq!(Choice::new([]).at(7), 0);
    }
}
