//! What the engineers still learn: the questions, the faults and the rest, of the shown choice and one step beside it.

use rayon::prelude::*;
use serde::Serialize;

use super::StudyError;
use super::config::PlaySource;
use super::results::Ping;
use crate::attack::platform::{PlatformBits, platform_bits};
use crate::catalogue::Catalogue;
use crate::classes::Generalization;
use crate::policy::Day;
use crate::search::{Diagnosis, Neighbor, PingShape, plain_policy};
use crate::telemetry::plays::{Plays, PlaysError, Settings, simulate};
use crate::utility::power::{Amount, Detection, Family, PowerSettings};
use crate::utility::{
    Answer, Finding, Judged, Judging, Question, Release, Untested, built_in, distance, information,
    judge_knowing, opt_out, speed, untested,
};

/// What the engineers still learn of plays.
#[derive(Clone, Debug, Serialize)]
pub struct Diagnostics {
    /// The plays that were asked.
    pub plays: AskedPlays,
    /// The questions that ask for anything of the file, as the shown choice answers them.
    pub questions: Vec<Judged>,
    /// The questions that don't, by name: no rounding touches them, and what they ask for leaves in pings of its own.
    pub untouched: Vec<String>,
    /// The faults, as the shown choice shows them.
    pub faults: Vec<Detection>,
    /// The columns of the shown choice that no question would miss.
    pub value_untested: Vec<Untested>,
    /// The numbers of the shown choice, as chosen, one step finer and one step coarser.
    pub steps: Vec<Step>,
    /// How far what leaves lies from what is.
    pub distance: Vec<distance::FieldDistance>,
    /// How much of what a number tells is left.
    pub information: Vec<information::Question>,
    /// How well the speed of a server is told by what leaves.
    pub speed: Finding<speed::Speeds>,
    /// What opting out does to answers and to those who stay.
    pub opt_out: opt_out::OptOut,
    /// What the platform, which is of the client, tells of the title; `None` where plays don't tell both.
    pub platform: Option<PlatformBits>,
}

impl Diagnostics {
    /// The sample-size ratio of plays that were drawn, all families together: their product, none counted as less than 1, those
    /// aside that can't be looked for. `None` where one is lost or not found, or raw plays don't find it. O(families).
    pub fn sample_size_ratio(&self) -> Option<f64> {
        let tested = self.faults.iter().filter(|found| !matches!(found, Detection::Untested { .. }));
        let product = |all: f64, found: &Detection| match found.power()?.needed.ratio? {
            Amount::Is { value, .. } => Some(all * value.max(1.0)),
            Amount::Over { .. } => None,
        };
        tested.into_iter().try_fold(1.0, product)
    }
}

/// The plays that were asked.
#[derive(Clone, Debug, Serialize)]
pub struct AskedPlays {
    /// Plays.
    pub plays: usize,
    /// Servers that report any of them.
    pub servers: usize,
}

/// One number of one ping, as it was chosen or a step from that.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// The ping.
    pub ping: String,
    /// `duration` or `bitrate`.
    pub attribute: String,
    /// `chosen`, `finer` or `coarser`.
    pub step: &'static str,
    /// The rounding there.
    pub rounding: String,
    /// Whether every limit holds there.
    pub holds: bool,
    /// The questions that the ping answers.
    pub questions: Vec<Judged>,
    /// The families of faults that are looked for in the ping, and what finding them is expected to take.
    pub faults: Vec<(Family, Expected)>,
}

/// What finding faults is expected to take, by the normal approximation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Expected {
    /// They are found.
    Found {
        /// The sample-size ratio.
        ratio: f64,
    },
    /// No amount of traffic finds them, and some does with raw plays.
    Lost,
    /// Raw plays don't show them either: nothing is said of the release.
    Untested,
}

impl Expected {
    /// Of what is expected of a release: nothing where raw plays show nothing.
    fn of(ratio: Option<f64>) -> Self {
        match ratio {
            None => Self::Untested,
            Some(ratio) if ratio.is_finite() => Self::Found { ratio },
            Some(_) => Self::Lost,
        }
    }
}

/// Plays of the choosing catalogue, or why there are none.
pub(super) fn plays(
    source: &PlaySource,
    catalogue: &Catalogue,
    seed: u64,
) -> Result<Result<Plays, String>, StudyError> {
    if source.plays == 0 {
        return Ok(Err("the configuration asks for no plays".to_owned()));
    }
    match simulate(catalogue, &Settings::new(source.servers, source.plays, seed)) {
        Ok(plays) => Ok(Ok(plays)),
        // A catalogue that is too small for servers to own parts of can still be studied.
        Err(PlaysError::Libraries(reason)) => Ok(Err(reason.to_string())),
        Err(other) => Err(other.into()),
    }
}

/// The diagnosis that a choice is made by.
pub(super) fn diagnosis<'p>(
    plays: &'p Plays,
    source: &PlaySource,
    seed: u64,
) -> Result<Diagnosis<'p>, StudyError> {
    let settings = PowerSettings::new(source.plays, seed).with_replicas(source.replicas);
    Ok(Diagnosis::new(plays, built_in(), &settings)?)
}

/// What is asked, and how.
pub(super) struct Asking<'d, 'p> {
    diagnosis: &'d Diagnosis<'p>,
    judging: Judging,
    /// Before any field expires.
    day: Day,
}

