//! Who still wins against what is recommended, by how much, and what would stop them.

use super::super::document::{Block, Cell, Table, Tone, number, text};
use super::super::numbers::{about, count, percent, points};
use super::super::words::and;
use super::each_attacker::anchor;
use super::otherwise::{how, otherwise, were};
use crate::attack::Prior;
use crate::study::{
    AtWidth, Attacked, IdleOnFiles, LINKED, NOT_ON_FILES, Of, Otherwise, Rate, Remedy, Results, WIDTHS,
    least, tolerated,
};
use crate::units::Dimension;

/// How an attacker fares.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fares {
    Wins,
    WinsByPlays,
    HeldOff,
}

/// One line of the verdict: the ping that an attacker does best against.
struct Line<'a> {
    attacked: &'a Attacked,
    joined: Option<&'a Attacked>,
    fares: Fares,
}

pub(super) fn blocks(results: &Results) -> Vec<Block> {
    let lines = ranked(results);
    if lines.is_empty() {
        return Vec::new();
    }
    let tolerated = tolerated(&results.limits);
    let name = |line: &&Line<'_>| title(line.attacked);
    let of = |fares: Fares| -> Vec<String> {
        lines.iter().filter(|line| line.fares == fares).map(|line| name(&line)).collect()
    };
    let (wins, by_plays, held) = (of(Fares::Wins), of(Fares::WinsByPlays), of(Fares::HeldOff));
    let who = |names: &[String], none: &str| if names.is_empty() { none.to_owned() } else { and(names) };
    let would = |line: &&Line<'_>| {
        let otherwise = line.attacked.otherwise.iter();
        line.fares != Fares::Wins
            && otherwise.clone().any(|of| fares(&of.step.rates, tolerated) == Fares::Wins)
    };
    let would: Vec<String> = lines.iter().filter(would).map(|line| name(&line)).collect();
    vec![
        Block::Lead(vec![
            ("Who wins.", format!("{}.", who(&wins, "Nobody"))),
            ("On popular titles alone.", format!("{}.", who(&by_plays, "Nobody further"))),
            ("Held off.", format!("{}.", who(&held, "Nobody"))),
            ("Would win were it to leave otherwise.", format!("{}.", who(&would, "Nobody further"))),
        ]),
        Block::Text(format!(
            "Every attacker against the ping that it does best against, by exactly what leaves and as it leaves: {}. \
             Ranked by how much it finds beyond a control who sees nothing. It wins where that is over {} of the files \
             (or servers), and on popular titles alone where it is over that only when plays are drawn by popularity, \
             which a control guesses well too. Each is compared under one condition, named beforehand; its section \
             shows the others. What would stop it is, of the changes that were tried and leave it held off, the one \
             that costs the least distortion; each was measured.",
            how(&results.provenance.config.release),
            percent(tolerated)
        )),
        Block::Table(Table {
            caption:
                "Attackers ranked. Over files: every file, or server, as likely as any other; over plays: by \
                      popularity. Beyond the control: the larger of the two, in percentage points."
                    .to_owned(),
            columns: vec![
                text("Attacker"),
                text("Verdict"),
                text("Against"),
                text("Finds (under)"),
                number("Over files"),
                number("Over plays"),
                number("Beyond the control"),
                text("What would stop it at least cost"),
                text("Were it otherwise"),
                number("Raw values, over files"),
                number("All pings joined, over files"),
            ],
            rows: lines.iter().map(|line| row(line, tolerated)).collect(),
        }),
    ]
    .into_iter()
    .chain(otherwise(lines.iter().map(|line| line.attacked), tolerated))
    .collect()
}

pub(super) fn fares(rates: &[Rate], tolerated: f64) -> Fares {
    let gain = |prior| rates.iter().find(|rate| rate.prior == prior).map_or(0.0, Rate::gain);
    if gain(Prior::Uniform) > tolerated {
        Fares::Wins
    } else if gain(Prior::Popularity) > tolerated {
        Fares::WinsByPlays
    } else {
        Fares::HeldOff
    }
}

pub(super) fn verdict(fares: Fares) -> Cell {
    match fares {
        Fares::Wins => Cell::toned("wins", Tone::Bad),
        Fares::WinsByPlays => Cell::toned("on popular titles", Tone::Unsure),
        Fares::HeldOff => Cell::toned("held off", Tone::Good),
    }
}

fn ranked(results: &Results) -> Vec<Line<'_>> {
    let tolerated = tolerated(&results.limits);
    let found = &results.attackers.found;
    let same = |a: &Attacked, b: &Attacked| (a.attacker, a.part) == (b.attacker, b.part);
    let most = |attacked: &Attacked| attacked.otherwise.iter().map(Otherwise::gain).fold(0.0, f64::max);
    let mut lines: Vec<Line<'_>> = Vec::new();
    for attacked in found.iter().filter(|attacked| attacked.ranked && attacked.sees != LINKED) {
        let joined = found.iter().find(|other| other.sees == LINKED && same(other, attacked));
        let line = Line { attacked, joined, fares: fares(attacked.headline(), tolerated) };
        match lines.iter_mut().find(|held| same(held.attacked, attacked)) {
            // Of pings that it does as well against, the one that would give away more.
            Some(held) => {
                let by = |attacked: &Attacked| (attacked.gain(), most(attacked));
                if by(attacked) > by(held.attacked) {
                    *held = line;
                }
            }
            None => lines.push(line),
        }
    }
    lines.sort_by(|a, b| b.attacked.gain().total_cmp(&a.attacked.gain()));
    lines
}

