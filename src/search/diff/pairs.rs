//! Which pings somebody matches up.

use serde::Serialize;

use super::Change;
use super::side::Side;
use crate::policy::{Link, Policy};
use crate::search::SearchError;

/// Which pings of the old policy are matched up with which of the new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pairs {
    /// Those of the same name; each with each where both policies link pings by server, for then one identifier
    /// stands on all of them.
    Named,
    /// Each with each, whatever links them.
    All,
    /// These two, the old one first.
    These(String, String),
}

/// Why two pings are matched up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Matched {
    /// They bear one name.
    Name,
    /// Both policies link their pings by server.
    Server,
    /// It was asked for.
    Asked,
    /// The new ping has no counterpart, and is judged alone.
    Alone,
}

/// Two pings that are matched up.
pub(super) struct Pair<'a> {
    pub old: Option<Side<'a>>,
    pub new: Side<'a>,
    pub matched: Matched,
}

impl Pairs {
    /// The pairs of a change, in the order of the new policy's pings.
    pub(super) fn of<'a>(&'a self, change: &Change<'a>) -> Result<Vec<Pair<'a>>, SearchError> {
        let Change { old, new, as_of, .. } = *change;
        let pair = |from: Option<&'a str>, ping: &'a str, matched| Pair {
            old: from.map(|ping| Side { policy: old, ping, as_of, ever: true }),
            new: Side { policy: new, ping, as_of, ever: false },
            matched,
        };
        if let Self::These(from, to) = self {
            return Ok(vec![pair(Some(known(old, from)?), known(new, to)?, Matched::Asked)]);
        }
        let others = match self {
            Self::All => Some(Matched::Asked),
            _ if by_server(old) && by_server(new) => Some(Matched::Server),
            _ => None,
        };
        let mut pairs = Vec::new();
        for ping in new.pings() {
            match old.pings().into_iter().find(|old| *old == ping) {
                Some(same) => pairs.push(pair(Some(same), ping, Matched::Name)),
                None => pairs.push(pair(None, ping, Matched::Alone)),
            }
            if let Some(matched) = others {
                let others = old.pings().into_iter().filter(|old| *old != ping);
                pairs.extend(others.map(|other| pair(Some(other), ping, matched)));
            }
        }
        Ok(pairs)
    }
}

fn by_server(policy: &Policy) -> bool {
    policy.release.as_ref().is_some_and(|release| release.link == Link::Server)
}

fn known<'a>(policy: &Policy, ping: &'a str) -> Result<&'a str, SearchError> {
    let pings = policy.pings();
    if pings.contains(&ping) {
        return Ok(ping);
    }
    Err(SearchError::Ping {
        policy: policy.name.clone(),
        version: policy.version,
        ping: ping.to_owned(),
        known: pings.join(", "),
    })
}
