//! A3, partial watch: only the played time is told, not how long the file is.
//!
//! People stop early. A ping that tells how long was played, rounded as the generalization rounds durations, and not the
//! file's own duration, hides the file behind every longer one, unless the play reached the end; then the played time *is*
//! the duration but for the credits. Bit rate and side fields are told as usual.
//!
//! # The model
//! With a chance of `c`, the completion rate, a play of a file of `D` ms ends in its tail, each ms from `D - tail` to `D`
//! equally likely; else anywhere from 0 to `D`. Two attackers know that: one sees the longest of several plays of one
//! file, one sees each of them. Both hold each file for as likely as prior times likelihood. A box that leaves as `other`
//! isn't credited, so what is found is then an upper bound.
//!
//! # Laws
//! - Where every play is completed and there is no tail it is A1.
//! - Under nested coarsening no rate rises.
//! - More plays never hurt who sees each of them. They may hurt who sees the longest alone: of two files of 10 and 19 ms in
//!   one bucket of 10 ms, both plays reach that bucket in the end, and only a play that doesn't tells them apart.

mod closed;
mod line;
mod run;
mod settings;
mod watch;

pub use run::Ran;
pub use settings::{MOST_PLAYS, Settings, SettingsError};

use std::borrow::Cow;

use serde::Serialize;

use self::line::Class;
pub(super) use self::watch::Watch;
use super::heaviest::bound;
use super::levels::level;
use super::{Prior, Target};
use crate::catalogue::Catalogue;
use crate::catalogue::stream::stream;
use crate::classes::{Cells, Classes, Generalization, Key};
use crate::rounding::{Bucket, Partition};

/// What is named.
pub const TARGETS: [Target; 2] = [Target::File, Target::Title];

/// One bucket: the duration of the file doesn't leave.
struct Untold;

impl Partition for Untold {
    fn bucket(&self, _: u64) -> Bucket {
        Bucket::ALL
    }
}

/// An attacker that has studied a catalogue.
pub struct Attacker<'a> {
    catalogue: &'a Catalogue,
    duration: &'a dyn Partition,
    names: [Cow<'a, [u32]>; TARGETS.len()],
    bounds: [usize; TARGETS.len()],
    /// The files that bit rate and side fields don't tell apart.
    classes: Vec<Class>,
    class_of: Vec<u32>,
    tail_ms: u32,
}

impl<'a> Attacker<'a> {
    /// Studies the catalogue; a play that is completed ends within the last `tail_ms`, and the last tenth of the file.
    /// Boxes of the key are not credited. O(files log files).
    pub fn study(cells: &Cells<'a>, key: Key<'a>, tail_ms: u32) -> Self {
        let catalogue = cells.catalogue();
        let rest = without_duration(cells, key);
        let names = TARGETS.map(|target| target.names(catalogue));
        Self {
            catalogue,
            duration: key.duration,
            bounds: names.each_ref().map(|names| bound(names)),
            names,
            classes: rest.iter().map(|files| Class::new(catalogue, files)).collect(),
            class_of: rest.numbers(),
            tail_ms,
        }
    }

    /// Draws files by the prior and so many plays of each, names the file and the title, counts. Plays that look alike
    /// are judged once: O(draws x plays + different sights x files that may have ended there).
    ///
    /// # Errors
    /// [`SettingsError`] for a completion rate outside 0 to 1, for no play and for more than [`MOST_PLAYS`].
    pub fn run(
        &self,
        completion: f64,
        plays: u32,
        prior: Prior,
        draws: u64,
        seed: u64,
    ) -> Result<[Ran; TARGETS.len()], SettingsError> {
        let watch = self.watch(completion, plays)?;
        let mut random = stream(seed, &format!("partial {completion} {prior:?}"), u64::from(plays));
        Ok(self.run_on(watch, plays, prior, draws, &mut random))
    }

    /// How often file and title are named by who sees the longest of so many plays, in closed form. `None` where there
    /// are too many buckets, or files that may have ended in them: 2^24 in sum. O(files + those).
    ///
    /// # Errors
    /// As [`Attacker::run`].
    pub fn closed_form(
        &self,
        completion: f64,
        plays: u32,
        prior: Prior,
    ) -> Result<Option<[f64; TARGETS.len()]>, SettingsError> {
        Ok(self.closed_form_of(self.watch(completion, plays)?, plays, prior))
    }

