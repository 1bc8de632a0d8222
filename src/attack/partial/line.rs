//! The files that look alike but for their played time, in a line by duration.
//!
//! A play that ends before the tail of a file tells of its duration `D` only that it is longer, with a density of
//! `(1 - c) / (D + 1)`. So of all files whose tail lies behind a bucket the likelihood is one factor times
//! `1 / (D + 1)^plays`, and sums of that from any place to the end are made once. Only files that may have ended in the
//! bucket are looked at one by one.

use std::ops::Range;

use super::watch::{Watch, power};
use crate::attack::Prior;
use crate::attack::heaviest::{Sums, heavier};
use crate::catalogue::Catalogue;
use crate::rounding::Bucket;

/// Files by rising duration.
pub(super) struct Class {
    pub files: Vec<u32>,
    pub durations: Vec<u32>,
}

impl Class {
    pub fn new(catalogue: &Catalogue, files: &[u32]) -> Self {
        let of = catalogue.duration_ms();
        let mut files = files.to_vec();
        files.sort_unstable_by_key(|&file| (of[file as usize], file));
        let durations = files.iter().map(|&file| of[file as usize]).collect();
        Self { files, durations }
    }

    /// The places of the files that last until the bucket, and whose tail doesn't lie behind it. O(log files).
    pub fn window(&self, watch: Watch, bucket: Bucket) -> Range<usize> {
        let from = self.durations.partition_point(|&duration| u64::from(duration) < bucket.from);
        let below = |to| self.durations.partition_point(|&duration| watch.tail_from(duration) < to);
        from..bucket.to.map_or(self.durations.len(), below).max(from)
    }
}

/// What each name of a class holds from each place on.
pub(super) struct Line {
    names: Vec<u32>,
    weights: Vec<f64>,
    /// The next place with the same name.
    next: Vec<usize>,
    /// What the name holds behind the place.
    behind: Vec<f64>,
    /// The name that holds most from the place on, and what it holds.
    best: Vec<Option<(u32, f64)>>,
}

impl Line {
    /// For so many plays. `sums` is scratch for all names. O(files of the class).
    pub fn new(
        catalogue: &Catalogue,
        class: &Class,
        names: &[u32],
        prior: Prior,
        plays: u32,
        last: &mut [usize],
        sums: &mut Sums,
    ) -> Self {
        let files = class.files.len();
        let weight = |&file: &u32| prior.weight(catalogue, file as usize) as f64;
        let mut line = Self {
            names: class.files.iter().map(|&file| names[file as usize]).collect(),
            weights: class.files.iter().map(weight).collect(),
            next: vec![files; files],
            behind: vec![0.0; files],
            best: vec![None; files + 1],
        };
        line.names.iter().for_each(|&name| last[name as usize] = files);
        for place in (0..files).rev() {
            let name = line.names[place];
            line.next[place] = std::mem::replace(&mut last[name as usize], place);
            line.behind[place] = sums.get(name);
            let lengths = f64::from(class.durations[place]) + 1.0;
            sums.add(name, line.weights[place] * power(1.0 / lengths, plays));
            let held = (name, sums.get(name));
            line.best[place] = heavier(line.best[place + 1], Some(held).filter(|&(_, held)| held > 0.0));
        }
        sums.clear();
        line
    }

    /// The name that holds the most, where each file in the window holds its weight times the chance of its place, and
    /// each behind it its weight times `factor / (D + 1)^plays`. O(window).
    pub fn heaviest(
        &self,
        window: Range<usize>,
        factor: f64,
        chances: &[f64],
        sums: &mut Sums,
    ) -> Option<(u32, f64)> {
        let end = window.end;
        for (place, chance) in window.zip(chances).rev() {
            let name = self.names[place];
            if self.next[place] >= end {
                sums.add(name, factor * self.behind[place]);
            }
            if self.weights[place] > 0.0 {
                sums.add(name, self.weights[place] * chance);
            }
        }
        let near = sums.heaviest();
        sums.clear();
        let far = self.best[end].map(|(name, held)| (name, factor * held)).filter(|&(_, held)| held > 0.0);
        heavier(near, far)
    }
}
