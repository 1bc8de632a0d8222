//! Coarser is never riskier, where that is a law; and the counter-examples where it is not.

use coarsen::anonymity::{Distortion, Measures, closeness, disclosure, genre};
use coarsen::catalogue::{Catalogue, Columns, SideField};
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::rounding::Rounding;
use coarsen::units::Dimension;
use proptest::prelude::*;

use crate::some::{catalogue, files, measure, nested_pair};

/// Floats that are sums of the same integers over the same total, up to their last bits.
fn at_most(coarse: f64, fine: f64) -> bool {
    coarse <= fine + 1e-12
}

/// No risk that obeys the law is higher in the coarse measures.
pub fn no_riskier(f: &Measures, c: &Measures) -> Result<(), TestCaseError> {
    prop_assert!(c.classes <= f.classes);
    prop_assert!(c.k.files >= f.k.files && c.k.titles >= f.k.titles && c.k.series >= f.k.series);
    for (c, f) in c.k_within_budget.iter().zip(&f.k_within_budget) {
        prop_assert!(c.files >= f.files && c.titles >= f.titles && c.series >= f.series);
        prop_assert!(c.titles_by_plays >= f.titles_by_plays);
    }
    let risks = |m: &Measures| {
        let (file, title) = (m.reidentification.file, m.reidentification.title);
        vec![
            m.unique_share.files,
            m.unique_share.titles,
            m.exposed.files,
            m.exposed.plays,
            file.uniform,
            file.popularity,
            title.uniform,
            title.popularity,
            m.leakage_bits.file_uniform,
            m.leakage_bits.title_uniform,
            m.leakage_bits.title_popularity,
            m.prosecutor.at_risk,
            m.prosecutor.highest,
            m.prosecutor.lowest,
            m.prosecutor.average,
        ]
    };
    for (i, (c, f)) in risks(c).into_iter().zip(risks(f)).enumerate() {
        prop_assert!(at_most(c, f), "risk {i} rose from {f} to {c}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn nested_coarsening_never_raises_a_risk(files in files(), (fine, coarse) in nested_pair()) {
        let catalogue = catalogue(&files);
        let (f, c) = (measure(&catalogue, &fine), measure(&catalogue, &coarse));
        no_riskier(&f, &c)?;
        let cells = Cells::new(&catalogue);
        let of_genre = |g: &Generalization| genre(&Classes::group(&cells, g.key())).expect("genres");
        let (c, f) = (of_genre(&coarse), of_genre(&fine));
        prop_assert!(c.distinct_l >= f.distinct_l);
        prop_assert!(at_most(f.entropy_l, c.entropy_l + 1e-9) && at_most(c.t_closeness, f.t_closeness));
    }

    #[test]
    fn nested_coarsening_never_lowers_the_loss(files in files(), (fine, coarse) in nested_pair()) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let (f, c) = (Distortion::of(&cells, &fine), Distortion::of(&cells, &coarse));
        prop_assert!(at_most(f.duration.ncp, c.duration.ncp) && at_most(f.bitrate.ncp, c.bitrate.ncp));
        if coarse.by.iter().all(|field| fine.by.contains(field)) {
            prop_assert!(at_most(f.total, c.total));
        }
    }

    /// Two classes of one table and their union: no value of the union strays farther than in one of them.
    #[test]
    fn merging_classes_never_raises_disclosure(
        counts in prop::collection::vec((0u32..6, 0u32..6, 0u32..6), 1..6),
    ) {
        let column = |of: fn(&(u32, u32, u32)) -> u32| counts.iter().map(of).collect::<Vec<u32>>();
        let (one, other, merged) = (column(|c| c.0), column(|c| c.1), column(|c| c.0 + c.1));
        let whole = column(|c| c.0 + c.1 + c.2);
        let apart = [&one, &other].map(|class| disclosure::delta(class, &whole)).into_iter().fold(0.0, f64::max);
        prop_assert!(at_most(disclosure::delta(&merged, &whole), apart), "{counts:?}");
    }

    #[test]
    fn levels_and_priors_are_ordered(files in files(), (generalization, _) in nested_pair()) {
        let m = measure(&catalogue(&files), &generalization);
        prop_assert!(m.k.files >= m.k.titles);
        prop_assert!(at_most(m.reidentification.file.uniform, m.reidentification.title.uniform));
        prop_assert!(at_most(m.reidentification.file.popularity, m.reidentification.title.popularity));
        prop_assert!(at_most(m.blind_guess.uniform, m.reidentification.title.uniform));
        prop_assert!(at_most(m.blind_guess.popularity, m.reidentification.title.popularity));
        // Sample and population are the same, so the prosecutor's average is the Bayes attacker's success.
        prop_assert!((m.prosecutor.average - m.reidentification.file.uniform).abs() < 1e-12);
    }

    #[test]
    fn equal_popularity_is_the_uniform_prior(mut files in files(), (generalization, _) in nested_pair()) {
        files.iter_mut().for_each(|file| file.popularity = 3);
        let m = measure(&catalogue(&files), &generalization);
        prop_assert!((m.reidentification.title.uniform - m.reidentification.title.popularity).abs() < 1e-12);
        prop_assert!((m.reidentification.file.uniform - m.reidentification.file.popularity).abs() < 1e-12);
        prop_assert!((m.exposed.files - m.exposed.plays).abs() < 1e-12);
    }

    #[test]
    fn k_of_titles_is_distinct_diversity_of_the_title(files in files(), (generalization, _) in nested_pair()) {
        // The title as the sensitive attribute, in the place of the genre.
        let mut columns = Columns {
            title: files.iter().map(|file| file.title).collect(),
            duration_ms: files.iter().map(|file| file.duration).collect(),
            bitrate_bps: Some(files.iter().map(|file| file.bitrate).collect()),
            ..Columns::default()
        };
        let names: Vec<String> = files.iter().map(|file| file.title.to_string()).collect();
        let column = |name: &dyn Fn(usize) -> Option<String>| {
            let names: Vec<Option<String>> = (0..files.len()).map(name).collect();
            names.iter().map(Option::as_deref).collect()
        };
        columns.side.insert(SideField::Kind, column(&|_| Some("movie".to_owned())));
        columns.side.insert(SideField::Genre, column(&|file| Some(names[file].clone())));
        let resolution = |file: usize| files[file].resolution.map(|r| r.to_string());
        columns.side.insert(SideField::Resolution, column(&resolution));
        let catalogue = Catalogue::new(columns).expect("a catalogue");
        let cells = Cells::new(&catalogue);
        let found = genre(&Classes::group(&cells, generalization.key())).expect("titles");
        prop_assert_eq!(found.distinct_l, measure(&catalogue, &generalization).k.titles);
    }
}

