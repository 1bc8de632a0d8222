//! Suppression, homogeneity and side fields against their definitions, and against attackers that run.

use std::collections::{BTreeMap, HashMap};

use coarsen::anonymity::genre;
use coarsen::attack::homogeneity::{Secret, homogeneity};
use coarsen::attack::side_fields::{Marginal, side_fields};
use coarsen::attack::suppression::{Signal, suppression};
use coarsen::attack::{Prior, homogeneity as a10, suppression as a9};
use coarsen::catalogue::stream::stream;
use coarsen::catalogue::{Catalogue, SideField};
use coarsen::classes::{Cells, Classes, Generalization};
use proptest::prelude::*;

use crate::naive::group;
use crate::some::{catalogue, files, measure, nested_pair, with_corners};

const CASES: u32 = 64;

/// False-alarm rate of this whole file: each case of two tests has at most 20 comparisons.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 2.0 * 20.0);

const PRIORS: [Prior; 2] = [Prior::Uniform, Prior::Popularity];

fn close(a: f64, b: f64) -> Result<(), TestCaseError> {
    prop_assert!((a - b).abs() <= 1e-9, "{a} is not {b}");
    Ok(())
}

fn weight(catalogue: &Catalogue, prior: Prior, file: usize) -> f64 {
    match prior {
        Prior::Uniform => 1.0,
        Prior::Popularity => catalogue.weight()[file] as f64,
    }
}

/// Of all plays of the files among these, how many an attacker names right who guesses at random among the best.
fn named(
    catalogue: &Catalogue,
    generalization: &Generalization,
    among: &[usize],
    prior: Prior,
) -> Option<f64> {
    let all: f64 = among.iter().map(|&file| weight(catalogue, prior, file)).sum();
    let mut hits = 0.0;
    for class in group(catalogue, generalization).values() {
        let (mut sums, mut right) = (BTreeMap::new(), BTreeMap::new());
        for &file in class {
            *sums.entry(catalogue.title()[file]).or_insert(0.0) += weight(catalogue, prior, file);
            if among.contains(&file) {
                *right.entry(catalogue.title()[file]).or_insert(0.0) += weight(catalogue, prior, file);
            }
        }
        let best = sums.values().copied().fold(0.0, f64::max);
        let tied: Vec<u32> = sums.iter().filter(|(_, sum)| **sum == best).map(|(&title, _)| title).collect();
        hits += tied.iter().filter_map(|title| right.get(title)).sum::<f64>() / tied.len() as f64;
    }
    (all > 0.0).then(|| hits / all)
}

/// The weights of some value in each class.
fn tables(
    catalogue: &Catalogue,
    generalization: &Generalization,
    prior: Prior,
    value: impl Fn(usize) -> u32,
) -> Vec<HashMap<u32, f64>> {
    let of_class = |class: &Vec<usize>| {
        let mut sums = HashMap::new();
        class
            .iter()
            .for_each(|&file| *sums.entry(value(file)).or_insert(0.0) += weight(catalogue, prior, file));
        sums
    };
    group(catalogue, generalization).values().map(of_class).collect()
}