impl<'d, 'p> Asking<'d, 'p> {
    pub fn new(diagnosis: &'d Diagnosis<'p>, source: &PlaySource, seed: u64) -> Self {
        let judging = Judging { resamples: source.resamples, seed };
        Self { diagnosis, judging, day: Day::new(2017, 1, 1) }
    }

    /// Asks everything of the shown choice.
    pub fn all(
        &self,
        shown: &[Ping],
        chosen: &[Generalization],
        advance: &(dyn Fn() + Sync),
    ) -> Result<Diagnostics, StudyError> {
        let pings: Vec<(&PingShape, &Generalization)> =
            shown.iter().map(|ping| &ping.ping).zip(chosen).collect();
        let (plays, seed) = (self.diagnosis.plays(), self.judging.seed);
        let release = self.release(&pings)?;
        let known: Vec<&(Question, Answer)> = self.diagnosis.questions().iter().collect();
        let judged = judge_knowing(plays, &release, &known, &self.judging)?;
        advance();
        let faults = self.diagnosis.faults().iter().map(|(_, prepared)| Ok(prepared.detection(&release)?));
        let faults = faults.collect::<Result<Vec<Detection>, StudyError>>()?;
        advance();
        let numbers = shown.iter().enumerate().flat_map(|(place, ping)| {
            ["duration", "bitrate"].into_iter().flat_map(move |attribute| {
                let beside =
                    |step| ping.neighbors.iter().find(|n| n.attribute == attribute && n.step == step);
                let (finer, coarser) = (beside("finer"), beside("coarser"));
                let here = finer.or(coarser).map(|_| (place, attribute, None));
                let of = |neighbor| (place, attribute, Some(neighbor));
                finer.map(of).into_iter().chain(here).chain(coarser.map(of))
            })
        });
        let numbers: Vec<(usize, &str, Option<&Neighbor>)> = numbers.collect();
        let step = |(place, attribute, neighbor): (usize, &str, Option<&Neighbor>)| {
            let step = match neighbor {
                Some(neighbor) => self.beside(&pings, place, neighbor),
                None => self.here(&pings, place, attribute, shown[place].breaches.is_empty()),
            };
            advance();
            step
        };
        let steps = numbers.into_par_iter().map(step).collect::<Result<_, StudyError>>()?;
        let questions: Vec<Question> = known.iter().map(|(question, _)| question.clone()).collect();
        Ok(Diagnostics {
            plays: AskedPlays { plays: plays.len(), servers: servers(plays) },
            untouched: built_in()
                .iter()
                .filter(|question| !question.is_of_files())
                .map(|q| q.name.clone())
                .collect(),
            value_untested: untested(&release, &questions, &judged),
            questions: judged,
            faults,
            steps,
            distance: distance::of_release(plays, &release),
            information: information::of_release(plays, &release),
            speed: speed::of_release(plays, &release, seed),
            opt_out: opt_out::of_release(plays, &release, &opt_out::Settings::new(seed)),
            platform: platform_bits(plays, seed),
        })
    }

    /// What the policy of these pings lets leave where everybody consents.
    fn release(&self, pings: &[(&PingShape, &Generalization)]) -> Result<Release<'p>, StudyError> {
        let policy = plain_policy("asked", pings)?;
        let on: Vec<String> = policy.fields().iter().map(|field| field.consent.clone()).collect();
        Ok(Release::of_policy(self.diagnosis.plays(), &policy, self.day, &on)?)
    }

    fn here(
        &self,
        pings: &[(&PingShape, &Generalization)],
        place: usize,
        attribute: &str,
        holds: bool,
    ) -> Result<Step, StudyError> {
        let (ping, chosen) = pings[place];
        let rounding = if attribute == "duration" { &chosen.duration } else { &chosen.bitrate };
        self.step(pings, ping.name, (attribute, "chosen", rounding.to_string()), holds)
    }

    fn beside(
        &self,
        pings: &[(&PingShape, &Generalization)],
        place: usize,
        neighbor: &Neighbor,
    ) -> Result<Step, StudyError> {
        let there = Generalization { other: Vec::new(), ..neighbor.generalization.clone() };
        let mut pings = pings.to_vec();
        pings[place].1 = &there;
        let what = (neighbor.attribute.as_str(), neighbor.step, neighbor.rounding.clone());
        self.step(&pings, pings[place].0.name, what, neighbor.breaches.is_empty())
    }

    /// What one ping answers where these leave.
    fn step(
        &self,
        pings: &[(&PingShape, &Generalization)],
        ping: &str,
        (attribute, step, rounding): (&str, &'static str, String),
        holds: bool,
    ) -> Result<Step, StudyError> {
        let release = self.release(pings)?;
        let answers = |question: &Question| question.table(&release).is_ok_and(|table| table.name() == ping);
        let known = self.diagnosis.questions().iter().filter(|(question, _)| answers(question));
        let known: Vec<&(Question, Answer)> = known.collect();
        let looked = self.diagnosis.faults().iter();
        let looked = looked.filter(|(_, prepared)| prepared.ping(&release) == Some(ping));
        let expected =
            looked.map(|(family, prepared)| Ok((*family, Expected::of(prepared.expected(&release)?))));
        Ok(Step {
            ping: ping.to_owned(),
            attribute: attribute.to_owned(),
            step,
            rounding,
            holds,
            questions: judge_knowing(self.diagnosis.plays(), &release, &known, &self.judging)?,
            faults: expected.collect::<Result<_, StudyError>>()?,
        })
    }
}

/// How many servers report a play.
fn servers(plays: &Plays) -> usize {
    plays.text(crate::telemetry::plays::Text::Server).names().len()
}
