//! The attacker that runs and the closed form; the known library against its definition.

use std::collections::BTreeMap;

use coarsen::attack::known_library::known_library;
use coarsen::attack::linkage::Attacker;
use coarsen::attack::{Prior, Target, Trial, wilson};
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Cells, Classes, Generalization};
use proptest::prelude::*;

use crate::naive::group;
use crate::some::{catalogue, files, measure, with_corners};

/// False-alarm rate of this whole file: 64 cases with four comparisons each.
const FALSE_ALARM: f64 = 1e-6 / (64.0 * 4.0);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_running_attacker_agrees_with_the_closed_form(
        files in files(), generalization in with_corners(), seed: u64,
    ) {
        let catalogue = catalogue(&files);
        let closed = measure(&catalogue, &generalization).reidentification;
        let mut random = stream(seed, "agreement", 0);
        for (target, prior, claim) in [
            (Target::File, Prior::Uniform, closed.file.uniform),
            (Target::File, Prior::Popularity, closed.file.popularity),
            (Target::Title, Prior::Uniform, closed.title.uniform),
            (Target::Title, Prior::Popularity, closed.title.popularity),
        ] {
            let attacker = Attacker::study(&catalogue, generalization.key(), target, prior);
            let trial = attacker.run(4_000, &mut random);
            prop_assert!(trial.agrees_with(claim, FALSE_ALARM), "{trial:?} against {claim}");
        }
    }

    #[test]
    fn a_library_of_one_title_names_it_and_one_of_all_titles_is_refused(files in files(), seed: u64) {
        let catalogue = catalogue(&files);
        let generalization = Generalization::drop();
        let cells = Cells::new(&catalogue);
        let classes = Classes::group(&cells, generalization.key());
        prop_assert!(known_library(&classes, catalogue.titles(), 5, seed).is_none());
        if catalogue.titles() > 1 {
            let found = known_library(&classes, 1, 200, seed).expect("libraries of one title");
            // All are named, and 200 libraries don't tell that from nearly all.
            prop_assert_eq!((found.title_uniform, found.low, found.high), (1.0, wilson(200, 200).0, 1.0));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The mean over all libraries of that size, each from the definition.
    #[test]
    fn known_libraries_achieve_the_mean_over_all_of_them(
        files in files(), generalization in with_corners(), size in 2u32..6, seed: u64,
    ) {
        let catalogue = catalogue(&files);
        prop_assume!(size < catalogue.titles());
        let groups = group(&catalogue, &generalization);
        let mut rates = Vec::new();
        for library in (0u32..1 << catalogue.titles()).filter(|library| library.count_ones() == size) {
            let (mut hits, mut total) = (0, 0);
            for class in groups.values() {
                let mut of_title = BTreeMap::new();
                for title in class.iter().map(|&file| catalogue.title()[file]) {
                    if library >> title & 1 == 1 {
                        *of_title.entry(title).or_insert(0) += 1;
                        total += 1;
                    }
                }
                hits += of_title.values().max().copied().unwrap_or(0);
            }
            rates.push(f64::from(hits) / f64::from(total));
        }
        let exact = rates.iter().sum::<f64>() / rates.len() as f64;
        let cells = Cells::new(&catalogue);
        let classes = Classes::group(&cells, generalization.key());
        let found = known_library(&classes, size, 3_000, seed).expect("libraries");
        let allowed = (found.high - found.low) / 2.0 / 1.96 * 6.0 + 1e-12;
        prop_assert!((found.title_uniform - exact).abs() <= allowed, "{found:?} against {exact}");
    }
}

#[test]
fn a_wrong_claim_is_noticed() {
    // 200,000 draws tell 5 % from 5.5 %, at the rate at which a whole study raises a false alarm.
    let trial = Trial::new(200_000, 10_000);
    assert!(trial.agrees_with(0.05, 1e-6 / 60.0));
    assert!(!trial.agrees_with(0.055, 1e-6 / 60.0) && !trial.agrees_with(0.045, 1e-6 / 60.0));
    assert!(
        Trial::new(1_000, 1_000).agrees_with(1.0, 1e-6) && !Trial::new(1_000, 999).agrees_with(1.0, 1e-6)
    );
    assert!(Trial::new(1_000, 0).agrees_with(0.0, 1e-6) && !Trial::new(1_000, 1).agrees_with(0.0, 1e-6));
}

/// Wilson's interval of 15 in 50: Newcombe 1998 style worked figures, recomputed by hand.
#[test]
fn the_interval_is_wilsons() {
    let (low, high) = wilson(50, 15);
    // p = 0.3, z = 1.959964: center (0.3 + 0.0384146) / 1.0768292, half 1.959964 sqrt(0.0042 + 0.00038415) / 1.0768292.
    let center = 0.338_414_6 / 1.076_829_2;
    let half = 1.959_964 * (0.0042f64 + 0.000_384_146).sqrt() / 1.076_829_2;
    assert!((low - (center - half)).abs() < 1e-6 && (high - (center + half)).abs() < 1e-6, "{low} {high}");
    assert_eq!(wilson(0, 0), (0.0, 1.0));
}
