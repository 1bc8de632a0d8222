//! The best edges there are: duration and bit rate cut at any places of a grid, jointly.
//!
//! The other shapes choose among families (equal widths, doublings); here each number may be cut anywhere on a grid of
//! readable edges. What is minimized is the total of [`Distortion`](crate::anonymity::Distortion), what is kept are all
//! [`Limits`]. Every loss and every limit is a sum over classes, so:
//!
//! 1. the catalogue collapses once into a table of rectangles (`joint`);
//! 2. with one axis fixed, the best edges of the other are a shortest path under budgets, solved exactly (`path`);
//! 3. a good choice is found by such steps in turn (`choice`);
//! 4. a lower bound on any choice by Lagrangian decomposition (`dual`), sharpened by branch and bound (`branch`).
//!
//! What comes out is a choice, a bound, and so the gap to the optimum of the grid; a gap of 0 proves the choice. A client
//! can apply it field by field: the product of two lists of edges. [`unsnapped`] says what readable edges cost.
//!
//! # Laws
//! - The choice meets the limits as [`breaches`](super::breaches) judges them.
//! - The bound never exceeds the optimum of the grid, whatever the number of nodes.
//! - Where it is proved, no generalization whose edges lie on the grid, with the same side fields, loses less.
//!
//! Losses closer than 1e-13 count as equal.

mod arcs;
mod branch;
mod budget;
mod choice;
mod dual;
mod files;
mod grid;
mod joint;
mod label;
mod path;
mod price;
mod relevant;
mod snap;
mod uses;

use super::SearchError;
use super::breach::thresholds;
use crate::anonymity::{Distortion, Thresholds};
use crate::catalogue::SideField;
use crate::classes::{Cells, Generalization};
use crate::policy::Limits;
use crate::rounding::Rounding;
use crate::units::Dimension;
use budget::Budget;
use choice::{Best, Choice};
use dual::Dual;
use files::{Files, pairs};
use grid::Places;
use joint::{Joint, Rates, by_file};

pub use grid::FreeGrid;
pub use snap::{Unsnapped, unsnapped};

/// Nodes of branch and bound unless somebody asks for another number.
pub const FREE_NODES: u64 = 100_000;

/// Rectangles that the table may hold.
const MOST_RECTANGLES: usize = 1 << 24;

/// The best free partition that was found, and how good it is.
#[derive(Clone, Debug)]
pub struct FreeChoice {
    /// Edges of both numbers, and the side fields asked for; `None` where no choice is known that meets the limits.
    pub generalization: Option<Generalization>,
    /// Its distortion, 0..1; infinite where there is none.
    pub loss: f64,
    /// No choice on the grid that meets the limits loses less. Infinite where none meets them.
    pub bound: f64,
    /// Whether the bound is the loss: nothing on the grid is better.
    pub proved: bool,
    /// Nodes of branch and bound that were looked at.
    pub nodes: u64,
}

impl FreeChoice {
    /// How much less than the choice the optimum of the grid may lose; 0 where it is proved.
    pub fn gap(&self) -> f64 {
        if self.proved { 0.0 } else { self.loss - self.bound }
    }
}

