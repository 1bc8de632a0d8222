//! Worked examples of the papers, and figures of real data.

use coarsen::anonymity::{Sizes, closeness, diversity, genre};
use coarsen::catalogue::{Catalogue, Columns, SideField, real};
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::rounding::Rounding;
use coarsen::units::Dimension;

use crate::some::measure;

/// A table of (class, sensitive value): the class is the duration, the sensitive value the genre.
fn table(rows: &[(u32, &str)]) -> Catalogue {
    Catalogue::new(Columns {
        title: (0..rows.len() as u32).collect(),
        duration_ms: rows.iter().map(|&(class, _)| class).collect(),
        side: [
            (SideField::Kind, rows.iter().map(|_| Some("row")).collect()),
            (SideField::Genre, rows.iter().map(|&(_, value)| Some(value)).collect()),
        ]
        .into(),
        ..Columns::default()
    })
    .expect("a table")
}

fn kept() -> Generalization {
    Generalization { duration: Rounding::keep(Dimension::Duration), ..Generalization::drop() }
}

/// Machanavajjhala et al. 2007, the inpatient tables.
#[test]
fn inpatients_are_4_anonymous_and_then_3_diverse() {
    let anonymous = table(&[
        (1, "heart"),
        (1, "heart"),
        (1, "viral"),
        (1, "viral"),
        (2, "cancer"),
        (2, "heart"),
        (2, "viral"),
        (2, "viral"),
        (3, "cancer"),
        (3, "cancer"),
        (3, "cancer"),
        (3, "cancer"),
    ]);
    let cells = Cells::new(&anonymous);
    let found = genre(&Classes::group(&cells, kept().key())).expect("diseases");
    assert_eq!(measure(&anonymous, &kept()).k.files, 4);
    assert_eq!((found.distinct_l, found.entropy_l), (1, 1.0));
    assert_eq!(found.homogeneous_share, 4.0 / 12.0);

    let diverse = table(&[
        (1, "heart"),
        (1, "heart"),
        (1, "viral"),
        (1, "cancer"),
        (2, "cancer"),
        (2, "heart"),
        (2, "viral"),
        (2, "viral"),
        (3, "cancer"),
        (3, "cancer"),
        (3, "viral"),
        (3, "heart"),
    ]);
    let cells = Cells::new(&diverse);
    let found = genre(&Classes::group(&cells, kept().key())).expect("diseases");
    assert_eq!(found.distinct_l, 3);
    assert!((found.entropy_l - 2.828_427_124_746).abs() < 1e-9);
    let worst = |l| [[2, 1, 1], [1, 1, 2], [1, 2, 1]].map(|counts| diversity::recursive(&counts, l));
    assert_eq!((worst(2), worst(3), worst(4)), ([1.0; 3], [2.0; 3], [f64::INFINITY; 3]));
}

/// Counts (3, 1): strictly greater than 3 is needed; a class with fewer than l values has an empty tail.
#[test]
fn recursive_diversity_takes_the_commonest_value_first() {
    assert_eq!(diversity::recursive(&[3, 1], 2), 3.0);
    assert_eq!(diversity::recursive(&[3, 1], 1), 0.75);
    assert_eq!(diversity::recursive(&[5], 2), f64::INFINITY);
}

/// Li et al. 2007: nine salaries of 3K to 11K, once each; ordered distance of classes of three.
#[test]
fn salaries_lie_as_far_apart_as_published() {
    let distance = |salaries: [usize; 3]| {
        let mut class = [0; 9];
        salaries.iter().for_each(|salary| class[salary - 3] = 1);
        closeness::ordered(&class, &[1; 9])
    };
    for (salaries, expected) in [
        ([3, 4, 5], 3.0 / 8.0),
        ([6, 8, 11], 1.0 / 6.0),
        ([7, 9, 10], 17.0 / 72.0),
        ([3, 5, 9], 1.0 / 6.0),
        ([4, 8, 10], 7.0 / 72.0),
        ([6, 7, 11], 11.0 / 72.0),
        ([4, 7, 9], 7.0 / 72.0),
    ] {
        assert!((distance(salaries) - expected).abs() < 1e-12, "{salaries:?}: {}", distance(salaries));
    }
    // One value only: no distance. A value that nobody has is no rank.
    assert_eq!(closeness::ordered(&[4], &[9]), 0.0);
    assert_eq!(closeness::ordered(&[1, 0, 0], &[1, 0, 1]), closeness::ordered(&[1, 0], &[1, 1]));
}

