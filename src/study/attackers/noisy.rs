//! A2: the attacker's copy is another one than was played.

use super::linkage::titles;
use super::{Answer, Part, Rate, Scene, Step};
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
    let steps: Vec<Step> = steps.into_iter().map(|(_, step)| step).collect();
    let remedies = scene.tried(&steps[headline], |variant| {
        // Without the duration no copy differs: whoever has the very one does no worse.
        if variant.generalization.duration.is_drop() {
            return Some(titles(variant.classes(scene.ends.cells)).into());
        }
        variant.on(scene.ends.cells, |told, generalization| {
            let attacker = Attacker::study(told, generalization.key(), &settings).ok()?;
            let place = attacker.targets().iter().position(|target| *target == Target::Title)?;
            Some(Prior::ALL.into_iter().zip(attacker.closed_form()?[place]).collect())
        })
    });
    Ok(vec![Part {
        part: "",
        ranked: true,
        finds: "named right from another copy",
        varies: "what is named",
        steps,
        headline,
        remedies,
        ..Part::default()
    }])
}
