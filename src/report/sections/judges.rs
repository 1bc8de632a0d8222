//! Chosen here, judged there.

use super::super::document::{Block, Cell, Table, Tone, number, text};
use super::super::numbers::{count, percent};
use super::super::words::{and, breach, field};
use super::{in_libraries, main_name};
use crate::search::{Judged, JudgedPing, Outcome};
use crate::study::Results;

pub(super) fn blocks(results: &Results) -> Vec<Block> {
    if results.judges.is_empty() {
        return Vec::new();
    }
    vec![
        Block::Text(
            "The widths were chosen on one catalogue and are held here against others: smaller and larger ones, other \
             recipes, each kind alone, halves that share no series, and real ones, as far as the study has them. A \
             kind alone or a half is a part of the choosing catalogue; the others are not. A judge that lacks a field \
             which is sent can find a breach, but can't vouch for the ping: it is marginal."
                .to_owned(),
        ),
        Block::Table(verdicts(results)),
        Block::Table(rates(results)),
    ]
}

/// The judge's name with its size; a judge that is the choosing catalogue says so.
fn name(results: &Results, judge: &Judged) -> Cell {
    let inputs = &results.provenance.inputs;
    let hash = |input: &crate::study::Input| input.sha256.clone();
    let own = inputs.iter().find(|input| input.name == judge.judge).and_then(hash);
    let same = own.is_some() && own == inputs.first().and_then(hash);
    let same = if same { "; the choosing catalogue itself" } else { "" };
    format!("{} ({} files{same})", judge.judge, count(judge.files as u64)).into()
}

fn each(results: &Results, cells: impl Fn(&JudgedPing) -> Vec<Cell>) -> Vec<Vec<Cell>> {
    let pings = results.judges.iter().flat_map(|judge| judge.pings.iter().map(move |ping| (judge, ping)));
    let row = |(judge, ping): (&Judged, &JudgedPing)| {
        let mut row = vec![name(results, judge), ping.ping.as_str().into()];
        row.extend(cells(ping));
        row
    };
    pings.map(row).collect()
}

fn verdict(ping: &JudgedPing) -> Cell {
    let lacks: Vec<String> = ping.lacks.iter().map(|lack| field(lack)).collect();
    let lacks = and(&lacks);
    match ping.outcome {
        Outcome::Holds => Cell::toned("holds", Tone::Good),
        Outcome::Breaks if lacks.is_empty() => Cell::toned("breaks", Tone::Bad),
        Outcome::Breaks => Cell::toned(format!("breaks, though it lacks {lacks}"), Tone::Bad),
        Outcome::Marginal => Cell::toned(format!("marginal: lacks {lacks}"), Tone::Unsure),
        Outcome::NotJudged => Cell::toned(format!("not judged: lacks {lacks}"), Tone::Muted),
    }
}

fn verdicts(results: &Results) -> Table {
    Table {
        caption: format!(
            "Verdict of every judge on every ping of the shape {}, held to the same limits. Foreign: the judge's files \
             that fall where {} has too few titles or none.",
            results.shown,
            main_name(results)
        ),
        columns: vec![
            text("Judge"),
            text("Ping"),
            text("Verdict"),
            text("Worst breach"),
            number("Exposed files"),
            number("Exposed plays"),
            number("Foreign files"),
        ],
        rows: each(results, |ping| {
            let exposed = ping.measures.as_ref().map(|measures| measures.exposed);
            let share = |share: Option<f64>| share.map_or_else(Cell::none, |share| percent(share).into());
            vec![
                verdict(ping),
                ping.breaches.first().map_or_else(Cell::none, |worst| breach(worst).into()),
                share(exposed.map(|exposed| exposed.files)),
                share(exposed.map(|exposed| exposed.plays)),
                share(ping.unsafe_here),
            ]
        }),
    }
}

fn rates(results: &Results) -> Table {
    Table {
        caption: format!(
            "Named by title on every judge after rounding, shape {}: over files (uniform prior), over plays \
             (popularity) beside the blind guess, and over files where the attacker knows which library of 100, 300, \
             1,000 or 3,000 titles the file lies in.",
            results.shown
        ),
        columns: vec![
            text("Judge"),
            text("Ping"),
            number("Over files"),
            number("Over plays"),
            number("Plays, blind guess"),
            number("100 known"),
            number("300 known"),
            number("1,000 known"),
            number("3,000 known"),
        ],
        rows: each(results, |ping| {
            let share = |share: Option<f64>| share.map_or_else(Cell::none, |share| percent(share).into());
            let measures = ping.measures.as_ref();
            let mut cells = vec![
                share(ping.title_uniform()),
                share(measures.map(|m| m.reidentification.title.popularity)),
                share(measures.map(|m| m.blind_guess.popularity)),
            ];
            cells.extend(
                in_libraries(&ping.known_library).map(|library| share(library.map(|l| l.title_uniform))),
            );
            cells
        }),
    }
}
