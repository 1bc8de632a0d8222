//! The day on which fields are asked whether they have expired. The library has no clock; this is the only one.

use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use coarsen::policy::Day;

use crate::failure::Failure;

/// A day; today where it isn't given.
#[derive(Args, Clone)]
pub struct AsOf {
    /// The day as of which fields expire (2031-12-31); today, in UTC, where absent.
    #[arg(long, value_name = "DAY")]
    as_of: Option<Day>,
}

impl AsOf {
    pub fn day(&self) -> Result<Day, Failure> {
        if let Some(day) = self.as_of {
            return Ok(day);
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let days =
            since.map_err(|_| Failure::Input("the clock stands before 1970: give --as-of".to_owned()))?;
        gregorian(days.as_secs() / 86_400).parse().map_err(Failure::input)
    }
}

/// The day so many days after 1970-01-01, counted in years that begin in March, so that leap days come last.
fn gregorian(days: u64) -> String {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days counted one by one, month by month.
    #[test]
    fn days_follow_one_another() {
        let leap =
            |year: u64| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
        let (mut year, mut month, mut day) = (1970u64, 1usize, 1u64);
        for days in 0..150_000 {
            assert_eq!(gregorian(days), format!("{year:04}-{month:02}-{day:02}"));
            let february = if leap(year) { 29 } else { 28 };
            let long = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
            day += 1;
            if day > long {
                (day, month) = (1, month + 1);
            }
            if month > 12 {
                (month, year) = (1, year + 1);
            }
        }
    }
}
