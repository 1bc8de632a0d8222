//! Arrival times against every lag that can be drawn, the attacker that runs, and the laws.

use std::collections::BTreeMap;

use coarsen::attack::arrival::{ArrivalTimes, Attacker, Sending, arrival_times, success};
use coarsen::attack::levels::level;
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::{Catalogue, Columns, SideField};
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::rounding::Rounding;
use coarsen::units::Dimension;
use proptest::prelude::*;

use crate::naive::group;
use crate::some::{File, catalogue, files, nested_pair};

const CASES: u32 = 48;

/// False-alarm rate of this whole file: each case of one test has four comparisons.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 4.0);

const TARGETS: [Target; 2] = [Target::File, Target::Title];

/// Files of 1 to 59 ms, so that a few ms of lag matter.
fn tiny() -> impl Strategy<Value = Catalogue> {
    let short = |file: File| File { duration: file.duration / 30_000, ..file };
    files().prop_map(move |files| catalogue(&files.into_iter().map(short).collect::<Vec<File>>()))
}

/// Roundings of such durations, from fine to coarse.
fn tiny_pair() -> impl Strategy<Value = (Generalization, Generalization)> {
    let durations = prop::sample::subsequence(vec!["keep", "floor:7ms", "floor:14ms", "drop"], 2);
    (nested_pair(), durations).prop_map(|((mut fine, mut coarse), durations)| {
        let rounding = |text: &str| Rounding::parse(text, Dimension::Duration).expect("a rounding");
        (fine.duration, coarse.duration) = (rounding(durations[0]), rounding(durations[1]));
        (fine, coarse)
    })
}

fn sendings() -> impl Strategy<Value = Sending> {
    let batch = prop_oneof![2 => Just(0u64), 3 => 1u64..30];
    (0u64..4, 0u64..6, batch).prop_map(|(jitter, delay, batch)| sent(jitter, delay, batch))
}

fn sent(jitter_ms: u64, delay_ms: u64, batch_ms: u64) -> Sending {
    Sending::new(jitter_ms, delay_ms, batch_ms).expect("a short lag")
}

fn right(
    catalogue: &Catalogue,
    generalization: &Generalization,
    target: Target,
    sending: Sending,
) -> [f64; 2] {
    let cells = Cells::new(catalogue);
    success(&Classes::group(&cells, generalization.key()), target, sending).expect("few files")
}

fn without(catalogue: &Catalogue, generalization: &Generalization, target: Target) -> [f64; 2] {
    let cells = Cells::new(catalogue);
    level(&Classes::group(&cells, generalization.key()), target).map(|level| level.top1)
}

fn weight(catalogue: &Catalogue, prior: Prior, file: usize) -> f64 {
    if prior == Prior::Uniform { 1.0 } else { catalogue.weight()[file] as f64 }
}

fn name(catalogue: &Catalogue, target: Target, file: usize) -> u32 {
    if target == Target::File { file as u32 } else { catalogue.title()[file] }
}

/// Everything that may be seen of a play of that length, one entry for each equally likely draw.
fn draws(length: i64, sending: Sending) -> Vec<i64> {
    let Sending { jitter_ms, delay_ms, batch_ms } = sending;
    let lags = |most: u64| (0..=most as i64).flat_map(move |a| (0..=most as i64).map(move |b| b - a));
    let apart = lags(delay_ms).map(move |delay| length + delay);
    if batch_ms == 0 {
        return apart.flat_map(|apart| lags(jitter_ms).map(move |jitter| apart + jitter)).collect();
    }
    let batch = batch_ms as i64;
    apart.flat_map(|apart| (0..batch).map(move |phase| (phase + apart).div_euclid(batch))).collect()
}

