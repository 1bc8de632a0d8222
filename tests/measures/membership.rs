//! Membership: closed forms against definitions, the attacker that runs against them, the laws of best tests.

use coarsen::attack::Prior;
use coarsen::attack::channel::{Epsilon, Response, Subject};
use coarsen::attack::membership::{
    FALSE_ALARMS, Membership, Settings, Sought, Threshold, area, best_test, membership,
};
use coarsen::catalogue::Catalogue;
use coarsen::classes::{Cells, Classes, Generalization};
use proptest::prelude::*;
use statrs::distribution::{Discrete, Poisson};

use crate::naive::group;
use crate::servers::many;
use crate::some::nested_pair;

/// Catalogues that the attacker runs on.
const CASES: u32 = 6;
/// False-alarm rate of this whole file: two comparisons for each prior, sort of target and rate.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 64.0);

/// Probabilities of the counts 0.., by the library of distributions.
fn counts(rate: f64) -> Vec<f64> {
    const MOST: u64 = 260;
    let poisson = (rate > 0.0).then(|| Poisson::new(rate).expect("a rate"));
    (0..MOST).map(|n| poisson.map_or(f64::from(u8::from(n == 0)), |poisson| poisson.pmf(n))).collect()
}

fn distribution(outcomes: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0u32..6, outcomes).prop_filter_map("no outcome", |weights| {
        let sum: u32 = weights.iter().sum();
        (sum > 0).then(|| weights.iter().map(|&weight| f64::from(weight) / f64::from(sum)).collect())
    })
}

/// The best of all tests, by mixing any two sets of outcomes at which to say so.
fn naive(without: &[f64], with: &[f64], false_alarms: f64) -> f64 {
    let of = |said: u32, chances: &[f64]| -> f64 {
        (0..chances.len()).filter(|at| said >> at & 1 == 1).map(|at| chances[at]).sum()
    };
    let tests: Vec<(f64, f64)> =
        (0..1u32 << without.len()).map(|said| (of(said, without), of(said, with))).collect();
    let mut best = 0.0f64;
    for low in tests.iter().filter(|test| test.0 <= false_alarms + 1e-12) {
        best = best.max(low.1);
        for high in tests.iter().filter(|test| test.0 > false_alarms + 1e-12) {
            let share = (false_alarms - low.0) / (high.0 - low.0);
            best = best.max(low.1 + share * (high.1 - low.1));
        }
    }
    best
}

