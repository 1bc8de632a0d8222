//! A catalogue of which the duration or the bit rate leaves through a randomized rounding: what any attacker needs who
//! sees one play.
//!
//! What leaves otherwise parts the files for certain, as it does without a channel; within a part an output is drawn
//! with a known probability given the number as it is rounded first (its bucket's lower edge; the number itself
//! where it is kept). Of a file without a bit rate none is drawn: that it lacks one is what leaves. All sums are exact but for the last bits of floats, and run in a fixed order.
//!
//! # Laws
//! - A partition written as a channel gives the figures of the partition: `stochastic:1ms` after any rounding draws
//!   nothing, and is that rounding.
//! - Drawing after rounding never helps: no figure is riskier than that of the rounding alone, and so none riskier than
//!   that of raw values. None is safer than seeing what leaves beside the number that is drawn.
//! - Both numbers are drawn alike: where durations and bit rates change places, so do the figures.

mod arrival;
mod attacker;
mod copies;
mod fingerprint;
mod homogeneity;
mod lengths;
mod levels;
mod library;
mod noisy;
mod open_world;
mod outputs;
mod partial;
mod periods;
mod placed;
mod sequence;
mod spread;
mod suppression;
mod unicity;

use thiserror::Error;

pub use arrival::{Heard, arrival_times};
pub use attacker::Guesser;
pub use copies::{DrawnLevel, noisy};
pub use fingerprint::{DrawnLibrary, DrawnServers, Scored, fingerprint};
pub use homogeneity::homogeneity;
pub use levels::level;
pub use library::{DRAWS, known_library};
pub use noisy::{ByInterval, Copied, CopiedError, DrawnCopies};
pub use open_world::{Speaker, open_world};
pub use outputs::{Output, Outputs};
pub use partial::Watcher;
pub use periods::{REPEATED, Score, drawn_matches};
pub use sequence::{Bingers, Recognized, TooMany};
pub use suppression::suppression;
pub use unicity::{DrawnUnicity, drawn_unicity, named_by_one};

use self::spread::{Entry, Spread};
use super::channel::{Channel, Draws, Stochastic, Subject};
use super::servers::LibrariesError;
use super::{Prior, Target};
use crate::catalogue::Catalogue;
use crate::classes::{Cells, Classes, Generalization, Inside, Key};

/// A channel that never draws: for what leaves as `other` or lacks the number.
const SILENT: Channel = Channel::Stochastic(Stochastic { width: 1 });

/// A catalogue of which one number leaves through a channel.
///
/// ```
/// use coarsen::attack::Target;
/// use coarsen::attack::channel::Randomized;
/// use coarsen::attack::through::{Through, level};
/// use coarsen::catalogue::{Catalogue, Columns, SideField};
/// use coarsen::classes::{Cells, Generalization};
/// let catalogue = Catalogue::new(Columns {
///     title: vec![0, 1],
///     duration_ms: vec![60_000, 90_000],
///     side: [(SideField::Kind, ["clip"; 2].map(Some).into_iter().collect())].into(),
///     ..Columns::default()
/// })?;
/// let cells = Cells::new(&catalogue);
/// let kept = Generalization { by: vec![], ..Generalization::keep(&catalogue) };
/// let drawn: Randomized = "stochastic:60s".parse().unwrap();
/// let through = Through::new(&cells, kept.key(), drawn.channel).unwrap();
/// // 1 min is the first title for sure, and the second as often as 2 min is.
/// let [uniform, _] = level(&through, Target::Title);
/// assert_eq!(uniform.top1, 0.75);
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Through<'a> {
    catalogue: &'a Catalogue,
    draws: Draws,
    parts: Vec<Part>,
    /// What is drawn from, for each file.
    values: Vec<u64>,
}

/// Files that nothing but the number that is drawn tells apart.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub files: Vec<u32>,
    pub channel: Channel,
}

/// A channel that spreads too many files over too many outputs to sum them up.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "the channel spreads the files over so many outputs that {terms} probabilities would be summed, and {most} are \
     the most: give it a larger width or unit, or a larger epsilon"
)]
pub struct TooFine {
    /// Probabilities to sum up, at least.
    pub terms: u64,
    /// The most.
    pub most: u64,
}

