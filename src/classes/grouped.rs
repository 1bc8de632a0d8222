//! The classes of one generalization, with their files.

use rayon::prelude::*;

use super::{Cells, Class, Generalization, Inside, Key, KindShare, Visit};
use crate::catalogue::Catalogue;

/// The files of a catalogue, class by class; within a class title by title.
///
/// ```
/// use coarsen::catalogue::{Catalogue, Columns, SideField};
/// use coarsen::classes::{Cells, Classes, Generalization};
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
/// let cells = Cells::new(&catalogue);
/// let classes = Classes::group(&cells, generalization.key());
/// assert_eq!(classes.iter().map(<[u32]>::len).collect::<Vec<_>>(), [2, 1]);
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Classes<'a> {
    catalogue: &'a Catalogue,
    order: Vec<u32>,
    ends: Vec<u32>,
}

impl<'a> Classes<'a> {
    /// Groups the files. O(files) where the possible classes are few enough to count them in a table, O(files log
    /// files) where not.
    pub fn group(cells: &Cells<'a>, key: Key<'_>) -> Self {
        let catalogue = cells.catalogue();
        let (duration, durations) = cells.duration().buckets(key.duration);
        let (bitrate, bitrates) = cells.bitrate().buckets(key.bitrate);
        let (combination, combinations) = cells.combinations(key.by);
        let inside = Inside::of(key.other, catalogue);
        // Above every number of a class, as each factor is a u32.
        let bound = u128::from(combinations) * u128::from(durations) * u128::from(bitrates);
        let number = |file: u32| {
            let row = file as usize;
            if inside.holds(row) {
                return bound;
            }
            let d = u64::from(duration[cells.duration().rank()[row] as usize]);
            let b = u64::from(bitrate[cells.bitrate().rank()[row] as usize]);
            (u128::from(combination[row]) * u128::from(durations) + u128::from(d)) * u128::from(bitrates)
                + u128::from(b)
        };
        if let Ok(largest) = u32::try_from(bound) {
            let files = (0..catalogue.files() as u32).into_par_iter();
            let numbers: Vec<u32> = files.map(|file| number(file) as u32).collect();
            let (order, ends) = by_digits(&numbers, largest, cells.by_title());
            return Self { catalogue, order, ends };
        }
        Self::by_number(catalogue, number)
    }

    /// The classes of somebody who links all these pings of one play: files that no ping tells apart, `other` being
    /// one more thing that a ping may show. Without boxes they are the classes of the common refinement of the
    /// roundings and of every side field of any ping. Without pings nothing is told apart.
    /// O(pings x files log files).
    pub fn linked(cells: &Cells<'a>, pings: &[Generalization]) -> Self {
        Self::joined(cells.catalogue(), pings.iter().map(|ping| Self::group(cells, ping.key()).numbers()))
    }

    /// The files that no grouping of them tells apart, of which each gives the number of the class of every file; see
    /// [`Classes::numbers`]. They may come of other catalogues of the same files, such as
    /// [`Told::catalogue`](super::Told::catalogue) makes. Of no grouping, all files. O(groupings x files log files).
    pub fn joined(catalogue: &'a Catalogue, groupings: impl IntoIterator<Item = Vec<u32>>) -> Self {
        let mut joined = Self::by_number(catalogue, |_| 0);
        for class in groupings {
            let seen = joined.numbers();
            let pair = |file: u32| u128::from(seen[file as usize]) << 32 | u128::from(class[file as usize]);
            joined = Self::by_number(catalogue, pair);
        }
        joined
    }

    /// The number of the class of each file. O(files).
    pub fn numbers(&self) -> Vec<u32> {
        let mut numbers = vec![0; self.catalogue.files()];
        for (number, files) in self.iter().enumerate() {
            files.iter().for_each(|&file| numbers[file as usize] = number as u32);
        }
        numbers
    }

    /// Groups the files by a number of each.
    fn by_number(catalogue: &'a Catalogue, number: impl Fn(u32) -> u128 + Sync) -> Self {
        let mut keyed: Vec<(u128, u32, u32)> = (0..catalogue.files() as u32)
            .into_par_iter()
            .map(|file| (number(file), catalogue.title()[file as usize], file))
            .collect();
        keyed.par_sort_unstable();
        let ends = keyed
            .chunk_by(|a, b| a.0 == b.0)
            .scan(0, |end, class| {
                *end += class.len() as u32;
                Some(*end)
            })
            .collect();
        Self { catalogue, order: keyed.into_iter().map(|(_, _, file)| file).collect(), ends }
    }

