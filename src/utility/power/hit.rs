//! What a fault does to a table, cell by cell.

use std::ops::Range;

use super::sums::Sums;

/// A fault of some size, as a table shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Hit {
    /// The cells in which any of its plays stand, in order.
    pub(super) cells: Vec<Struck>,
    /// Its plays that leave, of the plays of the table.
    pub(super) plays: f64,
}

/// A cell with plays of a fault.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Struck {
    pub(super) cell: usize,
    /// The plays of the fault in it.
    pub(super) plays: f64,
    /// What the fault adds to the sums of the cell.
    pub(super) more: Sums,
}

/// How well a run of cells names the plays of a fault.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Score {
    /// The share of the run's plays that are of the fault.
    pub(super) precision: f64,
    /// The share of the fault's plays that are of the run.
    pub(super) recall: f64,
}

impl Score {
    /// The harmonic mean of both; 0 where both are.
    pub(super) fn f1(self) -> f64 {
        let sum = self.precision + self.recall;
        if sum > 0.0 { 2.0 * self.precision * self.recall / sum } else { 0.0 }
    }
}

impl Hit {
    /// From what each play of the fault adds to its cell, in any order. O(plays).
    pub(super) fn collect(adds: impl Iterator<Item = (u32, Sums)>, scratch: &mut [(f64, Sums)]) -> Self {
        let mut touched: Vec<u32> = Vec::new();
        for (cell, more) in adds {
            let sums = &mut scratch[cell as usize];
            if sums.0 == 0.0 {
                touched.push(cell);
            }
            sums.0 += 1.0;
            sums.1 += more;
        }
        touched.sort_unstable();
        let cells: Vec<Struck> = touched
            .into_iter()
            .map(|cell| {
                let (plays, more) = std::mem::take(&mut scratch[cell as usize]);
                Struck { cell: cell as usize, plays, more }
            })
            .collect();
        let plays = cells.iter().map(|struck| struck.plays).sum();
        Self { cells, plays }
    }

    /// How well these cells name its plays, by what the plays of the table sum to in each.
    pub(super) fn score(&self, cells: &Range<usize>, sums: &[Sums]) -> Score {
        let inside = self.cells.iter().filter(|struck| cells.contains(&struck.cell));
        let right: f64 = inside.map(|struck| struck.plays).sum();
        let all: f64 = sums[cells.clone()].iter().map(|sums| sums.plays).sum();
        let share = |of: f64| if of > 0.0 { right / of } else { 0.0 };
        Score { precision: share(all), recall: share(self.plays) }
    }
}
