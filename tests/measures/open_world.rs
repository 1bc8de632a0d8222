//! The open world against its definition, the attacker that runs, and its laws with their counter-examples.

use std::collections::BTreeMap;

use coarsen::attack::Prior;
use coarsen::attack::open_world::{
    Attacker, Doubt, Role, Stated, World, abstaining_gain, open_world, stated,
};
use coarsen::catalogue::stream::stream;
use coarsen::catalogue::{Catalogue, Columns, SideField};
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::rounding::Rounding;
use coarsen::units::Dimension;
use proptest::prelude::*;

use crate::naive::group;
use crate::some::{catalogue, files, measure, nested_pair, with_corners};

const CASES: u32 = 64;

/// False-alarm rate of this whole file: each case of one test has eight comparisons.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 8.0);

fn of(
    catalogue: &Catalogue,
    generalization: &Generalization,
    world: &World,
    doubt: Doubt,
    prior: Prior,
) -> Option<Stated> {
    let cells = Cells::new(catalogue);
    stated(&Classes::group(&cells, generalization.key()), world, doubt, prior)
}

fn weight(catalogue: &Catalogue, prior: Prior, file: usize) -> f64 {
    if prior == Prior::Uniform { 1.0 } else { catalogue.weight()[file] as f64 }
}

/// From the definition, in floats, which is why whoever is within a hair of 95 % is left out.
fn naive(
    catalogue: &Catalogue,
    generalization: &Generalization,
    world: &World,
    doubt: Doubt,
    prior: Prior,
) -> Option<[f64; 3]> {
    let role = |file: usize| world.roles[catalogue.title()[file] as usize];
    let weigh = |file: &usize| weight(catalogue, prior, *file);
    let classes: Vec<Vec<usize>> = group(catalogue, generalization).into_values().collect();
    let listed = |class: &[usize]| {
        let mut titles: BTreeMap<u32, f64> = BTreeMap::new();
        for file in class.iter().filter(|&&file| role(file) != Role::Absent) {
            *titles.entry(catalogue.title()[*file]).or_default() += weigh(file);
        }
        titles
    };
    let power = |titles: usize| (titles as f64).log2().floor();
    let (mut plays, mut spoken, mut right) = (0.0, 0.0, 0.0);
    for class in &classes {
        let titles = listed(class);
        let played = |file: &&usize| role(**file) != Role::Decoy;
        let all: f64 = class.iter().filter(played).map(weigh).sum();
        plays += all;
        let Some((&best, &top)) = titles.iter().max_by(|a, b| a.1.total_cmp(b.1)) else { continue };
        let known: f64 = titles.values().sum();
        let alike = |other: &[usize], less: usize| {
            let held = listed(other).len();
            held > less && power(held - less) == power(titles.len())
        };
        let missing = match doubt {
            Doubt::Counts => (all - known).max(0.0),
            Doubt::Coverage => {
                let share = f64::from(world.coverage_percent) / 100.0;
                let number = classes.iter().filter(|other| alike(other, 0)).count() as f64;
                let larger = classes.iter().filter(|other| alike(other, 1));
                let larger: f64 = larger.map(|other| listed(other).values().sum::<f64>()).sum();
                larger / number * (1.0 - share) / share
            }
        };
        let sure = top / (known + missing);
        if (sure - 0.95).abs() < 1e-9 {
            return None;
        }
        if sure > 0.95 {
            spoken += all;
            let of_best = |file: &&usize| catalogue.title()[**file] == best;
            right += class.iter().filter(played).filter(of_best).map(weigh).sum::<f64>();
        }
    }
    (plays > 0.0).then_some([spoken / plays, right / plays, right])
}

