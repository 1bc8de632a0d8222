//! Top and bottom coding: `+bottom:V`, `+top:V` on any rounding.

use super::{Bucket, RoundingError};

/// Edges below and above which one bucket remains; the buckets between are cut there.
///
/// Coding coarsens outside and cuts inside, so a coded rounding is nested in the uncoded one with
/// the same edges only where the coding lies on an edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Coding {
    bottom: Option<u64>,
    top: Option<u64>,
}

impl Coding {
    /// Neither bottom nor top coding.
    pub const NONE: Self = Self { bottom: None, top: None };

    /// # Errors
    /// [`RoundingError::Coding`] unless 0 < bottom < top, as far as each is given.
    pub fn new(bottom: Option<u64>, top: Option<u64>) -> Result<Self, RoundingError> {
        let rising = bottom.is_none_or(|b| b > 0) && top.is_none_or(|t| t > bottom.unwrap_or(0));
        if rising { Ok(Self { bottom, top }) } else { Err(RoundingError::Coding) }
    }

    /// All below this is one bucket.
    pub fn bottom(&self) -> Option<u64> {
        self.bottom
    }

    /// All from this on is one bucket.
    pub fn top(&self) -> Option<u64> {
        self.top
    }

    /// Whether neither is set.
    pub fn is_none(&self) -> bool {
        self.bottom.is_none() && self.top.is_none()
    }

    /// The coded bucket of a value, given how the uncoded one is found.
    #[inline]
    pub(super) fn apply(&self, value: u64, uncoded: impl FnOnce(u64) -> Bucket) -> Bucket {
        if let Some(bottom) = self.bottom.filter(|&b| value < b) {
            return Bucket { from: 0, to: Some(bottom) };
        }
        if let Some(top) = self.top.filter(|&t| value >= t) {
            return Bucket { from: top, to: None };
        }
        uncoded(value).intersect(Bucket { from: self.bottom.unwrap_or(0), to: self.top })
    }
}
