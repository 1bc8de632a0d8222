//! What comes of a question that has figures or none.

use serde::Serialize;

/// A question's figures, or why there are none.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding<T> {
    /// The figures.
    Found(T),
    /// The raw plays answer it and what leaves does not.
    Lost {
        /// Why not.
        why: Why,
    },
    /// Not even the raw plays answer it: nothing is said of the release.
    Unasked {
        /// Why not.
        why: Why,
    },
}

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Columns that the question sees together leave in different pings, or one of them in none.
    #[error("what it asks for doesn't leave together in any ping")]
    Apart,
    /// No play that leaves holds what the question asks for.
    #[error("no play that leaves holds what it asks for")]
    NoPlays,
    /// What is asked about is the same in all plays, or follows from what else is known of them.
    #[error("it is the same in all plays, or follows from what else is known of them")]
    Fixed,
}

impl<T> Finding<T> {
    /// The figures, if there are any.
    pub fn found(&self) -> Option<&T> {
        match self {
            Self::Found(figures) => Some(figures),
            Self::Lost { .. } | Self::Unasked { .. } => None,
        }
    }
}
