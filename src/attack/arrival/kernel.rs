//! How far the arrivals of two reports lie apart beyond the length of the play: exact masses.
//!
//! Each report is late by a whole number of ms, equally likely from 0 to the most, once on the network and once by the
//! client's delay. The difference of two such lags has the triangular masses (n - |d|) / n^2 with n = most + 1, so that
//! of jitter and delay together is the convolution of two triangles. With a = the smaller n and b = the larger, m = |d|:
//!
//! ```text
//! b^2 P(d) = max(b - m, 0) + (c(|m - b|) - 2 c(m)) / (6 a^2),   c(i) = (n - 1) n (n + 1) for n = max(a - i, 0)
//! ```
//!
//! All of it is positive or far from cancelling, so a float holds it to its last bits; tests enumerate it.
//!
//! # Batches
//! Reports that leave at multiples of B tell the batch alone. Where the phase is equally likely, L ms apart are k
//! batches apart with probability max(0, 1 - |kB - L| / B): a triangle too, seen at multiples of B only. Its network
//! jitter counts for nothing, as a batch can be told from the next one.
//!
//! # Laws
//! The masses are log-concave, so that of two files the longer one gains on the shorter with every ms.

use super::Sending;

/// The masses of one way of sending.
#[derive(Clone, Copy, Debug)]
pub(in crate::attack) struct Kernel {
    /// Values of the narrower triangle's lag, and of the wider one's.
    short: i64,
    long: i64,
    /// What is seen are multiples of it.
    step: i64,
    /// What the bent part and the whole of a mass are multiplied by: a division a candidate would be half the work.
    bends: f64,
    scale: f64,
}

impl Kernel {
    /// Of lags that [`Sending::new`] has checked.
    pub fn new(sending: Sending) -> Self {
        let values = |most: u64| most as i64 + 1;
        let (one, other, step) = match sending.batch_ms {
            0 => (values(sending.jitter_ms), values(sending.delay_ms), 1),
            batch => (values(sending.delay_ms), batch as i64, batch as i64),
        };
        let (short, long) = (one.min(other), one.max(other));
        let (a, b) = (short as f64, long as f64);
        Self { short, long, step, bends: 1.0 / (6.0 * a * a), scale: step as f64 / (b * b) }
    }

    /// What is seen lies this far from the length at most.
    pub fn reach(&self) -> i64 {
        self.short + self.long - 2
    }

    /// What is seen are multiples of this many ms.
    pub fn step(&self) -> i64 {
        self.step
    }

    /// The probability of what is seen, so far beyond the length.
    pub fn mass(&self, beyond: i64) -> f64 {
        let m = beyond.abs();
        let straight = (self.long - m).max(0) as f64;
        let bent = self.cubed((m - self.long).abs()) - 2.0 * self.cubed(m);
        (straight + bent * self.bends) * self.scale
    }

    fn cubed(&self, from: i64) -> f64 {
        let n = (self.short - from).max(0) as f64;
        (n - 1.0) * n * (n + 1.0)
    }

    /// The probability of that much beyond the length or less, where every ms is seen.
    pub fn up_to(&self, beyond: i64) -> f64 {
        if beyond < 0 {
            self.tail(beyond.saturating_neg())
        } else {
            1.0 - self.tail(beyond.saturating_add(1))
        }
    }

    /// The sum of the masses from m on, for m of at least 1: sums of binomials are binomials.
    fn tail(&self, m: i64) -> f64 {
        let (a, b) = (self.short as f64, self.long as f64);
        let left = (self.long - m).max(0) as f64;
        let from = m.saturating_sub(self.long);
        let kink = if from >= 0 {
            self.fourth(from)
        } else {
            (self.fourth(0) + self.fourth(1) - self.fourth(1 - from)).max(0.0)
        };
        (left * (left + 1.0) / 2.0 + (kink - 2.0 * self.fourth(m)) / (a * a)) / (b * b)
    }

