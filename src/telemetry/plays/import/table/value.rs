//! A cell of a table as what a play's column holds.

use std::borrow::Cow;

use crate::catalogue::ingest::Cell;
use crate::telemetry::plays::import::Fault;
use crate::telemetry::plays::import::numbers::{scaled, scaled_decimal, written};
use crate::telemetry::plays::import::source::dimension;
use crate::telemetry::plays::{Column, Number};
use crate::units::Dimension;

/// What stands in a cell, whatever the format.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Given<'a> {
    Missing,
    Whole(i64),
    Decimal(f64),
    Flag(bool),
    Text(Cow<'a, str>),
    /// A list or an object.
    Nested,
}

impl<'a> From<Cell<'a>> for Given<'a> {
    fn from(cell: Cell<'a>) -> Self {
        match cell {
            Cell::Missing | Cell::Float(None) => Self::Missing,
            Cell::Integer(number) => Self::Whole(number),
            Cell::Float(Some(number)) => Self::Decimal(number),
            Cell::Text(text) => Self::Text(Cow::Borrowed(text)),
        }
    }
}

impl<'a> Given<'a> {
    /// Text without the blanks around it; a whole number counts as its digits.
    pub fn text(self) -> Result<Option<Cow<'a, str>>, Fault> {
        let wanted = "text";
        let text = match self {
            Self::Missing => return Ok(None),
            Self::Whole(number) => Cow::Owned(number.to_string()),
            Self::Text(Cow::Borrowed(text)) => Cow::Borrowed(text.trim()),
            Self::Text(Cow::Owned(text)) => Cow::Owned(text.trim().to_owned()),
            Self::Decimal(_) => return Err(Fault::Kind { found: "a number with decimals", wanted }),
            Self::Flag(_) => return Err(Fault::Kind { found: "true or false", wanted }),
            Self::Nested => return Err(Fault::Kind { found: NESTED, wanted }),
        };
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// A number of that column, in a unit of that many of its base units. What has a unit is rounded to the nearest; an
    /// id or a count must be whole.
    pub fn number(self, column: Number, scale: u64) -> Result<Option<u32>, Fault> {
        let dimension = dimension(Column::Number(column));
        let wanted = match dimension {
            Some(Dimension::Duration) => "a duration",
            Some(Dimension::Bitrate) => "a bit rate",
            _ => "a whole number",
        };
        let number = match self {
            Self::Missing => return Ok(None),
            Self::Whole(number) => scaled(number, scale, wanted)?,
            Self::Decimal(number) if dimension.is_none() && number.fract() != 0.0 => {
                return Err(Fault::Kind { found: "a number with decimals", wanted });
            }
            Self::Decimal(number) => scaled_decimal(number, scale, wanted)?,
            Self::Text(text) => match (dimension, text.trim()) {
                (_, "") => return Ok(None),
                (None, text)
                    if text.parse::<i64>().is_err()
                        && text.parse::<f64>().is_ok_and(|n| n.fract() != 0.0) =>
                {
                    return Err(Fault::Kind { found: "a number with decimals", wanted });
                }
                (_, text) => written(text, scale, wanted)?,
            },
            Self::Flag(_) => return Err(Fault::Kind { found: "true or false", wanted }),
            Self::Nested => return Err(Fault::Kind { found: NESTED, wanted }),
        };
        match column {
            Number::DurationMs | Number::BitrateBps if number == 0 => Err(Fault::Zero),
            _ => Ok(Some(number)),
        }
    }

    /// Yes or no: `true` or `false` in any case.
    pub fn flag(self) -> Result<Option<bool>, Fault> {
        let wanted = "true or false";
        match self {
            Self::Missing => Ok(None),
            Self::Flag(flag) => Ok(Some(flag)),
            Self::Text(text) => match text.trim() {
                "" => Ok(None),
                text if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
                text if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
                _ => Err(Fault::Kind { found: "neither of these", wanted }),
            },
            Self::Whole(_) | Self::Decimal(_) => Err(Fault::Kind { found: "a number", wanted }),
            Self::Nested => Err(Fault::Kind { found: NESTED, wanted }),
        }
    }
}

const NESTED: &str = "a list or an object";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_counts_are_whole() {
        let text = |text: &'static str| Given::Text(Cow::Borrowed(text));
        for given in [Given::Decimal(1.5), text("1.5"), text("0.1e0"), Given::Flag(true), text("many")] {
            assert!(matches!(given.clone().number(Number::Stalls, 1), Err(Fault::Kind { .. })), "{given:?}");
        }
        for given in [Given::Decimal(2.0), text(" 2 "), text("2.0"), Given::Whole(2)] {
            assert_eq!(given.clone().number(Number::Stalls, 1), Ok(Some(2)), "{given:?}");
        }
        assert_eq!(Given::Decimal(1.5).number(Number::PlayedMs, 1_000), Ok(Some(1_500)));
    }

    #[test]
    fn no_file_lasts_0_ms() {
        assert_eq!(Given::Whole(0).number(Number::DurationMs, 1), Err(Fault::Zero));
        assert_eq!(Given::Decimal(0.4).number(Number::BitrateBps, 1), Err(Fault::Zero));
        assert_eq!(Given::Whole(0).number(Number::PlayedMs, 1), Ok(Some(0)));
    }
}
