//! A1: the closed form at every level, and the attacker that runs on titles.

use super::{Answer, Part, Rate, Scene, Step};
use crate::attack::levels::{Level, level};
use crate::attack::{Prior, Target};
use crate::classes::Classes;

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let mut steps = Vec::new();
    let mut headline = 0;
    let told = Target::ALL.into_iter().filter(|target| target.is_told(scene.catalogue()));
    for target in told {
        let [here, nothing, everything] = [&scene.classes, &scene.ends.nothing, &scene.ends.everything]
            .map(|classes| level(classes, target));
        let step = |at: &str, of: fn(&Level) -> f64| {
            let rate = |(place, prior)| {
                let place: usize = place;
                Rate::closed(prior, of(&here[place]), None, of(&nothing[place]), Some(of(&everything[place])))
            };
            Step { at: at.to_owned(), rates: Prior::ALL.into_iter().enumerate().map(rate).collect() }
        };
        let name = match target {
            Target::File => "file",
            Target::Title => "title",
            Target::Series => "series",
            Target::Genre => "genre",
        };
        if target == Target::Title {
            headline = steps.len();
        }
        steps.push(step(name, |level| level.top1));
        if target == Target::Title {
            steps.push(step("title, three guesses", |level| level.top3));
        }
    }
    let remedies = scene.changed(&steps[headline], |classes| Some(titles(classes).into()));
    Ok(vec![Part {
        part: "",
        ranked: true,
        finds: "named right",
        varies: "what is named",
        steps,
        headline,
        remedies,
        ..Part::default()
    }])
}

/// Titles named right under each prior.
pub(super) fn titles(classes: &Classes<'_>) -> [(Prior, f64); 2] {
    let [uniform, popularity] = level(classes, Target::Title);
    [(Prior::Uniform, uniform.top1), (Prior::Popularity, popularity.top1)]
}
