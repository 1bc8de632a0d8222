//! The candidates of one ping in order, and the walk through them that every search takes.
//!
//! Loss is separable, so what a candidate loses by its widths is known before any class is formed; only what must be
//! asked is asked. Candidates are walked from the coarsest durations and bit rates on, and one is passed over where its
//! loss, with the least that is known to come on top, can't beat the least so far. What comes on top is learned from
//! coarser candidates: see [`Answer`].
//!
//! What is nested is decided on the catalogue's own values: one rounding refines another there when every
//! place where the other cuts is cut by the one. It may still lose more (an open bucket counts as lost, however few
//! values lie in it), so whether it also keeps at least as much of every value is asked apart.

use std::cell::OnceCell;
use std::collections::HashSet;

use super::Candidates;
use super::shape::PingShape;
use crate::anonymity::{AxisLoss, Distortion, axis_loss, ncp};
use crate::catalogue::{Catalogue, SideField};
use crate::classes::{Axis, Cells, Generalization};
use crate::rounding::{Partition, Rounding};

/// A candidate rounding of one attribute.
pub(super) struct Choosable<'a> {
    pub rounding: &'a Rounding,
    pub loss: AxisLoss,
    /// The ranks of the values that a bucket begins at, without the first, rising.
    cuts: Vec<u32>,
    /// The NCP of every bucket that holds a value, in order.
    ncps: Vec<f64>,
}

/// The candidates of one ping.
pub(super) struct Space<'a> {
    catalogue: &'a Catalogue,
    /// The side fields that leave.
    pub by: Vec<SideField>,
    /// From the most to the least lossy.
    pub durations: Vec<Choosable<'a>>,
    /// From the most to the least lossy.
    pub bitrates: Vec<Choosable<'a>>,
    /// For each bit rate those that refine it.
    rate_refinements: Vec<Vec<usize>>,
    /// Those of them that keep at least as much of every value; not every search asks.
    rate_keeps: OnceCell<Vec<Vec<usize>>>,
}

/// What is learned of a candidate.
pub(super) struct Answer {
    /// What it loses in all, where it can be chosen.
    pub loss: Option<f64>,
    /// Whether no refinement of it need be asked.
    pub hopeless: bool,
    /// How much every refinement that keeps at least as much of every value loses on top of its widths' loss, at the
    /// least, if it can be chosen at all.
    pub bound: f64,
}

/// What asks a candidate, by its places in [`Space::durations`] and [`Space::bitrates`]. All bit rates of one duration
/// are asked in a row. `widths` is the loss of the widths, `least` that of the best so far.
pub(super) trait Ask {
    fn ask(&mut self, space: &Space<'_>, at: (usize, usize), widths: f64, least: Option<f64>) -> Answer;
}

/// The least loss below `start` with its place, and how many candidates were asked.
pub(super) struct Walked {
    pub best: Option<(f64, (usize, usize))>,
    pub asked: u64,
}

impl<'a> Space<'a> {
    /// Those of a ping on a catalogue; a side field or number that the catalogue lacks is left out.
    pub fn new(cells: &Cells<'a>, ping: &PingShape, candidates: &'a Candidates) -> Self {
        let catalogue = cells.catalogue();
        let by = Self::by(catalogue, ping);
        let has_rate = catalogue.bitrate_bps().is_some();
        let durations =
            options(cells.duration(), PingShape::candidates(ping.duration, &candidates.durations));
        let bitrates =
            options(cells.bitrate(), PingShape::candidates(ping.bitrate && has_rate, &candidates.bitrates));
        let refinements =
            |coarse| (0..bitrates.len()).filter(|&fine| refines(&bitrates[fine], coarse)).collect();
        let rate_refinements = bitrates.iter().map(refinements).collect();
        Self { catalogue, by, durations, bitrates, rate_refinements, rate_keeps: OnceCell::new() }
    }

    /// The side fields of a ping that the catalogue has.
    pub fn by(catalogue: &Catalogue, ping: &PingShape) -> Vec<SideField> {
        let carries = |field: &SideField| ping.by.contains(&field.name()) && catalogue.side(*field).is_some();
        SideField::ALL.into_iter().filter(carries).collect()
    }

    /// How many candidates there are.
    pub fn len(&self) -> u64 {
        (self.durations.len() * self.bitrates.len()) as u64
    }

    /// A candidate.
    pub fn at(&self, (duration, bitrate): (usize, usize)) -> Generalization {
        Generalization {
            duration: self.durations[duration].rounding.clone(),
            bitrate: self.bitrates[bitrate].rounding.clone(),
            by: self.by.clone(),
            other: Vec::new(),
        }
    }

