//! A7: what a size tells that is sent as well, or the bytes that a play sent.

use super::remedies::gain;
use super::{Answer, Otherwise, Part, Rate, Remedy, Scene, Step};
use crate::attack::intersection::{PLAYED, intersection, sent};
use crate::attack::{Prior, Trial};
use crate::classes::{Classes, Generalization};
use crate::rounding::Rounding;
use crate::units::Dimension;

/// Roundings of the size in bytes, from the coarsest.
const SIZES: [(&str, &str); 4] = [
    ("floor:1000000000", "size to 1 GB"),
    ("floor:100000000", "size to 100 MB"),
    ("floor:1000000", "size to 1 MB"),
    ("keep", "size in bytes"),
];

/// Plays that are asked for the bytes sent, at most: each is held against its whole class.
const MOST_PLAYS: u64 = 500;

const VARIES: &str = "the size, or the bytes of a play, that are sent as well";
const FINDS: &str = "files that one title alone fits";

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let Some(generalization) = scene.generalization() else { return Ok(vec![joined(scene)]) };
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
    let draws = scene.most_draws(MOST_PLAYS);
    let of_bytes = sent(&scene.classes, generalization.key(), &PLAYED, draws, scene.seed);
    let mut steps = vec![Step { at: "no size".to_owned(), rates: rate(before) }];
    for (with, (_, at)) in found.with.iter().zip(SIZES) {
        steps.push(Step { at: at.to_owned(), rates: rate(with.left.all.one_title) });
    }
    for of in of_bytes.into_iter().flatten() {
        let fitted = (of.with.one_title * of.plays as f64).round() as u64;
        let trial = Trial::new(of.plays, fitted);
        let rates = vec![Rate::ran(Prior::Uniform, trial, 0.0, Some(raw.before.all.one_title))];
        steps.push(Step { at: format!("bytes of {} % of the file", of.played_permille / 10), rates });
    }
    let remedies = scene.changed(&steps[0], |classes| Some(vec![(Prior::Uniform, one_title(classes))]));
    let exact = &steps[SIZES.len()];
    let mut coarser = Vec::new();
    if scene.wins(exact) {
        let left = |step: &Step| {
            let rates = step.rates.iter().map(|rate| (rate.prior, rate.rate));
            Remedy::free(step.at.clone(), rates, exact)
        };
        // From the finest rounding of the size to none sent.
        coarser.extend(steps[..SIZES.len()].iter().rev().map(left));
    }
    let otherwise =
        Otherwise { remedies: coarser, ..Otherwise::of("the size left as well", &steps[SIZES.len()]) };
    let of_bytes = steps[SIZES.len() + 1..].iter().max_by(|a, b| gain(&a.rates).total_cmp(&gain(&b.rates)));
    let of_bytes = of_bytes.map(|step| Otherwise::of("the bytes that were sent left as well", step));
    let otherwise = [Some(otherwise), of_bytes].into_iter().flatten();
    Ok(vec![Part {
        part: "",
        ranked: true,
        finds: FINDS,
        varies: VARIES,
        otherwise: otherwise.filter(|_| scene.release.is_some()).collect(),
        steps,
        headline: 0,
        remedies,
        ..Part::default()
    }])
}

/// The fields of several pings, intersected.
fn joined(scene: &Scene<'_>) -> Part {
    let raw = Some(one_title(&scene.ends.everything));
    let rates = vec![Rate::closed(Prior::Uniform, one_title(&scene.classes), None, 0.0, raw)];
    Part {
        ranked: true,
        finds: FINDS,
        varies: VARIES,
        steps: vec![Step { at: "no size".to_owned(), rates }],
        ..Part::default()
    }
}

/// The share of the files in classes of one title.
fn one_title(classes: &Classes<'_>) -> f64 {
    let titles = classes.catalogue().title();
    let is_one =
        |files: &&[u32]| files.iter().all(|&file| titles[file as usize] == titles[files[0] as usize]);
    let files: usize = classes.iter().filter(is_one).map(<[u32]>::len).sum();
    files as f64 / classes.catalogue().files().max(1) as f64
}
