//! What can go wrong in a study.

use crate::catalogue::CatalogueError;
use crate::policy::PolicyError;
use crate::search::SearchError;
use crate::telemetry::plays::PlaysError;
use crate::utility::UtilityError;
use crate::utility::power::PowerError;

/// A study that can't be run, or whose two computations disagree.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// A configuration that can't be read.
    #[error("{from}: {problem}")]
    Config {
        /// The file.
        from: String,
        /// What is wrong, where, and the mend.
        problem: String,
    },
    /// A catalogue that can't be read or made.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A search that can't be run.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// A policy that can't be written.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// Plays that can't be simulated.
    #[error(transparent)]
    Plays(#[from] PlaysError),
    /// A question that can't be put to plays.
    #[error(transparent)]
    Utility(#[from] UtilityError),
    /// Power that can't be told.
    #[error(transparent)]
    Power(#[from] PowerError),
    /// The running attacker and the closed form disagree.
    #[error(
        "the attacker that runs and the closed form disagree on {on}: {hits} hits in {draws} draws against a rate of \
         {claim}; one of them is wrong, so nothing was written; please report this with the seed and the catalogue"
    )]
    Disagreement {
        /// Catalogue, generalization, target and prior.
        on: String,
        /// Plays named right.
        hits: u64,
        /// Plays drawn.
        draws: u64,
        /// What the closed form says.
        claim: f64,
    },
}
