//! A2: the attacker's copy is another one than was played.

use super::{Answer, Part, Rate, Remedy, Scene, Step};
use crate::attack::noisy::{Attacker, Settings, noisy};
use crate::attack::{Prior, Target};

/// Plays drawn, at most: each is weighed against all files that may look like it.
const MOST_PLAYS: u64 = 2_000;

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let key = scene.with_duration()?.key();
    let (settings, draws) = (Settings::default(), scene.most_draws(MOST_PLAYS));
    let found = noisy(scene.ends.cells, key, scene.ends.cells, &settings, draws, scene.seed);
    let found = found.map_err(|error| error.to_string())?;
    let mut steps: Vec<(Target, Step)> = Vec::new();
    for level in &found.levels {
        let baseline = Some(level.baseline.bayes.rate);
        let rate = Rate::of(level.prior, level.ran.bayes, level.closed_form, level.control, baseline);
        match steps.iter_mut().find(|(target, _)| *target == level.target) {
            Some((_, step)) => step.rates.push(rate),
            None => {
                let at = format!("{:?}", level.target).to_lowercase();
                steps.push((level.target, Step { at, rates: vec![rate] }));
            }
        }
    }
    let headline = steps.iter().position(|(target, _)| *target == Target::Title).unwrap_or(0);
    let mut remedies = Vec::new();
    for variant in scene.variants.iter().filter(|variant| !variant.generalization.duration.is_drop()) {
        let attacker = Attacker::study(scene.ends.cells, variant.generalization.key(), &settings);
        let Ok(attacker) = attacker else { continue };
        let place = attacker.targets().iter().position(|target| *target == Target::Title);
        if let (Some(closed), Some(place)) = (attacker.closed_form(), place) {
            let rates = Prior::ALL.into_iter().zip(closed[place]).collect();
            remedies.push(Remedy { change: variant.change.clone(), rates });
        }
    }
    Ok(vec![Part {
        part: "",
        ranked: true,
        finds: "named right from another copy",
        varies: "what is named",
        steps: steps.into_iter().map(|(_, step)| step).collect(),
        headline,
        remedies,
    }])
}
