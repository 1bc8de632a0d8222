//! Quantities with their units: [`Millis`], [`BitsPerSecond`], and the [`Dimension`] that tells them apart.
//!
//! Every quantity is a whole number of its base unit (milliseconds, bits per second), so nothing
//! is ever compared as a float. 1 kbps is 1000 bit/s.

use std::fmt;
use std::str::FromStr;

/// What a number counts, and so which units it may be written in.
///
/// | dimension | base unit | units |
/// | --- | --- | --- |
/// | `Duration` | millisecond | `ms` `s` `min` `h` |
/// | `Bitrate` | bit per second | `bps` `kbps` `Mbps` |
/// | `Integer` | one | none |
///
/// ```
/// use coarsen::units::Dimension;
/// assert_eq!(Dimension::Duration.parse("1.5h")?, 5_400_000);
/// assert_eq!(Dimension::Duration.compact(5_400_000), "90min");
/// assert_eq!(Dimension::Bitrate.human(2_500_000), "2500 kbps");
/// # Ok::<(), coarsen::units::UnitError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// A length of time in whole milliseconds.
    Duration,
    /// A rate in whole bits per second.
    Bitrate,
    /// A plain count.
    Integer,
}

/// A number that can't be read in its dimension.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnitError {
    /// No digits, or more than digits and one point.
    #[error("`{text}` is not a number with a unit: write it like {example}")]
    NotANumber {
        /// What was read.
        text: String,
        /// A number that could be read.
        example: &'static str,
    },
    /// A unit that the dimension doesn't have.
    #[error("`{text}` has the unknown unit `{unit}`: the units are {known}")]
    UnknownUnit {
        /// What was read.
        text: String,
        /// The part after the digits.
        unit: String,
        /// The units there are.
        known: &'static str,
    },
    /// Not a whole number of the base unit.
    #[error("`{text}` is not a whole number of {base}: use fewer decimals")]
    NotWhole {
        /// What was read.
        text: String,
        /// The base unit.
        base: &'static str,
    },
    /// Over 2^64 - 1 base units.
    #[error("`{text}` is too large: the largest is 18446744073709551615 {base}")]
    TooLarge {
        /// What was read.
        text: String,
        /// The base unit.
        base: &'static str,
    },
}

