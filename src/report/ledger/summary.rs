//! The page in short: a table of every field, and what each switch turns on.

use super::Source;
use super::facts::{anchor, content, expiry};
use super::quantity::exact;
use crate::policy::{ESSENTIAL, Field};
use crate::report::document::{Block, Cell, Table, Tone, text};
use crate::report::numbers::counted;
use crate::report::words::{self, and};
use crate::rounding::{Family, Partition, Rounding};

/// The answer before the details.
pub(super) fn short(source: &Source<'_>) -> Vec<Block> {
    let policy = source.policy;
    let (fields, pings) = (policy.fields().len(), policy.pings().len());
    let gone = policy.fields().iter().filter(|field| field.expires <= source.as_of).count();
    let dropped = policy.fields().iter().filter(|field| !field.is_emitted()).count();
    let mut listed = format!("{} in {}", counted(fields as u64, "field"), counted(pings as u64, "ping"));
    if gone > 0 {
        listed += &format!("; of these, {gone} expired and no longer sent");
    }
    if dropped > 0 {
        listed += &format!("; {dropped} listed only to say that nothing of it is sent");
    }
    let switches = policy.switches();
    let essential = policy.fields().iter().filter(|field| field.consent == ESSENTIAL).count();
    let consent = match (switches.is_empty(), essential) {
        (true, _) => "There are none: each field is essential, so that the service can't run without it.".to_owned(),
        (false, 0) => "Every field has one, and each is off until it is switched on. With all of them off, nothing is sent.".to_owned(),
        (false, n) => format!(
            "Each is off until it is switched on. With all of them off, only the essential {} sent.",
            if n == 1 { "field is".to_owned() } else { format!("{n} fields are") }
        ),
    };
    let mut lead = vec![
        ("Listed.", format!("{listed}.")),
        ("Switches.", consent),
        ("Not sent.", "Whatever is not listed on this page.".to_owned()),
    ];
    if source.measured_as_it_stands() == Some(false) {
        let changed = "The policy was changed since its risk was measured: the figures on this page are those of another text.";
        lead.push(("Changed.", changed.to_owned()));
    }
    let description = policy.description.iter().map(|description| Block::Text(description.clone()));
    description.chain([Block::Lead(lead)]).collect()
}

/// Every field in a row.
pub(super) fn table(source: &Source<'_>) -> Vec<Block> {
    let rows =
        source.policy.pings().into_iter().flat_map(|ping| source.policy.fields_of(ping).collect::<Vec<_>>());
    let rows = rows.map(|field| {
        vec![
            Cell::link(field.name.as_str(), anchor(field)),
            Cell::link(field.ping.as_str(), format!("ping.{}", field.ping)),
            field.purpose.as_str().into(),
            told(field),
            field.consent.as_str().into(),
            content(field).into(),
            field.sensitivity.as_str().into(),
            expiry(source, field),
        ]
    });
    let heads =
        ["Field", "Ping", "What it is for", "How it is told", "Switch", "Content", "Sensitivity", "Expires"];
    vec![Block::Table(Table {
        caption: "All fields, ping by ping".to_owned(),
        columns: heads.map(text).into(),
        rows: rows.collect(),
    })]
}

/// How a field is told, in a few words.
fn told(field: &Field) -> Cell {
    if !field.is_emitted() {
        return Cell::toned("not sent", Tone::Muted);
    }
    if let Ok(Some(rounding)) = field.parsed_rounding() {
        return numbers(&rounding).into();
    }
    match field.parsed_groups() {
        Ok(Some(groups)) => {
            let names: Vec<String> = groups.groups().iter().map(|(name, _)| name.clone()).collect();
            format!("in groups: {} and other", names.join(", ")).into()
        }
        _ => "as it is".into(),
    }
}

fn numbers(rounding: &Rounding) -> String {
    let human = |value| exact(rounding.dimension(), value);
    let mut words = match (rounding.family(), rounding.width()) {
        (_, Some(width)) => format!("in buckets of {}", human(width)),
        (Family::Edges(_), _) => format!("in {}", counted(rounding.buckets().count() as u64, "bucket")),
        (Family::Keep, _) => "as it is".to_owned(),
        // These words say how it is coded themselves.
        _ => return words::rounding(&rounding.to_string(), rounding.dimension()),
    };
    if let Some(bottom) = rounding.coding().bottom() {
        words += &format!(", one under {}", human(bottom));
    }
    if let Some(top) = rounding.coding().top() {
        words += &format!(", one from {} on", human(top));
    }
    words
}

/// What each switch turns on.
pub(super) fn switches(source: &Source<'_>) -> Vec<Block> {
    let policy = source.policy;
    let essential = policy.fields().iter().any(|field| field.consent == ESSENTIAL);
    let rows = essential.then_some(ESSENTIAL).into_iter().chain(policy.switches()).map(|switch| {
        let governed = policy.pings().into_iter().filter_map(|ping| {
            let fields: Vec<String> = policy
                .fields_of(ping)
                .filter(|field| field.consent == switch)
                .map(|field| field.name.clone())
                .collect();
            (!fields.is_empty()).then(|| format!("{} of ping {ping}", and(&fields)))
        });
        let governed: Vec<String> = governed.collect();
        let set = if switch == ESSENTIAL { "always on" } else { "off until switched on" };
        vec![switch.into(), set.into(), governed.join("; ").into()]
    });
    vec![
        Block::Text(
            "A switch is read before anything else: what it governs is not looked at while it is off."
                .to_owned(),
        ),
        Block::Table(Table {
            caption: "All switches and what each turns on".to_owned(),
            columns: vec![text("Switch"), text("Set"), text("Turns on")],
            rows: rows.collect(),
        }),
    ]
}
