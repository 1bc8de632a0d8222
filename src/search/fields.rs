//! What a chosen ping sends, as fields of a policy.

use super::SearchError;
use super::shape::PingShape;
use crate::catalogue::SideField;
use crate::classes::Generalization;
use crate::policy::{About, Day, Field, FieldType, Policy};
use crate::rounding::Rounding;
use crate::telemetry::plays::Column;

/// The day until which a chosen policy may be used unless somebody sets another.
const EXPIRES: Day = Day::new(2031, 12, 31);

/// The policy to start from: what the fields of the player and of the playback are, and how they are told.
const START: &str = include_str!("../../datasets/policies/playback.toml");

/// The fields of a ping: those of the file as they were chosen, then those of the player and of the playback that its
/// questions ask for, as the policy to start from tells them. One that is derived from a number of the file is rounded as
/// that number, and isn't sent where that isn't. `told` are side fields that are told in groups.
///
/// # Errors
/// [`SearchError::Policy`] where the policy to start from can't be read.
pub(super) fn fields(
    ping: &PingShape,
    chosen: &Generalization,
    told: &[(SideField, String)],
) -> Result<Vec<Field>, SearchError> {
    let field = |name: &str, column: Option<&str>, kind, rounding: String, sensitivity: &str| Field {
        ping: ping.name.to_owned(),
        name: name.to_owned(),
        column: column.map(str::to_owned),
        kind,
        about: About::Media,
        rounding,
        representative: Default::default(),
        derived_from: Vec::new(),
        content: None,
        description: None,
        consent: "playback".to_owned(),
        purpose: ping.purpose.to_owned(),
        sensitivity: sensitivity.to_owned(),
        owner: None,
        expires: EXPIRES,
    };
    let mut fields = Vec::new();
    let numbers = [
        ("duration", "duration_ms", FieldType::Duration, &chosen.duration),
        ("bitrate", "bitrate_bps", FieldType::Bitrate, &chosen.bitrate),
    ];
    for (name, column, kind, rounding) in numbers.into_iter().filter(|(.., rounding)| !rounding.is_drop()) {
        fields.push(field(name, Some(column), kind, rounding.to_string(), "fingerprint"));
    }
    for side in &chosen.by {
        let told = told.iter().find(|(field, _)| field == side).map(|(_, text)| text.as_str());
        let rounding = told.unwrap_or("keep").to_owned();
        fields.push(field(side.name(), None, FieldType::Category, rounding, "quasi-identifier"));
    }
    let start = Policy::from_toml(START)?;
    for name in &ping.reports {
        let Some(known) = start.fields().iter().find(|field| field.name == *name) else { continue };
        let origin: Option<&Rounding> = match known.derived_from.first().map(String::as_str) {
            Some("duration") => Some(&chosen.duration),
            Some("bitrate") => Some(&chosen.bitrate),
            _ => None,
        };
        if origin.is_some_and(Rounding::is_drop) {
            continue;
        }
        fields.push(Field {
            ping: ping.name.to_owned(),
            purpose: ping.purpose.to_owned(),
            rounding: origin.map_or_else(|| known.rounding.clone(), Rounding::to_string),
            owner: None,
            expires: EXPIRES,
            ..known.clone()
        });
    }
    Ok(fields)
}

/// The columns of the fields that a ping reports of the player and of the playback, those that are derived from the file
/// among them.
///
/// # Errors
/// As [`fields`].
pub(super) fn columns(ping: &PingShape) -> Result<Vec<Column>, SearchError> {
    let start = Policy::from_toml(START)?;
    let column = |name: &&str| {
        let field = start.fields().iter().find(|field| field.name == *name)?;
        Column::named(field.column())
    };
    Ok(ping.reports.iter().filter_map(column).collect())
}

/// The policy of pings with these generalizations, without limits and justification.
///
/// # Errors
/// [`SearchError::Policy`] where it can't be built.
pub fn plain_policy(name: &str, pings: &[(&PingShape, &Generalization)]) -> Result<Policy, SearchError> {
    let fields = pings.iter().map(|(ping, chosen)| fields(ping, chosen, &[]));
    let fields: Vec<Vec<Field>> = fields.collect::<Result<_, _>>()?;
    Ok(Policy::new(name, 1, fields.concat(), Vec::new())?)
}