/// Why nothing can be told of servers through a channel.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ServersError {
    /// Too few titles.
    #[error(transparent)]
    Libraries(#[from] LibrariesError),
    /// Too many outputs.
    #[error(transparent)]
    TooFine(#[from] TooFine),
}

/// Probabilities that are summed up for one question, at most: some seconds of work.
pub const MOST_TERMS: u64 = 1 << 31;

impl<'a> Through<'a> {
    /// What leaves by this key, one number drawn through the channel after it is rounded. O(files log files).
    ///
    /// # Errors
    /// [`TooFine`].
    pub fn new(cells: &Cells<'a>, key: Key<'_>, draws: impl Into<Draws>) -> Result<Self, TooFine> {
        let through = Self::unchecked(cells, key, draws);
        through.check().map(|()| through)
    }

    /// The same, for who sums up nothing before it asks [`Through::check`].
    pub(super) fn unchecked(cells: &Cells<'a>, key: Key<'_>, draws: impl Into<Draws>) -> Self {
        let (catalogue, draws) = (cells.catalogue(), draws.into());
        let Draws { subject, channel } = draws;
        let nothing = Generalization::drop();
        let inside = Inside::of(key.other, catalogue);
        let value = subject.values(&key, catalogue);
        let value = |file: usize| value(file).filter(|_| !inside.holds(file));
        let drawn: Vec<Option<u64>> = (0..catalogue.files()).map(value).collect();
        let mut parts = Vec::new();
        for files in Classes::group(cells, subject.beside(key, &nothing)).iter() {
            let (some, none): (Vec<u32>, Vec<u32>) =
                files.iter().partition(|&&file| drawn[file as usize].is_some());
            let parted = [(some, channel), (none, SILENT)].into_iter().filter(|(files, _)| !files.is_empty());
            parts.extend(parted.map(|(files, channel)| Part { files, channel }));
        }
        let values = drawn.into_iter().map(|value| value.unwrap_or(0)).collect();
        Self { catalogue, draws, parts, values }
    }

    /// The same where the channel tells nothing: what leaves beside the number that is drawn. O(files).
    pub(super) fn silenced(&self) -> Self {
        let silent = |part: &Part| Part { files: part.files.clone(), channel: SILENT };
        let parts = self.parts.iter().map(silent).collect();
        Self {
            catalogue: self.catalogue,
            draws: Draws { channel: SILENT, ..self.draws },
            parts,
            values: vec![0; self.values.len()],
        }
    }

    /// Whether its outputs are few enough to sum them up.
    pub(super) fn check(&self) -> Result<(), TooFine> {
        let terms = |part: &Part| self.spread(part, true, |file| file, |_| 1).terms();
        let terms = self.parts.iter().map(terms).fold(0, u64::saturating_add);
        if terms > MOST_TERMS { Err(TooFine { terms, most: MOST_TERMS }) } else { Ok(()) }
    }

    /// How often one guess names the title, whatever that costs.
    pub(super) fn title_named(&self, prior: Prior) -> f64 {
        let told = levels::told(self, Target::Title, prior, false);
        (told.top1 / told.total).min(1.0)
    }

    /// The catalogue.
    pub fn catalogue(&self) -> &'a Catalogue {
        self.catalogue
    }

    /// The channel.
    pub fn channel(&self) -> Channel {
        self.draws.channel
    }

    /// The number that is drawn.
    pub fn subject(&self) -> Subject {
        self.draws.subject
    }

    /// Files that nothing but the number that is drawn tells apart.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The number of each file's part. O(files).
    pub(super) fn part_of(&self) -> Vec<u32> {
        let mut part_of = vec![0; self.catalogue.files()];
        for (number, part) in (0..).zip(&self.parts) {
            part.files.iter().for_each(|&file| part_of[file as usize] = number);
        }
        part_of
    }

    /// What is drawn from, for each file.
    pub(super) fn values(&self) -> &[u64] {
        &self.values
    }

    /// How the files of a part spread over outputs, by name and weight of each; one without weight is none unless it
    /// is `possible` all the same.
    fn spread(
        &self,
        part: &Part,
        possible: bool,
        name: impl Fn(u32) -> u32,
        weight: impl Fn(u32) -> u64,
    ) -> Spread {
        let entry =
            |&file: &u32| Entry { value: self.values[file as usize], name: name(file), weight: weight(file) };
        let counts = |entry: &Entry| possible || entry.weight > 0;
        Spread::of(part.channel, part.files.iter().map(entry).filter(counts))
    }
}