    /// These files as the one class there is.
    pub(crate) fn of_files(catalogue: &'a Catalogue, mut files: Vec<u32>) -> Self {
        files.sort_unstable_by_key(|&file| (catalogue.title()[file as usize], file));
        let ends = Vec::from_iter((!files.is_empty()).then_some(files.len() as u32));
        Self { catalogue, order: files, ends }
    }

    /// The catalogue.
    pub fn catalogue(&self) -> &'a Catalogue {
        self.catalogue
    }

    /// How many classes there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none, which no catalogue yields.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The files of each class, by title.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.ends.iter().scan(0, |start, &end| {
            let class = &self.order[*start as usize..end as usize];
            *start = end;
            Some(class)
        })
    }

    /// Shows every class to the visitor. O(files).
    pub fn visit(&self, visitor: &mut impl Visit) {
        let catalogue = self.catalogue;
        let (title, series, weight) = (catalogue.title(), catalogue.series(), catalogue.weight());
        let kind = catalogue.kind();
        let mut seen_series = vec![u32::MAX; catalogue.series_bound() as usize];
        let mut kinds = vec![KindShare::default(); kind.levels()];
        for (number, files) in self.iter().enumerate() {
            visitor.at(files[0]);
            if let [file] = *files {
                visitor.single(weight[file as usize], kind.index(file as usize));
                continue;
            }
            let mut class = Class { files: files.len() as u32, ..Class::default() };
            kinds.fill(KindShare::default());
            for same_title in files.chunk_by(|&a, &b| title[a as usize] == title[b as usize]) {
                let mut title_weight = 0;
                for &file in same_title {
                    let row = file as usize;
                    title_weight += weight[row];
                    class.top_file_weight = class.top_file_weight.max(weight[row]);
                    kinds[kind.index(row)].files += 1;
                    let seen = &mut seen_series[series[row] as usize];
                    class.series += u32::from(*seen != number as u32);
                    *seen = number as u32;
                }
                let title_files = same_title.len() as u32;
                if title_files > class.top_title_files {
                    class.top_title_files = title_files;
                    kinds.iter_mut().for_each(|kind| kind.best_titles = 0);
                }
                if title_files == class.top_title_files {
                    kinds[kind.index(same_title[0] as usize)].best_titles += 1;
                }
                class.titles += 1;
                class.weight += title_weight;
                class.top_title_weight = class.top_title_weight.max(title_weight);
            }
            visitor.class(&class, &kinds);
        }
    }
}

/// A digit of numbers that the first-level cache can count.
const DIGIT: u32 = 12;

/// Files in an order, brought together by their number, rising, and otherwise left in it; and where each number ends.
/// A stable counting sort, digit by digit. O(files x digits).
fn by_digits(numbers: &[u32], largest: u32, files: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let bits = u32::BITS - largest.leading_zeros();
    let digits = bits.div_ceil(DIGIT).max(1);
    let width = bits.div_ceil(digits).max(1);
    let mut order: Vec<u64> =
        files.iter().map(|&file| u64::from(numbers[file as usize]) << 32 | u64::from(file)).collect();
    let mut sorted = vec![0u64; order.len()];
    for digit in 0..digits {
        let of = |key: u64| (key >> (32 + digit * width)) as usize & ((1 << width) - 1);
        let mut next = vec![0usize; (1 << width) + 1];
        order.iter().for_each(|&key| next[of(key) + 1] += 1);
        (1..next.len()).for_each(|i| next[i] += next[i - 1]);
        for &key in &order {
            let place = &mut next[of(key)];
            sorted[*place] = key;
            *place += 1;
        }
        std::mem::swap(&mut order, &mut sorted);
    }
    let ends = order.chunk_by(|a, b| a >> 32 == b >> 32).scan(0, |end, class| {
        *end += class.len() as u32;
        Some(*end)
    });
    let ends = ends.collect();
    (order.into_iter().map(|key| key as u32).collect(), ends)
}
