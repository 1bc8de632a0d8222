//! `coarsen attack partial --channel`: one play, of which the played time is drawn.

use coarsen::attack::channel::Channel;
use coarsen::attack::levels::level;
use coarsen::attack::partial::{Attacker, Settings, TARGETS};
use coarsen::attack::through::Watcher;
use coarsen::attack::{Prior, Target, Trial};
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Classes, Generalization};
use coarsen::rounding::Rounding;
use coarsen::units::Dimension;
use serde::Serialize;

use super::found::{Answer, Found, Seen};
use crate::failure::Failure;
use crate::output::{self, percent};

/// Why several plays of a file aren't asked after.
const ONE_PLAY: &str = "several plays of one file end at several lengths, and a channel doesn't say whether it draws for \
                        each or once for the file";

#[derive(Serialize)]
struct Drawn {
    settings: Settings,
    watched: Vec<Watched>,
    not_applicable: Not,
}

#[derive(Serialize)]
struct Not {
    plays: &'static str,
}

#[derive(Serialize)]
struct Watched {
    completion: f64,
    plays: u32,
    target: Target,
    prior: Prior,
    #[serde(flatten)]
    trial: Trial,
    closed_form: f64,
    agrees: bool,
    /// The control, as a closed form: an attacker who sees nothing.
    control: f64,
    /// Who sees all but the played time, as a closed form.
    without: f64,
    /// Who sees the played time before it is drawn; null where it has too many buckets.
    rounded: Option<f64>,
    /// The baseline, as it ran: an attacker who sees raw values.
    baseline: Trial,
}

pub fn run(seen: &Seen<'_>, channel: Channel, draws: u64) -> Result<Answer, Failure> {
    let generalization = &seen.leaving.generalization;
    let settings = Settings { plays: vec![1], ..Settings::default() };
    let key = generalization.key();
    let watcher = match Watcher::study(seen.told, key, channel, settings.tail_ms) {
        Ok(watcher) => watcher,
        Err(reason) => return Ok(reason.into()),
    };
    let keep = Generalization::keep(seen.raw.catalogue());
    let rounded = Attacker::study(seen.told, key, settings.tail_ms);
    let unrounded = Attacker::study(seen.raw, keep.key(), settings.tail_ms);
    let beside = Generalization {
        duration: Rounding::drop(Dimension::Duration),
        other: vec![],
        ..generalization.clone()
    };
    let beside = Classes::group(seen.told, beside.key());
    let nothing = Classes::group(seen.raw, Generalization::drop().key());
    let mut watched = Vec::new();
    for &completion in &settings.completion {
        for (of_prior, prior) in Prior::ALL.into_iter().enumerate() {
            let mut random = stream(seen.seed, &format!("partial drawn {completion} {prior:?}"), 0);
            let closed = watcher.closed_form(completion, prior).map_err(Failure::input)?;
            let ran = watcher.run(completion, prior, draws, &mut random).map_err(Failure::input)?;
            let before = rounded.closed_form(completion, 1, prior).map_err(Failure::input)?;
            let raw = unrounded.run(completion, 1, prior, draws, seen.seed).map_err(Failure::input)?;
            for (at, target) in TARGETS.into_iter().enumerate() {
                watched.push(Watched {
                    completion,
                    plays: 1,
                    target,
                    prior,
                    trial: ran[at],
                    closed_form: closed[at],
                    agrees: seen.agrees(&ran[at], closed[at]),
                    control: level(&nothing, target)[of_prior].top1,
                    without: level(&beside, target)[of_prior].top1,
                    rounded: before.map(|before| before[at]),
                    baseline: raw[at].longest,
                });
            }
        }
    }
    let agrees = watched.iter().all(|row| row.agrees);
    let text = render(&watched);
    let drawn = Drawn { settings, watched, not_applicable: Not { plays: ONE_PLAY } };
    Ok(Answer::Found(Found::new(&drawn, text, agrees)?))
}

fn render(watched: &[Watched]) -> String {
    let row = |row: &Watched| {
        vec![
            format!("{:.0} % completed, {:?}, {:?} prior", 100.0 * row.completion, row.target, row.prior)
                .to_lowercase(),
            percent(row.trial.rate),
            format!("{} to {}", percent(row.trial.low), percent(row.trial.high)),
            percent(row.closed_form),
            row.rounded.map_or("too fine".to_owned(), percent),
            percent(row.control),
            percent(row.without),
            percent(row.baseline.rate),
        ]
    };
    let header = [
        "drawn played time",
        "named by one play",
        "95 % interval",
        "closed form",
        "before it is drawn",
        "seeing nothing",
        "without played time",
        "seeing raw values",
    ];
    output::table(&header, &watched.iter().map(row).collect::<Vec<_>>())
        + &format!("not applicable, several plays: {ONE_PLAY}\n")
}
