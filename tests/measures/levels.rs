//! A1 at every level: the closed form against its definition and against the attacker that runs, and its laws.

use std::collections::BTreeMap;

use coarsen::attack::levels::{Level, level};
use coarsen::attack::linkage::Attacker;
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::stream::stream;
use coarsen::catalogue::{Catalogue, Category, Columns, SideField};
use coarsen::classes::{Cells, Classes, Generalization};
use proptest::prelude::*;

use crate::naive::group;
use crate::some::{File, catalogue, files, measure, nested_pair, with_corners};

/// False-alarm rate of this whole file: 48 cases with sixteen comparisons each.
const FALSE_ALARM: f64 = 1e-6 / (48.0 * 16.0);

fn levels(catalogue: &Catalogue, generalization: &Generalization) -> Vec<(Target, Prior, Level)> {
    let cells = Cells::new(catalogue);
    let classes = Classes::group(&cells, generalization.key());
    let of = |target| Prior::ALL.into_iter().zip(level(&classes, target)).map(move |(p, l)| (target, p, l));
    Target::ALL.into_iter().flat_map(of).collect()
}

/// What a file is named at a level, as text.
fn named(catalogue: &Catalogue, target: Target, file: usize) -> String {
    match target {
        Target::File => file.to_string(),
        Target::Title => catalogue.title()[file].to_string(),
        Target::Series => catalogue.series()[file].to_string(),
        Target::Genre => format!("{:?}", catalogue.side(SideField::Genre).expect("genres").get(file)),
    }
}

/// From the definitions: sums over classes and over the targets of each.
fn naive(catalogue: &Catalogue, generalization: &Generalization, target: Target, prior: Prior) -> Level {
    let mut sums = [0.0f64; 6];
    for class in group(catalogue, generalization).values() {
        let mut of_target: BTreeMap<String, f64> = BTreeMap::new();
        for &file in class {
            let weight = if prior == Prior::Uniform { 1.0 } else { catalogue.weight()[file] as f64 };
            *of_target.entry(named(catalogue, target, file)).or_default() += weight;
        }
        let mut weights: Vec<f64> = of_target.into_values().filter(|weight| *weight > 0.0).collect();
        weights.sort_by(|a, b| b.total_cmp(a));
        let all: f64 = weights.iter().sum();
        let doubt: f64 = weights.iter().map(|weight| -weight * (weight / all).log2()).sum();
        let single = if weights.len() == 1 { all } else { 0.0 };
        let best = |guesses| weights.iter().take(guesses).sum::<f64>();
        let of_class = [all, best(1), best(3), doubt, all * weights.len() as f64, single];
        sums.iter_mut().zip(of_class).for_each(|(sum, of_class)| *sum += of_class);
    }
    let [all, top1, top3, doubt, candidates, single] = sums;
    Level {
        top1: top1 / all,
        top3: top3 / all,
        entropy_bits: doubt / all,
        expected_candidates: candidates / all,
        single_candidate: single / all,
    }
}

fn figures(level: &Level) -> [f64; 5] {
    let Level { top1, top3, entropy_bits, expected_candidates, single_candidate } = *level;
    [top1, top3, entropy_bits, expected_candidates, single_candidate]
}

/// That the second tells an attacker no less than the first.
fn no_safer(safer: &Level, riskier: &Level) -> bool {
    let (safer, riskier) = (figures(safer), figures(riskier));
    [0, 1, 4].into_iter().all(|at| riskier[at] >= safer[at] - 1e-12)
        && [2, 3].into_iter().all(|at| riskier[at] <= safer[at] + 1e-9)
}

/// Each title in one series.
fn in_levels(files: &[File]) -> Vec<File> {
    let series = |title: u32| (title < 12).then_some(title % 4);
    files.iter().map(|file| File { series: series(file.title), ..*file }).collect()
}

