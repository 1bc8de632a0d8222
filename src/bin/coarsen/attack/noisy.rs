//! `coarsen attack noisy`.

use coarsen::attack::channel::{Randomized, Subject};
use coarsen::attack::noisy::{Level, Noisy, Settings, noisy};
use serde::Serialize;

use super::found::{Answer, Attack, Found, Seen};
use super::noisy_drawn as drawn;
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "noisy",
    what: "A2: holds another copy: another container, speed or cut, or trimmed credits",
    run,
    no_channel: None,
};

/// How many closed forms it is compared with, at most: file, title and series under both priors.
pub const COMPARISONS: usize = 6;

/// Plays, at most: fine roundings leave each with candidates of its own.
const MOST_PLAYS: u64 = 10_000;

#[derive(Serialize)]
struct Ran {
    #[serde(flatten)]
    found: Noisy,
    agrees: bool,
}

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let generalization = &seen.leaving.generalization;
    if generalization.duration.is_drop() {
        let reason = "no duration leaves, and copies are told apart by little else".to_owned();
        return Ok(Answer::NotApplicable(reason));
    }
    if let Some(Randomized { subject, channel, .. }) = seen.channel {
        if subject == Subject::Bitrate {
            let reason = "a copy of another encode has a bit rate of its own, and what a drawn one tells of it isn't \
                          worked out: draw the duration";
            return Ok(Answer::NotApplicable(reason.to_owned()));
        }
        return drawn::run(seen, channel);
    }
    let draws = seen.draws.min(MOST_PLAYS);
    let found = noisy(seen.told, generalization.key(), seen.raw, &Settings::default(), draws, seen.seed);
    let found = found.map_err(Failure::input)?;
    let agrees = |level: &Level| level.closed_form.is_none_or(|closed| seen.agrees(&level.ran.bayes, closed));
    let agrees = found.levels.iter().all(agrees);
    let text = render(&found);
    Ok(Answer::Found(Found::new(&Ran { found, agrees }, text, agrees)?))
}

fn render(found: &Noisy) -> String {
    let name = |level: &Level| format!("{:?}, {:?} prior", level.target, level.prior).to_lowercase();
    let row = |level: &Level| {
        let bayes = level.ran.bayes;
        vec![
            name(level),
            percent(bayes.rate),
            format!("{} to {}", percent(bayes.low), percent(bayes.high)),
            level.closed_form.map_or("too fine".to_owned(), percent),
            percent(level.ran.interval.rate),
            percent(level.ran.ignoring.rate),
            percent(level.control),
            percent(level.baseline.bayes.rate),
        ]
    };
    let header = [
        "named",
        "right",
        "95 % interval",
        "closed form",
        "by intervals",
        "ignoring the noise",
        "seeing nothing",
        "seeing raw values",
    ];
    let named = output::table(&header, &found.levels.iter().map(row).collect::<Vec<_>>());
    let row = |level: &Level| {
        vec![
            name(level),
            format!("{:.1}", level.ran.interval_candidates),
            percent(level.ran.interval_recall.rate),
            percent(level.ran.ignoring_recall.rate),
            format!("{:.1}", level.baseline.interval_candidates),
            percent(level.baseline.ignoring_recall.rate),
        ]
    };
    let header = [
        "among the candidates",
        "files kept by intervals",
        "recall",
        "recall ignoring the noise",
        "files kept by raw values",
        "recall ignoring it",
    ];
    named + "\n" + &output::table(&header, &found.levels.iter().map(row).collect::<Vec<_>>())
}
