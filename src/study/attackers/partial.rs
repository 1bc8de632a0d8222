//! A3: only the played time is known, of one play or of several.

use super::{Answer, Part, Rate, Remedy, Scene, Step};
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
    let headline = steps.iter().position(|(place, _)| *place == HEADLINE).unwrap_or(0);
    let mut remedies = Vec::new();
    for variant in scene.variants.iter().filter(|variant| !variant.generalization.duration.is_drop()) {
        let attacker = Attacker::study(scene.ends.cells, variant.generalization.key(), settings.tail_ms);
        let of = |prior| {
            let closed = attacker.closed_form(HEADLINE.0, HEADLINE.1, prior).ok()??;
            // File, then title.
            Some((prior, closed[1]))
        };
        if let Some(rates) = Prior::ALL.into_iter().map(of).collect() {
            remedies.push(Remedy { change: variant.change.clone(), rates });
        }
    }
    let steps = steps.into_iter().map(|(_, step)| step).collect();
    let (finds, varies) = ("title named right from the longest play", "completed plays, plays of the file");
    Ok(vec![Part { part: "", ranked: true, finds, varies, steps, headline, remedies }])
}