fn worlds() -> impl Strategy<Value = (u32, u32, u64)> {
    (1u32..101, prop_oneof![Just(0u32), Just(50), Just(100)], any::<u64>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn it_is_as_defined_and_the_attacker_that_runs_agrees(
        files in files(), generalization in with_corners(), (coverage, decoys, seed) in worlds(),
    ) {
        let catalogue = catalogue(&files);
        let world = World::draw(&catalogue, coverage, decoys, seed);
        let attacker = Attacker::study(&catalogue, generalization.key());
        for (doubt, prior) in Doubt::ALL.into_iter().flat_map(|doubt| Prior::ALL.map(|prior| (doubt, prior))) {
            let found = of(&catalogue, &generalization, &world, doubt, prior);
            if let Some([spoken, recall, right]) = naive(&catalogue, &generalization, &world, doubt, prior) {
                let found = found.expect("something is played");
                prop_assert!((found.spoken - spoken).abs() < 1e-9, "{doubt:?} {prior:?}: {found:?} {spoken}");
                prop_assert!((found.recall - recall).abs() < 1e-9, "{doubt:?} {prior:?}: {found:?} {recall}");
                prop_assert!(found.precision.is_some() == (spoken > 0.0) && (right > 0.0) == (found.recall > 0.0));
            }
            let mut random = stream(seed, "open world test", 0);
            let ran = attacker.run(&world, doubt, prior, 1_000, &mut random);
            prop_assert_eq!(ran.is_some(), found.is_some());
            if let (Some(ran), Some(found)) = (ran, found) {
                prop_assert!(ran.recall.agrees_with(found.recall, FALSE_ALARM), "{ran:?} {found:?}");
                match found.precision {
                    Some(precision) => prop_assert!(ran.precision.agrees_with(precision, FALSE_ALARM)),
                    None => prop_assert_eq!(ran.precision.draws, 0),
                }
            }
        }
    }

    #[test]
    fn who_holds_everything_speaks_at_the_confident_share(files in files(), generalization in with_corners()) {
        let catalogue = catalogue(&files);
        let everything = World::draw(&catalogue, 100, 0, 1);
        let confident = measure(&catalogue, &generalization).confident_title;
        for doubt in Doubt::ALL {
            for (prior, share) in Prior::ALL.into_iter().zip([confident.uniform, confident.popularity]) {
                let found = of(&catalogue, &generalization, &everything, doubt, prior).expect("plays");
                prop_assert!((found.spoken - share).abs() < 1e-12, "{found:?} {share}");
                // The top titles of the classes where one holds 95 %.
                let (mut tops, mut all) = (0.0, 0.0);
                for class in group(&catalogue, &generalization).into_values() {
                    let mut titles: BTreeMap<u32, f64> = BTreeMap::new();
                    for &file in &class {
                        *titles.entry(catalogue.title()[file]).or_default() += weight(&catalogue, prior, file);
                    }
                    let (whole, top) = (titles.values().sum::<f64>(), titles.values().copied().fold(0.0, f64::max));
                    all += whole;
                    tops += if 20.0 * top >= 19.0 * whole { top } else { 0.0 };
                }
                prop_assert!((found.recall - tops / all).abs() < 1e-12);
                prop_assert!(found.precision.is_none_or(|precision| precision >= 0.95 - 1e-12));
            }
        }
    }

    /// Who counts the reports is calibrated at any coverage, and never gains by knowing less.
    #[test]
    fn with_counts_less_coverage_never_helps(files in files(), generalization in with_corners(), seed: u64) {
        let catalogue = catalogue(&files);
        for prior in Prior::ALL {
            let mut before = 1.0;
            for coverage in [100, 90, 75, 50, 25, 10, 0] {
                let world = World::draw(&catalogue, coverage, 0, seed);
                let found = of(&catalogue, &generalization, &world, Doubt::Counts, prior).expect("plays");
                prop_assert!(found.recall <= before);
                prop_assert!(found.precision.is_none_or(|precision| precision >= 0.95 - 1e-12));
                prop_assert!(coverage > 0 || found.recall == 0.0);
                before = found.recall;
            }
        }
    }

    #[test]
    fn nested_coarsening_never_raises_the_abstaining_gain(files in files(), (fine, coarse) in nested_pair()) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let [fine, coarse] = [fine, coarse].map(|of| abstaining_gain(&Classes::group(&cells, of.key())));
        prop_assert!(coarse.uniform <= fine.uniform && coarse.popularity <= fine.popularity);
        prop_assert!(fine.uniform >= 0.0 && fine.popularity <= 1.0);
    }
}

