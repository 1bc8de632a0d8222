//! The number of a file that a channel draws.

use super::{Channel, Randomized};
use crate::catalogue::Catalogue;
use crate::classes::{Generalization, Key};
use crate::units::Dimension;

/// The number of a file that a channel draws; the other one leaves beside it, rounded or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The duration.
    Duration,
    /// The bit rate. A file without one leaves as that, and nothing is drawn of it.
    Bitrate,
}

/// A channel, and the number that it draws: of a channel alone, the duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// The number.
    pub subject: Subject,
    /// The channel.
    pub channel: Channel,
}

impl From<Channel> for Draws {
    fn from(channel: Channel) -> Self {
        Self { subject: Subject::Duration, channel }
    }
}

impl From<Randomized> for Draws {
    fn from(Randomized { subject, channel, .. }: Randomized) -> Self {
        Self { subject, channel }
    }
}

impl Subject {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Duration, Self::Bitrate];

    /// The one that isn't drawn.
    pub const fn other(self) -> Self {
        match self {
            Self::Duration => Self::Bitrate,
            Self::Bitrate => Self::Duration,
        }
    }

    /// What it counts.
    pub const fn dimension(self) -> Dimension {
        match self {
            Self::Duration => Dimension::Duration,
            Self::Bitrate => Dimension::Bitrate,
        }
    }

    /// As a sentence names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Duration => "duration",
            Self::Bitrate => "bit rate",
        }
    }

    /// The widest that a channel may round to, in base units; numbers from here on share the last bucket of
    /// [`Response`](super::Response): 4 h, or 100 Mbps.
    pub const fn top(self) -> u64 {
        match self {
            Self::Duration => 4 * 3_600_000,
            Self::Bitrate => 100_000_000,
        }
    }

    /// What leaves beside it; `nothing` is [`Generalization::drop`].
    pub(in crate::attack) fn beside<'k>(self, key: Key<'k>, nothing: &'k Generalization) -> Key<'k> {
        match self {
            Self::Duration => Key { duration: &nothing.duration, ..key },
            Self::Bitrate => Key { bitrate: &nothing.bitrate, ..key },
        }
    }

    /// What is drawn from, for each file: the lower edge of its bucket, and 0 where the number doesn't leave at all.
    /// `None` where it leaves and isn't known.
    pub(in crate::attack) fn values<'k>(
        self,
        key: &Key<'k>,
        catalogue: &'k Catalogue,
    ) -> impl Fn(usize) -> Option<u64> + use<'k> {
        let rounding = match self {
            Self::Duration => key.duration,
            Self::Bitrate => key.bitrate,
        };
        let leaves = rounding.bucket(0).to.is_some();
        move |file| {
            let value = match self {
                _ if !leaves => Some(0),
                Self::Duration => Some(u64::from(catalogue.duration_ms()[file])),
                Self::Bitrate => {
                    let rate = catalogue.bitrate_bps().and_then(|rates| rates[file]);
                    rate.map(|rate| u64::from(rate.get()))
                }
            };
            value.map(|value| rounding.bucket(value).from)
        }
    }
}
