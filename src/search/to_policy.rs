//! A choice frozen into a policy.

use super::SearchError;
use super::breach::thresholds;
use super::fields::fields as fields_of;
use super::justify::{WHOLE, canonical_hash, figures};
use super::recommend::{ShapeChoice, budgets};
use super::sweep::evaluate;
use crate::catalogue::SideField;
use crate::classes::{Cells, Corner, Generalization, Numbers};
use crate::policy::{Condition, Justification, Limits, Link, Other, Policy, Release};
use crate::units::Dimension;

/// What a policy's justification rests on.
#[derive(Clone, Debug)]
pub struct Justify<'a> {
    /// SHA-256 of the catalogue.
    pub catalogue: &'a str,
    /// SHA-256 of `results.json`, where there is one.
    pub results: Option<&'a str>,
}

/// How long a ping waits and how many leave together: without both, arrival times link the pings of a play.
const DELAY: &str = "1h..6h";
const BATCH: u32 = 100;

/// How the pings of a choice leave: linked by nothing, late, and shuffled with others.
pub fn standard_release() -> Release {
    Release { link: Link::None, rotate: 0, delay: Some(DELAY.to_owned()), batch: Some(BATCH), shuffle: true }
}

/// The policy of a choice: its fields, the limits it was held to, and what was measured of every field alone and
/// of every ping as a whole.
///
/// # Errors
/// [`SearchError::Policy`] where the policy can't be written.
pub fn to_policy(
    name: &str,
    cells: &Cells<'_>,
    choice: &ShapeChoice,
    limits: &Limits,
    justify: &Justify<'_>,
) -> Result<Policy, SearchError> {
    to_policy_telling(name, cells, choice, limits, justify, &[])
}

/// The same where side fields are told in groups: how each leaves, as a policy writes it. The catalogue of the cells is
/// then the one that is told, see [`Catalogue::with_levels`](crate::catalogue::Catalogue::with_levels).
///
/// # Errors
/// As [`to_policy`].
pub fn to_policy_telling(
    name: &str,
    cells: &Cells<'_>,
    choice: &ShapeChoice,
    limits: &Limits,
    justify: &Justify<'_>,
    told: &[(SideField, String)],
) -> Result<Policy, SearchError> {
    let (mut fields, mut measured, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for ping in &choice.pings {
        let whole = ping.found.evaluation();
        let chosen = &whole.generalization;
        let mut alone = |name: &str, generalization: Generalization| {
            let evaluation = evaluate(cells, &generalization, thresholds(limits), &budgets(limits));
            measured.push(figures(ping.ping.name, name, &evaluation.measures));
        };
        let own = fields_of(&ping.ping, chosen, told)?;
        for field in &own {
            // A derived field tells what it is derived from, in the same buckets.
            let of = field.derived_from.first().unwrap_or(&field.name);
            let nothing = Generalization::drop();
            match (of.as_str(), of.parse::<SideField>()) {
                ("duration", _) => {
                    alone(&field.name, Generalization { duration: chosen.duration.clone(), ..nothing });
                }
                ("bitrate", _) => {
                    alone(&field.name, Generalization { bitrate: chosen.bitrate.clone(), ..nothing });
                }
                (_, Ok(side)) => alone(&field.name, Generalization { by: vec![side], ..nothing }),
                (_, Err(_)) => {}
            }
        }
        fields.extend(own);
        measured.push(figures(ping.ping.name, WHOLE, &whole.measures));
        others.extend(chosen.other.iter().map(|corner| other(ping.ping.name, corner)));
    }
    let mut policy = Policy::new(name, 1, fields, others)?;
    policy.limits = Some(limits.stated());
    policy.release = Some(standard_release());
    let sha = |hash: &str| format!("sha256:{hash}");
    policy.justification = Some(Justification {
        policy: canonical_hash(&policy)?,
        results: justify.results.map(sha),
        catalogue: sha(justify.catalogue),
        measured,
    });
    Ok(policy)
}

/// A box as a policy writes it.
fn other(ping: &str, corner: &Corner) -> Other {
    let mut when = std::collections::BTreeMap::new();
    for (name, numbers, dimension) in
        [("duration", corner.duration, Dimension::Duration), ("bitrate", corner.bitrate, Dimension::Bitrate)]
    {
        let condition = match numbers {
            Numbers::Any => continue,
            Numbers::In(range) => Condition::Range(range),
            Numbers::Missing => Condition::Missing,
        };
        when.insert(name.to_owned(), condition.written(dimension));
    }
    for (field, values) in &corner.side {
        when.insert(field.name().to_owned(), Condition::AnyOf(values.clone()).written(Dimension::Integer));
    }
    Other { ping: Some(ping.to_owned()), when }
}
