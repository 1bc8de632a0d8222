//! Who still wins against what is recommended, by how much, and what would stop them.

use super::super::document::{Block, Cell, Table, Tone, number, text};
use super::super::numbers::{count, percent, points};
use super::super::words::and;
use super::each_attacker::anchor;
use crate::attack::Prior;
use crate::study::{AtWidth, Attacked, IdleOnFiles, LINKED, NOT_ON_FILES, Of, Rate, Remedy, Results, WIDTHS};

/// What an attacker must find beyond its control to win, where no limit says so.
const TOLERATED: f64 = 0.05;

/// How an attacker fares.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fares {
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
    let tolerated = tolerated(results);
    let name = |line: &&Line<'_>| title(line.attacked);
    let of = |fares: Fares| -> Vec<String> {
        lines.iter().filter(|line| line.fares == fares).map(|line| name(&line)).collect()
    };
    let (wins, by_plays, held) = (of(Fares::Wins), of(Fares::WinsByPlays), of(Fares::HeldOff));
    let who = |names: &[String], none: &str| if names.is_empty() { none.to_owned() } else { and(names) };
    vec![
        Block::Lead(vec![
            ("Who wins.", format!("{}.", who(&wins, "Nobody"))),
            ("On popular titles alone.", format!("{}.", who(&by_plays, "Nobody further"))),
            ("Held off.", format!("{}.", who(&held, "Nobody"))),
        ]),
        Block::Text(format!(
            "Every attacker against the ping that it does best against, ranked by how much it finds beyond a control \
             who sees nothing. It wins where that is over {} of the files (or servers), and on popular titles alone \
             where it is over that only when plays are drawn by popularity, which a control guesses well too. Each is \
             compared under one condition, named beforehand; its section shows the others.",
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
                text("What changes would leave of it"),
                number("Raw values, over files"),
                number("All pings joined, over files"),
            ],
            rows: lines.iter().map(row).collect(),
        }),
    ]
}

/// What an attacker may find beyond its control, to be held off: as much as of titles by linkage.
pub(super) fn tolerated(results: &Results) -> f64 {
    results.limits.get("title_uniform").unwrap_or(TOLERATED)
}

fn ranked(results: &Results) -> Vec<Line<'_>> {
    let tolerated = tolerated(results);
    let found = &results.attackers.found;
    let same = |a: &Attacked, b: &Attacked| (a.attacker, a.part) == (b.attacker, b.part);
    let mut lines: Vec<Line<'_>> = Vec::new();
    for attacked in found.iter().filter(|attacked| attacked.ranked && attacked.sees != LINKED) {
        let joined = found.iter().find(|other| other.sees == LINKED && same(other, attacked));
        let gain = |prior| attacked.rate(prior).map_or(0.0, Rate::gain);
        let fares = if gain(Prior::Uniform) > tolerated {
            Fares::Wins
        } else if gain(Prior::Popularity) > tolerated {
            Fares::WinsByPlays
        } else {
            Fares::HeldOff
        };
        let line = Line { attacked, joined, fares };
        match lines.iter_mut().find(|held| same(held.attacked, attacked)) {
            Some(held) if attacked.gain() > held.attacked.gain() => *held = line,
            Some(_) => {}
            None => lines.push(line),
        }
    }
    lines.sort_by(|a, b| b.attacked.gain().total_cmp(&a.attacked.gain()));
    lines
}

fn title(attacked: &Attacked) -> String {
    match attacked.part {
        "" => attacked.attacker.to_owned(),
        part => format!("{} ({part})", attacked.attacker),
    }
}

fn row(line: &Line<'_>) -> Vec<Cell> {
    let Line { attacked, joined, fares } = line;
    let fares = match fares {
        Fares::Wins => Cell::toned("wins", Tone::Bad),
        Fares::WinsByPlays => Cell::toned("on popular titles", Tone::Unsure),
        Fares::HeldOff => Cell::toned("held off", Tone::Good),
    };
    let of = |attacked: &Attacked, prior| {
        attacked.rate(prior).map_or_else(Cell::none, |rate| percent(rate.rate).into())
    };
    let under = attacked.steps.get(attacked.headline).map_or("", |step| &step.at);
    let raw = attacked.rate(Prior::Uniform).and_then(|rate| rate.baseline);
    vec![
        Cell::link(title(attacked), anchor(attacked.attacker)),
        fares,
        attacked.sees.as_str().into(),
        format!("{} ({under})", attacked.finds).into(),
        of(attacked, Prior::Uniform),
        of(attacked, Prior::Popularity),
        points(attacked.gain()).into(),
        stops(&attacked.remedies),
        raw.map_or_else(Cell::none, |raw| percent(raw).into()),
        joined.map_or_else(Cell::none, |joined| of(joined, Prior::Uniform)),
    ]
}

/// A rate with its interval, where it has one.
pub(super) fn rate(rate: &Rate) -> Cell {
    match rate.interval {
        None => percent(rate.rate).into(),
        Some([low, high]) => format!("{} ({} to {})", percent(rate.rate), percent(low), percent(high)).into(),
    }
}

/// The mildest change and the one that does most, each with what is then found.
fn stops(remedies: &[Remedy]) -> Cell {
    let worst = |remedy: &Remedy| remedy.rates.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
    let most = (0..remedies.len()).min_by(|&a, &b| worst(&remedies[a]).total_cmp(&worst(&remedies[b])));
    let mut shown: Vec<usize> = Vec::new();
    shown.extend((!remedies.is_empty()).then_some(0));
    shown.extend(most.filter(|&most| most != 0));
    if shown.is_empty() {
        return Cell::none();
    }
    let words = |at: usize| remedy(&remedies[at]);
    shown.into_iter().map(words).collect::<Vec<_>>().join("; ").into()
}

/// A change, with what is then found.
pub(super) fn remedy(remedy: &Remedy) -> String {
    let rate = |(prior, rate): &(Prior, f64)| match prior {
        Prior::Uniform => format!("{} over files", percent(*rate)),
        Prior::Popularity => format!("{} over plays", percent(*rate)),
    };
    let rates: Vec<String> = remedy.rates.iter().map(rate).collect();
    format!("{}: {}", remedy.change, rates.join(", "))
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
