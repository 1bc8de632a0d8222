//! Numbers of a history as numbers of a play.

use std::collections::HashMap;

use super::Fault;

/// A whole number in a unit of that many base units.
pub(super) fn scaled(value: i64, scale: u64, wanted: &'static str) -> Result<u32, Fault> {
    if value < 0 {
        return Err(Fault::Negative { wanted });
    }
    u32::try_from(i128::from(value) * i128::from(scale)).map_err(|_| Fault::TooLarge)
}

/// A number with decimals in such a unit, rounded to the nearest base unit.
pub(super) fn scaled_decimal(value: f64, scale: u64, wanted: &'static str) -> Result<u32, Fault> {
    if value.is_nan() {
        return Err(Fault::Kind { found: "no number", wanted });
    }
    let scaled = (value * scale as f64).round();
    match scaled {
        _ if scaled < 0.0 => Err(Fault::Negative { wanted }),
        _ if scaled > f64::from(u32::MAX) => Err(Fault::TooLarge),
        _ => Ok(scaled as u32),
    }
}

/// A number as written. Whole ones of any size are told from text.
pub(super) fn written(text: &str, scale: u64, wanted: &'static str) -> Result<u32, Fault> {
    if let Ok(whole) = text.parse::<i64>() {
        return scaled(whole, scale, wanted);
    }
    match text.parse::<f64>() {
        Ok(decimal) => scaled_decimal(decimal, scale, wanted),
        Err(_) => Err(Fault::Kind { found: "text that is no plain number", wanted }),
    }
}

/// Ids of a history as numbers from 0 on, by first appearance, so that the ids themselves are kept nowhere.
#[derive(Default)]
pub(super) struct Ids(HashMap<String, u32>);

impl Ids {
    /// The number of an id; `None` for none.
    pub fn number(&mut self, id: &str) -> Result<Option<u32>, Fault> {
        if id.is_empty() {
            return Ok(None);
        }
        if let Some(&number) = self.0.get(id) {
            return Ok(Some(number));
        }
        let number = u32::try_from(self.0.len()).map_err(|_| Fault::TooLarge)?;
        self.0.insert(id.to_owned(), number);
        Ok(Some(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_their_units() {
        for (text, scale, number) in [
            ("0", 1, 0),
            ("5423", 1_000, 5_423_000),
            ("5423.4171", 1_000, 5_423_417),
            ("1e3", 1, 1_000),
            ("-0.2", 1, 0),
            ("4294967295", 1, u32::MAX),
            ("4294967.2954", 1_000, u32::MAX),
        ] {
            assert_eq!(written(text, scale, ""), Ok(number), "{text}");
        }
        let wanted = "ms";
        let kind = |found| Fault::Kind { found, wanted };
        for (text, scale, fault) in [
            ("-1", 1, Fault::Negative { wanted }),
            ("-0.0006", 1_000, Fault::Negative { wanted }),
            ("4294967296", 1, Fault::TooLarge),
            ("4294968", 1_000, Fault::TooLarge),
            ("99999999999999999999", 1, Fault::TooLarge),
            ("inf", 1, Fault::TooLarge),
            ("NaN", 1, kind("no number")),
            ("1:30", 1, kind("text that is no plain number")),
            ("", 1, kind("text that is no plain number")),
        ] {
            assert_eq!(written(text, scale, wanted), Err(fault), "{text}");
        }
    }

    #[test]
    fn ids_are_numbered_by_first_appearance() {
        let mut ids = Ids::default();
        let numbers = ["b", "a", "", "b", "c"].map(|id| ids.number(id));
        assert_eq!(numbers, [Some(0), Some(1), None, Some(0), Some(2)].map(Ok));
    }
}
