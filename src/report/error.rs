//! What can go wrong when a report is written.

use std::path::PathBuf;

use crate::policy::PolicyError;

/// A report that can't be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A file or folder that can't be written.
    #[error("{}: {source}; nothing was written there: choose a folder that can be written to", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A folder stands where a file belongs.
    #[error("{}: a folder stands where this file belongs, so nothing was written; move it away", path.display())]
    Occupied {
        /// The folder.
        path: PathBuf,
    },
    /// A file name whose ending is neither `.parquet` nor `.csv`.
    #[error("{}: the name must end in .parquet or .csv", path.display())]
    Extension {
        /// The file.
        path: PathBuf,
    },
    /// A folder that holds something else than this sweep.
    #[error(
        "{}: the folder holds another sweep, or something else; give an empty one, or repeat that sweep's own command \
         to take it up again",
        path.display()
    )]
    OtherSweep {
        /// The folder.
        path: PathBuf,
    },
    /// A table that can't be written.
    #[error("the sweep can't be written as {format}: {problem}")]
    Table {
        /// Parquet or CSV.
        format: &'static str,
        /// What the library says.
        problem: String,
    },
    /// Results that can't be serialized.
    #[error("the results can't be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A configuration that can't be written.
    #[error("the configuration can't be written as TOML: {0}")]
    Config(#[from] toml::ser::Error),
    /// Checks that can't be written as XML.
    #[error("the checks can't be written as XML: {0}")]
    Xml(std::io::Error),
    /// A policy that can't be written.
    #[error(transparent)]
    Policy(#[from] Box<PolicyError>),
}
