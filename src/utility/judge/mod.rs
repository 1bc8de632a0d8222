//! How much of an answer is left.
//!
//! The same question is put to raw plays and to what leaves of them, over the same plays: those that leave in the table
//! that answers it. (What is missed because servers opt out is another matter.) The error of a cell is the distance of
//! the two figures; a cell that the table doesn't tell is answered with the figure of all plays together, as whoever asks
//! would. Intervals come from resampling servers with replacement, not plays: plays of a server are alike.

mod cells;
mod kendall;
mod outcome;
mod resample;
mod untested;

pub use cells::Worst;
pub use kendall::kendall_tau_b;
pub use outcome::Outcome;
pub use resample::Interval;
pub use untested::{Untested, untested};

use std::borrow::Cow;

use rayon::prelude::*;
use serde::Serialize;

use self::cells::Cells;
use super::{Answer, Question, Release, UtilityError};
use crate::telemetry::plays::Plays;

/// Plays that a raw cell must hold before its error counts among the largest, and its rank among the worst.
pub const LEAST_PLAYS: i64 = 200;

/// Why a question is untested.
const NOTHING: &str = "no play that leaves tells what is asked, not even as it is";

/// Why else.
const ALIKE: &str =
    "raw cells differ by so little that the figure of all plays together lies within the margin of them";

/// How answers are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judging {
    /// Resamples of the servers; 1,000 are usual, and without any there are no intervals.
    pub resamples: u32,
    /// The seed.
    pub seed: u64,
}

impl Default for Judging {
    /// 1,000 resamples, seed 1.
    fn default() -> Self {
        Self { resamples: 1_000, seed: 1 }
    }
}

/// A question and what is left of its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    /// Its name.
    pub question: String,
    /// The question as a sentence.
    pub asks: String,
    /// The unit of its figures.
    pub unit: &'static str,
    /// How far an answer may lie from the raw one and still count as the same.
    pub margin: f64,
    /// Whether it is answered as before.
    pub outcome: Outcome,
    /// Why it is lost or untested, where no table holds its columns, or raw plays don't tell them or differ too little.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The ping that answers it.
    pub ping: Option<String>,
    /// Figures, where some ping answers it and some play is asked.
    pub figures: Option<Figures>,
}

/// The figures of an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Raw cells that have a figure.
    pub cells: usize,
    /// Plays in them.
    pub plays: i64,
    /// Servers that these plays come from.
    pub servers: usize,
    /// The error of a cell, mean over the plays of the raw cells.
    pub mean_error: Interval,
    /// The same error of knowing nothing but the figure of all plays together: what an answer must beat.
    pub blind_error: f64,
    /// The largest error among cells of [`LEAST_PLAYS`] plays; `None` where there is no such cell.
    pub largest_error: Option<Worst>,
    /// Kendall's tau-b between raw figures and answers of the ten raw cells with the largest figures, among those of
    /// [`LEAST_PLAYS`] plays; `None` where it is not defined.
    pub worst_rank: Option<f64>,
    /// Of the raw cells, the share whose answer has a 95 % interval that covers the raw figure (Wilson's of a share, else
    /// of the resamples); `None` where intervals need resamples and there is one server.
    pub covered: Option<f64>,
    /// Of the plays, the share in raw cells that the table doesn't tell.
    pub untold: f64,
}

