//! Whether one rounding is nested in another, proved on edges; and what several roundings of one number tell together.

use std::fmt;

use super::{Bucket, Family, Floor, Partition, Rounding};

/// Edges at equal distance: `first`, `first + step`, .. up to `last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub first: u64,
    pub step: u64,
    pub last: u64,
}

impl Run {
    const fn one(edge: u64) -> Self {
        Self { first: edge, step: 1, last: edge }
    }

    /// The edges of an equal width from `first` on, up to `most`.
    fn up_to(first: u64, step: u64, most: u64) -> Option<Self> {
        let room = most.checked_sub(first)?;
        Some(Self { first, step, last: most - room % step })
    }

    /// Those of its edges that lie in `[from, to]`.
    pub fn within(self, from: u64, to: u64) -> Option<Self> {
        let first = match from.checked_sub(self.first) {
            None | Some(0) => self.first,
            Some(above) => self.first.checked_add(above.div_ceil(self.step).checked_mul(self.step)?)?,
        };
        Self::up_to(first, self.step, self.last.min(to))
    }

    /// One less than how many there are.
    pub fn steps(self) -> u64 {
        (self.last - self.first) / self.step
    }

    /// Whether each of its edges, which lie between the other's first and last, is one of the other's.
    fn is_among(self, other: Self) -> bool {
        (self.first - other.first).is_multiple_of(other.step)
            && (self.steps() == 0 || self.step.is_multiple_of(other.step))
    }
}

/// Every edge above 0, in order, in runs that don't overlap: at most 64 x 64 of them, whatever the family.
pub(super) fn edges(rounding: &Rounding) -> Vec<Run> {
    let equal = |cut: Floor| {
        let first = if cut.phase() == 0 { cut.width() } else { cut.phase() };
        Vec::from_iter(Run::up_to(first, cut.width(), u64::MAX))
    };
    let listed = |edges: &[u64]| edges.iter().map(|&edge| Run::one(edge)).collect();
    let family: Vec<Run> = match rounding.family() {
        Family::Keep => vec![Run { first: 1, step: 1, last: u64::MAX }],
        Family::Drop => Vec::new(),
        Family::Floor(_) | Family::Nearest(_) | Family::Ceil(_) => {
            rounding.cut().map(equal).unwrap_or_default()
        }
        Family::Log(family) => listed(family.edges()),
        Family::Edges(family) => listed(family.edges()),
        Family::Ladder(family) => listed(family.rungs()),
        Family::Bits(family) => (0..u64::BITS)
            .filter_map(|octave| {
                let step = 1 << (octave + 1).saturating_sub(family.bits());
                Run::up_to(1 << octave, step, u64::MAX >> (u64::BITS - 1 - octave))
            })
            .collect(),
        Family::Digits(family) => (0..=u64::MAX.ilog10())
            .filter_map(|decade| {
                let step = 10u64.pow((decade + 1).saturating_sub(family.digits()));
                let most = 10u64.checked_pow(decade + 1).map_or(u64::MAX, |next| next - 1);
                Run::up_to(10u64.pow(decade), step, most)
            })
            .collect(),
    };
    let (bottom, top) = (rounding.coding().bottom(), rounding.coding().top());
    let from = bottom.map_or(Some(0), |bottom| bottom.checked_add(1));
    // A top lies above 0.
    let to = top.map_or(u64::MAX, |top| top - 1);
    let between =
        from.map_or(Vec::new(), |from| family.iter().filter_map(|run| run.within(from, to)).collect());
    bottom.map(Run::one).into_iter().chain(between).chain(top.map(Run::one)).collect()
}

impl Rounding {
    /// Whether each of its buckets lies inside one of the other's: the other is then the same or coarser, and tells
    /// nothing that this one doesn't.
    ///
    /// Decided on edges, over the whole line, top and bottom coding included: it holds exactly if every edge of the
    /// other is an edge of this one. The edges of any family are few runs at equal distance (one for equal widths, one
    /// an octave for `bits`, one a decade for `digits`, one an edge for lists), and of two runs the remainders of the
    /// first edge and of the step decide. O(runs), at most 4097 of either.
    ///
    /// ```
    /// use coarsen::rounding::Rounding;
    /// use coarsen::units::Dimension;
    /// let read = |text: &str| Rounding::parse(text, Dimension::Duration);
    /// assert!(read("floor:5min")?.is_nested_in(&read("floor:15min+top:4h")?));
    /// assert!(!read("floor:5min")?.is_nested_in(&read("floor:12min")?));
    /// // Cut at 100 min, which is no edge of 30 min.
    /// assert!(!read("floor:30min")?.is_nested_in(&read("floor:30min+top:100min")?));
    /// # Ok::<(), coarsen::rounding::RoundingError>(())
    /// ```
    pub fn is_nested_in(&self, coarser: &Self) -> bool {
        let fine = edges(self);
        edges(coarser).into_iter().all(|run| {
            let first = fine.partition_point(|fine| fine.last < run.first);
            let meeting = fine[first..].iter().take_while(|fine| fine.first <= run.last);
            let mut next = Some(run.first);
            for &fine in meeting {
                let Some(shared) = run.within(fine.first, fine.last) else { continue };
                // An edge between two runs of the finer one is none of its edges.
                if next != Some(shared.first) || !shared.is_among(fine) {
                    return false;
                }
                next = shared.last.checked_add(run.step).filter(|&next| next <= run.last);
            }
            next.is_none()
        })
    }
}

/// What several roundings of one number tell together: their common refinement, in as few roundings as it takes.
///
/// ```
/// use coarsen::rounding::{Bucket, Joined, Partition, Rounding};
/// use coarsen::units::Dimension;
/// let read = |text: &str| Rounding::parse(text, Dimension::Integer);
/// let joined = Joined::of(Dimension::Integer, [read("floor:10")?, read("floor:20")?, read("floor:15")?]);
/// assert_eq!(joined.to_string(), "floor:10 joined with floor:15");
/// assert_eq!(joined.bucket(12), Bucket { from: 10, to: Some(15) });
/// # Ok::<(), coarsen::rounding::RoundingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined(Vec<Rounding>);

impl Joined {
    /// Of these roundings, in this order; of none, nothing is told. What is nested in another leaves that one out.
    /// O(roundings^2 x runs).
    pub fn of(dimension: crate::units::Dimension, roundings: impl IntoIterator<Item = Rounding>) -> Self {
        let mut kept: Vec<Rounding> = Vec::new();
        for rounding in roundings {
            if !kept.iter().any(|kept| kept.is_nested_in(&rounding)) {
                kept.retain(|kept| !rounding.is_nested_in(kept));
                kept.push(rounding);
            }
        }
        if kept.is_empty() {
            kept.push(Rounding::drop(dimension));
        }
        Self(kept)
    }

    /// The roundings that it takes, at least one; none of them is nested in another.
    pub fn roundings(&self) -> &[Rounding] {
        &self.0
    }

    /// Whether nothing is told.
    pub fn is_drop(&self) -> bool {
        self.0.iter().all(Rounding::is_drop)
    }
}

impl Partition for Joined {
    fn bucket(&self, value: u64) -> Bucket {
        self.0.iter().fold(Bucket::ALL, |bucket, rounding| bucket.intersect(rounding.bucket(value)))
    }
}

impl fmt::Display for Joined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, rounding) in self.0.iter().enumerate() {
            write!(f, "{}{rounding}", if at == 0 { "" } else { " joined with " })?;
        }
        Ok(())
    }
}
