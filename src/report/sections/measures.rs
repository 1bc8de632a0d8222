//! Class sizes, genre, leakage and the prosecutor's figures.

use std::collections::BTreeSet;

use super::super::document::{Block, Cell, Table, number, text};
use super::super::figures::{range, sizes};
use super::super::numbers::{count, percent, percent_exact};
use super::{each_ping, main_name, shown};
use crate::study::{Ping, Results};

pub(super) fn size_blocks(results: &Results) -> Vec<Block> {
    let Some(shape) = shown(results) else { return Vec::new() };
    let sizes_of = || shape.pings.iter().flat_map(|ping| &ping.sizes);
    let ranges: BTreeSet<(u32, u32)> = sizes_of().map(|size| (size.from, size.to)).collect();
    let row = |(from, to): (u32, u32)| {
        let share = |ping: &Ping| {
            let size = ping.sizes.iter().find(|size| size.from == from);
            percent(size.map_or(0.0, |size| size.files)).into()
        };
        std::iter::once(range(from, to).into()).chain(shape.pings.iter().map(share)).collect()
    };
    let pings = shape.pings.iter().map(|ping| number(format!("{} ping", ping.ping.name)));
    vec![
        Block::Figure(sizes(shape, results)),
        Block::Table(Table {
            caption: format!("The numbers of the figure: share of the files of {}.", main_name(results)),
            columns: std::iter::once(number("Titles in the class")).chain(pings).collect(),
            rows: ranges.into_iter().map(row).collect(),
        }),
    ]
}

pub(super) fn blocks(results: &Results) -> Vec<Block> {
    let mut blocks =
        vec![Block::Text(format!("All on {}, ping by ping of every shape.", main_name(results)))];
    if results.shapes.iter().flat_map(|shape| &shape.pings).any(|ping| ping.genre.is_some()) {
        blocks.push(Block::Table(genre(results)));
    }
    blocks.extend([
        Block::Table(leakage(results)),
        Block::Table(prosecutor(results)),
        Block::Table(kinds(results)),
    ]);
    blocks
}

fn genre(results: &Results) -> Table {
    Table {
        caption: "What is learned of the genre without naming a title; the smallest and largest over all classes, \
                  however small. A missing genre is a genre of its own. Effective genres: exp of the entropy. \
                  t: the largest distance (half the sum of differences) between the genres of a class and of all files."
            .to_owned(),
        columns: vec![
            text("Shape"),
            text("Ping"),
            number("Fewest genres in a class (l)"),
            number("Fewest effective genres (l)"),
            number("Largest distance (t)"),
            number("Files in classes of one genre"),
        ],
        rows: each_ping(results, |ping| match &ping.genre {
            None => (0..4).map(|_| Cell::none()).collect(),
            Some(genre) => vec![
                count(genre.distinct_l).into(),
                format!("{:.2}", genre.entropy_l).into(),
                percent(genre.t_closeness).into(),
                percent(genre.homogeneous_share).into(),
            ],
        }),
    }
}

fn leakage(results: &Results) -> Table {
    Table {
        caption: "Min-entropy leakage in bits, log2 of the success after over the success before seeing the ping, and \
                  the share of the files and plays in classes where one title holds at least 95 %."
            .to_owned(),
        columns: vec![
            text("Shape"),
            text("Ping"),
            number("File, over files"),
            number("Title, over files"),
            number("Title, over plays"),
            number("Files nearly certain"),
            number("Plays nearly certain"),
        ],
        rows: each_ping(results, |ping| {
            let (bits, certain) = (ping.measures.leakage_bits, ping.measures.confident_title);
            vec![
                format!("{:.2} bits", bits.file_uniform).into(),
                format!("{:.2} bits", bits.title_uniform).into(),
                format!("{:.2} bits", bits.title_popularity).into(),
                percent(certain.uniform).into(),
                percent(certain.popularity).into(),
            ]
        }),
    }
}

fn prosecutor(results: &Results) -> Table {
    let threshold =
        results.shapes.iter().flat_map(|shape| &shape.pings).map(|ping| ping.measures.prosecutor.threshold);
    Table {
        caption: format!(
            "Prosecutor risk, the chance to pick the right file from its class, over files; at risk: over {}. \
             Smallest class: of all classes, none set aside.",
            percent_exact(threshold.fold(0.0, f64::max))
        ),
        columns: vec![
            text("Shape"),
            text("Ping"),
            number("Files at risk"),
            number("Highest risk"),
            number("Average risk"),
            number("Lowest risk"),
            number("Files alone"),
            number("Smallest class, files"),
            number("Smallest class, titles"),
            number("Smallest class, series"),
        ],
        rows: each_ping(results, |ping| {
            let (risk, k) = (ping.measures.prosecutor, ping.measures.k);
            vec![
                percent(risk.at_risk).into(),
                percent(risk.highest).into(),
                percent(risk.average).into(),
                percent(risk.lowest).into(),
                percent(ping.measures.unique_share.files).into(),
                count(k.files).into(),
                count(k.titles).into(),
                count(k.series).into(),
            ]
        }),
    }
}

/// Kind by kind, of the shown shape: the others' are in the results.
fn kinds(results: &Results) -> Table {
    let pings = shown(results).into_iter().flat_map(|shape| &shape.pings);
    let rows = pings.flat_map(|ping| {
        ping.measures.by_kind.iter().map(move |(kind, of_kind)| {
            vec![
                kind.as_str().into(),
                ping.ping.name.into(),
                count(of_kind.files).into(),
                percent(of_kind.title_uniform).into(),
                percent(of_kind.exposed_share).into(),
            ]
        })
    });
    let mut rows: Vec<Vec<Cell>> = rows.collect();
    rows.sort_by(|a, b| a[0].text.cmp(&b[0].text));
    Table {
        caption: format!(
            "Kind by kind, over the files of the kind (uniform prior), for an attacker who doesn't know the kind; \
             shape {}.",
            results.shown
        ),
        columns: vec![
            text("Kind"),
            text("Ping"),
            number("Files"),
            number("Files named by title"),
            number("Exposed files"),
        ],
        rows,
    }
}
