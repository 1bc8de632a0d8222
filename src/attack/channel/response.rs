//! k-ary randomized response on buckets.

use rand::Rng;

use super::Epsilon;
use super::exact::{below, exp_minus};

/// `response:E@W`: the true bucket with probability e^E / (e^E + m - 1), any other of the m buckets equally likely.
/// Buckets are W wide; the last holds everything from [`Response::top`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Response {
    /// Of one report: a plain local differential privacy.
    pub epsilon: Epsilon,
    /// The width of a bucket in base units, at least 1.
    pub width: u64,
    /// Where the last bucket begins, in base units.
    pub top: u64,
}

impl Response {
    /// How many buckets there are, the open one included.
    pub fn buckets(self) -> u64 {
        self.top.div_ceil(self.width) + 1
    }

    /// The bucket of a value.
    pub fn place(self, value: u64) -> i64 {
        let bucket = if value >= self.top { self.buckets() - 1 } else { value / self.width };
        i64::try_from(bucket).unwrap_or(i64::MAX)
    }

    /// Probability that `buckets` buckets tell the truth at an epsilon.
    pub fn truth(epsilon: Epsilon, buckets: u64) -> f64 {
        1.0 / (1.0 + (buckets - 1) as f64 * libm::exp(-epsilon.value()))
    }

    /// P(output).
    pub fn probability(self, value: u64, output: i64) -> f64 {
        let truth = Self::truth(self.epsilon, self.buckets());
        match output {
            _ if output == self.place(value) => truth,
            _ if u64::try_from(output).is_ok_and(|output| output < self.buckets()) => {
                truth * libm::exp(-self.epsilon.value())
            }
            _ => 0.0,
        }
    }

    /// A draw, exactly from [`Response::probability`]: any bucket is proposed, and a wrong one kept with probability
    /// e^-epsilon. Expected O(e^epsilon), at most O(buckets).
    pub fn sample(self, value: u64, random: &mut impl Rng) -> i64 {
        let truth = self.place(value);
        loop {
            let proposed = below(self.buckets(), random) as i64;
            if proposed == truth || exp_minus(self.epsilon.numerator, self.epsilon.denominator, random) {
                return proposed;
            }
        }
    }
}
