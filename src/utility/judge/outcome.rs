//! As before, blurred or lost.

use serde::Serialize;

use super::Figures;

/// What became of an answer.
///
/// A margin sorts answers only where the figure of all plays together lies outside it: an answer that is no better than
/// that figure is never as before, however small its error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The whole interval of the mean error lies within the margin and below the error of knowing only the figure of all
    /// plays together, or there is no error at all.
    AsBefore,
    /// Some of the answer is left.
    Blurred,
    /// No ping holds the columns, or the answer is no better than the figure of all plays together.
    Lost,
    /// Nothing is said of the release: raw plays don't answer it either, or differ so little from cell to cell that the
    /// figure of all plays together lies within the margin.
    Untested,
}

impl Outcome {
    /// Of an answer with these figures. Without an interval, which needs two servers, only an answer without any error
    /// counts as before.
    pub(super) fn of(figures: &Figures, margin: f64) -> Self {
        let (error, blind) = (&figures.mean_error, figures.blind_error);
        if error.figure == 0.0 {
            Self::AsBefore
        } else if !Self::tests(blind, margin) {
            Self::Untested
        } else if error.figure >= blind {
            Self::Lost
        } else if error.high.is_some_and(|high| high <= margin) {
            Self::AsBefore
        } else {
            Self::Blurred
        }
    }

    /// Whether raw cells differ enough for the margin to tell an answer from none.
    pub(super) fn tests(blind_error: f64, margin: f64) -> bool {
        blind_error > margin
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Outcome;
    use crate::utility::judge::{Figures, Interval};

    fn figures(error: f64, high: Option<f64>, blind_error: f64) -> Figures {
        let mean_error = Interval { figure: error, low: high.map(|_| 0.0), high };
        Figures {
            cells: 2,
            plays: 2,
            servers: 2,
            mean_error,
            blind_error,
            largest_error: None,
            worst_rank: None,
            covered: None,
            untold: 0.0,
        }
    }

    #[test]
    fn a_margin_that_the_blind_answer_meets_tests_nothing() {
        let of = |error, high, blind| Outcome::of(&figures(error, Some(high), blind), 0.1);
        assert_eq!(of(0.01, 0.02, 0.05), Outcome::Untested);
        assert_eq!(of(0.07, 0.08, 0.05), Outcome::Untested);
        assert_eq!(of(0.01, 0.02, 0.15), Outcome::AsBefore);
        assert_eq!(of(0.0, 0.0, 0.05), Outcome::AsBefore);
        assert_eq!(of(0.01, 0.12, 0.15), Outcome::Blurred);
        assert_eq!(of(0.15, 0.16, 0.15), Outcome::Lost);
    }

    proptest! {
        /// What isn't better than the blind answer is never as before, and a larger error never a better outcome.
        #[test]
        fn no_answer_passes_that_is_no_better_than_blind(
            error in 0.0..1.0f64, more in 0.0..1.0f64, over in 0.0..0.5f64, blind in 0.0..1.0f64, margin in 0.0..1.0f64
        ) {
            let of = |error: f64| Outcome::of(&figures(error, Some(error + over), blind), margin);
            prop_assert!(error < blind || error == 0.0 || of(error) != Outcome::AsBefore);
            let (less, larger) = (of(error), of(error + more));
            prop_assert!(larger == Outcome::Untested || less <= larger);
        }
    }
}
