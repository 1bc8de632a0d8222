//! The least loss that meets the limits.
//!
//! The candidates are walked as [`space`](super::space) says. Two prunings, both exact:
//! - a candidate that can't beat the best so far is not asked;
//! - where a limit that no coarsening can worsen is broken, every finer nested candidate breaks it at least as
//!   far; until something holds, only those are left out that lie no nearer than the nearest so far.
//!
//! Attackers that limits ask for are dear. They run where every other limit holds; where nothing held yet, also on a
//! candidate that might else be the nearest, as an attacker may lie farther over its limit.

use std::cmp::Ordering;

use super::Candidates;
use super::attackers::{self, Attackers};
use super::breach::{Breach, breaches, broken, evaluate_for, thresholds, worst_first};
use super::shape::{PingShape, Shape};
use super::space::{Answer, Ask, Space, Walked};
use super::sweep::Evaluation;
use super::value::Worth;
use crate::anonymity::{AxisLoss, Distortion, Measures, Tally};
use crate::catalogue::SideField;
use crate::classes::{Cells, Classes, Generalization, Rows};
use crate::policy::Limits;

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
    /// The most boxes of joint buckets that might leave as `other`.
    pub most_other: usize,
}

/// The choice for one shape.
#[derive(Clone, Debug)]
pub struct ShapeChoice {
    /// The shape.
    pub shape: Shape,
    /// Ping by ping.
    pub pings: Vec<PingChoice>,
    /// The pings that don't leave: of names alone, which no width mends, where they break a limit or the catalogue has none of
    /// the names.
    pub left_out: Vec<PingChoice>,
    /// The total of [`Distortion`], each attribute counted at the least loss among the pings that carry it.
    pub distortion: f64,
    /// What it is worth to those who ask, where it was chosen by that.
    pub worth: Option<Worth>,
}

impl ShapeChoice {
    /// The choice of these pings; those of names alone that can't be sent are left out, so that the others still can.
    pub(super) fn of(cells: &Cells<'_>, shape: &Shape, pings: Vec<PingChoice>) -> Self {
        let leaves = |choice: &PingChoice| {
            let of_file = || !choice.found.evaluation().generalization.by.is_empty();
            choice.ping.carries_number() || choice.found.holds() && of_file()
        };
        let (pings, left_out): (Vec<_>, Vec<_>) = pings.into_iter().partition(leaves);
        let losses = || pings.iter().map(|ping| &ping.found.evaluation().distortion);
        let best = |loss: fn(&Distortion) -> AxisLoss| {
            let best = losses().map(loss).min_by(|a, b| a.ncp.total_cmp(&b.ncp));
            best.unwrap_or(AxisLoss::DROPPED)
        };
        let side = |field: SideField| {
            let kept = |ping: &PingChoice| {
                let Evaluation { generalization, distortion, .. } = ping.found.evaluation();
                let told = |lost: f64| lost + (1.0 - lost) * cells.catalogue().side_loss(field);
                generalization.by.contains(&field).then(|| told(distortion.other))
            };
            pings.iter().filter_map(kept).fold(1.0, f64::min)
        };
        let (duration, bitrate) = (best(|d| d.duration), best(|d| d.bitrate));
        let distortion = Distortion::join_with(cells.catalogue(), duration, bitrate, &side).total;
        Self { shape: shape.clone(), pings, left_out, distortion, worth: None }
    }

    /// Whether every limit holds for every ping.
    pub fn holds(&self) -> bool {
        self.pings.iter().all(|ping| ping.found.holds())
    }

    /// The pings, each with its generalization.
    pub fn told(&self) -> Vec<(&PingShape, &Generalization)> {
        self.pings.iter().map(|ping| (&ping.ping, &ping.found.evaluation().generalization)).collect()
    }

    /// The generalizations, ping by ping.
    pub fn generalizations(&self) -> Vec<Generalization> {
        self.pings.iter().map(|ping| ping.found.evaluation().generalization.clone()).collect()
    }
}

/// The shape of most value among those that hold, where all were chosen by value; else that with the least loss, which
/// also settles ties. The first of equals.
pub fn best_shape(choices: &[ShapeChoice]) -> Option<&ShapeChoice> {
    let holding = choices.iter().filter(|choice| choice.holds());
    holding.min_by(|a, b| {
        let worth = a.worth.as_ref().zip(b.worth.as_ref());
        let by_value = worth.map_or(Ordering::Equal, |(a, b)| a.compare(b));
        by_value.then_with(|| a.distortion.total_cmp(&b.distortion))
    })
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
    ShapeChoice::of(cells, shape, shape.pings.iter().map(choose).collect())
}

/// Asks whether the limits hold on the catalogue.
pub(super) struct AskLimits<'c, 'a> {
    cells: &'c Cells<'a>,
    limits: &'c Limits,
    /// Those that a tally answers.
    tallied: Limits,
    attackers: Attackers,
    budgets: [f64; 2],
    rows: Option<(usize, Rows<'c, 'a>)>,
    /// How far over its limits the nearest lies, and its place.
    nearest: Option<(f64, (usize, usize))>,
}

