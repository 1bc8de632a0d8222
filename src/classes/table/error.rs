//! What can be wrong with a class table.

use crate::catalogue::CatalogueError;
use crate::policy::sql::SqlError;

/// A class table that can't be read, or has no SQL.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClassTableError {
    /// The file, or the policy's fields.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A name or text that the engine can't hold.
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// An optional column that there is not.
    #[error("`{name}` is no optional column of a catalogue: they are {known}")]
    Optional {
        /// As written, escaped.
        name: String,
        /// The columns there are.
        known: String,
    },
    /// A column that must be there.
    #[error("{from}: there is no column `{column}`; make the table with `coarsen policy sql --classes`")]
    Missing {
        /// Where it came from.
        from: String,
        /// The column.
        column: String,
    },
    /// A cell that doesn't hold what it should.
    #[error(
        "{from}, row {row}, column `{column}`: {problem}; make the table anew with `coarsen policy sql --classes`"
    )]
    Cell {
        /// Where it came from.
        from: String,
        /// The row, counted from 1 without the header.
        row: usize,
        /// The column.
        column: String,
        /// What is wrong.
        problem: String,
    },
}
