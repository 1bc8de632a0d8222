//! The most diagnostic value that meets the limits.
//!
//! Distortion counts how far numbers move, whatever they are for. Plays can tell what is lost by it: the engineers'
//! questions that lose their answer, and how much more traffic it takes to find a fault. A choice by value is one that
//! meets every limit and of which, in this order,
//! 1. the fewest questions and families of faults are lost,
//! 2. the sample-size ratio of the families that are left is the least (their product, in steps of a quarter),
//! 3. the answers' errors are the least, each as a share of the error of knowing nothing but the figure of all plays.
//!
//! Two shortcuts. Of a ping with one number only the finest that hold are asked, which is a rule of thumb: what leaves of
//! them holds more information, but a coarser one may cut where a question does, or have fewer buckets to be misled by. And
//! of a ping that carries both numbers, of which too many pairs hold that refine none of each other, the questions are asked
//! of few: those that cost the least who look for faults, and the one of least distortion.
//!
//! A ping is asked what it would answer in its shape if numbers left as they are.

mod diagnosis;
mod finest;
mod grid;
mod pairs;
mod traffic;
mod worth;

pub use diagnosis::Diagnosis;
pub use traffic::Traffic;
pub use worth::Worth;

use self::diagnosis::Parts;
use self::finest::finest;
use super::breach::evaluate_for;
use super::recommend::{AskLimits, recommend_of};
use super::shape::{PingShape, Shape};
use super::space::Space;
use super::{Candidates, Found, PingChoice, SearchError, ShapeChoice};
use crate::classes::{Cells, Generalization};
use crate::policy::Limits;
use crate::rounding::Rounding;
use crate::units::Dimension;

/// Chooses the widths of every ping of a shape by what plays tell; where nothing meets the limits, the nearest. `done` is
/// told of every candidate that was asked.
///
/// # Errors
/// [`SearchError::Utility`] and [`SearchError::Power`] where a question can't be put to the plays.
pub fn recommend_shape_by_value(
    cells: &Cells<'_>,
    shape: &Shape,
    candidates: &Candidates,
    limits: &Limits,
    diagnosis: &Diagnosis<'_>,
    done: &(dyn Fn() + Sync),
) -> Result<ShapeChoice, SearchError> {
    let kept = |ping: &PingShape| {
        let number = |carries: bool, dimension: Dimension| match carries {
            true => Rounding::keep(dimension),
            false => Rounding::drop(dimension),
        };
        Generalization {
            duration: number(ping.duration, Dimension::Duration),
            bitrate: number(ping.bitrate, Dimension::Bitrate),
            by: Space::by(cells.catalogue(), ping),
            other: Vec::new(),
        }
    };
    let kept: Vec<Generalization> = shape.pings.iter().map(kept).collect();
    let parts = diagnosis.parts(&shape.pings.iter().zip(&kept).collect::<Vec<_>>())?;
    let choose = |ping: &PingShape| choose(cells, ping, candidates, limits, (diagnosis, &parts), done);
    let pings: Vec<PingChoice> = shape.pings.iter().map(choose).collect::<Result<_, _>>()?;
    let mut choice = ShapeChoice::of(cells, shape, pings);
    choice.worth = Some(diagnosis.worth(&choice.told())?);
    Ok(choice)
}

fn choose(
    cells: &Cells<'_>,
    ping: &PingShape,
    candidates: &Candidates,
    limits: &Limits,
    (diagnosis, parts): (&Diagnosis<'_>, &Parts),
    done: &(dyn Fn() + Sync),
) -> Result<PingChoice, SearchError> {
    let space = Space::new(cells, ping, candidates);
    if ping.duration && ping.bitrate {
        return pairs::choose(cells, ping, &space, limits, (diagnosis, parts), done);
    }
    let by_distortion = || recommend_of(cells, ping, &space, limits, done);
    let mut ask = AskLimits::new(cells, limits);
    let at = |place: usize| if ping.duration { (place, 0) } else { (0, place) };
    let mut breaches = |place: usize| {
        done();
        ask.breaches(&space, at(place))
    };
    let (held, asked) = match ping.duration {
        true => finest(space.durations.len(), &|a, b| space.duration_refines(a, b), &mut breaches),
        false => finest(space.bitrates.len(), &|a, b| space.bitrate_refines(a, b), &mut breaches),
    };
    let again = |place: usize| PingChoice {
        ping: ping.clone(),
        found: Found::Holds(evaluate_for(cells, &space.at(at(place)), limits)),
        candidates: space.len(),
        asked,
        most_other: 0,
    };
    // Of one there is nothing to choose.
    if let [only] = held[..] {
        return Ok(again(only));
    }
    let mut best: Option<(Worth, f64, usize)> = None;
    for place in held {
        let (duration, bitrate) = at(place);
        let worth = diagnosis.worth_of((ping, &space.at((duration, bitrate))), parts)?;
        let ncp = space.durations[duration].loss.ncp + space.bitrates[bitrate].loss.ncp;
        let better = best
            .as_ref()
            .is_none_or(|(least, loss, _)| worth.compare(least).then(ncp.total_cmp(loss)).is_lt());
        if better {
            best = Some((worth, ncp, place));
        }
    }
    Ok(best.map_or_else(by_distortion, |(.., place)| again(place)))
}
