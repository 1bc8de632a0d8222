//! Before and after, catalogue by catalogue.

use super::super::document::{Block, Cell, Table, number, text};
use super::super::figures::rates;
use super::super::numbers::percent;
use super::super::words::{and, field};
use super::shown;
use crate::anonymity::Measures;
use crate::study::{BeforeAfter, Results};

pub(super) fn blocks(results: &Results) -> Vec<Block> {
    vec![
        Block::Figure(rates(results, "plot-rates-files", |rate| rate.uniform, "files, each equally likely")),
        Block::Figure(rates(results, "plot-rates-plays", |rate| rate.popularity, "plays, by popularity")),
        Block::Table(table(results)),
    ]
}

fn table(results: &Results) -> Table {
    let pings = shown(results).into_iter().flat_map(|shape| &shape.pings).map(|ping| ping.ping.name);
    let pings: Vec<&str> = pings.collect();
    let rows = |named: &BeforeAfter| {
        let name = || -> Cell { named.catalogue.as_str().into() };
        let mut rows = vec![row(name(), "raw values", &named.before)];
        for ping in &pings {
            rows.push(match named.after.iter().find(|(after, _)| after == ping) {
                Some((_, measures)) => row(name(), &format!("{ping} ping"), measures),
                None => {
                    let lacks: Vec<String> = named.lacks.iter().map(|lack| field(lack)).collect();
                    let mut cells =
                        vec![name(), format!("{ping} ping: not judged, lacks {}", and(&lacks)).into()];
                    cells.extend((0..5).map(|_| Cell::none()));
                    cells
                }
            });
        }
        let blind = named.before.blind_guess;
        let file_blind = 1.0 / (named.files.max(1) as f64);
        rows.push(vec![
            name(),
            "nothing (blind guess)".into(),
            percent(blind.uniform).into(),
            percent(blind.popularity).into(),
            percent(file_blind).into(),
            Cell::none(),
            percent(if named.files == 1 { 1.0 } else { 0.0 }).into(),
        ]);
        rows
    };
    Table {
        caption: format!(
            "Named right with one guess by the best attacker, on every catalogue, by what the attacker sees; the \
             pings are those of the shape {}. Over files every file is equally likely, over plays it goes by \
             popularity.",
            results.shown
        ),
        columns: vec![
            text("Catalogue"),
            text("Attacker sees"),
            number("Titles, over files"),
            number("Titles, over plays"),
            number("Files, over files"),
            number("Files, over plays"),
            number("Files alone with their title"),
        ],
        rows: results.before_after.iter().flat_map(rows).collect(),
    }
}

fn row(name: Cell, sees: &str, measures: &Measures) -> Vec<Cell> {
    let (title, file) = (measures.reidentification.title, measures.reidentification.file);
    vec![
        name,
        sees.into(),
        percent(title.uniform).into(),
        percent(title.popularity).into(),
        percent(file.uniform).into(),
        percent(file.popularity).into(),
        percent(measures.unique_share.titles).into(),
    ]
}