    /// Where a candidate stands that is one of them.
    pub fn place(&self, of: &Generalization) -> Option<(usize, usize)> {
        let at =
            |all: &[Choosable<'_>], rounding: &Rounding| all.iter().position(|one| one.rounding == rounding);
        Some((at(&self.durations, &of.duration)?, at(&self.bitrates, &of.bitrate)?))
    }

    /// Whether one duration, by its place, cuts wherever the other does. O(cuts).
    pub fn duration_refines(&self, fine: usize, coarse: usize) -> bool {
        refines(&self.durations[fine], &self.durations[coarse])
    }

    /// The same of bit rates.
    pub fn bitrate_refines(&self, fine: usize, coarse: usize) -> bool {
        self.rate_refinements[coarse].contains(&fine)
    }

    fn rate_keeps(&self) -> &[Vec<usize>] {
        self.rate_keeps.get_or_init(|| {
            let keeps = |(coarse, fine): (&Choosable<'_>, &Vec<usize>)| {
                fine.iter().copied().filter(|&fine| keeps(&self.bitrates[fine], coarse)).collect()
            };
            self.bitrates.iter().zip(&self.rate_refinements).map(keeps).collect()
        })
    }

    /// Walks through the candidates for the least distortion. `done` is told of each that was asked.
    pub fn walk(&self, ask: &mut dyn Ask, start: Option<f64>, done: &(dyn Fn() + Sync)) -> Walked {
        let widths = |(duration, bitrate): (usize, usize)| {
            let (duration, bitrate) = (self.durations[duration].loss, self.bitrates[bitrate].loss);
            Distortion::join(self.catalogue, duration, bitrate, &self.by).total
        };
        self.walk_by(&widths, ask, start, done)
    }

    /// The same for the least of any loss that is known of the widths.
    pub fn walk_by(
        &self,
        loss: &dyn Fn((usize, usize)) -> f64,
        ask: &mut dyn Ask,
        start: Option<f64>,
        done: &(dyn Fn() + Sync),
    ) -> Walked {
        let (mut best, mut asked) = (None, 0);
        let mut least = start;
        let (mut dead, mut bounds): (Vec<Vec<bool>>, Vec<Vec<f64>>) = (Vec::new(), Vec::new());
        for (d, duration) in self.durations.iter().enumerate() {
            let mut dead_here = vec![false; self.bitrates.len()];
            let mut bound = vec![0.0f64; self.bitrates.len()];
            for coarser in (0..d).filter(|&coarser| refines(duration, &self.durations[coarser])) {
                dead_here.iter_mut().zip(&dead[coarser]).for_each(|(here, there)| *here |= there);
                let learned = bounds[coarser].iter().any(|bound| *bound > 0.0);
                if learned && keeps(duration, &self.durations[coarser]) {
                    bound.iter_mut().zip(&bounds[coarser]).for_each(|(here, there)| *here = here.max(*there));
                }
            }
            for b in 0..self.bitrates.len() {
                let widths = loss((d, b));
                if dead_here[b] || least.is_some_and(|least| widths + bound[b] >= least) {
                    continue;
                }
                let answer = ask.ask(self, (d, b), widths, least);
                asked += 1;
                done();
                if let Some(loss) = answer.loss.filter(|loss| least.is_none_or(|least| *loss < least)) {
                    least = Some(loss);
                    best = Some((loss, (d, b)));
                }
                if answer.hopeless {
                    self.rate_refinements[b].iter().for_each(|&fine| dead_here[fine] = true);
                }
                if answer.bound > 0.0 {
                    for &fine in &self.rate_keeps()[b] {
                        bound[fine] = bound[fine].max(answer.bound);
                    }
                }
            }
            dead.push(dead_here);
            bounds.push(bound);
        }
        Walked { best, asked }
    }
}

/// Whether every cut of the coarse one is one of the fine one's. O(cuts).
fn refines(fine: &Choosable<'_>, coarse: &Choosable<'_>) -> bool {
    if coarse.cuts.len() > fine.cuts.len() {
        return false;
    }
    let mut cuts = fine.cuts.iter();
    coarse.cuts.iter().all(|cut| cuts.find(|fine| *fine >= cut) == Some(cut))
}

/// Whether the one, which refines the other, keeps at least as much of every value. O(cuts).
fn keeps(fine: &Choosable<'_>, coarse: &Choosable<'_>) -> bool {
    let starts = std::iter::once(&0).chain(&fine.cuts);
    let mut held = 0;
    starts.zip(&fine.ncps).all(|(start, ncp)| {
        // Every cut of the coarse one is a start of the fine one.
        held += usize::from(coarse.cuts.get(held) == Some(start));
        coarse.ncps.get(held).is_none_or(|coarse| ncp <= coarse)
    })
}

/// The candidates of one attribute from the most to the least lossy, those that cut the values alike merged:
/// the least lossy of them stays, the one written shorter where they tie.
fn options<'a>(axis: &Axis, list: Vec<&'a Rounding>) -> Vec<Choosable<'a>> {
    let mut options: Vec<Choosable<'a>> = list
        .into_iter()
        .map(|rounding| {
            let (numbers, _) = axis.buckets(rounding);
            let cuts =
                (1..numbers.len()).filter(|&i| numbers[i] != numbers[i - 1]).map(|i| i as u32).collect();
            let mut ncps: Vec<f64> = Vec::new();
            for (&value, &number) in axis.values().iter().zip(&numbers) {
                if ncps.len() == number as usize {
                    ncps.push(ncp(rounding.bucket(u64::from(value)), rounding.dimension()));
                }
            }
            Choosable { rounding, loss: axis_loss(axis, rounding, rounding.dimension()), cuts, ncps }
        })
        .collect();
    options.sort_by(|a, b| {
        let length = |option: &Choosable<'_>| option.rounding.to_string().len();
        b.loss.ncp.total_cmp(&a.loss.ncp).then_with(|| length(b).cmp(&length(a)))
    });
    // From the back, so that of equal cuts the least lossy stays: it makes the same classes for less.
    let mut seen = HashSet::new();
    let mut kept: Vec<_> = options.into_iter().rev().filter(|o| seen.insert(o.cuts.clone())).collect();
    kept.reverse();
    kept
}

/// The roundings of one attribute that the search weighed, from the most to the least lossy.
pub(super) fn ordered<'a>(axis: &Axis, carries: bool, list: &'a [Rounding]) -> Vec<(&'a Rounding, f64)> {
    let options = options(axis, PingShape::candidates(carries, list));
    options.into_iter().map(|option| (option.rounding, option.loss.ncp)).collect()
}
