//! How what is recommended leaves, and what attackers would do were it otherwise.

use super::super::document::{Block, Cell, Table, number, text};
use super::super::numbers::{about, count, percent, points};
use super::each_attacker::anchor;
use super::verdict::{fares, shown, stops, title, verdict};
use crate::attack::Prior;
use crate::policy::{Link, Release};
use crate::study::{Attacked, Otherwise};
use crate::units::Dimension;

/// How pings leave, in words.
pub(super) fn how(release: &Release) -> String {
    let linked = match (release.link, release.rotate) {
        (Link::None, _) => "no two plays are linked".to_owned(),
        (link, 0) => format!("one identifier for all plays of a {}", whose(link)),
        (link, 1) => format!("an identifier of a {} for one play", whose(link)),
        (link, plays) => format!("one identifier for {} plays of a {}", count(plays), whose(link)),
    };
    match &release.delay {
        None => format!("{linked}, and reports leave at once"),
        Some(delay) => format!("{linked}, and reports wait {}", delay.replace("..", " to ")),
    }
}

fn whose(link: Link) -> &'static str {
    if link == Link::Session { "session" } else { "server" }
}

/// What attackers would do were something otherwise than the policy has it, with what would stop them then.
pub(super) fn otherwise<'a>(ranked: impl Iterator<Item = &'a Attacked>, tolerated: f64) -> Vec<Block> {
    let all = ranked.flat_map(|attacked| attacked.otherwise.iter().map(move |of| (attacked, of)));
    let row = |(attacked, of): (&Attacked, &Otherwise)| -> Vec<Cell> {
        let rate = |prior| of.step.rate(prior).map_or_else(Cell::none, |rate| percent(rate.rate).into());
        vec![
            Cell::link(title(attacked), anchor(attacked.attacker)),
            of.when.as_str().into(),
            verdict(fares(&of.step.rates, tolerated)),
            attacked.sees.as_str().into(),
            under(&of.step.at, of.error_ms).into(),
            rate(Prior::Uniform),
            rate(Prior::Popularity),
            points(of.gain()).into(),
            stops(&of.remedies, tolerated),
        ]
    };
    let rows: Vec<Vec<Cell>> = all.map(row).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    vec![Block::Table(Table {
        caption: "What the same attackers would do were something otherwise than the policy has it."
            .to_owned(),
        columns: vec![
            text("Attacker"),
            text("If"),
            text("Verdict"),
            text("Against"),
            text("Under"),
            number("Over files"),
            number("Over plays"),
            number("Beyond the control"),
            text("What would stop it at least cost"),
        ],
        rows,
    })]
}

/// A condition, with how far off the duration is taken to be.
pub(super) fn under(at: &str, error_ms: Option<f64>) -> String {
    match error_ms {
        None => at.to_owned(),
        Some(error) => format!("{at}, off by {}", about(error, Dimension::Duration)),
    }
}

/// What an attacker would find were something otherwise.
pub(super) fn were(of: &Otherwise) -> String {
    let rates = of.step.rates.iter().map(|rate| shown(rate.prior, rate.rate));
    let (under, rates) = (under(&of.step.at, of.error_ms), rates.collect::<Vec<_>>().join(", "));
    format!("if {} ({under}): {rates}", of.when)
}
