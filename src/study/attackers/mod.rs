//! Every attacker against what a study shows: one file each, all told alike, so that they can be ranked.
//!
//! An attacker meets the pings one by one, as somebody does who doesn't link them, and where there are several also all
//! of them joined. It is told at [steps](Step) from its weakest to its strongest, beside a control who sees nothing and
//! the baseline who sees raw values; at one step, named beforehand, attackers are compared.

mod arrival;
mod averaging;
mod ends;
mod homogeneity;
mod intersection;
mod known_library;
mod library;
mod linkage;
mod linking;
mod membership;
mod noisy;
mod on_files;
mod open_world;
mod partial;
mod remedies;
mod scene;
mod sequence;
mod servers_named;
mod side_fields;
mod suppression;
mod variants;

use rayon::prelude::*;
use serde::Serialize;

use super::StudyError;
use crate::attack::{Prior, Trial};

pub(super) use ends::Ends;
pub(super) use on_files::on_files;
pub use on_files::{AtWidth, IdleOnFiles, NOT_ON_FILES, Of, OnFiles, WIDTHS};
pub use remedies::{Left, Otherwise, Remedy, least, tolerated};
pub(super) use scene::{Scene, Told};
pub(super) use variants::variants;

/// What one attacker achieves against one ping.
#[derive(Clone, Debug, Serialize)]
pub struct Attacked {
    /// Its name, as `coarsen attack` has it.
    pub attacker: &'static str,
    /// Which of its figures these are, where it has several.
    pub part: &'static str,
    /// Whether it is ranked with others: it attacks what is recommended, and says how often it succeeds.
    pub ranked: bool,
    /// The ping, or [`LINKED`].
    pub sees: String,
    /// What is found, in words: "title named right".
    pub finds: &'static str,
    /// What the steps vary, in words.
    pub varies: &'static str,
    /// From the weakest to the strongest, about.
    pub steps: Vec<Step>,
    /// The place of the step at which it is compared with others: by exactly what leaves, as it leaves.
    pub headline: usize,
    /// What was tried to stop it there; empty where it wins nothing.
    pub remedies: Vec<Remedy>,
    /// What it would do were something otherwise than the policy has it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub otherwise: Vec<Otherwise>,
    /// Step by step, the root mean square error in ms of what it takes the duration for; empty where it estimates none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub error_ms: Vec<f64>,
}

/// What is seen by somebody who links all pings of a play.
pub const LINKED: &str = "all pings, joined";

/// An attacker under one condition.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// The condition, in words.
    pub at: String,
    /// Under each prior; one that doesn't apply is left out.
    pub rates: Vec<Rate>,
}

/// How often the attacker is right under one prior, from 0 to 1.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Rate {
    /// How plays, or what servers own and play, are drawn.
    pub prior: Prior,
    /// The closed form where there is one; else an estimate.
    pub rate: f64,
    /// Whether it is a closed form.
    pub is_exact: bool,
    /// The 95 % interval, where the estimate has one.
    pub interval: Option<[f64; 2]>,
    /// The attacker that ran, where one did.
    pub ran: Option<Trial>,
    /// Whoever sees nothing.
    pub control: f64,
    /// Whoever sees raw values.
    pub baseline: Option<f64>,
}

/// An attacker that has nothing to attack in a ping.
#[derive(Clone, Debug, Serialize)]
pub struct Idle {
    /// Its name.
    pub attacker: &'static str,
    /// The ping, or [`LINKED`].
    pub sees: String,
    /// Why.
    pub reason: String,
}

/// What every attacker found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Attackers {
    /// Attacker by attacker, ping by ping.
    pub found: Vec<Attacked>,
    /// Those that had nothing to attack.
    pub idle: Vec<Idle>,
}

impl Rate {
    /// A closed form, and an attacker that ran as well where there is one.
    fn closed(prior: Prior, rate: f64, ran: Option<Trial>, control: f64, baseline: Option<f64>) -> Self {
        Self { prior, rate, is_exact: true, interval: None, ran, control, baseline }
    }

