//! Linked plays: the closed form against counting all stretches, the attacker that runs, and the laws.

use std::collections::BTreeMap;

use coarsen::attack::levels::level;
use coarsen::attack::sequence::{Binger, Linked, Order, Recognition, Runs};
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::stream::stream;
use coarsen::catalogue::{Catalogue, Columns, SideField};
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::rounding::Rounding;
use coarsen::units::Dimension;
use proptest::prelude::*;

use crate::naive::group;
use crate::some::{File, catalogue, files, nested_pair, with_corners};

/// Cases of a law.
const CASES: u32 = 24;
/// False-alarm rate of this whole file: 3 orders, 6 numbers of plays and both priors.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 36.0);

/// Files of few series, so that runs are long.
fn seasons() -> impl Strategy<Value = Vec<File>> {
    (files(), 1u32..4).prop_map(|(files, series)| {
        let long =
            |(row, file): (usize, File)| File { title: row as u32 * 2 / 3, series: file.series, ..file };
        let of_few = |file: File| File { series: file.series.map(|number| number % series), ..file };
        files.into_iter().enumerate().map(long).map(of_few).collect()
    })
}

fn recognition(
    catalogue: &Catalogue,
    generalization: &Generalization,
    order: Order,
    plays: u32,
    stretch: u32,
) -> Option<Recognition> {
    let (cells, runs) = (Cells::new(catalogue), Runs::of(catalogue));
    let classes = Classes::group(&cells, generalization.key());
    Linked::new(&classes, &runs).recognition(order, plays, stretch)
}

/// The runs from their definition, by walking the rows.
fn runs(catalogue: &Catalogue) -> BTreeMap<(u32, usize), Vec<usize>> {
    let mut runs: BTreeMap<(u32, usize), Vec<usize>> = BTreeMap::new();
    for file in 0..catalogue.files() {
        let (series, title) = (catalogue.series()[file], catalogue.title()[file]);
        let same = |&other: &usize| catalogue.series()[other] == series && catalogue.title()[other] == title;
        let nth = (0..file).filter(same).count();
        runs.entry((series, nth)).or_default().push(file);
    }
    runs
}

/// By writing down every stretch, every gap, and what is seen of it.
fn naive(
    catalogue: &Catalogue,
    generalization: &Generalization,
    order: Order,
    plays: usize,
    stretch: usize,
) -> Option<[Option<[f64; 2]>; 2]> {
    let mut emits = vec![String::new(); catalogue.files()];
    for (emitted, class) in group(catalogue, generalization) {
        class.into_iter().for_each(|file| emits[file] = emitted.clone());
    }
    let mut seen: BTreeMap<Vec<&str>, BTreeMap<u32, [f64; 2]>> = BTreeMap::new();
    let mut all = [0.0; 2];
    for ((series, _), run) in runs(catalogue) {
        for start in 0..run.len().saturating_sub(stretch - 1) {
            let inner = if order == Order::OneMissing && plays > 1 { plays - 1 } else { 0 };
            let missing: Vec<Option<usize>> = match inner {
                0 => vec![None],
                _ => (1..=inner).map(Some).collect(),
            };
            for gap in &missing {
                let long = plays + usize::from(gap.is_some());
                let kept = (0..long).filter(|at| Some(*at) != *gap);
                let mut word: Vec<&str> = kept.map(|at| emits[run[start + at]].as_str()).collect();
                if order == Order::Shuffled {
                    word.sort_unstable();
                }
                let weight = [1.0, catalogue.weight()[run[start]] as f64];
                let sums = seen.entry(word).or_default().entry(series).or_default();
                for at in 0..2 {
                    sums[at] += weight[at] / missing.len() as f64;
                    all[at] += weight[at] / missing.len() as f64;
                }
            }
        }
    }
    let named = |at: usize| {
        let (mut right, mut certain) = (0.0, 0.0);
        for of_series in seen.values() {
            let played: Vec<f64> = of_series.values().map(|sums| sums[at]).filter(|sum| *sum > 0.0).collect();
            right += played.iter().copied().fold(0.0, f64::max);
            certain += if let [one] = played[..] { one } else { 0.0 };
        }
        (all[at] > 0.0).then(|| [right / all[at], certain / all[at]])
    };
    (all[0] > 0.0).then(|| [named(0), named(1)])
}

/// Rates and shares of certainty, under both priors.
fn figures(found: &Recognition) -> [Option<[f64; 2]>; 2] {
    [Some(found.uniform), found.popularity].map(|named| named.map(|named| [named.right, named.certain]))
}

