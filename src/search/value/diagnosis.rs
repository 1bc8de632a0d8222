//! Plays and questions that a choice is held to.

use crate::classes::Generalization;
use crate::search::SearchError;
use crate::telemetry::plays::Plays;
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

/// Which ping is asked each question, and looked for each family of faults in; `None` where none can.
pub(super) struct Parts {
    questions: Vec<Option<String>>,
    faults: Vec<Option<String>>,
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
        self.asked(pings, &|_| true, &|_| true)
    }

    /// What each ping of a shape is asked, by the ping that would answer it if every number left as it is.
    pub(super) fn parts(&self, by: &[(&str, Generalization)]) -> Parts {
        let pings: Vec<(&str, &Generalization)> = by.iter().map(|(ping, kept)| (*ping, kept)).collect();
        let release = Release::of_pings(self.plays, &pings);
        let answers = |(question, _): &(Question, Answer)| {
            question.table(&release).ok().map(|table| table.name().to_owned())
        };
        let shows = |(_, prepared): &(Family, Prepared<'_>)| prepared.ping(&release).map(str::to_owned);
        Parts {
            questions: self.questions.iter().map(answers).collect(),
            faults: self.faults.iter().map(shows).collect(),
        }
    }

    /// What one ping is worth to what it is asked.
    pub(super) fn worth_of(
        &self,
        ping: &str,
        emitted: &Generalization,
        parts: &Parts,
    ) -> Result<Worth, SearchError> {
        let asked = |by: &[Option<String>], place: usize| by[place].as_deref() == Some(ping);
        self.asked(&[(ping, emitted)], &|question| asked(&parts.questions, question), &|family| {
            asked(&parts.faults, family)
        })
    }

    fn asked(
        &self,
        pings: &[(&str, &Generalization)],
        ask: &dyn Fn(usize) -> bool,
        look: &dyn Fn(usize) -> bool,
    ) -> Result<Worth, SearchError> {
        let release = Release::of_pings(self.plays, pings);
        let questions = self.questions.iter().enumerate().filter(|(place, _)| ask(*place));
        let questions: Vec<(Question, Answer)> = questions.map(|(_, question)| question.clone()).collect();
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
        for (_, (_, prepared)) in self.faults.iter().enumerate().filter(|(place, _)| look(*place)) {
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
