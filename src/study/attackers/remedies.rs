//! What would stop an attacker, and what it would do were things otherwise than the policy has them.

use serde::Serialize;

use super::{Rate, Step};
use crate::attack::Prior;
use crate::policy::Limits;

/// What an attacker may find beyond its control and count as held off, where no limit says so.
const TOLERATED: f64 = 0.05;

/// What an attacker may find beyond its control, to be held off: as much as of titles by linkage.
pub fn tolerated(limits: &Limits) -> f64 {
    limits.get("title_uniform").unwrap_or(TOLERATED)
}

/// A change that was tried against an attacker that wins, whether or not it stops it.
#[derive(Clone, Debug, Serialize)]
pub struct Remedy {
    /// What is done, in words.
    pub change: String,
    /// The distortion that it adds to the ping, 0 to 1; 0 where no field tells less.
    pub loss: f64,
    /// What the attacker then finds, under each prior.
    pub rates: Vec<Left>,
}

/// What a change leaves of an attacker under one prior.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Left {
    /// The prior.
    pub prior: Prior,
    /// How often it is right, 0 to 1.
    pub rate: f64,
    /// Whoever sees nothing.
    pub control: f64,
}

/// What an attacker would do were something otherwise than the policy has it.
#[derive(Clone, Debug, Serialize)]
pub struct Otherwise {
    /// What would be otherwise, in words, after "if".
    pub when: String,
    /// The attacker there.
    pub step: Step,
    /// What would stop it there; empty where it wins nothing.
    pub remedies: Vec<Remedy>,
    /// The root mean square error in ms of what it takes the duration for, where it estimates one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_ms: Option<f64>,
}

impl Remedy {
    /// A change that takes nothing from any field, beside the control of a step.
    pub(super) fn free(change: String, rates: impl IntoIterator<Item = (Prior, f64)>, at: &Step) -> Self {
        Self { change, loss: 0.0, rates: left(rates, at) }
    }

    /// Whether it leaves the attacker at most so much beyond its control, under every prior.
    pub fn stops(&self, tolerated: f64) -> bool {
        self.rates.iter().all(|left| left.rate - left.control <= tolerated)
    }

    /// What is left beyond the control, under the worse prior.
    pub fn gain(&self) -> f64 {
        self.rates.iter().map(|left| left.rate - left.control).fold(0.0, f64::max)
    }
}

impl Otherwise {
    /// By how much it beats the control there, under the prior that is worse.
    pub fn gain(&self) -> f64 {
        gain(&self.step.rates)
    }

    /// Of a step that wins nothing, or to which nothing is to be done.
    pub(super) fn of(when: &str, step: &Step) -> Self {
        Self { when: when.to_owned(), step: step.clone(), remedies: Vec::new(), error_ms: None }
    }
}

/// Rates beside the controls of a step.
pub(super) fn left(rates: impl IntoIterator<Item = (Prior, f64)>, at: &Step) -> Vec<Left> {
    let left = |(prior, rate)| Some(Left { prior, rate, control: at.rate(prior)?.control });
    rates.into_iter().filter_map(left).collect()
}

/// Of some rates by prior, how far the one that is furthest over its control is.
pub(super) fn gain(rates: &[Rate]) -> f64 {
    rates.iter().map(Rate::gain).fold(0.0, f64::max)
}

/// The change that stops an attacker at the least loss; of equals the first.
pub fn least(remedies: &[Remedy], tolerated: f64) -> Option<&Remedy> {
    let stops = remedies.iter().filter(|remedy| remedy.stops(tolerated));
    stops.min_by(|a, b| a.loss.total_cmp(&b.loss))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remedy(change: &str, loss: f64, rates: [f64; 2]) -> Remedy {
        let at = Step {
            at: String::new(),
            rates: Prior::ALL.map(|prior| Rate::closed(prior, 0.5, None, 0.1, None)).into(),
        };
        Remedy { loss, ..Remedy::free(change.to_owned(), Prior::ALL.into_iter().zip(rates), &at) }
    }

    #[test]
    fn the_cheapest_that_stops_it_is_taken_and_none_where_none_does() {
        let tried = [
            remedy("wider", 0.1, [0.12, 0.30]),
            remedy("none left", 0.5, [0.1, 0.1]),
            remedy("rotate", 0.2, [0.14, 0.15]),
        ];
        // The cheapest leaves too much under one prior.
        assert!(!tried[0].stops(0.05) && (tried[0].gain() - 0.2).abs() < 1e-12);
        assert_eq!(least(&tried, 0.05).map(|remedy| remedy.change.as_str()), Some("rotate"));
        assert_eq!(least(&tried, 0.3).map(|remedy| remedy.change.as_str()), Some("wider"));
        assert!(least(&tried[..1], 0.05).is_none());
    }
}
