//! A table as one who looks for faults sees it, and replicas of it at any amount of traffic.

use super::cells::Cells;
use super::counts::{Rate, inside};
use super::family::Response;
use super::hit::Hit;
use super::quantile::normal_quantile;
use super::scan::{Strongest, strongest};
use super::sums::Sums;
use crate::catalogue::stream::Stream;

/// The cells of a table and what its plays sum to in each: all that a replica needs.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    pub(super) response: Response,
    pub(super) cells: Cells,
    /// Of each cell, what the plays of the table respond as it leaves.
    pub(super) sums: Vec<Sums>,
    /// All plays, also those of which nothing leaves.
    pub(super) plays: f64,
}

/// A machine at one amount of traffic.
pub(super) struct AtTraffic<'a> {
    machine: &'a Machine,
    /// Plays of an arm for each play of the table.
    scale: f64,
    rates: Vec<[Rate; 2]>,
}

impl Machine {
    /// By cell and response of each play. O(plays).
    pub(super) fn new(response: Response, cells: Cells, responses: &[f64]) -> Self {
        let mut sums = vec![Sums::default(); cells.count()];
        for (&cell, &response) in cells.of().iter().zip(responses) {
            if cell != Cells::NONE {
                sums[cell as usize] += Sums::of(response);
            }
        }
        Self { response, plays: cells.of().len() as f64, cells, sums }
    }

    /// At so many plays in each arm. O(cells).
    pub(super) fn at(&self, traffic: f64) -> AtTraffic<'_> {
        let scale = traffic / self.plays;
        let rates = self.sums.iter().map(|sums| self.rates(sums.times(scale))).collect();
        AtTraffic { machine: self, scale, rates }
    }

    /// Stalled and other plays, or plays alone.
    fn rates(&self, expected: Sums) -> [Rate; 2] {
        match self.response {
            Response::Share => [Rate::new(expected.sum), Rate::new((expected.plays - expected.sum).max(0.0))],
            Response::Mean => [Rate::new(expected.plays), Rate::default()],
        }
    }
}

impl AtTraffic<'_> {
    /// The strongest difference between an arm before and one after; without a fault they differ by chance alone.
    ///
    /// Each cell takes four uniform numbers of the stream, whatever the traffic and the fault. O(cells) draws and a scan.
    pub(super) fn replica(
        &self,
        hit: Option<&Hit>,
        random: &mut Stream,
        arms: &mut Vec<[Sums; 2]>,
    ) -> Strongest {
        arms.clear();
        let mut struck = hit.map_or(&[][..], |hit| &hit.cells).iter().peekable();
        for (cell, (&sums, rates)) in self.machine.sums.iter().zip(&self.rates).enumerate() {
            let before = self.arm(sums, rates, random);
            let after = match struck.next_if(|struck| struck.cell == cell) {
                Some(struck) => {
                    let changed = sums + struck.more;
                    let rates = self.machine.rates(changed.times(self.scale));
                    self.arm(changed, &rates, random)
                }
                None => self.arm(sums, rates, random),
            };
            arms.push([before, after]);
        }
        strongest(self.machine.response, arms, self.machine.cells.groups())
    }

    /// What an arm counts in a cell: exactly where plays stall or don't; of a mean, plays and a normal sum of them, with the
    /// variance that all plays of the cell have.
    #[inline]
    fn arm(&self, all: Sums, rates: &[Rate; 2], random: &mut Stream) -> Sums {
        let (first, second) = (rates[0].draw(random), rates[1]);
        match self.machine.response {
            Response::Share => Sums { plays: first + second.draw(random), sum: first, squares: first },
            Response::Mean => {
                let (mean, variance) = (all.sum / all.plays, all.variance());
                let off = (first * variance).sqrt() * normal_quantile(inside(random));
                let squares = first * (mean * mean + variance);
                // Around the mean of the cell, so that no digits are lost where logarithms are large.
                Sums { plays: first, sum: first * mean + off, squares: squares + 2.0 * mean * off }
            }
        }
    }
}
