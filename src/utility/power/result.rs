//! What is told of the power to find faults.

use serde::Serialize;

use super::family::Family;
use crate::attack::Trial;

/// What one who looks for faults of a family in a release can still do.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Detection {
    /// It was measured.
    Measured(Box<Power>),
    /// What shows the fault leaves in no table beside anything that tells where it strikes: no amount of traffic finds it.
    Lost {
        /// The family.
        family: Family,
        /// What leaves together in no table.
        reason: String,
    },
    /// The plays hold nothing in which a fault of the family could be found: its value is untested.
    Untested {
        /// The family.
        family: Family,
        /// What the plays lack.
        reason: String,
    },
}

/// The power to find faults of a family.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Power {
    /// The family.
    pub family: Family,
    /// The ping of the release in which it is looked for.
    pub ping: String,
    /// The columns that tell where a fault strikes and that don't leave there: it is looked for across them.
    pub pooled: Vec<&'static str>,
    /// Plays of each arm at which power over size is told.
    pub traffic: u64,
    /// Power over the size of the fault with plays as they are.
    pub raw: OverSize,
    /// The same with what is released of them.
    pub released: OverSize,
    /// The size of which the plays needed are told.
    pub size: f64,
    /// The plays needed to find that size with a probability of 0.8.
    pub needed: Needed,
}

/// Power over the size of a fault, at some traffic.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OverSize {
    /// The |z| over which the strongest run is flagged.
    pub threshold: f64,
    /// Power at each size, the first of no effect.
    pub sizes: Vec<AtSize>,
    /// The least size found with a probability of 0.8, the minimum detectable effect; `None` where the largest isn't.
    /// Between the sizes tried, on the straight line.
    pub least: Option<f64>,
}

impl OverSize {
    /// What was tried at this size. O(sizes).
    pub fn at(&self, size: f64) -> Option<&AtSize> {
        self.sizes.iter().find(|at| at.size == size)
    }
}

/// The power at one size of the fault.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AtSize {
    /// The size: a factor of stalls, a share of speed lost.
    pub size: f64,
    /// Replicas in which any run was flagged. Without effect this is the rate of false alarms.
    pub flagged: Trial,
    /// Replicas in which a run was flagged that holds at least half of the fault's plays.
    pub found: Trial,
    /// Of the plays of the flagged run, the share that the fault struck; 0 where none was flagged; the mean of all replicas.
    pub precision: f64,
    /// Of the plays that the fault struck and that leave, the share in the flagged run; as above.
    pub recall: f64,
    /// The harmonic mean of both in each replica; as above.
    pub f1: f64,
}

/// Plays needed in each arm, among all plays that happen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Needed {
    /// With plays as they are.
    pub raw: Amount,
    /// With what is released of them.
    pub released: Amount,
    /// How much more total traffic the release takes: released / raw; `None` where no amount of raw plays was enough.
    pub ratio: Option<Amount>,
}

/// A figure with its interval, or a bound.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// So much.
    Is {
        /// The figure.
        value: f64,
        /// The lower end of its 95 % interval.
        from: f64,
        /// The upper end of its 95 % interval.
        to: f64,
    },
    /// More than could be tried.
    Over {
        /// The most that was tried.
        value: f64,
    },
}

impl Amount {
    /// The figure, or what it is over.
    pub const fn value(self) -> f64 {
        match self {
            Self::Is { value, .. } | Self::Over { value } => value,
        }
    }
}

impl Detection {
    /// What was measured.
    pub fn power(&self) -> Option<&Power> {
        match self {
            Self::Measured(power) => Some(power),
            Self::Lost { .. } | Self::Untested { .. } => None,
        }
    }

    /// How much more total traffic the release takes, for the order of releases: infinite where the fault is lost, `None`
    /// where nothing can be said.
    pub fn ratio(&self) -> Option<f64> {
        match self {
            Self::Measured(power) => power.needed.ratio.map(Amount::value),
            Self::Lost { .. } => Some(f64::INFINITY),
            Self::Untested { .. } => None,
        }
    }
}
