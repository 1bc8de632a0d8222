//! Information against its definition by entropies, and the data-processing inequality.

use std::collections::BTreeMap;

use coarsen::telemetry::plays::{Number, Plays, Row};
use coarsen::utility::information::{BINS, Bins, Field, Target, mutual_information, of_release, retained};
use coarsen::utility::{Finding, Release, Why};
use proptest::prelude::*;

use crate::{emitting, plays};

fn entropy(counts: impl Iterator<Item = u64>) -> f64 {
    let counts: Vec<f64> = counts.filter(|count| *count > 0).map(|count| count as f64).collect();
    let all: f64 = counts.iter().sum();
    counts.iter().map(|count| -count / all * (count / all).log2()).sum()
}

/// H(T) + H(X) - H(T, X).
fn by_entropies(counts: &[[u64; 2]]) -> f64 {
    let target = [0, 1].map(|t| counts.iter().map(|count| count[t]).sum());
    entropy(target.into_iter()) + entropy(counts.iter().map(|c| c[0] + c[1]))
        - entropy(counts.iter().flatten().copied())
}

fn draws() -> impl Strategy<Value = Vec<(u64, bool)>> {
    proptest::collection::vec((0u64..500, proptest::bool::weighted(0.3)), 1..300)
}

proptest! {
    #[test]
    fn it_is_what_entropies_say(counts in proptest::collection::vec([0u64..9, 0u64..9], 1..20)) {
        let whole: u64 = counts.iter().flatten().sum();
        let expected = if whole == 0 { 0.0 } else { by_entropies(&counts) };
        prop_assert!((mutual_information(&counts) - expected).abs() < 1e-9);
    }

    #[test]
    fn independence_tells_exactly_nothing(of_x in proptest::collection::vec(1u64..90, 1..20), t in [1u64..9, 1u64..9]) {
        let counts: Vec<[u64; 2]> = of_x.iter().map(|x| [x * t[0], x * t[1]]).collect();
        prop_assert_eq!(mutual_information(&counts), 0.0);
    }

    #[test]
    fn bins_are_about_equally_deep_and_split_no_ties(values in proptest::collection::vec(0u64..100, 0..300), most in 1usize..40) {
        let bins = Bins::of(values.clone(), most);
        prop_assert!(bins.starts().len() <= most);
        prop_assert!(bins.starts().windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(bins.starts().iter().all(|start| values.contains(start)));
        let mut depth: BTreeMap<usize, BTreeMap<u64, usize>> = BTreeMap::new();
        for value in &values {
            *depth.entry(bins.bin(*value)).or_default().entry(*value).or_default() += 1;
        }
        prop_assert_eq!(depth.len(), bins.starts().len());
        for of_bin in depth.values() {
            // One bin's depth beyond its share is no more than the ties at its start.
            let first = of_bin.values().next().expect("a value");
            prop_assert!(of_bin.values().sum::<usize>() <= first + values.len().div_ceil(most));
        }
    }

    /// Nested widths, from finest to coarsest, and then nothing at all.
    #[test]
    fn what_is_retained_falls_as_roundings_nest(plays in draws(), widths in proptest::collection::vec(1u64..5, 1..5)) {
        let bins = Bins::of(plays.iter().map(|play| play.0).collect(), BINS);
        let (mut width, mut before) = (1, 1.0);
        for wider in widths {
            width *= wider;
            let found = retained(plays.clone(), &bins, |value| Some(value / width)).expect("plays");
            let ratio = found.ratio.unwrap_or(before);
            prop_assert!(ratio <= before + 1e-12 && (0.0..=1.0).contains(&ratio), "{found:?}");
            prop_assert!(found.released_bits <= found.raw_bits && found.raw_bits <= 1.0 + 1e-12);
            before = ratio;
        }
        let nothing = retained(plays, &bins, |_| None).expect("plays");
        prop_assert_eq!((nothing.released_bits, nothing.buckets), (0.0, 1));
    }

    /// Any rounding whatever, also one that no order makes.
    #[test]
    fn no_rounding_tells_more_than_there_is(plays in draws(), keys in proptest::collection::vec(proptest::option::of(0u64..9), 500)) {
        let bins = Bins::of(plays.iter().map(|play| play.0).collect(), BINS);
        let found = retained(plays.clone(), &bins, |value| keys[value as usize]).expect("plays");
        prop_assert!(found.ratio.is_none_or(|ratio| (0.0..=1.0).contains(&ratio)));
        let kept = retained(plays, &bins, Some).expect("plays");
        prop_assert!(kept.released_bits == kept.raw_bits);
        prop_assert_eq!(kept.raw_bits, found.raw_bits);
    }
}

#[test]
fn chance_alone_makes_as_much_as_the_bias_says() {
    use coarsen::catalogue::stream::stream;
    use rand::RngExt;
    let mut sums = [0.0; 2];
    for draw in 0..200 {
        let mut random = stream(1, "information of nothing", draw);
        let plays: Vec<(u64, bool)> =
            (0..5_000).map(|_| (random.random_range(0..40), random.random_bool(0.2))).collect();
        let bins = Bins::of((0..40).collect(), BINS);
        let found = retained(plays, &bins, Some).expect("plays");
        sums = [sums[0] + found.raw_bits, sums[1] + found.bias_bits];
    }
    assert!((sums[0] / sums[1] - 1.0).abs() < 0.1, "{sums:?}");
}

#[test]
fn what_leaves_retains_what_it_should() {
    let plays = plays(60, 5_000, 2);
    let of = |duration: &str, bitrate: &str| {
        of_release(&plays, &Release::of_pings(&plays, &[("play", &emitting(duration, bitrate))]))
    };
    let ratio = |questions: &[coarsen::utility::information::Question], target, field| {
        let question = questions.iter().find(|question| question.target == target && question.field == field);
        question.expect("asked").retained.found().expect("retained").ratio
    };
    for target in Target::ALL {
        for field in Field::ALL {
            assert_eq!(ratio(&of("keep", "keep"), target, field), Some(1.0));
        }
        let [fine, coarse] =
            ["floor:500kbps", "floor:4Mbps"].map(|b| ratio(&of("keep", b), target, Field::Bitrate));
        assert!(Some(0.0) <= coarse && coarse <= fine && fine <= Some(1.0), "{target:?} {fine:?} {coarse:?}");
    }
    let dropped = of("drop", "keep");
    assert!(dropped.iter().all(|question| (question.field == Field::Duration)
        == (question.retained == Finding::Lost { why: Why::Apart })));
}

#[test]
fn where_raw_values_tell_nothing_there_is_no_ratio() {
    let play = |bitrate: u32| {
        let mut row = Row::default();
        row[Number::BitrateBps] = Some(bitrate);
        row[Number::Stalls] = Some(0);
        row
    };
    let plays: Plays = (1..50).map(play).collect();
    let questions = of_release(&plays, &Release::raw(&plays));
    let found = questions[0].retained.found().expect("plays");
    assert_eq!((found.raw_bits, found.ratio, found.bias_bits), (0.0, None, 0.0));
    assert!(
        questions[1..].iter().all(|question| question.retained == Finding::Unasked { why: Why::NoPlays })
    );
    assert!(!serde_json::to_string(&questions).expect("JSON").contains("NaN"));
}
