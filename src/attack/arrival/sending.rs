//! How reports are sent, as far as their arrival tells of it.

use serde::Serialize;
use thiserror::Error;

use crate::units::Dimension;

/// The longest lag: a leap year.
pub const MOST_MS: u64 = 366 * 24 * 3_600_000;

/// How late reports arrive, in ms. Every whole number of ms is equally likely, for each report anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sending {
    /// On the network, from 0 to this.
    pub jitter_ms: u64,
    /// By the client's delay, from 0 to this: a least delay is the same for both reports, and hides nothing.
    pub delay_ms: u64,
    /// Then the report waits for the next multiple of this; 0 where it doesn't.
    pub batch_ms: u64,
}

/// A way of sending that can't be judged.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ArrivalError {
    /// A lag past [`MOST_MS`].
    #[error(
        "a {what} of {} is longer than a year, which no arrival can be judged by: give a shorter one",
        Dimension::Duration.compact(*ms)
    )]
    Long {
        /// Which lag.
        what: &'static str,
        /// Its length in ms.
        ms: u64,
    },
}

impl Sending {
    /// Checks the lags.
    ///
    /// # Errors
    /// [`ArrivalError::Long`] for one of more than [`MOST_MS`].
    pub fn new(jitter_ms: u64, delay_ms: u64, batch_ms: u64) -> Result<Self, ArrivalError> {
        for (what, ms) in [("jitter", jitter_ms), ("delay", delay_ms), ("batch", batch_ms)] {
            if ms > MOST_MS {
                return Err(ArrivalError::Long { what, ms });
            }
        }
        Ok(Self { jitter_ms, delay_ms, batch_ms })
    }

    /// Reports that each wait from the least to the most of a delay: only its spread counts.
    ///
    /// # Errors
    /// [`ArrivalError::Long`] for a jitter or a spread of more than [`MOST_MS`].
    ///
    /// ```
    /// use coarsen::attack::arrival::Sending;
    /// assert_eq!(Sending::spread(1_000, 3_600_000, 3_660_000)?, Sending::new(1_000, 60_000, 0)?);
    /// # Ok::<(), coarsen::attack::arrival::ArrivalError>(())
    /// ```
    pub fn spread(jitter_ms: u64, least_ms: u64, most_ms: u64) -> Result<Self, ArrivalError> {
        Self::new(jitter_ms, most_ms.saturating_sub(least_ms), 0)
    }
}

impl std::fmt::Display for Sending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let time = |ms| Dimension::Duration.compact(ms);
        match (self.delay_ms, self.batch_ms) {
            (0, 0) => write!(f, "at once, jitter {}", time(self.jitter_ms)),
            (delay, 0) => write!(f, "delay up to {}, jitter {}", time(delay), time(self.jitter_ms)),
            (0, batch) => write!(f, "batches of {}", time(batch)),
            (delay, batch) => write!(f, "delay up to {}, batches of {}", time(delay), time(batch)),
        }
    }
}
