//! One ping of a policy, judged by limits.

use std::collections::BTreeMap;

use serde::Serialize;

use super::check::{Check, Verdict};
use super::{Gate, parts};
use crate::anonymity::Measures;
use crate::catalogue::SideField;
use crate::classes::{Bearing, Cells, Told};
use crate::policy::{About, Field, FieldType, Policy};
use crate::search::judge::Outcome;
use crate::search::justify::measures;
use crate::search::{Margin, SearchError, margins};
use crate::telemetry::plays::Number;

/// What was found of one ping.
#[derive(Clone, Debug, Serialize)]
pub struct VerifiedPing {
    /// The ping.
    pub ping: String,
    /// Whether its limits hold.
    pub outcome: Outcome,
    /// What it tells of a file.
    pub tells: Tells,
    /// Its derived fields, and how each is judged.
    pub derived: Vec<VerifiedDerived>,
    /// Its fields that have expired and so don't leave.
    pub expired: Vec<String>,
    /// What it tells of and the catalogue lacks.
    pub marginal: Vec<&'static str>,
    /// Every value that a limit bounds, at its worst over what may leave of the ping: where its fields have several
    /// switches, or are for content of one kind, each part that may leave is judged beside the whole.
    pub margins: Vec<Margin>,
    /// Its measures; `None` where it tells nothing of a file, or the catalogue lacks all of it.
    pub measures: Option<Measures>,
}

/// What a ping tells of a file: its class key.
#[derive(Clone, Debug, Serialize)]
pub struct Tells {
    /// How the duration is told.
    pub duration: String,
    /// How the bit rate is told.
    pub bitrate: String,
    /// The side fields that are told.
    pub by: Vec<&'static str>,
    /// How those of them are told that are in groups or buckets.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<&'static str, String>,
    /// Boxes that leave as `other`.
    pub other: usize,
}

/// A derived field, and how it is judged.
#[derive(Clone, Debug, Serialize)]
pub struct VerifiedDerived {
    /// The field.
    pub field: String,
    /// What it is derived from in the end.
    pub origins: Vec<String>,
    /// How it is judged: `nested`, `alone`, `joined` or `unrounded`.
    pub judged: &'static str,
}

impl VerifiedPing {
    /// Whether nothing of a file leaves in it.
    pub fn tells_nothing(&self) -> bool {
        self.measures.is_none() && self.marginal.is_empty()
    }
}

/// Every ping of a policy on one catalogue.
pub(super) fn verified(
    policy: &Policy,
    cells: &Cells<'_>,
    gate: &Gate,
) -> Result<Vec<VerifiedPing>, SearchError> {
    policy.pings().into_iter().map(|ping| one(policy, ping, cells, gate)).collect()
}

/// One of them.
pub(super) fn one(
    policy: &Policy,
    ping: &str,
    cells: &Cells<'_>,
    gate: &Gate,
) -> Result<VerifiedPing, SearchError> {
    let leaves = |field: &Field| field.expires > gate.as_of;
    let told = Told::of(policy, ping, &leaves)?;
    let marginal = told.missing_in(cells.catalogue());
    let attributes = told.attributes();
    let judged = attributes > marginal.len();
    let measures = judged.then(|| measures(cells, &told, &gate.limits)).transpose()?;
    let mut margins = measures.as_ref().map_or(Vec::new(), |measures| margins(&gate.limits, measures));
    if judged {
        parts::worsen(&mut margins, policy, ping, cells, gate)?;
    }
    let outcome = if margins.iter().any(|margin| !margin.holds()) {
        Outcome::Breaks
    } else if marginal.is_empty() {
        Outcome::Holds
    } else if judged {
        Outcome::Marginal
    } else {
        Outcome::NotJudged
    };
    let expired = policy.fields_of(ping).filter(|field| field.is_emitted() && !leaves(field));
    let derived = told.derived.iter().map(|derived| VerifiedDerived {
        field: derived.field.clone(),
        origins: derived.origins.clone(),
        judged: match derived.judged {
            Bearing::Nested => "nested",
            Bearing::Alone => "alone",
            Bearing::Joined => "joined",
            Bearing::Unrounded => "unrounded",
        },
    });
    Ok(VerifiedPing {
        ping: ping.to_owned(),
        outcome,
        derived: derived.collect(),
        expired: expired.map(|field| field.name.clone()).collect(),
        tells: Tells {
            duration: told.duration.to_string(),
            bitrate: told.bitrate.to_string(),
            by: told.by.iter().map(|field| field.name()).collect(),
            groups: told.coarser.iter().map(|(field, how)| (field.name(), how.to_string())).collect(),
            other: told.other.len(),
        },
        marginal,
        margins,
        measures,
    })
}

