//! The least loss that meets the limits.
//!
//! Loss is separable, so it is known before any class is formed; only whether the limits hold must be asked.
//! Candidates are asked from the coarsest durations and bit rates on. Two prunings, both exact:
//! - a candidate that can't beat the best so far is not asked;
//! - where a limit that no coarsening can worsen is broken, every finer nested candidate breaks it at least as
//!   far; until something holds, only those are left out that lie no nearer than the nearest so far.
//!
//! What is nested is decided on the catalogue's own values: one rounding refines another there when every
//! place where the other cuts is cut by the one.

use std::collections::BTreeSet;

use super::breach::{Breach, breaches, thresholds};
use super::shape::{PingShape, Shape};
use super::sweep::Evaluation;
use super::{Candidates, evaluate};
use crate::anonymity::{AxisLoss, Distortion, Measures, Tally, axis_loss};
use crate::catalogue::SideField;
use crate::classes::{Axis, Cells, Generalization, Rows};
use crate::policy::Limits;
use crate::rounding::Rounding;

/// The exposed shares at which k is shown: the one that the limits allow, and 1 %.
pub fn budgets(limits: &Limits) -> [f64; 2] {
    [limits.get("exposed_share").unwrap_or(0.001), 0.01]
}

/// What a search ended with.
#[derive(Clone, Debug)]
pub enum Found {
    /// The least loss that meets every limit.
    Holds(Evaluation),
    /// No candidate meets them: the nearest, and what it breaks, the worst first.
    Nearest(Evaluation, Vec<Breach>),
}

impl Found {
    /// The chosen or nearest evaluation.
    pub fn evaluation(&self) -> &Evaluation {
        match self {
            Self::Holds(evaluation) | Self::Nearest(evaluation, _) => evaluation,
        }
    }

    /// Whether every limit holds.
    pub fn holds(&self) -> bool {
        matches!(self, Self::Holds(_))
    }
}

/// The choice for one ping.
#[derive(Clone, Debug)]
pub struct PingChoice {
    /// The ping.
    pub ping: PingShape,
    /// What was found.
    pub found: Found,
    /// Candidates there were.
    pub candidates: u64,
    /// Candidates that had to be asked.
    pub asked: u64,
}

/// The choice for one shape.
#[derive(Clone, Debug)]
pub struct ShapeChoice {
    /// The shape.
    pub shape: Shape,
    /// Ping by ping.
    pub pings: Vec<PingChoice>,
    /// The total of [`Distortion`], each attribute counted at the least loss among the pings that carry it.
    pub distortion: f64,
}

impl ShapeChoice {
    /// Whether every limit holds for every ping.
    pub fn holds(&self) -> bool {
        self.pings.iter().all(|ping| ping.found.holds())
    }

    /// The generalizations, ping by ping.
    pub fn generalizations(&self) -> Vec<Generalization> {
        self.pings.iter().map(|ping| ping.found.evaluation().generalization.clone()).collect()
    }
}

/// The shape with the least loss among those that hold; the first of equals.
pub fn best_shape(choices: &[ShapeChoice]) -> Option<&ShapeChoice> {
    let holding = choices.iter().filter(|choice| choice.holds());
    holding.min_by(|a, b| a.distortion.total_cmp(&b.distortion))
}

/// Chooses the widths of every ping of a shape. A side field or number that the catalogue lacks is left out.
/// `done` is told of every candidate that was asked.
pub fn recommend_shape(
    cells: &Cells<'_>,
    shape: &Shape,
    candidates: &Candidates,
    limits: &Limits,
    done: &(dyn Fn() + Sync),
) -> ShapeChoice {
    let choose = |ping: &PingShape| recommend_ping(cells, ping, candidates, limits, done);
    let pings: Vec<PingChoice> = shape.pings.iter().map(choose).collect();
    let best = |loss: fn(&Distortion) -> AxisLoss| {
        let losses = pings.iter().map(|ping| loss(&ping.found.evaluation().distortion));
        losses.min_by(|a, b| a.ncp.total_cmp(&b.ncp)).unwrap_or(AxisLoss::DROPPED)
    };
    let by: BTreeSet<SideField> =
        pings.iter().flat_map(|ping| ping.found.evaluation().generalization.by.iter().copied()).collect();
    let by: Vec<SideField> = by.into_iter().collect();
    let distortion =
        Distortion::join(cells.catalogue(), best(|d| d.duration), best(|d| d.bitrate), &by).total;
    ShapeChoice { shape: shape.clone(), pings, distortion }
}