fn of_durations(titles: &[u32], durations: &[u32]) -> Catalogue {
    let kinds = vec![Some("clip"); titles.len()].into_iter().collect();
    Catalogue::new(Columns {
        title: titles.to_vec(),
        duration_ms: durations.to_vec(),
        side: [(SideField::Kind, kinds)].into(),
        ..Columns::default()
    })
    .expect("a catalogue")
}

fn at(rounding: &str) -> Generalization {
    let duration = Rounding::parse(rounding, Dimension::Duration).expect("a rounding");
    Generalization { duration, ..Generalization::drop() }
}

#[test]
fn wider_is_not_safer_where_widths_do_not_nest() {
    let catalogue = of_durations(&[0, 1, 2, 3], &[10, 19, 20, 29]);
    assert_eq!(measure(&catalogue, &at("floor:10ms")).k.files, 2);
    assert_eq!(measure(&catalogue, &at("floor:15ms@10ms")).k.files, 1);
}

#[test]
fn nearest_is_not_safer_at_double_the_width() {
    let catalogue = of_durations(&[0, 1], &[6, 14]);
    assert_eq!(measure(&catalogue, &at("nearest:10ms")).k.files, 2);
    assert_eq!(measure(&catalogue, &at("nearest:20ms")).k.files, 1);
}

