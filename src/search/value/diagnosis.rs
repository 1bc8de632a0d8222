//! Plays and questions that a choice is held to.

use super::grid::dimension;
use crate::catalogue::SideField;
use crate::classes::Generalization;
use crate::rounding::Rounding;
use crate::search::fields::columns;
use crate::search::shape::PingShape;
use crate::search::{SearchError, Traffic, Worth};
use crate::telemetry::plays::Plays;
use crate::units::Dimension;
use crate::utility::power::{Family, PowerSettings, Prepared};
use crate::utility::{Answer, Judging, Outcome, Question, Release, judge_knowing};

/// Plays, the questions that are put to them, and the faults that are looked for in them, made ready once for any number
/// of candidates. Questions that ask nothing of the file are left out: no rounding touches their answers.
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
    /// O(questions x plays + replicas x scan).
    ///
    /// # Errors
    /// [`SearchError::Power`] for settings out of their range, [`SearchError::Utility`] where a question can't be put to
    /// the plays.
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
        let of_files = questions.into_iter().filter(Question::is_of_files);
        let questions = of_files.map(answered).collect::<Result<_, SearchError>>()?;
        Ok(Self { plays, questions, faults })
    }

    /// The plays.
    pub fn plays(&self) -> &'p Plays {
        self.plays
    }

    /// The questions, each with what raw plays answer.
    pub fn questions(&self) -> &[(Question, Answer)] {
        &self.questions
    }

    /// The families of faults that are looked for.
    pub fn faults(&self) -> &[(Family, Prepared<'p>)] {
        &self.faults
    }

    /// What these pings are worth, every question asked. O(questions x plays + replicas x scan).
    ///
    /// # Errors
    /// [`SearchError::Utility`] where a question can't be put to the plays.
    pub fn worth(&self, pings: &[(&PingShape, &Generalization)]) -> Result<Worth, SearchError> {
        self.asked(&self.release(pings)?, &|_| true, &|_| true)
    }

    /// What these pings cost those who look for faults. O(plays log plays + replicas x places²).
    ///
    /// # Errors
    /// [`SearchError::Power`] and [`SearchError::Policy`], as of [`Diagnosis::worth`].
    pub fn traffic(&self, pings: &[(&PingShape, &Generalization)]) -> Result<Traffic, SearchError> {
        self.looked(&self.release(pings)?, &|_| true)
    }

    /// The families of faults that raw plays show, and so a release can lose. O(plays log plays + replicas x places²), once.
    ///
    /// # Errors
    /// As [`Diagnosis::traffic`].
    pub fn shown_by_raw(&self) -> Result<Vec<Family>, SearchError> {
        let raw = Release::raw(self.plays);
        let mut shown = Vec::new();
        for (family, prepared) in &self.faults {
            if prepared.expected(&raw)?.is_some() {
                shown.push(*family);
            }
        }
        Ok(shown)
    }

    /// The expected ratio of one family, by its place, for each of these roundings of its number in a ping that tells these side
    /// fields; one where it looks at no number.
    pub(super) fn expected(
        &self,
        family: usize,
        ping: &PingShape,
        by: &[SideField],
        roundings: &[&Rounding],
    ) -> Result<Vec<Option<f64>>, SearchError> {
        let prepared = &self.faults[family].1;
        let with = |number: Option<Rounding>| {
            let mut leaves = Generalization { by: by.to_vec(), ..Generalization::drop() };
            match number {
                Some(number) if number.dimension() == Dimension::Duration => leaves.duration = number,
                Some(number) => leaves.bitrate = number,
                None => {}
            }
            self.release(&[(ping, &leaves)])
        };
        let without = || Ok::<_, SearchError>(prepared.expected(&with(None)?)?);
        let Some(number) = dimension(self.faults[family].0) else { return Ok(vec![without()?]) };
        let leave: Vec<Rounding> = roundings
            .iter()
            .filter(|rounding| !rounding.is_drop())
            .map(|&rounding| rounding.clone())
            .collect();
        let mut told = prepared.expected_of_each(&with(Some(Rounding::keep(number)))?, &leave)?.into_iter();
        roundings
            .iter()
            .map(|rounding| if rounding.is_drop() { without() } else { Ok(told.next().flatten()) })
            .collect()
    }

    /// What each ping of a shape is asked, by the ping that would answer it where these leave.
    pub(super) fn parts(&self, pings: &[(&PingShape, &Generalization)]) -> Result<Parts, SearchError> {
        let release = self.release(pings)?;
        let answers = |(question, _): &(Question, Answer)| {
            question.table(&release).ok().map(|table| table.name().to_owned())
        };
        let shows = |(_, prepared): &(Family, Prepared<'_>)| prepared.ping(&release).map(str::to_owned);
        Ok(Parts {
            questions: self.questions.iter().map(answers).collect(),
            faults: self.faults.iter().map(shows).collect(),
        })
    }

    /// What one ping is worth to what it is asked.
    pub(super) fn worth_of(
        &self,
        ping: (&PingShape, &Generalization),
        parts: &Parts,
    ) -> Result<Worth, SearchError> {
        let asked = |by: &[Option<String>], place: usize| by[place].as_deref() == Some(ping.0.name);
        let release = self.release(&[ping])?;
        self.asked(&release, &|question| asked(&parts.questions, question), &|family| {
            asked(&parts.faults, family)
        })
    }

    /// What each of these roundings costs those who look in one ping for faults of that number; where none is given, of
    /// neither, and once.
    pub(super) fn traffic_by(
        &self,
        (ping, by): (&PingShape, &[SideField]),
        parts: &Parts,
        number: Option<Dimension>,
        roundings: &[&Rounding],
    ) -> Result<Vec<Traffic>, SearchError> {
        let mut found = vec![Traffic::NOTHING; if number.is_some() { roundings.len() } else { 1 }];
        for (family, looked) in parts.faults.iter().enumerate() {
            if looked.as_deref() == Some(ping.name) && dimension(self.faults[family].0) == number {
                let told = self.expected(family, ping, by, roundings)?;
                found.iter_mut().zip(told).for_each(|(traffic, told)| *traffic = traffic.and(told));
            }
        }
        Ok(found)
    }

    /// What leaves in these pings: of the player and the playback what they report, as it is.
    fn release(&self, pings: &[(&PingShape, &Generalization)]) -> Result<Release<'p>, SearchError> {
        let named: Vec<(&str, &Generalization)> =
            pings.iter().map(|(ping, generalization)| (ping.name, *generalization)).collect();
        let mut reported = Vec::with_capacity(pings.len());
        for (ping, _) in pings {
            reported.push((ping.name, columns(ping)?));
        }
        Ok(Release::of_pings(self.plays, &named).telling(&|ping, column| {
            let reports =
                || reported.iter().any(|(name, columns)| *name == ping && columns.contains(&column));
            column.is_of_file() || reports()
        }))
    }

    fn asked(
        &self,
        release: &Release<'_>,
        ask: &dyn Fn(usize) -> bool,
        look: &dyn Fn(usize) -> bool,
    ) -> Result<Worth, SearchError> {
        let questions = self.questions.iter().enumerate().filter(|(place, _)| ask(*place));
        let questions: Vec<&(Question, Answer)> = questions.map(|(_, question)| question).collect();
        let mut worth = Worth::NOTHING;
        for judged in judge_knowing(self.plays, release, &questions, &POINTS)? {
            match (&judged.figures, judged.outcome) {
                (_, Outcome::Lost) => worth.lost += 1,
                // Else whoever lets nothing leave that it asks for would have the smaller error.
                (_, Outcome::Untested) => {}
                (Some(figures), _) if figures.blind_error > 0.0 => {
                    worth.error += figures.mean_error.figure / figures.blind_error;
                }
                _ => {}
            }
        }
        let Traffic { faults_lost, sample_size_ratio } = self.looked(release, look)?;
        let lost = worth.lost + faults_lost;
        Ok(Worth { lost, faults_lost, sample_size_ratio, ..worth })
    }

    fn looked(&self, release: &Release<'_>, look: &dyn Fn(usize) -> bool) -> Result<Traffic, SearchError> {
        let mut traffic = Traffic::NOTHING;
        for (_, (_, prepared)) in self.faults.iter().enumerate().filter(|(place, _)| look(*place)) {
            traffic = traffic.and(prepared.expected(release)?);
        }
        Ok(traffic)
    }
}
