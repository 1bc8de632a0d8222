//! Why not one step finer, and what one step coarser would lose.

use super::super::document::{Block, Cell, Table, Tone, number, text};
use super::super::numbers::{count, percent, points};
use super::super::words::{breach, field, rounding};
use super::{main_name, shown};
use crate::search::Neighbor;
use crate::study::{Ping, Results};
use crate::units::Dimension::{Bitrate, Duration};

pub(super) fn blocks(results: &Results) -> Vec<Block> {
    let Some(shape) = shown(results) else { return Vec::new() };
    let rows =
        shape.pings.iter().flat_map(|ping| ping.neighbors.iter().map(move |neighbor| row(ping, neighbor)));
    vec![
        Block::Text(
            "Each row changes one field of one ping and leaves the rest. A finer step that breaks nothing is of a \
             field that the ping has no use for, or would be paid for by the loss of another field or of an answer. A coarser \
             rounding that cuts elsewhere does not join whole classes, so it can break a limit that the choice holds."
                .to_owned(),
        ),
        Block::Table(Table {
            caption: format!(
                "One step finer and one step coarser than the shape {}, on {}. Loss: distortion of the ping against \
                 the ping as shown, in percentage points.",
                shape.shape,
                main_name(results)
            ),
            columns: vec![
                text("Ping"),
                text("Field"),
                text("Step"),
                text("There"),
                text("Limits"),
                number("Titles in a class"),
                number("Files named by title"),
                number("Loss"),
            ],
            rows: rows.collect(),
        }),
    ]
}

fn row(ping: &Ping, neighbor: &Neighbor) -> Vec<Cell> {
    let there = match neighbor.attribute.as_str() {
        "duration" => rounding(&neighbor.rounding, Duration),
        "bitrate" => rounding(&neighbor.rounding, Bitrate),
        _ if neighbor.rounding == "keep" => "sent as well".to_owned(),
        _ => "not sent".to_owned(),
    };
    let limits = match neighbor.breaches.split_first() {
        Some((worst, more)) => {
            let more = if more.is_empty() { String::new() } else { format!("; and {} more", more.len()) };
            Cell::toned(format!("breaks: {}{more}", breach(worst)), Tone::Bad)
        }
        None => {
            let note = neighbor.note.map_or(String::new(), |note| format!(", but {note}"));
            Cell::toned(format!("holds{note}"), Tone::Good)
        }
    };
    vec![
        neighbor.ping.as_str().into(),
        field(&neighbor.attribute).into(),
        neighbor.step.into(),
        there.into(),
        limits,
        count(neighbor.row.k_titles_budget).into(),
        percent(neighbor.row.reid_title_uniform).into(),
        points(neighbor.row.distortion - ping.row.distortion).into(),
    ]
}
