//! Every candidate of a grid.

use rayon::prelude::*;

use super::Grid;
use super::columns::{Asked, Measured, SweepRow};
use crate::anonymity::{AxisLoss, Distortion, Measures, Ranks, Tally, Thresholds, axis_loss};
use crate::catalogue::{Catalogue, SideField};
use crate::classes::{Atoms, Axis, Base, Cells, Class, Classes, Generalization, KindShare, Rows, Visit};
use crate::rounding::{Family, Rounding};

/// One generalization with its measures and its loss.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// What was evaluated.
    pub generalization: Generalization,
    /// Its anonymity.
    pub measures: Measures,
    /// Its loss.
    pub distortion: Distortion,
}

/// Evaluates one generalization by grouping the files. O(files log files).
pub fn evaluate(
    cells: &Cells<'_>,
    generalization: &Generalization,
    thresholds: Thresholds,
    budgets: &[f64],
) -> Evaluation {
    let mut tally = Tally::new(thresholds, cells.catalogue().kind().levels());
    Classes::group(cells, generalization.key()).visit(&mut tally);
    Evaluation {
        measures: Measures::of(tally, cells.catalogue(), budgets),
        distortion: Distortion::of(cells, generalization),
        generalization: generalization.clone(),
    }
}

/// A sweep before it runs: every pair of the grid for every set of side fields, parted into pieces that can be done
/// one by one and in any order.
pub struct Sweep<'c, 'a> {
    cells: &'c Cells<'a>,
    grid: &'c Grid,
    by: &'c [Vec<SideField>],
    exposed_share: f64,
    duration_loss: Vec<AxisLoss>,
    bitrate_loss: Vec<AxisLoss>,
    bitrate_work: Vec<u64>,
    durations: Vec<Shared>,
    bitrates: Vec<Shared>,
    parts: Vec<Part>,
    one_series_a_title: bool,
}

/// Roundings of one attribute that share their atoms, by number.
struct Shared {
    members: Vec<usize>,
    atoms: Atoms,
}

/// One piece of a sweep: some bit rates, with every duration and one set of side fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    by: usize,
    shared: usize,
    /// Places among the members.
    bitrates: std::ops::Range<usize>,
}

/// Candidates of a part, about.
const PART: usize = 50_000;
/// A rounding that cuts a catalogue in more places than this has its atoms to itself.
const MOST_CUTS: usize = 1 << 16;

impl<'c, 'a> Sweep<'c, 'a> {
    /// Plans the sweep. k within a budget leaves that share of the files aside.
    /// O(distinct values + buckets of all roundings).
    pub fn new(cells: &'c Cells<'a>, grid: &'c Grid, by: &'c [Vec<SideField>], exposed_share: f64) -> Self {
        let losses = |list: &[Rounding], axis: &Axis| {
            list.par_iter().map(|rounding| axis_loss(axis, rounding, rounding.dimension())).collect()
        };
        let durations = share(cells.duration(), &grid.durations);
        let bitrates = share(cells.bitrate(), &grid.bitrates);
        let length = (PART / grid.durations.len().max(1)).max(1);
        let mut parts = Vec::new();
        for by in 0..by.len() {
            for (number, shared) in bitrates.iter().enumerate() {
                let members = shared.members.len();
                parts.extend((0..members).step_by(length).map(|from| Part {
                    by,
                    shared: number,
                    bitrates: from..(from + length).min(members),
                }));
            }
        }
        Self {
            duration_loss: losses(&grid.durations, cells.duration()),
            bitrate_loss: losses(&grid.bitrates, cells.bitrate()),
            bitrate_work: (grid.bitrates.par_iter())
                .map(|rounding| (cells.bitrate().cuts(rounding).len() as u64 + 1).isqrt() + 1)
                .collect(),
            cells,
            grid,
            by,
            exposed_share,
            durations,
            bitrates,
            parts,
            one_series_a_title: one_series_a_title(cells.catalogue()),
        }
    }

