//! Rows collapsed to their inner atoms, some thousand files at a time.

use std::ops::Range;

use super::Base;
use super::atoms::Number;
use super::repeats::Repeat;
use super::visit::{Candidate, Gather, Scratch};
use crate::classes::Class;

/// A row whose atoms lie at most so many times as far apart as it has files is collapsed by counting; and so many steps
/// an entry, at most, a row's table of places has.
const DENSE: usize = 4;
/// Entries whose largest weights are known together.
const CHUNK: usize = 16;

/// Rows with their entries: one entry for each distinct atom of a row.
#[derive(Default)]
pub(super) struct Block {
    files: usize,
    rows: Vec<Row>,
    /// The atom of each entry; every row ends with one entry of no file.
    pub atom: Vec<u32>,
    /// What the row holds before each entry.
    pub before: Vec<Before>,
    /// The largest of each entry, of each chunk of entries, and of each chunk of chunks.
    tops: [Vec<Tops>; 3],
    /// Of every so many atoms from a row's first on, the first entry of the row that isn't below.
    pub table: Vec<u32>,
    pub pairs: Vec<Pair>,
    pub items: Vec<Item>,
    pub groups: Vec<Group>,
    /// Titles that have several files at one atom of the row at hand.
    notes: Vec<Note>,
    dense: Vec<(Sums, Tops)>,
    order: Vec<u64>,
}

/// Sums over entries.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub files: u32,
    /// Files beyond the first of their title at their atom.
    pub extra: u32,
    pub weight: u64,
}

pub(super) type Before = Sums;

/// The largest of some entries.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tops {
    /// Weight of a file.
    pub file: u64,
    /// Weight of a title's files at one atom.
    pub title: u64,
    /// Files of a title at one atom.
    pub title_files: u32,
}

impl Tops {
    #[inline]
    fn max(self, other: Self) -> Self {
        Self {
            file: self.file.max(other.file),
            title: self.title.max(other.title),
            title_files: self.title_files.max(other.title_files),
        }
    }
}

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its entries, without the last one of no file.
    pub entries: Range<usize>,
    pub first_atom: u32,
    pub last_atom: u32,
    /// Where its table begins, and the atoms of one step of it, as a power of two.
    pub table: usize,
    pub shift: u32,
    /// What titles at several atoms change, the nearest atoms first.
    pub pairs: Range<usize>,
    /// The titles that it holds at very many atoms, those whose files lie nearest to each other first.
    pub groups: Range<usize>,
    /// The row as one class.
    pub whole: Class,
}

/// What titles change in a class that holds both these atoms of theirs and all between: for a title at atoms a < b < c
/// these are (a, b), (b, c) and (a, c). Titles with the same pair of atoms are one pair.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub low: u32,
    pub high: u32,
    /// Titles for which these two are neighbors: each is counted once too often as a title.
    pub extra: u32,
    /// The most files of a title from the one to the other.
    pub files: u32,
    /// The largest weight of a title, likewise.
    pub weight: u64,
}

impl Pair {
    pub fn gap(&self) -> u32 {
        self.high - self.low
    }
}

/// A title at more atoms than this is no set of pairs, whose number grows with the square.
const MOST_PAIRED: usize = 12;

/// A title that a row holds at very many atoms.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The least distance of two of its atoms.
    pub gap: u32,
    pub items: Range<usize>,
}

/// The files of one title at one atom of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub atom: u32,
    pub files: u32,
    pub weight: u64,
}

type Note = Item;

impl Block {
    pub fn new(atoms: u32) -> Self {
        Self { dense: vec![Default::default(); atoms as usize], ..Self::default() }
    }

    pub fn clear(&mut self) {
        self.files = 0;
        self.rows.clear();
        self.atom.clear();
        self.before.clear();
        self.tops[0].clear();
        self.table.clear();
        self.pairs.clear();
        self.items.clear();
        self.groups.clear();
    }

    /// How many files its rows hold.
    pub fn files(&self) -> usize {
        self.files
    }