proptest! {
    #[test]
    fn the_best_test_is_the_best_of_all(
        without in distribution(5), with in distribution(5), false_alarms in 0.0..=1.0f64,
    ) {
        let found = best_test(&without, &with, false_alarms);
        let expected = naive(&without, &with, false_alarms);
        prop_assert!((found - expected).abs() < 1e-9, "{} is not {}", found, expected);
        prop_assert!(found >= false_alarms - 1e-12);
    }

    /// Whatever is done to an outcome without knowing who holds the file can't help: merged, or sent through a channel.
    #[test]
    fn post_processing_never_helps(
        without in distribution(6), with in distribution(6), rows in prop::collection::vec(distribution(4), 6),
        merged in any::<bool>(), more in 0.0..=1.0f64, false_alarms in 0.0..=1.0f64,
    ) {
        let rows: Vec<Vec<f64>> = match merged {
            false => rows,
            true => rows.iter().map(|row| {
                let largest = (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b])).expect("an outcome");
                (0..row.len()).map(|at| f64::from(u8::from(at == largest))).collect()
            }).collect(),
        };
        let through = |chances: &[f64]| -> Vec<f64> {
            (0..4).map(|out| chances.iter().zip(&rows).map(|(chance, row)| chance * row[out]).sum()).collect()
        };
        let (before, after) =
            (best_test(&without, &with, false_alarms), best_test(&through(&without), &through(&with), false_alarms));
        prop_assert!(after <= before + 1e-9, "{} after {}", after, before);
        let rising = best_test(&without, &with, false_alarms + more * (1.0 - false_alarms));
        prop_assert!(rising >= before - 1e-12);
    }

    /// k-ary randomized response keeps every test within the bound of its epsilon, and few false alarms reach it.
    #[test]
    fn private_answers_bound_every_test(
        epsilon in 1u64..50, minutes in 1u64..60, values in (0u64..20_000_000, 0u64..20_000_000), false_alarms in 0.0..=1.0f64,
    ) {
        let epsilon = Epsilon::parse(&format!("{}.{}", epsilon / 10, epsilon % 10)).expect("an epsilon");
        let response = Response { epsilon, width: minutes * 60_000, top: Subject::Duration.top() };
        let of = |value| -> Vec<f64> {
            (0..response.buckets() as i64).map(|output| response.probability(value, output)).collect()
        };
        let (without, with) = (of(values.0), of(values.1));
        let e = epsilon.value().exp();
        let bound = |false_alarms: f64| (e * false_alarms).min(1.0 - (1.0 - false_alarms) / e);
        prop_assert!(best_test(&without, &with, false_alarms) <= bound(false_alarms) + 1e-9);
        if response.place(values.0) != response.place(values.1) {
            let few = false_alarms * Response::truth(epsilon, response.buckets()) / e;
            prop_assert!((best_test(&without, &with, few) - e * few).abs() < 1e-9);
        }
    }

    #[test]
    fn counts_are_told_apart_by_the_best_test(
        rate in prop_oneof![1 => Just(0.0), 2 => 0.0..0.1f64, 4 => 0.0..60.0f64],
        repeats in 0.001..40.0f64, false_alarms in 1e-6..1.0f64, more in 0.0..20.0f64,
    ) {
        let threshold = Threshold::of(rate, false_alarms);
        prop_assert!((threshold.power(rate) - false_alarms).abs() < 1e-9, "hit exactly");
        let found = threshold.power(rate + repeats);
        let expected = best_test(&counts(rate), &counts(rate + repeats), false_alarms);
        prop_assert!((found - expected).abs() < 1e-8, "{} is not {}", found, expected);
        // The laws: no worse than blind; no better than the plays of the file allow; others in the bucket hide it.
        let most = 1.0 - (1.0 - false_alarms) * (-repeats).exp();
        prop_assert!(found >= false_alarms - 1e-9 && found <= most + 1e-9);
        prop_assert!(rate > 0.0 || (found - most).abs() < 1e-9);
        let hidden = rate + more;
        prop_assert!(Threshold::of(hidden, false_alarms).power(hidden + repeats) <= found + 1e-9);
        for (count, draw) in [(threshold.count, threshold.share), (threshold.count + 1, 0.999)] {
            prop_assert_eq!(threshold.says(count, draw), count > threshold.count);
        }
        prop_assert!(threshold.share == 0.0 || threshold.says(threshold.count, 0.0));
    }

    #[test]
    fn the_area_is_that_of_all_pairs(rate in 0.0..30.0f64, repeats in 0.0..20.0f64) {
        let (without, with) = (counts(rate), counts(rate + repeats));
        let mut expected = 0.0;
        for (a, chance) in without.iter().enumerate() {
            expected += chance * (with[a] / 2.0 + with[a + 1..].iter().sum::<f64>());
        }
        prop_assert!((area(rate, rate + repeats) - expected).abs() < 1e-8);
    }
}

const SETTINGS: Settings = Settings { servers: 40, draws: 600, plays: 30.0, repeats: 2.0, targets: 4 };

/// For closed forms alone.
const NOTHING_RUNS: Settings = Settings { servers: 1, draws: 1, ..SETTINGS };

fn attacked(
    catalogue: &Catalogue,
    generalization: &Generalization,
    settings: Settings,
    seed: u64,
) -> Membership {
    let cells = Cells::new(catalogue);
    membership(&cells, &cells, generalization, settings, seed).expect("servers")
}

