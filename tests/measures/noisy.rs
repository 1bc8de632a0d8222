//! Noisy matching against the enumeration of all copies, its laws, and the counter-example of the fixed attacker.

use std::collections::BTreeMap;

use coarsen::attack::levels::level;
use coarsen::attack::noisy::{Attacker, Settings, SettingsError, Speed, noisy};
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::{Catalogue, Columns, SideField};
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::rounding::{Bucket, Partition, Rounding};
use coarsen::units::Dimension;
use proptest::prelude::*;

use crate::some::{File, catalogue, files};

const CASES: u32 = 16;
/// False-alarm rate of this whole file: three targets, both priors, five trials each.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 30.0);

/// Files of some ms and bit/s, so that every copy can be written down.
fn small() -> impl Strategy<Value = Vec<File>> {
    files().prop_map(|files| {
        let small = |file: &File| File {
            duration: file.duration / 10_000,
            bitrate: file.bitrate.map(|rate| rate / 25_000),
            title: file.title % 7,
            ..file.clone()
        };
        files.iter().take(10).map(small).collect()
    })
}

fn settings() -> impl Strategy<Value = Settings> {
    let weight = 0u32..4;
    let speed =
        (0u32..3, 20u32..30, 20u32..30).prop_map(|(weight, times, over)| Speed { weight, times, over });
    let speeds = prop::collection::vec(speed, 0..3);
    ((1u32..4, weight.clone(), weight.clone(), weight), speeds, 0u32..4, 0u32..40).prop_map(
        |((same, remux, trimmed, other_cut), speeds, tolerance_ms, longest_trim_ms)| Settings {
            same,
            remux,
            speeds,
            trimmed,
            other_cut,
            tolerance_ms,
            rate_parts: 40,
            longest_trim_ms,
            trim_scale_ms: 7,
        },
    )
}

/// From fine to coarse, the second a nested coarsening of the first.
fn nested_pair() -> impl Strategy<Value = (Generalization, Generalization)> {
    let durations = vec!["keep", "floor:5ms", "floor:10ms", "floor:20ms", "floor:40ms+top:120ms"];
    let bitrates = vec!["keep", "floor:10bps", "floor:40bps", "edges:80bps", "drop"];
    let by = prop_oneof![
        Just((vec![SideField::Kind, SideField::Resolution], vec![SideField::Kind])),
        Just((vec![SideField::Genre, SideField::Resolution], vec![SideField::Resolution])),
        Just((vec![SideField::Resolution], vec![SideField::Resolution])),
        Just((vec![], vec![])),
    ];
    (prop::sample::subsequence(durations, 2), prop::sample::subsequence(bitrates, 2), by).prop_map(
        |(durations, bitrates, (fine, coarse))| {
            let of = |at: usize, by| Generalization {
                duration: Rounding::parse(durations[at], Dimension::Duration).expect("a rounding"),
                bitrate: Rounding::parse(bitrates[at], Dimension::Bitrate).expect("a rounding"),
                by,
                other: Vec::new(),
            };
            (of(0, fine), of(1, coarse))
        },
    )
}

/// One copy that may be played: how likely, its duration, its bit rate, the file whose side fields describe its encode,
/// and the one whose kind and genre describe its title.
type Outcome = (f64, u64, Option<u64>, usize, usize);

/// Every copy of a file, from the definition of the modes.
fn copies(catalogue: &Catalogue, settings: &Settings, file: usize) -> Vec<Outcome> {
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
    let (_, duration, rate, encode, title) = *outcome;
    let rate = rate.filter(|_| !generalization.bitrate.is_drop());
    let rate = rate.map(|rate| generalization.bitrate.bucket(rate).from);
    let side = generalization.by.iter().map(|&field| {
        let file = if matches!(field, SideField::Kind | SideField::Genre) { title } else { encode };
        catalogue.side(field).expect("a field").get(file)
    });
    format!("{} {rate:?} {:?}", generalization.duration.bucket(duration).from, side.collect::<Vec<_>>())
}