/// A candidate rounding of one attribute.
struct Choosable<'a> {
    rounding: &'a Rounding,
    loss: AxisLoss,
    cuts: BTreeSet<u32>,
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
            Choosable { rounding, loss: axis_loss(axis, rounding, rounding.dimension()), cuts }
        })
        .collect();
    options.sort_by(|a, b| {
        let length = |option: &Choosable<'_>| option.rounding.to_string().len();
        b.loss.ncp.total_cmp(&a.loss.ncp).then_with(|| length(b).cmp(&length(a)))
    });
    // From the back, so that of equal cuts the least lossy stays: it makes the same classes for less.
    let mut seen = std::collections::HashSet::new();
    let mut kept: Vec<_> = options.into_iter().rev().filter(|o| seen.insert(o.cuts.clone())).collect();
    kept.reverse();
    kept
}

fn recommend_ping(
    cells: &Cells<'_>,
    ping: &PingShape,
    candidates: &Candidates,
    limits: &Limits,
    done: &(dyn Fn() + Sync),
) -> PingChoice {
    let catalogue = cells.catalogue();
    let by: Vec<SideField> =
        catalogue.reported().into_iter().filter(|f| ping.by.contains(&f.name())).collect();
    let has_rate = catalogue.bitrate_bps().is_some();
    let durations = options(cells.duration(), PingShape::candidates(ping.duration, &candidates.durations));
    let bitrates =
        options(cells.bitrate(), PingShape::candidates(ping.bitrate && has_rate, &candidates.bitrates));
    let refines = |fine: &Choosable<'_>, coarse: &Choosable<'_>| coarse.cuts.is_subset(&fine.cuts);
    let rate_refinements: Vec<Vec<usize>> = bitrates
        .iter()
        .map(|coarse| (0..bitrates.len()).filter(|&fine| refines(&bitrates[fine], coarse)).collect())
        .collect();

    let mut dead: Vec<Vec<bool>> = Vec::new();
    let mut best: Option<(f64, Generalization)> = None;
    let mut nearest: Option<(f64, Generalization)> = None;
    let (mut asked, budgets) = (0, budgets(limits));
    for (d, duration) in durations.iter().enumerate() {
        let mut dead_here = vec![false; bitrates.len()];
        for coarser in (0..d).filter(|&coarser| refines(duration, &durations[coarser])) {
            dead_here.iter_mut().zip(&dead[coarser]).for_each(|(here, there)| *here |= there);
        }
        let mut rows = None;
        for (b, bitrate) in bitrates.iter().enumerate() {
            let total = Distortion::join(catalogue, duration.loss, bitrate.loss, &by).total;
            if dead_here[b] || best.as_ref().is_some_and(|(least, _)| total >= *least) {
                continue;
            }
            let rows = rows.get_or_insert_with(|| Rows::new(cells, duration.rounding, &by));
            let mut tally = Tally::new(thresholds(limits), catalogue.kind().levels());
            rows.visit(bitrate.rounding, &mut tally);
            let broken = breaches(limits, &Measures::of(tally, catalogue, &budgets));
            asked += 1;
            done();
            let generalization = || Generalization {
                duration: duration.rounding.clone(),
                bitrate: bitrate.rounding.clone(),
                by: by.clone(),
            };
            if broken.is_empty() {
                best = Some((total, generalization()));
                continue;
            }
            // How far over its limits a candidate lies, the worst first.
            let far = broken[0].factor();
            if nearest.as_ref().is_none_or(|(least, _)| far < *least) {
                nearest = Some((far, generalization()));
            }
            let monotone = broken.iter().filter(|breach| breach.monotone).map(Breach::factor).next();
            let no_nearer = |far: f64| nearest.as_ref().is_some_and(|(least, _)| far >= *least);
            if monotone.is_some_and(|far| best.is_some() || no_nearer(far)) {
                rate_refinements[b].iter().for_each(|&fine| dead_here[fine] = true);
            }
        }
        dead.push(dead_here);
    }
    let again = |generalization| evaluate(cells, &generalization, thresholds(limits), &budgets);
    let found = match (best, nearest) {
        (Some((_, generalization)), _) => Found::Holds(again(generalization)),
        (None, nearest) => {
            let generalization =
                nearest.map_or_else(Generalization::drop, |(_, generalization)| generalization);
            let evaluation = again(generalization);
            let broken = breaches(limits, &evaluation.measures);
            Found::Nearest(evaluation, broken)
        }
    };
    let candidates = (durations.len() * bitrates.len()) as u64;
    PingChoice { ping: ping.clone(), found, candidates, asked }
}

/// The roundings of one attribute that the search weighed, from the most to the least lossy.
pub(super) fn ordered<'a>(axis: &Axis, carries: bool, list: &'a [Rounding]) -> Vec<(&'a Rounding, f64)> {
    let options = options(axis, PingShape::candidates(carries, list));
    options.into_iter().map(|option| (option.rounding, option.loss.ncp)).collect()
}
