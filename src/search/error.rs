//! What can go wrong in a search.

use crate::catalogue::CatalogueError;
use crate::policy::{LimitsError, PolicyError};
use crate::rounding::RoundingError;

/// A search that can't be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// A rounding that can't be built.
    #[error(transparent)]
    Rounding(#[from] RoundingError),
    /// A catalogue that can't be used.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A limit that can't be read.
    #[error(transparent)]
    Limits(#[from] LimitsError),
    /// A policy that can't be written.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// A list of widths that can't be read.
    #[error("the list `{text}`: {problem}")]
    List {
        /// The list as written.
        text: String,
        /// What is wrong, and the mend.
        problem: String,
    },
}
