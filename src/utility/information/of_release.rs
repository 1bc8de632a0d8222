//! What is retained of what leaves.

use serde::Serialize;

use super::{BINS, Bins, Retained, retained};
use crate::telemetry::plays::{Column, Number, Plays};
use crate::utility::{Finding, NumberColumn, Release, Why};

/// What is told about a play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Whether it stalled.
    Stalled,
    /// Whether its transcode kept up; of transcoded plays.
    KeptUp,
}

/// What tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The bit rate of the file.
    Bitrate,
    /// The duration of the file.
    Duration,
}

/// What a field tells about a target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    /// What is told.
    pub target: Target,
    /// What tells it.
    pub field: Field,
    /// The ping in which both leave; the first of several.
    pub ping: Option<String>,
    /// How much is retained.
    pub retained: Finding<Retained>,
}

impl Target {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Stalled, Self::KeptUp];

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Stalled => "whether a play stalled",
            Self::KeptUp => "whether a transcode kept up",
        }
    }

    /// The column that tells it.
    pub const fn column(self) -> Number {
        match self {
            Self::Stalled => Number::Stalls,
            Self::KeptUp => Number::TranscodeSpeedPermille,
        }
    }

    /// What a number in the column says.
    pub const fn of(self, number: u32) -> bool {
        match self {
            Self::Stalled => number > 0,
            Self::KeptUp => number >= 1_000,
        }
    }
}

impl Field {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Bitrate, Self::Duration];

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Bitrate => "bit rate",
            Self::Duration => "duration",
        }
    }

    /// The column that holds it.
    pub const fn column(self) -> Number {
        match self {
            Self::Bitrate => Number::BitrateBps,
            Self::Duration => Number::DurationMs,
        }
    }
}

/// What each field tells about each target, in the first table in which both leave. Bins are of all plays that leave in it
/// and hold both: the same for every rounding. The target is taken as it was: what is judged is the field's rounding alone.
/// O(plays log plays).
///
/// ```
/// use coarsen::telemetry::plays::{Number, Plays, Row};
/// use coarsen::utility::{Release, information::{Field, of_release}};
/// let play = |(bitrate, stalls)| {
///     let mut row = Row::default();
///     row[Number::BitrateBps] = Some(bitrate);
///     row[Number::Stalls] = Some(stalls);
///     row
/// };
/// let plays: Plays = [(1_000_000, 0), (9_000_000, 2)].map(play).into_iter().collect();
/// let questions = of_release(&plays, &Release::raw(&plays));
/// let stalls_by_bitrate = questions[0].retained.found().unwrap();
/// assert_eq!((stalls_by_bitrate.raw_bits, stalls_by_bitrate.ratio), (1.0, Some(1.0)));
/// assert!(questions[1].field == Field::Duration && questions[1].retained.found().is_none());
/// ```
pub fn of_release(plays: &Plays, release: &Release<'_>) -> Vec<Question> {
    let pairs = Target::ALL.into_iter().flat_map(|target| Field::ALL.map(|field| (target, field)));
    pairs.map(|(target, field)| question(plays, release, target, field)).collect()
}

fn question(plays: &Plays, release: &Release<'_>, target: Target, field: Field) -> Question {
    let [values, targets] = [field.column(), target.column()].map(|column| plays.number(column));
    let told = |play: usize| Some((u64::from(values[play]?), target.of(targets[play]?)));
    let columns = [field.column(), target.column()].map(Column::Number);
    let table = release.holding(&columns);
    let leaves = |play: &usize| table.map_or_else(|| release.leaves(*play), |table| table.leaves(*play));
    let both: Vec<(u64, bool)> = (0..plays.len()).filter(leaves).filter_map(told).collect();
    let bins = Bins::of(both.iter().map(|(value, _)| *value).collect(), BINS);
    let column = table.and_then(|table| table.number(field.column()));
    Question {
        target,
        field,
        ping: table.map(|table| table.name().to_owned()),
        retained: match (both.is_empty(), column) {
            (true, _) => Finding::Unasked { why: Why::NoPlays },
            (false, None) => Finding::Lost { why: Why::Apart },
            (false, Some(column)) => match retained(both, &bins, |value| left(column, value)) {
                Some(retained) => Finding::Found(retained),
                None => Finding::Lost { why: Why::NoPlays },
            },
        },
    }
}

/// What leaves of a value: the start of its bucket, itself where nothing is rounded, `None` where no play leaves with it.
/// O(log buckets).
fn left(column: &NumberColumn<'_>, value: u64) -> Option<u64> {
    let Some(buckets) = column.buckets() else { return Some(value) };
    let after = buckets.partition_point(|bucket| bucket.from <= value);
    let bucket = buckets.get(after.checked_sub(1)?)?;
    bucket.contains(value).then_some(bucket.from)
}
