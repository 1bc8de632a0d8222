//! A4: plays of a season or an album that are linked, and plays of a server.

use super::ends::AtEnds;
use super::{Answer, Part, Rate, Remedy, Scene, Step, servers_named};
use crate::attack::Prior;
use crate::attack::sequence::{Binger, LENGTHS, Linked, Order, Recognition};
use crate::catalogue::stream::stream;

/// Stretches drawn, at most.
const MOST_STRETCHES: u64 = 10_000;
/// Where it is compared: so many linked plays.
const HEADLINE: u32 = 3;
/// A series may be named so often, where it is told how many plays may be linked.
const TOLERATED: f64 = 0.05;

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let runs = &scene.ends.runs;
    if runs.longest() < 2 {
        return Err("no series or album has two titles, so there are no plays to link".to_owned());
    }
    let here = Linked::new(&scene.classes, runs);
    let binger = scene
        .generalization()
        .map(|generalization| Binger::study(scene.catalogue(), generalization.key(), runs));
    let part = |order: Order, part| {
        let mut steps: Vec<(u32, Step)> = Vec::new();
        for plays in LENGTHS {
            let Some(closed) = here.recognition(order, plays, order.stretch(plays)) else { continue };
            let Some(AtEnds { control, baseline }) = scene.ends.linked(order, plays) else { continue };
            let rate = |prior| {
                let (right, control) = (right(&closed, prior)?, right(control.as_ref()?, prior)?);
                let ran = binger.as_ref().and_then(|binger| {
                    let name = format!("study sequence {} {order:?} {prior:?}", scene.sees);
                    let mut random = stream(scene.seed, &name, u64::from(plays));
                    binger.run(order, plays, prior, scene.most_draws(MOST_STRETCHES), &mut random)
                });
                let baseline = baseline.as_ref().and_then(|baseline| self::right(baseline, prior));
                Some(Rate::closed(prior, right, ran, control, baseline))
            };
            let rates: Vec<Rate> = Prior::ALL.into_iter().filter_map(rate).collect();
            let at = if plays == 1 { "1 play".to_owned() } else { format!("{plays} plays") };
            steps.push((plays, Step { at, rates }));
        }
        let longest = steps.len().saturating_sub(1);
        let headline = steps.iter().position(|(plays, _)| *plays == HEADLINE).unwrap_or(longest);
        Part {
            part,
            ranked: true,
            finds: "series or album named right",
            varies: "linked plays",
            remedies: fewer(&steps[..headline]),
            steps: steps.into_iter().map(|(_, step)| step).collect(),
            headline,
        }
    };
    let mut parts = vec![part(Order::InOrder, "in order")];
    if !scene.brief {
        parts.push(part(Order::Shuffled, "shuffled"));
        parts.push(part(Order::OneMissing, "one missing"));
        parts.extend(servers_named::part(scene));
    }
    Ok(parts)
}

/// Fewer plays under one identifier: the most at which the series is named seldom, and none linked at all.
fn fewer(steps: &[(u32, Step)]) -> Vec<Remedy> {
    let seldom = |(_, step): &&(u32, Step)| step.rates.iter().all(|rate| rate.rate <= TOLERATED);
    let most = steps.iter().take_while(seldom).last();
    let remedy = |(plays, step): &(u32, Step)| {
        let change = if *plays == 1 {
            "no two plays under one identifier".to_owned()
        } else {
            format!("a new identifier after {plays} plays")
        };
        Remedy { change, rates: step.rates.iter().map(|rate| (rate.prior, rate.rate)).collect() }
    };
    most.or(steps.first()).map(remedy).into_iter().collect()
}

fn right(found: &Recognition, prior: Prior) -> Option<f64> {
    match prior {
        Prior::Uniform => Some(found.uniform.right),
        Prior::Popularity => found.popularity.map(|named| named.right),
    }
}
