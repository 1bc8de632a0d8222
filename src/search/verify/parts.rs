//! What may leave of a ping besides all of it: where switches are off, or content is of the other kind.

use std::collections::BTreeSet;

use super::Gate;
use crate::classes::{Cells, Told};
use crate::policy::{Field, Policy};
use crate::search::breach::raise;
use crate::search::justify::measures;
use crate::search::settings::settings;
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
        raise(found, part_margins(policy, ping, cells, gate, &fields)?, &who);
    }
    Ok(())
}

/// What else may leave of a ping than all of it, where its fields have several switches or are for content of one kind:
/// in words for whom, and the names of the fields. A box asks only where all its fields leave, so what a box hides from
/// all of the ping may lie open in a part of it.
fn parts(policy: &Policy, ping: &str, gate: &Gate) -> Result<Vec<(String, BTreeSet<String>)>, SearchError> {
    let fields: Vec<&Field> =
        policy.fields_of(ping).filter(|field| field.is_emitted() && field.expires > gate.as_of).collect();
    let every = |fields: &mut dyn Iterator<Item = &&Field>| -> BTreeSet<String> {
        fields.map(|field| field.name.clone()).collect()
    };
    let mut seen = vec![BTreeSet::new(), every(&mut fields.iter())];
    let mut found = Vec::new();
    for setting in settings(&fields, ping)? {
        let names = every(&mut fields.iter().filter(|field| setting.allows(field)));
        if seen.contains(&names) {
            continue;
        }
        found.push((setting.shown(), names.clone()));
        seen.push(names);
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
