//! Chosen here, judged there.

use super::super::document::{Block, Cell, Table, Tone, number, text};
use super::super::numbers::{counted, percent};
use super::super::words::{and, breach, field};
use super::{Seen, library_cells, main_name, seen};
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
             kind alone or a half is a part of the choosing catalogue, so it is no test on new files; the others are. A judge that lacks a field \
             which is sent can find a breach, but can't vouch for the ping: it is marginal."
                .to_owned(),
        ),
        Block::Table(verdicts(results)),
        Block::Table(rates(results)),
    ]
}

/// Rows of every ping on every judge: those that the choice has never seen, then the real ones, then the parts.
fn each(results: &Results, cells: impl Fn(Seen, &JudgedPing) -> Vec<Cell>) -> Vec<Vec<Cell>> {
    let mut judges: Vec<(Seen, &Judged)> =
        results.judges.iter().map(|judge| (seen(results, judge), judge)).collect();
    judges.sort_by_key(|(seen, _)| *seen);
    let pings =
        judges.into_iter().flat_map(|(seen, judge)| judge.pings.iter().map(move |ping| (seen, judge, ping)));
    let row = |(seen, judge, ping): (Seen, &Judged, &JudgedPing)| {
        let name = format!("{} ({})", judge.judge, counted(judge.files as u64, "file"));
        let mut row: Vec<Cell> = vec![name.into(), ping.ping.as_str().into()];
        row.extend(cells(seen, ping));
        row
    };
    pings.map(row).collect()
}

fn sample(seen: Seen) -> &'static str {
    match seen {
        Seen::Never => "unseen",
        Seen::NeverAndReal => "real",
        Seen::Part => "part",
        Seen::Itself => "the same",
    }
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
            "Verdict of every judge on every ping of the shape {}, held to the same limits. Sample: unseen by the choice, \
             real (unseen as well), a part of the choosing catalogue, or the same catalogue. Foreign: the judge's \
             files that fall where {} has too few titles or none.",
            results.shown,
            main_name(results)
        ),
        columns: vec![
            text("Judge"),
            text("Ping"),
            text("Sample"),
            text("Verdict"),
            text("Worst breach"),
            number("Exposed files"),
            number("Exposed plays"),
            number("Foreign files"),
        ],
        rows: each(results, |seen, ping| {
            let exposed = ping.measures.as_ref().map(|measures| measures.exposed);
            let share = |share: Option<f64>| share.map_or_else(Cell::none, |share| percent(share).into());
            vec![
                sample(seen).into(),
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
             1,000 or 3,000 titles the file lies in, with the half-width of the 95 % interval of that mean.",
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
        rows: each(results, |_, ping| {
            let share = |share: Option<f64>| share.map_or_else(Cell::none, |share| percent(share).into());
            let measures = ping.measures.as_ref();
            let mut cells = vec![
                share(ping.title_uniform()),
                share(measures.map(|m| m.reidentification.title.popularity)),
                share(measures.map(|m| m.blind_guess.popularity)),
            ];
            cells.extend(library_cells(&ping.known_library));
            cells
        }),
    }
}