/// Judges what is left of each answer. O(questions x (plays + resamples x servers x cells)).
///
/// # Errors
/// [`UtilityError::Question`] where a question parts the plays into 2^64 cells or more.
///
/// ```
/// use coarsen::catalogue::synthetic::{Recipe, synthesize};
/// use coarsen::classes::Generalization;
/// use coarsen::telemetry::plays::{Settings, simulate};
/// use coarsen::utility::{Judging, Outcome, Release, built_in, judge};
/// let catalogue = synthesize(&Recipe::builtin("mixed")?, 200, 1)?;
/// let plays = simulate(&catalogue, &Settings::new(20, 500, 1))?;
/// let raw = Release::raw(&plays);
/// let kept = judge(&plays, &raw, &built_in(), &Judging { resamples: 20, seed: 1 })?;
/// assert!(kept.iter().all(|judged| judged.outcome == Outcome::AsBefore));
/// let nothing = Release::of_pings(&plays, &[("play", &Generalization::drop())]);
/// let lost = judge(&plays, &nothing, &built_in(), &Judging { resamples: 20, seed: 1 })?;
/// assert_eq!(lost[0].outcome, Outcome::Lost);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn judge(
    plays: &Plays,
    release: &Release<'_>,
    questions: &[Question],
    judging: &Judging,
) -> Result<Vec<Judged>, UtilityError> {
    questions.par_iter().map(|question| judge_one(plays, release, (question, None), judging)).collect()
}

/// The same where the raw answers over all plays are known; they are taken where every play leaves.
pub(crate) fn judge_knowing(
    plays: &Plays,
    release: &Release<'_>,
    questions: &[&(Question, Answer)],
    judging: &Judging,
) -> Result<Vec<Judged>, UtilityError> {
    let known = questions.par_iter().map(|(question, raw)| (question, Some(raw)));
    known.map(|known| judge_one(plays, release, known, judging)).collect()
}

fn judge_one(
    plays: &Plays,
    release: &Release<'_>,
    (question, known): (&Question, Option<&Answer>),
    judging: &Judging,
) -> Result<Judged, UtilityError> {
    let mut judged = Judged {
        question: question.name.clone(),
        asks: question.asks.clone(),
        unit: question.statistic.unit(),
        margin: question.margin,
        outcome: Outcome::Lost,
        why: None,
        ping: None,
        figures: None,
    };
    let raw = Release::raw(plays);
    let table = match question.table(release) {
        Ok(table) => table,
        Err(why) => {
            let before = match known {
                Some(known) => Cow::Borrowed(known),
                None => Cow::Owned(question.answer(plays, &raw.tables()[0], &|_| true)?),
            };
            let cells = Cells::new(&before, &before);
            let untested = if cells.is_empty() {
                Some(NOTHING)
            } else {
                (!Outcome::tests(cells.blind_error(&cells.once()), question.margin)).then_some(ALIKE)
            };
            judged.outcome = if untested.is_some() { Outcome::Untested } else { Outcome::Lost };
            judged.why = Some(untested.map_or(why, str::to_owned));
            return Ok(judged);
        }
    };
    judged.ping = Some(table.name().to_owned());
    let asked = |play| table.leaves(play);
    let before = match known {
        Some(known) if table.leaves_all() => Cow::Borrowed(known),
        _ => Cow::Owned(question.answer(plays, &raw.tables()[0], &asked)?),
    };
    let after = question.answer(plays, table, &asked)?;
    let cells = Cells::new(&before, &after);
    if cells.is_empty() {
        judged.outcome = Outcome::Untested;
        judged.why = Some(NOTHING.to_owned());
        return Ok(judged);
    }
    let resamples = resample::errors(&cells, judging, &question.name);
    let sums = cells.once();
    let mean_error = sums.mean_error().unwrap_or(0.0);
    let figures = Figures {
        cells: cells.len(),
        plays: cells.plays(),
        servers: cells.servers(),
        mean_error: Interval::of(mean_error, resamples.as_ref().map(|resamples| &resamples.errors)),
        blind_error: cells.blind_error(&sums),
        largest_error: cells.largest_error(&sums, question),
        worst_rank: cells.worst_rank(&sums),
        covered: cells.covered(&sums, question.statistic.is_share(), resamples.as_ref()),
        untold: sums.untold(),
    };
    judged.outcome = Outcome::of(&figures, question.margin);
    judged.why = (judged.outcome == Outcome::Untested).then(|| ALIKE.to_owned());
    judged.figures = Some(figures);
    Ok(judged)
}