/// By the definition: the plays of the other files that look alike, and the best test between both counts.
fn defined(
    catalogue: &Catalogue,
    generalization: &Generalization,
    prior: Prior,
    targets: &[u32],
    false_alarms: f64,
) -> f64 {
    let weight = |&file: &usize| match prior {
        Prior::Uniform => 1.0,
        Prior::Popularity => catalogue.weight()[file] as f64,
    };
    let classes = group(catalogue, generalization);
    let of_target = |&target: &u32| {
        let target = target as usize;
        let class = classes.values().find(|class| class.contains(&target)).expect("a class");
        let others: f64 = class.iter().filter(|&&file| file != target).map(weight).sum();
        let all: f64 = (0..catalogue.files()).filter(|&file| file != target).map(|file| weight(&file)).sum();
        let rate = SETTINGS.plays * others / all;
        best_test(&counts(rate), &counts(rate + SETTINGS.repeats), false_alarms)
    };
    targets.iter().map(of_target).sum::<f64>() / targets.len() as f64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn what_runs_is_what_is_computed_is_what_is_defined((generalization, _) in nested_pair(), seed: u64) {
        let catalogue = many(200, seed);
        let found = attacked(&catalogue, &generalization, SETTINGS, seed);
        let (cells, keep) = (Cells::new(&catalogue), Generalization::keep(&catalogue));
        let classes = [&generalization, &keep].map(|of| Classes::group(&cells, of.key()));
        prop_assert!(found.tried.len() >= 6);
        for tried in &found.tried {
            let targets =
                tried.sought.files(&classes[0], &classes[1], tried.prior, SETTINGS.targets, seed);
            prop_assert_eq!(targets.len() as u32, tried.targets);
            prop_assert_eq!(tried.curve.iter().map(|point| point.false_alarms).collect::<Vec<_>>(), FALSE_ALARMS);
            for point in &tried.curve {
                for (of, claim) in [
                    (&generalization, point.closed_form),
                    (&keep, point.baseline),
                    (&Generalization::drop(), point.control),
                ] {
                    let expected = defined(&catalogue, of, tried.prior, &targets, point.false_alarms);
                    prop_assert!((claim - expected).abs() < 1e-8, "{} is not {}", claim, expected);
                }
                // 600 servers show one false alarm in a hundred, not one in a thousand.
                prop_assert_eq!(point.trial.is_some(), point.false_alarms >= 0.01);
                prop_assert!(point.owners.is_none() || point.false_alarms >= 0.1);
                if let (Some(right), Some(wrong)) = (point.trial, point.false_trial) {
                    prop_assert!(right.agrees_with(point.closed_form, FALSE_ALARM), "{:?}", point);
                    prop_assert!(wrong.agrees_with(point.false_alarms, FALSE_ALARM), "{:?}", point);
                }
            }
        }
    }

    /// Of the same targets; those that what leaves hides worst are others.
    #[test]
    fn coarser_never_finds_more((fine, coarse) in nested_pair(), seed: u64) {
        let catalogue = many(200, seed);
        let [fine, coarse] = [fine, coarse].map(|of| attacked(&catalogue, &of, NOTHING_RUNS, seed));
        let same = fine.tried.iter().zip(&coarse.tried).filter(|(fine, _)| fine.sought != Sought::Exposed);
        for (fine, coarse) in same {
            prop_assert_eq!((fine.sought, fine.prior), (coarse.sought, coarse.prior));
            prop_assert!(fine.others[0] <= coarse.others[0] + 1e-12 && fine.area[0] >= coarse.area[0] - 1e-9);
            for (fine, coarse) in fine.curve.iter().zip(&coarse.curve) {
                let falling = [fine.closed_form, coarse.closed_form, coarse.control];
                prop_assert!(falling.windows(2).all(|pair| pair[0] >= pair[1] - 1e-9), "{:?}", falling);
            }
        }
    }
}

/// Of a file whose bucket nobody else plays, any play tells, to servers with libraries as well.
#[test]
fn a_bucket_of_its_own_gives_the_file_away() {
    let catalogue = many(300, 7);
    let cells = Cells::new(&catalogue);
    let settings = Settings { servers: 150, ..SETTINGS };
    let found = membership(&cells, &cells, &Generalization::keep(&catalogue), settings, 7).expect("servers");
    let unique = found.tried.iter().find(|tried| tried.sought == Sought::Unique).expect("unique files");
    let most = |false_alarms: f64| 1.0 - (1.0 - false_alarms) * (-settings.repeats).exp();
    for point in &unique.curve {
        assert!((point.closed_form - most(point.false_alarms)).abs() < 1e-9, "{point:?}");
    }
    let owners = unique.curve[0].owners.expect("150 servers show one false alarm in ten");
    assert!(owners.low < most(0.1) && most(0.1) < owners.high, "{owners:?}");
    let rounded = attacked(&catalogue, &Generalization::drop(), NOTHING_RUNS, 7);
    assert!(
        rounded.tried.iter().all(|tried| tried.curve.iter().all(|point| point.closed_form == point.control))
    );
}