/// H(title | what is seen), from the definition.
fn entropy(catalogue: &Catalogue, generalization: &Generalization, prior: Prior) -> f64 {
    let classes = tables(catalogue, generalization, prior, |file| catalogue.title()[file]);
    let all: f64 = classes.iter().flat_map(HashMap::values).sum();
    let of_class = |class: &HashMap<u32, f64>| {
        let whole: f64 = class.values().sum();
        let held = class.values().filter(|held| **held > 0.0);
        held.map(|held| -(held / all) * (held / whole).log2()).sum::<f64>()
    };
    classes.iter().map(of_class).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn suppression_is_by_its_definition_and_the_attacker_agrees(
        files in files(), generalization in with_corners(), seed: u64,
    ) {
        let catalogue = catalogue(&files);
        let groups = group(&catalogue, &generalization);
        let other = groups.get("other").cloned().unwrap_or_default();
        let found = suppression(&Cells::new(&catalogue), &generalization);
        prop_assert_eq!(found.iter().any(|found| found.signal == Signal::Other), !other.is_empty());
        for found in &found {
            let among: Vec<usize> = match found.signal {
                Signal::Other => other.clone(),
                Signal::NoBitrate => {
                    prop_assert!(!generalization.bitrate.is_drop());
                    let rates = catalogue.bitrate_bps().expect("bit rates");
                    (0..catalogue.files()).filter(|f| rates[*f].is_none() && !other.contains(f)).collect()
                }
                Signal::No(field) => {
                    prop_assert!(generalization.by.contains(&field));
                    let side = catalogue.side(field).expect("a side field");
                    (0..catalogue.files()).filter(|&f| side.get(f).is_none() && !other.contains(&f)).collect()
                }
            };
            prop_assert_eq!(found.files as usize, among.len());
            close(found.share.uniform, among.len() as f64 / catalogue.files() as f64)?;
            let without = found.signal.without(&generalization);
            let nothing = Generalization::drop();
            for (rates, by) in [(found.named, &generalization), (found.without, &without), (found.control, &nothing)] {
                close(rates.uniform, named(&catalogue, by, &among, Prior::Uniform).expect("files"))?;
                let popular = named(&catalogue, by, &among, Prior::Popularity);
                prop_assert_eq!(rates.popularity.is_some(), popular.is_some());
                close(rates.popularity.unwrap_or(0.0), popular.unwrap_or(0.0))?;
            }
            prop_assert!(found.named.uniform >= 1.0 / found.titles as f64 - 1e-12);
            prop_assert!(found.titles > 1 || found.named.uniform == 1.0);
            for (prior, claim) in PRIORS.into_iter().zip([Some(found.named.uniform), found.named.popularity]) {
                let mut random = stream(seed, "suppression", 0);
                let trial = a9::run(&catalogue, &generalization, found.signal, prior, 2_000, &mut random);
                prop_assert_eq!(trial.is_some(), claim.is_some());
                if let (Some(trial), Some(claim)) = (trial, claim) {
                    prop_assert!(trial.agrees_with(claim, FALSE_ALARM), "{trial:?} against {claim}");
                }
            }
        }
    }

    #[test]
    fn homogeneity_is_by_its_definition_and_the_attacker_agrees(
        files in files(), generalization in with_corners(), seed: u64,
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let classes = Classes::group(&cells, generalization.key());
        let of_genre = catalogue.side(SideField::Genre).expect("a genre");
        for secret in Secret::ALL {
            let found = homogeneity(&classes, secret).expect("a secret");
            let value = |file: usize| match secret {
                Secret::Genre => of_genre.index(file) as u32,
                Secret::Series => catalogue.series()[file],
            };
            for prior in PRIORS {
                let tables = tables(&catalogue, &generalization, prior, value);
                let all: f64 = tables.iter().flat_map(HashMap::values).sum();
                let share = |holds: &dyn Fn(&HashMap<u32, f64>) -> bool| {
                    tables.iter().filter(|class| holds(class)).flat_map(HashMap::values).sum::<f64>() / all
                };
                let top = |class: &HashMap<u32, f64>| class.values().copied().fold(0.0, f64::max);
                let pick = |rates: coarsen::anonymity::Confident| match prior {
                    Prior::Uniform => rates.uniform,
                    Prior::Popularity => rates.popularity,
                };
                close(pick(found.shared_by_all), share(&|class| class.len() == 1))?;
                close(pick(found.shared_by_most), share(&|class| {
                    20.0 * top(class) >= 19.0 * class.values().sum::<f64>()
                }))?;
                close(pick(found.named), tables.iter().map(top).sum::<f64>() / all)?;
                prop_assert!(pick(found.shared_by_all) <= pick(found.shared_by_most));
                let mut random = stream(seed, "homogeneity", 0);
                let trial = a10::run(&catalogue, generalization.key(), secret, prior, 2_000, &mut random);
                let trial = trial.expect("a secret");
                prop_assert!(trial.agrees_with(pick(found.named), FALSE_ALARM), "{trial:?} against {found:?}");
            }
        }
        let found = homogeneity(&classes, Secret::Genre).expect("a genre");
        close(found.shared_by_all.uniform, genre(&classes).expect("a genre").homogeneous_share)?;
        // All files of a title share its genre here, so the genre is no harder to name.
        let titles = measure(&catalogue, &generalization).reidentification.title;
        prop_assert!(found.named.uniform >= titles.uniform && found.named.popularity >= titles.popularity);

        let tables = tables(&catalogue, &generalization, Prior::Uniform, |file| of_genre.index(file) as u32);
        let files = catalogue.files() as f64;
        let gain = |code: u32| {
            let yes = |class: &HashMap<u32, f64>| class.get(&code).copied().unwrap_or(0.0);
            let of_class = |class: &HashMap<u32, f64>| yes(class).max(class.values().sum::<f64>() - yes(class));
            let (after, all) = (tables.iter().map(of_class).sum::<f64>(), tables.iter().map(yes).sum::<f64>());
            (after / files, all.max(files - all) / files)
        };
        let told = found.yes_or_no.expect("of a genre");
        let code = of_genre.names().iter().position(|name| Some(name) == told.genre.as_ref());
        let (after, before) = gain(code.unwrap_or(of_genre.names().len()) as u32);
        close(told.after, after)?;
        close(told.before, before)?;
        for code in 0..of_genre.levels() as u32 {
            let (other_after, other_before) = gain(code);
            prop_assert!(other_after - other_before <= told.after - told.before + 1e-9);
        }
    }

    #[test]
    fn naming_a_genre_never_gets_easier_under_nested_coarsening(
        files in files(), (fine, coarse) in nested_pair(),
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        for secret in Secret::ALL {
            let of = |by: &Generalization| homogeneity(&Classes::group(&cells, by.key()), secret).expect("a secret");
            let (fine, coarse) = (of(&fine), of(&coarse));
            for (fine, coarse) in [(fine.shared_by_all, coarse.shared_by_all), (fine.named, coarse.named)] {
                prop_assert!(fine.uniform >= coarse.uniform && fine.popularity >= coarse.popularity);
            }
        }
    }

    #[test]
    fn a_side_field_tells_what_entropies_say(files in files(), generalization in with_corners()) {
        let catalogue = catalogue(&files);
        let found = side_fields(&Cells::new(&catalogue), &generalization);
        let nothing = Generalization::drop();
        let bits = |by: &Generalization| PRIORS.map(|prior| entropy(&catalogue, by, prior));
        let [before, after] = [bits(&nothing), bits(&generalization)];
        close(found.bits_before.uniform, before[0])?;
        close(found.bits_before.popularity, before[1])?;
        close(found.bits_after.uniform, after[0])?;
        close(found.bits_after.popularity, after[1])?;
        let check = |marginal: &Marginal, without: &Generalization, with: &Generalization| {
            let (of_without, of_with) = (bits(without), bits(with));
            close(marginal.bits.uniform, of_without[0] - of_with[0])?;
            close(marginal.bits.popularity, of_without[1] - of_with[1])?;
            let [without, with] = [without, with].map(|by| measure(&catalogue, by).reidentification.title);
            close(marginal.without.uniform, without.uniform)?;
            close(marginal.without.popularity, without.popularity)?;
            close(marginal.with.uniform, with.uniform)?;
            close(marginal.with.popularity, with.popularity)?;
            prop_assert!(marginal.bits.uniform >= 0.0 && marginal.bits.popularity >= 0.0);
            prop_assert!(marginal.with.uniform >= marginal.without.uniform - 1e-12);
            Ok(())
        };
        for marginal in &found.leaving {
            prop_assert_eq!(marginal.variant.emitted() + 1, generalization.emitted());
            check(marginal, &marginal.variant, &generalization)?;
        }
        prop_assert_eq!(found.leaving.len(), generalization.emitted());
        for marginal in found.further.iter().chain(&found.all_further) {
            prop_assert!(marginal.variant.emitted() > generalization.emitted());
            check(marginal, &generalization, &marginal.variant)?;
        }
        // Kind and resolution are what this catalogue has of them.
        let further = [SideField::Resolution, SideField::Kind].iter().filter(|f| !generalization.by.contains(f));
        prop_assert_eq!(found.further.len(), further.count());
    }
}

