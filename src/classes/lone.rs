//! The class sizes of one candidate, straight from the catalogue's columns: nothing is sorted or collapsed first.

use rayon::prelude::*;

use super::Key;
use crate::catalogue::Catalogue;
use crate::rounding::Partition;

/// A partition with more buckets than this on a column is sorted, not counted.
const MOST_BUCKETS: usize = 1 << 20;
/// Possible classes up to this are counted in one table, which the cache holds.
const MOST_COUNTED: u64 = 1 << 17;
/// Parts, at most, into which more of them are parted first.
const PARTS: u32 = 1 << 11;
/// Files that one thread takes at a time.
const CHUNK: usize = 1 << 14;

/// The bucket numbers of a column: a table of where to begin, and a short walk from there.
struct Numbers {
    /// The upper end of each bucket but the last.
    ends: Vec<u64>,
    /// The bucket of the least value of each cell of the table.
    first: Vec<u32>,
    shift: u32,
}

impl Numbers {
    /// `None` for too many buckets. O(buckets + table).
    fn new(partition: &dyn Partition, largest: u32) -> Option<Self> {
        let mut ends = Vec::new();
        let mut next = partition.bucket(0).to;
        while let Some(end) = next.filter(|&end| end <= u64::from(largest)) {
            if ends.len() == MOST_BUCKETS {
                return None;
            }
            ends.push(end);
            next = partition.bucket(end).to;
        }
        let bits = u32::BITS - largest.leading_zeros();
        let cells = (2 * ends.len()).next_power_of_two().clamp(1 << 10, 1 << 17).ilog2();
        let shift = bits.saturating_sub(cells);
        let (mut first, mut bucket) = (Vec::with_capacity((largest >> shift) as usize + 1), 0);
        for cell in 0..=u64::from(largest >> shift) {
            while ends.get(bucket).is_some_and(|&end| end <= cell << shift) {
                bucket += 1;
            }
            first.push(bucket as u32);
        }
        Some(Self { ends, first, shift })
    }

    fn of(&self, value: u32) -> u32 {
        let mut bucket = self.first[(value >> self.shift) as usize];
        while self.ends.get(bucket as usize).is_some_and(|&end| end <= u64::from(value)) {
            bucket += 1;
        }
        bucket
    }

    /// Buckets, and one more number for a missing value.
    fn bound(&self) -> u64 {
        self.ends.len() as u64 + 2
    }
}

