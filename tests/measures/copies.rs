//! Every copy of every file written down, from the definition of the modes: the oracle of noisy matching.

use std::collections::BTreeMap;

use coarsen::attack::noisy::{Settings, Speed};
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::{Catalogue, SideField};
use coarsen::classes::Generalization;
use coarsen::rounding::{Bucket, Partition};

/// One copy that may be played: how likely, its duration, its bit rate, the file whose side fields describe its encode,
/// and the one whose kind and genre describe its title.
pub type Outcome = (f64, u64, Option<u64>, usize, usize);

/// Every copy of a file, from the definition of the modes.
pub fn copies(catalogue: &Catalogue, settings: &Settings, file: usize) -> Vec<Outcome> {
    let rate = |file: usize| catalogue.bitrate_bps().expect("rates")[file].map(|rate| u64::from(rate.get()));
    let duration = |file: usize| u64::from(catalogue.duration_ms()[file]);
    let noise = |center: u64, reach: u64| -> Vec<u64> { (center - reach..=center + reach).collect() };
    let files = catalogue.files();
    let mut all: Vec<Outcome> = vec![(f64::from(settings.same), duration(file), rate(file), file, file)];
    let tolerance = u64::from(settings.tolerance_ms);
    let mut add = |weight: u32, outcomes: Vec<Outcome>| {
        let sum: f64 = outcomes.iter().map(|outcome| outcome.0).sum();
        for (chance, duration, rate, encode, title) in outcomes {
            all.push((f64::from(weight) * chance / sum, duration, rate, encode, title));
        }
    };
    let lasting = noise(duration(file), tolerance.min(duration(file)));
    let rates: Vec<Option<u64>> = match rate(file) {
        Some(rate) => noise(rate, rate / u64::from(settings.rate_parts)).into_iter().map(Some).collect(),
        None => vec![None],
    };
    let remuxes =
        lasting.iter().flat_map(|&duration| rates.iter().map(move |&rate| (1.0, duration, rate, file, file)));
    add(settings.remux, remuxes.collect());
    let others: Vec<usize> = (0..files)
        .filter(|&other| other != file && catalogue.title()[other] == catalogue.title()[file])
        .collect();
    let cuts = if others.is_empty() { vec![file] } else { others };
    add(settings.other_cut, cuts.iter().map(|&cut| (1.0, duration(cut), rate(cut), cut, cut)).collect());
    let any = |chance: f64, duration: u64| (0..files).map(move |encode| (chance, duration, encode));
    let reencoded = |of: Vec<(f64, u64)>| -> Vec<Outcome> {
        let of = of.into_iter().flat_map(|(chance, duration)| any(chance, duration));
        of.map(|(chance, duration, encode)| (chance, duration, rate(encode), encode, file)).collect()
    };
    for speed in &settings.speeds {
        let exact = duration(file) as f64 * f64::from(speed.times) / f64::from(speed.over);
        let center = (exact + 0.5).floor() as u64;
        let lasting = noise(center, tolerance.min(center));
        add(speed.weight, reencoded(lasting.into_iter().map(|duration| (1.0, duration)).collect()));
    }
    let longest = u64::from(settings.longest_trim_ms).min(duration(file) / 2);
    // At least t with a chance in proportion to scale / (scale + t).
    let at_least =
        |trim: u64| f64::from(settings.trim_scale_ms) / (f64::from(settings.trim_scale_ms) + trim as f64);
    let trims = (0..=longest).map(|trim| (at_least(trim) - at_least(trim + 1), duration(file) - trim));
    add(settings.trimmed, reencoded(trims.collect()));
    all
}

/// What is seen of a copy, as text.
fn seen(catalogue: &Catalogue, generalization: &Generalization, outcome: &Outcome) -> String {
    let beside = beside(catalogue, generalization, outcome);
    format!("{} {beside}", generalization.duration.bucket(outcome.1).from)
}

/// What is seen of it beside its duration, as text.
pub fn beside(catalogue: &Catalogue, generalization: &Generalization, outcome: &Outcome) -> String {
    let (_, _, rate, encode, title) = *outcome;
    let rate = rate.filter(|_| !generalization.bitrate.is_drop());
    let rate = rate.map(|rate| generalization.bitrate.bucket(rate).from);
    let side = generalization.by.iter().map(|&field| {
        let file = if matches!(field, SideField::Kind | SideField::Genre) { title } else { encode };
        catalogue.side(field).expect("a field").get(file)
    });
    format!("{rate:?} {:?}", side.collect::<Vec<_>>())
}

/// The rates that five trials must have.
#[derive(Debug)]
pub struct Expected {
    pub bayes: f64,
    pub interval: f64,
    pub interval_recall: f64,
    pub interval_candidates: f64,
    pub ignoring: f64,
    pub ignoring_recall: f64,
}

