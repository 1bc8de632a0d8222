//! The exact buckets of a field, in words and one by one.

use super::alone::Alone;
use super::quantity::exact;
use crate::policy::{Field, FieldType, NamedRepresentative, Representative};
use crate::report::document::{Block, Cell, Table, text};
use crate::report::words::and;
use crate::rounding::{Bucket, Family, Groups, Partition, Rounding};
use crate::units::Dimension;

/// Up to so many buckets are listed one by one.
const LISTED: usize = 600;
/// Of more than that, so many at either end.
const ENDS: usize = 3;

/// What leaves of a value, exactly.
pub(super) fn blocks(field: &Field, alone: &Alone<'_>) -> Vec<Block> {
    if !field.is_emitted() {
        return vec![Block::Text("Nothing of it is sent: its rounding is drop.".to_owned())];
    }
    if let Ok(Some(rounding)) = field.parsed_rounding() {
        return numbers(field, &rounding, alone);
    }
    match (field.kind, field.parsed_groups()) {
        (FieldType::Flag, _) => vec![Block::Text("Sent as it is: true or false.".to_owned())],
        (_, Ok(Some(groups))) => vec![grouped(field, &groups)],
        _ => vec![Block::Text("Not rounded: the text is sent as it is, whatever it is.".to_owned())],
    }
}

fn grouped(field: &Field, groups: &Groups) -> Block {
    let mut rows: Vec<Vec<Cell>> = groups
        .groups()
        .iter()
        .map(|(name, values)| vec![name.as_str().into(), values.join(", ").into()])
        .collect();
    rows.push(vec![Groups::OTHER.into(), "every other value".into()]);
    Block::Table(Table {
        caption: format!("What is sent of {}, and for which values", field.name),
        columns: vec![text("Sent"), text("For")],
        rows,
    })
}

fn numbers(field: &Field, rounding: &Rounding, alone: &Alone<'_>) -> Vec<Block> {
    let dimension = rounding.dimension();
    if *rounding.family() == Family::Keep && rounding.coding().is_none() {
        let whole = whole(dimension);
        return vec![Block::Text(format!("Not rounded: every {whole} is sent as it is."))];
    }
    let mut blocks = vec![
        Block::Text(format!("Buckets: {}", rule(rounding))),
        Block::Text(format!("Sent of a bucket: {}", standing(field, rounding))),
    ];
    let item = |bucket: Bucket| {
        let sent = alone
            .representative(bucket.from)
            .map_or_else(|| "nothing".to_owned(), |sent| exact(dimension, sent));
        (range(dimension, bucket), sent)
    };
    let first: Vec<Bucket> = rounding.buckets().take(LISTED + 1).collect();
    if first.len() <= LISTED {
        let items = first.iter().map(|&bucket| {
            let (range, sent) = item(bucket);
            format!("{range}: {sent}")
        });
        blocks.push(Block::Text(format!(
            "All {} buckets, each with what is sent of it; the lower end lies in a bucket, the upper in the next:",
            first.len()
        )));
        blocks.push(Block::Items(items.collect()));
        return blocks;
    }
    let mut last = vec![rounding.bucket(u64::MAX)];
    while last.len() < ENDS
        && let Some(below) = last.last().and_then(|bucket| bucket.from.checked_sub(1))
    {
        last.push(rounding.bucket(below));
    }
    let row = |bucket: &Bucket, place: &str| {
        let (range, sent) = item(*bucket);
        vec![range.into(), sent.into(), Cell::from(place)]
    };
    let places = ["the first", "the second", "the third"];
    let places_back = ["the last", "the last but one", "the last but two"];
    let ends = first.iter().zip(places).map(|(bucket, place)| row(bucket, place));
    let tail: Vec<Vec<Cell>> =
        last.iter().zip(places_back).map(|(bucket, place)| row(bucket, place)).collect();
    blocks.push(Block::Table(Table {
        caption: format!(
            "The first {ENDS} and the last {ENDS} buckets of {}; those between follow the rule without exception. \
             The lower end lies in a bucket, the upper in the next.",
            field.name
        ),
        columns: vec![text("Bucket"), text("Sent"), text("Place")],
        rows: ends.chain(tail.into_iter().rev()).collect(),
    }));
    blocks
}

fn range(dimension: Dimension, bucket: Bucket) -> String {
    dimension.human_range(bucket.from, bucket.to)
}

fn whole(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Duration => "whole number of ms",
        Dimension::Bitrate => "whole number of bit/s",
        Dimension::Integer => "whole number",
    }
}

/// Where the edges lie, so that a reader can tell the bucket of any value.
fn rule(rounding: &Rounding) -> String {
    let dimension = rounding.dimension();
    let human = |value| exact(dimension, value);
    let whole = whole(dimension);
    let list = |edges: &[u64]| and(&edges.iter().map(|&edge| human(edge)).collect::<Vec<_>>());
    let mut text = match rounding.family() {
        Family::Keep => format!("each {whole} is one of its own."),
        Family::Drop => "one, of all values.".to_owned(),
        Family::Floor(_) | Family::Nearest(_) | Family::Ceil(_) => {
            let width = human(rounding.width().unwrap_or_default());
            // Whatever the phase: an edge at 0, and from the first above it one after each width.
            let first = rounding.family().bucket(0).to;
            first.map_or_else(
                || "one, of all values.".to_owned(),
                |first| {
                    format!(
                        "one begins at 0, the next at {}, and one every {width} from there on.",
                        human(first)
                    )
                },
            )
        }
        Family::Log(log) => {
            let n = log.per_doubling();
            let power = if n == 1 { "i".to_owned() } else { format!("i / {n}") };
            format!(
                "for each whole number i from 0 to {} one begins at 2 to the power of {power}, rounded up to a {whole}, \
                 less 1; those that begin alike are one.",
                64 * u64::from(n) - 1
            )
        }
        Family::Bits(bits) => format!(
            "one begins at each {whole} whose binary digits after the {} highest are all 0.",
            bits.bits()
        ),
        Family::Digits(digits) => format!(
            "one begins at each {whole} whose decimal digits after the {} highest are all 0.",
            digits.digits()
        ),
        Family::Edges(cuts) => format!("one begins at 0, and one at each of {}.", list(cuts.edges())),
        Family::Ladder(ladder) => format!(
            "one begins at 0, and one at each rung of the ladder {}: {}.",
            ladder.name().replace('_', " "),
            list(ladder.rungs())
        ),
    };
    if let Some(bottom) = rounding.coding().bottom() {
        text += &format!(" Everything under {} is one bucket, and one begins there.", human(bottom));
    }
    if let Some(top) = rounding.coding().top() {
        text += &format!(" Everything from {} on is one bucket.", human(top));
    }
    let last = rounding.bucket(u64::MAX).from;
    text + &format!(" The last begins at {} and has no upper end.", human(last))
}

/// Which number stands for a bucket.
fn standing(field: &Field, rounding: &Rounding) -> String {
    let (dimension, last) = (rounding.dimension(), rounding.bucket(u64::MAX).from);
    let middle = format!("its middle, rounded down to a {}", whole(dimension));
    match &field.representative {
        Representative::Midpoint | Representative::Named(NamedRepresentative::Midpoint) => {
            format!("{middle}; of the last bucket its lower end, {}.", exact(dimension, last))
        }
        Representative::Named(NamedRepresentative::Lower) => "its lower end.".to_owned(),
        Representative::PerOpenBucket(table) => {
            let value = table.values().next().and_then(|value| dimension.parse(value).ok()).unwrap_or(last);
            format!("{middle}; of the last bucket {}.", exact(dimension, value))
        }
    }
}