    /// An attacker that ran, and has no closed form.
    fn ran(prior: Prior, ran: Trial, control: f64, baseline: Option<f64>) -> Self {
        let interval = Some([ran.low, ran.high]);
        Self { prior, rate: ran.rate, is_exact: false, interval, ran: Some(ran), control, baseline }
    }

    /// A closed form where there is one, beside an attacker that ran.
    fn of(prior: Prior, ran: Trial, closed: Option<f64>, control: f64, baseline: Option<f64>) -> Self {
        match closed {
            Some(rate) => Self::closed(prior, rate, Some(ran), control, baseline),
            None => Self::ran(prior, ran, control, baseline),
        }
    }

    /// By how much it is right more often than the control.
    pub fn gain(&self) -> f64 {
        self.rate - self.control
    }

    /// The closed form, where it was computed beside an attacker that ran.
    fn checked(&self) -> Option<(Trial, f64)> {
        self.ran.filter(|_| self.is_exact).map(|ran| (ran, self.rate))
    }
}

impl Step {
    /// The rate under a prior.
    pub fn rate(&self, prior: Prior) -> Option<&Rate> {
        self.rates.iter().find(|rate| rate.prior == prior)
    }
}

impl Attacked {
    /// The rates at the step at which attackers are compared.
    pub fn headline(&self) -> &[Rate] {
        self.steps.get(self.headline).map_or(&[], |step| &step.rates)
    }

    /// By how much it beats the control there, under the prior that is worse.
    pub fn gain(&self) -> f64 {
        remedies::gain(self.headline())
    }

    /// The rate under a prior there.
    pub fn rate(&self, prior: Prior) -> Option<&Rate> {
        self.steps.get(self.headline)?.rate(prior)
    }
}

