//! Two-sided geometric noise on a number counted in units.

use rand::Rng;

use super::Epsilon;
use super::exact::two_sided_geometric;

/// `noise:E@U`: how many whole units the value holds, plus noise with P(i) = (1-a)/(1+a) a^|i|, a = e^-E.
///
/// Values d units apart are told apart by a factor of at most e^(E d): a metric guarantee, not plain differential
/// privacy. Outputs may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometric {
    /// Per unit.
    pub epsilon: Epsilon,
    /// The unit in base units, at least 1.
    pub unit: u64,
}

impl Geometric {
    /// a = e^-epsilon.
    pub fn alpha(self) -> f64 {
        libm::exp(-self.epsilon.value())
    }

    /// The whole units that a value holds.
    pub fn place(self, value: u64) -> i64 {
        i64::try_from(value / self.unit).unwrap_or(i64::MAX)
    }

    /// P(noise = i).
    pub fn probability(self, i: i64) -> f64 {
        let alpha = self.alpha();
        (1.0 - alpha) / (1.0 + alpha) * libm::exp(-self.epsilon.value() * i.unsigned_abs() as f64)
    }

    /// P(|noise| <= t).
    pub fn within(self, t: u64) -> f64 {
        let alpha = self.alpha();
        1.0 - 2.0 * alpha * libm::exp(-self.epsilon.value() * t as f64) / (1.0 + alpha)
    }

    /// Standard deviation of the noise in units.
    pub fn deviation(self) -> f64 {
        let alpha = self.alpha();
        libm::sqrt(2.0 * alpha) / (1.0 - alpha)
    }

    /// Mean size of the noise in units.
    pub fn mean_size(self) -> f64 {
        let alpha = self.alpha();
        2.0 * alpha / ((1.0 + alpha) * (1.0 - alpha))
    }

    /// The smallest t with P(|noise| <= t) of at least that share, below 1. O(t).
    pub fn half_width(self, share: f64) -> u64 {
        (0..).find(|&t| self.within(t) >= share).unwrap_or(u64::MAX)
    }

    /// Multiplicative Bayes capacity of the noise clamped to 0..=range: (2 + (range - 1)(1 - a)) / (1 + a). An attacker
    /// to whom all range + 1 values are equally likely names the value with that chance over range + 1.
    pub fn capacity(self, range: u64) -> f64 {
        let alpha = self.alpha();
        match range {
            0 => 1.0,
            _ => (2.0 + (range - 1) as f64 * (1.0 - alpha)) / (1.0 + alpha),
        }
    }

    /// A draw, exactly from [`Geometric::probability`].
    pub fn sample(self, value: u64, random: &mut impl Rng) -> i64 {
        self.place(value).saturating_add(two_sided_geometric(self.epsilon, random))
    }
}