/// Files by their duration, a second for each class, with their plays.
fn world_of(files: &[(u32, u32, u32)]) -> Catalogue {
    Catalogue::new(Columns {
        title: files.iter().map(|file| file.0).collect(),
        duration_ms: files.iter().map(|file| file.1 * 1_000).collect(),
        popularity: Some(files.iter().map(|file| f64::from(file.2)).collect()),
        side: [(SideField::Kind, files.iter().map(|_| Some("clip")).collect())].into(),
        ..Columns::default()
    })
    .expect("a catalogue")
}

fn every_second() -> Generalization {
    let duration = Rounding::parse("floor:1s", Dimension::Duration).expect("a rounding");
    Generalization { duration, ..Generalization::drop() }
}

/// Cells {A} and {A x 18, B}: merged, the confident share rises from 0.05 to 1; the abstaining gain doesn't.
#[test]
fn coarser_may_be_more_confident_and_gains_nothing() {
    let catalogue = world_of(&[(0, 1, 1), (0, 2, 18), (1, 2, 1)]);
    let cells = Cells::new(&catalogue);
    let everything = World::draw(&catalogue, 100, 0, 1);
    let of = |generalization: &Generalization| {
        let classes = Classes::group(&cells, generalization.key());
        let found = stated(&classes, &everything, Doubt::Coverage, Prior::Popularity).expect("plays");
        (found.spoken, found.recall, abstaining_gain(&classes).popularity)
    };
    assert_eq!(of(&every_second()), (0.05, 0.05, 0.05));
    assert_eq!(of(&Generalization::drop()), (1.0, 0.95, 0.0));
}

/// A's rival hides it from those who know both. Half of those who know A don't know B, and as classes of two titles are
/// rare they aren't warned: on average over worlds, recall rises tenfold as the coverage falls to a half.
#[test]
fn who_knows_only_the_coverage_may_recall_more_by_holding_less() {
    let mut files = vec![(0, 1, 1_800), (1, 1, 100)];
    files.extend((2..52).map(|title| (title, title, 1)));
    let catalogue = world_of(&files);
    let recall = |coverage: u32, doubt: Doubt| {
        let of_seed = |seed| {
            let world = World::draw(&catalogue, coverage, 0, seed);
            of(&catalogue, &every_second(), &world, doubt, Prior::Popularity).expect("plays").recall
        };
        (0..200).map(of_seed).sum::<f64>() / 200.0
    };
    assert!((recall(100, Doubt::Coverage) - 50.0 / 1_950.0).abs() < 1e-12);
    assert!(recall(50, Doubt::Coverage) > 0.18, "{}", recall(50, Doubt::Coverage));
    assert!(recall(50, Doubt::Counts) < recall(100, Doubt::Counts));
}

/// Decoys look like any other title: they fill classes, and nobody plays them.
#[test]
fn decoys_silence_and_are_never_right() {
    let catalogue = world_of(&[(0, 1, 5), (1, 1, 5), (2, 2, 5), (3, 3, 5)]);
    let roles = vec![Role::Known, Role::Decoy, Role::Known, Role::Decoy];
    let world = World { coverage_percent: 100, roles };
    let found = of(&catalogue, &every_second(), &world, Doubt::Coverage, Prior::Popularity);
    // The first is hidden by a decoy, the third is named; nobody plays the fourth.
    assert_eq!(found, Some(Stated { spoken: 0.5, precision: Some(1.0), recall: 0.5 }));
    let nobody = World { coverage_percent: 100, roles: vec![Role::Decoy; 4] };
    assert_eq!(of(&catalogue, &every_second(), &nobody, Doubt::Coverage, Prior::Uniform), None);
    let nothing = World { coverage_percent: 10, roles: vec![Role::Absent; 4] };
    let found = of(&catalogue, &every_second(), &nothing, Doubt::Coverage, Prior::Uniform);
    assert_eq!(found, Some(Stated { spoken: 0.0, precision: None, recall: 0.0 }));
}

#[test]
fn threads_change_nothing() {
    let catalogue = world_of(&(0..200).map(|file| (file, 1 + file / 2, file % 7)).collect::<Vec<_>>());
    let cells = Cells::new(&catalogue);
    let run = || open_world(&cells, &cells, every_second().key(), 1_000, 3);
    let found = run();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    assert_eq!(pool.install(run), found);
    assert_eq!(found.rows.len(), 48);
}
