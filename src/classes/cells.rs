//! The catalogue collapsed once: distinct values in order, and the rank of each file among them.

use std::sync::OnceLock;

use rayon::prelude::*;

use crate::catalogue::{Catalogue, SideField};
use crate::rounding::Partition;

/// The distinct values of one attribute, rising, with the rank of each file and how many files bear each.
///
/// A missing value is the last rank, and a bucket of its own under every rounding that emits anything.
#[derive(Clone, Debug)]
pub struct Axis {
    values: Vec<u32>,
    counts: Vec<u32>,
    missing: u32,
    rank: Vec<u32>,
    /// The moments of all values below every so many.
    before: Vec<Moments>,
}

/// Exact sums over the files of a range of values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moments {
    /// How many files there are.
    pub files: u64,
    /// The sum of their values.
    pub sum: u128,
    /// The sum of the squares of their values.
    pub squares: u128,
}

impl Moments {
    fn add(&mut self, value: u32, files: u32) {
        let (value, files) = (u128::from(value), u128::from(files));
        self.files += files as u64;
        self.sum += value * files;
        self.squares += value * value * files;
    }
}

/// Values between two remembered moments.
const STEP: usize = 64;

/// The moments of all values below every so many.
fn moments_before(values: &[u32], counts: &[u32]) -> Vec<Moments> {
    let (mut before, mut moments) = (Vec::with_capacity(values.len() / STEP + 1), Moments::default());
    for (at, (&value, &files)) in values.iter().zip(counts).enumerate() {
        if at % STEP == 0 {
            before.push(moments);
        }
        moments.add(value, files);
    }
    before
}

impl Axis {
    /// From one number a file, which `value` makes a value of, or none.
    fn new<T: Sync>(raw: &[T], value: impl Fn(&T) -> Option<u32> + Sync) -> Self {
        let mut sorted: Vec<u32> = raw.iter().filter_map(&value).collect();
        sorted.par_sort_unstable();
        let missing = (raw.len() - sorted.len()) as u32;
        let distinct = sorted.chunk_by(|a, b| a == b).count();
        let (mut values, mut counts) = (Vec::with_capacity(distinct), Vec::with_capacity(distinct));
        for chunk in sorted.chunk_by(|a, b| a == b) {
            values.push(chunk[0]);
            counts.push(chunk.len() as u32);
        }
        drop(sorted);
        let last = values.len();
        let find =
            |raw: &T| value(raw).map_or(last, |value| values.binary_search(&value).unwrap_or(last)) as u32;
        let rank = raw.par_iter().map(find).collect();
        let before = moments_before(&values, &counts);
        Self { missing, values, counts, rank, before }
    }

    /// The axis as if these files, each named once, bore no value; their ranks stay. O(values + files named).
    pub fn without(&self, files: &[usize]) -> Self {
        let mut without = self.clone();
        for &file in files {
            // A file without a value has the rank past the last.
            if let Some(count) = without.counts.get_mut(self.rank[file] as usize) {
                *count -= 1;
            }
        }
        without.before = moments_before(&without.values, &without.counts);
        without
    }

    /// The moments of the values of these ranks. O(64) at most, whatever their number.
    pub fn moments(&self, ranks: std::ops::Range<usize>) -> Moments {
        let add = |mut moments: Moments, ranks: std::ops::Range<usize>| {
            ranks.for_each(|rank| moments.add(self.values[rank], self.counts[rank]));
            moments
        };
        if ranks.len() <= 2 * STEP {
            return add(Moments::default(), ranks);
        }
        let upto = |rank: usize| {
            let step = (rank / STEP).min(self.before.len() - 1);
            add(self.before[step], step * STEP..rank)
        };
        let (low, high) = (upto(ranks.start), upto(ranks.end));
        Moments {
            files: high.files - low.files,
            sum: high.sum - low.sum,
            squares: high.squares - low.squares,
        }
    }

    /// The distinct values, rising.
    pub fn values(&self) -> &[u32] {
        &self.values
    }

    /// How many files bear each value.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// How many files lack a value.
    pub fn missing(&self) -> u32 {
        self.missing
    }

    /// The rank of each file among the values; one past the last for a missing value.
    pub fn rank(&self) -> &[u32] {
        &self.rank
    }

    /// The ranks at which another bucket begins than that of the rank before, rising; the rank of the missing values
    /// among them, unless the partition emits nothing. O(buckets log values), and never more than O(values).
    pub fn cuts(&self, partition: &dyn Partition) -> Vec<u32> {
        let mut cuts = Vec::new();
        let mut rank = 0;
        while let Some(&value) = self.values.get(rank) {
            let Some(end) = partition.bucket(u64::from(value)).to else { break };
            let below = |&value: &u32| u64::from(value) < end;
            // Steps double until one leads out of the bucket: buckets of few values cost little.
            let (mut from, mut step) = (rank + 1, 1);
            while self.values.get(from + step).is_some_and(below) {
                from += step + 1;
                step *= 2;
            }
            let to = (from + step).min(self.values.len());
            rank = from + self.values[from..to].partition_point(below);
            if rank < self.values.len() {
                cuts.push(rank as u32);
            }
        }
        let all = partition.bucket(0).to.is_none();
        if self.missing > 0 && !self.values.is_empty() && !all {
            cuts.push(self.values.len() as u32);
        }
        cuts
    }

