//! A sweep of any partitions against each candidate on its own, and the other ways to the same classes.

use coarsen::anonymity::{Counts, Ranks};
use coarsen::catalogue::SideField;
use coarsen::classes::{Cells, Classes, Generalization, class_sizes};
use coarsen::rounding::{Rounding, RoundingSpec};
use coarsen::search::{CountRow, Grid, SweepRow, Tabular, evaluate, sweep, sweep_of};
use coarsen::units::Dimension;
use proptest::prelude::*;

use crate::some::{catalogue, files};

/// Roundings of every family over the values of the random catalogues: durations in half minutes up to half an hour,
/// bit rates in steps of 250 kbps up to 6 Mbps.
fn rounding(dimension: Dimension) -> impl Strategy<Value = String> {
    let unit = if dimension == Dimension::Bitrate { 10_000u64 } else { 1_000 };
    let width = move |range: std::ops::Range<u64>| range.prop_map(move |w| w * unit);
    let name = move |value: u64| dimension.compact(value);
    prop_oneof![
        3 => (width(1..1_000), 0u64..1_000_000).prop_map(move |(w, p)| {
            let phase = p % w;
            if phase == 0 { format!("floor:{}", name(w)) } else { format!("floor:{}@{}", name(w), name(phase)) }
        }),
        1 => width(1..500).prop_map(move |w| format!("nearest:{}", name(w))),
        1 => width(1..500).prop_map(move |w| format!("ceil:{}+top:{}", name(w), name(w * 3 + 7))),
        1 => (1u32..9).prop_map(|n| format!("log:{n}")),
        1 => (1u32..9).prop_map(|n| format!("bits:{n}")),
        1 => (1u32..4).prop_map(|n| format!("digits:{n}")),
        1 => prop::collection::btree_set(1u64..2_000, 1..5).prop_map(move |edges| {
            let edges: Vec<String> = edges.into_iter().map(|edge| name(edge * unit)).collect();
            format!("edges:{}", edges.join(","))
        }),
        1 => (2u32..6).prop_map(|n| format!("quantile:{n}")),
        1 => (1u32..4).prop_map(|n| format!("atleast:{n}")),
        1 => Just("keep".to_owned()),
        1 => Just("drop".to_owned()),
    ]
}

fn sets() -> impl Strategy<Value = Vec<Vec<SideField>>> {
    let fields = vec![SideField::Kind, SideField::Resolution, SideField::Genre];
    prop::collection::vec(prop::sample::subsequence(fields, 0..=3), 1..3)
}

/// The roundings, those left out that a small catalogue can't yield edges for.
fn grid(durations: &[String], bitrates: &[String], catalogue: &coarsen::catalogue::Catalogue) -> Grid {
    let read = |texts: &[String], dimension: Dimension| -> Vec<Rounding> {
        let one = |text: &String| {
            RoundingSpec::parse(text, dimension).expect(text).freeze(|| catalogue.reference(dimension)).ok()
        };
        texts.iter().filter_map(one).chain([Rounding::drop(dimension)]).collect()
    };
    Grid { durations: read(durations, Dimension::Duration), bitrates: read(bitrates, Dimension::Bitrate) }
}

/// Every candidate by grouping the files, in the sweep's order.
fn one_by_one(cells: &Cells<'_>, grid: &Grid, by: &[Vec<SideField>]) -> Vec<SweepRow> {
    let mut rows = Vec::new();
    for by in by {
        for duration in &grid.durations {
            for bitrate in &grid.bitrates {
                let (duration, bitrate) = (duration.clone(), bitrate.clone());
                let generalization = Generalization { duration, bitrate, by: by.clone(), other: Vec::new() };
                rows.push(SweepRow::of(&evaluate(cells, &generalization, Default::default(), &[0.07])));
            }
        }
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_sweep_of_any_partitions_is_its_candidates_one_by_one(
        files in files(),
        durations in prop::collection::vec(rounding(Dimension::Duration), 1..6),
        bitrates in prop::collection::vec(rounding(Dimension::Bitrate), 1..6),
        by in sets(),
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let grid = grid(&durations, &bitrates, &catalogue);
        let expected = one_by_one(&cells, &grid, &by);
        let swept = sweep(&cells, &grid, &by, 0.07, &|_| ());
        prop_assert_eq!(&swept, &expected);

        // The columns of sizes alone say the same.
        let counted: Vec<CountRow> = sweep_of::<Counts>(&cells, &grid, &by, 0.07, &|_| ());
        for (counted, all) in counted.iter().zip(&expected) {
            let all = all.cells();
            prop_assert!(counted.cells().iter().all(|cell| all.contains(cell)), "{counted:?} {all:?}");
        }
    }

    #[test]
    fn sizes_straight_from_the_columns_are_those_of_the_classes(
        files in files(), duration in rounding(Dimension::Duration), bitrate in rounding(Dimension::Bitrate),
        by in sets(),
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let grid = grid(&[duration], &[bitrate], &catalogue);
        let generalization = Generalization {
            duration: grid.durations[0].clone(),
            bitrate: grid.bitrates[0].clone(),
            by: by[0].clone(),
            other: Vec::new(),
        };
        let mut alone = class_sizes(&catalogue, generalization.key());
        let grouped = Classes::group(&cells, generalization.key());
        let mut grouped: Vec<u32> = grouped.iter().map(|class| class.len() as u32).collect();
        alone.sort_unstable();
        grouped.sort_unstable();
        prop_assert_eq!(alone, grouped);
    }
}

/// Catalogues large enough for blocks, chunks of largest weights, dense and sparse rows.
#[test]
fn large_rows_and_blocks_change_nothing() {
    let recipe = coarsen::catalogue::synthetic::Recipe::builtin("mixed").expect("a recipe");
    let catalogue = coarsen::catalogue::synthetic::synthesize(&recipe, 15_000, 3).expect("a catalogue");
    let cells = Cells::new(&catalogue);
    let grid =
        Grid::from_lists(Some("1s,7s,5min,2h,log:1,keep,drop"), Some("10kbps,3Mbps,drop")).expect("a grid");
    let by = [vec![], vec![SideField::Resolution, SideField::VideoCodec]];
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| sweep_of::<Ranks>(&cells, &grid, &by, 0.07, &|_| ()))
    };
    let rows = on(1);
    assert_eq!(rows, on(2));
    assert_eq!(rows, on(7));
    assert_eq!(rows, one_by_one(&cells, &grid, &by));
}