    /// The pieces, those of one set of side fields together.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// How many candidates there are.
    pub fn candidates(&self) -> u64 {
        (self.grid.len() * self.by.len()) as u64
    }

    /// The work of some pieces, by number, in the units that [`Sweep::run`] tells: the time that a bit rate takes grows
    /// about with the root of the number of its buckets, whatever the durations.
    pub fn work(&self, parts: &[usize]) -> u64 {
        let of_part = |part: &Part| {
            let members = &self.bitrates[part.shared].members[part.bitrates.clone()];
            members.iter().map(|&bitrate| self.bitrate_work[bitrate]).sum::<u64>()
        };
        parts.iter().map(|&part| of_part(&self.parts[part])).sum()
    }

    /// Does the pieces of these numbers, on all threads, and hands each over as it is done. `done` is told of candidates,
    /// and of their [work](Sweep::work). Pieces of one set of side fields are taken in an order that spreads fine and
    /// coarse widths evenly, so that the time taken so far tells the time to come.
    ///
    /// # Errors
    /// That of `each`, with which the sweep ends.
    pub fn run<'s, M: Measured, E>(
        &'s self,
        wanted: &[usize],
        done: &(dyn Fn(u64, u64) + Sync),
        mut each: impl FnMut(usize, Vec<(Place, M::Row)>) -> Result<(), E>,
    ) -> Result<(), E> {
        let same_base = |&a: &usize, &b: &usize| {
            (self.parts[a].by, self.parts[a].shared) == (self.parts[b].by, self.parts[b].shared)
        };
        for of_base in wanted.chunk_by(same_base) {
            let Part { by, shared, .. } = self.parts[of_base[0]];
            let shared = &self.bitrates[shared];
            let rates = (self.cells.bitrate(), &shared.atoms);
            let base = |durations: &'s Atoms| {
                Base::new(self.cells, rates, (self.cells.duration(), durations), &self.by[by], M::FULL)
            };
            let bases: Vec<Base<'_>> = self.durations.iter().map(|shared| base(&shared.atoms)).collect();
            for at in spread(of_base.len()) {
                let part = &self.parts[of_base[at]];
                let one = |at: usize| self.one::<M>(&bases, shared, at, by, done);
                let rows: Vec<Vec<_>> = part.bitrates.clone().into_par_iter().map(one).collect();
                each(of_base[at], rows.into_iter().flatten().collect())?;
            }
        }
        Ok(())
    }

    /// Every candidate, in the grid's order, on all threads.
    pub fn rows<M: Measured>(&self, done: &(dyn Fn(u64, u64) + Sync)) -> Vec<M::Row> {
        let parts: Vec<usize> = (0..self.parts.len()).collect();
        let mut rows: Vec<(Place, M::Row)> = Vec::new();
        let Ok(()) = self.run::<M, std::convert::Infallible>(&parts, done, |_, part| {
            rows.extend(part);
            Ok(())
        });
        rows.sort_by_key(|(place, _)| *place);
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// Every duration with one bit rate.
    fn one<M: Measured>(
        &self,
        bases: &[Base<'_>],
        shared: &Shared,
        at: usize,
        by: usize,
        done: &(dyn Fn(u64, u64) + Sync),
    ) -> Vec<(Place, M::Row)> {
        let b = shared.members[at];
        let bitrate = &self.grid.bitrates[b];
        let mut rows = Vec::with_capacity(self.grid.durations.len());
        for (base, durations) in bases.iter().zip(&self.durations) {
            let mut gathered = vec![M::default(); durations.members.len()];
            base.visit(&shared.atoms.candidates()[at], &mut gathered);
            for (gathered, &d) in gathered.iter().zip(&durations.members) {
                let duration = &self.grid.durations[d];
                let asked = Asked {
                    catalogue: self.cells.catalogue(),
                    duration: (duration, self.duration_loss[d]),
                    bitrate: (bitrate, self.bitrate_loss[b]),
                    by: &self.by[by],
                    exposed_share: self.exposed_share,
                    one_series_a_title: self.one_series_a_title,
                };
                let row = gathered.row(&asked, || {
                    let mut fewest = FewestSeries(u32::MAX);
                    Rows::new(self.cells, duration, &self.by[by]).visit(bitrate, &mut fewest);
                    fewest.0
                });
                rows.push((Place { by, duration: d, bitrate: b }, row));
            }
        }
        done(rows.len() as u64, self.bitrate_work[b]);
        rows
    }
}

/// Where a candidate stands in a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The set of side fields, by number.
    pub by: usize,
    /// The rounding of the duration.
    pub duration: usize,
    /// The rounding of the bit rate.
    pub bitrate: usize,
}