    /// Adds the row of these places of the base. A row of one atom is one class under every candidate, and is shown to
    /// `constant` instead.
    pub fn push<'a, G: Gather>(
        &mut self,
        base: &Base<'_>,
        places: Range<u32>,
        repeated: impl Iterator<Item = &'a [Repeat]>,
        constant: &mut G,
    ) {
        let range = places.start as usize..places.end as usize;
        let (atoms, weights) = (&base.atom[range.clone()], &base.weight[range.clone()]);
        self.files += range.len();
        if let [weight] = weights {
            return constant.plain(1, *weight, *weight);
        }
        let (pairs, groups) = self.push_repeats(base, repeated);
        let (first_atom, last_atom) =
            atoms.iter().fold((u32::MAX, 0), |(low, high), &atom| (low.min(atom), high.max(atom)));
        let start = self.atom.len();
        let spread = (last_atom - first_atom) as usize + 1;
        let (sums, tops) = if spread <= DENSE * range.len() {
            self.count(atoms, weights, first_atom, last_atom)
        } else {
            self.sort(atoms, weights)
        };
        let whole = self.whole(sums, tops, &pairs, &groups);
        if first_atom == last_atom {
            self.atom.truncate(start);
            self.before.truncate(start);
            self.tops[0].truncate(start);
            return constant.class(&whole);
        }
        let entries = start..self.atom.len();
        self.push_entry(u32::MAX, sums, Tops::default());
        let shift = (spread / (DENSE * entries.len())).checked_ilog2().map_or(0, |log| log + 1);
        let table = self.push_table(&entries, first_atom, shift);
        self.rows.push(Row { entries, first_atom, last_atom, table, shift, pairs, groups, whole });
    }

    fn push_entry(&mut self, atom: u32, before: Sums, tops: Tops) {
        self.atom.push(atom);
        self.before.push(before);
        self.tops[0].push(tops);
    }

    /// Collapses by counting; returns the sums of the row and its largest.
    fn count(&mut self, atoms: &[u32], weights: &[u64], first: u32, last: u32) -> (Sums, Tops) {
        for (&atom, &weight) in atoms.iter().zip(weights) {
            let (sums, tops) = &mut self.dense[atom as usize];
            sums.files += 1;
            sums.weight += weight;
            tops.file = weight.max(tops.file);
        }
        for note in &self.notes {
            let (sums, tops) = &mut self.dense[note.atom as usize];
            sums.extra += note.files - 1;
            *tops = tops.max(note.tops());
        }
        let (mut before, mut tops) = (Sums::default(), Tops::default());
        for atom in first..=last {
            let (of_atom, of_tops) = self.dense[atom as usize];
            if of_atom.files > 0 {
                self.dense[atom as usize] = Default::default();
                let of_tops = of_tops.with_lone_files();
                self.push_entry(atom, before, of_tops);
                before.files += of_atom.files;
                before.extra += of_atom.extra;
                before.weight += of_atom.weight;
                tops = tops.max(of_tops);
            }
        }
        (before, tops)
    }

    /// Collapses by sorting; returns the sums of the row and its largest.
    fn sort(&mut self, atoms: &[u32], weights: &[u64]) -> (Sums, Tops) {
        self.order.clear();
        self.order.extend(atoms.iter().enumerate().map(|(i, &atom)| u64::from(atom) << 32 | i as u64));
        self.order.sort_unstable();
        self.notes.sort_unstable_by_key(|note| note.atom);
        let (mut before, mut tops) = (Sums::default(), Tops::default());
        let (order, notes) = (std::mem::take(&mut self.order), std::mem::take(&mut self.notes));
        let mut rest = &notes[..];
        for same in order.chunk_by(|a, b| a >> 32 == b >> 32) {
            let atom = (same[0] >> 32) as u32;
            let (mut of_atom, mut of_tops) = (before, Tops::default());
            for &key in same {
                let weight = weights[key as u32 as usize];
                of_atom.weight += weight;
                of_tops.file = of_tops.file.max(weight);
            }
            of_atom.files += same.len() as u32;
            let here = rest.partition_point(|note| note.atom == atom);
            for note in &rest[..here] {
                of_atom.extra += note.files - 1;
                of_tops = of_tops.max(note.tops());
            }
            rest = &rest[here..];
            let of_tops = of_tops.with_lone_files();
            self.push_entry(atom, before, of_tops);
            (before, tops) = (of_atom, tops.max(of_tops));
        }
        (self.order, self.notes) = (order, notes);
        (before, tops)
    }

    /// Of every so many atoms from the row's first to its last, the first entry that isn't below.
    fn push_table(&mut self, entries: &Range<usize>, first: u32, shift: u32) -> usize {
        let start = self.table.len();
        for entry in entries.clone() {
            // The steps that begin after the entry before and not after this one.
            let until = start + ((self.atom[entry] - first) >> shift) as usize + 1;
            self.table.resize(until.max(self.table.len()), (entry - entries.start) as u32);
        }
        start
    }

    /// The titles that occur more than once in the row: at one atom in the notes, at several as pairs, at very many as
    /// groups.
    fn push_repeats<'a>(
        &mut self,
        base: &Base<'_>,
        repeated: impl Iterator<Item = &'a [Repeat]>,
    ) -> (Range<usize>, Range<usize>) {
        let Self { pairs, items, groups, notes, .. } = self;
        let (from_pair, from_group) = (pairs.len(), groups.len());
        notes.clear();
        for run in repeated {
            let start = items.len();
            let item = |file: &Repeat| {
                let place = file.place as usize;
                Item { atom: base.atom[place], files: 1, weight: base.weight[place] }
            };
            items.extend(run.iter().map(item));
            close(items, start, pairs, groups, notes);
        }
        groups[from_group..].sort_unstable_by_key(|group| (group.gap, group.items.start));
        pairs[from_pair..].sort_unstable_by_key(|pair| u64::from(pair.gap()) << 32 | u64::from(pair.low));
        let mut kept = from_pair;
        for at in from_pair + 1..pairs.len() {
            let pair = pairs[at];
            let last = &mut pairs[kept];
            if (pair.low, pair.high) == (last.low, last.high) {
                last.extra += pair.extra;
                last.files = last.files.max(pair.files);
                last.weight = last.weight.max(pair.weight);
            } else {
                kept += 1;
                pairs[kept] = pair;
            }
        }
        pairs.truncate(if pairs.len() == from_pair { from_pair } else { kept + 1 });
        (from_pair..pairs.len(), from_group..groups.len())
    }

    /// The row as one class.
    fn whole(&self, sums: Sums, tops: Tops, pairs: &Range<usize>, groups: &Range<usize>) -> Class {
        let mut class = sums.class(tops);
        for pair in &self.pairs[pairs.clone()] {
            class.titles -= pair.extra;
            class.top_title_files = class.top_title_files.max(pair.files);
            class.top_title_weight = class.top_title_weight.max(pair.weight);
        }
        for group in &self.groups[groups.clone()] {
            let items = &self.items[group.items.clone()];
            class.titles -= items.len() as u32 - 1;
            let files = items.iter().map(|item| item.files).sum();
            class.top_title_files = class.top_title_files.max(files);
            class.top_title_weight = class.top_title_weight.max(items.iter().map(|item| item.weight).sum());
        }
        class
    }

    /// To be called when every row is there.
    pub fn finish(&mut self) {
        let [entries, chunks, chunks_of_chunks] = &mut self.tops;
        let largest = |chunk: &[Tops]| chunk.iter().copied().fold(Tops::default(), Tops::max);
        chunks.clear();
        chunks.extend(entries.chunks(CHUNK).map(largest));
        chunks_of_chunks.clear();
        chunks_of_chunks.extend(chunks.chunks(CHUNK).map(largest));
    }

    /// The largest of these entries. O(64 + entries / 4096).
    #[inline]
    pub fn top(&self, entries: Range<usize>) -> Tops {
        let (mut from, mut to, mut level, mut top) = (entries.start, entries.end, 0, Tops::default());
        while to - from > 2 * CHUNK && level + 1 < self.tops.len() {
            let (inner_from, inner_to) = (from.div_ceil(CHUNK), to / CHUNK);
            let tops = &self.tops[level];
            let edges = tops[from..inner_from * CHUNK].iter().chain(&tops[inner_to * CHUNK..to]);
            top = edges.fold(top, |top, &other| top.max(other));
            (from, to, level) = (inner_from, inner_to, level + 1);
        }
        self.tops[level][from..to].iter().fold(top, |top, &other| top.max(other))
    }

    /// Shows every class of the candidate to the gatherer.
    pub fn visit<G: Gather, N: Number>(
        &self,
        candidate: &Candidate<'_, N>,
        gatherer: &mut G,
        scratch: &mut Scratch,
    ) {
        for row in &self.rows {
            super::visit::row(self, row, candidate, gatherer, scratch);
        }
    }
}

