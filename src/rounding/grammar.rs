//! How a rounding is written and read; see [`Rounding`].

use std::fmt;

use super::{
    Bits, Ceil, Coding, Cuts, Digits, Family, Floor, Ladder, Log, Nearest, Rounding, RoundingError,
    RoundingSpec,
};
use crate::units::Dimension;

impl Rounding {
    /// Reads a rounding that needs no reference catalogue.
    ///
    /// # Errors
    /// A [`RoundingError`] that names the text and the mend.
    pub fn parse(text: &str, dimension: Dimension) -> Result<Self, RoundingError> {
        RoundingSpec::parse(text, dimension)?.fixed()
    }
}

impl RoundingSpec {
    /// Reads any rounding of the grammar.
    ///
    /// # Errors
    /// A [`RoundingError`] that names the text and the mend.
    pub fn parse(text: &str, dimension: Dimension) -> Result<Self, RoundingError> {
        let text = text.trim();
        let unit = |number: &str| {
            dimension.parse(number).map_err(|source| RoundingError::Unit { text: text.to_owned(), source })
        };
        let mut parts = text.split('+');
        let base = parts.next().unwrap_or_default().trim();
        let (mut bottom, mut top) = (None, None);
        for part in parts {
            let example = "floor:5min+bottom:1min+top:4h";
            let malformed = || RoundingError::Malformed { text: text.to_owned(), example };
            let (name, value) = part.trim().split_once(':').ok_or_else(malformed)?;
            let slot = match name {
                "bottom" if bottom.is_none() && top.is_none() => &mut bottom,
                "top" if top.is_none() => &mut top,
                _ => return Err(malformed()),
            };
            *slot = Some(unit(value)?);
        }
        let coding = Coding::new(bottom, top)?;

        let (name, argument) = match base.split_once(':') {
            Some((name, argument)) => (name, Some(argument)),
            None => (base, None),
        };
        let need = |example: &'static str| {
            argument.ok_or_else(|| RoundingError::Malformed { text: text.to_owned(), example })
        };
        let count = |example: &'static str| {
            let digits = need(example)?;
            let malformed = |_| RoundingError::Malformed { text: text.to_owned(), example };
            digits.parse::<u64>().map_err(malformed)
        };
        let width = |example: &'static str| {
            let (width, phase) = match need(example)?.split_once('@') {
                Some((width, phase)) => (width, unit(phase)?),
                None => (need(example)?, 0),
            };
            Ok::<_, RoundingError>((unit(width)?, phase))
        };
        let family = match name {
            "keep" | "drop" if argument.is_some() => {
                return Err(RoundingError::Malformed { text: text.to_owned(), example: "keep` or `drop" });
            }
            "keep" => Family::Keep,
            "drop" => Family::Drop,
            "floor" => width("floor:5min@90s").and_then(|(w, p)| Floor::new(w, p)).map(Family::Floor)?,
            "nearest" => width("nearest:30s").and_then(|(w, p)| Nearest::new(w, p)).map(Family::Nearest)?,
            "ceil" => width("ceil:1min").and_then(|(w, p)| Ceil::new(w, p)).map(Family::Ceil)?,
            "log" => Family::Log(Log::new(count("log:8")?)?),
            "bits" => Family::Bits(Bits::new(count("bits:4")?)?),
            "digits" => Family::Digits(Digits::new(count("digits:2")?)?),
            "edges" => {
                let edges = need("edges:20min,45min,2h")?.split(',').map(unit).collect::<Result<_, _>>()?;
                Family::Edges(Cuts::new(edges)?)
            }
            "ladder" => Family::Ladder(Ladder::named(need("ladder:apple_hls_h264")?)?),
            "quantile" => return Ok(Self::Quantile(dimension, count("quantile:20")?, coding)),
            "atleast" => return Ok(Self::AtLeast(dimension, count("atleast:20")?, coding)),
            _ => return Err(RoundingError::Unknown { name: base.to_owned() }),
        };
        Rounding::new(dimension, family, coding).map(Self::Fixed)
    }
}

pub(super) fn write(f: &mut fmt::Formatter<'_>, rounding: &Rounding) -> fmt::Result {
    let dimension = rounding.dimension();
    let equal = |f: &mut fmt::Formatter<'_>, name, width, phase| {
        write!(f, "{name}:{}", dimension.compact(width))?;
        if phase == 0 { Ok(()) } else { write!(f, "@{}", dimension.compact(phase)) }
    };
    match rounding.family() {
        Family::Keep => f.write_str("keep")?,
        Family::Drop => f.write_str("drop")?,
        Family::Floor(family) => equal(f, "floor", family.width(), family.phase())?,
        Family::Nearest(family) => equal(f, "nearest", family.width(), family.phase())?,
        Family::Ceil(family) => equal(f, "ceil", family.width(), family.phase())?,
        Family::Log(family) => write!(f, "log:{}", family.per_doubling())?,
        Family::Bits(family) => write!(f, "bits:{}", family.bits())?,
        Family::Digits(family) => write!(f, "digits:{}", family.digits())?,
        Family::Edges(family) => {
            f.write_str("edges:")?;
            for (i, &edge) in family.edges().iter().enumerate() {
                write!(f, "{}{}", if i == 0 { "" } else { "," }, dimension.compact(edge))?;
            }
        }
        Family::Ladder(family) => write!(f, "ladder:{}", family.name())?,
    }
    write_coding(f, dimension, rounding.coding())
}

pub(super) fn write_coding(f: &mut fmt::Formatter<'_>, dimension: Dimension, coding: Coding) -> fmt::Result {
    if let Some(bottom) = coding.bottom() {
        write!(f, "+bottom:{}", dimension.compact(bottom))?;
    }
    if let Some(top) = coding.top() {
        write!(f, "+top:{}", dimension.compact(top))?;
    }
    Ok(())
}
