//! A3: only the played time is known, of one play or of several.

use super::linkage::titles;
use super::linking::{WERE_LINKED, rotated};
use super::{Answer, Otherwise, Part, Rate, Remedy, Scene, Step};
use crate::attack::partial::{Attacker, Settings, partial};
use crate::attack::{Prior, Target};

/// Files drawn, at most.
const MOST_FILES: u64 = 1_000;
/// Where it is compared: this share of completed plays, and so many plays.
const HEADLINE: (f64, u32) = (0.5, 3);

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let key = scene.with_duration()?.key();
    let (settings, draws) = (Settings::default(), scene.most_draws(MOST_FILES));
    let found = partial(scene.ends.cells, key, scene.ends.cells, &settings, draws, scene.seed);
    let found = found.map_err(|error| error.to_string())?;
    let mut steps: Vec<((f64, u32), Step)> = Vec::new();
    for watched in found.watched.iter().filter(|watched| watched.target == Target::Title) {
        let baseline = Some(watched.baseline.longest.rate);
        let rate =
            Rate::of(watched.prior, watched.ran.longest, watched.closed_form, watched.control, baseline);
        let place = (watched.completion, watched.plays);
        match steps.iter_mut().find(|(held, _)| *held == place) {
            Some((_, step)) => step.rates.push(rate),
            None => {
                let plays = if watched.plays == 1 { "play" } else { "plays" };
                let at = format!("{} % completed, {} {plays}", 100.0 * watched.completion, watched.plays);
                steps.push((place, Step { at, rates: vec![rate] }));
            }
        }
    }
    let place = |plays: u32| steps.iter().position(|(place, _)| *place == (HEADLINE.0, plays));
    let fewer = scene.linking().under(HEADLINE.1).map(|plays| {
        // The most plays of those tried that are still linked.
        let most = settings.plays.iter().copied().filter(|&tried| tried <= plays).max();
        most.unwrap_or(1)
    });
    let linked = place(HEADLINE.1).unwrap_or(0);
    let headline = fewer.and_then(place).unwrap_or(linked);
    let plays = fewer.unwrap_or(HEADLINE.1);
    let steps: Vec<Step> = steps.into_iter().map(|(_, step)| step).collect();
    let tried = |step: &Step, plays: u32| {
        scene.tried(step, |variant| {
            // Without the duration no played time leaves either.
            if variant.generalization.duration.is_drop() {
                return Some(titles(variant.classes(scene.ends.cells)).into());
            }
            variant.on(scene.ends.cells, |told, generalization| {
                let attacker = Attacker::study(told, generalization.key(), settings.tail_ms);
                let of = |prior| {
                    let closed = attacker.closed_form(HEADLINE.0, plays, prior).ok()??;
                    // File, then title.
                    Some((prior, closed[1]))
                };
                Prior::ALL.into_iter().map(of).collect()
            })
        })
    };
    let remedies = tried(&steps[headline], plays);
    let otherwise = fewer.map(|plays| {
        let mut remedies = Vec::new();
        if scene.wins(&steps[linked]) {
            let rates = steps[headline].rates.iter().map(|rate| (rate.prior, rate.rate));
            remedies.push(Remedy::free(rotated(plays), rates, &steps[linked]));
            remedies.extend(tried(&steps[linked], HEADLINE.1));
        }
        Otherwise { remedies, ..Otherwise::of(WERE_LINKED, &steps[linked]) }
    });
    let (finds, varies) = ("title named right from the longest play", "completed plays, plays of the file");
    let otherwise = otherwise.into_iter().collect();
    Ok(vec![Part { ranked: true, finds, varies, steps, headline, remedies, otherwise, ..Part::default() }])
}
