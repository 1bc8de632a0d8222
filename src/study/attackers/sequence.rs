//! A4: plays of a season or an album that are linked, and plays of a server.

use super::ends::AtEnds;
use super::linking::{Linking, WERE_LINKED, rotated, shared};
use super::{Answer, Otherwise, Part, Rate, Remedy, Scene, Step, servers_named};
use crate::attack::Prior;
use crate::attack::sequence::{Binger, LENGTHS, Linked, Order, Recognition};
use crate::catalogue::stream::stream;
use crate::policy::MOST_PLAYS;

/// Stretches drawn, at most.
const MOST_STRETCHES: u64 = 10_000;
/// Where it is compared where somebody links plays: so many.
const HEADLINE: u32 = 3;

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let runs = &scene.ends.runs;
    if runs.longest() < 2 {
        return Err("no series or album has two titles, so there are no plays to link".to_owned());
    }
    let here = Linked::new(&scene.classes, runs);
    let binger = scene
        .generalization()
        .map(|generalization| Binger::study(scene.catalogue(), generalization.key(), runs));
    let linking = scene.linking();
    // As many as a policy's limits and its `verify` judge.
    let compared = match linking {
        Linking::Assumed => HEADLINE,
        Linking::Plays(plays) => plays.min(MOST_PLAYS),
        Linking::All => MOST_PLAYS,
    };
    let under = linking.under(HEADLINE);
    let mut lengths = LENGTHS.to_vec();
    lengths.extend(Some(compared).filter(|plays| !LENGTHS.contains(plays)));
    lengths.sort_unstable();
    let part = |order: Order, part| {
        let mut steps: Vec<(u32, Step)> = Vec::new();
        for &plays in &lengths {
            let Some(closed) = here.recognition(order, plays, order.stretch(plays)) else { continue };
            let AtEnds { control, baseline } = scene.ends.linked(order, plays);
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
            let at = match plays {
                plays if under == Some(plays) => shared(plays),
                1 => "1 play".to_owned(),
                plays => format!("{plays} plays"),
            };
            steps.push((plays, Step { at, rates }));
        }
        // Of no more plays than a series has.
        let most = |plays: u32| steps.iter().rposition(|(of, _)| *of <= plays).unwrap_or(0);
        let (headline, linked) = (most(compared), most(HEADLINE));
        let stopping = |at: usize| {
            let (plays, step) = &steps[at];
            let mut remedies = Vec::new();
            if scene.wins(step) {
                remedies.extend(steps[..at].iter().rev().map(|(plays, fewer)| fewer_plays(*plays, fewer)));
            }
            // Out of order, what fewer plays do is tried alone.
            if order == Order::InOrder {
                remedies.extend(scene.changed(step, |classes| {
                    let found =
                        Linked::new(classes, runs).recognition(order, *plays, order.stretch(*plays))?;
                    Prior::ALL.into_iter().map(|prior| Some((prior, right(&found, prior)?))).collect()
                }));
            }
            remedies
        };
        let otherwise = under.filter(|_| headline < linked).map(|_| Otherwise {
            remedies: stopping(linked),
            ..Otherwise::of(WERE_LINKED, &steps[linked].1)
        });
        Part {
            part,
            ranked: true,
            finds: "series or album named right",
            varies: "linked plays",
            remedies: stopping(headline),
            otherwise: otherwise.into_iter().collect(),
            steps: steps.into_iter().map(|(_, step)| step).collect(),
            headline,
            ..Part::default()
        }
    };
    let mut parts = vec![part(Order::InOrder, "in order")];
    if !scene.brief {
        for (order, name) in [(Order::Shuffled, "shuffled"), (Order::OneMissing, "one missing")] {
            let mut other = part(order, name);
            if compared == 1 {
                // One play has no order, nor gap.
                other.remedies.clone_from(&parts[0].remedies);
            }
            parts.push(other);
        }
        parts.extend(servers_named::part(scene));
    }
    Ok(parts)
}

/// Fewer plays under one identifier, by the step of as many.
pub(super) fn fewer_plays(plays: u32, step: &Step) -> Remedy {
    Remedy::free(rotated(plays), step.rates.iter().map(|rate| (rate.prior, rate.rate)), step)
}

fn right(found: &Recognition, prior: Prior) -> Option<f64> {
    match prior {
        Prior::Uniform => Some(found.uniform.right),
        Prior::Popularity => found.popularity.map(|named| named.right),
    }
}
