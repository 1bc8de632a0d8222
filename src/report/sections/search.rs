//! The sweep: the heat map and the frontier.

use super::super::document::{Block, Cell, Table, number, text};
use super::super::figures::{frontier, heat};
use super::super::numbers::{count, percent};
use super::super::words::{fields, rounding, set_aside};
use crate::study::Results;
use crate::units::Dimension::{Bitrate, Duration};

pub(super) fn heat_blocks(results: &Results) -> Vec<Block> {
    let map = &results.heat_map;
    let cell = |duration: &str, rate: &str| {
        let row = map.durations.iter().position(|d| d == duration)?;
        let column = map.bitrates.iter().position(|b| b == rate)?;
        map.k_titles.get(row)?.get(column).copied()
    };
    let own = results.shapes.iter().flat_map(|shape| {
        shape.pings.iter().map(move |ping| {
            let without = cell(&ping.row.duration, &ping.row.bitrate);
            vec![
                format!("{}: {}", shape.shape, ping.ping.name).into(),
                rounding(&ping.row.duration, Duration).into(),
                rounding(&ping.row.bitrate, Bitrate).into(),
                without.map_or_else(Cell::none, |k| count(k).into()),
                fields(&ping.row.by).into(),
                count(ping.row.k_titles_budget).into(),
            ]
        })
    });
    vec![
        Block::Figure(heat(results)),
        Block::Table(Table {
            caption: format!(
                "The marks of the figure: titles in a class (at most {} of the files set aside) without and with the \
                 ping's side fields.",
                set_aside(results)
            ),
            columns: vec![
                text("Shape: ping"),
                text("Duration"),
                text("Bit rate"),
                number("Titles in a class, without"),
                text("Side fields"),
                number("Titles in a class, with"),
            ],
            rows: own.collect(),
        }),
    ]
}

/// The frontier; its table is thinned to what fits a page, ends included.
pub(super) fn frontier_blocks(results: &Results) -> Vec<Block> {
    const MOST: usize = 20;
    let points = &results.frontier;
    let step = points.len().div_ceil(MOST).max(1);
    let kept = points.iter().enumerate().filter(|(i, _)| i % step == 0 || i + 1 == points.len());
    let rows = kept.map(|(_, point)| {
        vec![
            rounding(&point.duration, Duration).into(),
            rounding(&point.bitrate, Bitrate).into(),
            fields(&point.by).into(),
            percent(point.title_uniform).into(),
            percent(point.distortion).into(),
        ]
    });
    let every = match step {
        1 => "Every candidate".to_owned(),
        _ => format!("One in {step} of the {} candidates", points.len()),
    };
    vec![
        Block::Figure(frontier(results)),
        Block::Table(Table {
            caption: format!(
                "{every} on the frontier of the sweep, from the least loss to the least risk; sweep.parquet holds all \
                 candidates. Named: files, uniform prior."
            ),
            columns: vec![
                text("Duration"),
                text("Bit rate"),
                text("Side fields"),
                number("Files named by title"),
                number("Distortion"),
            ],
            rows: rows.collect(),
        }),
    ]
}
