//! What can be wrong with a question, or with plays that it is put to.

use crate::policy::PlayError;

/// A question that can't be read, or put to plays.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UtilityError {
    /// A play that doesn't fit its policy.
    #[error("play {play}: {problem}")]
    Play {
        /// The play, counted from 1.
        play: u64,
        /// What doesn't fit.
        problem: Box<PlayError>,
    },
    /// Questions that are no TOML, or hold a key that no question has.
    #[error("{from}: {source}")]
    Toml {
        /// Where they came from.
        from: String,
        /// What is wrong, and where.
        source: Box<toml::de::Error>,
    },
    /// A question that can't be asked.
    #[error("question {name}: {problem}")]
    Question {
        /// Its name.
        name: String,
        /// What is wrong, and the mend.
        problem: String,
    },
}
