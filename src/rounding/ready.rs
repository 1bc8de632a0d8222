//! A rounding made ready for many values.

use std::hint::select_unpredictable;

use super::octaves::Octaves;
use super::{Bucket, Floor, Partition, Rounding, Standing};

/// A rounding with what finds its buckets, and what stands for them, faster: of every value what the rounding tells.
///
/// ```
/// use coarsen::rounding::{Partition, Ready, Rounding, Standing};
/// use coarsen::units::Dimension;
/// let rounding = Rounding::parse("floor:5min", Dimension::Duration)?;
/// let ready = Ready::new(rounding.clone(), Standing::Midpoint);
/// let bucket = rounding.bucket(5_423_000);
/// assert_eq!(ready.tell(5_423_000), (bucket.midpoint(), bucket));
/// # Ok::<(), coarsen::rounding::RoundingError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    fast: Fast,
    standing: Standing,
    rounding: Rounding,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fast {
    Equal(Equal),
    /// Few edges from each power of two to the next.
    Few(Box<Octaves<4>>),
    Some(Box<Octaves<16>>),
    No,
}

/// Equal widths between two ends, without a branch below 2^32.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Equal {
    width: u64,
    phase: u64,
    /// 2^64 by the width, rounded up.
    magic: u64,
    /// What stands for the bucket that begins at the phase.
    of_phase: u64,
    /// Where the first bucket ends and the open one begins, which may be less wide than others, and so may those
    /// beside them, which end and begin there.
    first: [End; 2],
    last: [End; 2],
}

/// Where buckets at an end of the line meet the others, and what stands for them.
#[derive(Clone, Copy, Debug, PartialEq)]
struct End {
    at: u64,
    standing: u64,
}

impl Equal {
    fn new(rounding: &Rounding, standing: Standing) -> Option<Self> {
        Self::of(rounding.cut()?, rounding, standing)
    }

    /// None of a width that is too large, or 1.
    fn of(floor: Floor, rounding: &Rounding, standing: Standing) -> Option<Self> {
        let (width, phase) = (floor.width(), floor.phase());
        let magic = u64::try_from((1u128 << 64).div_ceil(width.into())).ok()?;
        if width > u32::MAX.into() {
            return None;
        }
        let before = |bucket: Bucket| rounding.bucket(bucket.from.saturating_sub(1));
        let after = |bucket: Bucket| bucket.to.map_or(bucket, |to| rounding.bucket(to));
        let ends = |bucket: Bucket| End { at: bucket.to.unwrap_or(u64::MAX), standing: standing.of(bucket) };
        let begins = |bucket: Bucket| End { at: bucket.from, standing: standing.of(bucket) };
        let (lowest, open) = (rounding.bucket(0), rounding.bucket(u64::MAX));
        let (low, high) = (after(lowest), before(open));
        let of_phase = standing.of(Bucket { from: phase, to: Some(phase + width) });
        Some(Self {
            width,
            phase,
            magic,
            of_phase,
            first: [ends(low), ends(lowest)],
            last: [begins(high), begins(open)],
        })
    }

    /// Whether it can tell of a value.
    #[inline]
    pub fn tells(value: u64) -> bool {
        value >> 32 == 0
    }

    /// The number that stands for the bucket of a value that it can tell of.
    ///
    /// With d the width, m = ⌈2^64 / d⌉ and v, d < 2^32: m·d - 2^64 < d, so v·m / 2^64 exceeds v / d by less than
    /// v / 2^64 < 1 / d, and the floors are the same (Granlund and Montgomery 1994).
    #[inline]
    pub fn standing(&self, value: u64) -> u64 {
        let mut standing = self.of_phase.wrapping_add(self.passed(value));
        for end in &self.first {
            standing = select_unpredictable(value < end.at, end.standing, standing);
        }
        for end in &self.last {
            standing = select_unpredictable(value >= end.at, end.standing, standing);
        }
        standing
    }

