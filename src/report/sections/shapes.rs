//! The shapes side by side.

use super::super::document::{Block, Cell, Table, Tone, number, text};
use super::super::numbers::{about, count, percent};
use super::super::words::{and, breach, field, fields, rounding, set_aside};
use super::{each_ping, library_cells, main_name};
use crate::anonymity::WEIGHTS;
use crate::study::{LeftOut, Results, ShapeResult};
use crate::units::Dimension::{Bitrate, Duration};

pub(super) fn blocks(results: &Results) -> Vec<Block> {
    let about: Vec<String> = results
        .shapes
        .iter()
        .map(|shape| {
            let verdict = match (results.chosen == Some(shape.shape), shape.holds) {
                (true, _) => "every limit holds; chosen",
                (false, true) => "every limit holds",
                (false, false) => "a limit breaks with any rounding; the nearest of those evaluated is shown",
            };
            let left_out: Vec<String> = shape.left_out.iter().map(left_out).collect();
            format!("{}: {}; {verdict}.{}", shape.shape, shape.about, left_out.concat())
        })
        .collect();
    vec![
        Block::List(about),
        Block::Table(sent(results)),
        Block::Table(risks(results)),
        Block::Table(libraries(results)),
        Block::Table(linked(results)),
        Block::Table(losses(results)),
    ]
}

fn left_out(ping: &LeftOut) -> String {
    let why = match ping.breaches.first() {
        Some(worst) => format!("it would break: {}", breach(worst)),
        None => "the catalogue has nothing of what it would tell".to_owned(),
    };
    format!(" Its ping {} is left out: {why}.", ping.ping)
}

fn sent(results: &Results) -> Table {
    Table {
        caption:
            "What each ping sends of the file: the chosen roundings, or, where none meets the limits, the nearest of \
                  those evaluated."
                .to_owned(),
        columns: vec![
            text("Shape"),
            text("Ping"),
            text("Duration"),
            text("Bit rate"),
            text("Side fields"),
            text("For"),
            text("Limits"),
        ],
        rows: each_ping(results, |ping| {
            let limits = match ping.breaches.first() {
                None => Cell::toned("holds", Tone::Good),
                Some(worst) => Cell::toned(format!("breaks: {}", breach(worst)), Tone::Bad),
            };
            vec![
                rounding(&ping.row.duration, Duration).into(),
                rounding(&ping.row.bitrate, Bitrate).into(),
                fields(&ping.row.by).into(),
                ping.ping.purpose.into(),
                limits,
            ]
        }),
    }
}

fn risks(results: &Results) -> Table {
    let k = results.shapes.iter().flat_map(|shape| &shape.pings).map(|ping| ping.measures.exposed).next();
    let under = k.map_or(String::new(), |k| {
        format!(" Exposed: in classes under {} titles or {} series.", count(k.k_titles), count(k.k_series))
    });
    Table {
        caption: format!(
            "Risk on {}. Titles in a class: the fewest, at most {} of the files set aside.{under} Dominated: in \
             classes where one title holds that share of the files or of the plays.",
            main_name(results),
            set_aside(results)
        ),
        columns: vec![
            text("Shape"),
            text("Ping"),
            number("Classes"),
            number("Titles in a class"),
            number("Exposed files"),
            number("Exposed plays"),
            number("Files named by title"),
            number("Plays named by title"),
            number("Plays, blind guess"),
            number("Files dominated at 20 %"),
            number("Plays dominated at 80 %"),
        ],
        rows: each_ping(results, |ping| {
            let measures = &ping.measures;
            let title = measures.reidentification.title;
            vec![
                count(measures.classes).into(),
                count(measures.k_titles_budget()).into(),
                percent(measures.exposed.files).into(),
                percent(measures.exposed.plays).into(),
                percent(title.uniform).into(),
                percent(title.popularity).into(),
                percent(measures.blind_guess.popularity).into(),
                percent(ping.row.largest_over_20_files).into(),
                percent(ping.row.largest_over_80_plays).into(),
            ]
        }),
    }
}

fn libraries(results: &Results) -> Table {
    let drawn = results
        .shapes
        .iter()
        .flat_map(|s| &s.pings)
        .flat_map(|p| &p.known_library)
        .map(|l| l.libraries)
        .next();
    Table {
        caption: format!(
            "Files named by title (uniform prior) where the attacker knows which library the file lies in: the mean \
             over {} libraries of each size drawn from {}, with its 95 % interval (Wilson's of the count that scatters as these libraries do, so \
             that it has a width at 0 % and 100 % too).",
            count(drawn.unwrap_or(0)),
            main_name(results)
        ),
        columns: vec![
            text("Shape"),
            text("Ping"),
            number("100 titles"),
            number("300 titles"),
            number("1,000 titles"),
            number("3,000 titles"),
        ],
        rows: each_ping(results, |ping| library_cells(&ping.known_library)),
    }
}

fn linked(results: &Results) -> Table {
    let row = |shape: &ShapeResult| {
        let linked = &shape.linked;
        let mut row: Vec<Cell> = vec![
            shape.shape.into(),
            count(linked.k_titles).into(),
            percent(linked.exposed_share).into(),
            percent(linked.title_uniform).into(),
        ];
        row.extend(library_cells(&linked.known_library));
        row
    };
    Table {
        caption: format!(
            "What it costs if somebody links all pings of one play after all, on {} (a shape of one ping stays as it \
             is). Titles in a class and known libraries as above.",
            main_name(results)
        ),
        columns: vec![
            text("Shape"),
            number("Titles in a class"),
            number("Exposed files"),
            number("Files named by title"),
            number("100 titles known"),
            number("300 titles known"),
            number("1,000 titles known"),
            number("3,000 titles known"),
        ],
        rows: results.shapes.iter().map(row).collect(),
    }
}

fn losses(results: &Results) -> Table {
    let weights: Vec<String> =
        WEIGHTS.iter().map(|(name, weight)| format!("{} {weight}", field(name))).collect();
    let shape_totals: Vec<String> =
        results.shapes.iter().map(|shape| format!("{} {}", shape.shape, percent(shape.distortion))).collect();
    Table {
        caption: format!(
            "Loss over the files of {}. Distortion is the weighted mean of the share of detail lost of each field \
             that the catalogue has: of the duration on 0 to 4 h, of the bit rate on 16 kbps to 128 Mbps on a log \
             scale, of a side field 0 % where it is kept and 100 % where not. Weights: {}. A shape counts each field \
             at its least loss among its pings: {}. The mean error is against the value that is sent.",
            main_name(results),
            and(&weights),
            and(&shape_totals)
        ),
        columns: vec![
            text("Shape"),
            text("Ping"),
            number("Distortion"),
            number("Duration lost"),
            number("Mean error of the duration"),
            number("Bit rate lost"),
            number("Mean error of the bit rate"),
        ],
        rows: each_ping(results, |ping| {
            let loss = &ping.distortion;
            let error = |value: Option<f64>, dimension| {
                value.map_or_else(Cell::none, |value| about(value, dimension).into())
            };
            vec![
                percent(loss.total).into(),
                percent(loss.duration.ncp).into(),
                error(loss.duration.mean_abs_error, Duration),
                percent(loss.bitrate.ncp).into(),
                error(loss.bitrate.mean_abs_error, Bitrate),
            ]
        }),
    }
}
