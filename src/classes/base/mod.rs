//! The catalogue collapsed for a whole grid of candidates at once.
//!
//! Every pair of an outer and an inner partition is a candidate; a sweep takes the bit rate as the outer and the
//! duration as the inner one. A [`Base`] holds the files of one set of side fields sorted by (combination of side fields,
//! outer atom, inner atom), see [`Atoms`]. Under one outer partition they fall into *rows*, which are runs of that
//! order; a row is collapsed to its distinct inner atoms ([`Block`]), with prefix sums; every inner partition then reads
//! its classes off as differences ([`visit`]). Rows are taken block by block, so that a block and all that is asked of it
//! stay in the cache, and so that a thread holds one block and never a whole row table.
//!
//! Titles: where no title is twice in a class, its distinct titles are its files and the likeliest title is the
//! likeliest file. The files of a title are about as long as one another while their bit rates differ widely: with the
//! duration inside, those that share a row mostly share an atom, and are summed with it. Only titles at several atoms of
//! a row are looked at one by one, and of those only the ones whose atoms lie near enough to share a bucket. Nothing is
//! hashed, sampled or approximated; all sums are of integers, so no order and no thread changes them.
//!
//! The oracle is [`Classes`](super::Classes), which groups the files themselves; tests hold the two equal.

mod atoms;
mod block;
mod order;
mod repeats;
mod visit;

pub use atoms::{Atoms, Cut};
pub use visit::Gather;

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::{Axis, Cells};
use crate::catalogue::SideField;
use atoms::{Buckets, Equal};
use block::Block;
use order::Order;
use repeats::{Repeats, Runs};
use visit::Candidate;

/// Files of a block, about: what it takes to collapse them fits the second-level cache.
const BLOCK: usize = 8_192;

/// The files of a catalogue sorted for a grid of candidates over one set of side fields.
pub struct Base<'c> {
    inner: &'c Atoms,
    /// Inner atom and weight of each file, in order.
    atom: Vec<u32>,
    weight: Vec<u64>,
    /// Where each (combination, outer atom) begins.
    runs: Vec<Run>,
    repeats: Repeats,
    buckets: Vec<Buckets>,
    /// What threads that are done worked in. Made anew for each visit, arrays of tens of MiB would leave holes of their
    /// size in the heap, a tenth of all memory.
    idle: Mutex<Vec<Workspace>>,
}

/// What one visit works in.
struct Workspace {
    block: Block,
    scratch: visit::Scratch,
    repeated: Runs,
}

/// The files of one combination of side fields and one outer atom.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: u32,
    combination: u32,
    outer: u32,
}

impl<'c> Base<'c> {
    /// Sorts the files, and where gatherers want titles ([`Gather::FULL`]) finds those that have several.
    /// O(files log files), in about 24 bytes a file and 8 a title while it works.
    pub fn new(
        cells: &Cells<'_>,
        (outer_axis, outer): (&Axis, &Atoms),
        (inner_axis, inner): (&Axis, &'c Atoms),
        by: &[SideField],
        titles: bool,
    ) -> Self {
        let catalogue = cells.catalogue();
        let (combination, combinations) = cells.combinations(by);
        let key = |file: u32| {
            let row = file as usize;
            let outer = outer.of_rank()[outer_axis.rank()[row] as usize];
            let inner = inner.of_rank()[inner_axis.rank()[row] as usize];
            [combination[row], outer, inner]
        };
        let Order { files, atom, runs } =
            Order::new(catalogue.files() as u32, [combinations, outer.len(), inner.len()], key);
        drop(combination);
        let title = catalogue.title();
        let places = runs.windows(2).flat_map(|run| {
            let files = &files[run[0].start as usize..run[1].start as usize];
            files.iter().map(|&file| (run[0].combination, title[file as usize]))
        });
        let outer = |place: u32| outer.of_rank()[outer_axis.rank()[files[place as usize] as usize] as usize];
        let repeats =
            if titles { Repeats::find(places, catalogue.titles(), outer) } else { Repeats::default() };
        Self {
            atom,
            weight: files.par_iter().map(|&file| catalogue.weight()[file as usize]).collect(),
            runs,
            repeats,
            buckets: inner.candidates().iter().map(Cut::buckets).collect(),
            inner,
            idle: Mutex::default(),
        }
    }

    /// Shows every class of every candidate of one outer partition to the gatherer of that candidate: one for each inner
    /// partition, in their order. Every class is shown once, in no promised order.
    /// O(files + sum over the candidates of min(inner atoms, buckets) over the rows).
    pub fn visit<G: Gather>(&self, outer: &Cut, gatherers: &mut [G]) {
        let Some(mut constant) = gatherers.first().map(Gather::empty) else { return };
        let mut workspace = self.workspace();
        let Workspace { block, scratch, repeated } = &mut workspace;
        if G::FULL {
            self.repeats.under(outer, repeated);
        }
        let mut run = 0;
        while run + 1 < self.runs.len() {
            block.clear();
            while run + 1 < self.runs.len() && block.files() < BLOCK {
                let (bucket, end) = self.row(run, outer);
                let repeated = self.repeats.of_row(repeated, (self.runs[run].combination, bucket));
                block.push(self, self.runs[run].start..self.runs[end].start, repeated, &mut constant);
                run = end;
            }
            block.finish();
            let candidates = self.inner.candidates().iter().zip(&self.buckets);
            for ((cut, buckets), gatherer) in candidates.zip(gatherers.iter_mut()) {
                let (starts, span) = (&cut.starts[..], cut.span);
                match buckets {
                    &Buckets::Equal { offset, magic } => {
                        let candidate = Candidate { starts, bucket: Equal { offset, magic }, span };
                        block.visit(&candidate, gatherer, scratch);
                    }
                    Buckets::Table(table) => {
                        let candidate = Candidate { starts, bucket: &table[..], span };
                        block.visit(&candidate, gatherer, scratch);
                    }
                }
            }
        }
        gatherers.iter_mut().for_each(|gatherer| gatherer.merge(&constant));
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(workspace);
    }

    fn workspace(&self) -> Workspace {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| Workspace {
            block: Block::new(self.inner.len()),
            scratch: visit::Scratch::default(),
            repeated: Runs::default(),
        })
    }

    /// The outer bucket of the row that begins with this run, and the first run after it.
    fn row(&self, run: usize, outer: &Cut) -> (u32, usize) {
        let first = &self.runs[run];
        let next = outer.starts.partition_point(|&start| start <= first.outer);
        let end = outer.starts.get(next).copied().unwrap_or(u32::MAX);
        let same = |other: &Run| other.combination == first.combination && other.outer < end;
        (next as u32 - 1, run + self.runs[run..].partition_point(same))
    }
}
