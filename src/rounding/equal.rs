//! Equal widths: `floor:W@P`, `nearest:W@P`, `ceil:W@P`.
//!
//! All three cut the line every `W`; they differ in where. With width w and phase p, the edges lie at
//! p + i·w (floor), p + i·w - ⌊w/2⌋ (nearest, half up) and p + i·w + 1 (ceil). Floor is nested for
//! every multiple of the width with the same phase; nearest only for odd multiples.

use super::{Bucket, Partition, RoundingError};

/// `floor:W@P`: bucket `⌊(x - P) / W⌋`; the first bucket is cut at 0.
///
/// ```
/// use coarsen::rounding::{Bucket, Floor, Partition};
/// let floor = Floor::new(10, 3)?;
/// assert_eq!(floor.bucket(2), Bucket { from: 0, to: Some(3) });
/// assert_eq!(floor.bucket(13), Bucket { from: 13, to: Some(23) });
/// # Ok::<(), coarsen::rounding::RoundingError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Floor {
    width: u64,
    phase: u64,
}

impl Floor {
    /// Width in base units, at least 1; phase below the width.
    ///
    /// # Errors
    /// [`RoundingError::ZeroWidth`], [`RoundingError::Phase`].
    pub fn new(width: u64, phase: u64) -> Result<Self, RoundingError> {
        if width == 0 {
            return Err(RoundingError::ZeroWidth);
        }
        if phase >= width {
            return Err(RoundingError::Phase { phase, width, mend: phase % width });
        }
        Ok(Self { width, phase })
    }

    /// The width in base units.
    pub fn width(&self) -> u64 {
        self.width
    }

    /// The phase in base units.
    pub fn phase(&self) -> u64 {
        self.phase
    }

    /// The same width, cut `by` further on.
    fn shifted(self, by: u64) -> Self {
        let phase = (u128::from(self.phase) + u128::from(by)) % u128::from(self.width);
        Self { width: self.width, phase: phase as u64 }
    }
}

impl Partition for Floor {
    #[inline]
    fn bucket(&self, value: u64) -> Bucket {
        match value.checked_sub(self.phase) {
            None => Bucket { from: 0, to: Some(self.phase) },
            Some(above) => {
                let from = value - above % self.width;
                Bucket { from, to: from.checked_add(self.width) }
            }
        }
    }
}

macro_rules! shifted_floor {
    ($(#[$doc:meta])* $name:ident, $shift:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name {
            written: Floor,
            cut: Floor,
        }

        impl $name {
            /// Width in base units, at least 1; phase below the width.
            ///
            /// # Errors
            /// [`RoundingError::ZeroWidth`], [`RoundingError::Phase`].
            pub fn new(width: u64, phase: u64) -> Result<Self, RoundingError> {
                let written = Floor::new(width, phase)?;
                let shift: fn(u64) -> u64 = $shift;
                Ok(Self { written, cut: written.shifted(shift(width)) })
            }

            /// The width in base units.
            pub fn width(&self) -> u64 {
                self.written.width
            }

            /// The phase in base units.
            pub fn phase(&self) -> u64 {
                self.written.phase
            }

            /// The floor that cuts the line at the same places.
            pub(crate) fn cut(&self) -> Floor {
                self.cut
            }
        }

        impl Partition for $name {
            #[inline]
            fn bucket(&self, value: u64) -> Bucket {
                self.cut.bucket(value)
            }
        }
    };
}

shifted_floor!(
    /// `nearest:W@P`: bucket `⌊(x - P + ⌊W/2⌋) / W⌋`, ties half up; the midpoint is a multiple of W plus P.
    ///
    /// ```
    /// use coarsen::rounding::{Nearest, Partition};
    /// let nearest = Nearest::new(10, 0)?;
    /// assert_eq!(nearest.bucket(15).midpoint(), 20);
    /// assert_eq!(nearest.bucket(14).midpoint(), 10);
    /// # Ok::<(), coarsen::rounding::RoundingError>(())
    /// ```
    Nearest,
    |width| width - width / 2
);
shifted_floor!(
    /// `ceil:W@P`: bucket `⌈(x - P) / W⌉`, which holds the multiple of W plus P at its upper end.
    ///
    /// ```
    /// use coarsen::rounding::{Bucket, Ceil, Partition};
    /// assert_eq!(Ceil::new(10, 0)?.bucket(20), Bucket { from: 11, to: Some(21) });
    /// # Ok::<(), coarsen::rounding::RoundingError>(())
    /// ```
    Ceil,
    |_| 1
);