#[test]
fn the_confident_share_may_rise_when_classes_merge() {
    // Cells {A} and {A x 18, B}: 0.05 apart, 1.0 merged.
    let titles: Vec<u32> = std::iter::repeat_n(0, 19).chain([1]).collect();
    let durations: Vec<u32> = std::iter::once(5).chain(std::iter::repeat_n(15, 19)).collect();
    let catalogue = of_durations(&titles, &durations);
    let share = |rounding| measure(&catalogue, &at(rounding)).confident_title.uniform;
    assert_eq!(share("floor:10ms"), 0.05);
    assert_eq!(share("floor:20ms"), 1.0);
}

#[test]
fn the_midpoint_error_may_fall_at_double_the_width() {
    let catalogue = of_durations(&[0], &[99]);
    let cells = Cells::new(&catalogue);
    let error = |rounding| Distortion::of(&cells, &at(rounding)).duration.mean_abs_error;
    assert_eq!((error("floor:100ms"), error("floor:200ms")), (Some(49.0), Some(1.0)));
}

/// Values that a class lacks left out, as some programs do: {a} and {b x 4} have ln 2 each, and ln 2.5 when merged. Counted
/// they make it infinite, merged or not as long as one class lacks any.
#[test]
fn disclosure_without_absent_values_may_rise_when_classes_merge() {
    let whole = [8, 8];
    let rest = [7, 4];
    let skipping = |class: [u32; 2]| {
        let present = [0, 1].into_iter().filter(|&value| class[value] > 0);
        let files = f64::from(class[0] + class[1]);
        present.map(|v| (f64::from(class[v]) / files / 0.5).ln().abs()).fold(0.0, f64::max)
    };
    let worst = |classes: &[[u32; 2]], of: &dyn Fn([u32; 2]) -> f64| {
        classes.iter().map(|class| of(*class)).fold(0.0, f64::max)
    };
    let (fine, coarse) = ([[1, 0], [0, 4], rest], [[1, 4], rest]);
    let near = |found: f64, expected: f64| (found - expected).abs() < 1e-12;
    assert!(near(worst(&fine, &skipping), 2f64.ln()) && near(worst(&coarse, &skipping), 2.5f64.ln()));
    let delta = |class: [u32; 2]| disclosure::delta(&class, &whole);
    assert_eq!(worst(&fine, &delta), f64::INFINITY);
    assert!(near(worst(&coarse, &delta), 2.5f64.ln()));
}

/// k = 2 and values a, c, a, b: fine classes 4, 0, 3, 0 keep {c, b} alone, coarse ones 0, 1, 0, 1 all. Against what is kept
/// closeness worsens from 0 to 1/2; against all records, as here, it stays 1/2.
#[test]
fn closeness_to_what_is_kept_may_worsen_on_a_coarsening() {
    let (first, second, all) = ([2, 0, 0], [0, 1, 1], [2, 1, 1]);
    let farthest = |classes: &[[u32; 3]], whole: &[u32]| {
        classes.iter().map(|class| closeness::equal(class, whole)).fold(0.0, f64::max)
    };
    let kept = second;
    assert_eq!((farthest(&[second], &kept), farthest(&[first, second], &all)), (0.0, 0.5));
    assert_eq!((farthest(&[second], &all), farthest(&[first, second], &all)), (0.5, 0.5));
}

#[test]
fn many_encodes_of_one_title_hide_nothing() {
    let catalogue = of_durations(&[0; 50], &[5_400_000; 50]);
    let m = measure(&catalogue, &at("floor:5min"));
    assert_eq!((m.k.files, m.k.titles), (50, 1));
    assert_eq!(m.reidentification.title.uniform, 1.0);
}

#[test]
fn one_file_and_all_equal_files_are_legal() {
    let one = measure(&of_durations(&[7], &[1]), &at("keep"));
    assert_eq!((one.classes, one.k.files, one.reidentification.file.uniform), (1, 1, 1.0));
    let equal = measure(&of_durations(&[0, 1, 2, 3], &[9; 4]), &at("keep"));
    assert_eq!((equal.classes, equal.k.titles, equal.reidentification.title.uniform), (1, 4, 0.25));
}