/// Titles with very many files of different lengths, which are no pairs, among others.
#[test]
fn a_title_of_many_lengths_changes_nothing() {
    let files: Vec<crate::some::File> = (0u32..300)
        .map(|i| crate::some::File {
            title: if i % 3 == 0 { 1 } else { i % 17 },
            series: Some(i % 5),
            duration: i * i % 97 + 1,
            bitrate: Some((i % 7 + 1) * 250_000),
            resolution: Some((i % 2) as u8),
            popularity: (i % 6) as u8,
        })
        .collect();
    let catalogue = catalogue(&files);
    let cells = Cells::new(&catalogue);
    let list = Some("1ms..40ms:1ms,keep,drop,bits:3");
    let grid = Grid::from_lists(list, Some("250kbps,1Mbps,drop")).expect("a grid");
    let by = [vec![], vec![SideField::Resolution]];
    assert_eq!(sweep(&cells, &grid, &by, 0.07, &|_| ()), one_by_one(&cells, &grid, &by));
}

/// Inside the output of a sweep: where every bucket of one width is a union of another's, no risk rises and no k falls.
#[test]
fn nested_widths_of_a_sweep_are_never_riskier() {
    let recipe = coarsen::catalogue::synthetic::Recipe::builtin("video").expect("a recipe");
    let catalogue = coarsen::catalogue::synthetic::synthesize(&recipe, 2_000, 4).expect("a catalogue");
    let cells = Cells::new(&catalogue);
    let grid = Grid::from_lists(Some("1s..60s:1s"), Some("250kbps..4Mbps:250kbps")).expect("a grid");
    let rows = sweep(&cells, &grid, &[vec![]], 0.001, &|_| ());
    let nested = |fine: Option<u64>, coarse: Option<u64>| {
        coarse.expect("a width").is_multiple_of(fine.expect("a width"))
    };
    let mut pairs = 0;
    for fine in rows.iter().step_by(7) {
        for coarse in rows.iter().filter(|coarse| {
            nested(fine.duration_width_ms, coarse.duration_width_ms)
                && nested(fine.bitrate_width_bps, coarse.bitrate_width_bps)
        }) {
            pairs += 1;
            let names = (&fine.duration, &fine.bitrate, &coarse.duration, &coarse.bitrate);
            assert!(fine.classes >= coarse.classes, "{names:?}");
            for (fine, coarse) in [
                (fine.k_files, coarse.k_files),
                (fine.k_titles, coarse.k_titles),
                (fine.k_series, coarse.k_series),
                (fine.k_files_budget, coarse.k_files_budget),
                (fine.k_titles_budget, coarse.k_titles_budget),
            ] {
                assert!(fine <= coarse, "{names:?}");
            }
            for (fine, coarse) in [
                (fine.unique_files, coarse.unique_files),
                (fine.unique_titles, coarse.unique_titles),
                (fine.reid_file_uniform, coarse.reid_file_uniform),
                (fine.reid_file_popularity, coarse.reid_file_popularity),
                (fine.reid_title_uniform, coarse.reid_title_uniform),
                (fine.reid_title_popularity, coarse.reid_title_popularity),
            ] {
                assert!(fine >= coarse, "{names:?}");
            }
        }
    }
    assert!(pairs > 500, "only {pairs} pairs were compared");
}

#[test]
fn lists_hold_every_family_and_every_phase() {
    let text = |grid: &Grid| grid.durations.iter().map(Rounding::to_string).collect::<Vec<_>>();
    let grid = |list: &str| Grid::from_lists(Some(list), None);
    let mixed = grid("1s,90s..3min:90s;edges:20min,45min;log:2,digits:1").expect("a list");
    assert_eq!(
        text(&mixed),
        ["floor:1s", "floor:90s", "floor:3min", "edges:20min,45min", "log:2", "digits:1"]
    );
    let phased =
        grid("5min,log:1").expect("a list").with_phases(Dimension::Duration, 120_000).expect("phases");
    assert_eq!(text(&phased), ["floor:5min", "floor:5min@2min", "floor:5min@4min", "log:1"]);
    for (list, word) in [
        ("1s,edges:20min,45min", "semicolons"),
        ("quantile:4", "reference"),
        ("5s..1s:1s", "must rise"),
        ("1s..5s", "first..last:step"),
        ("1s,,2s", "1s,,2s"),
    ] {
        let error = grid(list).expect_err(list).to_string();
        assert!(error.contains(word), "{error}");
    }
    assert!(phased.with_phases(Dimension::Duration, 0).is_err());
}