    /// C(n + 2, 4), n being what the narrower triangle has left.
    fn fourth(&self, from: i64) -> f64 {
        let n = self.short.saturating_sub(from).max(0) as f64;
        (n + 2.0) * (n + 1.0) * n * (n - 1.0) / 24.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every draw of the lags, counted.
    fn counted(one: i64, other: i64) -> Vec<f64> {
        let reach = one + other - 2;
        let mut counts = vec![0.0; 2 * reach as usize + 1];
        for (a, b) in (0..one).flat_map(|a| (0..one).map(move |b| (a, b))) {
            for (c, d) in (0..other).flat_map(|c| (0..other).map(move |d| (c, d))) {
                counts[(a - b + c - d + reach) as usize] += 1.0;
            }
        }
        let all = (one * one * other * other) as f64;
        counts.iter().map(|count| count / all).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn masses_are_as_counted_and_log_concave(jitter_ms in 0u64..12, delay_ms in 0u64..20) {
            let kernel = Kernel::new(Sending::new(jitter_ms, delay_ms, 0).expect("short"));
            let counted = counted(jitter_ms as i64 + 1, delay_ms as i64 + 1);
            let reach = kernel.reach();
            let mut sum = 0.0;
            for (place, &mass) in counted.iter().enumerate() {
                let beyond = place as i64 - reach;
                sum += mass;
                prop_assert!((kernel.mass(beyond) - mass).abs() < 1e-13, "{beyond}: {} {mass}", kernel.mass(beyond));
                prop_assert!((kernel.up_to(beyond) - sum).abs() < 1e-12, "{beyond}: {} {sum}", kernel.up_to(beyond));
                let (before, after) = (kernel.mass(beyond - 1), kernel.mass(beyond + 1));
                prop_assert!(mass * mass >= before * after * (1.0 - 1e-9));
            }
            prop_assert!(kernel.mass(reach + 1) == 0.0 && kernel.mass(-reach - 1) == 0.0);
            prop_assert!(kernel.mass(reach) > 0.0);
            prop_assert!(kernel.up_to(-reach - 1).abs() < 1e-12 && (kernel.up_to(reach + 9) - 1.0).abs() < 1e-12);
        }

        /// Phase by phase and delay by delay.
        #[test]
        fn batches_are_as_counted(delay_ms in 0u64..9, batch_ms in 1u64..14, length in 0i64..60) {
            let kernel = Kernel::new(Sending::new(7, delay_ms, batch_ms).expect("short"));
            let (delays, batch) = (delay_ms as i64 + 1, batch_ms as i64);
            let mut counts = std::collections::BTreeMap::new();
            for (first, second) in (0..delays).flat_map(|a| (0..delays).map(move |b| (a, b))) {
                for start in 0..batch {
                    let batch_of = |time: i64| time.div_euclid(batch);
                    let apart = batch_of(start + length + second) - batch_of(start + first);
                    *counts.entry(apart).or_insert(0.0) += 1.0 / (delays * delays * batch) as f64;
                }
            }
            for apart in -20..80 {
                let mass = counts.get(&apart).copied().unwrap_or(0.0);
                let found = kernel.mass(apart * batch - length);
                prop_assert!((found - mass).abs() < 1e-12, "{apart} batches: {found} {mass}");
            }
        }
    }

    /// Years of delay lose no mass to rounding.
    #[test]
    fn the_longest_lags_still_sum_to_one() {
        let kernel = Kernel::new(Sending::new(5_000, super::super::MOST_MS, 0).expect("legal"));
        assert!((kernel.up_to(kernel.reach()) - 1.0).abs() < 1e-12);
        assert!((kernel.up_to(0) - 0.5 - kernel.mass(0) / 2.0).abs() < 1e-12);
        assert!(kernel.up_to(-kernel.reach()) >= 0.0);
    }
}
