//! `coarsen attack suppression`.

use coarsen::attack::suppression::{Signal, Suppression, run as run_attacker, suppression};
use coarsen::attack::through::{self, Guesser};
use coarsen::attack::{Among, Prior, Target};
use coarsen::catalogue::stream::stream;
use serde::Serialize;

use super::found::{Answer, Attack, Found, MOST_DRAWN, Seen, Tried};
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "suppression",
    what: "A9: takes `other` and missing values for what they are: a signal",
    run,
    no_channel: None,
};

/// How many closed forms it is compared with, at most.
pub const COMPARISONS: usize = 2 * Signal::MOST;

#[derive(Serialize)]
struct Ran {
    #[serde(flatten)]
    closed_form: Suppression,
    trials: Vec<Tried>,
}

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let generalization = &seen.leaving.generalization;
    let catalogue = seen.told.catalogue();
    let signals = match seen.channel {
        None => suppression(seen.told, generalization),
        Some(randomized) => match through::suppression(seen.told, generalization, randomized) {
            Ok(signals) => signals,
            Err(reason) => return Ok(reason.into()),
        },
    };
    let found: Vec<Ran> = signals
        .into_iter()
        .map(|closed_form| {
            let Suppression { signal, named, .. } = closed_form;
            let priors = [(Prior::Uniform, Some(named.uniform)), (Prior::Popularity, named.popularity)];
            let trials = priors.into_iter().filter_map(|(prior, claim)| {
                let mut random = stream(seen.seed, &format!("suppression {signal} {prior:?}"), 0);
                let trial = match seen.channel {
                    None => run_attacker(catalogue, generalization, signal, prior, seen.draws, &mut random)?,
                    Some(randomized) => {
                        let guesser = Guesser::study(catalogue, generalization.key(), randomized, prior);
                        let files = signal.files(catalogue, generalization);
                        let draws = seen.draws.min(MOST_DRAWN);
                        guesser.run_on(&files, Target::Title, draws, &mut random)?.top1
                    }
                };
                Some(seen.tried(prior, trial, claim?))
            });
            Ran { trials: trials.collect(), closed_form }
        })
        .collect();
    if found.is_empty() {
        let reason =
            "no file lies in a box that leaves as `other`, and none lacks a value that leaves".to_owned();
        return Ok(Answer::NotApplicable(reason));
    }
    let agrees = found.iter().flat_map(|ran| &ran.trials).all(|tried| tried.agrees);
    Ok(Answer::Found(Found::new(&found, render(&found), agrees)?))
}

fn render(found: &[Ran]) -> String {
    let both = |rates: Among| match rates.popularity {
        Some(popularity) => format!("{}, {}", percent(rates.uniform), percent(popularity)),
        None => format!("{}, never played", percent(rates.uniform)),
    };
    let row = |ran: &Ran| {
        let found = &ran.closed_form;
        vec![
            found.signal.to_string(),
            found.titles.to_string(),
            format!("{}, {}", percent(found.share.uniform), percent(found.share.popularity)),
            both(found.named),
            both(found.without),
            both(found.control),
        ]
    };
    let header = [
        "leaves (by files, by plays)",
        "titles",
        "share",
        "title named right",
        "without it",
        "seeing nothing",
    ];
    output::table(&header, &found.iter().map(row).collect::<Vec<_>>())
}
