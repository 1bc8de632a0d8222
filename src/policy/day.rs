//! Calendar days, for the expiry of fields.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day of the Gregorian calendar, written `2031-12-31`. Days compare in the order of time.
///
/// The core has no clock: whoever applies a policy says which day it is.
///
/// ```
/// use coarsen::policy::Day;
/// let day: Day = "2031-12-31".parse()?;
/// assert!(day < "2032-01-01".parse()?);
/// assert_eq!(day.to_string(), "2031-12-31");
/// assert!("2031-02-29".parse::<Day>().is_err());
/// # Ok::<(), coarsen::policy::DayError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// Year, month and day, 16, 8 and 8 bits of it.
    number: u32,
}

impl Day {
    /// A number that rises with the day, above 0.
    #[inline]
    pub(super) const fn number(self) -> u32 {
        self.number
    }

    /// A day that is known to be one; others are read from text.
    pub(crate) const fn new(year: u16, month: u8, day: u8) -> Self {
        Self { number: (year as u32) << 16 | (month as u32) << 8 | day as u32 }
    }

    /// The day of that year, 0 to 9999, month, from 1, and day of the month, from 1. O(1), without allocation unless
    /// it fails.
    ///
    /// # Errors
    /// [`DayError`] where the calendar has no such day.
    ///
    /// ```
    /// use coarsen::policy::Day;
    /// assert_eq!(Day::from_ymd(2031, 12, 31), "2031-12-31".parse());
    /// assert!(Day::from_ymd(2031, 2, 29).is_err());
    /// ```
    pub fn from_ymd(year: u16, month: u8, day: u8) -> Result<Self, DayError> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => 0,
        };
        if year > 9999 || !(1..=days).contains(&day) {
            return Err(DayError { text: format!("{year:04}-{month:02}-{day:02}") });
        }
        Ok(Self::new(year, month, day))
    }
}

/// A text that is no day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no day: write it as YYYY-MM-DD, like 2031-12-31")]
pub struct DayError {
    /// The text.
    pub text: String,
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let read = text.parse::<toml::value::Datetime>().ok();
        match read {
            // TOML's other forms (a time, or with one) are not days.
            Some(toml::value::Datetime { date: Some(date), time: None, offset: None }) => {
                Ok(Self::new(date.year, date.month, date.day))
            }
            _ => Err(DayError { text: text.to_owned() }),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [day, month, ..] = self.number.to_le_bytes();
        write!(f, "{:04}-{month:02}-{day:02}", self.number >> 16)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
