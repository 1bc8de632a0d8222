//! One choice of rounding per quasi-identifier.

use super::{Corner, Told};
use crate::catalogue::{Catalogue, CatalogueError, SideField};
use crate::policy::Policy;
use crate::rounding::{Partition, Rounding};
use crate::units::Dimension;

/// What leaves of a file: a rounded duration, a rounded bit rate, and the side fields as they are.
///
/// ```
/// use coarsen::classes::Generalization;
/// use coarsen::rounding::Rounding;
/// use coarsen::units::Dimension;
/// let generalization = Generalization {
///     duration: Rounding::parse("floor:5min", Dimension::Duration)?,
///     bitrate: Rounding::drop(Dimension::Bitrate),
///     by: vec![],
///     other: vec![],
/// };
/// assert_eq!(generalization.to_string(), "duration floor:5min, bit rate drop");
/// # Ok::<(), coarsen::rounding::RoundingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generalization {
    /// The rounding of the duration.
    pub duration: Rounding,
    /// The rounding of the bit rate.
    pub bitrate: Rounding,
    /// The side fields that leave.
    pub by: Vec<SideField>,
    /// Boxes of joint buckets: a file in any of them leaves as the one symbol `other`, without any field.
    pub other: Vec<Corner>,
}

/// What the classes of a catalogue are keyed by, whichever pings it comes from.
#[derive(Clone, Copy)]
pub struct Key<'a> {
    /// The partition of the duration.
    pub duration: &'a dyn Partition,
    /// The partition of the bit rate.
    pub bitrate: &'a dyn Partition,
    /// The side fields.
    pub by: &'a [SideField],
    /// The boxes whose files form the one class `other`.
    pub other: &'a [Corner],
}

impl Generalization {
    /// Nothing rounded and every side field of the catalogue kept: the baseline that sees raw values.
    pub fn keep(catalogue: &Catalogue) -> Self {
        Self {
            duration: Rounding::keep(Dimension::Duration),
            bitrate: Rounding::keep(Dimension::Bitrate),
            by: catalogue.reported(),
            other: Vec::new(),
        }
    }

    /// Nothing emitted: the control that sees nothing.
    pub fn drop() -> Self {
        Self {
            duration: Rounding::drop(Dimension::Duration),
            bitrate: Rounding::drop(Dimension::Bitrate),
            by: Vec::new(),
            other: Vec::new(),
        }
    }

    /// What one ping of a policy tells of a file: see [`Told`], whose classes are those of the catalogue that
    /// [`Told::catalogue`] makes. A side field in groups counts as one that leaves.
    ///
    /// # Errors
    /// As [`Told::of`] and [`Told::generalization`].
    pub fn of_ping(policy: &Policy, ping: &str) -> Result<Self, CatalogueError> {
        Told::of(policy, ping, &|_| true)?.generalization()
    }

    /// The key of its classes.
    pub fn key(&self) -> Key<'_> {
        Key { duration: &self.duration, bitrate: &self.bitrate, by: &self.by, other: &self.other }
    }

    /// How many fields it emits.
    pub fn emitted(&self) -> usize {
        [&self.duration, &self.bitrate].iter().filter(|rounding| !rounding.is_drop()).count() + self.by.len()
    }

    /// Whether it emits nothing.
    pub fn is_drop(&self) -> bool {
        self.emitted() == 0
    }

    /// The fields that it emits and the catalogue lacks: it can't be judged on those.
    pub fn missing_in(&self, catalogue: &Catalogue) -> Vec<&'static str> {
        let bitrate = (!self.bitrate.is_drop() && catalogue.bitrate_bps().is_none()).then_some("bitrate");
        let side = self.by.iter().filter(|&&field| catalogue.side(field).is_none()).map(|field| field.name());
        bitrate.into_iter().chain(side).collect()
    }
}

impl std::fmt::Display for Generalization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "duration {}, bit rate {}", self.duration, self.bitrate)?;
        self.by.iter().try_for_each(|field| write!(f, ", {field}"))?;
        match self.other.len() {
            0 => Ok(()),
            1 => f.write_str(", one box as `other`"),
            boxes => write!(f, ", {boxes} boxes as `other`"),
        }
    }
}