impl<'c, 'a> AskLimits<'c, 'a> {
    pub fn new(cells: &'c Cells<'a>, limits: &'c Limits) -> Self {
        Self {
            cells,
            limits,
            tallied: limits.without_attacks(),
            attackers: Attackers::of(cells.catalogue(), limits),
            budgets: budgets(limits),
            rows: None,
            nearest: None,
        }
    }

    /// The place of the one that lies least far over its limits.
    pub fn nearest(&self) -> Option<(usize, usize)> {
        self.nearest.map(|(_, at)| at)
    }

    /// Limits that a candidate breaks, the worst first: none where every limit holds. Where others break, those of
    /// attackers are left out.
    pub fn breaches(&mut self, space: &Space<'_>, at: (usize, usize)) -> Vec<Breach> {
        let broken = self.by_tally(space, at);
        if broken.is_empty() { self.by_attackers(space, at, false) } else { broken }
    }

    fn by_tally(&mut self, space: &Space<'_>, (duration, bitrate): (usize, usize)) -> Vec<Breach> {
        let catalogue = self.cells.catalogue();
        let mut tally = Tally::new(thresholds(self.limits), catalogue.kind().levels());
        rows_of(&mut self.rows, self.cells, space, duration)
            .visit(space.bitrates[bitrate].rounding, &mut tally);
        breaches(&self.tallied, &Measures::of(tally, catalogue, &self.budgets))
    }

    /// Of all of them, or up to the first that breaks its limit.
    fn by_attackers(&self, space: &Space<'_>, at: (usize, usize), all: bool) -> Vec<Breach> {
        if self.attackers.is_empty() {
            return Vec::new();
        }
        let generalization = space.at(at);
        let classes = Classes::group(self.cells, generalization.key());
        match all {
            true => broken(attackers::margins(self.limits, &self.attackers.attacked(&classes))),
            false => broken(self.attackers.first_broken(&classes).into_iter().collect()),
        }
    }
}

/// The rows of one duration, kept until another is asked for.
pub(super) fn rows_of<'r, 'c, 'a>(
    held: &'r mut Option<(usize, Rows<'c, 'a>)>,
    cells: &'c Cells<'a>,
    space: &Space<'_>,
    duration: usize,
) -> &'r Rows<'c, 'a> {
    if held.as_ref().is_some_and(|(at, _)| *at != duration) {
        *held = None;
    }
    let rows = || (duration, Rows::new(cells, space.durations[duration].rounding, &space.by));
    &held.get_or_insert_with(rows).1
}

impl Ask for AskLimits<'_, '_> {
    fn ask(&mut self, space: &Space<'_>, at: (usize, usize), widths: f64, least: Option<f64>) -> Answer {
        let mut broken = self.by_tally(space, at);
        let nearer = |far: f64| self.nearest.is_none_or(|(nearest, _)| far < nearest);
        if broken.first().is_none_or(|worst| least.is_none() && nearer(worst.factor())) {
            // How far over it is matters only as long as the nearest may be asked for.
            broken.extend(self.by_attackers(space, at, least.is_none()));
            worst_first(&mut broken);
        }
        // How far over its limits a candidate lies, the worst first.
        let Some(far) = broken.first().map(Breach::factor) else {
            return Answer { loss: Some(widths), hopeless: false, bound: 0.0 };
        };
        let nearest = self.nearest.get_or_insert((far, at));
        if far < nearest.0 {
            *nearest = (far, at);
        }
        let monotone = broken.iter().filter(|breach| breach.monotone).map(Breach::factor).next();
        let hopeless = monotone.is_some_and(|far| least.is_some() || far >= nearest.0);
        Answer { loss: None, hopeless, bound: 0.0 }
    }
}

pub(super) fn recommend_ping(
    cells: &Cells<'_>,
    ping: &PingShape,
    candidates: &Candidates,
    limits: &Limits,
    done: &(dyn Fn() + Sync),
) -> PingChoice {
    recommend_of(cells, ping, &Space::new(cells, ping, candidates), limits, done)
}

/// The same where the candidates are ordered already.
pub(super) fn recommend_of(
    cells: &Cells<'_>,
    ping: &PingShape,
    space: &Space<'_>,
    limits: &Limits,
    done: &(dyn Fn() + Sync),
) -> PingChoice {
    let mut ask = AskLimits::new(cells, limits);
    let Walked { best, asked } = space.walk(&mut ask, None, done);
    let again = |at| evaluate_for(cells, &space.at(at), limits);
    let found = match (best, ask.nearest) {
        (Some((_, at)), _) => Found::Holds(again(at)),
        (None, nearest) => {
            // Something was asked, as drop is always among the candidates.
            let evaluation = again(nearest.map_or((0, 0), |(_, at)| at));
            let broken = breaches(limits, &evaluation.measures);
            Found::Nearest(evaluation, broken)
        }
    };
    PingChoice { ping: ping.clone(), found, candidates: space.len(), asked, most_other: 0 }
}