impl Sums {
    /// The class of these sums and largest, titles at several atoms aside.
    pub fn class(self, tops: Tops) -> Class {
        Class {
            files: self.files,
            titles: self.files - self.extra,
            series: 0,
            weight: self.weight,
            top_file_weight: tops.file,
            top_title_files: tops.title_files,
            top_title_weight: tops.title,
        }
    }
}

impl Item {
    fn tops(&self) -> Tops {
        Tops { file: 0, title: self.weight, title_files: self.files }
    }
}

impl Tops {
    /// A lone file is the only one of its title.
    fn with_lone_files(self) -> Self {
        Self { title: self.title.max(self.file), title_files: self.title_files.max(1), ..self }
    }
}

/// Sorts the items of one title, those from `start` on, by atom and merges those of one atom. Several files at one atom
/// are noted, a title at several atoms becomes pairs, and one at very many a group, whose items alone stay.
fn close(
    items: &mut Vec<Item>,
    start: usize,
    pairs: &mut Vec<Pair>,
    groups: &mut Vec<Group>,
    notes: &mut Vec<Note>,
) {
    items[start..].sort_unstable_by_key(|item| item.atom);
    let (mut gap, mut kept) = (u32::MAX, start);
    for at in start + 1..items.len() {
        let item = items[at];
        let last = &mut items[kept];
        if item.atom == last.atom {
            last.files += item.files;
            last.weight += item.weight;
        } else {
            gap = gap.min(item.atom - last.atom);
            kept += 1;
            items[kept] = item;
        }
    }
    items.truncate(kept + 1);
    notes.extend(items[start..].iter().filter(|item| item.files > 1));
    if kept - start >= MOST_PAIRED {
        groups.push(Group { gap, items: start..kept + 1 });
        return;
    }
    for (at, low) in items[start..].iter().enumerate() {
        let (mut files, mut weight) = (low.files, low.weight);
        for (between, high) in items[start + at + 1..].iter().enumerate() {
            files += high.files;
            weight += high.weight;
            let extra = u32::from(between == 0);
            pairs.push(Pair { low: low.atom, high: high.atom, extra, files, weight });
        }
    }
    items.truncate(start);
}
