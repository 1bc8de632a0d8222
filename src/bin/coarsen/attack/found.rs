//! What attackers are given, and what they answer.

use coarsen::attack::channel::Randomized;
use coarsen::attack::linkage::{Attacker, Ranked};
use coarsen::attack::through::{Guesser, Through, TooFine};
use coarsen::attack::{Prior, Target, Trial};
use coarsen::catalogue::stream::Stream;
use coarsen::classes::{Cells, Generalization};
use serde::Serialize;
use serde_json::Value;

use super::servers::ServerArgs;
use crate::args::Leaving;
use crate::failure::Failure;

/// False-alarm rate of all comparisons of one run together.
const FALSE_ALARM: f64 = 1e-6;

/// Plays of which a number is drawn, at most: each output is weighed by all files that can have yielded it.
pub const MOST_DRAWN: u64 = 5_000;

/// One attacker as the program knows it: each has a file of its own.
pub struct Attack {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its letter in the literature of this project, and what it knows and sees.
    pub what: &'static str,
    /// Its work.
    pub run: fn(&Seen<'_>) -> Result<Answer, Failure>,
    /// Why it can't be run where a number is drawn through a channel; `None` where it can.
    pub no_channel: Option<&'static str>,
}

/// What is attacked.
pub struct Seen<'a> {
    /// The catalogue with its side fields as they are told.
    pub told: &'a Cells<'a>,
    /// The catalogue as it is.
    pub raw: &'a Cells<'a>,
    pub leaving: &'a Leaving<'a>,
    /// Through which a number is drawn after it is rounded.
    pub channel: Option<Randomized>,
    pub servers: ServerArgs,
    /// Plays, or libraries of each size, that are drawn.
    pub draws: u64,
    pub seed: u64,
    /// Comparisons with closed forms in this run: the false-alarm rate is of all together.
    pub comparisons: usize,
}

/// What an attacker answers.
pub enum Answer {
    Found(Found),
    /// Why there is nothing to attack.
    NotApplicable(String),
}

/// What an attacker who ran achieved, under one prior.
#[derive(Serialize)]
pub struct Tried {
    prior: Prior,
    #[serde(flatten)]
    trial: Trial,
    pub agrees: bool,
}

/// What an attacker found.
pub struct Found {
    /// Under the attacker's name, with `_` for `-`.
    pub json: Value,
    /// Tables, as a person reads them.
    pub text: String,
    /// Whether every closed form agrees with what ran.
    pub agrees: bool,
}

impl Seen<'_> {
    /// Whether what ran achieved what the closed form says.
    pub fn agrees(&self, trial: &Trial, closed_form: f64) -> bool {
        trial.agrees_with(closed_form, FALSE_ALARM / self.comparisons as f64)
    }

    /// Whether what ran was right as often as it was sure to be, play by play: by Hoeffding's bound, as each play differs
    /// from how sure it was by 1 at most.
    pub fn calibrated(&self, trial: &Trial, sure: f64) -> bool {
        let allowed = (2.0 * self.comparisons as f64 / FALSE_ALARM).ln() / (2.0 * trial.draws as f64);
        trial.draws == 0 || (trial.rate - sure).powi(2) <= allowed
    }

    /// The same, to be shown.
    pub fn tried(&self, prior: Prior, trial: Trial, closed_form: f64) -> Tried {
        Tried { prior, trial, agrees: self.agrees(&trial, closed_form) }
    }

    /// What leaves through the channel, where there is one.
    pub fn through(&self) -> Option<Result<Through<'_>, TooFine>> {
        let key = self.leaving.generalization.key();
        self.channel.map(|randomized| Through::new(self.told, key, randomized))
    }

    /// What the attacker achieves who names that target, with one guess and with three.
    pub fn ran(&self, target: Target, prior: Prior, random: &mut Stream) -> Ranked {
        self.ran_on(&self.leaving.generalization, target, prior, random)
    }

    /// The same where this leaves.
    pub fn ran_on(
        &self,
        generalization: &Generalization,
        target: Target,
        prior: Prior,
        random: &mut Stream,
    ) -> Ranked {
        let (catalogue, key) = (self.told.catalogue(), generalization.key());
        match self.channel {
            None => Attacker::study(catalogue, key, target, prior).run_ranked(self.draws, random),
            Some(randomized) => {
                let draws = self.draws.min(MOST_DRAWN);
                Guesser::study(catalogue, key, randomized, prior).run(target, draws, random)
            }
        }
    }
}

impl From<TooFine> for Answer {
    fn from(reason: TooFine) -> Self {
        Self::NotApplicable(reason.to_string())
    }
}

impl Found {
    /// Of something that serializes.
    pub fn new(found: &impl Serialize, text: String, agrees: bool) -> Result<Self, Failure> {
        let json = serde_json::to_value(found).map_err(Failure::input)?;
        Ok(Self { json, text, agrees })
    }
}
