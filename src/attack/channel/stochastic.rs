//! Unbiased stochastic rounding.

use rand::Rng;

use super::exact::chance;

/// `stochastic:W`: down or up to a multiple of the width, up with probability (value mod width) / width, so that the
/// mean is the value itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stochastic {
    /// The width in base units, at least 1.
    pub width: u64,
}

impl Stochastic {
    /// P(output), an output of k standing for k widths.
    pub fn probability(self, value: u64, output: i64) -> f64 {
        let (down, up) = (value / self.width, (value % self.width) as f64 / self.width as f64);
        match u64::try_from(output) {
            Ok(output) if output == down => 1.0 - up,
            Ok(output) if down.checked_add(1) == Some(output) => up,
            _ => 0.0,
        }
    }

    /// Variance of one output in squared base units: w^2 f (1 - f) with f the fraction.
    pub fn variance(self, value: u64) -> f64 {
        let up = (value % self.width) as f64;
        up * (self.width as f64 - up)
    }

    /// A draw, exactly from [`Stochastic::probability`].
    pub fn sample(self, value: u64, random: &mut impl Rng) -> i64 {
        let down = i64::try_from(value / self.width).unwrap_or(i64::MAX);
        down.saturating_add(i64::from(chance(value % self.width, self.width, random)))
    }
}
