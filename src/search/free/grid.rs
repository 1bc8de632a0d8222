//! The edges that a free partition may cut at.

use crate::classes::Axis;
use crate::rounding::{Bucket, Cuts, Family, Rounding, RoundingError};
use crate::units::Dimension;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// Edges of durations (ms) and of bit rates (bit/s), each rising from above 0; 0 and infinity are implied.
///
/// ```
/// use coarsen::search::FreeGrid;
/// let grid = FreeGrid::readable();
/// assert!(grid.durations().contains(&1_200_000) && grid.bitrates().contains(&1_500_000));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeGrid {
    durations: Vec<u64>,
    bitrates: Vec<u64>,
}

impl FreeGrid {
    /// A grid of one's own; an empty list leaves that number out.
    ///
    /// # Errors
    /// [`RoundingError::Edges`] where a list doesn't rise strictly from above 0.
    pub fn new(durations: Vec<u64>, bitrates: Vec<u64>) -> Result<Self, RoundingError> {
        for list in [&durations, &bitrates] {
            if !list.is_empty() {
                Cuts::new(list.clone())?;
            }
        }
        Ok(Self { durations, bitrates })
    }

    /// Edges that people read: 1, 2, 3, 4 and every 5 min to 4 h, then 5 h to 1200 h in round numbers; and two
    /// bit rates a doubling from 16 kbps to 128 Mbps, then one a doubling or so to 4.2 Gbps.
    ///
    /// The coarse ends hold every value a catalogue can hold, so that the last bucket can be closed.
    pub fn readable() -> Self {
        let mut durations: Vec<u64> = (1..5).map(|n| n * MINUTE).collect();
        durations.extend((1..=48).map(|n| n * 5 * MINUTE));
        durations.extend(LONG_HOURS.map(|n| n * HOUR));
        let kbps = [16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 500, 750].map(|n| n * 1_000);
        let mbps = [1_000, 1_500, 2_000, 3_000, 4_000, 6_000, 8_000, 12_000, 16_000, 24_000, 32_000, 48_000]
            .map(|n| n * 1_000);
        let top = [64, 96, 128, 256, 500, 1_000, 2_000, 4_200, 4_295].map(|n| n * 1_000_000);
        Self { durations, bitrates: kbps.into_iter().chain(mbps).chain(top).collect() }
    }

    /// Edges fine enough to tell what readable ones cost: every 10 s to 10 min, every 30 s to 1 h, every minute to
    /// 4 h; every bit rate of two significant digits; and all edges of [`FreeGrid::readable`].
    pub fn fine() -> Self {
        let readable = Self::readable();
        let mut durations: Vec<u64> = (1..=60).map(|n| n * 10 * SECOND).collect();
        durations.extend((21..=120).map(|n| n * 30 * SECOND));
        durations.extend((61..=240).map(|n| n * MINUTE));
        let mut bitrates: Vec<u64> =
            (3..9).flat_map(|power| (10..100).map(move |n| n * 10u64.pow(power))).collect();
        durations.extend(readable.durations);
        bitrates.extend(readable.bitrates);
        for list in [&mut durations, &mut bitrates] {
            list.sort_unstable();
            list.dedup();
        }
        Self { durations, bitrates }
    }

    /// The edges of durations in ms.
    pub fn durations(&self) -> &[u64] {
        &self.durations
    }

    /// The edges of bit rates in bit/s.
    pub fn bitrates(&self) -> &[u64] {
        &self.bitrates
    }
}

/// Hours beyond the public range of 4 h, where a bucket costs nothing but its number; the last holds any duration.
const LONG_HOURS: [u64; 11] = [5, 6, 8, 12, 24, 48, 100, 200, 500, 1_000, 1_200];

/// The edges of one axis that matter on a catalogue, as places: 0, the edges, infinity.
#[derive(Clone, Debug)]
pub(super) struct Places {
    pub dimension: Dimension,
    edges: Vec<u64>,
}

impl Places {
    /// Of the edges up to the least value only the last can serve (it closes the first bucket from below), of those
    /// above the greatest only the first (it closes the last bucket): any other costs more for the same classes.
    pub fn on(axis: &Axis, edges: &[u64], dimension: Dimension) -> Self {
        let (Some(&least), Some(&greatest)) = (axis.values().first(), axis.values().last()) else {
            return Self { dimension, edges: edges.iter().take(1).copied().collect() };
        };
        let first = edges.partition_point(|&edge| edge <= u64::from(least)).saturating_sub(1);
        let last = edges.partition_point(|&edge| edge <= u64::from(greatest)) + 1;
        Self { dimension, edges: edges[first..last.min(edges.len())].to_vec() }
    }

    /// The places without any edge: the number is dropped.
    pub fn none(dimension: Dimension) -> Self {
        Self { dimension, edges: Vec::new() }
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.edges.len() + 2
    }

    /// The bucket between two places.
    pub fn bucket(&self, from: usize, to: usize) -> Bucket {
        let from = if from == 0 { 0 } else { self.edges[from - 1] };
        Bucket { from, to: self.edges.get(to - 1).copied() }
    }

    /// The atom of each rank of the axis; a missing value lies in the one after the last.
    pub fn atoms(&self, axis: &Axis) -> Vec<u32> {
        let atom = |&value: &u32| self.edges.partition_point(|&edge| edge <= u64::from(value)) as u32;
        axis.values().iter().map(atom).chain([self.edges.len() as u32 + 1]).collect()
    }

    /// The rounding that cuts at these places, the first and last of which are 0 and infinity.
    pub fn rounding(&self, path: &[usize]) -> Result<Rounding, RoundingError> {
        let cuts: Vec<u64> = path[1..path.len() - 1].iter().map(|&place| self.edges[place - 1]).collect();
        if cuts.is_empty() {
            return Ok(Rounding::drop(self.dimension));
        }
        Rounding::new(self.dimension, Family::Edges(Cuts::new(cuts)?), Default::default())
    }
}
