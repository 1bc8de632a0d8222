//! What is counted of plays that stand together, and how much two such counts differ.

use std::ops::{Add, AddAssign, Sub};

/// Fewer plays than this in either arm, and a mean of logarithms isn't near enough to normal to be tested.
pub(super) const LEAST_OF_A_MEAN: f64 = 30.0;

/// Plays, and the sums of what they respond and of its square. Of a 0/1 response the two sums are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sums {
    pub(super) plays: f64,
    pub(super) sum: f64,
    pub(super) squares: f64,
}

impl Sums {
    /// One play with that response.
    pub(super) fn of(response: f64) -> Self {
        Self { plays: 1.0, sum: response, squares: response * response }
    }

    pub(super) fn times(self, factor: f64) -> Self {
        Self { plays: factor * self.plays, sum: factor * self.sum, squares: factor * self.squares }
    }

    /// The variance around the mean; 0 of nothing, never below 0.
    pub(super) fn variance(self) -> f64 {
        if self.plays == 0.0 {
            return 0.0;
        }
        let mean = self.sum / self.plays;
        (self.squares / self.plays - mean * mean).max(0.0)
    }
}

impl Add for Sums {
    type Output = Self;

    #[inline]
    fn add(self, other: Self) -> Self {
        Self {
            plays: self.plays + other.plays,
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
        }
    }
}

impl Sub for Sums {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + other.times(-1.0)
    }
}

impl AddAssign for Sums {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// The square of the pooled two-proportion z: (p1 - p2)² / (p (1 - p) (1/n1 + 1/n2)); 0 where there is nothing to
/// compare. Counts are whole numbers, so it is 0 exactly where the shares are the same.
#[inline]
pub(super) fn proportion(before: Sums, after: Sums) -> f64 {
    let (plays, sum) = (before.plays + after.plays, before.sum + after.sum);
    let below = before.plays * after.plays * sum * (plays - sum);
    let apart = after.sum * before.plays - before.sum * after.plays;
    if below > 0.0 { apart * apart * plays / below } else { 0.0 }
}

/// The square of Welch's z: (m1 - m2)² / (v1/n1 + v2/n2), with unbiased variances; 0 with fewer than
/// [`LEAST_OF_A_MEAN`] plays in either arm, or where all plays respond alike.
#[inline]
pub(super) fn welch(before: Sums, after: Sums) -> f64 {
    if before.plays < LEAST_OF_A_MEAN || after.plays < LEAST_OF_A_MEAN {
        return 0.0;
    }
    let apart = after.sum / after.plays - before.sum / before.plays;
    let error = before.variance() / (before.plays - 1.0) + after.variance() / (after.plays - 1.0);
    if error > 0.0 { apart * apart / error } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(plays: f64, sum: f64) -> Sums {
        Sums { plays, sum, squares: sum }
    }

    #[test]
    fn a_worked_example() {
        // 30 of 1,000 against 50 of 1,000: p = 0.04, z = 0.02 / sqrt(0.04 * 0.96 * 0.002) = 2.28217732.
        let z = proportion(counted(1_000.0, 30.0), counted(1_000.0, 50.0)).sqrt();
        assert!((z - 2.282_177_322_938_192).abs() < 1e-12, "{z}");
        // Welch: v = p (1 - p) n / (n - 1) of each: 0.02 / sqrt(0.0291/999 + 0.0475/999) = 2.28402...
        let z = welch(counted(1_000.0, 30.0), counted(1_000.0, 50.0)).sqrt();
        assert!((z - 0.02 / ((0.0291 + 0.0475) / 999.0f64).sqrt()).abs() < 1e-12, "{z}");
    }

    #[test]
    fn nothing_to_compare_is_no_difference() {
        let nothing = Sums::default();
        for other in [nothing, counted(50.0, 0.0), counted(50.0, 50.0)] {
            assert_eq!((proportion(nothing, other), welch(nothing, other)), (0.0, 0.0));
            assert_eq!((proportion(other, other), welch(other, other)), (0.0, 0.0));
        }
    }
}
