//! The plays it takes to find faults, by the normal approximation: without any replica, for who compares many releases.

use std::ops::Range;

use super::hit::Hit;
use super::look::Hits;
use super::machine::Machine;
use super::needed::{MOST_TRAFFIC, POWER};
use super::quantile::normal_quantile;
use super::sums::Sums;
use super::tried::{FALSE_ALARM, FOUND};

/// Plays of each arm at which four of five faults are found, each in the run that shows it best among those that hold at
/// least half of its plays: z is normal around its expectation, and the threshold is that of as many tests as there are
/// runs, none of which is taken to know of another. `None` where no amount of traffic is enough. O(faults x places²).
pub(super) fn expected(machine: &Machine, hits: &Hits) -> Option<f64> {
    let runs: usize = machine.cells.groups().iter().map(|group| group.len() * (group.len() + 1) / 2).sum();
    let threshold = normal_quantile(1.0 - FALSE_ALARM / (2.0 * runs.max(1) as f64));
    // z of each fault at one play.
    let strengths: Vec<f64> =
        hits.iter().map(|hit| (strongest(machine, hit) / machine.plays).sqrt()).collect();
    let below = |z: f64| 0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2);
    let power = |plays: f64| {
        let found = strengths.iter().map(|strength| below(strength * plays.sqrt() - threshold));
        found.sum::<f64>() / strengths.len() as f64
    };
    let (mut low, mut high) = (0.0, libm::log2(MOST_TRAFFIC as f64));
    if power(libm::exp2(high)) < POWER {
        return None;
    }
    // To a thousandth of a doubling.
    while high - low > 1e-3 {
        let middle = 0.5 * (low + high);
        if power(libm::exp2(middle)) < POWER { low = middle } else { high = middle }
    }
    Some(libm::exp2(high))
}

/// The largest expected z² of a run that holds at least half of the fault's plays.
fn strongest(machine: &Machine, hit: &Hit) -> f64 {
    let (mut best, mut struck) = (0.0f64, &hit.cells[..]);
    for group in machine.cells.groups() {
        let here = struck.partition_point(|struck| struck.cell < group.end);
        let (of_group, rest) = struck.split_at(here);
        struck = rest;
        let plays: f64 = of_group.iter().map(|struck| struck.plays).sum();
        if plays >= FOUND * hit.plays && plays > 0.0 {
            best = best.max(strongest_of(machine, hit, group));
        }
    }
    best
}

fn strongest_of(machine: &Machine, hit: &Hit, group: &Range<usize>) -> f64 {
    let mut best = 0.0f64;
    for from in group.clone() {
        let (mut before, mut more, mut plays) = (Sums::default(), Sums::default(), 0.0);
        let first = hit.cells.partition_point(|struck| struck.cell < from);
        let mut struck = hit.cells[first..].iter().peekable();
        for cell in from..group.end {
            before += machine.sums[cell];
            if let Some(here) = struck.next_if(|struck| struck.cell == cell) {
                more += here.more;
                plays += here.plays;
            }
            if plays >= FOUND * hit.plays && plays > 0.0 {
                best = best.max(machine.response.square(before, before + more));
            }
        }
    }
    best
}
