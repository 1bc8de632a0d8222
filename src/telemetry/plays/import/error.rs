//! Why a history can't be imported.

use std::io;

use super::Fault;
use crate::catalogue::CatalogueError;
use crate::telemetry::apply::ApplyError;
use crate::telemetry::plays::PlaysError;

/// A history that can't be read, or plays that can't be written. Values never stand in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The system refused to read or write.
    #[error("{place}: {source}")]
    Io {
        /// The file.
        place: String,
        /// What the system says.
        source: io::Error,
    },
    /// An input that is no such history as a whole.
    #[error("{from}: {problem}")]
    History {
        /// The input.
        from: String,
        /// What is wrong, and the mend.
        problem: String,
    },
    /// A row that is no play.
    #[error("{from}, row {row}{}: {fault}; mend the row, or collect such rows with --refused FILE", .column.as_ref().map_or(String::new(), |column| format!(", column `{column}`")))]
    Row {
        /// The input.
        from: String,
        /// The row: see [`Source`](super::Source) for how they are counted.
        row: u64,
        /// The column as the input calls it, where it is one column's fault.
        column: Option<String>,
        /// What is wrong.
        fault: Fault,
    },
    /// A table that can't be read, or a mapping that doesn't fit it.
    #[error(transparent)]
    Table(#[from] CatalogueError),
    /// An output that can't be written where it belongs.
    #[error(transparent)]
    Place(#[from] ApplyError),
    /// Plays that can't be written.
    #[error(transparent)]
    Plays(#[from] PlaysError),
    /// What was asked contradicts itself or the input.
    #[error("{0}")]
    Asked(String),
}
