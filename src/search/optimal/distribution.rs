//! The reference: distinct values, each with its files and the titles that bear it.

use crate::catalogue::Catalogue;
use crate::search::SearchError;

/// No other value bears the title on that side.
const NONE: u32 = u32::MAX;

/// The distinct values of one attribute, rising, with the files and the titles of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    values: Vec<u64>,
    /// Files below each value; one more entry for all.
    below: Vec<u64>,
    /// Where the titles of each value begin; one more entry for the end.
    starts: Vec<u32>,
    /// For each title of a value, the value that bore it last ...
    before: Vec<u32>,
    /// ... and the one that bears it next.
    after: Vec<u32>,
    titles: u32,
}

impl Distribution {
    /// From one (value, title) pair a file, in any order. O(n log n).
    ///
    /// # Errors
    /// [`SearchError::NoValue`] where there is none; [`SearchError::TooWide`] where files times range reach 2^64, over
    /// which sums of squares are no longer exact (any catalogue of fewer than 2^32 files in `u32` values is far below).
    pub fn new(mut pairs: Vec<(u64, u32)>) -> Result<Self, SearchError> {
        pairs.sort_unstable();
        let (Some(first), Some(last)) = (pairs.first(), pairs.last()) else {
            return Err(SearchError::NoValue);
        };
        let (files, range) = (pairs.len() as u64, last.0 - first.0);
        if files.checked_mul(range).is_none() || files >= u64::from(u32::MAX) {
            return Err(SearchError::TooWide { files, range });
        }
        let (mut values, mut below, mut starts) = (Vec::new(), Vec::new(), Vec::new());
        let mut bearers: Vec<(u32, u32)> = Vec::with_capacity(pairs.len());
        let mut files = 0;
        for ties in pairs.chunk_by(|a, b| a.0 == b.0) {
            let value = values.len() as u32;
            below.push(files);
            starts.push(bearers.len() as u32);
            bearers.extend(ties.chunk_by(|a, b| a.1 == b.1).map(|same| (same[0].1, value)));
            values.push(ties[0].0);
            files += ties.len() as u64;
        }
        below.push(files);
        starts.push(bearers.len() as u32);
        let (mut before, mut after) = (vec![NONE; bearers.len()], vec![NONE; bearers.len()]);
        let mut order: Vec<(u32, u32)> =
            bearers.iter().zip(0..).map(|(&(title, _), at)| (title, at)).collect();
        order.sort_unstable();
        let mut titles = 1;
        for pair in order.windows(2) {
            let ((title, at), (next_title, next)) = (pair[0], pair[1]);
            if title == next_title {
                after[at as usize] = bearers[next as usize].1;
                before[next as usize] = bearers[at as usize].1;
            } else {
                titles += 1;
            }
        }
        Ok(Self { values, below, starts, before, after, titles })
    }

    /// The durations of a catalogue, in ms. O(n log n).
    ///
    /// # Errors
    /// As [`Distribution::new`].
    pub fn of_durations(catalogue: &Catalogue) -> Result<Self, SearchError> {
        let durations = catalogue.duration_ms().iter().map(|&ms| u64::from(ms));
        Self::new(durations.zip(catalogue.title().iter().copied()).collect())
    }

    /// The bit rates of a catalogue, in bit/s; files without one are left out. O(n log n).
    ///
    /// # Errors
    /// As [`Distribution::new`].
    pub fn of_bitrates(catalogue: &Catalogue) -> Result<Self, SearchError> {
        let rates = catalogue.bitrate_bps().unwrap_or_default().iter().zip(catalogue.title());
        Self::new(rates.filter_map(|(rate, &title)| Some((u64::from(rate.as_ref()?.get()), title))).collect())
    }

    /// The distinct values, rising.
    pub fn values(&self) -> &[u64] {
        &self.values
    }

    /// The files below each value, and of all: one more entry than there are values.
    pub fn files_below(&self) -> &[u64] {
        &self.below
    }

    /// How many files there are.
    pub fn files(&self) -> u64 {
        self.below[self.values.len()]
    }

    /// How many distinct titles there are.
    pub fn titles(&self) -> u32 {
        self.titles
    }

    /// Distinct titles of the values from..to (indices). O(titles listed there).
    ///
    /// # Panics
    /// Where the range does not lie among the values.
    pub fn titles_within(&self, from: usize, to: usize) -> u32 {
        let listed = self.starts[from] as usize..self.starts[to] as usize;
        self.before[listed].iter().filter(|&&before| before == NONE || (before as usize) < from).count()
            as u32
    }

    /// For each cut `at[t]` (indices of values, rising, the last past all) the least t' such that `at[t]..at[t']`
    /// holds k titles; `at.len()` where none does. Two further entries of that number let it be applied twice.
    ///
    /// Two pointers: a title counts when its value is entered unless the bucket bears it already, and stops counting when
    /// a value is left unless it is borne again before the end. O(titles listed + cuts).
    pub(super) fn ends(&self, at: &[u32], k: u32) -> Vec<u32> {
        let beyond = at.len() as u32;
        let last = at.len() - 1;
        let mut ends = Vec::with_capacity(at.len() + 1);
        let (mut end, mut held) = (0, 0u32);
        if self.titles as usize == self.before.len() {
            // Each title bears one value: counting is subtracting.
            for &from in &at[..last] {
                let held = |end: usize| self.starts[at[end] as usize] - self.starts[from as usize];
                while end < last && held(end) < k {
                    end += 1;
                }
                if held(end) < k {
                    break;
                }
                ends.push(end as u32);
            }
            ends.resize(at.len() + 1, beyond);
            return ends;
        }
        for t in 0..last {
            while held < k && end < last {
                let listed =
                    self.starts[at[end] as usize] as usize..self.starts[at[end + 1] as usize] as usize;
                let new = self.before[listed].iter().filter(|&&before| before == NONE || before < at[t]);
                held += new.count() as u32;
                end += 1;
            }
            if held < k {
                break;
            }
            ends.push(end as u32);
            let listed = self.starts[at[t] as usize] as usize..self.starts[at[t + 1] as usize] as usize;
            // `NONE` lies past every value.
            held -= self.after[listed].iter().filter(|&&after| after >= at[end]).count() as u32;
        }
        ends.resize(at.len() + 1, beyond);
        ends
    }
}
