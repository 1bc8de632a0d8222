//! One ping: its risk, its fields one by one, and what of it leaves as `other`.

use super::alone::Alone;
use super::{Source, boxes, buckets, quantity, risk};
use crate::policy::{About, ESSENTIAL, Field, FieldType, PolicyError, Value};
use crate::report::document::{Block, Cell, Heading, Tone};
use crate::report::numbers::counted;
use crate::report::words::and;
use crate::units::Dimension;

/// The anchor of a field.
pub(super) fn anchor(field: &Field) -> String {
    format!("field.{}.{}", field.ping, field.name)
}

/// Everything of one ping.
///
/// # Errors
/// None for a policy that was checked.
pub(super) fn ping(source: &Source<'_>, name: &str) -> Result<Vec<Block>, PolicyError> {
    let fields: Vec<&Field> = source.policy.fields_of(name).collect();
    let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    let mut blocks = vec![
        Block::Text(format!(
            "{}, sent together for one play: {}.",
            counted(fields.len() as u64, "field"),
            and(&names)
        )),
        Block::Facts(vec![("Measured risk of the ping", risk::of(source, name, "*"))]),
    ];
    for field in fields {
        blocks.push(Block::Heading(Heading { id: anchor(field), text: field.name.clone() }));
        let alone = Alone::new(field)?;
        blocks.push(Block::Facts(facts(source, field, &alone)));
        blocks.extend(buckets::blocks(field, &alone));
    }
    blocks.extend(boxes::blocks(source, name)?);
    Ok(blocks)
}

fn facts(source: &Source<'_>, field: &Field, alone: &Alone<'_>) -> Vec<(&'static str, Cell)> {
    let stated = |text: &Option<String>| {
        text.as_deref().map_or_else(|| Cell::toned("not stated", Tone::Muted), Cell::from)
    };
    let (before, after) = example(source, field, alone);
    vec![
        ("What it is", stated(&field.description)),
        ("What it is for", field.purpose.as_str().into()),
        ("Where it comes from", Cell::code(field.column())),
        (
            "Computed from",
            if field.derived_from.is_empty() {
                "no other field".into()
            } else {
                and(&field.derived_from).into()
            },
        ),
        ("Tells of", about(field.about).into()),
        ("Unit", unit(field.kind).into()),
        ("Rounding", Cell::code(field.rounding.trim())),
        ("Example, before", before),
        ("Example, after", after),
        ("Switch", switch(field).into()),
        ("Content", content(field).into()),
        ("Sensitivity", field.sensitivity.as_str().into()),
        ("Owner", stated(&field.owner)),
        ("Expires", expiry(source, field)),
        ("Measured risk, alone", risk::of(source, &field.ping, &field.name)),
        ("Measured risk, joined", risk::of(source, &field.ping, "*")),
    ]
}

/// A value of a play, and what is made of it.
fn example(source: &Source<'_>, field: &Field, alone: &Alone<'_>) -> (Cell, Cell) {
    let (value, line) = alone.example(source.as_of);
    let value = match (value, field.kind.dimension()) {
        (Value::Number(number), Some(dimension @ (Dimension::Duration | Dimension::Bitrate))) => {
            format!("{number}, which is {}", quantity::spelled(dimension, number))
        }
        (Value::Number(number), _) => number.to_string(),
        (Value::Text(text), _) => text.to_owned(),
        (Value::Flag(flag), _) => flag.to_string(),
        (Value::Missing, _) => "no value".to_owned(),
    };
    (value.into(), line.map_or_else(|| "nothing is sent".into(), Cell::code))
}

fn about(about: About) -> &'static str {
    match about {
        About::Media => "the file that was played: a catalogue can hold it",
        About::Client => "the player",
        About::Session => "this playback",
    }
}

fn unit(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Duration => "ms, a whole number",
        FieldType::Bitrate => "bit/s, a whole number",
        FieldType::Integer => "a count, a whole number",
        FieldType::Category => "text",
        FieldType::Flag => "true or false",
    }
}

/// The switch that governs a field.
fn switch(field: &Field) -> String {
    if field.consent == ESSENTIAL {
        return format!("{ESSENTIAL}: always on, since the service can't run without it");
    }
    format!("{}: off until it is switched on", field.consent)
}

/// Whose content it leaves for.
pub(super) fn content(field: &Field) -> String {
    field
        .content
        .map_or_else(|| "personal and provided".to_owned(), |content| format!("{} only", content.name()))
}

/// Until when it leaves.
pub(super) fn expiry(source: &Source<'_>, field: &Field) -> Cell {
    if field.expires <= source.as_of {
        return Cell::toned(format!("{}: expired, not sent", field.expires), Tone::Unsure);
    }
    field.expires.to_string().into()
}
