//! Plays and questions that a choice is held to.

use crate::classes::Generalization;
use crate::search::SearchError;
use crate::telemetry::plays::{Column, Number, Plays};
use crate::utility::power::{Family, PowerSettings, Prepared};
use crate::utility::{Answer, Judging, Outcome, Question, Release, judge_knowing};

use super::Worth;

/// Plays, the questions that are put to them, and the faults that are looked for in them, made ready once for any number
/// of candidates.
pub struct Diagnosis<'p> {
    plays: &'p Plays,
    /// With what raw plays answer.
    questions: Vec<(Question, Answer)>,
    faults: Vec<(Family, Prepared<'p>)>,
}

/// No intervals: a choice takes the figures as they are.
const POINTS: Judging = Judging { resamples: 0, seed: 0 };

impl<'p> Diagnosis<'p> {
    /// O(plays log plays + replicas x scan).
    ///
    /// # Errors
    /// [`SearchError::Power`] for settings out of their range.
    pub fn new(
        plays: &'p Plays,
        questions: Vec<Question>,
        settings: &PowerSettings,
    ) -> Result<Self, SearchError> {
        let faults = Family::ALL.map(|family| Ok((family, Prepared::new(plays, family, settings)?)));
        let faults = faults.into_iter().collect::<Result<_, SearchError>>()?;
        let raw = Release::raw(plays);
        let answered = |question: Question| {
            let answer = question.answer(plays, &raw.tables()[0], &|_| true)?;
            Ok((question, answer))
        };
        let questions = questions.into_iter().map(answered).collect::<Result<_, SearchError>>()?;
        Ok(Self { plays, questions, faults })
    }

    /// What these pings are worth, every question asked. O(questions x plays + replicas x scan).
    ///
    /// # Errors
    /// [`SearchError::Utility`] where a question can't be put to the plays.
    pub fn worth(&self, pings: &[(&str, &Generalization)]) -> Result<Worth, SearchError> {
        self.asked(pings, &|_| true)
    }

    /// What one ping is worth to the questions that ask for a number of the file, or what is derived from it.
    pub(super) fn worth_of(&self, ping: &str, emitted: &Generalization) -> Result<Worth, SearchError> {
        let numbers = [Number::DurationMs, Number::PlayedMs, Number::BitrateBps, Number::DeliveredBps];
        self.asked(&[(ping, emitted)], &|column| numbers.map(Column::Number).contains(&column))
    }

    fn asked(
        &self,
        pings: &[(&str, &Generalization)],
        about: &(dyn Fn(Column) -> bool + Sync),
    ) -> Result<Worth, SearchError> {
        let release = Release::of_pings(self.plays, pings);
        let all = |(question, _): &&(Question, Answer)| question.columns().any(about);
        let questions: Vec<(Question, Answer)> = self.questions.iter().filter(all).cloned().collect();
        let mut worth = Worth::NOTHING;
        for judged in judge_knowing(self.plays, &release, &questions, &POINTS)? {
            match &judged.figures {
                Some(figures) if judged.outcome != Outcome::Lost => {
                    if figures.blind_error > 0.0 {
                        worth.error += figures.mean_error.figure / figures.blind_error;
                    }
                }
                _ => worth.lost += 1,
            }
        }
        for (family, prepared) in &self.faults {
            let columns = family.number().map(Column::Number).into_iter();
            let columns = columns.chain(family.categories().iter().map(|text| Column::Text(*text)));
            if !columns.into_iter().any(about) {
                continue;
            }
            match prepared.expected(&release)? {
                // Nothing is found in raw plays either.
                None => {}
                Some(ratio) if ratio.is_finite() => worth.sample_size_ratio *= ratio.max(1.0),
                Some(_) => worth.lost += 1,
            }
        }
        Ok(worth)
    }
}
