//! The common refinement of many partitions on one attribute.

use rayon::prelude::*;

use crate::classes::Axis;
use crate::rounding::Partition;

/// The distinct values of an attribute, cut wherever any of some partitions cuts: every bucket of each of them is a
/// run of whole *atoms*, numbered from 0 by rising value. A missing value is the last atom.
///
/// A sweep of widths from 1 s on sees whole seconds, whatever the catalogue's values are: what no candidate can tell
/// apart is told apart by nothing below.
#[derive(Clone, Debug)]
pub struct Atoms {
    of_rank: Vec<u32>,
    atoms: u32,
    candidates: Vec<Cut>,
}

/// One partition over the atoms.
#[derive(Clone, Debug)]
pub struct Cut {
    /// The first atom of each bucket, rising from 0, and the number of atoms as a last entry.
    pub(super) starts: Vec<u32>,
    /// The most atoms in one bucket.
    pub(super) span: u32,
}

impl Cut {
    /// The bucket of each atom.
    pub(super) fn bucket_of_each(&self) -> Vec<u32> {
        let mut bucket = Vec::with_capacity(self.starts.last().copied().unwrap_or(0) as usize);
        for (number, pair) in self.starts.windows(2).enumerate() {
            bucket.resize(pair[1] as usize, number as u32);
        }
        bucket
    }
}

impl Atoms {
    /// Cuts the axis by all the partitions. O(buckets log values + values).
    pub fn new(axis: &Axis, partitions: &[&dyn Partition]) -> Self {
        let ranks = axis.values().len() + usize::from(axis.missing() > 0);
        let cuts: Vec<Vec<u32>> = partitions.par_iter().map(|partition| axis.cuts(*partition)).collect();
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
            Cut { starts, span }
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

    /// The partitions, in the order in which they were given.
    pub fn candidates(&self) -> &[Cut] {
        &self.candidates
    }
}
