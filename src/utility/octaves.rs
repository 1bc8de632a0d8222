//! Logarithms of what leaves.

use crate::rounding::Bucket;

/// log2 of a whole number; 0 counts as 1.
///
/// From [`libm`], so that it is the same on any machine. O(1).
///
/// ```
/// assert_eq!(coarsen::utility::octaves(1_024), 10.0);
/// assert_eq!(coarsen::utility::octaves(0), 0.0);
/// ```
pub fn octaves(value: u64) -> f64 {
    libm::log2(value.max(1) as f64)
}

/// What stands for a value that leaves where its logarithm is asked for: its representative, and the middle of its bucket
/// where that is 0, which has no logarithm. The lower edge of a lowest bucket 0..1 Mbit/s would else lie twenty doublings
/// from all that is in it.
///
/// ```
/// use coarsen::rounding::Bucket;
/// use coarsen::utility::above_zero;
/// let lowest = Bucket { from: 0, to: Some(1_000) };
/// assert_eq!((above_zero(0, Some(lowest)), above_zero(300, Some(lowest))), (500, 300));
/// ```
pub fn above_zero(representative: u64, bucket: Option<Bucket>) -> u64 {
    match (representative, bucket) {
        (0, Some(bucket)) => bucket.midpoint().max(1),
        (0, None) => 1,
        _ => representative,
    }
}
