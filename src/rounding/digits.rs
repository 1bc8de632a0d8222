//! `digits:N`: keep the N most significant decimal digits.

use super::{Bucket, Partition, RoundingError};

/// The N most significant decimal digits stay, the rest become 0 (floor): relative width below 10^(1-N).
///
/// Nested: N digits refine every smaller count. Rounding to the *nearest* digit is not nested
/// (1460 and 1540 share 1500 at two digits and part at one), and so is not offered.
///
/// ```
/// use coarsen::rounding::{Bucket, Digits, Partition};
/// assert_eq!(Digits::new(2)?.bucket(1_469), Bucket { from: 1_400, to: Some(1_500) });
/// # Ok::<(), coarsen::rounding::RoundingError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digits(u32);

impl Digits {
    /// From 1 to 20 digits.
    ///
    /// # Errors
    /// [`RoundingError::Range`].
    pub fn new(digits: u64) -> Result<Self, RoundingError> {
        if !(1..=20).contains(&digits) {
            return Err(RoundingError::Range { what: "significant digits", min: 1, max: 20, value: digits });
        }
        Ok(Self(digits as u32))
    }

    /// How many digits stay.
    pub fn digits(&self) -> u32 {
        self.0
    }
}

impl Partition for Digits {
    #[inline]
    fn bucket(&self, value: u64) -> Bucket {
        let length = value.checked_ilog10().map_or(1, |log| log + 1);
        let step = 10u64.pow(length.saturating_sub(self.0));
        let from = value - value % step;
        Bucket { from, to: from.checked_add(step) }
    }
}
