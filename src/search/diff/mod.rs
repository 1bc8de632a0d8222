//! What a change of policy gives away to somebody who sees the same plays under both.
//!
//! Two releases of one play tell their common refinement (Ganta, Kasiviswanathan and Smith 2008: *Composition attacks
//! and auxiliary information in data privacy*), which may name a file that neither names alone. Either it is proved on
//! the edges that the new policy tells nothing that the old one didn't, or the join is measured on a catalogue.

mod boxes;
mod fields;
mod judged;
mod pairs;
mod release;
mod side;

use serde::Serialize;

pub use fields::{FieldDiff, Relation, SmallestBuckets};
pub use judged::{JoinFigures, JudgedJoin};
pub use pairs::{Matched, Pairs};

use self::pairs::Pair;
use super::SearchError;
use super::justify::canonical_hash;
use crate::catalogue::ingest::Table;
use crate::classes::Cells;
use crate::policy::{Day, Limits, Policy};

/// Two policies, and what is asked of them.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// The policy that plays left under.
    pub old: &'a Policy,
    /// The policy that they leave under now: the same one to judge two pings that somebody links.
    pub new: &'a Policy,
    /// Which pings somebody matches up.
    pub pairs: Pairs,
    /// What the join is held to.
    pub limits: Limits,
    /// The day: a field that has expired by then doesn't leave.
    pub as_of: Day,
}

/// What a change gives away.
#[derive(Clone, Debug, Serialize)]
pub struct Diff {
    /// Whether every pair holds, and without a catalogue the release too.
    pub holds: bool,
    /// Whether it is proved that the new policy adds nothing.
    pub adds_nothing: bool,
    /// The old policy.
    pub old: Version,
    /// The new one.
    pub new: Version,
    /// The day.
    pub as_of: Day,
    /// The limits that a join is held to.
    pub limits: Limits,
    /// The catalogue, where there is one.
    pub catalogue: Option<JoinCatalogue>,
    /// What the new release leaves more open than the old one. No class key shows it, so no catalogue can clear it.
    pub release: Vec<String>,
    /// Pair by pair.
    pub pairs: Vec<PairDiff>,
    /// Pings that leave no more.
    pub removed: Vec<String>,
}

/// One policy of a change.
#[derive(Clone, Debug, Serialize)]
pub struct Version {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Its canonical hash.
    pub hash: String,
}

/// The catalogue that joins were measured on.
#[derive(Clone, Debug, Serialize)]
pub struct JoinCatalogue {
    /// SHA-256 of the file.
    pub sha256: String,
    /// Files.
    pub files: usize,
    /// Titles.
    pub titles: u32,
}

/// A ping of the old policy and one of the new that somebody matches up.
#[derive(Clone, Debug, Serialize)]
pub struct PairDiff {
    /// The old ping; `None` where the new one has no counterpart.
    pub old: Option<String>,
    /// The new ping.
    pub new: String,
    /// Why they are matched up.
    pub matched: Matched,
    /// Whether the new ping adds nothing, or the join meets the limits.
    pub holds: bool,
    /// Whether it is proved that the new ping adds nothing to the old one.
    pub adds_nothing: bool,
    /// The fields of the new ping that leave.
    pub fields: Vec<FieldDiff>,
    /// Boxes of the old ping that the new one opens, in words.
    pub opened: Vec<String>,
    /// What the join comes to on the catalogue, where there is one.
    pub judged: Option<JudgedJoin>,
}