/// The roundings that share their atoms, and those that have theirs to themselves.
fn share(axis: &Axis, list: &[Rounding]) -> Vec<Shared> {
    let is_fine = |&i: &usize| axis.values().len() > MOST_CUTS && axis.cuts(&list[i]).len() > MOST_CUTS;
    let (fine, coarse): (Vec<usize>, Vec<usize>) = (0..list.len()).partition(is_fine);
    // Many widths among themselves have atoms as wide as one another, in which a bucket is found without a table.
    let is_width = |&i: &usize| matches!(list[i].family(), Family::Floor(_)) && list[i].coding().is_none();
    let (widths, others): (Vec<usize>, Vec<usize>) = coarse.into_iter().partition(is_width);
    let apart = widths.len() > 8 * others.len();
    let shared = if apart { vec![widths, others] } else { vec![[widths, others].concat()] };
    let groups = fine.into_iter().map(|i| vec![i]).chain(shared).filter(|members| !members.is_empty());
    groups
        .map(|members| {
            let roundings: Vec<&Rounding> = members.iter().map(|&i| &list[i]).collect();
            Shared { atoms: Atoms::new(axis, &roundings), members }
        })
        .collect()
}

/// Whether all files of each title are of one series.
fn one_series_a_title(catalogue: &Catalogue) -> bool {
    let mut of_title = vec![u32::MAX; catalogue.titles() as usize];
    catalogue.title().iter().zip(catalogue.series()).all(|(&title, &series)| {
        let held = &mut of_title[title as usize];
        let first = *held == u32::MAX;
        if first {
            *held = series;
        }
        *held == series
    })
}

/// 0..n in the order of their reversed bits: every beginning of it is spread evenly over the whole.
fn spread(n: usize) -> Vec<usize> {
    let bits = usize::BITS - n.leading_zeros();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|i| i.reverse_bits() >> (usize::BITS - bits.max(1)));
    order
}

/// The fewest series of a class.
struct FewestSeries(u32);

impl Visit for FewestSeries {
    const KINDS: bool = false;

    fn class(&mut self, class: &Class, _: &[KindShare]) {
        self.0 = self.0.min(class.series);
    }

    fn single(&mut self, _: u64, _: usize) {
        self.0 = 1;
    }
}

/// Evaluates every pair of the grid for every set of side fields, in the grid's order, on all threads.
/// `done` is told each time a number of candidates is finished.
pub fn sweep(
    cells: &Cells<'_>,
    grid: &Grid,
    by: &[Vec<SideField>],
    exposed_share: f64,
    done: &(dyn Fn(u64) + Sync),
) -> Vec<SweepRow> {
    sweep_of::<Ranks>(cells, grid, by, exposed_share, done)
}

/// The same with the columns of [`Measured`]: [`Ranks`] for all of them, [`Counts`](crate::anonymity::Counts) for
/// class sizes alone.
pub fn sweep_of<M: Measured>(
    cells: &Cells<'_>,
    grid: &Grid,
    by: &[Vec<SideField>],
    exposed_share: f64,
    done: &(dyn Fn(u64) + Sync),
) -> Vec<M::Row> {
    Sweep::new(cells, grid, by, exposed_share).rows::<M>(&|candidates, _| done(candidates))
}
