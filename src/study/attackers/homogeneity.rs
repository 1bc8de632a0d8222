//! A10: what all candidates share.

use super::{Answer, Part, Rate, Scene, Step};
use crate::anonymity::Confident;
use crate::attack::Prior;
use crate::attack::homogeneity::{Homogeneity, Secret, homogeneity};
use crate::classes::Classes;

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let of = |classes: &Classes<'_>| homogeneity(classes, Secret::Genre);
    let none = || "the catalogue has no genres".to_owned();
    let here = of(&scene.classes).ok_or_else(none)?;
    let (nothing, everything) = (of(&scene.ends.nothing), of(&scene.ends.everything));
    let step = |at: &str, share: fn(&Homogeneity) -> Confident| {
        let control = nothing.as_ref().map(share);
        let baseline = everything.as_ref().map(share);
        let rate = |prior, of: fn(Confident) -> f64| {
            Rate::closed(prior, of(share(&here)), None, control.map_or(0.0, of), baseline.map(of))
        };
        let rates = vec![
            rate(Prior::Uniform, |share| share.uniform),
            rate(Prior::Popularity, |share| share.popularity),
        ];
        Step { at: at.to_owned(), rates }
    };
    let steps = vec![
        step("shared by all candidates", |found| found.shared_by_all),
        step("shared by 95 % of them", |found| found.shared_by_most),
        step("named right", |found| found.named),
    ];
    let remedies = scene.changed(&steps[2], |classes| {
        let named = of(classes)?.named;
        Some(vec![(Prior::Uniform, named.uniform), (Prior::Popularity, named.popularity)])
    });
    Ok(vec![Part {
        part: "",
        ranked: true,
        finds: "genre given away",
        varies: "how surely",
        steps,
        headline: 2,
        remedies,
        ..Part::default()
    }])
}
