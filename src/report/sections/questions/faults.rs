//! How much more traffic it takes to find a fault.

use super::or_none;
use crate::report::document::{Cell, Table, Tone, number, text};
use crate::report::numbers::{count, percent};
use crate::report::words::{and, fault};
use crate::study::Diagnostics;
use crate::utility::power::{Amount, AtSize, Detection, Needed, OverSize};
use crate::utility::two_digits;

/// An interval that reaches beyond this leaves open whether a fault takes more traffic.
const SURE: f64 = 1.5;

fn traffic(needed: Amount) -> String {
    match needed {
        Amount::Is { value, .. } => count(value.round() as u64),
        Amount::Over { value } => format!("over {}", count(value.round() as u64)),
    }
}

fn ratio(needed: &Needed) -> String {
    match needed.ratio {
        None => "unknown: raw plays don't find it either".to_owned(),
        Some(Amount::Is { value, from, to }) if from != to => {
            format!("{value:.2} ({from:.2} to {to:.2})")
        }
        Some(Amount::Is { value, .. }) => format!("{value:.2}"),
        Some(Amount::Over { value }) => format!("over {value:.0}"),
    }
}

/// What is told of raw plays, and then of the release.
fn both(raw: Option<String>, released: Option<String>) -> Option<String> {
    Some(format!("{} / {}", raw?, released?))
}

pub(super) fn table(found: &Diagnostics) -> Table {
    let row = |detection: &Detection| match detection {
        Detection::Measured(power) => {
            let of = |which: fn(&AtSize) -> f64| {
                let told = |over: &OverSize| over.at(power.size).map(|at| percent(which(at)));
                or_none(both(told(&power.raw), told(&power.released)))
            };
            let least = |over: &OverSize| Some(over.least.map_or("none".to_owned(), two_digits));
            let pooled: Vec<String> = power.pooled.iter().map(|column| (*column).to_owned()).collect();
            vec![
                fault(power.family).into(),
                power.ping.as_str().into(),
                if pooled.is_empty() { Cell::none() } else { and(&pooled).into() },
                traffic(power.needed.raw).into(),
                traffic(power.needed.released).into(),
                ratio(&power.needed).into(),
                of(|at| at.precision),
                of(|at| at.recall),
                or_none(both(least(&power.raw), least(&power.released))),
            ]
        }
        Detection::Lost { family: lost, reason } | Detection::Untested { family: lost, reason } => {
            let tone = if matches!(detection, Detection::Lost { .. }) { Tone::Bad } else { Tone::Muted };
            let word = if tone == Tone::Bad { "lost" } else { "untested" };
            let mut row = vec![fault(*lost).into(), Cell::toned(format!("{word}: {reason}"), tone)];
            row.resize_with(9, Cell::none);
            row
        }
    };
    let arm = found.faults.iter().find_map(Detection::power).map_or(0, |power| power.traffic);
    Table {
        caption: format!(
            "Plays needed before and after to find four faults of five (twice the stalls, a fifth less speed), with what is \
             released and with raw plays, and the sample-size ratio with its 95 % interval. Precision and recall: of what is \
             flagged and of what the fault struck, the mean over all faults, 0 where nothing is flagged; and the least \
             fault found four times of five (a factor of stalls, a share of speed; none where not even the largest that \
             was tried is), all at {} plays before and after, with raw plays / with what is released.",
            count(arm)
        ),
        columns: vec![
            text("Fault"),
            text("Ping"),
            text("Pooled across"),
            number("Plays, raw"),
            number("Plays, released"),
            number("Sample-size ratio"),
            number("Precision"),
            number("Recall"),
            number("Least fault found"),
        ],
        rows: found.faults.iter().map(row).collect(),
    }
}

/// What finding each takes, in words.
pub(super) fn told(found: &Diagnostics) -> Vec<String> {
    found
        .faults
        .iter()
        .map(|detection| match detection {
            Detection::Measured(power) => {
                let what = fault(power.family);
                match power.needed.ratio {
                    Some(Amount::Is { from, to, .. }) if from <= 1.0 && (1.0..=SURE).contains(&to) && from != to => {
                        format!("{what} take no more traffic to find than with raw plays as far as can be told ({from:.2} to {to:.2} times)")
                    }
                    Some(Amount::Is { value: 1.0, .. }) => format!("{what} take no more traffic to find"),
                    Some(Amount::Is { .. }) => {
                        format!("{what} take {} times the traffic of raw plays to find", ratio(&power.needed))
                    }
                    Some(Amount::Over { .. }) => {
                        format!("{what} are not found with any traffic that was tried, and are with raw plays")
                    }
                    None => format!("{what} are found with no traffic that was tried, not with raw plays either"),
                }
            }
            Detection::Lost { family: lost, .. } => format!("{} are never found", fault(*lost)),
            Detection::Untested { family: untested, .. } => format!("{} are untested", fault(*untested)),
        })
        .collect()
}
