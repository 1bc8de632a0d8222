//! Partial watch against the enumeration of all plays, its laws, and what more plays do to who sees the longest alone.

use std::collections::BTreeMap;

use coarsen::attack::levels::level;
use coarsen::attack::partial::{Attacker, Settings, SettingsError, TARGETS, partial};
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::{Catalogue, Columns, SideField};
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::rounding::{Partition, Rounding};
use coarsen::units::Dimension;
use proptest::prelude::*;

use crate::some::{File, catalogue, files};

const CASES: u32 = 16;
/// False-alarm rate of this whole file: two targets, both priors, two attackers.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 8.0);

/// Files of some ms, so that every play can be written down.
fn small() -> impl Strategy<Value = Vec<File>> {
    files().prop_map(|files| {
        let small = |file: &File| File {
            duration: file.duration / 30_000,
            title: file.title % 4,
            bitrate: file.bitrate.map(|rate| rate % 1_000_000 + 1),
            ..file.clone()
        };
        files.iter().take(10).map(small).collect()
    })
}

/// From fine to coarse, the second a nested coarsening of the first.
fn nested_pair() -> impl Strategy<Value = (Generalization, Generalization)> {
    let durations = vec!["keep", "floor:5ms", "floor:10ms", "floor:20ms", "floor:20ms+top:40ms"];
    let bitrates = vec!["floor:500kbps", "floor:1Mbps", "drop"];
    let by = prop_oneof![Just((vec![SideField::Resolution], vec![])), Just((vec![], vec![])),];
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

fn completion() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![0.0, 0.2, 0.5, 0.8, 1.0])
}

/// How likely a play of the file ends in each bucket, ms by ms.
fn played(
    catalogue: &Catalogue,
    generalization: &Generalization,
    completion: f64,
    tail_ms: u32,
    file: usize,
) -> BTreeMap<u64, f64> {
    let duration = catalogue.duration_ms()[file];
    let tail = tail_ms.min(duration / 10);
    let mut chances = BTreeMap::new();
    for ms in 0..=duration {
        let completed = if ms >= duration - tail { completion / f64::from(tail + 1) } else { 0.0 };
        let chance = completed + (1.0 - completion) / f64::from(duration + 1);
        if chance > 0.0 {
            *chances.entry(generalization.duration.bucket(u64::from(ms)).from).or_default() += chance;
        }
    }
    chances
}

/// All that is seen but the played time, as text.
fn rest(catalogue: &Catalogue, generalization: &Generalization, file: usize) -> String {
    let rate = catalogue.bitrate_bps().expect("rates")[file].filter(|_| !generalization.bitrate.is_drop());
    let rate = rate.map(|rate| generalization.bitrate.bucket(u64::from(rate.get())).from);
    let side = generalization.by.iter().map(|&field| catalogue.side(field).expect("a field").get(file));
    format!("{rate:?} {:?}", side.collect::<Vec<_>>())
}

/// How often the best attacker names the target who sees all plays, and who sees the longest: by every sequence of buckets.
fn enumerate(
    catalogue: &Catalogue,
    generalization: &Generalization,
    (completion, tail_ms, plays): (f64, u32, u32),
    target: Target,
    prior: Prior,
) -> (f64, f64) {
    let (mut linked, mut longest, mut all) = (BTreeMap::new(), BTreeMap::new(), 0.0);
    for file in 0..catalogue.files() {
        let name = if target == Target::File { file as u32 } else { catalogue.title()[file] };
        let weight = if prior == Prior::Uniform { 1.0 } else { catalogue.weight()[file] as f64 };
        all += weight;
        let of_one = played(catalogue, generalization, completion, tail_ms, file);
        let mut sequences: Vec<(Vec<u64>, f64)> = vec![(Vec::new(), weight)];
        for _ in 0..plays {
            let longer = |(seen, chance): &(Vec<u64>, f64)| {
                let one_more =
                    |(&bucket, more): (&u64, &f64)| ([&seen[..], &[bucket]].concat(), chance * more);
                of_one.iter().map(one_more).collect::<Vec<_>>()
            };
            sequences = sequences.iter().flat_map(longer).collect();
        }
        let rest = rest(catalogue, generalization, file);
        for (seen, chance) in sequences {
            let max = seen.iter().copied().max().expect("a play");
            let names: &mut BTreeMap<u32, f64> = longest.entry((rest.clone(), max)).or_default();
            *names.entry(name).or_default() += chance;
            let names: &mut BTreeMap<u32, f64> = linked.entry((rest.clone(), seen)).or_default();
            *names.entry(name).or_default() += chance;
        }
    }
    let most = |names: &BTreeMap<u32, f64>| names.values().copied().fold(0.0, f64::max);
    (linked.values().map(most).sum::<f64>() / all, longest.values().map(most).sum::<f64>() / all)
}