/// That nothing is more often right or certain than there.
fn at_most(found: &Recognition, other: &Recognition) -> bool {
    figures(found).iter().zip(figures(other)).all(|(found, other)| match (found, other) {
        (Some(found), Some(other)) => found.iter().zip(other).all(|(found, other)| *found <= other + 1e-12),
        (found, other) => found.is_none() && other.is_none(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn they_are_as_counted_and_the_attacker_that_runs_agrees(
        files in seasons(), generalization in with_corners(), seed: u64,
    ) {
        let catalogue = catalogue(&files);
        let held = Runs::of(&catalogue);
        let longest = runs(&catalogue).values().map(Vec::len).max().expect("a run") as u32;
        prop_assert_eq!(held.longest(), longest);
        let binger = Binger::study(&catalogue, generalization.key(), &held);
        let mut random = stream(seed, "sequence", 0);
        for order in Order::ALL {
            for plays in [1, 2, 3, 5, 7, 12] {
                let stretch = order.stretch(plays);
                let found = recognition(&catalogue, &generalization, order, plays, stretch);
                let counted = naive(&catalogue, &generalization, order, plays as usize, stretch as usize);
                prop_assert_eq!(found.is_some(), counted.is_some());
                prop_assert_eq!(found.is_some(), longest >= stretch);
                let (Some(found), Some(counted)) = (found, counted) else { continue };
                for (found, counted) in figures(&found).iter().zip(counted) {
                    prop_assert_eq!(found.is_some(), counted.is_some());
                    let (Some(found), Some(counted)) = (found, counted) else { continue };
                    for (found, counted) in found.iter().zip(counted) {
                        prop_assert!((found - counted).abs() < 1e-9, "{order:?}, {plays}: {found}, {counted}");
                    }
                    prop_assert!(found[1] <= found[0]);
                }
                let claims = figures(&found).map(|named| named.map(|[right, _]| right));
                for (prior, claim) in Prior::ALL.into_iter().zip(claims) {
                    let trial = binger.run(order, plays, prior, 500, &mut random);
                    prop_assert_eq!(trial.is_some(), claim.is_some());
                    let (Some(trial), Some(claim)) = (trial, claim) else { continue };
                    prop_assert!(trial.agrees_with(claim, FALSE_ALARM), "{order:?}, {plays}: {trial:?}, {claim}");
                }
            }
        }
    }

    /// Of 16 classes, 24 plays fit side by side into one number, and 25 don't.
    #[test]
    fn long_stretches_are_as_counted_too(
        period in 1usize..17, odd in prop::collection::vec((0usize..100, 0u32..16), 0..6), cut in 30usize..70,
    ) {
        let mut values: Vec<u32> = (0..100).map(|row| (row % period) as u32).collect();
        // One of each, so that there are 16 classes.
        (0..16).for_each(|value| values[84 + value] = value as u32);
        odd.iter().for_each(|&(row, value)| values[row.min(83)] = value);
        let catalogue = Catalogue::new(Columns {
            title: (0..100).collect(),
            series: Some((0..100).map(|row| Some(u32::from(row >= cut))).collect()),
            duration_ms: values.iter().map(|value| 1_000 + value).collect(),
            bitrate_bps: Some(vec![Some(1_000_000); 100]),
            popularity: Some((0..100).map(|row| f64::from(row % 7)).collect()),
            side: [(SideField::Kind, ["track"; 100].map(Some).into_iter().collect())].into(),
        })
        .expect("a catalogue");
        let keep = Generalization::keep(&catalogue);
        for plays in [2, 23, 24, 25, 26] {
            let found = recognition(&catalogue, &keep, Order::InOrder, plays, plays).expect("long series");
            let counted = naive(&catalogue, &keep, Order::InOrder, plays as usize, plays as usize);
            for (found, counted) in figures(&found).iter().zip(counted.expect("long series")) {
                let (found, counted) = (found.expect("played"), counted.expect("played"));
                prop_assert!(found.iter().zip(counted).all(|(found, counted)| (found - counted).abs() < 1e-9));
            }
        }
    }

    #[test]
    fn one_play_is_a1_at_the_series(files in seasons(), generalization in with_corners()) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let classes = Classes::group(&cells, generalization.key());
        let [uniform, popularity] = level(&classes, Target::Series).map(|level| level.top1);
        for order in Order::ALL {
            let found = recognition(&catalogue, &generalization, order, 1, 1).expect("files");
            prop_assert_eq!(found.stretches, catalogue.files() as u64);
            let found = figures(&found).map(|named| named.map(|[right, _]| right));
            prop_assert_eq!(found, [Some(uniform), Some(popularity)]);
        }
    }

    #[test]
    fn order_and_more_plays_help_and_gaps_do_not(files in seasons(), generalization in with_corners()) {
        let catalogue = catalogue(&files);
        // One set of stretches for every number of plays.
        const STRETCH: u32 = 9;
        let of = |order, plays| recognition(&catalogue, &generalization, order, plays, STRETCH);
        prop_assume!(of(Order::InOrder, 1).is_some());
        let rates = |order, plays| of(order, plays).expect("stretches");
        for plays in 1..=8 {
            let (in_order, longer) = (rates(Order::InOrder, plays), rates(Order::InOrder, plays + 1));
            prop_assert!(at_most(&in_order, &longer), "{plays}: {in_order:?}, {longer:?}");
            let shuffled = rates(Order::Shuffled, plays);
            prop_assert!(at_most(&shuffled, &in_order), "{plays}: {shuffled:?}, {in_order:?}");
            let missing = rates(Order::OneMissing, plays);
            prop_assert!(at_most(&missing, &longer), "{plays}: {missing:?}, {longer:?}");
        }
    }

    #[test]
    fn nested_coarsening_never_helps(files in seasons(), (fine, coarse) in nested_pair()) {
        let catalogue = catalogue(&files);
        for order in Order::ALL {
            for plays in [1, 2, 4] {
                let of = |generalization| recognition(&catalogue, generalization, order, plays, order.stretch(plays));
                let (Some(fine), Some(coarse)) = (of(&fine), of(&coarse)) else { continue };
                prop_assert!(at_most(&coarse, &fine), "{order:?}, {plays}: {coarse:?}, {fine:?}");
            }
        }
    }
}

/// Albums whose tracks last so many minutes.
fn albums(albums: &[&[u32]]) -> Catalogue {
    let minutes: Vec<u32> = albums.concat();
    let series = albums.iter().enumerate().flat_map(|(at, album)| album.iter().map(move |_| Some(at as u32)));
    Catalogue::new(Columns {
        title: (0..minutes.len() as u32).collect(),
        series: Some(series.collect()),
        duration_ms: minutes.iter().map(|minutes| minutes * 60_000).collect(),
        side: [(SideField::Kind, minutes.iter().map(|_| Some("track")).collect())].into(),
        ..Columns::default()
    })
    .expect("a legal catalogue")
}

fn minutes(catalogue: &Catalogue, order: Order, plays: u32) -> f64 {
    let duration = Rounding::parse("floor:1min", Dimension::Duration).expect("a rounding");
    let generalization = Generalization { duration, ..Generalization::drop() };
    recognition(catalogue, &generalization, order, plays, order.stretch(plays))
        .expect("stretches")
        .uniform
        .right
}

/// Worked by hand.
#[test]
fn the_figures_of_three_albums() {
    // 1 2 3, 2 3 1 and 3 3 3: in order two plays are 12, 23 | 23, 31 | 33, 33.
    let catalogue = albums(&[&[1, 2, 3], &[2, 3, 1], &[3, 3, 3]]);
    // 1 twice, 2 twice, 3 five times of which three in one album.
    assert_eq!(minutes(&catalogue, Order::InOrder, 1), 5.0 / 9.0);
    assert_eq!(minutes(&catalogue, Order::InOrder, 2), 5.0 / 6.0);
    assert_eq!(minutes(&catalogue, Order::Shuffled, 2), 5.0 / 6.0);
    assert_eq!(minutes(&catalogue, Order::Shuffled, 3), 2.0 / 3.0);
    // Of three, the middle one is missing: 13, 21, 33.
    assert_eq!(minutes(&catalogue, Order::OneMissing, 2), 1.0);
}

/// More plays without their order can say less.
#[test]
fn shuffled_plays_are_no_law_in_their_number() {
    let catalogue = albums(&[&[1, 2], &[2, 1]]);
    let duration = Rounding::parse("floor:1min", Dimension::Duration).expect("a rounding");
    let generalization = Generalization { duration, ..Generalization::drop() };
    let of = |plays| recognition(&catalogue, &generalization, Order::Shuffled, plays, 2).expect("stretches");
    assert_eq!((of(1).uniform.right, of(2).uniform.right), (1.0, 0.5));
}

/// Where each number of plays takes all stretches that are long enough, a longer one can be named less often: the
/// series that are easy to name may be too short.
#[test]
fn short_series_drop_out() {
    let catalogue = albums(&[&[1], &[5, 5], &[5, 5]]);
    assert_eq!(minutes(&catalogue, Order::InOrder, 1), 3.0 / 5.0);
    assert_eq!(minutes(&catalogue, Order::InOrder, 2), 1.0 / 2.0);
}

#[test]
fn what_has_no_answer_is_none() {
    let catalogue = albums(&[&[1, 2, 3]]);
    let keep = Generalization::keep(&catalogue);
    for (order, plays, stretch) in [
        (Order::InOrder, 0, 1),
        (Order::InOrder, 4, 4),
        (Order::OneMissing, 3, 4),
        (Order::InOrder, 3, 2),
        (Order::OneMissing, 2, 2),
        (Order::Shuffled, u32::MAX, u32::MAX),
    ] {
        assert_eq!(
            recognition(&catalogue, &keep, order, plays, stretch),
            None,
            "{order:?}, {plays}, {stretch}"
        );
    }
}
