//! Many bit-rate roundings over one duration rounding, without regrouping.
//!
//! For one duration rounding and one set of side fields the files fall into *rows*; a bit-rate rounding
//! cuts every row into classes, which are runs of its files by rising bit rate. Only titles and series that
//! occur twice in a row can occur twice in a class, so all others are counted without a look-up; the rest get
//! a number local to their row, and their look-ups stay in cache.

use super::{Cells, Class, KindShare, Visit};
use crate::catalogue::SideField;
use crate::rounding::Partition;

/// No other file of the row shares it.
const ALONE: u32 = u32::MAX;
/// Above this many possible rows, sorting is cheaper than counting.
const MOST_COUNTED: u64 = 1 << 23;

/// The files of a catalogue by row, and by bit rate within a row.
pub struct Rows<'c, 'a> {
    cells: &'c Cells<'a>,
    ends: Vec<u32>,
    files: Vec<Entry>,
    most_titles: u32,
    most_series: u32,
}

#[derive(Clone, Copy)]
struct Entry {
    weight: u64,
    bitrate: u32,
    title: u32,
    series: u32,
    kind: u16,
}

impl<'c, 'a> Rows<'c, 'a> {
    /// Sorts the files into rows. O(files), or O(files log files) with very many rows.
    pub fn new(cells: &'c Cells<'a>, duration: &dyn Partition, by: &[SideField]) -> Self {
        let catalogue = cells.catalogue();
        let (bucket, buckets) = cells.duration().buckets(duration);
        let (combination, combinations) = cells.combinations(by);
        let row_of = |file: u32| {
            let file = file as usize;
            let bucket = bucket[cells.duration().rank()[file] as usize];
            u64::from(combination[file]) * u64::from(buckets) + u64::from(bucket)
        };
        let (order, ends) =
            into_rows(cells.by_bitrate(), row_of, u64::from(combinations) * u64::from(buckets));

        let mut files: Vec<Entry> = order
            .iter()
            .map(|&file| Entry {
                weight: catalogue.weight()[file as usize],
                bitrate: cells.bitrate().rank()[file as usize],
                title: ALONE,
                series: ALONE,
                kind: catalogue.kind().index(file as usize) as u16,
            })
            .collect();
        let most_titles =
            number_repeats(&order, &ends, catalogue.title(), catalogue.titles(), |at, local| {
                files[at].title = local;
            });
        let most_series =
            number_repeats(&order, &ends, catalogue.series(), catalogue.series_bound(), |at, local| {
                files[at].series = local;
            });
        Self { cells, ends, files, most_titles, most_series }
    }

    /// Shows every class under that bit-rate rounding to the visitor. O(files).
    pub fn visit(&self, bitrate: &dyn Partition, visitor: &mut impl Visit) {
        let reach = reach(&self.cells.bitrate().buckets(bitrate).0);
        let mut scratch = Scratch::new(self);
        let mut start = 0;
        for &end in &self.ends {
            let mut row = &self.files[start..end as usize];
            while let [first, rest @ ..] = row {
                let reach = reach[first.bitrate as usize];
                let more = rest.iter().take_while(|file| file.bitrate < reach).count();
                let (class, others) = row.split_at(1 + more);
                match class {
                    [file] => visitor.single(file.weight, usize::from(file.kind)),
                    files => scratch.class(files, visitor),
                }
                row = others;
            }
            start = end as usize;
        }
    }
}

/// For each rank the first rank of the next bucket: one look-up a class, where comparing buckets takes one a file.
fn reach(bucket: &[u32]) -> Vec<u32> {
    let mut reach = vec![bucket.len() as u32; bucket.len()];
    for rank in (0..bucket.len().saturating_sub(1)).rev() {
        reach[rank] = if bucket[rank] == bucket[rank + 1] { reach[rank + 1] } else { rank as u32 + 1 };
    }
    reach
}

