//! Wrapping integers: sums over a bucket as differences of running sums, exact whenever the true result fits.

/// An unsigned integer that wraps.
pub(super) trait Word: Copy + Send + Sync {
    /// The value modulo the word's size.
    fn of(value: u64) -> Self;
    /// Sum, wrapping.
    fn plus(self, other: Self) -> Self;
    /// Difference, wrapping.
    fn minus(self, other: Self) -> Self;
    /// Product, wrapping.
    fn times(self, other: Self) -> Self;
    /// As a float, the nearest; below half the word's size.
    fn float(self) -> f64;
}

macro_rules! word {
    ($unsigned:ty, $signed:ty) => {
        impl Word for $unsigned {
            fn of(value: u64) -> Self {
                Self::from(value)
            }

            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }

            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }

            fn times(self, other: Self) -> Self {
                self.wrapping_mul(other)
            }

            // A signed word becomes a float in one instruction where there is one.
            fn float(self) -> f64 {
                self as $signed as f64
            }
        }
    };
}

word!(u64, i64);
word!(u128, i128);
