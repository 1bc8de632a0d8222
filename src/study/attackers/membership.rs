//! A6: whether a server holds a file.

use super::linking::{rotated, shared};
use super::variants::Variant;
use super::{Answer, Left, Part, Rate, Remedy, Scene, Step};
use crate::attack::membership::{Asked, Caught, Membership, Settings, Sought, membership};
use crate::classes::Classes;

/// Where it is compared: so many false alarms.
const HEADLINE: f64 = 0.01;

/// Plays under one identifier that are tried as a remedy, falling.
const ROTATED: [u32; 5] = [100, 30, 10, 3, 1];

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let most = Settings::default();
    let (servers, draws) = (scene.most_servers(most.servers), scene.most_servers(most.draws));
    let settings = Settings { servers, draws, ..most };
    let found = membership(scene.ends.cells, scene.ends.cells, scene.one()?, settings, scene.seed);
    let found = found.map_err(|error| error.to_string())?;
    let asked = Asked::new(&scene.ends.nothing, &scene.ends.everything, settings, scene.seed);
    let under = scene.linking().under(settings.plays as u32);
    let parts = Sought::ALL.into_iter().filter_map(|sought| Some((sought, part(&found, sought)?)));
    let mut parts: Vec<(Sought, Part)> = parts.collect();
    let wins = |(_, part): &(Sought, Part)| scene.wins(&part.steps[part.headline]);
    if under.is_some() || parts.iter().any(wins) {
        compare(scene, &asked, (settings.plays, under), &mut parts);
    }
    Ok(parts.into_iter().map(|(_, part)| part).collect())
}

/// Compares every part under the release, with what would stop it.
fn compare<'a>(
    scene: &Scene<'a>,
    asked: &Asked<'_>,
    (all, under): (f64, Option<u32>),
    parts: &mut [(Sought, Part)],
) {
    let plays = under.map_or(all, f64::from);
    let all_of = |classes: &Classes<'_>, plays: &[f64]| asked.caught(classes, plays, HEADLINE);
    let fewer: Vec<f64> = ROTATED.map(f64::from).into_iter().filter(|&fewer| fewer < all).collect();
    let rotated_to = all_of(&scene.classes, &[&[plays], &fewer[..]].concat());
    let raw = all_of(&scene.ends.everything, &[plays]);
    // Under as many plays as the release links, and were all linked.
    let numbers = if under.is_some() { vec![plays, all] } else { vec![all] };
    let wins = |(_, part): &(Sought, Part)| scene.wins(&part.steps[part.headline]);
    let changed: Vec<(String, f64, Vec<Caught>)> = if parts.iter().any(wins) {
        let cells = scene.ends.cells;
        let of = |variant: &Variant<'a>| {
            (variant.change.clone(), variant.loss, all_of(variant.classes(cells), &numbers))
        };
        scene.variants.iter().map(of).collect()
    } else {
        Vec::new()
    };
    for (sought, part) in parts {
        let of = |found: &[Caught], plays: f64| -> Vec<Left> {
            let same = found.iter().filter(|of| of.sought == *sought && of.plays == plays);
            same.map(|of| Left { prior: of.prior, rate: of.rate, control: of.control }).collect()
        };
        let stopping = |step: &Step, most: f64| {
            let mut remedies = Vec::new();
            if scene.wins(step) {
                for &plays in fewer.iter().filter(|&&plays| plays < most) {
                    let (change, rates) = (rotated(plays as u32), of(&rotated_to, plays));
                    remedies.push(Remedy { change, loss: 0.0, rates });
                }
                remedies.extend(changed.iter().map(|(change, loss, found)| Remedy {
                    change: change.clone(),
                    loss: *loss,
                    rates: of(found, most),
                }));
            }
            remedies
        };
        let whole = part.steps[part.headline].clone();
        let Some(linked) = under else {
            part.remedies = stopping(&whole, all);
            continue;
        };
        let raw = of(&raw, plays);
        let rate = |left: Left| {
            let baseline = raw.iter().find(|raw| raw.prior == left.prior).map(|raw| raw.rate);
            Rate::closed(left.prior, left.rate, None, left.control, baseline)
        };
        let rates = of(&rotated_to, plays).into_iter().map(rate).collect();
        let step = Step { at: format!("{}, {}", whole.at, shared(linked)), rates };
        let remedies = stopping(&step, plays);
        part.with_fewer(step, remedies, stopping(&whole, all));
    }
}

fn part(found: &Membership, sought: Sought) -> Option<Part> {
    let mut steps: Vec<(f64, Step)> = Vec::new();
    for tried in found.tried.iter().filter(|tried| tried.sought == sought) {
        for point in &tried.curve {
            let rate = Rate::closed(
                tried.prior,
                point.closed_form,
                point.trial,
                point.control,
                Some(point.baseline),
            );
            match steps.iter_mut().find(|(held, _)| *held == point.false_alarms) {
                Some((_, step)) => step.rates.push(rate),
                None => {
                    let at = format!("{} % false alarms", 100.0 * point.false_alarms);
                    steps.push((point.false_alarms, Step { at, rates: vec![rate] }));
                }
            }
        }
    }
    steps.sort_by(|a, b| a.0.total_cmp(&b.0));
    let headline = steps.iter().position(|(share, _)| *share == HEADLINE)?;
    Some(Part {
        part: match sought {
            Sought::Popular => "popular files",
            Sought::Niche => "niche files",
            Sought::Unique => "files that are unique unrounded",
            Sought::Exposed => "files that are hidden worst",
        },
        ranked: true,
        finds: "holders of the file found",
        varies: "false alarms",
        steps: steps.into_iter().map(|(_, step)| step).collect(),
        headline,
        ..Part::default()
    })
}
