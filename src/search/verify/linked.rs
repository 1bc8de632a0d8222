//! How many plays a policy puts under one identifier, and how often so many name the series.

use serde::Serialize;

use super::Gate;
use super::check::{Check, Verdict};
use super::ping;
use crate::attack::sequence::Runs;
use crate::classes::{Cells, Classes, Told};
use crate::policy::{AttackLimit, Field, Limits, Link, MOST_PLAYS, Policy};
use crate::search::justify::numbers;
use crate::search::{Margin, SearchError, margins, measured};

/// What plays under one identifier come to, where a policy links any.
#[derive(Clone, Debug, Serialize)]
pub struct VerifiedLink {
    /// Plays that share an identifier; `None` where it never changes.
    pub rotate: Option<u32>,
    /// The most plays in a row that were judged.
    pub plays: u32,
    /// Why there is nothing to judge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<String>,
    /// Each ping alone, then all pings of a play together.
    pub linked: Vec<LinkedPing>,
}

/// One ping, or all of them, of linked plays.
#[derive(Clone, Debug, Serialize)]
pub struct LinkedPing {
    /// The ping; `None` for all pings of a play joined. Then no box counts, as a part of the pings may leave without it.
    pub ping: Option<String>,
    /// The limit that says how much is allowed: that of the most plays up to so many, else of the fewest.
    pub limit: Option<String>,
    /// The worst value over 1 play to so many.
    pub worst: Margin,
}

/// What plays under one identifier come to; `None` where the policy links no two plays.
pub(super) fn verified(
    policy: &Policy,
    cells: &Cells<'_>,
    gate: &Gate,
) -> Result<Option<VerifiedLink>, SearchError> {
    let release = policy.release.clone().unwrap_or_default();
    if release.link == Link::None || release.rotate == 1 {
        return Ok(None);
    }
    let rotate = (release.rotate > 0).then_some(release.rotate);
    let plays = rotate.unwrap_or(MOST_PLAYS).min(MOST_PLAYS);
    let mut found = VerifiedLink { rotate, plays, not_applicable: None, linked: Vec::new() };
    if Runs::of(cells.catalogue()).longest() < 2 {
        let reason = "no series or album of the catalogue has two titles, so there are no plays to link";
        found.not_applicable = Some(reason.to_owned());
        return Ok(Some(found));
    }
    for (limit, limits) in asked(&gate.limits, plays) {
        let gate = Gate { limits, ..gate.clone() };
        let mut worst_of = |ping: Option<&str>, margins: Vec<Margin>| {
            let applicable = margins.into_iter().filter(|margin| margin.not_applicable.is_none());
            let plays = |margin: &Margin| margin.limit.rsplit_once('@')?.1.parse::<u32>().ok();
            // Of equals the one of the fewest plays.
            let worst =
                applicable.min_by(|a, b| b.value.total_cmp(&a.value).then_with(|| plays(a).cmp(&plays(b))));
            found.linked.extend(worst.map(|worst| LinkedPing {
                ping: ping.map(str::to_owned),
                limit: limit.clone(),
                worst,
            }));
        };
        for ping in policy.pings() {
            worst_of(Some(ping), ping::one(policy, ping, cells, &gate)?.margins);
        }
        worst_of(None, joined(policy, cells, &gate)?);
    }
    Ok(Some(found))
}

/// For each kind of prior that the limits name, every stretch being equally likely where they name none: the limit that
/// says how much is allowed, and limits that ask it of every number of plays up to so many.
fn asked(limits: &Limits, plays: u32) -> Vec<(Option<String>, Limits)> {
    let of = |family: &dyn Fn(AttackLimit) -> Option<u32>, build: &dyn Fn(u32) -> AttackLimit| {
        let stated: Vec<(u32, f64)> =
            limits.attacks().filter_map(|(attack, allowed)| Some((family(attack)?, allowed))).collect();
        let below = stated.iter().filter(|(at, _)| *at <= plays).max_by_key(|(at, _)| *at);
        let (at, allowed) = *below.or_else(|| stated.iter().min_by_key(|(at, _)| *at))?;
        Some((Some(build(at).to_string()), every(build, plays, allowed)))
    };
    let uniform = |attack| match attack {
        AttackLimit::Sequence { plays } => Some(plays),
        _ => None,
    };
    let by_plays = |attack| match attack {
        AttackLimit::SequencePlays { plays } => Some(plays),
        _ => None,
    };
    let sequence = |plays| AttackLimit::Sequence { plays };
    let found: Vec<_> = of(&uniform, &sequence)
        .into_iter()
        .chain(of(&by_plays, &|plays| AttackLimit::SequencePlays { plays }))
        .collect();
    // What isn't limited is shown all the same.
    if found.is_empty() { vec![(None, every(&sequence, plays, 1.0))] } else { found }
}

fn every(build: &dyn Fn(u32) -> AttackLimit, plays: u32, allowed: f64) -> Limits {
    (1..=plays).map(|plays| (build(plays), allowed)).collect()
}

/// The margins of all pings of a play joined, without their boxes: an upper bound on whatever part of them leaves. None
/// where fewer than two pings tell of a file.
fn joined(policy: &Policy, cells: &Cells<'_>, gate: &Gate) -> Result<Vec<Margin>, SearchError> {
    let leaves = |field: &Field| field.expires > gate.as_of;
    let mut groupings = Vec::new();
    for ping in policy.pings() {
        let mut told = Told::of(policy, ping, &leaves)?;
        told.other.clear();
        if told.attributes() > told.missing_in(cells.catalogue()).len() {
            groupings.push(numbers(cells, &told)?);
        }
    }
    if groupings.len() < 2 {
        return Ok(Vec::new());
    }
    let classes = Classes::joined(cells.catalogue(), groupings);
    Ok(margins(&gate.limits, &measured(&classes, &gate.limits)))
}

/// What was asked of them.
pub(super) fn checks(link: &VerifiedLink) -> Vec<Check> {
    const NAME: &str = "linked plays";
    let under = match link.rotate {
        None => format!("one identifier for all plays, judged up to {}", link.plays),
        Some(rotate) if rotate > link.plays => {
            format!("one identifier for {rotate} plays, judged up to {}", link.plays)
        }
        Some(rotate) => format!("one identifier for {rotate} plays"),
    };
    if let Some(reason) = &link.not_applicable {
        return vec![Check::of(None, NAME, Verdict::Noted, format!("not applicable: {reason}"))];
    }
    let check = |linked: &LinkedPing| {
        let of = if linked.ping.is_some() { "" } else { ", all pings of a play joined" };
        let (verdict, says) = match &linked.limit {
            None => {
                let Margin { value, what, .. } = &linked.worst;
                let mend = "no limit sequence@N says how much may be";
                (Verdict::Noted, format!("{under}{of}: {value:.6}, {what}; {mend}"))
            }
            Some(limit) => {
                let verdict = if linked.worst.holds() { Verdict::Holds } else { Verdict::Fails };
                (verdict, format!("{under}{of}: {}; allowed by {limit}", ping::shown(&linked.worst)))
            }
        };
        Check::of(linked.ping.as_deref(), NAME, verdict, says)
    };
    link.linked.iter().map(check).collect()
}
