//! What may leave of a ping besides all of it: where switches are off, or content is of the other kind.

use std::collections::BTreeSet;

use super::Gate;
use crate::classes::{Cells, Told};
use crate::policy::{Content, ESSENTIAL, Field, Policy};
use crate::search::justify::measures;
use crate::search::{Margin, SearchError, margins};

/// Raises each value to its worst over the parts of the ping that may leave.
pub(super) fn worsen(
    found: &mut [Margin],
    policy: &Policy,
    ping: &str,
    cells: &Cells<'_>,
    gate: &Gate,
) -> Result<(), SearchError> {
    for (who, fields) in parts(policy, ping, gate)? {
        // The margins of one catalogue come in one order.
        for (margin, part) in found.iter_mut().zip(part_margins(policy, ping, cells, gate, &fields)?) {
            if part.value > margin.value {
                margin.value = part.value;
                margin.what = format!("{}, {who}", part.what);
            }
        }
    }
    Ok(())
}

/// The most switches of one ping whose every subset is judged.
const SWITCHES: usize = 8;

/// What else may leave of a ping than all of it, where its fields have several switches or are for content of one kind:
/// in words for whom, and the names of the fields. A box asks only where all its fields leave, so what a box hides from
/// all of the ping may lie open in a part of it.
fn parts(policy: &Policy, ping: &str, gate: &Gate) -> Result<Vec<(String, BTreeSet<String>)>, SearchError> {
    let fields: Vec<&Field> =
        policy.fields_of(ping).filter(|field| field.is_emitted() && field.expires > gate.as_of).collect();
    let switches: BTreeSet<&str> =
        fields.iter().map(|field| field.consent.as_str()).filter(|switch| *switch != ESSENTIAL).collect();
    let switches: Vec<&str> = switches.into_iter().collect();
    if switches.len() > SWITCHES {
        return Err(SearchError::Switches {
            ping: ping.to_owned(),
            switches: switches.len(),
            most: SWITCHES,
        });
    }
    let contents = match fields.iter().any(|field| field.content.is_some()) {
        true => vec![Some(Content::Personal), Some(Content::Provided)],
        false => vec![None],
    };
    let every = |fields: &mut dyn Iterator<Item = &&Field>| -> BTreeSet<String> {
        fields.map(|field| field.name.clone()).collect()
    };
    let mut seen = vec![BTreeSet::new(), every(&mut fields.iter())];
    let mut found = Vec::new();
    for content in contents {
        for on in 0..1u32 << switches.len() {
            let is_on = |switch: &str| {
                let place = switches.iter().position(|known| *known == switch);
                place.is_none_or(|place| on >> place & 1 == 1)
            };
            let leaves = |field: &&&Field| {
                is_on(&field.consent)
                    && content.is_none_or(|content| field.content.is_none_or(|only| only == content))
            };
            let names = every(&mut fields.iter().filter(leaves));
            if seen.contains(&names) {
                continue;
            }
            let on: Vec<&str> = switches.iter().copied().filter(|switch| is_on(switch)).collect();
            let on = if on.is_empty() { ESSENTIAL.to_owned() } else { on.join(", ") };
            let of = content.map_or(String::new(), |content| format!(" for {} content", content.name()));
            found.push((format!("where {on} alone may leave{of}"), names.clone()));
            seen.push(names);
        }
    }
    Ok(found)
}

fn part_margins(
    policy: &Policy,
    ping: &str,
    cells: &Cells<'_>,
    gate: &Gate,
    fields: &BTreeSet<String>,
) -> Result<Vec<Margin>, SearchError> {
    let told = Told::of(policy, ping, &|field| fields.contains(&field.name))?;
    if told.attributes() == 0 {
        return Ok(Vec::new());
    }
    Ok(margins(&gate.limits, &measures(cells, &told, &gate.limits)?))
}
