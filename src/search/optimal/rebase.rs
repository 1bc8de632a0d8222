//! Sums kept small: why the precision of an optimum doesn't fall with the number of buckets.
//!
//! Costs are exact to two roundings, but a running f64 sum of them loses a bit with each doubling. Only differences
//! between starts of one window are ever compared, so before each stretch of marks the least live sum is taken off all
//! live ones. What is compared is then never larger than the loss of about two stretches, and the rounding of a bucket
//! is relative to those, not to the total: with at most A buckets in a stretch, the partition that is found loses at
//! most 4 (A + 5) 2^-53 more, relatively, than the best one.

/// Marks in a stretch, or more where one window is longer.
pub(super) const STRETCH: usize = 1024;

/// Takes the least finite sum off all of them, and returns it (0 where none is finite).
pub(super) fn rebase(sums: &mut [f64]) -> f64 {
    let least = sums.iter().copied().fold(f64::INFINITY, f64::min);
    if least == f64::INFINITY {
        return 0.0;
    }
    sums.iter_mut().for_each(|sum| *sum -= least);
    least
}