/// Judges a change, pair by pair of pings that somebody could match up.
///
/// # What is proved
/// A new ping *adds nothing* to an old one if plays that leave alike in the old one, under the same switches on that
/// day, leave alike in the new one:
/// - each of its fields reads a column that a field of the old ping tells, nested in it: every edge of the new rounding
///   is an edge of the old one, over the whole line; groups of names are unions of the old ones; the old field left
///   wherever the new one does (the same switch or none, the same content);
/// - each box of the old ping lies in a box of the new one, which asks no field that may stay away: what left as `other`
///   still does.
///
/// The proof is sound and leaves some true cases open: a new field that several old ones tell only together, and a box
/// that only several new ones cover.
///
/// # What is measured
/// The classes of the join are the files that neither ping tells apart, each as it is told: derived fields in their worst
/// case, side fields in groups, `other` one more thing that a ping may show. The old ping counts with all that ever left
/// in it, expired fields too. Where fields have several switches, each part that may leave is judged, and the worst
/// counts. A join whose fields the catalogue lacks never holds. O(pairs x parts x files log files).
///
/// # Errors
/// [`SearchError::Ping`] for a ping that isn't there, [`SearchError::Catalogue`] for a field that no catalogue holds,
/// [`SearchError::Switches`] for a pair of more than eight switches, [`SearchError::Policy`] where a policy can't be
/// written.
///
/// ```
/// use coarsen::policy::{Limits, Policy};
/// use coarsen::search::{Change, Pairs, diff};
/// let policy = |rounding: &str| Policy::from_toml(&format!(r#"
///     schema = "coarsen.policy/1"
///     name = "playback"
///     version = 1
///     [[field]]
///     name = "duration"
///     type = "duration"
///     rounding = "{rounding}"
///     consent = "playback"
///     purpose = "Stall rates by length."
///     sensitivity = "fingerprint"
///     expires = "2031-12-31"
/// "#)).unwrap();
/// let as_of = "2026-11-24".parse()?;
/// let adds_nothing = |old: &str, new: &str| {
///     let (old, new) = (&policy(old), &policy(new));
///     let change = Change { old, new, pairs: Pairs::Named, limits: Limits::default(), as_of };
///     diff(&change, None).unwrap().adds_nothing
/// };
/// assert!(adds_nothing("floor:5min", "floor:15min+top:4h"));
/// // Together they tell buckets of 1 min.
/// assert!(!adds_nothing("floor:5min", "floor:6min"));
/// # Ok::<(), coarsen::policy::DayError>(())
/// ```
pub fn diff(change: &Change<'_>, table: Option<&Table>) -> Result<Diff, SearchError> {
    let cells = table.map(|table| Cells::new(&table.catalogue));
    let release = release::loosened(change.old, change.new)?;
    let pairs = change.pairs.of(change)?;
    let pairs = pairs.iter().map(|pair| one(pair, cells.as_ref(), &change.limits));
    let pairs: Vec<PairDiff> = pairs.collect::<Result<_, SearchError>>()?;
    let adds_nothing = release.is_empty() && pairs.iter().all(|pair| pair.adds_nothing);
    let all_hold = pairs.iter().all(|pair| pair.holds);
    let asked = matches!(change.pairs, Pairs::These(..));
    let stays = |ping: &&str| asked || change.new.pings().contains(ping);
    Ok(Diff {
        holds: all_hold && (table.is_some() || release.is_empty()),
        adds_nothing,
        old: version(change.old)?,
        new: version(change.new)?,
        as_of: change.as_of,
        limits: change.limits.clone(),
        catalogue: table.map(|table| JoinCatalogue {
            sha256: table.sha256.clone(),
            files: table.catalogue.files(),
            titles: table.catalogue.titles(),
        }),
        release,
        pairs,
        removed: change.old.pings().into_iter().filter(|ping| !stays(ping)).map(str::to_owned).collect(),
    })
}

fn version(policy: &Policy) -> Result<Version, SearchError> {
    let (name, version, hash) = (policy.name.clone(), policy.version, canonical_hash(policy)?);
    Ok(Version { name, version, hash })
}

fn one(pair: &Pair<'_>, cells: Option<&Cells<'_>>, limits: &Limits) -> Result<PairDiff, SearchError> {
    let fields = fields::told(pair)?;
    let opened = boxes::opened(pair)?;
    let adds_nothing = opened.is_empty() && fields.iter().all(|field| field.relation.adds_nothing());
    let judged = cells.map(|cells| judged::judged(pair, cells, limits)).transpose()?;
    Ok(PairDiff {
        old: pair.old.as_ref().map(|old| old.ping.to_owned()),
        new: pair.new.ping.to_owned(),
        matched: pair.matched,
        holds: adds_nothing || judged.as_ref().is_some_and(JudgedJoin::holds),
        adds_nothing,
        fields,
        opened,
        judged,
    })
}