/// From the definition; and an attacker who names the target of the file whose length lies nearest.
fn naive(
    catalogue: &Catalogue,
    generalization: &Generalization,
    target: Target,
    prior: Prior,
    sending: Sending,
) -> [f64; 2] {
    let all: f64 = (0..catalogue.files()).map(|file| weight(catalogue, prior, file)).sum();
    let (mut best, mut nearest) = (0.0, 0.0);
    for class in group(catalogue, generalization).values() {
        let mut seen: BTreeMap<i64, BTreeMap<u32, f64>> = BTreeMap::new();
        for &file in class {
            let draws = draws(i64::from(catalogue.duration_ms()[file]), sending);
            for &time in &draws {
                let joint = weight(catalogue, prior, file) / draws.len() as f64;
                *seen.entry(time).or_default().entry(name(catalogue, target, file)).or_default() += joint;
            }
        }
        for (time, of_target) in seen {
            best += of_target.values().copied().fold(0.0, f64::max);
            let at = time * sending.batch_ms.max(1) as i64;
            let gap = |file: &&usize| (i64::from(catalogue.duration_ms()[**file]) - at).abs();
            let guess = class.iter().min_by_key(gap).expect("a file");
            nearest += of_target.get(&name(catalogue, target, *guess)).copied().unwrap_or(0.0);
        }
    }
    [best / all, nearest / all]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn it_is_as_defined_and_nobody_beats_it(catalogue in tiny(), (generalization, _) in tiny_pair(), sending in sendings()) {
        for target in TARGETS {
            let found = right(&catalogue, &generalization, target, sending);
            for (prior, found) in Prior::ALL.into_iter().zip(found) {
                let [best, nearest] = naive(&catalogue, &generalization, target, prior, sending);
                prop_assert!((found - best).abs() < 1e-9, "{target:?} {prior:?} {sending}: {found} {best}");
                prop_assert!(nearest <= found + 1e-9);
            }
        }
    }

    #[test]
    fn the_attacker_that_runs_agrees(
        catalogue in tiny(), (generalization, _) in tiny_pair(), sending in sendings(), seed: u64,
    ) {
        let attacker = Attacker::study(&catalogue, generalization.key());
        for (at, prior) in Prior::ALL.into_iter().enumerate() {
            let ran = attacker.run(sending, prior, 1_000, seed);
            prop_assert_eq!(&ran, &attacker.run(sending, prior, 1_000, seed));
            for (target, met) in TARGETS.into_iter().zip([ran.file, ran.title]) {
                let claim = right(&catalogue, &generalization, target, sending)[at];
                prop_assert!(met.trial.agrees_with(claim, FALSE_ALARM), "{target:?} {prior:?} {sending}: {met:?} {claim}");
            }
        }
    }

    #[test]
    fn no_lag_is_the_duration_as_it_is(catalogue in tiny(), (generalization, _) in tiny_pair()) {
        let cells = Cells::new(&catalogue);
        let exact = Generalization { duration: Rounding::keep(Dimension::Duration), ..Generalization::drop() };
        let numbers = [&generalization, &exact].map(|of| Classes::group(&cells, of.key()).numbers());
        let joined = Classes::joined(&catalogue, numbers);
        for target in TARGETS {
            let found = right(&catalogue, &generalization, target, sent(0, 0, 0));
            for (found, level) in found.into_iter().zip(level(&joined, target)) {
                prop_assert!((found - level.top1).abs() < 1e-12);
            }
            // The shortest batch tells every ms.
            prop_assert_eq!(found, right(&catalogue, &generalization, target, sent(3, 0, 1)));
        }
    }

    #[test]
    fn long_lags_leave_what_is_released(catalogue in tiny(), (generalization, _) in tiny_pair(), sending in sendings()) {
        let long = [sending, sent(0, 300, 0), sent(0, 0, 1_000_000), sent(0, 20, 1_000_000)];
        for (target, sending) in TARGETS.into_iter().flat_map(|target| long.map(|sending| (target, sending))) {
            let longest = match sending.batch_ms {
                0 => sending.jitter_ms.max(sending.delay_ms) + 1,
                batch => batch.max(sending.delay_ms + 1),
            };
            let ranges = group(&catalogue, &generalization).into_values().map(|class| {
                let lengths = || class.iter().map(|&file| catalogue.duration_ms()[file]);
                lengths().max().expect("a file") - lengths().min().expect("a file")
            });
            let most = f64::from(ranges.max().expect("a class")) / longest as f64;
            let found = right(&catalogue, &generalization, target, sending);
            for (found, released) in found.into_iter().zip(without(&catalogue, &generalization, target)) {
                prop_assert!(released <= found + 1e-9 && found <= released + most + 1e-9, "{sending}: {found} {released}");
            }
        }
    }

    #[test]
    fn what_is_done_afterwards_never_helps(
        catalogue in tiny(), (fine, coarse) in tiny_pair(), sending in sendings(), times in 2u64..5,
    ) {
        let Sending { jitter_ms, delay_ms, batch_ms } = sending;
        let no_riskier = |worse: [f64; 2], better: [f64; 2]| (0..2).all(|at| better[at] <= worse[at] + 1e-9);
        for target in TARGETS {
            let of = |sending| right(&catalogue, &fine, target, sending);
            prop_assert!(no_riskier(of(sending), right(&catalogue, &coarse, target, sending)));
            let at_once = of(sent(jitter_ms, 0, 0));
            let delayed = of(sent(jitter_ms, delay_ms, 0));
            prop_assert!(no_riskier(at_once, delayed), "a delay of {delay_ms}");
            let longer = sent(jitter_ms, times * (delay_ms + 1) - 1, 0);
            prop_assert!(no_riskier(delayed, of(longer)), "{longer} after {delay_ms}");
            let longer = sent(jitter_ms, delay_ms, batch_ms * times);
            prop_assert!(batch_ms == 0 || no_riskier(of(sending), of(longer)), "{longer} after {sending}");
        }
    }
}

fn of_durations(durations: &[u32]) -> Catalogue {
    of_plays(&durations.iter().map(|&duration| (duration, 1)).collect::<Vec<(u32, u32)>>())
}

