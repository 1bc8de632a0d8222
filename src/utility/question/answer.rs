//! What a question was answered with.

use super::Level;

/// The figure of a cell as two sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// The sum above the line.
    pub over: i64,
    /// The sum below it.
    pub under: i64,
    /// Plays that the sums are taken of.
    pub plays: i64,
}

impl Value {
    /// The figure; `None` where there is nothing below the line.
    pub fn figure(self) -> Option<f64> {
        (self.under > 0).then(|| self.over as f64 / self.under as f64)
    }
}

/// What one server adds to one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The server, by its code among the plays.
    pub server: u32,
    /// The cell, by its place in [`Answer::cells`].
    pub cell: u32,
    /// The sums.
    pub value: Value,
}

/// The answer to a question: its cells in order, and what each server adds to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub(super) cells: Vec<(Vec<Level>, Value)>,
    pub(super) entries: Vec<Entry>,
    pub(super) of_all: bool,
}

impl Answer {
    /// The cells, each once, in the order of their levels, with their sums.
    pub fn cells(&self) -> &[(Vec<Level>, Value)] {
        &self.cells
    }

    /// What each server adds, by cell and then by server.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether the figure of a cell is a share of all plays, so that what lies below the line is the sum over the cells.
    pub fn is_of_all(&self) -> bool {
        self.of_all
    }

    /// The sums of a cell, all zero where no play lies in it. O(log cells).
    pub fn value(&self, cell: &[Level]) -> Value {
        let found = self.cells.binary_search_by(|(levels, _)| levels.as_slice().cmp(cell));
        found.map_or_else(|_| Value::default(), |place| self.cells[place].1)
    }
}
