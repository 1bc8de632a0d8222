//! Randomized roundings as channels: what leaves is drawn, with a known probability given the value.
//!
//! | as written | channel |
//! | --- | --- |
//! | `stochastic:60s` | [`Stochastic`]: to a multiple of the width, up or down, unbiased |
//! | `noise:0.1@1s` | [`Geometric`]: two-sided geometric noise, epsilon per unit |
//! | `response:1@5min` | [`Response`]: k-ary randomized response on buckets |
//!
//! The unit tells which number is drawn, see [`Subject`]: `stochastic:500kbps` is one of the bit rate. Memoized unless
//! `+fresh` follows, see [`Memory`]. A policy can't state them: they are here to be attacked.
//!
//! # Laws
//! Probabilities of a value sum to 1 over all outputs, and samples follow them exactly: no float is involved in a draw.

mod epsilon;
mod exact;
mod geometric;
mod logarithms;
mod memory;
mod response;
mod stochastic;
mod subject;

pub use epsilon::Epsilon;
pub use exact::exp_minus;
pub use geometric::Geometric;
pub use logarithms::Logarithms;
pub use memory::{Memo, Memory};
pub use response::Response;
pub use stochastic::Stochastic;
pub use subject::{Draws, Subject};

use std::fmt;

use rand::Rng;
use thiserror::Error;

use crate::units::UnitError;

/// A randomized rounding of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Unbiased stochastic rounding.
    Stochastic(Stochastic),
    /// Two-sided geometric noise.
    Noise(Geometric),
    /// k-ary randomized response.
    Response(Response),
}

/// A channel, the number that it draws, and whether it is memoized.
///
/// ```
/// use coarsen::attack::channel::{Memory, Randomized, Subject};
/// let randomized: Randomized = "stochastic:60s+fresh".parse()?;
/// assert_eq!(randomized.memory, Memory::Fresh);
/// assert_eq!(randomized.to_string(), "stochastic:1min+fresh");
/// assert!((randomized.channel.probability(75_000, 2) - 0.25).abs() < 1e-12);
/// let of_rate: Randomized = "response:1@2Mbps".parse()?;
/// assert_eq!((of_rate.subject, of_rate.to_string().as_str()), (Subject::Bitrate, "response:1@2Mbps"));
/// # Ok::<(), coarsen::attack::channel::ChannelError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Randomized {
    /// The number that is drawn.
    pub subject: Subject,
    /// The channel.
    pub channel: Channel,
    /// Whether it is memoized.
    pub memory: Memory,
}

/// A channel that can't be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ChannelError {
    /// Not in the grammar.
    #[error(
        "`{text}` is no randomized rounding: write `stochastic:60s`, `noise:0.1@1s` or `response:1@5min`, each with or without `+fresh`, or the same \
         with kbps or Mbps"
    )]
    Unknown {
        /// What was read.
        text: String,
    },
    /// An epsilon out of range.
    #[error("`{text}` is no epsilon: write a decimal number from 0.000001 to 100, with at most six decimals")]
    Epsilon {
        /// What was read.
        text: String,
    },
    /// A width of 0, or one past the range of a channel.
    #[error("`{text}` has a width out of range: give one from 1 ms to 4 h, or from 1 bps to 100 Mbps")]
    Width {
        /// What was read.
        text: String,
    },
    /// A width that can't be read.
    #[error("`{text}`: {source}")]
    Unit {
        /// What was read.
        text: String,
        /// Why.
        source: UnitError,
    },
}

/// A width with its unit, which tells what is drawn.
fn with_unit(number: &str) -> Result<(Subject, u64), UnitError> {
    let [duration, bitrate] = Subject::ALL.map(|subject| Ok((subject, subject.dimension().parse(number)?)));
    match (duration, bitrate) {
        (Err(UnitError::UnknownUnit { text, unit, .. }), Err(UnitError::UnknownUnit { .. })) => {
            Err(UnitError::UnknownUnit {
                text,
                unit,
                known: "ms, s, min, h, or of bit rates bps, kbps, Mbps",
            })
        }
        (Err(UnitError::UnknownUnit { .. }), bitrate) => bitrate,
        (duration, _) => duration,
    }
}

impl std::str::FromStr for Randomized {
    type Err = ChannelError;

