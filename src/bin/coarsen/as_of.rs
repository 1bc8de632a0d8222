//! The day on which fields are asked whether they have expired. The library has no clock; this is the only one.

use clap::Args;
use coarsen::policy::Day;
use time::OffsetDateTime;

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
        self.as_of
            .map_or_else(|| OffsetDateTime::now_utc().date().to_string().parse().map_err(Failure::input), Ok)
    }
}