pub(super) fn title(attacked: &Attacked) -> String {
    match attacked.part {
        "" => attacked.attacker.to_owned(),
        part => format!("{} ({part})", attacked.attacker),
    }
}

fn row(line: &Line<'_>, tolerated: f64) -> Vec<Cell> {
    let Line { attacked, joined, fares } = line;
    let of = |attacked: &Attacked, prior| {
        attacked.rate(prior).map_or_else(Cell::none, |rate| percent(rate.rate).into())
    };
    let at = attacked.steps.get(attacked.headline).map_or("", |step| &step.at);
    let under = match attacked.error_ms.as_slice() {
        // After one play and after the most.
        [once, .., often] => {
            let about = |error: &f64| about(*error, Dimension::Duration);
            format!(
                "{at}; the rounding draws nothing: off by {} after 1 play, by {} after 1,000",
                about(once),
                about(often)
            )
        }
        _ => at.to_owned(),
    };
    let raw = attacked.rate(Prior::Uniform).and_then(|rate| rate.baseline);
    let otherwise: Vec<String> = attacked.otherwise.iter().map(were).collect();
    vec![
        Cell::link(title(attacked), anchor(attacked.attacker)),
        verdict(*fares),
        attacked.sees.as_str().into(),
        format!("{} ({under})", attacked.finds).into(),
        of(attacked, Prior::Uniform),
        of(attacked, Prior::Popularity),
        points(attacked.gain()).into(),
        stops(&attacked.remedies, tolerated),
        if otherwise.is_empty() { Cell::none() } else { otherwise.join("; ").into() },
        raw.map_or_else(Cell::none, |raw| percent(raw).into()),
        joined.map_or_else(Cell::none, |joined| of(joined, Prior::Uniform)),
    ]
}

pub(super) fn shown(prior: Prior, rate: f64) -> String {
    match prior {
        Prior::Uniform => format!("{} over files", percent(rate)),
        Prior::Popularity => format!("{} over plays", percent(rate)),
    }
}

/// A rate with its interval, where it has one.
pub(super) fn rate(rate: &Rate) -> Cell {
    match rate.interval {
        None => percent(rate.rate).into(),
        Some([low, high]) => format!("{} ({} to {})", percent(rate.rate), percent(low), percent(high)).into(),
    }
}

/// The change that stops an attacker at the least cost; where none does, the one that leaves least of it.
pub(super) fn stops(remedies: &[Remedy], tolerated: f64) -> Cell {
    if let Some(found) = least(remedies, tolerated) {
        return remedy(found).into();
    }
    let Some(most) = remedies.iter().min_by(|a, b| a.gain().total_cmp(&b.gain())) else {
        return Cell::none();
    };
    format!("none of the {} tried; most does {}", count(remedies.len() as u64), remedy(most)).into()
}

/// A change with the distortion that it adds, and what is then found.
pub(super) fn remedy(remedy: &Remedy) -> String {
    let rates = remedy.rates.iter().map(|left| shown(left.prior, left.rate));
    let cost =
        if remedy.loss == 0.0 { String::new() } else { format!(" ({} of distortion)", points(remedy.loss)) };
    format!("{}{cost}: {}", remedy.change, rates.collect::<Vec<_>>().join(", "))
}

/// What attackers name on real catalogues, width by width.
pub(super) fn on_files(results: &Results) -> Vec<Block> {
    if results.on_files.is_empty() {
        return Vec::new();
    }
    let mut columns = vec![text("Catalogue"), number("Files"), text("Attacker"), text("Finds")];
    let width = |width: &str| number(format!("At {}", width.trim_start_matches("floor:")));
    columns.extend(WIDTHS.map(width));
    columns.push(number("Seeing nothing"));
    let row = |found: &crate::study::OnFiles| {
        let files = |share: f64| match found.of {
            Of::Files => count((share * found.files as f64).round() as u64),
            Of::Stretches => percent(share),
        };
        let within = |at: &AtWidth| match at.interval {
            None => files(at.rate),
            Some([low, high]) => format!("{} ({} to {})", files(at.rate), files(low), files(high)),
        };
        let mut row: Vec<Cell> = vec![
            found.catalogue.as_str().into(),
            count(found.files as u64).into(),
            Cell::link(found.attacker, anchor(found.attacker)),
            format!("{} ({})", found.finds, found.at).into(),
        ];
        for width in WIDTHS {
            let rate = found.rates.iter().find(|at| at.width == width);
            row.push(rate.map_or_else(Cell::none, |at| within(at).into()));
        }
        row.push(files(found.control).into());
        row
    };
    vec![
        Block::Text(
            "Real catalogues whose durations alone leave, rounded to a width: how many of their files each attacker \
             gets right, were every file played once. Of linked plays it is the share of the stretches. A number alone \
             is a closed form; one with a 95 % interval was drawn."
                .to_owned(),
        ),
        Block::Table(Table {
            caption: "Files got right by each attacker, by the width of the duration.".to_owned(),
            columns,
            rows: results.on_files.iter().map(row).collect(),
        }),
        Block::Text("Left out:".to_owned()),
        Block::List(left_out(results)),
    ]
}

/// The attackers that are not asked of real catalogues, and those that have nothing to attack on one, each with its reason.
fn left_out(results: &Results) -> Vec<String> {
    let never = NOT_ON_FILES.iter().map(|(attacker, reason)| format!("{attacker}: {reason}"));
    let idle = |idle: &IdleOnFiles| format!("{} on {}: {}", idle.attacker, idle.catalogue, idle.reason);
    never.chain(results.on_files_idle.iter().map(idle)).collect()
}
