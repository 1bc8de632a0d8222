//! Absolute error against the weighted median.

use super::Distribution;
use super::cost::Cost;
use super::marks::Marks;

/// Sum of |x - median| over the files of a bucket, a whole number: no rounding below 2^53.
///
/// Any median gives the same sum; taken is the value of the file number ⌊n/2⌋ (from 0).
pub(super) struct Absolute<'a> {
    values: &'a [u64],
    below: &'a [u64],
    /// Sums of values below each, wrapping: the difference that is wanted fits.
    sum: Vec<u64>,
    at: &'a [u32],
}

impl<'a> Absolute<'a> {
    /// Of a reference at its marks. O(values).
    pub fn new(distribution: &'a Distribution, marks: &'a Marks<'_>) -> Self {
        let (values, below) = (distribution.values(), distribution.files_below());
        let mut sum = Vec::with_capacity(below.len());
        let mut all = 0u64;
        sum.push(0);
        for (i, &value) in values.iter().enumerate() {
            all = all.wrapping_add(value.wrapping_mul(below[i + 1] - below[i]));
            sum.push(all);
        }
        Self { values, below, sum, at: &marks.at }
    }

    /// Of the values from..to (indices). O(log(to - from)).
    fn within(&self, from: usize, to: usize) -> u64 {
        if from == to {
            return 0;
        }
        let files = self.below[to] - self.below[from];
        let middle = self.below[from] + files / 2;
        // Where each value is one file, the middle is found without a search.
        let ones = files == (to - from) as u64;
        let median = from
            + if ones {
                files as usize / 2
            } else {
                self.below[from + 1..to].partition_point(|&below| below <= middle)
            };
        let value = self.values[median];
        let gap = |a: usize, b: usize| {
            let files = self.below[b] - self.below[a];
            (files.wrapping_mul(value), self.sum[b].wrapping_sub(self.sum[a]))
        };
        let ((under, under_sum), (over, over_sum)) = (gap(from, median), gap(median, to));
        under.wrapping_sub(under_sum).wrapping_add(over_sum.wrapping_sub(over))
    }
}

impl Cost for Absolute<'_> {
    fn cost(&self, i: usize, j: usize) -> f64 {
        self.within(self.at[i] as usize, self.at[j] as usize) as f64
    }

    fn last(&self, i: usize) -> f64 {
        self.cost(i, self.at.len() - 1)
    }
}

/// The loss of the buckets between indices of values, summed exactly.
pub(super) fn total(distribution: &Distribution, places: &[usize]) -> f64 {
    let (values, below) = (distribution.values(), distribution.files_below());
    let mut all = 0u128;
    for pair in places.windows(2).filter(|pair| pair[0] < pair[1]) {
        let (from, to) = (pair[0], pair[1]);
        let middle = below[from] + (below[to] - below[from]) / 2;
        let median = values[from + below[from + 1..to].partition_point(|&below| below <= middle)];
        let off = |i: usize| u128::from(values[i].abs_diff(median)) * u128::from(below[i + 1] - below[i]);
        all += (from..to).map(off).sum::<u128>();
    }
    all as f64
}
