//! Whether what the old ping hid in boxes stays hidden.

use super::fields::Telling;
use super::pairs::Pair;
use super::side::goes_with;
use crate::policy::{Condition, Field, Other};
use crate::rounding::{Bucket, Groups};
use crate::search::SearchError;

/// The conditions of a box, each with the field that it asks.
type Conditions<'a> = Vec<(&'a Field, Condition)>;

/// The boxes of the old ping that no box of the new one holds whole, as they are written; none where the new ping is
/// empty. O(boxes^2 x fields).
pub(super) fn opened(pair: &Pair<'_>) -> Result<Vec<String>, SearchError> {
    let Some(old) = &pair.old else { return Ok(Vec::new()) };
    if pair.new.fields().next().is_none() {
        return Ok(Vec::new());
    }
    let leave =
        |conditions: &Conditions<'_>, as_of| conditions.iter().all(|(field, _)| field.expires > as_of);
    let mut new_boxes: Vec<Conditions<'_>> = Vec::new();
    for other in pair.new.policy.others().iter().filter(|other| other.ping() == pair.new.ping) {
        new_boxes.push(other.conditions(pair.new.policy.fields())?);
    }
    new_boxes.retain(|conditions| leave(conditions, pair.new.as_of));
    let mut opened = Vec::new();
    for other in old.policy.others().iter().filter(|other| other.ping() == old.ping) {
        let conditions = other.conditions(old.policy.fields())?;
        // A box of which a field doesn't leave hides nothing.
        if !leave(&conditions, old.as_of) {
            continue;
        }
        let mut held = false;
        for new in &new_boxes {
            held |= holds(new, &conditions)?;
        }
        if !held {
            opened.push(shown(other));
        }
    }
    Ok(opened)
}

fn shown(other: &Other) -> String {
    other.when.iter().map(|(field, text)| format!("{field} = \"{text}\"")).collect::<Vec<_>>().join(", ")
}

/// Whether each condition of the outer box follows from one of the inner, and its field leaves wherever that one does.
fn holds(outer: &Conditions<'_>, inner: &Conditions<'_>) -> Result<bool, SearchError> {
    for (field, condition) in outer {
        let mut follows = false;
        for (old, asked) in inner {
            let same = old.column() == field.column() && old.kind == field.kind && goes_with(field, old);
            follows |= same && implies(asked, &Telling::of(old)?, condition, &Telling::of(field)?);
        }
        if !follows {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether every value that meets a condition on what is told one way meets the other on what is told the other way.
fn implies(asked: &Condition, told: &Telling, condition: &Condition, as_told: &Telling) -> bool {
    match (asked, condition) {
        (Condition::Range(inner), Condition::Range(outer)) => lies_in(*inner, *outer),
        (Condition::Missing, Condition::Missing) => true,
        (Condition::AnyOf(names), Condition::AnyOf(among)) => names.iter().all(|name| match name {
            None => among.contains(&None),
            Some(name) => {
                let among = |name: &str| among.iter().flatten().any(|other| other == name);
                values(name, told, as_told).is_some_and(|mut names| names.all(among))
            }
        }),
        _ => false,
    }
}

/// The names that the values of one name have, told the other way; `None` where they may have any.
fn values<'a>(
    name: &'a str,
    told: &'a Telling,
    as_told: &'a Telling,
) -> Option<Box<dyn Iterator<Item = &'a str> + 'a>> {
    let renamed = move |value: &'a str| match as_told {
        Telling::Groups(groups) => groups.name(value),
        _ => value,
    };
    match (told, as_told) {
        (Telling::Groups(fine), Telling::Groups(coarse)) if name == Groups::OTHER => {
            // What is in no group has the names of the other's groups that hold such values, and its name for the rest.
            let groups = coarse.groups().iter();
            let held =
                groups.filter(|(_, values)| values.iter().any(|value| fine.name(value) == Groups::OTHER));
            Some(Box::new(held.map(|(group, _)| group.as_str()).chain([Groups::OTHER])))
        }
        (Telling::Groups(_), _) if name == Groups::OTHER => None,
        // A name that no group has is met by no value.
        (Telling::Groups(fine), _) => {
            let group = fine.groups().iter().find(|(group, _)| group == name);
            Some(Box::new(group.into_iter().flat_map(|(_, values)| values).map(move |value| renamed(value))))
        }
        _ => Some(Box::new(std::iter::once(renamed(name)))),
    }
}

fn lies_in(inner: Bucket, outer: Bucket) -> bool {
    outer.from <= inner.from && outer.to.is_none_or(|to| inner.to.is_some_and(|end| end <= to))
}
