//! Many bit-rate roundings over one duration rounding, without regrouping.
//!
//! For one duration rounding and one set of side fields the files fall into *rows*; a bit-rate rounding
//! cuts every row into classes, which are runs of its files by rising bit rate. Each file knows the place of the
//! file before it in its row with the same title, and with the same series: a run starting at `a` holds a title for
//! the first time exactly where that place lies before `a`. So a class takes one pass over its run and no look-up
//! by title at all.

use super::{Cells, Class, KindShare, Visit};
use crate::catalogue::SideField;
use crate::rounding::Partition;

/// Above this many possible rows, sorting is cheaper than counting.
const MOST_COUNTED: u64 = 1 << 23;

/// The files of a catalogue by row, and by bit rate within a row.
pub struct Rows<'c, 'a> {
    cells: &'c Cells<'a>,
    ends: Vec<u32>,
    order: Vec<u32>,
    files: Vec<Entry>,
    longest: usize,
}

#[derive(Clone, Copy)]
struct Entry {
    weight: u64,
    bitrate: u32,
    /// One past the place of the file before it with the same title in the row; 0 for none.
    title: u32,
    /// Likewise with the same series.
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

        let titles = before(&order, &ends, catalogue.title(), catalogue.titles());
        let series = before(&order, &ends, catalogue.series(), catalogue.series_bound());
        let entry = |(at, &file): (usize, &u32)| Entry {
            weight: catalogue.weight()[file as usize],
            bitrate: cells.bitrate().rank()[file as usize],
            title: titles[at],
            series: series[at],
            kind: catalogue.kind().index(file as usize) as u16,
        };
        let files = order.iter().enumerate().map(entry).collect();
        let starts = std::iter::once(&0).chain(&ends);
        let longest = ends.iter().zip(starts).map(|(end, start)| (end - start) as usize).max().unwrap_or(0);
        Self { cells, ends, order, files, longest }
    }

    /// Shows every class under that bit-rate rounding to the visitor. O(files).
    pub fn visit(&self, bitrate: &dyn Partition, visitor: &mut impl Visit) {
        let reach = reach(&self.cells.bitrate().buckets(bitrate).0);
        let mut scratch = Scratch::new(self.longest, self.cells.catalogue().kind().levels());
        let mut row_start = 0;
        for &row_end in &self.ends {
            let (mut start, row_end) = (row_start, row_end as usize);
            while start < row_end {
                let reach = reach[self.files[start].bitrate as usize];
                let rest = &self.files[start + 1..row_end];
                let end = start + 1 + rest.iter().take_while(|file| file.bitrate < reach).count();
                visitor.at(self.order[start]);
                match &self.files[start..end] {
                    [file] => visitor.single(file.weight, usize::from(file.kind)),
                    files => scratch.class(files, start, visitor),
                }
                start = end;
            }
            row_start = row_end;
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

/// For each place one past the place before it in its row with the same id; 0 for none.
fn before(order: &[u32], ends: &[u32], ids: &[u32], bound: u32) -> Vec<u32> {
    let mut last = vec![0u32; bound as usize];
    let mut found = Vec::with_capacity(order.len());
    let mut start = 0;
    for &end in ends {
        for at in start..end {
            let last = &mut last[ids[order[at as usize] as usize] as usize];
            found.push(if *last > start { *last } else { 0 });
            *last = at + 1;
        }
        start = end;
    }
    found
}

/// For each file of a class, how many files its title holds up to there, and their weight.
struct Scratch {
    files: Vec<u32>,
    weights: Vec<u64>,
    kinds: Vec<KindShare>,
}

impl Scratch {
    fn new(longest: usize, kinds: usize) -> Self {
        Self { files: vec![0; longest], weights: vec![0; longest], kinds: vec![KindShare::default(); kinds] }
    }

    /// The class of these files, the first of which lies at `start`.
    fn class<V: Visit>(&mut self, files: &[Entry], start: usize, visitor: &mut V) {
        let mut class = Class { files: files.len() as u32, ..Class::default() };
        for (at, file) in files.iter().enumerate() {
            class.weight += file.weight;
            class.top_file_weight = class.top_file_weight.max(file.weight);
            class.series += u32::from(file.series as usize <= start);
            let (mut held, mut weight) = (1, file.weight);
            if file.title as usize > start {
                let before = file.title as usize - 1 - start;
                held += self.files[before];
                weight += self.weights[before];
            } else {
                class.titles += 1;
            }
            self.files[at] = held;
            self.weights[at] = weight;
            class.top_title_files = class.top_title_files.max(held);
            class.top_title_weight = class.top_title_weight.max(weight);
        }
        if V::KINDS {
            self.kinds.fill(KindShare::default());
            for (file, &held) in files.iter().zip(&self.files) {
                let kind = &mut self.kinds[usize::from(file.kind)];
                kind.files += 1;
                // A title reaches the most files of the class once, at its last file there, or never.
                kind.best_titles += u32::from(held == class.top_title_files);
            }
        }
        visitor.class(&class, &self.kinds);
    }
}
