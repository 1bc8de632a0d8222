//! Normalized certainty penalty, on the public ranges.

use std::ops::Range;

use super::Distribution;
use super::cost::Cost;
use super::marks::Marks;
use crate::anonymity::{public_scale, public_span};
use crate::units::Dimension;

/// Files of a bucket times its width on the public scale, in whole steps of the scale.
///
/// As both factors are whole numbers, the cost of a bucket is rounded once at most. The quadrangle inequality is
/// immediate: with the files w and widths t of three neighboring stretches its two sides differ by w1 t3 + w3 t1 >= 0.
/// The last bucket is open, so each of its files costs the whole range.
pub(super) struct Certainty {
    files: Vec<f64>,
    place: Vec<f64>,
    whole: f64,
}

/// Steps of the scale in one doubling of a bit rate (a millisecond of a duration is a step by itself).
const STEPS: f64 = (1u64 << 44) as f64;

fn step(dimension: Dimension) -> f64 {
    match dimension {
        Dimension::Bitrate => STEPS,
        Dimension::Duration | Dimension::Integer => 1.0,
    }
}

/// The whole range in steps.
pub(super) fn whole(dimension: Dimension) -> f64 {
    (public_span(dimension) * step(dimension)).round()
}

fn place(value: u64, dimension: Dimension) -> f64 {
    ((public_scale(value, dimension) - public_scale(0, dimension)) * step(dimension)).round()
}

impl Certainty {
    /// Of a reference at its marks. O(marks).
    pub fn new(distribution: &Distribution, marks: &Marks<'_>, dimension: Dimension) -> Self {
        let below = distribution.files_below();
        Self {
            files: marks.at.iter().map(|&at| below[at as usize] as f64).collect(),
            place: (0..=marks.last()).map(|mark| place(marks.place(mark), dimension)).collect(),
            whole: whole(dimension),
        }
    }
}

impl Cost for Certainty {
    fn cost(&self, i: usize, j: usize) -> f64 {
        (self.files[j] - self.files[i]) * (self.place[j] - self.place[i])
    }

    fn last(&self, i: usize) -> f64 {
        (self.files[self.files.len() - 1] - self.files[i]) * self.whole
    }

    fn relax(&self, i: usize, before: f64, ends: Range<usize>, best: &mut [f64]) {
        let (files_below, place_below) = (self.files[i], self.place[i]);
        let at = self.files[ends.clone()].iter().zip(&self.place[ends]);
        for (best, (files, place)) in best.iter_mut().zip(at) {
            let through = before + (files - files_below) * (place - place_below);
            *best = if through < *best { through } else { *best };
        }
    }
}

/// The loss of the buckets that inner edges make, given the files below each edge (0 and all at the ends).
pub(super) fn total(edges: &[u64], files_below: &[u64], dimension: Dimension) -> f64 {
    let (mut all, mut from) = (0u128, 0.0);
    for (pair, to) in files_below.windows(2).zip(edges.iter().map(Some).chain([None])) {
        let to = to.map(|&edge| place(edge, dimension));
        let width = to.map_or(whole(dimension), |to| to - from);
        // Whole numbers under 2^53.
        all += u128::from(pair[1] - pair[0]) * width as u128;
        from = to.unwrap_or(from);
    }
    all as f64 / whole(dimension)
}
