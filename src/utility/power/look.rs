//! A table as one who looks for faults sees it, and how faults look there.

use std::collections::HashMap;
use std::ops::Range;

use rayon::prelude::*;

use super::base::Base;
use super::cells::{Cells, places};
use super::family::Response;
use super::fault::Fault;
use super::hit::Hit;
use super::machine::Machine;
use super::sums::Sums;

/// What leaves of each play, of the columns that matter to a family.
pub(super) struct Seen<'a> {
    /// The categories that leave, at most two.
    pub(super) categories: Vec<&'a [u32]>,
    /// The number, or the lower end of its bucket, where it leaves.
    pub(super) number: Option<Vec<Option<u64>>>,
    /// What the play responds: whether it stalls (0 or 1), or the logarithm of its speed.
    pub(super) responses: Vec<Option<f64>>,
    /// The logarithm of a speed as it leaves.
    pub(super) speed: Box<dyn Fn(u32) -> f64 + Sync + 'a>,
}

/// A machine, and what it takes to tell how faults look to it.
pub(super) struct Look<'a> {
    pub(super) machine: Machine,
    /// The response of each play, 0 where it doesn't leave.
    responses: Vec<f64>,
    /// The share of the plays that stall that are seen to.
    visible: f64,
    speed: Box<dyn Fn(u32) -> f64 + Sync + 'a>,
}

/// The faults of all replicas at one size: those that are the same are told once.
pub(super) struct Hits {
    each: Vec<Hit>,
    of: Vec<usize>,
}

impl<'a> Look<'a> {
    /// O(plays log plays).
    pub(super) fn new(base: &Base, seen: Seen<'a>) -> Self {
        let places = seen.number.as_ref().map(|number| places(number, |value| base.family.grid(value)));
        let key = |play: usize| {
            seen.responses[play]?;
            let mut group = [0; 2];
            for (code, codes) in group.iter_mut().zip(&seen.categories) {
                *code = codes[play];
            }
            // Plays without the number stand apart: no run of places holds some of both.
            let place = places.as_ref().map_or(0, |places| places[play]);
            Some(((group, place == 0), place))
        };
        let keys: Vec<_> = (0..seen.responses.len()).map(key).collect();
        let responses: Vec<f64> =
            seen.responses.iter().map(|response| response.unwrap_or_default()).collect();
        let machine = Machine::new(base.family.response(), Cells::new(&keys), &responses);
        let (mut stalled, mut seen_to) = (0.0, 0.0);
        for (raw, response) in base.responses.iter().zip(&seen.responses) {
            if let (Some(1), Some(response)) = (raw, response) {
                stalled += 1.0;
                seen_to += response;
            }
        }
        let visible = if stalled > 0.0 { seen_to / stalled } else { 0.0 };
        Self { machine, responses, visible, speed: seen.speed }
    }

    /// How the faults look at that size. O(plays of all different faults).
    pub(super) fn hits(&self, base: &Base, faults: &[Fault], size: f64) -> Hits {
        let mut places: HashMap<&Range<usize>, usize> = HashMap::new();
        let mut different: Vec<&Fault> = Vec::new();
        let mut of = Vec::with_capacity(faults.len());
        for fault in faults {
            let next = different.len();
            let place = *places.entry(&fault.plays).or_insert(next);
            if place == next {
                different.push(fault);
            }
            of.push(place);
        }
        let cells = self.machine.cells.count();
        let scratch = || vec![(0.0, Sums::default()); cells];
        let each = different
            .par_iter()
            .map_init(scratch, |scratch, fault| self.hit(base, fault, size, scratch))
            .collect();
        Hits { each, of }
    }

    fn hit(&self, base: &Base, fault: &Fault, size: f64, scratch: &mut [(f64, Sums)]) -> Hit {
        let (cells, times) = (self.machine.cells.of(), self.times(fault, size));
        let adds = fault.plays.clone().filter_map(|at| {
            let play = base.order[at] as usize;
            (cells[play] != Cells::NONE).then(|| (cells[play], self.add(base, at, size).times(times)))
        });
        Hit::collect(adds, scratch)
    }

    /// What any fault of that size adds to the play at a place of the base's order, each time that it adds it.
    pub(super) fn add(&self, base: &Base, at: usize, size: f64) -> Sums {
        let more = match self.machine.response {
            Response::Share if base.response(at) > 0 => Sums::default(),
            Response::Share => Sums::of(1.0),
            Response::Mean => {
                let slower = (f64::from(base.response(at)) * (1.0 - size)).round().max(1.0);
                let play = base.order[at] as usize;
                Sums::of((self.speed)(slower as u32)) - Sums::of(self.responses[play])
            }
        };
        Sums { plays: 0.0, ..more }
    }

    /// How many times a fault adds it: as often as it makes a play stall and that is seen; once to a speed.
    pub(super) fn times(&self, fault: &Fault, size: f64) -> f64 {
        match self.machine.response {
            Response::Share => joining(fault.stalling, size) * self.visible,
            Response::Mean => 1.0,
        }
    }
}

impl Hits {
    /// One of each replica.
    pub(super) fn each(each: Vec<Hit>) -> Self {
        let of = (0..each.len()).collect();
        Self { each, of }
    }

    /// That of a replica.
    pub(super) fn of(&self, replica: usize) -> &Hit {
        &self.each[self.of[replica]]
    }

    /// Of all replicas.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Hit> {
        self.of.iter().map(|&place| &self.each[place])
    }
}

/// The probability that a play which doesn't stall does under a fault of that size, where so many stall without it: all of
/// them stall from where the share of stalls reaches 1.
fn joining(stalling: f64, size: f64) -> f64 {
    (stalling * (size - 1.0) / (1.0 - stalling)).min(1.0)
}
