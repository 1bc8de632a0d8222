//! The families of faults that are looked for.

use std::fmt;

use serde::Serialize;

use super::sums::{Sums, proportion, welch};
use crate::telemetry::plays::{Number, Text};

/// What goes wrong, and in which plays.
///
/// Where a fault strikes is drawn by plays, never along anybody's edges: see [`super`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Plays of one platform and one video codec in a band of bit rates stall more often.
    Stalls,
    /// Transcodes of one video codec on one kind of hardware are slower.
    Speed,
    /// Plays of titles that last longer than so many hours stall more often.
    LongTitles,
}

/// What is compared after against before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Response {
    /// The share of plays that stall.
    Share,
    /// The mean of the logarithm of the speed.
    Mean,
}

impl Response {
    /// The square of z of an arm before and one after.
    pub(super) fn square(self, before: Sums, after: Sums) -> f64 {
        match self {
            Self::Share => proportion(before, after),
            Self::Mean => welch(before, after),
        }
    }
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 3] = [Self::Stalls, Self::Speed, Self::LongTitles];

    /// `stalls`, `speed`, `long-titles`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stalls => "stalls",
            Self::Speed => "speed",
            Self::LongTitles => "long-titles",
        }
    }

    /// The categories that tell where it strikes.
    pub const fn categories(self) -> &'static [Text] {
        match self {
            Self::Stalls => &[Text::Platform, Text::VideoCodec],
            Self::Speed => &[Text::Hardware, Text::VideoCodec],
            Self::LongTitles => &[],
        }
    }

    /// The number that tells where it strikes.
    pub const fn number(self) -> Option<Number> {
        match self {
            Self::Stalls => Some(Number::BitrateBps),
            Self::Speed => None,
            Self::LongTitles => Some(Number::DurationMs),
        }
    }

    /// The cell of a value in the grid, fixed beforehand, of a number too fine to be scanned value by value: quarters of an octave
    /// of the bit rate, 5 min of the length. About as fine as a fault is wide, so that a finer one would find no more.
    pub(super) fn grid(self, value: u64) -> u64 {
        const LENGTH_MS: u64 = 300_000;
        match self {
            Self::LongTitles => value / LENGTH_MS,
            Self::Stalls | Self::Speed => {
                let value = value.max(1);
                let octave = value.ilog2();
                // In fourths of the octave's first value: at 1, 1.25, 1.5, 1.75 of it.
                let fourths = if octave < 2 { value << (2 - octave) } else { value >> (octave - 2) };
                4 * u64::from(octave) + fourths - 4
            }
        }
    }

    /// The columns that show it, any of which does; the first that leaves is taken.
    pub const fn shown_by(self) -> &'static [Number] {
        match self {
            Self::Stalls | Self::LongTitles => &[Number::Stalls, Number::StalledMs],
            Self::Speed => &[Number::TranscodeSpeedPermille],
        }
    }

    pub(super) const fn response(self) -> Response {
        match self {
            Self::Stalls | Self::LongTitles => Response::Share,
            Self::Speed => Response::Mean,
        }
    }

    /// The sizes over which power is told, the first without effect. Of stalls the factor of the share of plays that
    /// stall, of speed the share of the speed that is lost.
    pub const fn sizes(self) -> &'static [f64] {
        match self {
            Self::Stalls | Self::LongTitles => &[1.0, 1.25, 1.5, 2.0, 3.0, 5.0],
            Self::Speed => &[0.0, 0.05, 0.1, 0.2, 0.3, 0.4],
        }
    }

    /// The size for which the plays needed are told: twice the stalls, a fifth of the speed.
    pub const fn standard(self) -> f64 {
        match self {
            Self::Stalls | Self::LongTitles => 2.0,
            Self::Speed => 0.2,
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_rise_with_the_values() {
        let steps = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 999_999, 1 << 20, 5 << 18, 3 << 19, 7 << 18, u64::MAX];
        for family in Family::ALL {
            assert!(steps.map(|value| family.grid(value)).is_sorted(), "{family}");
        }
        let quarters = [1u64 << 20, 5 << 18, (3 << 19) - 1, 3 << 19, 7 << 18, (1 << 21) - 1, 1 << 21];
        assert_eq!(quarters.map(|rate| Family::Stalls.grid(rate)), [80, 81, 81, 82, 83, 83, 84]);
    }
}
