//! Roundings: partitions of the integer line, one family per file.
//!
//! A deterministic rounding cuts the line 0..=2^64-1 into **buckets**: half-open integer intervals
//! `[from, to)`. Two values look alike exactly when they share a bucket; everything downstream
//! (classes, measures, attackers) asks for the bucket and never which family it came from.
//!
//! How a rounding is written, and how families, top and bottom coding combine: [`Rounding`].
//! Roundings that take their edges from a reference catalogue: [`RoundingSpec`]. What a rounding is to a number,
//! [`Groups`] are to a category. [`Ready`] finds the buckets of many values faster.

mod all;
mod bits;
mod coding;
mod cuts;
mod digits;
mod equal;
mod error;
mod grammar;
mod groups;
mod ladder;
mod log;
mod nested;
mod octaves;
mod ready;
mod reference;
mod slots;
mod smallest;
mod standing;

pub use all::{Family, Rounding, RoundingSpec};
pub use bits::Bits;
pub use coding::Coding;
pub use cuts::Cuts;
pub use digits::Digits;
pub use equal::{Ceil, Floor, Nearest};
pub use error::RoundingError;
pub use groups::Groups;
pub use ladder::Ladder;
pub use log::Log;
pub use nested::Joined;
pub(crate) use octaves::Octaves;
pub use ready::Ready;
pub(crate) use ready::{Equal, Fast};
pub use reference::Reference;
pub use standing::Standing;

/// A half-open interval `[from, to)` of integers; `to` is `None` where it reaches the end of the line.
///
/// ```
/// use coarsen::rounding::Bucket;
/// let bucket = Bucket { from: 300_000, to: Some(600_000) };
/// assert!(bucket.contains(599_999) && !bucket.contains(600_000));
/// assert_eq!(bucket.midpoint(), 450_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bucket {
    /// The smallest value in the bucket; it also serves as the bucket's identity.
    pub from: u64,
    /// The smallest value above the bucket.
    pub to: Option<u64>,
}

impl Bucket {
    /// The whole line.
    pub const ALL: Self = Self { from: 0, to: None };

    /// Whether the value lies in the bucket.
    #[inline]
    pub fn contains(self, value: u64) -> bool {
        self.from <= value && self.to.is_none_or(|to| value < to)
    }

    /// `from + (to - from) / 2` in integer division; of an open bucket `from`.
    #[inline]
    pub fn midpoint(self) -> u64 {
        self.to.map_or(self.from, |to| self.from + (to - self.from) / 2)
    }

    /// The values that lie in both, given that some do.
    #[inline]
    fn intersect(self, other: Self) -> Self {
        let to = match (self.to, other.to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self { from: self.from.max(other.from), to }
    }
}

/// A deterministic rounding as a partition of the integers 0..=2^64-1 into intervals.
///
/// # Laws
/// For every partition `p` and values `x`, `y` (held by `tests/laws` for every family):
/// 1. **Total**: `p.bucket(x)` returns for every `x`, without panic or allocation.
/// 2. **Member**: `p.bucket(x).contains(x)`.
/// 3. **Tiling**: if `y` lies in `p.bucket(x)` then `p.bucket(y) == p.bucket(x)`; the bucket after
///    `b` begins at `b.to`, and the last one is open. No gap, no overlap.
/// 4. **Monotone**: `x <= y` implies `p.bucket(x).from <= p.bucket(y).from`.
/// 5. **Idempotent**: the midpoint lies in its bucket, so rounding twice is rounding once.
///
/// A partition is *nested* in a coarser one when each of its buckets lies inside one of the other's.
/// Coarser nested partitions never raise a risk. Widths that don't divide each other are not nested;
/// [`Rounding::is_nested_in`] decides.
pub trait Partition: Send + Sync {
    /// The bucket that holds the value.
    fn bucket(&self, value: u64) -> Bucket;

    /// Buckets from the one that holds 0 to the end of the line, in order.
    fn buckets(&self) -> Walk<'_>
    where
        Self: Sized,
    {
        Walk { partition: self, next: Some(0) }
    }
}

/// The buckets of a partition in order; see [`Partition::buckets`].
pub struct Walk<'a> {
    partition: &'a dyn Partition,
    next: Option<u64>,
}

impl Iterator for Walk<'_> {
    type Item = Bucket;

    fn next(&mut self) -> Option<Bucket> {
        let bucket = self.partition.bucket(self.next?);
        self.next = bucket.to;
        Some(bucket)
    }
}

/// The common refinement of two partitions: what somebody knows who sees both roundings of one value.
///
/// ```
/// use coarsen::rounding::{Bucket, Floor, Join, Partition};
/// let (ten, fifteen) = (Floor::new(10, 0)?, Floor::new(15, 0)?);
/// assert_eq!(Join(&ten, &fifteen).bucket(12), Bucket { from: 10, to: Some(15) });
/// # Ok::<(), coarsen::rounding::RoundingError>(())
/// ```
pub struct Join<'a>(
    /// One partition.
    pub &'a dyn Partition,
    /// The other.
    pub &'a dyn Partition,
);

impl Partition for Join<'_> {
    fn bucket(&self, value: u64) -> Bucket {
        self.0.bucket(value).intersect(self.1.bucket(value))
    }
}