/// What was asked of a ping, its claims aside.
pub(super) fn checks(policy: &Policy, ping: &VerifiedPing, gate: &Gate) -> Vec<Check> {
    let of = |name: String, verdict, says: String| Check::of(Some(&ping.ping), name, verdict, says);
    let mut checks = Vec::new();
    for field in policy.fields_of(&ping.ping).filter(|field| field.is_emitted()) {
        if field.expires <= gate.as_of {
            let says = format!("it expired on {}, so it doesn't leave and isn't judged", field.expires);
            checks.push(of(format!("expiry {}", field.name), Verdict::Noted, says));
        }
        let derived = ping.derived.iter().any(|derived| derived.field == field.name);
        if field.about != About::Media && !derived && is_of_a_file(field.column()) {
            let says = format!(
                "it reads `{}`, which a catalogue holds, and doesn't say `about = \"media\"`: it was left out of the \
                 class key",
                field.column()
            );
            checks.push(of(format!("about {}", field.name), Verdict::Fails, says));
        }
        if field.about != About::Media && !derived && may_follow_from_a_file(field) {
            let says = format!(
                "what `{}` holds isn't known here: where it follows from the {1} of the file, the policy must say \
                 `derived_from = [\"{1}\"]`, or its risk is missed",
                field.column(),
                if field.kind == FieldType::Duration { "duration" } else { "bitrate" }
            );
            checks.push(of(format!("origin {}", field.name), Verdict::Noted, says));
        }
    }
    for VerifiedDerived { field, origins, judged } in &ping.derived {
        let origins = origins.join(", ");
        let says = match *judged {
            "nested" => format!("the same as {origins}, or coarser and nested: it adds nothing"),
            "alone" => format!("{origins} doesn't leave here, so it is judged as if it were {origins}"),
            "joined" => format!("its buckets cut those of {origins}, so both are judged together"),
            _ => format!("some function of {origins}, so it is judged as if that left unrounded"),
        };
        checks.push(of(format!("derived {field}"), Verdict::Holds, says));
    }
    for field in &ping.marginal {
        let says =
            format!("marginal for {field}: the catalogue has no such column, so it can't judge the ping");
        checks.push(of(format!("judged {field}"), Verdict::Fails, says));
    }
    let mut names: Vec<&str> = ping.margins.iter().map(|margin| margin.limit.as_str()).collect();
    names.dedup();
    checks.extend(names.into_iter().map(|name| {
        let of_limit = || ping.margins.iter().filter(|margin| margin.limit == name);
        let broken: Vec<String> = of_limit().filter(|margin| !margin.holds()).map(shown).collect();
        // They have one allowed value, so the largest is the nearest to it.
        let nearest = of_limit().max_by(|a, b| a.value.total_cmp(&b.value));
        if let Some(reason) = nearest.and_then(|margin| margin.not_applicable.as_ref()) {
            return of(name.to_owned(), Verdict::Noted, format!("not applicable: {reason}"));
        }
        match broken.is_empty() {
            true => of(name.to_owned(), Verdict::Holds, nearest.map(shown).unwrap_or_default()),
            false => of(name.to_owned(), Verdict::Fails, broken.join("; ")),
        }
    }));
    checks
}

/// A value beside what is allowed.
pub(super) fn shown(margin: &Margin) -> String {
    let over = if margin.holds() { "of at most" } else { "over" };
    format!("{:.6} {over} {}, {}", margin.value, margin.allowed, margin.what)
}

/// Whether it is a duration or a bit rate that neither a catalogue nor the plays of [`crate::telemetry::plays`] know.
fn may_follow_from_a_file(field: &Field) -> bool {
    let known = Number::ALL.iter().any(|number| number.name() == field.column());
    matches!(field.kind, FieldType::Duration | FieldType::Bitrate) && !known
}

/// Whether a catalogue holds a column of that name.
pub(in crate::search) fn is_of_a_file(column: &str) -> bool {
    ["file_id", "title_id", "series_id", "duration_ms", "bitrate_bps"].contains(&column)
        || column.parse::<SideField>().is_ok()
}