    fn watch(&self, completion: f64, plays: u32) -> Result<Watch, SettingsError> {
        Settings { completion: vec![completion], plays: vec![plays], tail_ms: self.tail_ms }.check()?;
        Ok(Watch { completion, tail_ms: self.tail_ms })
    }
}

/// The classes of bit rate and side fields.
pub(super) fn without_duration<'a>(cells: &Cells<'a>, key: Key<'_>) -> Classes<'a> {
    Classes::group(cells, Key { duration: &Untold, other: &[], ..key })
}

/// What partial plays give away.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Partial {
    /// What is assumed.
    pub settings: Settings,
    /// Each completion rate with each number of plays, level by level, under both priors.
    pub watched: Vec<Watched>,
}

/// One completion rate and number of plays, one level, one prior.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Watched {
    /// Share of the plays that reach the end.
    pub completion: f64,
    /// Plays of the one file.
    pub plays: u32,
    /// What is named.
    pub target: Target,
    /// How files are drawn.
    pub prior: Prior,
    /// What the attackers achieved.
    #[serde(flatten)]
    pub ran: Ran,
    /// [`Ran::longest`] in closed form; `None` where it has too many buckets.
    pub closed_form: Option<f64>,
    /// The control, in closed form: a guess that sees nothing.
    pub control: f64,
    /// Who sees all but the played time, in closed form.
    pub without: f64,
    /// The baseline: the same attackers who see raw values.
    pub baseline: Ran,
}

/// Runs it on a catalogue as it is told and, for the control and the baseline, as it is.
///
/// # Errors
/// [`SettingsError`] for a completion rate outside 0 to 1, for no play and for more than [`MOST_PLAYS`].
///
/// ```
/// use coarsen::attack::partial::{Settings, partial};
/// use coarsen::catalogue::{Catalogue, Columns, SideField};
/// use coarsen::classes::{Cells, Generalization};
/// use coarsen::rounding::Rounding;
/// use coarsen::units::Dimension;
/// let catalogue = Catalogue::new(Columns {
///     title: vec![0, 1],
///     duration_ms: vec![3_000_000, 6_000_000],
///     side: [(SideField::Kind, ["movie"; 2].map(Some).into_iter().collect())].into(),
///     ..Columns::default()
/// })?;
/// let cells = Cells::new(&catalogue);
/// let duration = Rounding::parse("floor:50min", Dimension::Duration)?;
/// let rounded = Generalization { duration, ..Generalization::drop() };
/// let settings = Settings { completion: vec![0.0, 1.0], plays: vec![1], ..Settings::default() };
/// let found = partial(&cells, rounded.key(), &cells, &settings, 1_000, 1)?;
/// let named = |completion| found.watched.iter().find(|row| row.completion == completion).unwrap().closed_form;
/// // Whoever stops anywhere is seen below 50 min in both, though of the long one only half the time.
/// assert!((named(0.0).unwrap() - 0.75).abs() < 1e-6);
/// // A completed play of the short one ends below 50 min, of the long one above.
/// assert!(named(1.0).unwrap() > 0.99);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn partial(
    told: &Cells<'_>,
    key: Key<'_>,
    raw: &Cells<'_>,
    settings: &Settings,
    draws: u64,
    seed: u64,
) -> Result<Partial, SettingsError> {
    settings.check()?;
    let keep = Generalization::keep(raw.catalogue());
    let rounded = Attacker::study(told, key, settings.tail_ms);
    let unrounded = Attacker::study(raw, keep.key(), settings.tail_ms);
    let nothing = Classes::group(raw, Generalization::drop().key());
    let rest = without_duration(told, key);
    let (nothing, rest) =
        (TARGETS.map(|target| level(&nothing, target)), TARGETS.map(|target| level(&rest, target)));
    let mut watched = Vec::new();
    for &completion in &settings.completion {
        for &plays in &settings.plays {
            for (of_prior, prior) in Prior::ALL.into_iter().enumerate() {
                let ran = rounded.run(completion, plays, prior, draws, seed)?;
                let baseline = unrounded.run(completion, plays, prior, draws, seed)?;
                let closed = rounded.closed_form(completion, plays, prior)?;
                for (at, target) in TARGETS.into_iter().enumerate() {
                    watched.push(Watched {
                        completion,
                        plays,
                        target,
                        prior,
                        ran: ran[at],
                        closed_form: closed.map(|closed| closed[at]),
                        control: nothing[at][of_prior].top1,
                        without: rest[at][of_prior].top1,
                        baseline: baseline[at],
                    });
                }
            }
        }
    }
    Ok(Partial { settings: settings.clone(), watched })
}