    /// The bucket of a value that it can tell of.
    #[inline]
    fn bucket(&self, value: u64) -> Bucket {
        let ([low, lowest], [high, open]) = (&self.first, &self.last);
        let begin = self.phase.wrapping_add(self.passed(value));
        let (mut from, mut to) = (begin, begin.wrapping_add(self.width));
        for (is_there, begin, end) in [
            (value < low.at, lowest.at, low.at),
            (value < lowest.at, 0, lowest.at),
            (value >= high.at, high.at, open.at),
        ] {
            from = select_unpredictable(is_there, begin, from);
            to = select_unpredictable(is_there, end, to);
        }
        let is_open = value >= open.at;
        Bucket { from: select_unpredictable(is_open, open.at, from), to: (!is_open).then_some(to) }
    }

    /// The whole widths from the phase to a value, together; nothing that tells below the phase.
    #[inline]
    fn passed(&self, value: u64) -> u64 {
        let above = value.wrapping_sub(self.phase);
        let widths = (u128::from(above) * u128::from(self.magic)) >> 64;
        (widths as u64).wrapping_mul(self.width)
    }
}

impl Ready {
    /// O(buckets), for some hundred of them.
    pub fn new(rounding: Rounding, standing: Standing) -> Self {
        let fast = if let Some(few) = Octaves::new(&rounding, standing) {
            Fast::Few(Box::new(few))
        } else if let Some(equal) = Equal::new(&rounding, standing) {
            Fast::Equal(equal)
        } else {
            Octaves::new(&rounding, standing).map_or(Fast::No, |some| Fast::Some(Box::new(some)))
        };
        Self { fast, standing, rounding }
    }

    /// The number that stands for the bucket of a value, and the bucket.
    #[inline]
    pub fn tell(&self, value: u64) -> (u64, Bucket) {
        match &self.fast {
            Fast::Equal(equal) if Equal::tells(value) => {
                let bucket = equal.bucket(value);
                (self.standing.of(bucket), bucket)
            }
            Fast::Few(octaves) => *octaves.tell(value),
            _ => self.slower(value),
        }
    }

    /// The number that stands for the bucket of a value.
    #[inline(never)]
    pub(crate) fn standing_for(&self, value: u64) -> u64 {
        self.tell(value).0
    }

    /// Apart from what is fast, so that loops around that stay small.
    #[inline(never)]
    fn slower(&self, value: u64) -> (u64, Bucket) {
        if let Fast::Some(octaves) = &self.fast {
            return *octaves.tell(value);
        }
        let bucket = self.rounding.bucket(value);
        (self.standing.of(bucket), bucket)
    }

    pub(crate) fn fast(&self) -> &Fast {
        &self.fast
    }

    /// The rounding.
    pub fn rounding(&self) -> &Rounding {
        &self.rounding
    }

    /// What stands for its buckets.
    pub fn standing(&self) -> Standing {
        self.standing
    }
}

impl Partition for Ready {
    #[inline]
    fn bucket(&self, value: u64) -> Bucket {
        self.tell(value).1
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
            (number, phase, family, coding) in (1u64..10_000_000_000, any::<u64>(), 0usize..11, 0usize..4), standing in 0usize..3,
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
            let open = rounding.bucket(u64::MAX).from;
            let standing = [Standing::Midpoint, Standing::Lower, Standing::Open(open.saturating_add(1))][standing];
            let ready = Ready::new(rounding.clone(), standing);
            for draw in draws {
                // Around an edge, of any size.
                let edge = rounding.bucket(draw >> shift);
                for value in [draw >> shift, edge.from, edge.from.saturating_sub(1), edge.to.unwrap_or(u64::MAX)] {
                    let bucket = rounding.bucket(value);
                    prop_assert_eq!(ready.tell(value), (standing.of(bucket), bucket), "{} {}", text, value);
                }
            }
        }
    }
}
