//! A13, arrival times: when the start and stop reports of a play arrive gives back its length.
//!
//! Whoever collects reports sees when each arrives: its true time, plus the network's jitter, plus the client's delay.
//! The stop less the start is the length of a completed play, whatever the policy rounds; where the next play begins by
//! itself, so is the next start less this one. Only completed plays are judged: one that is left early tells the time
//! that was played. The attacker holds the catalogue, joins the arrivals with what is released, and is exact.
//!
//! Jitter and delay are whole ms from 0 to a most, equally likely ([`Sending`]): bounded, with exact masses.

mod attacker;
pub(super) mod exact;
mod group;
pub(super) mod kernel;
mod sending;

use serde::Serialize;

pub use attacker::{Attacker, Met, Ran};
pub use exact::success;
pub use sending::{ArrivalError, MOST_MS, Sending};

use super::levels::level;
use super::{Prior, Target, Trial};
use crate::classes::{Cells, Classes, Generalization, Key};

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The jitter of a network, about.
pub const JITTER_MS: u64 = SECOND;

/// Jitters without a delay, the delays and the batches that are always shown.
const JITTERS: [u64; 3] = [0, JITTER_MS, 5 * SECOND];
const DELAYS: [u64; 6] = [MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY];
const BATCHES: [u64; 4] = [HOUR, 6 * HOUR, DAY, 7 * DAY];

/// The ways of sending that are shown, at most: the ladder and that of a policy.
pub const MOST_ROWS: usize = JITTERS.len() + DELAYS.len() + BATCHES.len() + 1;

/// What arrivals may multiply the success by, to be called harmless.
pub const HARMLESS: f64 = 1.1;

/// What arrivals give away, by how reports are sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArrivalTimes {
    /// Ways of sending; that of the policy, where one is given, comes first.
    pub rows: Vec<Row>,
    /// The shortest delay of those shown from which on every one is harmless: the title is named at most
    /// [`HARMLESS`] times as often as without arrivals, under both priors. `None` where none is.
    pub harmless_delay_ms: Option<u64>,
    /// The same for batches.
    pub harmless_batch_ms: Option<u64>,
}

/// One way of sending.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The way of sending.
    #[serde(flatten)]
    pub sending: Sending,
    /// Whether it is that of the policy.
    pub is_of_policy: bool,
    /// File and title, under each prior.
    pub named: Vec<Named>,
}

/// How often a target is named by who sees arrivals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Named {
    /// The target.
    pub target: Target,
    /// The prior.
    pub prior: Prior,
    /// The attacker that ran.
    #[serde(flatten)]
    pub trial: Trial,
    /// Its success as a closed form, where there is one.
    pub closed_form: Option<f64>,
    /// The closed form, or else what the attacker's own certainty comes to on average: a closer estimate than its hits.
    pub success: f64,
    /// Without arrivals: A1 on what is released.
    pub released: f64,
    /// Of a duration that is drawn through a channel: who sees arrivals and all else that is released, but not what is
    /// drawn. A closed form where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times_alone: Option<f64>,
    /// There, too: how sure the attacker that ran was of what it named, on average over its plays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sure: Option<f64>,
    /// Seeing nothing at all.
    pub control: f64,
    /// Seeing raw values, to which arrivals add nothing.
    pub baseline: f64,
}

impl Row {
    /// The title's success over that without arrivals, the larger of both priors.
    pub fn factor(&self) -> f64 {
        let titles = self.named.iter().filter(|named| named.target == Target::Title);
        titles.map(|named| named.success / named.released).fold(0.0, f64::max)
    }
}

/// Weighs what arrivals give away: for each way of sending of a ladder, and for that of a policy.
///
/// `told` is the catalogue as it is told and `raw` as it is; `key` is what is released; of `targets`, file and title alone
/// are told. The same on any number of threads. O(ways of sending x (files log files + draws x candidates)).
pub fn arrival_times(
    (told, raw): (&Cells<'_>, &Cells<'_>),
    key: Key<'_>,
    targets: &[Target],
    of_policy: Option<Sending>,
    draws: u64,
    seed: u64,
) -> ArrivalTimes {
    let classes = Classes::group(told, key);
    let nothing = Classes::group(raw, Generalization::drop().key());
    let everything = Classes::group(raw, Generalization::keep(raw.catalogue()).key());
    let attacker = Attacker::study(told.catalogue(), key);
    let known = [Target::File, Target::Title].into_iter().filter(|target| targets.contains(target));
    let sides: Vec<_> =
        known.map(|target| (target, [&classes, &nothing, &everything].map(|of| level(of, target)))).collect();
    let row = |sending: Sending| {
        let exact: Vec<_> = sides.iter().map(|(target, _)| success(&classes, *target, sending)).collect();
        let mut named = Vec::new();
        for (at, prior) in Prior::ALL.into_iter().enumerate() {
            let ran = attacker.run(sending, prior, draws, seed);
            for ((target, sides), exact) in sides.iter().zip(&exact) {
                let met = if *target == Target::File { ran.file } else { ran.title };
                let [released, control, baseline] = [0, 1, 2].map(|side| sides[side][at].top1);
                let closed_form = exact.map(|of_priors| of_priors[at]);
                named.push(Named {
                    target: *target,
                    prior,
                    trial: met.trial,
                    closed_form,
                    success: closed_form.unwrap_or(met.certainty),
                    released,
                    times_alone: None,
                    sure: None,
                    control,
                    baseline,
                });
            }
        }
        named
    };
    ladder(of_policy, row)
}

/// The rows of the ladder, with that of a policy first; what is found of each, by its way of sending.
pub(super) fn ladder(of_policy: Option<Sending>, named: impl Fn(Sending) -> Vec<Named>) -> ArrivalTimes {
    let sent = |jitter_ms, delay_ms, batch_ms| Sending { jitter_ms, delay_ms, batch_ms };
    let of_policy = of_policy.map(|sending| (sending, true));
    let ladder = JITTERS.map(|jitter| sent(jitter, 0, 0)).into_iter();
    let ladder = ladder.chain(DELAYS.map(|delay| sent(JITTER_MS, delay, 0)));
    let ladder = ladder.chain(BATCHES.map(|batch| sent(JITTER_MS, 0, batch))).map(|sending| (sending, false));
    let row = |(sending, is_of_policy)| Row { sending, is_of_policy, named: named(sending) };
    let rows: Vec<Row> = of_policy.into_iter().chain(ladder).map(row).collect();
    let harmless = |of: fn(&Sending) -> u64| {
        let lag = |row: &&Row| !row.is_of_policy && of(&row.sending) > 0;
        let from_the_longest = rows.iter().rev().filter(lag).take_while(|row| row.factor() <= HARMLESS);
        from_the_longest.last().map(|row| of(&row.sending))
    };
    ArrivalTimes {
        harmless_delay_ms: harmless(|sending| sending.delay_ms),
        harmless_batch_ms: harmless(|sending| sending.batch_ms),
        rows,
    }
}
