//! Which files share their title with another file of the same combination of side fields.

use std::ops::Range;

use super::Cut;

/// The files whose title has several files in their combination, title by title and by rising place.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    files: Vec<Repeat>,
    /// Where each title of a combination ends, with the combination.
    ends: Vec<(u32, u32)>,
}

/// One of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Repeat {
    pub outer: u32,
    pub inner: u32,
    pub weight: u64,
}

/// Under one outer partition, the files of one title in one row, where there are several, row by row.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// Row key (combination, then bucket), where the run begins among the files, and how long it is; by key.
    runs: Vec<(u64, u32, u32)>,
    at: usize,
}

impl Repeats {
    /// From the combination, title and file of every place, combination by combination, and the file's atoms and
    /// weight. O(files + titles, and the repeated ones sorted).
    pub fn find(
        places: impl Iterator<Item = (u32, u32)> + Clone,
        titles: u32,
        repeat: impl Fn(usize) -> Repeat,
    ) -> Self {
        const NONE: u32 = u32::MAX;
        // Of each title the combination seen last, and its first place there until a second one is seen.
        let mut last: Vec<(u32, u32)> = vec![(NONE, NONE); titles as usize];
        let mut found: Vec<(u32, u32, u32)> = Vec::new();
        for (at, (combination, title)) in places.enumerate() {
            let held = &mut last[title as usize];
            if held.0 == combination {
                let first = Some(std::mem::replace(&mut held.1, NONE)).filter(|&first| first != NONE);
                found.extend(first.into_iter().chain([at as u32]).map(|place| (combination, title, place)));
            } else {
                *held = (combination, at as u32);
            }
        }
        drop(last);
        found.sort_unstable();
        let mut ends: Vec<(u32, u32)> = Vec::new();
        for title in found.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let before = ends.last().map_or(0, |&(end, _)| end);
            ends.push((before + title.len() as u32, title[0].0));
        }
        Self { files: found.iter().map(|&(_, _, place)| repeat(place as usize)).collect(), ends }
    }

    /// The runs under an outer partition. O(repeated files, and the runs sorted).
    pub fn under(&self, outer: &Cut) -> Runs {
        let buckets = outer.table();
        let mut runs = Vec::new();
        let mut start = 0;
        for &(end, combination) in &self.ends {
            let files = &self.files[start as usize..end as usize];
            let same = |a: &Repeat, b: &Repeat| buckets[a.outer as usize] == buckets[b.outer as usize];
            let mut from = start;
            for run in files.chunk_by(same) {
                if run.len() > 1 {
                    runs.push((row_key(combination, buckets[run[0].outer as usize]), from, run.len() as u32));
                }
                from += run.len() as u32;
            }
            start = end;
        }
        runs.sort_unstable();
        Runs { runs, at: 0 }
    }

    /// The files of a run.
    pub fn files(&self, run: Range<u32>) -> &[Repeat] {
        &self.files[run.start as usize..run.end as usize]
    }
}

impl Runs {
    /// The runs of the row of this key; every row must be asked for, by rising key.
    pub fn of_row(&mut self, key: u64) -> impl Iterator<Item = Range<u32>> + '_ {
        let from = self.at;
        self.at += self.runs[from..].iter().take_while(|run| run.0 == key).count();
        self.runs[from..self.at].iter().map(|&(_, start, length)| start..start + length)
    }
}

/// Combination, then bucket: rising as rows do.
pub(super) fn row_key(combination: u32, bucket: u32) -> u64 {
    u64::from(combination) << 32 | u64::from(bucket)
}
