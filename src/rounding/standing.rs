//! The number that stands for a bucket.

use super::Bucket;

/// Which number of a bucket stands for it; it lies in the bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// The midpoint; of the open bucket its lower edge.
    #[default]
    Midpoint,
    /// The lower edge.
    Lower,
    /// The midpoint, and of the open bucket this.
    Open(u64),
}

impl Standing {
    /// The number that stands for a bucket.
    #[inline]
    pub fn of(self, bucket: Bucket) -> u64 {
        match self {
            Self::Midpoint => bucket.midpoint(),
            Self::Lower => bucket.from,
            Self::Open(value) => bucket.to.map_or(value, |_| bucket.midpoint()),
        }
    }
}