/// Equal ground distance on a table whose classes and whole are easy: {a,a}, {a,b} against a 3/4, b 1/4.
#[test]
fn closeness_is_half_the_sum_of_the_gaps() {
    let rows = table(&[(1, "a"), (1, "a"), (2, "a"), (2, "b")]);
    let cells = Cells::new(&rows);
    let found = genre(&Classes::group(&cells, kept().key())).expect("values");
    assert_eq!(found.t_closeness, 0.25);
}

/// The seven-row toy table of ARX, whose 2-anonymous output has three classes: average risk 3/7, highest 1/2.
#[test]
fn the_prosecutor_of_the_seven_row_table() {
    let rows = table(&[(1, "x"), (1, "x"), (2, "x"), (2, "x"), (3, "x"), (3, "x"), (3, "x")]);
    let prosecutor = measure(&rows, &kept()).prosecutor;
    assert_eq!((prosecutor.average, prosecutor.highest), (3.0 / 7.0, 0.5));
}

/// A class goes as a whole: with sizes 1, 2, 2, 5 a budget of 2 buys k = 2, and of 3 too; 5 buys k = 5.
#[test]
fn a_suppression_budget_buys_whole_sizes() {
    let mut sizes = Sizes::default();
    [(1, 1), (2, 2), (2, 2), (5, 5)].into_iter().for_each(|(size, files)| sizes.add(size, files));
    assert_eq!([0, 1, 3, 4, 5, 10].map(|budget| sizes.k_within(budget)), [1, 2, 2, 2, 5, 5].map(Some));
    sizes.add(1_000_000, 1_000_000);
    assert_eq!(sizes.k_within(10), Some(1_000_000));
    assert_eq!(sizes.k_within(u64::MAX), Some(1_000_000));
}

/// On real durations k stays 1 at every equal width up to a minute: the tail decides k, the body the mean risk.
#[test]
fn the_tail_of_real_durations_keeps_k_at_1() {
    for real in real::all().expect("the real catalogues") {
        let mut before = f64::INFINITY;
        for width in ["keep", "floor:1s", "floor:2s", "floor:10s", "floor:30s", "floor:1min"] {
            let duration = Rounding::parse(width, Dimension::Duration).expect("a rounding");
            let m = measure(&real.catalogue, &Generalization { duration, ..Generalization::drop() });
            assert_eq!(m.k.files, 1, "{} at {width}", real.name);
            assert!(m.prosecutor.average <= before, "{} at {width}", real.name);
            before = m.prosecutor.average;
        }
    }
}

/// The datasheet's figures were counted by another program when the data came in; the shipped bytes are those it names.
#[test]
fn real_catalogues_are_as_their_datasheet_says() {
    let datasheet = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/README.md"));
    let datasheet = datasheet.expect("the datasheet");
    let real = real::all().expect("the real catalogues");
    for real in &real {
        assert!(datasheet.contains(&real.sha256), "{} is not the file of the datasheet", real.name);
    }
    // (catalogue, width, share alone, buckets per file, share in buckets of fewer than 20)
    for (name, width, alone, average, small) in [
        ("talks", "floor:1s", 0.0967, 0.2622, None),
        ("talks", "floor:30s", 0.0099, 0.0301, None),
        ("talks", "floor:5min", 0.0034, 0.0072, Some(0.0179)),
        ("music", "floor:1s", 0.0141, 0.0497, None),
        ("music", "floor:10s", 0.0032, 0.0103, None),
        ("music", "floor:5min", 0.0, 0.0007, Some(0.0033)),
        ("films", "floor:5min", 0.0009, 0.0039, Some(0.0087)),
    ] {
        let catalogue = &real.iter().find(|real| real.name == name).expect("a real catalogue").catalogue;
        let duration = Rounding::parse(width, Dimension::Duration).expect("a rounding");
        let m = measure(catalogue, &Generalization { duration, ..Generalization::drop() });
        let is = |found: f64, expected: f64| (found - expected).abs() < 0.000_051;
        assert!(is(m.unique_share.files, alone), "{name} {width}: {} alone", m.unique_share.files);
        assert!(is(m.prosecutor.average, average), "{name} {width}: {} on average", m.prosecutor.average);
        if let Some(small) = small {
            assert!(is(m.prosecutor.at_risk, small), "{name} {width}: {} at risk", m.prosecutor.at_risk);
        }
    }
}
