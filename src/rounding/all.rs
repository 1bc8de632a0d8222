//! Every family once, and what they have in common: [`Rounding`].

use std::fmt;

use super::{
    Bits, Bucket, Ceil, Coding, Cuts, Digits, Floor, Ladder, Log, Nearest, Partition, Reference,
    RoundingError,
};
use crate::units::Dimension;

/// The families of deterministic roundings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// `keep`: every integer is its own bucket.
    Keep,
    /// `drop`: one bucket, nothing is emitted.
    Drop,
    /// `floor:W@P`.
    Floor(Floor),
    /// `nearest:W@P`.
    Nearest(Nearest),
    /// `ceil:W@P`.
    Ceil(Ceil),
    /// `log:N`.
    Log(Log),
    /// `bits:N`.
    Bits(Bits),
    /// `digits:N`.
    Digits(Digits),
    /// `edges:A,B,..`.
    Edges(Cuts),
    /// `ladder:NAME`.
    Ladder(Ladder),
}

impl Partition for Family {
    #[inline]
    fn bucket(&self, value: u64) -> Bucket {
        match self {
            Self::Keep => Bucket { from: value, to: value.checked_add(1) },
            Self::Drop => Bucket::ALL,
            Self::Floor(family) => family.bucket(value),
            Self::Nearest(family) => family.bucket(value),
            Self::Ceil(family) => family.bucket(value),
            Self::Log(family) => family.bucket(value),
            Self::Bits(family) => family.bucket(value),
            Self::Digits(family) => family.bucket(value),
            Self::Edges(family) => family.bucket(value),
            Self::Ladder(family) => family.bucket(value),
        }
    }
}

/// A rounding of one number: a family, coded at its ends, in a dimension.
///
/// Written as in flags, policies and reports: `keep`, `drop`, `floor:5min`, `nearest:30s`, `ceil:1min`,
/// `floor:5min@90s` (phase), `log:8`, `bits:4`, `digits:2`, `edges:20min,45min,2h`,
/// `ladder:apple_hls_h264`; any but `drop` with `+bottom:1min`, `+top:4h` or both.
/// [`Rounding::parse`] and `to_string` are inverse to one another.
///
/// ```
/// use coarsen::rounding::{Partition, Rounding};
/// use coarsen::units::Dimension;
/// let rounding = Rounding::parse("floor:5min+bottom:5min+top:3h", Dimension::Duration)?;
/// assert_eq!(rounding.to_string(), "floor:5min+bottom:5min+top:3h");
/// assert_eq!(rounding.bucket(5_400_001).from, 5_400_000);
/// assert_eq!(rounding.bucket(99_999_999).to, None);
/// # Ok::<(), coarsen::rounding::RoundingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rounding {
    dimension: Dimension,
    family: Family,
    coding: Coding,
}

impl Rounding {
    /// # Errors
    /// [`RoundingError::CodedDrop`], [`RoundingError::NotABitrate`].
    pub fn new(dimension: Dimension, family: Family, coding: Coding) -> Result<Self, RoundingError> {
        if family == Family::Drop && !coding.is_none() {
            return Err(RoundingError::CodedDrop);
        }
        if matches!(family, Family::Ladder(_)) && dimension != Dimension::Bitrate {
            return Err(RoundingError::NotABitrate);
        }
        Ok(Self { dimension, family, coding })
    }

    /// No rounding: every integer its own bucket.
    pub const fn keep(dimension: Dimension) -> Self {
        Self { dimension, family: Family::Keep, coding: Coding::NONE }
    }

    /// Nothing emitted: one bucket.
    pub const fn drop(dimension: Dimension) -> Self {
        Self { dimension, family: Family::Drop, coding: Coding::NONE }
    }

    /// What the rounded number counts.
    pub fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// The family.
    pub fn family(&self) -> &Family {
        &self.family
    }

    /// Top and bottom coding.
    pub fn coding(&self) -> Coding {
        self.coding
    }

    /// Whether nothing is emitted.
    pub fn is_drop(&self) -> bool {
        self.family == Family::Drop
    }

    /// The equal widths that the line is cut in, and from where, where the family has any; top and bottom coding aside.
    pub fn cut(&self) -> Option<Floor> {
        match &self.family {
            Family::Floor(family) => Some(*family),
            Family::Nearest(family) => Some(family.cut()),
            Family::Ceil(family) => Some(family.cut()),
            _ => None,
        }
    }

    /// The width in base units, where the family has one.
    pub fn width(&self) -> Option<u64> {
        self.cut().map(|cut| cut.width())
    }
}

impl Partition for Rounding {
    #[inline]
    fn bucket(&self, value: u64) -> Bucket {
        self.coding.apply(value, |value| self.family.bucket(value))
    }
}

/// A rounding as written, which may still need a reference catalogue to find its edges.
///
/// ```
/// use coarsen::rounding::{Reference, RoundingSpec};
/// use coarsen::units::Dimension;
/// let spec = RoundingSpec::parse("atleast:2+top:40ms", Dimension::Duration)?;
/// let reference = Reference::new(vec![(10, 0), (20, 1), (30, 2), (40, 3)]);
/// assert_eq!(spec.freeze(|| reference)?.to_string(), "edges:30ms+top:40ms");
/// # Ok::<(), coarsen::rounding::RoundingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RoundingSpec {
    /// Complete as it stands.
    Fixed(Rounding),
    /// `quantile:N`: see [`Reference::quantile`].
    Quantile(Dimension, u64, Coding),
    /// `atleast:N`: see [`Reference::at_least`].
    AtLeast(Dimension, u64, Coding),
}

impl RoundingSpec {
    /// The rounding with its edges frozen; the reference is only built where it is needed.
    ///
    /// # Errors
    /// Those of [`Reference::quantile`] and [`Reference::at_least`].
    pub fn freeze(&self, reference: impl FnOnce() -> Reference) -> Result<Rounding, RoundingError> {
        let (dimension, cuts, coding) = match self {
            Self::Fixed(rounding) => return Ok(rounding.clone()),
            Self::Quantile(dimension, q, coding) => (dimension, reference().quantile(*q)?, coding),
            Self::AtLeast(dimension, k, coding) => (dimension, reference().at_least(*k)?, coding),
        };
        Rounding::new(*dimension, Family::Edges(cuts), *coding)
    }

    /// The rounding, where it needs no reference.
    ///
    /// # Errors
    /// [`RoundingError::NeedsReference`].
    pub fn fixed(self) -> Result<Rounding, RoundingError> {
        match self {
            Self::Fixed(rounding) => Ok(rounding),
            other => Err(RoundingError::NeedsReference { text: other.to_string() }),
        }
    }
}

/// The rounding as the grammar writes it.
impl fmt::Display for Rounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::grammar::write(f, self)
    }
}

/// The rounding as the grammar writes it.
impl fmt::Display for RoundingSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(rounding) => rounding.fmt(f),
            Self::Quantile(dimension, q, coding) => {
                write!(f, "quantile:{q}")?;
                super::grammar::write_coding(f, *dimension, *coding)
            }
            Self::AtLeast(dimension, k, coding) => {
                write!(f, "atleast:{k}")?;
                super::grammar::write_coding(f, *dimension, *coding)
            }
        }
    }
}