/// The edges on a grid that lose least and meet the limits, the side fields `by` being kept.
///
/// `nodes` is the most nodes of branch and bound, `done` is told of each. The same on any number of threads.
/// Time: the table, O(bit-rate edges^2 x duration edges x files), and for each node O(bit-rate edges x duration
/// edges^2), or an exact path under budgets, which is exponential at worst and short in practice.
///
/// ```
/// use coarsen::catalogue::synthetic::{Recipe, synthesize};
/// use coarsen::classes::Cells;
/// use coarsen::policy::Limits;
/// use coarsen::search::{FreeGrid, free};
/// let catalogue = synthesize(&Recipe::builtin("mixed")?, 300, 1)?;
/// let grid = FreeGrid::new(vec![600_000, 1_800_000, 5_400_000], vec![1_000_000, 4_000_000])?;
/// let choice = free(&Cells::new(&catalogue), &[], &grid, &Limits::default(), 1_000, &|| ())?;
/// assert!(choice.proved && choice.bound <= choice.loss);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SearchError::Grid`] where the grid has too many rectangles, [`SearchError::FreeAttack`] for a limit that an attacker
/// must run for.
pub fn free(
    cells: &Cells<'_>,
    by: &[SideField],
    grid: &FreeGrid,
    limits: &Limits,
    nodes: u64,
    done: &(dyn Fn() + Sync),
) -> Result<FreeChoice, SearchError> {
    can_be_kept(limits)?;
    let (durations, bitrates) = places(cells, grid);
    let count = |places: usize| places * (places - 1) / 2;
    let rectangles = count(durations.len()).saturating_mul(count(bitrates.len()));
    if rectangles > MOST_RECTANGLES {
        return Err(SearchError::Grid { rectangles, most: MOST_RECTANGLES });
    }
    let thresholds = thresholds(limits);
    let budgets = budgets(cells, by, (&durations, &bitrates), limits, thresholds);
    let joint = Joint::new(cells, by, (&durations, &bitrates), &budgets, thresholds);
    if hopeless(&joint, &budgets) {
        let (loss, bound) = (f64::INFINITY, f64::INFINITY);
        return Ok(FreeChoice { generalization: None, loss, bound, proved: true, nodes: 0 });
    }
    let mut best = Best::default();
    let (mut bound, mut looked) = (best.try_drop(&joint), 0);
    if joint.cuts() {
        best.start(&joint);
        // Nothing loses more than all there is.
        let target = best.loss().min(joint.weights.duration + joint.weights.bitrate);
        let (dual, priced) = Dual::new(&joint, best.prices.clone()).ascend(&joint, target);
        let searched = branch::search(&joint, &priced, &dual.prices, &mut best, nodes, done);
        (bound, looked) = (bound.min(searched.bound), searched.nodes);
    }
    let proved = bound >= best.loss() - path::TINY;
    let choice = best.choice.as_ref();
    let generalization =
        choice.map(|choice| generalization(choice, (&durations, &bitrates), by)).transpose()?;
    // As any other choice is measured: the sums above may differ from it in the last bits.
    let loss = generalization.as_ref().map_or(f64::INFINITY, |choice| Distortion::of(cells, choice).total);
    let bound = if proved { loss } else { (joint.weights.side + bound).min(loss) };
    Ok(FreeChoice { generalization, loss, bound, proved, nodes: looked })
}

/// Whether every limit is a sum over classes.
///
/// # Errors
/// [`SearchError::FreeAttack`] for one that an attacker must run for.
pub(super) fn can_be_kept(limits: &Limits) -> Result<(), SearchError> {
    let attack = limits.attacks().next();
    attack.map_or(Ok(()), |(attack, _)| Err(SearchError::FreeAttack { limit: attack.to_string() }))
}

/// Whether what leaves nothing overdraws a budget that no finer choice draws on less: then nothing keeps it.
fn hopeless(joint: &Joint, budgets: &[Budget]) -> bool {
    let whole = joint.duration_arcs.at(0, joint.duration_arcs.0 - 1) * budgets.len();
    budgets
        .iter()
        .zip(&joint.dropped[whole..])
        .any(|(budget, used)| budget.of.is_monotone() && *used > budget.most)
}

/// The choice as roundings.
fn generalization(
    choice: &Choice,
    (durations, bitrates): (&Places, &Places),
    by: &[SideField],
) -> Result<Generalization, SearchError> {
    let mut by = by.to_vec();
    by.sort_unstable();
    let bitrate = match &choice.rates {
        Rates::Drop => Rounding::drop(Dimension::Bitrate),
        Rates::Cut(path) => bitrates.rounding(path)?,
    };
    Ok(Generalization { duration: durations.rounding(&choice.durations)?, bitrate, by, other: Vec::new() })
}

/// The places of both axes on a catalogue.
fn places(cells: &Cells<'_>, grid: &FreeGrid) -> (Places, Places) {
    let durations = Places::on(cells.duration(), grid.durations(), Dimension::Duration);
    let bitrates = match cells.catalogue().bitrate_bps() {
        Some(_) => Places::on(cells.bitrate(), grid.bitrates(), Dimension::Bitrate),
        None => Places::none(Dimension::Bitrate),
    };
    (durations, bitrates)
}

/// The budgets that may be overdrawn on these places.
fn budgets(
    cells: &Cells<'_>,
    by: &[SideField],
    (durations, bitrates): (&Places, &Places),
    limits: &Limits,
    thresholds: Thresholds,
) -> Vec<Budget> {
    let (atoms, rates) = (by_file(cells.duration(), durations), by_file(cells.bitrate(), bitrates));
    let (groups, bound) = cells.combinations(by);
    let place = atoms.iter().zip(&rates).map(|(d, b)| d * bitrates.len() as u32 + b);
    let (cell, bound) = pairs(&groups, bound as usize, &place.collect::<Vec<_>>());
    let zeros = vec![0; cell.len()];
    let files = Files::new(cells, (&zeros, 1), &zeros, (&cell, bound));
    relevant::relevant(&files, budget::budgets(limits, cells.catalogue()), thresholds)
}
