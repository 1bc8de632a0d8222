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
    /// Few edges from each power of two to the next.
    Few(Box<Table<4>>),
    Some(Box<Table<16>>),
    No,
}

/// All buckets of a rounding that has at most N edges from any power of two to the next.
#[derive(Clone, Debug, PartialEq)]
struct Table<const N: usize> {
    /// The bucket of 0, and of each power of two.
    starts: [u16; 65],
    /// Where each bucket but the first begins, and N beyond.
    edges: Vec<u64>,
    buckets: Vec<Bucket>,
}

/// A rounding of more buckets has no table.
const MOST: usize = 512;

impl<const N: usize> Table<N> {
    fn new(buckets: &[Bucket]) -> Option<Self> {
        let last = *buckets.last()?;
        let of = |value: u64| buckets.partition_point(|bucket| bucket.from <= value) - 1;
        let power = |bits: usize| if bits == 0 { 0 } else { 1u64 << (bits - 1) };
        let starts = std::array::from_fn(|bits| of(power(bits)) as u16);
        let most = |bits: usize| if bits == 64 { u64::MAX } else { power(bits + 1) - 1 };
        if (1..=64).any(|bits| of(most(bits)) - of(power(bits)) > N) {
            return None;
        }
        let begin = buckets[1..].iter().map(|bucket| bucket.from);
        // The largest value is not below what stands for no edge, and must find the last bucket there.
        let beyond = [last; N];
        Some(Self {
            starts,
            edges: begin.chain([u64::MAX; N]).collect(),
            buckets: buckets.iter().chain(&beyond).copied().collect(),
        })
    }

    #[inline]
    fn bucket(&self, value: u64) -> Bucket {
        let start = usize::from(self.starts[64 - value.leading_zeros() as usize]);
        let edges = self.edges[start..].first_chunk::<N>();
        let passed = edges.map_or(0, |edges| edges.iter().map(|&edge| usize::from(edge <= value)).sum());
        self.buckets[start + passed]
    }
}

impl Ready {
    /// O(buckets), for some hundred of them.
    pub fn new(rounding: Rounding) -> Self {
        let buckets: Vec<Bucket> = rounding.buckets().take(MOST + 1).collect();
        let buckets = Some(&buckets[..]).filter(|buckets| buckets.len() <= MOST);
        let equal = match rounding.family() {
            Family::Floor(floor) => Some(*floor),
            Family::Nearest(nearest) => Some(nearest.cut()),
            Family::Ceil(ceil) => Some(ceil.cut()),
            _ => None,
        };
        let equal = equal.filter(|floor| floor.width() <= u32::MAX.into());
        let fast = buckets
            .and_then(Table::new)
            .map(|table| Fast::Few(Box::new(table)))
            .or_else(|| equal.map(|floor| Self::equal(&rounding, floor)))
            .or_else(|| buckets.and_then(Table::new).map(|table| Fast::Some(Box::new(table))))
            .unwrap_or(Fast::No);
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

    /// Apart from what is fast, so that loops around that stay small.
    #[inline(never)]
    fn slower(&self, value: u64) -> Bucket {
        match &self.fast {
            Fast::Some(table) => table.bucket(value),
            _ => self.rounding.bucket(value),
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
            Fast::Few(table) => return table.bucket(value),
            Fast::Some(_) | Fast::No => {}
        }
        self.slower(value)
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
            (number, phase, family, coding) in (1u64..10_000_000_000, any::<u64>(), 0usize..11, 0usize..4),
            small in 1u64..5_000, draws in proptest::collection::vec(any::<u64>(), 20), shift in 0u32..64,
        ) {
            let width = if small.is_multiple_of(2) { small } else { number };
            let phase = phase % width;
            // Many edges between two powers of two.
            let many: Vec<String> = (0..12).map(|i| (4_096 + i * small.min(300)).to_string()).collect();
            let many = format!("edges:{}", many.join(","));
            let base = ["floor", "nearest", "ceil"].map(|name| format!("{name}:{width}@{phase}"));
            let base = base.into_iter().chain(
                ["log:1", "log:2", "log:4", "log:16", "bits:3", "keep"].map(str::to_owned)
            ).chain([format!("edges:{small},{}", small + number), many]);
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
