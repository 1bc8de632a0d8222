//! What an import did, in numbers.

use std::collections::BTreeMap;

use serde::Serialize;

/// The schema of a summary as JSON.
pub const SCHEMA: &str = "coarsen.plays-import/1";

/// The rows of a history and what became of them: in = out + refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// Rows of the history.
    #[serde(rename = "in")]
    pub rows_in: u64,
    /// Plays that were made of them.
    pub out: u64,
    /// Rows that are no play.
    pub refused: u64,
    /// By column, plays in which the history has a word that this program doesn't know, so that the column is missing
    /// there. The words themselves are kept nowhere: they may name people.
    pub unknown: BTreeMap<&'static str, u64>,
}

impl Default for Summary {
    fn default() -> Self {
        Self { schema: SCHEMA, rows_in: 0, out: 0, refused: 0, unknown: BTreeMap::new() }
    }
}