/// The size of every class of one generalization, in no promised order. O(files) where the possible classes (duration
/// buckets x bit-rate buckets x combinations of side fields) are fewer than some times the files, O(files log files)
/// where not. For many generalizations of one catalogue take a [`Base`](super::Base).
///
/// ```
/// use coarsen::catalogue::{Catalogue, Columns, SideField};
/// use coarsen::classes::{Generalization, class_sizes};
/// use coarsen::rounding::Rounding;
/// use coarsen::units::Dimension;
/// let catalogue = Catalogue::new(Columns {
///     title: vec![0, 1, 2],
///     duration_ms: vec![61_000, 62_000, 130_000],
///     side: [(SideField::Kind, ["clip"; 3].map(Some).into_iter().collect())].into(),
///     ..Columns::default()
/// })?;
/// let mut generalization = Generalization::drop();
/// generalization.duration = Rounding::parse("floor:1min", Dimension::Duration).unwrap();
/// let mut sizes = class_sizes(&catalogue, generalization.key());
/// sizes.sort_unstable();
/// assert_eq!(sizes, [1, 2]);
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
pub fn class_sizes(catalogue: &Catalogue, key: Key<'_>) -> Vec<u32> {
    let emits_rate = key.bitrate.bucket(0).to.is_some();
    let rates = catalogue.bitrate_bps().filter(|_| emits_rate);
    let largest = |values: &[u32]| values.par_iter().copied().max().unwrap_or(0);
    let largest_rate = rates.map_or(0, |rates| {
        rates.par_iter().map(|rate| rate.map_or(0, std::num::NonZeroU32::get)).max().unwrap_or(0)
    });
    let durations = Numbers::new(key.duration, largest(catalogue.duration_ms()));
    let of_rate = Numbers::new(key.bitrate, largest_rate);
    let side: Vec<_> = key.by.iter().filter_map(|&field| catalogue.side(field)).collect();
    let combinations = side.iter().fold(1u64, |all, column| all.saturating_mul(column.levels() as u64));
    let (Some(durations), Some(of_rate)) = (durations, of_rate) else { return sorted(catalogue, key) };
    let bound = durations.bound().saturating_mul(of_rate.bound()).saturating_mul(combinations);
    if bound > u64::from(u32::MAX) {
        return sorted(catalogue, key);
    }
    let number = |row: usize| {
        let mut number = durations.of(catalogue.duration_ms()[row]);
        if let Some(rates) = rates {
            let rate = rates[row].map_or(of_rate.bound() as u32 - 1, |rate| of_rate.of(rate.get()));
            number = number * of_rate.bound() as u32 + rate;
        }
        side.iter().fold(number, |number, column| number * column.levels() as u32 + column.index(row) as u32)
    };
    let mut numbers = vec![0u32; catalogue.files()];
    numbers.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, numbers)| {
        numbers.iter_mut().enumerate().for_each(|(i, n)| *n = number(chunk * CHUNK + i));
    });
    if bound <= MOST_COUNTED {
        return counted(numbers.iter().copied(), bound as usize);
    }
    // Parts of neighboring numbers, each small enough for the cache.
    let shift = (u64::BITS - bound.leading_zeros()).saturating_sub(PARTS.ilog2());
    let parts = (bound >> shift) as usize + 1;
    let mut ends = vec![0usize; parts + 1];
    numbers.iter().for_each(|&number| ends[(number >> shift) as usize + 1] += 1);
    (1..=parts).for_each(|part| ends[part] += ends[part - 1]);
    let mut parted = vec![0u32; numbers.len()];
    for &number in &numbers {
        let place = &mut ends[(number >> shift) as usize];
        parted[*place] = number;
        *place += 1;
    }
    // Each end has moved on to where the next part ends.
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let ranges: Vec<std::ops::Range<usize>> =
        starts.zip(&ends).map(|(from, &to)| from..to).take(parts).collect();
    let of_part = |range: std::ops::Range<usize>| {
        let part = &parted[range];
        if part.len() << 3 < 1 << shift {
            let mut part = part.to_vec();
            part.sort_unstable();
            return part.chunk_by(|a, b| a == b).map(|class| class.len() as u32).collect();
        }
        counted(part.iter().map(|number| number & ((1 << shift) - 1)), 1 << shift)
    };
    ranges.into_par_iter().with_min_len(16).flat_map_iter(of_part).collect()
}

/// How often each number occurs that does.
fn counted(numbers: impl Iterator<Item = u32>, bound: usize) -> Vec<u32> {
    let mut sizes = vec![0u32; bound];
    numbers.for_each(|number| sizes[number as usize] += 1);
    sizes.retain(|&size| size > 0);
    sizes
}

/// The same by sorting what each file emits.
fn sorted(catalogue: &Catalogue, key: Key<'_>) -> Vec<u32> {
    let emits_rate = key.bitrate.bucket(0).to.is_some();
    let rates = catalogue.bitrate_bps().filter(|_| emits_rate);
    let fields: std::collections::BTreeSet<_> = key.by.iter().copied().collect();
    let side: Vec<_> = fields.into_iter().filter_map(|field| catalogue.side(field)).collect();
    // Buckets of values under 2^32 begin under 2^32; a missing bit rate is no value, as bit rates begin at 1 and its
    // bucket is told apart by the bit above.
    const MISSING: u64 = 1 << 32;
    let emitted = |row: usize| {
        let duration = key.duration.bucket(u64::from(catalogue.duration_ms()[row])).from;
        let rate = rates.map_or(0, |rates| {
            rates[row].map_or(MISSING, |rate| key.bitrate.bucket(u64::from(rate.get())).from)
        });
        // Eight side fields of 16 bits each.
        let combination = side.iter().fold(0u128, |sum, column| sum << 16 | u128::from(column.codes()[row]));
        (u128::from(duration) << 33 | u128::from(rate), combination)
    };
    let mut keys: Vec<(u128, u128)> = (0..catalogue.files()).into_par_iter().map(emitted).collect();
    keys.par_sort_unstable();
    keys.chunk_by(|a, b| a == b).map(|class| class.len() as u32).collect()
}
