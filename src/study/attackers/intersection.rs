//! A7: what a size tells that is sent as well.

use super::{Answer, Part, Rate, Scene, Step};
use crate::attack::Prior;
use crate::attack::intersection::intersection;
use crate::classes::Generalization;
use crate::rounding::Rounding;
use crate::units::Dimension;

/// Roundings of the size in bytes, from the coarsest.
const SIZES: [(&str, &str); 4] = [
    ("floor:1000000000", "size to 1 GB"),
    ("floor:100000000", "size to 100 MB"),
    ("floor:1000000", "size to 1 MB"),
    ("keep", "size in bytes"),
];

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let generalization = scene.one()?;
    let none = || "no file has both a duration and a bit rate, so there is no size".to_owned();
    let sizes: Result<Vec<Rounding>, _> =
        SIZES.iter().map(|(rounding, _)| Rounding::parse(rounding, Dimension::Integer)).collect();
    let sizes = sizes.map_err(|error| error.to_string())?;
    let found = intersection(&scene.classes, generalization.key(), &sizes).ok_or_else(none)?;
    let everything = Generalization::keep(scene.catalogue());
    let raw = intersection(&scene.ends.everything, everything.key(), &[]).ok_or_else(none)?;
    let rate = |one_title: f64| {
        vec![Rate::closed(Prior::Uniform, one_title, None, 0.0, Some(raw.before.all.one_title))]
    };
    let before = found.before.all.one_title;
    let mut steps = vec![Step { at: "no size".to_owned(), rates: rate(before) }];
    for (with, (_, at)) in found.with.iter().zip(SIZES) {
        steps.push(Step { at: at.to_owned(), rates: rate(with.left.all.one_title) });
    }
    Ok(vec![Part {
        part: "",
        ranked: true,
        finds: "files that one title alone fits",
        varies: "the size that is sent as well",
        steps,
        headline: 0,
        remedies: Vec::new(),
    }])
}