impl Dimension {
    /// Units from the largest to the base unit, each with its size in base units.
    pub(crate) const fn units(self) -> &'static [(&'static str, u64)] {
        match self {
            Self::Duration => &[("h", 3_600_000), ("min", 60_000), ("s", 1_000), ("ms", 1)],
            Self::Bitrate => &[("Mbps", 1_000_000), ("kbps", 1_000), ("bps", 1)],
            Self::Integer => &[("", 1)],
        }
    }

    const fn known(self) -> &'static str {
        match self {
            Self::Duration => "ms, s, min, h",
            Self::Bitrate => "bps, kbps, Mbps",
            Self::Integer => "none (a plain number)",
        }
    }

    const fn example(self) -> &'static str {
        match self {
            Self::Duration => "`5min`",
            Self::Bitrate => "`500kbps`",
            Self::Integer => "`20`",
        }
    }

    /// The name of the base unit.
    pub const fn base_unit(self) -> &'static str {
        match self {
            Self::Duration => "ms",
            Self::Bitrate => "bps",
            Self::Integer => "units",
        }
    }

    /// The size of the unit of that name in base units.
    ///
    /// # Errors
    /// [`UnitError::UnknownUnit`] where the dimension has no such unit.
    pub fn unit(self, name: &str) -> Result<u64, UnitError> {
        let found = self.units().iter().find(|(unit, _)| *unit == name);
        found.map(|&(_, size)| size).ok_or_else(|| UnitError::UnknownUnit {
            text: name.to_owned(),
            unit: name.to_owned(),
            known: self.known(),
        })
    }

    /// Reads digits, an optional decimal part and a unit, such that the value is a whole number
    /// of base units. Exact: no float is involved.
    ///
    /// # Errors
    /// A [`UnitError`] that names the text and the mend.
    pub fn parse(self, text: &str) -> Result<u64, UnitError> {
        let text = text.trim();
        let owned = || text.to_owned();
        let not_a_number = || UnitError::NotANumber { text: owned(), example: self.example() };
        let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = (&text[..split], text[split..].trim_start());
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() || decimals.contains('.') || number.ends_with('.') {
            return Err(not_a_number());
        }
        if unit.is_empty() && self != Self::Integer {
            return Err(not_a_number());
        }
        let scale = self.units().iter().find(|(name, _)| *name == unit).map(|&(_, size)| size);
        let scale = scale.ok_or_else(|| UnitError::UnknownUnit {
            text: owned(),
            unit: unit.to_owned(),
            known: self.known(),
        })?;
        let too_large = || UnitError::TooLarge { text: owned(), base: self.base_unit() };
        let not_whole = || UnitError::NotWhole { text: owned(), base: self.base_unit() };
        let whole: u64 = whole.parse().map_err(|_| too_large())?;
        let decimals = decimals.trim_end_matches('0');
        let fraction = if decimals.is_empty() {
            0
        } else {
            let denominator = 10u64.checked_pow(decimals.len() as u32).filter(|_| decimals.len() < 19);
            let denominator = u128::from(denominator.ok_or_else(not_whole)?);
            let numerator = u128::from(decimals.parse::<u64>().map_err(|_| not_whole())?);
            let scaled = numerator * u128::from(scale);
            if scaled % denominator != 0 {
                return Err(not_whole());
            }
            (scaled / denominator) as u64
        };
        whole.checked_mul(scale).and_then(|w| w.checked_add(fraction)).ok_or_else(too_large)
    }

    /// The largest unit of which all the values are whole multiples.
    fn common_unit(self, values: &[u64]) -> (&'static str, u64) {
        let units = self.units();
        let base = units[units.len() - 1];
        if values.iter().all(|&v| v == 0) {
            return base;
        }
        let fits = |size: u64| values.iter().all(|v| v.is_multiple_of(size));
        units.iter().copied().find(|&(_, size)| fits(size)).unwrap_or(base)
    }

    /// As the grammar writes it, without a space: `5min`. [`Dimension::parse`] reads it back.
    pub fn compact(self, value: u64) -> String {
        let (unit, size) = self.common_unit(&[value]);
        format!("{}{unit}", value / size)
    }

    /// As a person reads it, with a space: `5 min`. [`Dimension::parse`] reads it back.
    pub fn human(self, value: u64) -> String {
        let (unit, size) = self.common_unit(&[value]);
        if unit.is_empty() { value.to_string() } else { format!("{} {unit}", value / size) }
    }

    /// A half-open range as a person reads it: `85-90 min`, or `from 4 h` where it is open.
    pub fn human_range(self, from: u64, to: Option<u64>) -> String {
        let Some(to) = to else { return format!("from {}", self.human(from)) };
        let (unit, size) = self.common_unit(&[from, to]);
        let space = if unit.is_empty() { "" } else { " " };
        format!("{}-{}{space}{unit}", from / size, to / size)
    }
}

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $dimension:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&$dimension.human(self.0))
            }
        }

        impl FromStr for $name {
            type Err = UnitError;
            fn from_str(text: &str) -> Result<Self, UnitError> {
                $dimension.parse(text).map(Self)
            }
        }
    };
}

quantity!(
    /// A length of time in whole milliseconds, printed like `5 min`.
    ///
    /// ```
    /// use coarsen::units::Millis;
    /// assert_eq!("90s".parse::<Millis>()?, Millis(90_000));
    /// assert_eq!(Millis(300_000).to_string(), "5 min");
    /// # Ok::<(), coarsen::units::UnitError>(())
    /// ```
    Millis,
    Dimension::Duration
);
quantity!(
    /// A rate in whole bits per second, printed like `500 kbps`; 1 kbps is 1000 bit/s.
    ///
    /// ```
    /// use coarsen::units::BitsPerSecond;
    /// assert_eq!("2.5Mbps".parse::<BitsPerSecond>()?, BitsPerSecond(2_500_000));
    /// assert_eq!(BitsPerSecond(500_000).to_string(), "500 kbps");
    /// # Ok::<(), coarsen::units::UnitError>(())
    /// ```
    BitsPerSecond,
    Dimension::Bitrate
);
