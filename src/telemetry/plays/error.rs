//! What can be wrong with plays.

use std::path::PathBuf;

use crate::catalogue::libraries::LibrariesError;

/// Plays that can't be read, made or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlaysError {
    /// A file that can't be opened, read or written.
    #[error("{}: {source}", crate::catalogue::harmless(&path.to_string_lossy()))]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file name whose ending tells no format.
    #[error(
        "{}: the format is told by the ending: name it .parquet, .csv, .jsonl or .ndjson",
        crate::catalogue::harmless(&path.to_string_lossy())
    )]
    Extension {
        /// The file.
        path: PathBuf,
    },
    /// A table that isn't one of plays.
    #[error("{from}: {problem}")]
    Table {
        /// Where it came from.
        from: String,
        /// What is wrong, where, and the mend.
        problem: String,
    },
    /// Servers can't own anything of the catalogue.
    #[error(transparent)]
    Libraries(#[from] LibrariesError),
    /// What was asked can't be done.
    #[error("{0}")]
    Asked(String),
}