/// Four titles of one length, told apart by height alone: two bits by files; by plays those of 5, 1, 1 and 1.
#[test]
fn the_exact_picture_size_is_worth_two_bits_here() {
    use coarsen::catalogue::Columns;
    let heights = ["800", "804", "816", "1080"];
    let catalogue = Catalogue::new(Columns {
        title: vec![0, 1, 2, 3],
        duration_ms: vec![1_000; 4],
        popularity: Some(vec![5.0, 1.0, 1.0, 1.0]),
        side: BTreeMap::from([
            (SideField::Kind, ["movie"; 4].map(Some).into_iter().collect()),
            (SideField::Width, ["1920"; 4].map(Some).into_iter().collect()),
            (SideField::Height, heights.map(Some).into_iter().collect()),
        ]),
        ..Columns::default()
    });
    let found = side_fields(&Cells::new(&catalogue.expect("legal")), &Generalization::drop());
    let size = found.further.iter().find(|marginal| marginal.field == "width x height").expect("a size");
    assert!((size.bits.uniform - 2.0).abs() < 1e-12);
    let by_plays = 5.0 / 8.0 * (8.0f64 / 5.0).log2() + 3.0 / 8.0 * 3.0;
    assert!((size.bits.popularity - by_plays).abs() < 1e-12, "{}", size.bits.popularity);
    assert_eq!((size.without.uniform, size.with.uniform), (0.25, 1.0));
    assert_eq!(size.without.popularity, 0.625);
    assert!(found.leaving.is_empty());
}
