//! `bits:N`: keep the N most significant bits, as high dynamic range histograms do.

use super::{Bucket, Partition, RoundingError};

/// The N most significant bits stay, the rest are cleared: exact below 2^N, relative width at most 2^(1-N).
///
/// Nested: N bits refine every smaller count.
///
/// ```
/// use coarsen::rounding::{Bits, Bucket, Partition};
/// assert_eq!(Bits::new(2)?.bucket(13), Bucket { from: 12, to: Some(16) });
/// # Ok::<(), coarsen::rounding::RoundingError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bits(u32);

impl Bits {
    /// From 1 to 64 bits.
    ///
    /// # Errors
    /// [`RoundingError::Range`].
    pub fn new(bits: u64) -> Result<Self, RoundingError> {
        if !(1..=64).contains(&bits) {
            return Err(RoundingError::Range { what: "significant bits", min: 1, max: 64, value: bits });
        }
        Ok(Self(bits as u32))
    }

    /// How many bits stay.
    pub fn bits(&self) -> u32 {
        self.0
    }
}

impl Partition for Bits {
    #[inline]
    fn bucket(&self, value: u64) -> Bucket {
        let length = u64::BITS - value.leading_zeros();
        let shift = length.saturating_sub(self.0);
        let from = value >> shift << shift;
        Bucket { from, to: from.checked_add(1 << shift) }
    }
}