    fn from_str(text: &str) -> Result<Self, ChannelError> {
        let text = text.trim();
        let unknown = || ChannelError::Unknown { text: text.to_owned() };
        let (written, memory) = match text.split_once('+') {
            None => (text, Memory::Memoized),
            Some((written, "fresh")) => (written, Memory::Fresh),
            Some(_) => return Err(unknown()),
        };
        let width = |number: &str| {
            let unit = |source| ChannelError::Unit { text: text.to_owned(), source };
            let (subject, width) = with_unit(number).map_err(unit)?;
            let legal = (1..=subject.top()).contains(&width);
            legal.then_some((subject, width)).ok_or_else(|| ChannelError::Width { text: text.to_owned() })
        };
        let both = |argument: &str| {
            let (epsilon, number) = argument.split_once('@').ok_or_else(unknown)?;
            Ok::<_, ChannelError>((Epsilon::parse(epsilon)?, width(number)?))
        };
        let (name, argument) = written.split_once(':').ok_or_else(unknown)?;
        let (subject, channel) = match name {
            "stochastic" => {
                let (subject, width) = width(argument)?;
                (subject, Channel::Stochastic(Stochastic { width }))
            }
            "noise" => {
                let (epsilon, (subject, unit)) = both(argument)?;
                (subject, Channel::Noise(Geometric { epsilon, unit }))
            }
            "response" => {
                let (epsilon, (subject, width)) = both(argument)?;
                (subject, Channel::Response(Response { epsilon, width, top: subject.top() }))
            }
            _ => return Err(unknown()),
        };
        Ok(Self { subject, channel, memory })
    }
}

impl fmt::Display for Randomized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |width| self.subject.dimension().compact(width);
        match self.channel {
            Channel::Stochastic(of) => write!(f, "stochastic:{}", width(of.width))?,
            Channel::Noise(of) => write!(f, "noise:{}@{}", of.epsilon, width(of.unit))?,
            Channel::Response(of) => write!(f, "response:{}@{}", of.epsilon, width(of.width))?,
        }
        if self.memory == Memory::Fresh { f.write_str("+fresh") } else { Ok(()) }
    }
}

impl Channel {
    /// P(output | value). Outputs are whole numbers: of widths, of units, or of a bucket.
    pub fn probability(self, value: u64, output: i64) -> f64 {
        match self {
            Self::Stochastic(of) => of.probability(value, output),
            Self::Noise(of) => of.probability(output.saturating_sub(of.place(value))),
            Self::Response(of) => of.probability(value, output),
        }
    }

    /// Its probabilities as natural logarithms, for products of many.
    pub fn logarithms(self) -> Logarithms {
        Logarithms::new(self)
    }

    /// A draw, exactly from [`Channel::probability`].
    pub fn sample(self, value: u64, random: &mut impl Rng) -> i64 {
        match self {
            Self::Stochastic(of) => of.sample(value, random),
            Self::Noise(of) => of.sample(value, random),
            Self::Response(of) => of.sample(value, random),
        }
    }

    /// All that can be learned of a value from outputs, however many: values of one place give every output alike.
    pub fn place(self, value: u64) -> i64 {
        match self {
            Self::Stochastic(_) => i64::try_from(value).unwrap_or(i64::MAX),
            Self::Noise(of) => of.place(value),
            Self::Response(of) => of.place(value),
        }
    }

    /// How far one output lies from the number that it estimates, in base units: a standard deviation. `None` for
    /// randomized response, whose outputs estimate no number.
    pub fn deviation(self, value: u64) -> Option<f64> {
        match self {
            Self::Stochastic(of) => Some(libm::sqrt(of.variance(value))),
            Self::Noise(of) => Some(of.deviation() * of.unit as f64),
            Self::Response(_) => None,
        }
    }

    /// The number that the mean of outputs tends to, in base units: the value, or its whole units.
    pub fn tends_to(self, value: u64) -> Option<f64> {
        match self {
            Self::Stochastic(_) => Some(value as f64),
            Self::Noise(of) => Some((value / of.unit) as f64 * of.unit as f64),
            Self::Response(_) => None,
        }
    }

    /// The largest standard deviation of one output that any value has, in base units.
    pub fn worst_deviation(self) -> Option<f64> {
        match self {
            Self::Stochastic(of) => self.deviation(of.width / 2),
            Self::Noise(_) => self.deviation(0),
            Self::Response(_) => None,
        }
    }

    /// What one output counts, in base units; `None` for randomized response.
    pub fn step(self) -> Option<u64> {
        match self {
            Self::Stochastic(of) => Some(of.width),
            Self::Noise(of) => Some(of.unit),
            Self::Response(_) => None,
        }
    }
}

/// Fresh plays after which the mean of outputs of that standard deviation lies within `half` of what it tends to, at
/// 95 %: ceil((1.959964 deviation / half)^2).
///
/// ```
/// use coarsen::attack::channel::plays_until;
/// // Rounded to 60 s, the worst value lies in the middle; to know it to half a second:
/// assert_eq!(plays_until(30.0, 0.5), 13_830);
/// ```
pub fn plays_until(deviation: f64, half: f64) -> u64 {
    let root = crate::attack::interval::Z95 * deviation / half;
    (root * root).ceil() as u64
}
