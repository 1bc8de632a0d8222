//! Whether a policy holds: what its justification claims, and what its limits allow, ping by ping.

mod arrival;
mod check;
mod claims;
mod linked;
mod parts;
mod ping;
mod release;

use serde::Serialize;

pub use arrival::{ArrivedPing, VerifiedArrival};
pub use check::{Check, Verdict};
pub use claims::{Claim, Figures};
pub use linked::{LinkedPing, VerifiedLink};
pub(super) use ping::is_of_a_file;
pub use ping::{Tells, VerifiedDerived, VerifiedPing};
pub use release::Warning;

use super::SearchError;
use super::justify::canonical_hash;
use crate::catalogue::ingest::Table;
use crate::classes::Cells;
use crate::policy::{Day, Limits, Policy};

/// What a policy is held to.
#[derive(Clone, Debug)]
pub struct Gate {
    /// The limits.
    pub limits: Limits,
    /// The day: a field that has expired by then doesn't leave.
    pub as_of: Day,
    /// Whether a policy without a justification may pass.
    pub unjustified: bool,
}

/// What was found of a policy on one catalogue.
#[derive(Clone, Debug, Serialize)]
pub struct Verified {
    /// Whether no check fails.
    pub holds: bool,
    /// The policy.
    pub policy: VerifiedPolicy,
    /// The catalogue.
    pub catalogue: VerifiedCatalogue,
    /// The day.
    pub as_of: Day,
    /// The limits that it was held to.
    pub limits: Limits,
    /// Everything that was asked, in the order of the pings.
    pub checks: Vec<Check>,
    /// What its release leaves open: true, but no failure.
    pub warnings: Vec<Warning>,
    /// Plays under one identifier, where the policy links any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<VerifiedLink>,
    /// What arrival times give away.
    pub arrival: VerifiedArrival,
    /// Ping by ping.
    pub pings: Vec<VerifiedPing>,
    /// The rows of the justification beside what they come to here.
    pub claims: Vec<Claim>,
}

/// The policy that was verified.
#[derive(Clone, Debug, Serialize)]
pub struct VerifiedPolicy {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Its canonical hash.
    pub hash: String,
    /// The hash that its justification names.
    pub justified: Option<String>,
}

/// The catalogue that it was verified on.
#[derive(Clone, Debug, Serialize)]
pub struct VerifiedCatalogue {
    /// SHA-256 of the file.
    pub sha256: String,
    /// Files.
    pub files: usize,
    /// Titles.
    pub titles: u32,
    /// Whether it is the one that the justification names.
    pub is_the_justified: bool,
}

/// Holds a policy to its justification and to limits, on a catalogue.
///
/// | check | fails where |
/// | --- | --- |
/// | `unchanged` | the policy isn't the one that was justified: its canonical hash differs |
/// | `claim` | a row of the justification doesn't reproduce on the very catalogue it names; elsewhere it is only compared |
/// | `key` | a field that tells of a file leaves, and the justification has no row for it |
/// | `about` | a field reads a column that a catalogue holds, and says that it is about something else |
/// | a limit | the ping breaks it |
/// | `linked plays` | so many plays as the policy's `rotate` puts under one identifier name a series more often than a limit `sequence@N` allows |
/// | `delay` | by the delay that the policy states, or at once where it states none, arrival times name more titles than `title_uniform`, or `title_popularity` where it is set, allows |
/// | `judged` | the catalogue lacks something that the ping tells of: it is marginal for that, and never holds |
///
/// A ping's class key is every field of it that tells of a file and hasn't expired, derived fields in their worst case:
/// [`Told`](crate::classes::Told). Where the fields of a ping have several switches, or are for content of one kind,
/// each part that may leave is judged too, and the worst counts. Claims are recomputed with the policy's own limits,
/// over all fields.
///
/// Linked plays are judged for the worst of 1 play in a row to `rotate`, 12 at most, ping by ping and with all pings of a
/// play joined. The limit is that of the largest N up to `rotate`, else of the smallest; where none is stated the figures
/// are only told.
///
/// The delay is judged by the attacker that sees when the reports of a completed play arrive (A13, see
/// [`attack::arrival`](crate::attack::arrival)), over the files of all kinds, ping by ping without its boxes, which bounds
/// whatever part of it leaves. Only the spread of the delay counts; `batch`, a number of pings, says nothing of time.
/// Where several plays are drawn the estimate is held to the limit, not its interval. Without a delay, reports leave at
/// once.
///
/// O(fields x files log files), times the subsets of a ping's switches, and O(draws x files) for each ping.
///
/// # Errors
/// [`SearchError::Catalogue`] for a field that no catalogue holds; [`SearchError::Switches`] for a ping of more than
/// eight switches; [`SearchError::Policy`] and [`SearchError::Limits`]
/// where the policy can't be written or its limits read.
pub fn verify(policy: &Policy, table: &Table, gate: &Gate) -> Result<Verified, SearchError> {
    let cells = Cells::new(&table.catalogue);
    let hash = canonical_hash(policy)?;
    let justification = policy.justification.as_ref();
    let is_the_justified = justification.is_some_and(|j| j.catalogue == format!("sha256:{}", table.sha256));
    let pings = ping::verified(policy, &cells, gate)?;
    let link = linked::verified(policy, &cells, gate)?;
    let arrival = arrival::verified(policy, &cells, gate)?;
    let claims = claims::compared(policy, &cells)?;

    let tells = pings.iter().any(|ping| !ping.tells_nothing());
    let mut checks = vec![check::justification(policy, &hash, tells, gate.unjustified)];
    for ping in &pings {
        checks.extend(ping::checks(policy, ping, gate));
        if justification.is_some() {
            checks.extend(claims::checks(policy, &ping.ping, &claims, is_the_justified));
        }
    }
    checks.extend(link.iter().flat_map(linked::checks));
    checks.extend(arrival::checks(&arrival));
    checks.extend(claims::stray(policy, &claims));
    Ok(Verified {
        holds: checks.iter().all(|check| check.verdict != Verdict::Fails),
        policy: VerifiedPolicy {
            name: policy.name.clone(),
            version: policy.version,
            hash,
            justified: justification.map(|justification| justification.policy.clone()),
        },
        catalogue: VerifiedCatalogue {
            sha256: table.sha256.clone(),
            files: table.catalogue.files(),
            titles: table.catalogue.titles(),
            is_the_justified,
        },
        as_of: gate.as_of,
        limits: gate.limits.clone(),
        checks,
        warnings: release::warnings(policy),
        link,
        arrival,
        pings,
        claims,
    })
}
