//! The most diagnostic value that meets the limits.
//!
//! Distortion counts how far numbers move, whatever they are for. Plays can tell what is lost by it: the engineers'
//! questions that lose their answer, and how much more traffic it takes to find a fault. A choice by value is one that
//! meets every limit and of which, in this order,
//! 1. the fewest questions and families of faults are lost,
//! 2. the sample-size ratio of the families that are left is the least (their product),
//! 3. the answers' errors are the least, each as a share of the error of knowing nothing but the figure of all plays.
//!
//! Only the finest that hold are asked: no question learns from a coarsening what it can't learn from what it
//! coarsens. What the duration loses and what the bit rate loses are asked apart, as no built-in question cuts by both.

mod diagnosis;
mod finest;
mod worth;

pub use diagnosis::Diagnosis;
pub use worth::Worth;

use rayon::prelude::*;

use self::finest::finest;
use super::breach::evaluate_for;
use super::recommend::{AskLimits, recommend_ping};
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
    let choose = |ping: &PingShape| choose(cells, ping, candidates, limits, diagnosis, done);
    let pings: Vec<PingChoice> = shape.pings.iter().map(choose).collect::<Result<_, _>>()?;
    let mut choice = ShapeChoice::of(cells, shape, pings);
    let names = choice.pings.iter().map(|ping| ping.ping.name);
    let generalizations = choice.generalizations();
    let pings: Vec<(&str, &Generalization)> = names.zip(&generalizations).collect();
    choice.worth = Some(diagnosis.worth(&pings)?);
    Ok(choice)
}

fn choose(
    cells: &Cells<'_>,
    ping: &PingShape,
    candidates: &Candidates,
    limits: &Limits,
    diagnosis: &Diagnosis<'_>,
    done: &(dyn Fn() + Sync),
) -> Result<PingChoice, SearchError> {
    let space = Space::new(cells, ping, candidates);
    let mut ask = AskLimits::new(cells, limits);
    let (held, asked) = finest(&space, &mut |at| ask.breaches(&space, at), done);
    if held.is_empty() {
        return Ok(recommend_ping(cells, ping, candidates, limits, done));
    }
    let alone = |places: Vec<usize>, at: fn(usize) -> (usize, usize), dimension: Dimension| {
        let emitted = |place: usize| {
            let Generalization { duration, bitrate, by, other } = space.at(at(place));
            match dimension {
                Dimension::Duration => {
                    Generalization { bitrate: Rounding::drop(Dimension::Bitrate), duration, by, other }
                }
                _ => Generalization { duration: Rounding::drop(Dimension::Duration), bitrate, by, other },
            }
        };
        let emitted: Vec<(usize, Generalization)> =
            places.into_iter().map(|place| (place, emitted(place))).collect();
        let worth = |(place, emitted): (usize, Generalization)| {
            Ok((place, diagnosis.worth_of(ping.name, &emitted, dimension)?))
        };
        emitted.into_par_iter().map(worth).collect::<Result<Vec<(usize, Worth)>, SearchError>>()
    };
    let by_duration =
        alone(distinct(held.iter().map(|(duration, _)| *duration)), |place| (place, 0), Dimension::Duration)?;
    let by_bitrate =
        alone(distinct(held.iter().map(|(_, bitrate)| *bitrate)), |place| (0, place), Dimension::Bitrate)?;
    let find = |list: &[(usize, Worth)], place: usize| {
        list.iter().find(|(other, _)| *other == place).map_or(Worth::default(), |(_, worth)| worth.clone())
    };
    let worth =
        |&(duration, bitrate): &(usize, usize)| find(&by_duration, duration).and(find(&by_bitrate, bitrate));
    let ncp = |&(duration, bitrate): &(usize, usize)| {
        space.durations[duration].loss.ncp + space.bitrates[bitrate].loss.ncp
    };
    let best = held.iter().min_by(|a, b| worth(a).compare(&worth(b)).then_with(|| ncp(a).total_cmp(&ncp(b))));
    let at = best.copied().unwrap_or((0, 0));
    let evaluation = evaluate_for(cells, &space.at(at), limits);
    Ok(PingChoice {
        ping: ping.clone(),
        found: Found::Holds(evaluation),
        candidates: space.len(),
        asked,
        most_other: 0,
    })
}

fn distinct(places: impl Iterator<Item = usize>) -> Vec<usize> {
    places.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}
