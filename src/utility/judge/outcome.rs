//! As before, blurred or lost.

use serde::Serialize;

use super::Figures;

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The whole interval of the mean error lies within the margin, or there is no error at all.
    AsBefore,
    /// Some of the answer is left.
    Blurred,
    /// No ping holds the columns, or the answer is no better than the figure of all plays together.
    Lost,
    /// Raw plays don't answer it either: nothing is said of the release.
    Untested,
}

impl Outcome {
    /// Of an answer with these figures. Without an interval, which needs two servers, only an answer without any error
    /// counts as before.
    pub(super) fn of(figures: &Figures, margin: f64) -> Self {
        let error = &figures.mean_error;
        if error.figure == 0.0 || error.high.is_some_and(|high| high <= margin) {
            return Self::AsBefore;
        }
        if error.figure < figures.blind_error { Self::Blurred } else { Self::Lost }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::AsBefore => "answered as before",
            Self::Blurred => "blurred",
            Self::Lost => "lost",
            Self::Untested => "untested",
        }
    }
}
