//! What must hold of fields and boxes, and which key of which is to blame where it doesn't.

use std::collections::BTreeMap;

use super::file::OTHER;
use super::plan::{Blame, Plan};
use super::{CONSENT, CONSENT_PREFIX, Field, Other, PolicyError, open_ended};

/// What is wrong, and where.
pub(super) struct Wrong {
    /// The field or box, and its key; `None` where the policy as a whole is to blame.
    pub at: Option<(Blame, &'static str)>,
    pub error: Box<PolicyError>,
}

/// The plan of fields and boxes, or what is wrong. O(fields^2), in few steps each.
pub(super) fn check(fields: &[Field], others: &[Other]) -> Result<Plan, Wrong> {
    if fields.is_empty() {
        return Err(Wrong { at: None, error: Box::new(PolicyError::Empty) });
    }
    let mut taken = BTreeMap::new();
    for (place, field) in fields.iter().enumerate() {
        let boxed = others.iter().any(|other| other.ping() == field.ping);
        let wrong = |(key, error)| Wrong { at: Some((Blame::Field(place), key)), error: Box::new(error) };
        one(field, &mut taken, boxed, fields).map_err(wrong)?;
    }
    Plan::new(fields, others).map_err(|(blame, error)| {
        let key = match &error {
            PolicyError::Rounding { .. } => "rounding",
            PolicyError::Representative { .. } => "representative",
            PolicyError::ColumnType { .. } => "type",
            _ => "when",
        };
        Wrong { at: Some((blame, key)), error: Box::new(error) }
    })
}

/// The columns in which fields leave, with their ping, each with the field.
type Taken<'f> = BTreeMap<(&'f str, String), &'f str>;

/// One field, beside what those before it took and all of them; with what is wrong the key that says so.
fn one<'f>(
    field: &'f Field,
    taken: &mut Taken<'f>,
    boxed: bool,
    all: &[Field],
) -> Result<(), (&'static str, PolicyError)> {
    let at = |key| move |error| (key, error);
    check_name("ping", &field.ping).map_err(at("ping"))?;
    check_name("field", &field.name).map_err(at("name"))?;
    check_name("consent switch", &field.consent).map_err(at("consent"))?;
    let (name, ping) = (field.name.clone(), field.ping.clone());
    let texts = [
        ("purpose", Some(&field.purpose)),
        ("description", field.description.as_ref()),
        ("sensitivity", Some(&field.sensitivity)),
        ("owner", field.owner.as_ref()),
        ("name", Some(&field.name)),
        ("ping", Some(&field.ping)),
        ("consent", Some(&field.consent)),
        ("column", field.column.as_ref()),
    ];
    for (key, text) in texts {
        check_said(text, key, || format!("field `{name}` of ping `{ping}`")).map_err(at(key))?;
        if let Some(words) = text.and_then(|text| open_ended(text)) {
            let of = format!("field `{name}` of ping `{ping}`");
            return Err((key, PolicyError::OpenEnded { of, words }));
        }
    }
    for column in field.outgoing() {
        match taken.insert((&field.ping, column.clone()), &field.name) {
            Some(other) if other == name => return Err(("name", PolicyError::Twice { field: name, ping })),
            Some(other) => {
                let other = other.to_owned();
                return Err(("name", PolicyError::Clash { field: name, other, column }));
            }
            None => {}
        }
    }
    if boxed && field.name == OTHER {
        let error =
            PolicyError::Clash { field: name, other: "[[other]]".to_owned(), column: OTHER.to_owned() };
        return Err(("name", error));
    }
    if let Some(origin) = field.derived_from.iter().find(|origin| !all.iter().any(|f| f.name == **origin)) {
        let error = PolicyError::UnknownOrigin { field: name, origin: origin.clone() };
        return Err(("derived_from", error));
    }
    if field.column() == CONSENT || field.column().starts_with(CONSENT_PREFIX) {
        let column = field.column().to_owned();
        return Err(("column", PolicyError::Reserved { field: name, column }));
    }
    Ok(())
}

/// Refuses a text that is there and says nothing. Without a purpose or a sensitivity there is no policy, so these can't be
/// left out instead.
pub(super) fn check_said(
    text: Option<impl AsRef<str>>,
    key: &'static str,
    of: impl FnOnce() -> String,
) -> Result<(), PolicyError> {
    if text.is_none_or(|text| !text.as_ref().trim().is_empty()) {
        return Ok(());
    }
    let mend = match key {
        "description" | "owner" | "column" => ", or leave the key out",
        _ => "",
    };
    Err(PolicyError::Blank { of: of(), key, mend })
}

fn check_name(what: &'static str, name: &str) -> Result<(), PolicyError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(plain) {
        return Ok(());
    }
    Err(PolicyError::Name { what, name: name.to_owned() })
}
