//! A rounding made ready for many values.

use super::{Bucket, Family, Floor, Partition, Rounding};

/// A rounding with what finds its buckets faster: of every value the one that the rounding tells.
///
/// ```
/// use coarsen::rounding::{Partition, Ready, Rounding};
/// use coarsen::units::Dimension;
/// let rounding = Rounding::parse("floor:5min", Dimension::Duration)?;
/// let ready = Ready::new(rounding.clone());
/// assert_eq!(ready.bucket(5_423_000), rounding.bucket(5_423_000));
/// # Ok::<(), coarsen::rounding::RoundingError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    rounding: Rounding,
    fast: Fast,
}

#[derive(Clone, Debug, PartialEq)]
enum Fast {
    /// Equal widths, cut at the ends: below 2^32 a quotient is a product.
    Equal {
        width: u64,
        phase: u64,
        magic: u64,
        bottom: u64,
        top: u64,
    },
    /// Few buckets, all of them.
    Few {
        edges: Vec<u64>,
        buckets: Vec<Bucket>,
    },
    No,
}

/// So many edges are compared with one after another, without a branch.
const FEW: usize = 16;

impl Ready {
    /// O(edges), for few of them.
    pub fn new(rounding: Rounding) -> Self {
        let buckets: Vec<Bucket> = rounding.buckets().take(FEW + 2).collect();
        let equal = match rounding.family() {
            Family::Floor(floor) => Some(*floor),
            Family::Nearest(nearest) => Some(nearest.cut()),
            Family::Ceil(ceil) => Some(ceil.cut()),
            _ => None,
        };
        let fast = match equal.filter(|floor| floor.width() <= u32::MAX.into()) {
            _ if buckets.len() <= FEW + 1 => {
                Fast::Few { edges: buckets[1..].iter().map(|bucket| bucket.from).collect(), buckets }
            }
            Some(floor) => Self::equal(&rounding, floor),
            None => Fast::No,
        };
        Self { rounding, fast }
    }

    /// With d the width, m = ⌈2^64 / d⌉ and v, d < 2^32: m·d - 2^64 < d, so v·m / 2^64 exceeds v / d by less than
    /// v / 2^64 < 1 / d, and the floors are the same (Granlund and Montgomery 1994).
    fn equal(rounding: &Rounding, floor: Floor) -> Fast {
        let coding = rounding.coding();
        let (width, phase) = (floor.width(), floor.phase());
        match u64::try_from((1u128 << 64).div_ceil(u128::from(width))) {
            Ok(magic) => Fast::Equal {
                width,
                phase,
                magic,
                bottom: coding.bottom().unwrap_or(0),
                top: coding.top().unwrap_or(u64::MAX),
            },
            // A width of 1.
            Err(_) => Fast::No,
        }
    }

    /// The rounding.
    pub fn rounding(&self) -> &Rounding {
        &self.rounding
    }
}

impl Partition for Ready {
    #[inline]
    fn bucket(&self, value: u64) -> Bucket {
        match &self.fast {
            &Fast::Equal { width, phase, magic, bottom, top } => {
                let above = value.wrapping_sub(phase);
                if above <= u32::MAX.into() && bottom <= value && value < top {
                    let bucket = ((u128::from(above) * u128::from(magic)) >> 64) as u64;
                    let from = phase + bucket * width;
                    return Bucket { from: from.max(bottom), to: Some((from + width).min(top)) };
                }
            }
            Fast::Few { edges, buckets } => {
                let above = edges.iter().filter(|&&edge| edge <= value).count();
                return buckets[above];
            }
            Fast::No => {}
        }
        self.rounding.bucket(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Dimension;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_tells_the_same_buckets(
            (number, phase, family, coding) in (1u64..10_000_000_000, any::<u64>(), 0usize..7, 0usize..4),
            small in 1u64..5_000, draws in proptest::collection::vec(any::<u64>(), 20), shift in 0u32..64,
        ) {
            let width = if small.is_multiple_of(2) { small } else { number };
            let phase = phase % width;
            let base = ["floor", "nearest", "ceil"].map(|name| format!("{name}:{width}@{phase}"));
            let base = base.into_iter().chain(
                [format!("edges:{small},{}", small + number), "log:2".into(), "bits:3".into(), "keep".into()]
            );
            let ends = format!("+bottom:{small}+top:{}", small + number);
            let coded = [String::new(), format!("+bottom:{small}"), format!("+top:{number}"), ends];
            let coded = &coded[coding];
            let text = format!("{}{coded}", base.clone().nth(family).unwrap());
            let rounding = Rounding::parse(&text, Dimension::Integer).unwrap();
            let ready = Ready::new(rounding.clone());
            for draw in draws {
                // Around an edge, of any size.
                let edge = rounding.bucket(draw >> shift);
                for value in [draw >> shift, edge.from, edge.from.saturating_sub(1), edge.to.unwrap_or(u64::MAX)] {
                    prop_assert_eq!(ready.bucket(value), rounding.bucket(value), "{} {}", text, value);
                }
            }
        }
    }
}