/// As many as can be written down.
fn at_most(generalization: &Generalization) -> u32 {
    if generalization.duration.width().is_some_and(|width| width >= 5) { 3 } else { 2 }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn it_is_as_enumerated_and_the_attackers_that_run_agree(
        files in small(), (generalization, _) in nested_pair(), completion in completion(), tail_ms in 0u32..5,
        plays in 1u32..=3, seed: u64,
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let plays = plays.min(at_most(&generalization));
        let attacker = Attacker::study(&cells, generalization.key(), tail_ms);
        for prior in Prior::ALL {
            let ran = attacker.run(completion, plays, prior, 1_000, seed).expect("legal");
            let closed = attacker.closed_form(completion, plays, prior).expect("legal").expect("few buckets");
            for (at, target) in TARGETS.into_iter().enumerate() {
                let model = (completion, tail_ms, plays);
                let (linked, longest) = enumerate(&catalogue, &generalization, model, target, prior);
                prop_assert!((closed[at] - longest).abs() < 1e-9, "{target:?}, {prior:?}: {}, {longest}", closed[at]);
                prop_assert!(longest <= linked + 1e-9);
                // A sum of floats that should be 1 may miss it by its last bit.
                let whole = |rate: f64| if (rate - 1.0).abs() < 1e-9 { 1.0 } else { rate };
                prop_assert!(ran[at].longest.agrees_with(whole(longest), FALSE_ALARM), "{:?}, {longest}", ran[at]);
                prop_assert!(ran[at].linked.agrees_with(whole(linked), FALSE_ALARM), "{:?}, {linked}", ran[at]);
                if plays == 1 {
                    prop_assert_eq!(ran[at].longest, ran[at].linked);
                }
            }
        }
    }

    #[test]
    fn completed_plays_without_a_tail_are_a1(
        files in small(), (generalization, _) in nested_pair(), plays in 1u32..=10,
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let classes = Classes::group(&cells, generalization.key());
        let attacker = Attacker::study(&cells, generalization.key(), 0);
        for (at, prior) in Prior::ALL.into_iter().enumerate() {
            let closed = attacker.closed_form(1.0, plays, prior).expect("legal").expect("few buckets");
            for (closed, target) in closed.into_iter().zip(TARGETS) {
                let a1 = level(&classes, target)[at].top1;
                prop_assert!((closed - a1).abs() < 1e-12, "{target:?}, {prior:?}: {closed}, {a1}");
            }
        }
    }

    #[test]
    fn nested_coarsening_never_helps(
        files in small(), (fine, coarse) in nested_pair(), completion in completion(), tail_ms in 0u32..5,
        plays in 1u32..=10,
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        for prior in Prior::ALL {
            let closed = |generalization: &Generalization| {
                let attacker = Attacker::study(&cells, generalization.key(), tail_ms);
                attacker.closed_form(completion, plays, prior).expect("legal").expect("few buckets")
            };
            for (fine, coarse) in closed(&fine).into_iter().zip(closed(&coarse)) {
                prop_assert!(coarse <= fine + 1e-9, "{prior:?}: {fine}, {coarse}");
            }
        }
    }

    #[test]
    fn more_plays_never_hurt_who_sees_them_all(
        files in small(), (generalization, _) in nested_pair(), completion in completion(), tail_ms in 0u32..5,
    ) {
        let catalogue = catalogue(&files);
        for (target, prior) in [(Target::File, Prior::Uniform), (Target::Title, Prior::Popularity)] {
            let of = |plays| enumerate(&catalogue, &generalization, (completion, tail_ms, plays), target, prior).0;
            let rates: Vec<f64> = (1..=at_most(&generalization)).map(of).collect();
            prop_assert!(rates.windows(2).all(|pair| pair[0] <= pair[1] + 1e-9), "{rates:?}");
        }
    }
}

fn clips(durations: &[u32]) -> Catalogue {
    Catalogue::new(Columns {
        title: (0..durations.len() as u32).collect(),
        duration_ms: durations.to_vec(),
        side: [(SideField::Kind, durations.iter().map(|_| Some("clip")).collect())].into(),
        ..Columns::default()
    })
    .expect("a legal catalogue")
}

fn by_width(width: &str) -> Generalization {
    let duration = Rounding::parse(width, Dimension::Duration).expect("a rounding");
    Generalization { duration, ..Generalization::drop() }
}

/// Files of 10 and 19 ms in one bucket of 10 ms: in the end both reach it, and only a play that doesn't tells them apart.
#[test]
fn more_plays_may_hurt_who_sees_the_longest_alone() {
    let catalogue = clips(&[10, 19]);
    let cells = Cells::new(&catalogue);
    let generalization = by_width("floor:10ms");
    let attacker = Attacker::study(&cells, generalization.key(), 0);
    let of =
        |plays| attacker.closed_form(0.0, plays, Prior::Uniform).expect("legal").expect("few buckets")[1];
    // One play of the short one ends below 10 ms for 10 of 11, of the long one for 10 of 20.
    assert!((of(1) - (10.0 / 11.0 + 0.5) / 2.0).abs() < 1e-12);
    assert!(of(30) < 0.53, "{}", of(30));
    let linked = |plays| attacker.run(0.0, plays, Prior::Uniform, 2_000, 1).expect("legal")[1].linked.low;
    assert!(linked(30) > of(1));
}

#[test]
fn what_is_no_share_or_no_play_is_refused() {
    let catalogue = clips(&[10, 19]);
    let cells = Cells::new(&catalogue);
    let generalization = by_width("floor:10ms");
    let refused = |settings: Settings| {
        partial(&cells, generalization.key(), &cells, &settings, 10, 1).expect_err("an illegal setting")
    };
    for completion in [-0.1, 1.5, f64::INFINITY] {
        let settings = Settings { completion: vec![0.5, completion], ..Settings::default() };
        assert_eq!(refused(settings), SettingsError::Completion { completion });
    }
    let nan = refused(Settings { completion: vec![f64::NAN], ..Settings::default() });
    assert!(nan.to_string().contains("NaN"), "{nan}");
    for plays in [0, 31] {
        let settings = Settings { plays: vec![1, plays], ..Settings::default() };
        assert_eq!(refused(settings), SettingsError::Plays { plays });
    }
}

#[test]
fn threads_change_nothing() {
    let durations: Vec<u32> = (0..300).map(|at| 5_000_000 + at * 7_919).collect();
    let catalogue = clips(&durations);
    let cells = Cells::new(&catalogue);
    let generalization = by_width("floor:1min");
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let settings = Settings::default();
        pool.install(|| partial(&cells, generalization.key(), &cells, &settings, 300, 1).expect("legal"))
    };
    assert_eq!(run(1), run(3));
}