/// The order that brings the files of a row together and keeps theirs, and where each row ends.
fn into_rows(files: &[u32], row_of: impl Fn(u32) -> u64, rows: u64) -> (Vec<u32>, Vec<u32>) {
    if rows > MOST_COUNTED {
        let mut keyed: Vec<(u64, u32)> = files.iter().map(|&file| (row_of(file), file)).collect();
        keyed.sort_by_key(|&(row, _)| row);
        let mut end = 0;
        let ends = keyed.chunk_by(|a, b| a.0 == b.0).map(|row| {
            end += row.len() as u32;
            end
        });
        let ends = ends.collect();
        return (keyed.into_iter().map(|(_, file)| file).collect(), ends);
    }
    let mut starts = vec![0u32; rows as usize + 1];
    let numbers: Vec<u32> = files.iter().map(|&file| row_of(file) as u32).collect();
    numbers.iter().for_each(|&row| starts[row as usize + 1] += 1);
    for row in 1..starts.len() {
        starts[row] += starts[row - 1];
    }
    let mut order = vec![0; files.len()];
    let mut next = starts.clone();
    for (&file, &row) in files.iter().zip(&numbers) {
        order[next[row as usize] as usize] = file;
        next[row as usize] += 1;
    }
    let ends = starts.windows(2).filter(|pair| pair[0] < pair[1]).map(|pair| pair[1]).collect();
    (order, ends)
}

/// Numbers, row by row, the ids that occur more than once in the row; returns the most there are in one.
fn number_repeats(
    order: &[u32],
    ends: &[u32],
    ids: &[u32],
    bound: u32,
    mut assign: impl FnMut(usize, u32),
) -> u32 {
    #[derive(Clone, Copy)]
    struct Seen {
        row: u32,
        first: u32,
        local: u32,
    }
    let mut seen = vec![Seen { row: u32::MAX, first: 0, local: ALONE }; bound as usize];
    let (mut most, mut start) = (0, 0);
    for (row, &end) in ends.iter().enumerate() {
        let mut next = 0;
        for at in start..end {
            let id = &mut seen[ids[order[at as usize] as usize] as usize];
            if id.row != row as u32 {
                *id = Seen { row: row as u32, first: at, local: ALONE };
                continue;
            }
            if id.local == ALONE {
                id.local = next;
                next += 1;
                assign(id.first as usize, id.local);
            }
            assign(at as usize, id.local);
        }
        most = most.max(next);
        start = end;
    }
    most
}

/// What is counted of the repeated titles and series of one class; a stamp spares clearing it.
struct Scratch {
    stamp: u32,
    titles: Vec<Title>,
    touched: Vec<u32>,
    series: Vec<u32>,
    kinds: Vec<KindShare>,
}

#[derive(Clone, Copy, Default)]
struct Title {
    weight: u64,
    stamp: u32,
    files: u32,
    kind: u16,
}

impl Scratch {
    fn new(rows: &Rows<'_, '_>) -> Self {
        Self {
            stamp: 0,
            titles: vec![Title::default(); rows.most_titles as usize],
            touched: Vec::new(),
            series: vec![0; rows.most_series as usize],
            kinds: vec![KindShare::default(); rows.cells.catalogue().kind().levels()],
        }
    }

    fn class<V: Visit>(&mut self, files: &[Entry], visitor: &mut V) {
        self.stamp += 1;
        self.touched.clear();
        if V::KINDS {
            self.kinds.fill(KindShare::default());
        }
        let mut class = Class { files: files.len() as u32, ..Class::default() };
        for file in files {
            class.weight += file.weight;
            class.top_file_weight = class.top_file_weight.max(file.weight);
            if V::KINDS {
                let kind = &mut self.kinds[usize::from(file.kind)];
                kind.files += 1;
                kind.best_titles += u32::from(file.title == ALONE);
            }
            if file.title == ALONE {
                class.titles += 1;
            } else {
                let title = &mut self.titles[file.title as usize];
                if title.stamp != self.stamp {
                    *title = Title { weight: 0, stamp: self.stamp, files: 0, kind: file.kind };
                    self.touched.push(file.title);
                }
                title.weight += file.weight;
                title.files += 1;
            }
            if file.series == ALONE {
                class.series += 1;
            } else {
                let seen = &mut self.series[file.series as usize];
                class.series += u32::from(*seen != self.stamp);
                *seen = self.stamp;
            }
        }
        class.top_title_files = u32::from(class.titles > 0);
        class.titles += self.touched.len() as u32;
        // A title alone in its row weighs what its file weighs; a repeated one at least its largest.
        class.top_title_weight = class.top_file_weight;
        for &local in &self.touched {
            let title = self.titles[local as usize];
            class.top_title_weight = class.top_title_weight.max(title.weight);
            if title.files > class.top_title_files {
                class.top_title_files = title.files;
                self.kinds.iter_mut().for_each(|kind| kind.best_titles = 0);
            }
            if V::KINDS && title.files == class.top_title_files {
                self.kinds[usize::from(title.kind)].best_titles += 1;
            }
        }
        visitor.class(&class, &self.kinds);
    }
}
