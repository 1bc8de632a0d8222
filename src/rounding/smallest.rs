//! The smallest bucket of what several roundings tell together, found on edges.
//!
//! Two equal widths a and b whose edges meet somewhere have the smallest bucket gcd(a, b) in common, far enough from the
//! ends; where their phases differ by d modulo the gcd, the lesser of d and gcd - d. Ends and coding add buckets of their
//! own. All of that is the least distance of two distinct edges, which is what is looked for here.

use super::nested::{Joined, Run, edges};
use super::{Bucket, Rounding};

/// A distance of two edges, and the lower one: the least comes first.
type Gap = (u64, u64);

impl Joined {
    /// Its smallest bucket, the first of them where there are several; `None` where nothing is told. The last bucket,
    /// which is open, doesn't count.
    ///
    /// Exact over the whole line, whatever the widths: of two runs of equal distance the nearest pair of edges is the
    /// least value of a linear function modulo the distance, found as Euclid finds the gcd.
    /// O(roundings^2 x runs x log^2 width).
    ///
    /// ```
    /// use coarsen::rounding::{Bucket, Joined, Rounding};
    /// use coarsen::units::Dimension;
    /// let joined = |texts: [&str; 2]| {
    ///     Joined::of(Dimension::Integer, texts.map(|text| Rounding::parse(text, Dimension::Integer).unwrap()))
    /// };
    /// // 10, 5, 5, 10, and so on.
    /// let smallest = joined(["floor:10", "floor:15"]).smallest_bucket();
    /// assert_eq!(smallest, Some(Bucket { from: 10, to: Some(15) }));
    /// // The same width, another phase.
    /// let smallest = joined(["floor:300", "floor:300@299"]).smallest_bucket();
    /// assert_eq!(smallest, Some(Bucket { from: 299, to: Some(300) }));
    /// assert_eq!(joined(["drop", "drop"]).smallest_bucket(), None);
    /// ```
    pub fn smallest_bucket(&self) -> Option<Bucket> {
        let all: Vec<Vec<Run>> = self.roundings().iter().map(edges).collect();
        let own = all.iter().flat_map(|runs| within(runs));
        let pairs = (0..all.len()).flat_map(|i| (i + 1..all.len()).map(move |j| (i, j)));
        let across = pairs.filter_map(|(i, j)| between(&all[i], &all[j]));
        let (width, from) = own.chain(across).min()?;
        Some(Bucket { from, to: from.checked_add(width) })
    }
}

impl Rounding {
    /// Its smallest bucket, the first of them where there are several; `None` where it tells nothing.
    /// O(runs), see [`Rounding::is_nested_in`].
    pub fn smallest_bucket(&self) -> Option<Bucket> {
        let (width, from) = within(&edges(self)).min()?;
        Some(Bucket { from, to: from.checked_add(width) })
    }
}

/// The distances of neighboring edges of one rounding, the start of the line among them.
fn within(runs: &[Run]) -> impl Iterator<Item = Gap> {
    let start = runs.first().map(|run| (run.first, 0));
    let inside = runs.iter().filter(|run| run.steps() > 0).map(|run| (run.step, run.first));
    let next = runs.windows(2).map(|pair| (pair[1].first - pair[0].last, pair[0].last));
    start.into_iter().chain(inside).chain(next)
}

/// The least distance of an edge of one rounding and another edge of the other, unless it is one of either's own.
fn between(one: &[Run], other: &[Run]) -> Option<Gap> {
    let (mut i, mut j, mut least) = (0, 0, None);
    // Edges that are neighbors lie in runs that meet here: a run is left only when the other one reaches further.
    while let (Some(&a), Some(&b)) = (one.get(i), other.get(j)) {
        least = [least, upward(a, b), upward(b, a)].into_iter().flatten().min();
        if a.last <= b.last { i += 1 } else { j += 1 }
    }
    least
}

/// The least distance from an edge of the first run up to an edge of the other, unless it is the other's step.
fn upward(from: Run, to: Run) -> Option<Gap> {
    // To the other's first edge from the last one below it.
    let below = to.first.checked_sub(1).and_then(|most| from.within(0, most)).map(|run| run.last);
    let below = below.map(|edge| (to.first - edge, edge));
    let inside = to.last.checked_sub(1).and_then(|most| from.within(to.first, most));
    let inside = inside.and_then(|run| {
        let step = to.step;
        // What is missing to the next edge, 0 at an edge, of the i-th edge of the run.
        let missing = (step - (run.first - to.first) % step) % step;
        let less = step - 1 - (run.step - 1) % step;
        let (distance, i) = least_above_zero(missing, less, step, run.steps())?;
        Some((distance, run.first + i * run.step))
    });
    below.into_iter().chain(inside).min()
}

/// The least value above 0 of `(start + i * slope) mod modulus` for `i` up to `most`, and the least such `i`; `None`
/// where all are 0. O(log^2 modulus).
fn least_above_zero(start: u64, slope: u64, modulus: u64, most: u64) -> Option<(u64, u64)> {
    let (start, slope, modulus) = (u128::from(start), u128::from(slope), u128::from(modulus));
    let reached = |value: u128| {
        let (low, high) = ((1 + modulus - start) % modulus, (value + modulus - start) % modulus);
        let i = if low <= high { first_within(slope, modulus, low, high) } else { Some(0) };
        let wrapped = if low <= high { None } else { first_within(slope, modulus, low, modulus - 1) };
        let i = i.into_iter().chain(wrapped).min()?;
        u64::try_from(i).ok().filter(|&i| i <= most)
    };
    if modulus == 1 {
        return None;
    }
    let (mut unreached, mut value) = (0, modulus - 1);
    let mut i = reached(value)?;
    while value - unreached > 1 {
        let middle = unreached + (value - unreached) / 2;
        match reached(middle) {
            Some(sooner) => (value, i) = (middle, sooner),
            None => unreached = middle,
        }
    }
    // Below 2^64, as the modulus was.
    Some((value as u64, i))
}

/// The least `x` with `low <= slope * x mod modulus <= high`, where `low <= high < modulus`: where no multiple of the
/// slope lies between, the turns that it takes are a question of the same kind modulo the slope. O(log modulus).
fn first_within(slope: u128, modulus: u128, low: u128, high: u128) -> Option<u128> {
    if low == 0 {
        return Some(0);
    }
    let slope = slope % modulus;
    if slope == 0 {
        return None;
    }
    let x = low.div_ceil(slope);
    if slope * x <= high {
        return Some(x);
    }
    let turns = first_within(modulus, slope, slope - high % slope, slope - low % slope)?;
    Some((low + modulus * turns).div_ceil(slope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_value_is_that_of_a_walk() {
        for modulus in 1..24 {
            for (start, slope) in (0..modulus).flat_map(|start| (0..modulus).map(move |slope| (start, slope)))
            {
                for most in [0, 1, 2, 5, 30] {
                    let values = (0..=most).map(|i| ((start + i * slope) % modulus, i));
                    let walked = values.filter(|(value, _)| *value > 0).min();
                    let found = least_above_zero(start, slope, modulus, most);
                    assert_eq!(found, walked, "{start} + i * {slope} mod {modulus}, i <= {most}");
                }
            }
        }
    }
}