/// An attacker as the study knows it.
struct Known {
    name: &'static str,
    /// Whether it can attack pings that are joined.
    joined: bool,
    /// Whether it meets the other candidates as well.
    others: bool,
    run: fn(&Scene<'_>) -> Answer,
}

/// What it found, part by part, or why there is nothing to attack.
type Answer = Result<Vec<Part>, String>;

/// One part of what an attacker found.
#[derive(Default)]
struct Part {
    part: &'static str,
    ranked: bool,
    finds: &'static str,
    varies: &'static str,
    steps: Vec<Step>,
    headline: usize,
    remedies: Vec<Remedy>,
    otherwise: Vec<Otherwise>,
    error_ms: Vec<f64>,
}

/// In the order of their letters.
const ATTACKERS: [Known; 14] = [
    Known { name: "linkage", joined: true, others: false, run: linkage::run },
    Known { name: "noisy", joined: false, others: false, run: noisy::run },
    Known { name: "partial", joined: false, others: false, run: partial::run },
    Known { name: "sequence", joined: true, others: true, run: sequence::run },
    Known { name: "library", joined: false, others: false, run: library::run },
    Known { name: "membership", joined: false, others: false, run: membership::run },
    Known { name: "intersection", joined: true, others: false, run: intersection::run },
    Known { name: "averaging", joined: false, others: false, run: averaging::run },
    Known { name: "suppression", joined: false, others: false, run: suppression::run },
    Known { name: "homogeneity", joined: true, others: false, run: homogeneity::run },
    Known { name: "side-fields", joined: false, others: false, run: side_fields::run },
    Known { name: "known-library", joined: true, others: false, run: known_library::run },
    Known { name: "arrival", joined: false, others: false, run: arrival::run },
    Known { name: "open-world", joined: false, others: false, run: open_world::run },
];

/// How many attackers there are.
pub(super) const MANY: u64 = ATTACKERS.len() as u64;

/// Lets every attacker of the wanted names meet every scene. `done` is told of each attacker.
///
/// # Errors
/// [`StudyError::Disagreement`]: an attacker that ran and its closed form disagree, at that false-alarm rate of all
/// together.
pub(super) fn all(
    scenes: &[Scene<'_>],
    wanted: impl Fn(&str) -> bool,
    false_alarm: f64,
    done: &(dyn Fn() + Sync),
) -> Result<Attackers, StudyError> {
    let of_attacker = |known: &Known| {
        let met: Vec<(&Scene<'_>, Answer)> = scenes
            .par_iter()
            .filter(|scene| known.joined || scene.generalization().is_some())
            .filter(|scene| known.others || scene.of_choice)
            .map(|scene| (scene, (known.run)(scene)))
            .collect();
        done();
        met
    };
    let mut attackers = Attackers::default();
    for known in ATTACKERS.iter().filter(|known| wanted(known.name)) {
        for (scene, answer) in of_attacker(known) {
            let (attacker, sees) = (known.name, scene.sees.clone());
            match answer {
                Err(reason) => attackers.idle.push(Idle { attacker, sees, reason }),
                Ok(parts) => attackers.found.extend(parts.into_iter().map(|part| {
                    let ranked = part.ranked && scene.of_choice;
                    let Part { part, finds, varies, steps, headline, remedies, otherwise, error_ms, .. } =
                        part;
                    Attacked {
                        attacker,
                        part,
                        ranked,
                        sees: sees.clone(),
                        finds,
                        varies,
                        steps,
                        headline,
                        remedies,
                        otherwise,
                        error_ms,
                    }
                })),
            }
        }
    }
    agree(&attackers.found, false_alarm)?;
    Ok(attackers)
}

fn agree(found: &[Attacked], false_alarm: f64) -> Result<(), StudyError> {
    let mut checked = Vec::new();
    for attacked in found {
        for step in &attacked.steps {
            let of_step = step.rates.iter().filter_map(Rate::checked);
            checked.extend(of_step.map(|checked| (attacked, step, checked)));
        }
    }
    let each = false_alarm / checked.len().max(1) as f64;
    match checked.iter().find(|(.., (trial, claim))| !trial.agrees_with(*claim, each)) {
        None => Ok(()),
        Some((attacked, step, (trial, claim))) => Err(StudyError::Disagreement {
            on: format!("{}, {}, {}", attacked.attacker, attacked.sees, step.at),
            hits: trial.hits,
            draws: trial.draws,
            claim: *claim,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attacked(rates: Vec<Rate>) -> Attacked {
        Attacked {
            attacker: "linkage",
            part: "",
            ranked: true,
            sees: "play ping".to_owned(),
            finds: "named right",
            varies: "what is named",
            steps: vec![Step { at: "title".to_owned(), rates }],
            headline: 0,
            remedies: Vec::new(),
            otherwise: Vec::new(),
            error_ms: Vec::new(),
        }
    }

    #[test]
    fn a_closed_form_that_no_attacker_reaches_ends_the_study() {
        let ran = Trial::new(10_000, 100);
        let right = attacked(vec![Rate::closed(Prior::Uniform, 0.01, Some(ran), 0.0, None)]);
        let wrong = attacked(vec![Rate::closed(Prior::Popularity, 0.02, Some(ran), 0.0, None)]);
        assert!(agree(std::slice::from_ref(&right), 1e-6).is_ok());
        let error = agree(&[right, wrong], 1e-6).unwrap_err();
        assert!(matches!(error, StudyError::Disagreement { hits: 100, draws: 10_000, .. }), "{error}");
        assert!(error.to_string().contains("linkage, play ping, title"), "{error}");
    }

    #[test]
    fn an_estimate_is_held_to_nothing() {
        let estimate = Rate::ran(Prior::Uniform, Trial::new(10, 9), 0.0, None);
        assert!(agree(&[attacked(vec![estimate])], 1e-6).is_ok());
    }

    #[test]
    fn it_is_ranked_by_the_worse_prior_beyond_its_control() {
        let rates = vec![
            Rate::closed(Prior::Uniform, 0.30, None, 0.10, None),
            Rate::closed(Prior::Popularity, 0.50, None, 0.45, None),
        ];
        assert!((attacked(rates).gain() - 0.20).abs() < 1e-12);
        // Whoever does worse than blind gains nothing.
        assert_eq!(attacked(vec![Rate::closed(Prior::Uniform, 0.1, None, 0.2, None)]).gain(), 0.0);
        assert_eq!(attacked(Vec::new()).gain(), 0.0);
    }

    #[test]
    fn every_attacker_has_a_name_of_its_own() {
        let mut names = ATTACKERS.map(|known| known.name);
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
