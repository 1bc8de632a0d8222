//! The sweep: the heat map and the frontier.

use super::super::document::{Block, Cell, Table, number, text};
use super::super::figures::{frontier, heat};
use super::super::numbers::{count, counted, percent};
use super::super::words::{and, fault, fields, rounding, set_aside};
use crate::study::{Diagnostics, FrontierAxis, Results, Standing};
use crate::units::Dimension::{Bitrate, Duration};
use crate::utility::two_digits;

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
    let by_ratio = matches!(results.frontier_axis, FrontierAxis::SampleSizeRatio { .. });
    let kept = points.iter().enumerate().filter(|(i, _)| i % step == 0 || i + 1 == points.len());
    let rows = kept.map(|(_, point)| {
        let mut row = vec![
            rounding(&point.duration, Duration).into(),
            rounding(&point.bitrate, Bitrate).into(),
            fields(&point.by).into(),
            percent(point.title_uniform).into(),
        ];
        if by_ratio {
            row.push(point.sample_size_ratio.map_or_else(Cell::none, |ratio| two_digits(ratio).into()));
        }
        row.push(percent(point.distortion).into());
        row
    });
    let every = match step {
        1 => "Every candidate".to_owned(),
        _ => format!("One in {step} of the {} candidates", points.len()),
    };
    let least = if by_ratio { "the least traffic" } else { "the least loss" };
    let mut columns =
        vec![text("Duration"), text("Bit rate"), text("Side fields"), number("Files named by title")];
    columns.extend(by_ratio.then(|| number("Sample-size ratio")));
    columns.push(number("Distortion"));
    vec![
        Block::Figure(frontier(results)),
        Block::Text(against(results)),
        Block::Table(Table {
            caption: format!(
                "{every} on the frontier of the sweep, from {least} to the least risk; sweep.parquet holds all \
                 candidates. Named: files, uniform prior."
            ),
            columns,
            rows: rows.collect(),
        }),
    ]
}

/// What the second axis is, and how what is shown lies to the line.
fn against(results: &Results) -> String {
    let FrontierAxis::SampleSizeRatio { families, left_out, shown, .. } = &results.frontier_axis else {
        let FrontierAxis::Distortion { why } = &results.frontier_axis else { return String::new() };
        return format!(
            "The second axis is distortion, as nothing tells how much more traffic a fault takes: {why}."
        );
    };
    let families: Vec<String> = families.iter().map(|family| fault(*family).to_owned()).collect();
    let out = match left_out {
        0 => String::new(),
        1 => " One candidate loses one of them and has no ratio.".to_owned(),
        many => format!(" {} candidates lose one of them and have no ratio.", count(*many)),
    };
    let worth =
        results.shapes.iter().find(|shape| shape.shape == results.shown).and_then(|s| s.worth.as_ref());
    let expected = worth.and_then(|worth| worth.traffic().of_all());
    let drawn = results.diagnostics.as_ref().and_then(Diagnostics::sample_size_ratio);
    let beside = expected.zip(drawn).map_or(String::new(), |(expected, drawn)| {
        format!(
            " The approximation is for comparing candidates, and leaves out how chance picks among cells: it expects {} for \
             {}, where plays that were drawn take {} (with intervals under “What the engineers still learn”).",
            two_digits(expected),
            results.shown,
            two_digits(drawn)
        )
    });
    format!(
        "The second axis is the sample-size ratio over {}, as the choice weighs it.{out} {}{beside}",
        and(&families),
        lies(results.shown, results.chosen.is_some(), *shown)
    )
}

fn lies(shape: &str, chosen: bool, standing: Option<Standing>) -> String {
    let what = format!("The {} shape, {shape},", if chosen { "chosen" } else { "shown" });
    match standing {
        None => format!(
            "{what} loses a family of faults, so it stands at “lost”: limits come before questions, and both before traffic."
        ),
        Some(Standing { beaten_by: 0, .. }) => {
            format!("{what} lies on the line or below it: no candidate of the sweep beats it in both.")
        }
        Some(Standing { beaten_by, over_limits, losing_more }) => {
            let other = beaten_by - over_limits - losing_more;
            let parts = [
                (over_limits, ("breaks", "break"), " a limit"),
                (losing_more, ("loses", "lose"), " more questions"),
                (
                    other,
                    ("does", "do"),
                    " neither, as ratios count in steps of a quarter, and of the pairs of one ping few are asked every \
                      question",
                ),
            ];
            let parts = parts.into_iter().filter(|(number, ..)| *number > 0);
            let parts: Vec<String> = parts
                .map(|(number, (one, many), rest)| format!("{}{rest}", verb(number, one, many)))
                .collect();
            format!(
                "{what} lies above the line, as limits and lost questions come before traffic. {} on the line {} it in \
                 both: {}.",
                counted(beaten_by, "candidate"),
                if beaten_by == 1 { "beats" } else { "beat" },
                and(&parts)
            )
        }
    }
}

fn verb(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}