/// Files of one title each, by duration and plays.
fn of_plays(files: &[(u32, u32)]) -> Catalogue {
    Catalogue::new(Columns {
        title: (0..files.len() as u32).collect(),
        duration_ms: files.iter().map(|file| file.0).collect(),
        popularity: Some(files.iter().map(|file| f64::from(file.1)).collect()),
        side: [(SideField::Kind, files.iter().map(|_| Some("clip")).collect())].into(),
        ..Columns::default()
    })
    .expect("a catalogue")
}

/// Longer batches are no safer where one is no multiple of the other.
#[test]
fn a_longer_batch_may_tell_more() {
    let catalogue = of_durations(&[10, 20]);
    let of = |batch| right(&catalogue, &Generalization::drop(), Target::Title, sent(0, 0, batch))[0];
    assert_eq!(of(10), 1.0);
    assert!(of(9) < 0.95);
}

/// Nor is a longer delay where batches follow it: it moves reports over the edges of batches.
#[test]
fn a_longer_delay_before_a_batch_may_tell_more() {
    let catalogue = of_plays(&[(19, 2), (14, 1)]);
    let of = |delay| right(&catalogue, &Generalization::drop(), Target::Title, sent(0, delay, 8))[1];
    assert!(of(3) > of(1) + 1e-3, "{} {}", of(3), of(1));
}

/// Hours of tracks a second apart, which 5 min hide and arrivals give back.
#[test]
fn the_ladder_leads_from_raw_values_to_what_is_released() {
    let catalogue = of_durations(&(0..100u32).map(|file| 60_000 + 7_500 * file).collect::<Vec<u32>>());
    let cells = Cells::new(&catalogue);
    let duration = Rounding::parse("floor:5min", Dimension::Duration).expect("a rounding");
    let generalization = Generalization { duration, ..Generalization::drop() };
    let of_policy = Some(sent(1_000, 3_600_000, 0));
    let found = arrival_times((&cells, &cells), generalization.key(), &TARGETS, of_policy, 500, 1);
    let ArrivalTimes { rows, harmless_delay_ms, harmless_batch_ms } = &found;
    assert!(rows[0].is_of_policy && rows[1..].iter().all(|row| !row.is_of_policy));
    let row = |sending: Sending| rows[1..].iter().find(|row| row.sending == sending).expect("a row");
    for named in &row(sent(0, 0, 0)).named {
        assert_eq!((named.success, named.baseline, named.trial.rate), (1.0, 1.0, 1.0));
    }
    for named in &row(sent(1_000, 0, 0)).named {
        // Gaps of 2 s and more never meet.
        assert!(
            (named.success - 1.0).abs() < 1e-9 && (named.released - 3.0 / 100.0).abs() < 1e-12,
            "{named:?}"
        );
    }
    // The same way of sending is the same row, whoever asks for it.
    assert_eq!(rows[0].named, row(sent(1_000, 3_600_000, 0)).named);
    for row in rows {
        let [file, title, ..] = &row.named[..] else { panic!("{row:?}") };
        // Each title is one file.
        assert_eq!((file.trial, file.target, title.target), (title.trial, Target::File, Target::Title));
        assert!((file.success - title.success).abs() < 1e-9, "{file:?} {title:?}");
        assert!(file.closed_form.is_some() && title.success >= title.released - 1e-9);
    }
    let (delay, batch) = (harmless_delay_ms.expect("a delay"), harmless_batch_ms.expect("a batch"));
    assert!(row(sent(1_000, delay, 0)).factor() <= 1.1 && row(sent(1_000, 0, batch)).factor() <= 1.1);
    assert!(delay >= 3_600_000 && batch >= 3_600_000, "{delay} {batch}");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    let alone =
        pool.install(|| arrival_times((&cells, &cells), generalization.key(), &TARGETS, of_policy, 500, 1));
    assert_eq!(alone, found);
}

/// The attacker's own certainty tells its success more closely than its hits do.
#[test]
fn certainty_is_success_on_average() {
    let catalogue =
        of_plays(&(0..60).map(|file| (100 + 3 * file, 1 + file % 7)).collect::<Vec<(u32, u32)>>());
    let duration = Rounding::parse("edges:110ms,120ms,200ms", Dimension::Duration).expect("a rounding");
    let generalization = Generalization { duration, ..Generalization::drop() };
    let attacker = Attacker::study(&catalogue, generalization.key());
    for sending in [sent(30, 0, 0), sent(5, 200, 0), sent(0, 0, 500)] {
        let claims = right(&catalogue, &generalization, Target::Title, sending);
        for (at, prior) in Prior::ALL.into_iter().enumerate() {
            let certain = attacker.run(sending, prior, 4_000, 1).title.certainty;
            assert!(
                (certain / claims[at] - 1.0).abs() < 0.02,
                "{sending} {prior:?}: {certain} {}",
                claims[at]
            );
        }
    }
}

#[test]
fn a_lag_of_more_than_a_year_is_refused() {
    let error = Sending::new(0, u64::MAX, 0).expect_err("too long").to_string();
    assert!(error.contains("delay") && error.contains("shorter"), "{error}");
}
