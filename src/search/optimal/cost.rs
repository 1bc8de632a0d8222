//! What the two algorithms ask of a loss.

use std::ops::Range;

/// The cost of a bucket between two marks, not negative.
///
/// # Laws
/// For marks a <= b <= c <= d: splitting, cost(a, b) + cost(b, c) <= cost(a, c) with `last` in place of cost where c is
/// the last mark; and the quadrangle inequality, cost(a, c) + cost(b, d) <= cost(a, d) + cost(b, c), where d is not the
/// last mark.
pub(super) trait Cost {
    /// Of the bucket from mark i to mark j, i < j, j not the last.
    fn cost(&self, i: usize, j: usize) -> f64;

    /// Of the bucket from mark i to the end of the line.
    fn last(&self, i: usize) -> f64;

    /// Told that the marks of a stretch are asked for next.
    fn enter(&mut self, _marks: Range<usize>) {}

    /// `best[j - ends.start] = min(itself, before + cost(i, j))` for all j of `ends`.
    fn relax(&self, i: usize, before: f64, ends: Range<usize>, best: &mut [f64]) {
        for (j, best) in ends.zip(best) {
            let through = before + self.cost(i, j);
            *best = if through < *best { through } else { *best };
        }
    }
}
