//! A12: the library that the file lies in is known.

use super::{Answer, Part, Rate, Scene, Step};
use crate::attack::Prior;
use crate::attack::known_library::{SIZES, known_library};
use crate::classes::Classes;

/// Libraries drawn of each size.
const LIBRARIES: u32 = 100;
/// Where it is compared: libraries of so many titles.
const HEADLINE: u32 = 1_000;

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let of = |classes: &Classes<'_>, titles| known_library(classes, titles, LIBRARIES, scene.seed);
    let mut steps: Vec<(u32, Step)> = Vec::new();
    for titles in SIZES {
        let Some(found) = of(&scene.classes, titles) else { continue };
        let control = of(&scene.ends.nothing, titles).map_or(0.0, |found| found.title_uniform);
        let baseline = of(&scene.ends.everything, titles).map(|found| found.title_uniform);
        let rate = found.title_uniform;
        let interval = Some([found.low, found.high]);
        let prior = Prior::Uniform;
        let rate = Rate { prior, rate, is_exact: false, interval, ran: None, control, baseline };
        steps.push((titles, Step { at: format!("{titles} titles"), rates: vec![rate] }));
    }
    let Some((last, _)) = steps.last() else {
        return Err(format!("the catalogue has fewer titles than the smallest library, {}", SIZES[0]));
    };
    let compared = HEADLINE.min(*last);
    let headline = steps.iter().position(|(titles, _)| *titles == compared).unwrap_or(0);
    let remedies = scene.changed(&steps[headline].1, |classes| {
        Some(vec![(Prior::Uniform, of(classes, compared)?.title_uniform)])
    });
    // The smaller the library, the stronger.
    steps.reverse();
    Ok(vec![Part {
        part: "",
        ranked: true,
        finds: "title named right",
        varies: "titles of the library",
        headline: steps.len() - 1 - headline,
        steps: steps.into_iter().map(|(_, step)| step).collect(),
        remedies,
        ..Part::default()
    }])
}
