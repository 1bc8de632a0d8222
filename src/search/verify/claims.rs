//! The rows of a justification beside what they come to.

use serde::Serialize;

use super::check::{Check, Verdict};
use crate::classes::{Cells, Told};
use crate::policy::{Measured, Policy};
use crate::search::SearchError;
use crate::search::justify::{WHOLE, measured};

/// What is claimed, or found, of a field or a ping.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Distinct titles per class, all but the exposed share of the files aside.
    pub k_titles: u64,
    /// Share of the files in classes under the limits.
    pub exposed_share: f64,
    /// Title re-identification under the uniform prior.
    pub title_uniform: f64,
}

/// One row of the justification, or one that it lacks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Claim {
    /// The ping.
    pub ping: String,
    /// The field, or `*`.
    pub field: String,
    /// What the justification says; `None` where it leaves the field out.
    pub claimed: Option<Figures>,
    /// What it comes to here; `None` where no such field tells of a file.
    pub found: Option<Figures>,
    /// What it tells of and the catalogue lacks, so that what it comes to is too good.
    pub lacks: Vec<&'static str>,
}

/// Shares are written in decimals, and other tools may write fewer of them.
const NEAR: f64 = 1e-9;

impl Figures {
    fn of(row: &Measured) -> Self {
        let Measured { k_titles, exposed_share, title_uniform, .. } = *row;
        Self { k_titles, exposed_share, title_uniform }
    }

    fn is_near(&self, other: &Self) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() <= NEAR;
        self.k_titles == other.k_titles
            && near(self.exposed_share, other.exposed_share)
            && near(self.title_uniform, other.title_uniform)
    }

    fn shown(&self) -> String {
        let Self { k_titles, exposed_share, title_uniform } = self;
        format!("k_titles {k_titles}, exposed_share {exposed_share:.6}, title_uniform {title_uniform:.6}")
    }
}

/// Every row that there should be, with what is claimed of it, and every row that there is besides.
pub(super) fn compared(policy: &Policy, cells: &Cells<'_>) -> Result<Vec<Claim>, SearchError> {
    let found = measured(policy, cells, &policy.limits_over_defaults()?)?;
    let rows = policy.justification.as_ref().map_or(&[][..], |justification| &justification.measured);
    let same = |a: &Measured, b: &Measured| a.ping == b.ping && a.field == b.field;
    let mut claims = Vec::new();
    for row in &found {
        let told = Told::of(policy, &row.ping, &|field| [&field.name, WHOLE].contains(&row.field.as_str()))?;
        let lacks = told.missing_in(cells.catalogue());
        let claim = |claimed| Claim {
            ping: row.ping.clone(),
            field: row.field.clone(),
            claimed,
            found: Some(Figures::of(row)),
            lacks: lacks.clone(),
        };
        let mut all = rows.iter().filter(|claimed| same(claimed, row)).map(Figures::of).peekable();
        if all.peek().is_none() {
            claims.push(claim(None));
        }
        claims.extend(all.map(|claimed| claim(Some(claimed))));
    }
    let stray = rows.iter().filter(|row| !found.iter().any(|found| same(found, row)));
    claims.extend(stray.map(|row| Claim {
        ping: row.ping.clone(),
        field: row.field.clone(),
        claimed: Some(Figures::of(row)),
        found: None,
        lacks: Vec::new(),
    }));
    Ok(claims)
}

/// Whether the rows of a ping are there, and reproduce where they must.
pub(super) fn checks(policy: &Policy, ping: &str, claims: &[Claim], is_the_justified: bool) -> Vec<Check> {
    let name = |field: &str| if field == WHOLE { "the whole ping".to_owned() } else { format!("`{field}`") };
    let of_ping = claims.iter().filter(|claim| claim.ping == ping);
    of_ping
        .filter_map(|claim| {
            let (field, found) = (&claim.field, claim.found?);
            let what = name(field);
            Some(match claim.claimed {
                None => {
                    let says = format!(
                        "{what} tells of a file, and the justification has no row for it: it was left out of what \
                         was measured"
                    );
                    Check::of(Some(ping), format!("key {field}"), Verdict::Fails, says)
                }
                Some(claimed) => {
                    let (verdict, says) = match (claimed.is_near(&found), is_the_justified) {
                        (_, false) if !claim.lacks.is_empty() => {
                            let lacks = claim.lacks.join(", ");
                            (Verdict::Noted, format!("can't be compared: the catalogue has no {lacks}"))
                        }
                        (true, _) => (Verdict::Holds, format!("reproduces: {}", found.shown())),
                        (false, true) => (
                            Verdict::Fails,
                            format!(
                                "{} is claimed of {what}, and it comes to {}{}",
                                claimed.shown(),
                                found.shown(),
                                if field == WHOLE { derived(policy, ping) } else { String::new() }
                            ),
                        ),
                        (false, false) => (
                            Verdict::Noted,
                            format!("claimed of another catalogue: {}; here {}", claimed.shown(), found.shown()),
                        ),
                    };
                    Check::of(Some(ping), format!("claim {field}"), verdict, says)
                }
            })
        })
        .collect()
}

/// A hint at the fields that are judged in their worst case.
fn derived(policy: &Policy, ping: &str) -> String {
    let told = Told::of(policy, ping, &|_| true);
    let derived: Vec<String> =
        told.map_or(Vec::new(), |told| told.derived.into_iter().map(|d| d.field).collect());
    if derived.is_empty() {
        return String::new();
    }
    format!(" with the derived fields in their worst case ({})", derived.join(", "))
}

/// Rows of what isn't in the policy, or tells nothing of a file.
pub(super) fn stray(policy: &Policy, claims: &[Claim]) -> Vec<Check> {
    let pings = policy.pings();
    let stray = claims.iter().filter(|claim| claim.found.is_none());
    stray
        .map(|claim| {
            let ping = pings.iter().find(|ping| **ping == claim.ping).copied();
            let says =
                "the justification has a row for it, and nothing of the kind tells of a file; remove the row";
            let name = match ping {
                Some(_) => format!("claim {}", claim.field),
                None => format!("claim {} of ping {}", claim.field, claim.ping),
            };
            Check::of(ping, name, Verdict::Fails, says)
        })
        .collect()
}