/// The rates that five trials must have.
#[derive(Debug)]
struct Expected {
    bayes: f64,
    interval: f64,
    interval_recall: f64,
    interval_candidates: f64,
    ignoring: f64,
    ignoring_recall: f64,
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

fn names(catalogue: &Catalogue, target: Target) -> Vec<u32> {
    match target {
        Target::File => (0..catalogue.files() as u32).collect(),
        Target::Title => catalogue.title().to_vec(),
        _ => catalogue.series().to_vec(),
    }
}

/// By enumerating every copy of every file.
fn enumerate(
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

fn closed_form(
    catalogue: &Catalogue,
    generalization: &Generalization,
    settings: &Settings,
) -> Vec<(Target, [f64; 2])> {
    let cells = Cells::new(catalogue);
    let attacker = Attacker::study(&cells, generalization.key(), settings).expect("a mode");
    let closed = attacker.closed_form().expect("few buckets");
    attacker.targets().iter().copied().zip(closed).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn it_is_as_enumerated_and_nobody_beats_it(
        files in small(), (generalization, _) in nested_pair(), settings in settings(), seed: u64,
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let attacker = Attacker::study(&cells, generalization.key(), &settings).expect("a mode");
        let ran = Prior::ALL.map(|prior| attacker.run(prior, 1_000, seed));
        for (at, (target, closed)) in closed_form(&catalogue, &generalization, &settings).into_iter().enumerate() {
            for (of_prior, prior) in Prior::ALL.into_iter().enumerate() {
                let expected = enumerate(&catalogue, &generalization, &settings, target, prior);
                let is = closed[of_prior];
                prop_assert!((is - expected.bayes).abs() < 1e-9, "{target:?}, {prior:?}: {is}, {expected:?}");
                prop_assert!(expected.interval <= is + 1e-9 && expected.ignoring <= is + 1e-9, "{expected:?}");
                // The truth is kept by construction.
                prop_assert!((expected.interval_recall - 1.0).abs() < 1e-9, "{expected:?}");
                let ran = ran[of_prior][at];
                for (trial, expected) in [
                    (ran.bayes, expected.bayes),
                    (ran.interval, expected.interval),
                    (ran.interval_recall, expected.interval_recall),
                    (ran.ignoring, expected.ignoring),
                    (ran.ignoring_recall, expected.ignoring_recall),
                ] {
                    // A sum of floats that should be 1 may miss it by its last bit.
                    let expected = if (expected - 1.0).abs() < 1e-9 { 1.0 } else { expected };
                    prop_assert!(trial.agrees_with(expected, FALSE_ALARM), "{target:?}, {prior:?}: {ran:?}, {expected}");
                }
                // A mean over 1,000 plays of numbers of at most 10: nine deviations and more.
                prop_assert!((ran.interval_candidates - expected.interval_candidates).abs() < 10.0 * 0.15);
            }
        }
    }

    #[test]
    fn of_the_same_encode_alone_it_is_a1(files in small(), (generalization, _) in nested_pair()) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let classes = Classes::group(&cells, generalization.key());
        for (target, closed) in closed_form(&catalogue, &generalization, &Settings::same_encode()) {
            for (is, a1) in closed.into_iter().zip(level(&classes, target)) {
                prop_assert!((is - a1.top1).abs() < 1e-12, "{target:?}: {is}, {a1:?}");
            }
        }
    }

    #[test]
    fn nested_coarsening_never_helps(files in small(), (fine, coarse) in nested_pair(), settings in settings()) {
        let catalogue = catalogue(&files);
        let coarse = closed_form(&catalogue, &coarse, &settings);
        for ((target, fine), (_, coarse)) in closed_form(&catalogue, &fine, &settings).into_iter().zip(coarse) {
            for (fine, coarse) in fine.into_iter().zip(coarse) {
                prop_assert!(coarse <= fine + 1e-9, "{target:?}: {fine}, {coarse}");
            }
        }
    }
}

/// Of 3 and 53, where 3 is measured as 4: whoever ignores the noise finds nothing at width 1, and the right one at
/// width 10. The exact attacker finds it at both.
#[test]
fn a_fixed_attacker_may_gain_by_rounding() {
    let catalogue = Catalogue::new(Columns {
        title: vec![0, 1],
        duration_ms: vec![3, 53],
        popularity: Some(vec![1.0, 0.0]),
        side: [(SideField::Kind, ["clip"; 2].map(Some).into_iter().collect())].into(),
        ..Columns::default()
    })
    .expect("a legal catalogue");
    let cells = Cells::new(&catalogue);
    let speeds = vec![Speed { weight: 1, times: 4, over: 3 }];
    let settings = Settings { same: 0, speeds, tolerance_ms: 0, ..Settings::same_encode() };
    for (width, found) in [("floor:1ms", 0.0), ("floor:10ms", 1.0)] {
        let duration = Rounding::parse(width, Dimension::Duration).expect("a rounding");
        let generalization = Generalization { duration, ..Generalization::drop() };
        let attacker = Attacker::study(&cells, generalization.key(), &settings).expect("a mode");
        let title = attacker.run(Prior::Popularity, 100, 1)[1];
        assert_eq!((title.ignoring.rate, title.ignoring_recall.rate), (found, found), "{width}");
        assert_eq!((title.bayes.rate, title.interval.rate), (1.0, 1.0), "{width}");
    }
}

#[test]
fn two_hours_lose_what_the_speeds_say() {
    // A film of 110 min loses 270.330 s in PAL, and 2 h gain 7.2 s by 24 for 24000/1001.
    let of = |times: u32, over: u32| {
        let speeds = Settings::default().speeds;
        assert!(speeds.iter().any(|speed| (speed.times, speed.over) == (times, over)), "{times}/{over}");
        f64::from(times) / f64::from(over)
    };
    assert!((6_600.0 * (1.0 - of(24_000, 25_025)) - 270.330).abs() < 0.001);
    assert!((7_200.0 * (of(1_001, 1_000) - 1.0) - 7.2).abs() < 1e-9);
    assert!((of(25_025, 24_000) - 1.042_708_3).abs() < 1e-7);
    assert_eq!(of(24, 25), 0.96);
}

#[test]
fn a_mixture_of_nothing_is_refused() {
    let catalogue = catalogue(&[File {
        title: 0,
        series: None,
        duration: 10,
        bitrate: None,
        resolution: None,
        popularity: 1,
    }]);
    let cells = Cells::new(&catalogue);
    let keep = Generalization::keep(&catalogue);
    let refused = |settings: Settings| noisy(&cells, keep.key(), &cells, &settings, 10, 1).unwrap_err();
    assert_eq!(refused(Settings { same: 0, ..Settings::same_encode() }), SettingsError::NoMode);
    let speed = Speed { weight: 1, times: 1, over: 0 };
    let zero = |settings| assert!(matches!(refused(settings), SettingsError::Zero { .. }));
    zero(Settings { speeds: vec![speed], ..Settings::default() });
    zero(Settings { rate_parts: 0, ..Settings::default() });
    zero(Settings { trim_scale_ms: 0, ..Settings::default() });
}

#[test]
fn threads_change_nothing() {
    let files: Vec<File> = (0..200u32)
        .map(|at| File {
            title: at / 3,
            series: Some(at / 12),
            duration: 5_000_000 + at * 7_919,
            bitrate: Some(1_000_000 + at * 1_003),
            resolution: Some((at % 3) as u8),
            popularity: (at % 5) as u8,
        })
        .collect();
    let catalogue = catalogue(&files);
    let cells = Cells::new(&catalogue);
    let duration = Rounding::parse("floor:1min", Dimension::Duration).expect("a rounding");
    let generalization = Generalization { duration, ..Generalization::drop() };
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            noisy(&cells, generalization.key(), &cells, &Settings::default(), 500, 1).expect("a mode")
        })
    };
    assert_eq!(run(1), run(3));
}
