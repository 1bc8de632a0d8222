//! A choice frozen into a policy.

use super::SearchError;
use super::breach::thresholds;
use super::justify::{WHOLE, canonical_hash, figures};
use super::recommend::{ShapeChoice, budgets};
use super::sweep::evaluate;
use crate::catalogue::SideField;
use crate::classes::{Cells, Corner, Generalization, Numbers};
use crate::policy::{
    About, Condition, Day, Field, FieldType, Justification, Limits, Link, Other, Policy, Release,
};
use crate::rounding::Rounding;
use crate::units::Dimension;

/// What a policy's justification rests on.
#[derive(Clone, Debug)]
pub struct Justify<'a> {
    /// SHA-256 of the catalogue.
    pub catalogue: &'a str,
    /// SHA-256 of `results.json`, where there is one.
    pub results: Option<&'a str>,
}

/// The day until which a chosen policy may be used unless somebody sets another.
const EXPIRES: Day = Day::new(2031, 12, 31);

/// How long a ping waits and how many leave together: without both, arrival times link the pings of a play.
const DELAY: &str = "1h..6h";
const BATCH: u32 = 100;

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
        let field = |name: &str, column: Option<&str>, kind, rounding: String, sensitivity: &str| Field {
            ping: ping.ping.name.to_owned(),
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
            purpose: ping.ping.purpose.to_owned(),
            sensitivity: sensitivity.to_owned(),
            owner: None,
            expires: EXPIRES,
        };
        let mut alone = |name: &str, generalization: Generalization| {
            let evaluation = evaluate(cells, &generalization, thresholds(limits), &budgets(limits));
            measured.push(figures(ping.ping.name, name, &evaluation.measures));
        };
        let number = |rounding: &Rounding| !rounding.is_drop();
        if number(&chosen.duration) {
            let rounding = chosen.duration.to_string();
            fields.push(field("duration", Some("duration_ms"), FieldType::Duration, rounding, "fingerprint"));
            alone("duration", Generalization { duration: chosen.duration.clone(), ..Generalization::drop() });
        }
        if number(&chosen.bitrate) {
            let rounding = chosen.bitrate.to_string();
            fields.push(field("bitrate", Some("bitrate_bps"), FieldType::Bitrate, rounding, "fingerprint"));
            alone("bitrate", Generalization { bitrate: chosen.bitrate.clone(), ..Generalization::drop() });
        }
        for side in &chosen.by {
            let told = told.iter().find(|(field, _)| field == side).map(|(_, text)| text.as_str());
            let kept = told.unwrap_or("keep").to_owned();
            fields.push(field(side.name(), None, FieldType::Category, kept, "quasi-identifier"));
            alone(side.name(), Generalization { by: vec![*side], ..Generalization::drop() });
        }
        measured.push(figures(ping.ping.name, WHOLE, &whole.measures));
        others.extend(chosen.other.iter().map(|corner| other(ping.ping.name, corner)));
    }
    let mut policy = Policy::new(name, 1, fields, others)?;
    policy.limits = Some(limits.stated());
    policy.release = Some(Release {
        link: Link::None,
        rotate: 0,
        delay: Some(DELAY.to_owned()),
        batch: Some(BATCH),
        shuffle: true,
    });
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
