//! Which files share their title with another file of the same combination of side fields.

use super::Cut;

/// The files whose title has several files in their combination, title by title and by rising place.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    files: Vec<Repeat>,
    /// Where each title of a combination ends.
    ends: Vec<u32>,
    /// Each combination with the number of its first title.
    combinations: Vec<(u32, u32)>,
}

/// One of them: its outer atom, and its place in the base.
#[derive(Clone, Copy, Debug)]
pub(super) struct Repeat {
    pub outer: u32,
    pub place: u32,
}

/// Under one outer partition, the files of one title in one row, where there are several, row by row.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// The title of each run, by number, and where the run begins among its files; by combination, then bucket.
    runs: Vec<(u32, u32)>,
    /// The bucket of each outer atom.
    buckets: Vec<u32>,
    at: usize,
}

impl Repeats {
    /// From the combination and title of every place, combination by combination, and the outer atom of a place.
    /// O(files + titles, and the repeated ones sorted).
    pub fn find(
        places: impl Iterator<Item = (u32, u32)> + Clone,
        titles: u32,
        outer: impl Fn(u32) -> u32,
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
        let (mut ends, mut combinations): (Vec<u32>, Vec<(u32, u32)>) = (Vec::new(), Vec::new());
        for title in found.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            if combinations.last().is_none_or(|last| last.0 != title[0].0) {
                combinations.push((title[0].0, ends.len() as u32));
            }
            ends.push(ends.last().unwrap_or(&0) + title.len() as u32);
        }
        ends.shrink_to_fit();
        let files = found.iter().map(|&(_, _, place)| Repeat { outer: outer(place), place }).collect();
        Self { files, ends, combinations }
    }

    /// The combination of a title, by number.
    fn combination(&self, title: u32) -> u32 {
        self.combinations[self.combinations.partition_point(|of| of.1 <= title) - 1].0
    }

    /// The files of a title of a combination, by number, from that one on.
    fn title(&self, title: u32, from: u32) -> &[Repeat] {
        &self.files[from as usize..self.ends[title as usize] as usize]
    }

    /// Finds the runs under an outer partition. O(repeated files, and the runs sorted).
    pub fn under(&self, outer: &Cut, found: &mut Runs) {
        let Runs { runs, buckets, at } = found;
        (*buckets, *at) = (outer.table(), 0);
        let bucket = |file: &Repeat| buckets[file.outer as usize];
        runs.clear();
        // A run has two files at least; what isn't needed of this is never touched.
        runs.reserve(self.files.len() / 2);
        let mut from = 0;
        for (title, &end) in self.ends.iter().enumerate() {
            for run in self.files[from as usize..end as usize].chunk_by(|a, b| bucket(a) == bucket(b)) {
                if run.len() > 1 {
                    runs.push((title as u32, from));
                }
                from += run.len() as u32;
            }
        }
        // Titles are by combination, so that each of them has its runs together.
        for of_combination in runs.chunk_by_mut(|a, b| self.combination(a.0) == self.combination(b.0)) {
            of_combination.sort_unstable_by_key(|&(_, from)| (bucket(&self.files[from as usize]), from));
        }
    }

    /// The runs of the row of this combination and bucket; every row must be asked for, in the order of rows.
    pub fn of_row<'a>(
        &'a self,
        runs: &'a mut Runs,
        (combination, bucket): (u32, u32),
    ) -> impl Iterator<Item = &'a [Repeat]> {
        let first = runs.at;
        let here = |&&(title, from): &&(u32, u32)| {
            let outer = self.files[from as usize].outer;
            (self.combination(title), runs.buckets[outer as usize]) == (combination, bucket)
        };
        let many = runs.runs[first..].iter().take_while(here).count();
        runs.at += many;
        let runs = &*runs;
        runs.runs[first..first + many].iter().map(move |&(title, from)| {
            let rest = self.title(title, from);
            let length = rest.partition_point(|file| runs.buckets[file.outer as usize] == bucket);
            &rest[..length]
        })
    }
}
