//! A2, noisy matching: the attacker's copy isn't the one that was played.
//!
//! It may be the same encode, the same streams in another container, at the speed of another television system, without
//! its credits, or another cut of the title: a mixture of modes ([`Settings`]). The attacker knows the mixture, and holds
//! each file `x` for as likely as `prior(x) x sum over modes of w_m P(g(T_m(x) + e) = y)`. Nothing of that is sampled: the
//! noise `e` is uniform over whole ms, a trim has a tail in closed form, and both have exact masses in every bucket.
//!
//! # The model
//! - What describes the title, kind and genre, no copy changes.
//! - The same encode and another cut are files of the catalogue: all that is told of them is theirs.
//! - A remux keeps its side fields, and its bit rate within one part in a hundred.
//! - A copy of another speed, or a trimmed one, is of another encode: its bit rate and further side fields are together
//!   those of a file drawn at random from the whole catalogue, so they say nothing of the file.
//! - A box of a policy that leaves as `other` isn't credited: the attacker sees the buckets in it. The symbol can only tell
//!   less, so what is found is then an upper bound.
//! - *The file* is the row that the attacker's catalogue holds of what was played, not the copy; so another cut counts as
//!   a hit where the guess is the row that was drawn.
//!
//! # Laws
//! - No attacker beats the exact posterior in expectation: neither the interval form nor whoever ignores the noise.
//! - Of the same encode alone it is A1.
//! - Under nested coarsening the exact attacker's rate never rises. A *fixed* attacker's may: of 3 and 53, where 3 is
//!   measured as 4, whoever ignores the noise finds nothing at width 1, and the right one at width 10.

pub(super) mod closed;
mod copies;
pub(super) mod index;
pub(super) mod run;
mod settings;

pub use run::Ran;
pub use settings::{FRAME_MS, Settings, SettingsError, Speed};

use serde::Serialize;

use self::index::Index;
use super::levels::level;
use super::{Prior, Target};
use crate::catalogue::Catalogue;
use crate::catalogue::stream::stream;
use crate::classes::{Cells, Classes, Generalization, Key};

/// What is named.
const TARGETS: [Target; 3] = [Target::File, Target::Title, Target::Series];
/// Plays of raw values, at most: each has candidates of its own, and nearly all trimmed copies among them.
pub(super) const MOST_RAW_PLAYS: u64 = 500;

/// Those of them that the catalogue tells.
pub(super) fn targets(catalogue: &Catalogue) -> Vec<Target> {
    TARGETS.into_iter().filter(|target| target.is_told(catalogue)).collect()
}

/// An attacker that has studied a catalogue.
pub struct Attacker<'a> {
    index: Index<'a>,
    targets: Vec<Target>,
}

impl<'a> Attacker<'a> {
    /// Studies the catalogue. Boxes of the key are not credited. O(files log files).
    ///
    /// # Errors
    /// [`SettingsError`] for a mixture without a mode, and a fraction or scale of 0.
    pub fn study(cells: &Cells<'a>, key: Key<'a>, settings: &'a Settings) -> Result<Self, SettingsError> {
        settings.check()?;
        Ok(Self { index: Index::new(cells, key, settings), targets: targets(cells.catalogue()) })
    }

    /// File, title, and series where the catalogue tells it.
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// Draws plays by the prior, names each, counts; one result a target. Plays that look alike are judged once, so the
    /// cost is O(different sights x files in reach). The results don't depend on the number of threads.
    pub fn run(&self, prior: Prior, draws: u64, seed: u64) -> Vec<Ran> {
        let mut random = stream(seed, &format!("noisy {prior:?}"), 0);
        run::run(&self.index, &self.targets, prior, draws, &mut random)
    }

    /// How often each target is named by the exact posterior, in closed form: uniform, and by popularity. `None` where
    /// the buckets are too fine to sum over: there are over 2^16, or over 2^26 pairs of a file and a bucket that its
    /// copies reach. O(pairs log pairs).
    pub fn closed_form(&self) -> Option<Vec<[f64; 2]>> {
        closed::closed_form(&self.index, &self.targets)
    }
}

