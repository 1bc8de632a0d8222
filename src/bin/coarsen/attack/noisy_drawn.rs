//! `coarsen attack noisy --channel`: another copy was played, and its length is drawn.

use coarsen::attack::channel::Channel;
use coarsen::attack::noisy::Settings;
use coarsen::attack::through::{CopiedError, DrawnLevel, noisy};
use serde::Serialize;

use super::found::{Answer, Found, MOST_DRAWN, Seen};
use crate::failure::Failure;
use crate::output::{self, percent};

/// Why there is no interval form.
const INTERVAL: &str = "every output may be of every file, so that an interval would keep each of them and name the most popular";

#[derive(Serialize)]
struct Ran {
    settings: Settings,
    levels: Vec<DrawnLevel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_applicable: Option<Not>,
    agrees: bool,
}

#[derive(Serialize)]
struct Not {
    interval: &'static str,
}

pub fn run(seen: &Seen<'_>, channel: Channel) -> Result<Answer, Failure> {
    let (settings, draws) = (Settings::default(), seen.draws.min(MOST_DRAWN));
    let key = seen.leaving.generalization.key();
    let levels = match noisy(seen.told, key, seen.raw, (&settings, channel), draws, seen.seed) {
        Ok(levels) => levels,
        Err(CopiedError::TooFine(reason)) => return Ok(reason.into()),
        Err(error) => return Err(Failure::input(error)),
    };
    let agrees = |level: &DrawnLevel| match level.closed_form {
        Some(closed_form) => seen.agrees(&level.ran.bayes, closed_form),
        None => seen.calibrated(&level.ran.bayes, level.ran.sure),
    };
    let agrees = levels.iter().all(agrees);
    let has_intervals = levels.iter().all(|level| level.ran.by_interval.is_some());
    let text = render(&levels, has_intervals);
    let not_applicable = (!has_intervals).then_some(Not { interval: INTERVAL });
    Ok(Answer::Found(Found::new(&Ran { settings, levels, not_applicable, agrees }, text, agrees)?))
}

fn render(levels: &[DrawnLevel], has_intervals: bool) -> String {
    let name = |level: &DrawnLevel| format!("{:?}, {:?} prior", level.target, level.prior).to_lowercase();
    let row = |level: &DrawnLevel| {
        let (ran, fine) = (&level.ran, || "too fine".to_owned());
        vec![
            name(level),
            percent(ran.bayes.rate),
            format!("{} to {}", percent(ran.bayes.low), percent(ran.bayes.high)),
            level.closed_form.map_or_else(fine, percent),
            percent(ran.sure),
            level.rounded.map_or_else(fine, percent),
            percent(ran.ignoring.rate),
            percent(level.control),
            percent(level.baseline.bayes.rate),
        ]
    };
    let header = [
        "named, its length drawn",
        "right",
        "95 % interval",
        "closed form",
        "it was sure by",
        "before it is drawn",
        "ignoring the noise",
        "seeing nothing",
        "seeing raw values",
    ];
    let named = output::table(&header, &levels.iter().map(row).collect::<Vec<_>>());
    if !has_intervals {
        return named + &format!("not applicable, intervals: {INTERVAL}\n");
    }
    let row = |level: &DrawnLevel| {
        let of = level.ran.by_interval?;
        Some(vec![
            name(level),
            percent(of.interval.rate),
            format!("{:.1}", of.interval_candidates),
            percent(of.interval_recall.rate),
            percent(of.ignoring_recall.rate),
            format!("{:.1}", level.baseline.interval_candidates),
            percent(level.baseline.ignoring_recall.rate),
        ])
    };
    let header = [
        "among the candidates",
        "named by intervals",
        "files kept by intervals",
        "recall",
        "recall ignoring the noise",
        "files kept by raw values",
        "recall ignoring it",
    ];
    named + "\n" + &output::table(&header, &levels.iter().filter_map(row).collect::<Vec<_>>())
}