/// Whether the interval form keeps the file for a play in that bucket, of a title like that of `title`.
fn is_kept(
    catalogue: &Catalogue,
    generalization: &Generalization,
    settings: &Settings,
    file: usize,
    bucket: Bucket,
    title: usize,
) -> bool {
    let of_title = [SideField::Kind, SideField::Genre];
    let alike = |file: usize| {
        let fields = of_title.iter().filter(|field| generalization.by.contains(field));
        fields.copied().all(|field| {
            let column = catalogue.side(field).expect("a field");
            column.get(file) == column.get(title)
        })
    };
    let duration = |file: usize| u64::from(catalogue.duration_ms()[file]);
    let meets = |from: u64, to: u64| (from..=to).any(|value| bucket.contains(value));
    let near = |center: u64, tolerance: u32| {
        meets(center.saturating_sub(u64::from(tolerance)), center + u64::from(tolerance))
    };
    let own = || {
        let longest = u64::from(settings.longest_trim_ms).min(duration(file) / 2);
        let sped = |speed: &Speed| {
            let exact = duration(file) as f64 * f64::from(speed.times) / f64::from(speed.over);
            speed.weight > 0
                && near((exact + 0.5).floor() as u64, settings.tolerance_ms.min((exact + 0.5) as u32))
        };
        near(
            duration(file),
            if settings.remux > 0 { settings.tolerance_ms.min(duration(file) as u32) } else { 0 },
        ) || settings.speeds.iter().any(sped)
            || settings.trimmed > 0 && meets(duration(file) - longest, duration(file))
    };
    let cut = |other: usize| {
        catalogue.title()[other] == catalogue.title()[file]
            && alike(other)
            && bucket.contains(duration(other))
    };
    alike(file) && own() || settings.other_cut > 0 && (0..catalogue.files()).any(cut)
}

pub fn names(catalogue: &Catalogue, target: Target) -> Vec<u32> {
    match target {
        Target::File => (0..catalogue.files() as u32).collect(),
        Target::Title => catalogue.title().to_vec(),
        _ => catalogue.series().to_vec(),
    }
}

/// By enumerating every copy of every file.
pub fn enumerate(
    catalogue: &Catalogue,
    generalization: &Generalization,
    settings: &Settings,
    target: Target,
    prior: Prior,
) -> Expected {
    let weight = |file: usize| match prior {
        Prior::Uniform => 1.0,
        Prior::Popularity => catalogue.weight()[file] as f64,
    };
    let names = names(catalogue, target);
    let mut all: BTreeMap<String, (Bucket, usize, BTreeMap<usize, f64>)> = BTreeMap::new();
    let mut total = 0.0;
    for file in 0..catalogue.files() {
        for outcome in copies(catalogue, settings, file) {
            let chance = outcome.0 * weight(file);
            total += chance;
            let bucket = generalization.duration.bucket(outcome.1);
            let held = all.entry(seen(catalogue, generalization, &outcome)).or_insert((
                bucket,
                outcome.4,
                BTreeMap::new(),
            ));
            *held.2.entry(file).or_default() += chance;
        }
    }
    let by_name = |files: &BTreeMap<usize, f64>| {
        let mut by_name: BTreeMap<u32, f64> = BTreeMap::new();
        files.iter().for_each(|(&file, held)| *by_name.entry(names[file]).or_default() += held);
        by_name
    };
    // The heaviest by the prior alone, of equals the lowest.
    let guess = |candidates: &[usize]| {
        let held = by_name(&candidates.iter().map(|&file| (file, weight(file))).collect());
        let best = held.values().copied().fold(0.0, f64::max);
        held.into_iter().find(|&(_, held)| held == best && held > 0.0).map(|(name, _)| name)
    };
    let mut expected = Expected {
        bayes: 0.0,
        interval: 0.0,
        interval_recall: 0.0,
        interval_candidates: 0.0,
        ignoring: 0.0,
        ignoring_recall: 0.0,
    };
    for (sight, (bucket, title, files)) in &all {
        let held = by_name(files);
        let of_names = |candidates: &[usize]| -> f64 {
            let present =
                |name: u32| candidates.iter().any(|&file| names[file] == name && weight(file) > 0.0);
            held.iter().filter(|&(&name, _)| present(name)).map(|(_, held)| held).sum()
        };
        let of_guess = |guess: Option<u32>| guess.and_then(|name| held.get(&name)).copied().unwrap_or(0.0);
        let kept: Vec<usize> = (0..catalogue.files())
            .filter(|&file| is_kept(catalogue, generalization, settings, file, *bucket, *title))
            .collect();
        let own = |file: usize| {
            let rate = catalogue.bitrate_bps().expect("rates")[file].map(|rate| u64::from(rate.get()));
            (1.0, u64::from(catalogue.duration_ms()[file]), rate, file, file)
        };
        let alike: Vec<usize> = (0..catalogue.files())
            .filter(|&file| seen(catalogue, generalization, &own(file)) == *sight)
            .collect();
        let played: f64 = files.values().sum();
        expected.bayes += held.values().copied().fold(0.0, f64::max) / total;
        expected.interval += of_guess(guess(&kept)) / total;
        expected.interval_recall += of_names(&kept) / total;
        expected.interval_candidates += kept.len() as f64 * played / total;
        expected.ignoring += of_guess(guess(&alike)) / total;
        expected.ignoring_recall += of_names(&alike) / total;
    }
    expected
}