/// What the noisy attacker achieves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Noisy {
    /// How copies differ.
    pub settings: Settings,
    /// Level by level, under both priors.
    pub levels: Vec<Level>,
}

/// One level under one prior.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Level {
    /// What is named.
    pub target: Target,
    /// How targets are drawn.
    pub prior: Prior,
    /// What the attackers achieved.
    #[serde(flatten)]
    pub ran: Ran,
    /// [`Ran::bayes`] in closed form; `None` for buckets too fine to sum over.
    pub closed_form: Option<f64>,
    /// The control, in closed form: a guess that sees nothing.
    pub control: f64,
    /// The baseline: the same attackers who see raw values, on at most 500 plays.
    pub baseline: Ran,
}

/// Runs it on a catalogue as it is told and, for the control and the baseline, as it is.
///
/// # Errors
/// As [`Attacker::study`].
///
/// ```
/// use coarsen::attack::noisy::{Settings, noisy};
/// use coarsen::catalogue::{Catalogue, Columns, SideField};
/// use coarsen::classes::{Cells, Generalization};
/// use coarsen::rounding::Rounding;
/// use coarsen::units::Dimension;
/// let catalogue = Catalogue::new(Columns {
///     title: vec![0, 1],
///     duration_ms: vec![5_400_000, 7_200_000],
///     side: [(SideField::Kind, ["movie"; 2].map(Some).into_iter().collect())].into(),
///     ..Columns::default()
/// })?;
/// let cells = Cells::new(&catalogue);
/// let duration = Rounding::parse("floor:5min", Dimension::Duration)?;
/// let rounded = Generalization { duration, ..Generalization::drop() };
/// let found = noisy(&cells, rounded.key(), &cells, &Settings::default(), 1_000, 1)?;
/// // Half an hour apart, no copy of one looks like one of the other.
/// assert!(found.levels.iter().all(|level| level.ran.bayes.rate == 1.0 && level.control == 0.5));
/// // Whoever takes every copy for the same encode misses many.
/// assert!(found.levels[0].ran.ignoring.rate < 0.95);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn noisy(
    told: &Cells<'_>,
    key: Key<'_>,
    raw: &Cells<'_>,
    settings: &Settings,
    draws: u64,
    seed: u64,
) -> Result<Noisy, SettingsError> {
    let keep = Generalization::keep(raw.catalogue());
    let rounded = Attacker::study(told, key, settings)?;
    let unrounded = Attacker::study(raw, keep.key(), settings)?;
    let closed = rounded.closed_form();
    let ran = Prior::ALL.map(|prior| {
        (rounded.run(prior, draws, seed), unrounded.run(prior, draws.min(MOST_RAW_PLAYS), seed))
    });
    let levels = by_level(rounded.targets(), raw, |at, target, prior, control| {
        let (rounded, unrounded) = &ran[prior as usize];
        let closed_form = closed.as_ref().map(|closed| closed[at][prior as usize]);
        Level { target, prior, ran: rounded[at], closed_form, control, baseline: unrounded[at] }
    });
    Ok(Noisy { settings: settings.clone(), levels })
}

/// What is told of each target, by its place, under each prior, beside a guess that sees nothing.
pub(super) fn by_level<L>(
    targets: &[Target],
    raw: &Cells<'_>,
    of: impl Fn(usize, Target, Prior, f64) -> L,
) -> Vec<L> {
    let nothing = Classes::group(raw, Generalization::drop().key());
    let of_target = |(at, &target): (usize, &Target)| {
        let control = level(&nothing, target);
        Prior::ALL.map(|prior| of(at, target, prior, control[prior as usize].top1))
    };
    targets.iter().enumerate().flat_map(of_target).collect()
}
