//! What readable edges cost: the choice with edges moved, added and left out on a finer grid.

use super::arcs::Arcs;
use super::budget::{self, Budget};
use super::files::Files;
use super::grid::{FreeGrid, Places};
use super::joint::{Losses, Weights, by_file};
use super::path::Problem;
use super::uses::uses;
use crate::anonymity::{Distortion, Thresholds, axis_loss};
use crate::classes::{Axis, Cells, Generalization};
use crate::policy::Limits;
use crate::rounding::Rounding;
use crate::search::SearchError;
use crate::search::breach::thresholds;
use crate::units::Dimension;

/// A choice on a finer grid.
#[derive(Clone, Debug)]
pub struct Unsnapped {
    /// The edges.
    pub generalization: Generalization,
    /// Its distortion, never above that of the readable choice.
    pub loss: f64,
    /// Exact one-dimensional steps that were taken.
    pub steps: u32,
}

/// Betters a choice that meets the limits on a finer grid: the best edges of one number while the other's stay, in turn
/// until neither gets better. Each step is exact over the grid unless it takes too many labels.
///
/// That is a choice, not a bound: the optimum of the finer grid may lose less, so that readable edges cost at least the
/// difference. O(edges x files) and one path under budgets a step.
///
/// # Errors
/// Those of a rounding that can't be built, which edges of a [`FreeGrid`] don't raise; [`SearchError::FreeAttack`] as
/// [`free`](super::free).
pub fn unsnapped(
    cells: &Cells<'_>,
    choice: &Generalization,
    grid: &FreeGrid,
    limits: &Limits,
) -> Result<Unsnapped, SearchError> {
    super::can_be_kept(limits)?;
    let thresholds = thresholds(limits);
    let budgets = budget::budgets(limits, cells.catalogue());
    let (durations, bitrates) = super::places(cells, grid);
    let weights = Weights::of(cells, &choice.by);
    let mut best =
        Unsnapped { generalization: choice.clone(), loss: Distortion::of(cells, choice).total, steps: 0 };
    let sides = [
        Side { axis: cells.duration(), places: &durations, other: cells.bitrate(), weight: weights.duration },
        Side { axis: cells.bitrate(), places: &bitrates, other: cells.duration(), weight: weights.bitrate },
    ];
    // A dropped bit rate stays dropped: cutting it is no move of an edge.
    let sides = if choice.bitrate.is_drop() { &sides[..1] } else { &sides };
    let (mut at, mut stale) = (0, 0);
    while stale < sides.len() {
        let is_duration = at % sides.len() == 0;
        let side = &sides[at % sides.len()];
        let found = best.generalization.clone();
        let other = if is_duration { &found.bitrate } else { &found.duration };
        (at, stale) = (at + 1, stale + 1);
        let Some(rounding) = side.best(cells, &found, other, &budgets, thresholds)? else { continue };
        let moved = match is_duration {
            true => Generalization { duration: rounding, ..found },
            false => Generalization { bitrate: rounding, ..found },
        };
        let loss = Distortion::of(cells, &moved).total;
        if loss < best.loss - super::path::TINY {
            best = Unsnapped { generalization: moved, loss, steps: best.steps + 1 };
            stale = 1;
        }
    }
    Ok(best)
}

/// One axis while the other stays.
struct Side<'a> {
    axis: &'a Axis,
    places: &'a Places,
    other: &'a Axis,
    weight: f64,
}

impl Side<'_> {
    /// The best rounding of this axis; `None` where nothing meets the limits.
    fn best(
        &self,
        cells: &Cells<'_>,
        choice: &Generalization,
        other: &Rounding,
        budgets: &[Budget],
        thresholds: Thresholds,
    ) -> Result<Option<Rounding>, SearchError> {
        let (combination, combinations) = cells.combinations(&choice.by);
        let (bucket, buckets) = self.other.buckets(other);
        let rank = self.other.rank();
        let group = |row: usize| combination[row] * buckets + bucket[rank[row] as usize];
        let group: Vec<u32> = (0..cells.catalogue().files()).map(group).collect();
        let atoms = by_file(self.axis, self.places);
        let last = self.places.len() - 1;
        let is_missing: Vec<u32> = atoms.iter().map(|&atom| u32::from(atom as usize == last)).collect();
        let groups = (combinations * buckets) as usize;
        let files = Files::new(cells, (&atoms, last), &is_missing, (&group, groups));
        // What lacks a value is a bucket of its own: it uses what it uses.
        let mut missing = Files { atoms: 1, ..files.within(1..2) };
        missing.files.iter_mut().for_each(|file| file.atom = 0);
        let missing = uses(&missing, budgets, thresholds);
        let left = budgets.iter().zip(&missing).map(|(budget, used)| budget.most.checked_sub(*used));
        let Some(left) = left.collect::<Option<Vec<u64>>>() else { return Ok(None) };
        let arcs = Arcs(self.places.len());
        let mut loss = Losses::new(self.axis, self.places, self.weight).of;
        if self.axis.missing() > 0 {
            // Without a cut what is missing would be no bucket of its own.
            loss[arcs.at(0, last)] = f64::INFINITY;
        }
        let now = match self.places.dimension {
            Dimension::Bitrate => &choice.bitrate,
            _ => &choice.duration,
        };
        let cutoff = self.weight * axis_loss(self.axis, now, self.places.dimension).ncp;
        let uses = uses(&files.within(0..1), budgets, thresholds);
        let problem = Problem { arcs, loss, uses, budgets: left };
        let solved = problem.solve(cutoff, &mut Vec::new()).best;
        Ok(solved.map(|solved| self.places.rounding(&solved.path)).transpose()?)
    }
}
