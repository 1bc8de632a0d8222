//! The common refinement of many roundings of one attribute.

use rayon::prelude::*;

use crate::classes::Axis;
use crate::rounding::{Family, Rounding};

/// The values of an attribute, cut wherever any of some roundings cuts: every bucket of each of them is a run of whole
/// *atoms*, numbered from 0 by rising value. A missing value is the last atom.
///
/// A sweep of widths from 1 s on sees whole seconds, whatever the catalogue's values are: what no candidate can tell
/// apart is told apart by nothing below.
#[derive(Clone, Debug)]
pub struct Atoms {
    of_rank: Vec<u32>,
    atoms: u32,
    candidates: Vec<Cut>,
}

/// One rounding over the atoms.
#[derive(Clone, Debug)]
pub struct Cut {
    /// The first atom of each bucket, rising from 0, and the number of atoms as a last entry.
    pub(super) starts: Vec<u32>,
    /// The most atoms in one bucket.
    pub(super) span: u32,
    /// Width and phase in atoms, where every bucket has as many.
    equal: Option<(u32, u32)>,
}

/// How the bucket of an atom is found.
pub(super) enum Buckets {
    /// `(atom + offset) / width`, as a multiplication.
    Equal { offset: u32, magic: u64 },
    /// One number an atom.
    Table(Vec<u32>),
}

/// Up to this many atoms a division by a width is a multiplication and a shift, exactly: with m = ceil(2^40 / w),
/// floor(a m / 2^40) = floor(a / w) as long as a w <= 2^40; with its offset, a stays under 2^20.
const MOST_EQUAL: u64 = 1 << 19;
const SHIFT: u32 = 40;

impl Atoms {
    /// Cuts the axis by all the roundings. O(buckets log values + values).
    pub fn new(axis: &Axis, roundings: &[&Rounding]) -> Self {
        Self::equal(axis, roundings).unwrap_or_else(|| Self::any(axis, roundings))
    }

    /// Atoms as wide as one another, where all the roundings are widths of which that is a whole part.
    fn equal(axis: &Axis, roundings: &[&Rounding]) -> Option<Self> {
        let floors: Vec<(u64, u64)> = roundings
            .iter()
            .map(|rounding| match rounding.family() {
                Family::Floor(floor) if rounding.coding().is_none() => Some((floor.width(), floor.phase())),
                _ => None,
            })
            .collect::<Option<_>>()?;
        let unit = floors.iter().fold(0, |unit, &(width, phase)| gcd(gcd(unit, width), phase));
        let largest = u64::from(*axis.values().last()?);
        let present = largest / unit.max(1) + 1;
        let widest = floors.iter().map(|&(width, _)| width).max()? / unit;
        let missing = u32::from(axis.missing() > 0);
        if present.max(widest) >= MOST_EQUAL {
            return None;
        }
        let atoms = present as u32 + missing;
        let mut of_rank: Vec<u32> =
            axis.values().iter().map(|&value| (u64::from(value) / unit) as u32).collect();
        of_rank.extend((missing > 0).then_some(present as u32));
        let candidate = |&(width, phase): &(u64, u64)| {
            let (width, phase) = ((width / unit) as u32, (phase / unit) as u32);
            let first = if phase > 0 { phase } else { width };
            let inner = (first..present as u32).step_by(width as usize);
            let starts: Vec<u32> = std::iter::once(0)
                .chain(inner)
                .chain((missing > 0).then_some(present as u32))
                .chain([atoms])
                .collect();
            // A missing value is a bucket of its own, wherever the last of the others ends.
            let equal = (missing == 0).then_some((width, phase));
            Cut { starts, span: width, equal }
        };
        Some(Self { of_rank, atoms, candidates: floors.par_iter().map(candidate).collect() })
    }

    /// Atoms as wide as they come.
    fn any(axis: &Axis, roundings: &[&Rounding]) -> Self {
        let ranks = axis.values().len() + usize::from(axis.missing() > 0);
        let cuts: Vec<Vec<u32>> = roundings.par_iter().map(|rounding| axis.cuts(*rounding)).collect();
        let mut is_cut = vec![false; ranks];
        cuts.iter().flatten().for_each(|&rank| is_cut[rank as usize] = true);
        let mut atom = 0;
        let of_rank: Vec<u32> = is_cut
            .iter()
            .map(|&cut| {
                atom += u32::from(cut);
                atom
            })
            .collect();
        let atoms = atom + 1;
        let candidate = |cuts: Vec<u32>| {
            let inner = cuts.iter().map(|&rank| of_rank[rank as usize]);
            let starts: Vec<u32> = std::iter::once(0).chain(inner).chain([atoms]).collect();
            let span = starts.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
            Cut { starts, span, equal: None }
        };
        let candidates = cuts.into_par_iter().map(candidate).collect();
        Self { of_rank, atoms, candidates }
    }

    /// How many atoms there are, at least 1.
    pub fn len(&self) -> u32 {
        self.atoms
    }

    /// Whether there is none, which no axis yields.
    pub fn is_empty(&self) -> bool {
        self.atoms == 0
    }

    /// The atom of each rank of the axis.
    pub(super) fn of_rank(&self) -> &[u32] {
        &self.of_rank
    }

    /// The roundings, in the order in which they were given.
    pub fn candidates(&self) -> &[Cut] {
        &self.candidates
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl Cut {
    /// How the bucket of an atom is found.
    pub(super) fn buckets(&self) -> Buckets {
        if let Some((width, phase)) = self.equal {
            let offset = if phase > 0 { width - phase } else { 0 };
            return Buckets::Equal { offset, magic: (1u64 << SHIFT).div_ceil(u64::from(width)) };
        }
        Buckets::Table(self.table())
    }

    /// The bucket of each atom.
    pub(super) fn table(&self) -> Vec<u32> {
        let mut bucket = Vec::with_capacity(self.starts.last().copied().unwrap_or(0) as usize);
        for (number, pair) in self.starts.windows(2).enumerate() {
            bucket.resize(pair[1] as usize, number as u32);
        }
        bucket
    }
}

/// The bucket of an atom.
pub(super) trait Number: Copy {
    fn of(self, atom: u32) -> u32;
}

/// See [`Buckets::Equal`].
#[derive(Clone, Copy)]
pub(super) struct Equal {
    pub offset: u32,
    pub magic: u64,
}

impl Number for Equal {
    #[inline]
    fn of(self, atom: u32) -> u32 {
        ((u64::from(atom + self.offset) * self.magic) >> SHIFT) as u32
    }
}

impl Number for &[u32] {
    #[inline]
    fn of(self, atom: u32) -> u32 {
        self[atom as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_multiplication_is_the_division() {
        for width in (1..300).chain([1_000, 4_095, 4_096, 65_537, 524_287]) {
            let cut = Cut { starts: vec![0], span: width, equal: Some((width, 0)) };
            let equal = match cut.buckets() {
                Buckets::Equal { offset, magic } => Some(Equal { offset, magic }),
                _ => None,
            };
            let number = equal.expect("a cut of equal buckets");
            for atom in (0..2_000).chain((0..1_048_575).step_by(997)).chain([width - 1, width, 2 * width - 1])
            {
                assert_eq!(number.of(atom), atom / width, "{atom} / {width}");
            }
        }
    }
}
