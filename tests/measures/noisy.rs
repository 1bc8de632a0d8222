//! Noisy matching against the enumeration of all copies, its laws, and the counter-example of the fixed attacker.

use coarsen::attack::levels::level;
use coarsen::attack::noisy::{Attacker, Settings, SettingsError, Speed, noisy};
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::{Catalogue, Columns, SideField};
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::rounding::Rounding;
use coarsen::units::Dimension;
use proptest::prelude::*;

use crate::copies::enumerate;
use crate::some::{File, catalogue, files};

const CASES: u32 = 16;
/// False-alarm rate of this whole file: three targets, both priors, five trials each.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 30.0);

/// Files of some ms and bit/s, so that every copy can be written down.
pub fn small() -> impl Strategy<Value = Vec<File>> {
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

pub fn settings() -> impl Strategy<Value = Settings> {
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
pub fn nested_pair() -> impl Strategy<Value = (Generalization, Generalization)> {
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