    /// For each rank, the number of its bucket among those that hold any value; and how many there are.
    /// O(values) for buckets that hold several, one look-up a bucket.
    pub fn buckets(&self, partition: &dyn Partition) -> (Vec<u32>, u32) {
        let mut numbers = Vec::with_capacity(self.values.len() + 1);
        let (mut next, mut reach) = (0u32, Some(0u64));
        for &value in &self.values {
            let value = u64::from(value);
            if reach.is_some_and(|end| value >= end) {
                reach = partition.bucket(value).to;
                next += 1;
            }
            numbers.push(next - 1);
        }
        // Nothing is emitted, not even that a value is missing, by a partition of one bucket.
        let all = partition.bucket(0).to.is_none();
        if all {
            numbers.push(0);
            return (numbers, 1);
        }
        numbers.push(next);
        (numbers, next + u32::from(self.missing > 0))
    }
}

/// A catalogue with its axes: what every measure, attacker and sweep works on.
#[derive(Clone, Debug)]
pub struct Cells<'a> {
    catalogue: &'a Catalogue,
    duration: Axis,
    bitrate: Axis,
    by_bitrate: OnceLock<Vec<u32>>,
    by_title: OnceLock<Vec<u32>>,
}

impl<'a> Cells<'a> {
    /// Collapses a catalogue. O(files log files).
    pub fn new(catalogue: &'a Catalogue) -> Self {
        let duration = Axis::new(catalogue.duration_ms(), |&duration| Some(duration));
        let bitrate = match catalogue.bitrate_bps() {
            Some(rates) => Axis::new(rates, |rate| rate.map(std::num::NonZeroU32::get)),
            None => Axis::new(catalogue.duration_ms(), |_| None),
        };
        Self { catalogue, duration, bitrate, by_bitrate: OnceLock::new(), by_title: OnceLock::new() }
    }

    /// The catalogue.
    pub fn catalogue(&self) -> &'a Catalogue {
        self.catalogue
    }

    /// Durations in ms.
    pub fn duration(&self) -> &Axis {
        &self.duration
    }

    /// Bit rates in bit/s; all missing where the catalogue has none.
    pub fn bitrate(&self) -> &Axis {
        &self.bitrate
    }

    /// The files by rising bit rate.
    pub(super) fn by_bitrate(&self) -> &[u32] {
        self.by_bitrate.get_or_init(|| {
            let mut files: Vec<u32> = (0..self.catalogue.files() as u32).collect();
            files.par_sort_unstable_by_key(|&file| (self.bitrate.rank[file as usize], file));
            files
        })
    }

    /// The files title by title.
    pub(super) fn by_title(&self) -> &[u32] {
        self.by_title.get_or_init(|| {
            let titles = self.catalogue.title();
            let mut next = vec![0u32; self.catalogue.titles() as usize + 1];
            titles.iter().for_each(|&title| next[title as usize + 1] += 1);
            (1..next.len()).for_each(|title| next[title] += next[title - 1]);
            let mut files = vec![0; titles.len()];
            for (file, &title) in titles.iter().enumerate() {
                let place = &mut next[title as usize];
                files[*place as usize] = file as u32;
                *place += 1;
            }
            files
        })
    }

    /// One number per file for the combination of its side fields, and a bound on it.
    /// A field that the catalogue lacks parts nothing.
    pub(crate) fn combinations(&self, by: &[SideField]) -> (Vec<u32>, u32) {
        let mut numbers = vec![0u32; self.catalogue.files()];
        let mut bound = 1u32;
        for column in by.iter().filter_map(|&field| self.catalogue.side(field)) {
            let levels = column.levels() as u64;
            let joined = |n: u32, row: usize| u64::from(n) * levels + column.index(row) as u64;
            // Renumbered after each field, so that the product of the levels can't overflow.
            let most = u64::from(bound) * levels;
            if most <= self.catalogue.files() as u64 + 1024 {
                let mut number_of = vec![0u32; most as usize];
                numbers.iter_mut().enumerate().for_each(|(row, n)| {
                    *n = joined(*n, row) as u32;
                    number_of[*n as usize] = 1;
                });
                bound = 0;
                for number in &mut number_of {
                    let present = *number;
                    *number = bound;
                    bound += present;
                }
                numbers.par_iter_mut().for_each(|n| *n = number_of[*n as usize]);
                continue;
            }
            let mut present: Vec<u64> = numbers.iter().enumerate().map(|(row, &n)| joined(n, row)).collect();
            present.par_sort_unstable();
            present.dedup();
            let find = |number: u64| present.binary_search(&number).unwrap_or_default() as u32;
            numbers.par_iter_mut().enumerate().for_each(|(row, n)| *n = find(joined(*n, row)));
            bound = present.len() as u32;
        }
        (numbers, bound)
    }
}