/// The genre of a title in these catalogues, as `some` makes it.
fn genre(title: u32) -> u32 {
    if title.is_multiple_of(5) { 3 } else { title % 3 }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn they_are_as_defined_and_the_attacker_that_runs_agrees(
        files in files(), generalization in with_corners(), seed: u64,
    ) {
        let catalogue = catalogue(&files);
        let mut random = stream(seed, "levels", 0);
        for (target, prior, level) in levels(&catalogue, &generalization) {
            let defined = naive(&catalogue, &generalization, target, prior);
            for (is, defined) in figures(&level).into_iter().zip(figures(&defined)) {
                prop_assert!((is - defined).abs() < 1e-9, "{target:?}, {prior:?}: {level:?}, {defined:?}");
            }
            let attacker = Attacker::study(&catalogue, generalization.key(), target, prior);
            let ran = attacker.run_ranked(1_000, &mut random);
            prop_assert!(ran.top1.agrees_with(level.top1, FALSE_ALARM), "{target:?}, {prior:?}: {ran:?}, {level:?}");
            prop_assert!(ran.top3.agrees_with(level.top3, FALSE_ALARM), "{target:?}, {prior:?}: {ran:?}, {level:?}");
            prop_assert!(ran.top1.hits <= ran.top3.hits);
        }
    }

    #[test]
    fn file_and_title_are_those_of_the_measures(files in files(), generalization in with_corners()) {
        let catalogue = catalogue(&files);
        let measured = measure(&catalogue, &generalization).reidentification;
        let of = |target, prior| match (target, prior) {
            (Target::File, Prior::Uniform) => measured.file.uniform,
            (Target::File, Prior::Popularity) => measured.file.popularity,
            (_, Prior::Uniform) => measured.title.uniform,
            (_, Prior::Popularity) => measured.title.popularity,
        };
        for (target, prior, level) in levels(&catalogue, &generalization).into_iter().take(4) {
            prop_assert_eq!(level.top1, of(target, prior));
        }
    }

    #[test]
    fn coarser_levels_are_named_more_often(files in files(), generalization in with_corners()) {
        // A series of several genres is split, genre by genre.
        let files: Vec<File> = in_levels(&files)
            .into_iter()
            .map(|file| File { series: file.series.map(|series| series * 4 + genre(file.title)), ..file })
            .collect();
        let found = levels(&catalogue(&files), &generalization);
        for (finer, coarser) in found.iter().zip(&found[2..]) {
            prop_assert!(no_safer(&finer.2, &coarser.2), "{finer:?}, {coarser:?}");
        }
        for (target, prior, level) in &found {
            let [top1, top3, bits, candidates, single] = figures(level);
            prop_assert!(single <= top1 + 1e-12 && top1 <= top3 && top3 <= 1.0, "{target:?}, {prior:?}, {level:?}");
            prop_assert!(bits >= 0.0 && candidates >= 1.0);
            // Fano's simplest form: no doubt without a second candidate, and the likeliest has at least 2^-bits.
            prop_assert!(top1 >= (-bits).exp2() - 1e-12);
            prop_assert!(bits <= candidates.log2() + 1e-9, "{level:?}");
        }
    }

    #[test]
    fn nested_coarsening_never_helps(files in files(), (fine, coarse) in nested_pair()) {
        let catalogue = catalogue(&files);
        for (fine, coarse) in levels(&catalogue, &fine).iter().zip(&levels(&catalogue, &coarse)) {
            prop_assert!(no_safer(&coarse.2, &fine.2), "{fine:?}, {coarse:?}");
        }
    }
}

/// One series of two genres: whoever names it for sure still doubts the genre.
#[test]
fn a_series_of_several_genres_breaks_the_order_of_levels() {
    let genres: Category = [Some("rock"), Some("jazz")].into_iter().collect();
    let catalogue = Catalogue::new(Columns {
        title: vec![0, 1],
        series: Some(vec![Some(0), Some(0)]),
        duration_ms: vec![60_000; 2],
        side: BTreeMap::from([
            (SideField::Kind, [Some("track"); 2].into_iter().collect()),
            (SideField::Genre, genres),
        ]),
        ..Columns::default()
    })
    .expect("a legal catalogue");
    let found = levels(&catalogue, &Generalization::drop());
    let top1 = |target| found.iter().find(|level| level.0 == target).expect("a level").2.top1;
    assert_eq!((top1(Target::Series), top1(Target::Genre)), (1.0, 0.5));
}
