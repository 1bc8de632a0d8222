//! Free edges against every subset of small grids.

use coarsen::anonymity::Distortion;
use coarsen::catalogue::SideField;
use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::classes::{Cells, Generalization};
use coarsen::policy::Limits;
use coarsen::rounding::{Cuts, Family, Rounding};
use coarsen::search::{
    Candidates, FreeGrid, Shape, breaches, evaluate, free, recommend_shape, thresholds, unsnapped,
};
use coarsen::units::Dimension;
use proptest::prelude::*;

use crate::some::{catalogue, files};

/// Every rounding that cuts at some of the edges.
fn subsets(edges: &[u64], dimension: Dimension) -> Vec<Rounding> {
    let subset = |mask: u32| {
        let kept: Vec<u64> = (0..edges.len()).filter(|i| mask >> i & 1 == 1).map(|i| edges[i]).collect();
        match kept.is_empty() {
            true => Rounding::drop(dimension),
            false => {
                let cuts = Cuts::new(kept).expect("rising edges");
                Rounding::new(dimension, Family::Edges(cuts), Default::default()).expect("a rounding")
            }
        }
    };
    (0..1 << edges.len()).map(subset).collect()
}

/// The least loss of all pairs of subsets that meet the limits.
fn brute_force(cells: &Cells<'_>, grid: &FreeGrid, by: &[SideField], limits: &Limits) -> Option<f64> {
    let mut best: Option<f64> = None;
    let bitrates = subsets(grid.bitrates(), Dimension::Bitrate);
    for duration in subsets(grid.durations(), Dimension::Duration) {
        for bitrate in &bitrates {
            let choice = Generalization {
                duration: duration.clone(),
                bitrate: bitrate.clone(),
                by: by.to_vec(),
                other: Vec::new(),
            };
            let loss = Distortion::of(cells, &choice).total;
            if best.is_none_or(|best| loss < best)
                && breaches(limits, &evaluate(cells, &choice, thresholds(limits), &[0.1]).measures).is_empty()
            {
                best = Some(loss);
            }
        }
    }
    best
}

/// Edges below, among and above the values that [`files`] draws.
fn all() -> FreeGrid {
    let durations = vec![20_000, 90_000, 240_000, 600_000, 900_000, 1_200_000, 1_500_000, 7_200_000];
    let bitrates = vec![100_000, 500_000, 1_000_000, 2_000_000, 3_000_000, 4_500_000, 128_000_000];
    FreeGrid::new(durations, bitrates).expect("rising edges")
}

/// Some of them.
fn grid() -> impl Strategy<Value = FreeGrid> {
    let (durations, bitrates) = (all().durations().to_vec(), all().bitrates().to_vec());
    let few = |edges: Vec<u64>| prop::sample::subsequence(edges, 0..=4);
    (few(durations), few(bitrates)).prop_map(|(d, b)| FreeGrid::new(d, b).expect("rising edges"))
}

fn limits() -> impl Strategy<Value = Limits> {
    let share = || prop_oneof![Just(0.0), Just(0.05), Just(0.2), Just(0.5), Just(1.0)];
    let some = |name: &'static str, value: BoxedStrategy<f64>| {
        prop::option::of(value).prop_map(move |value| value.map(|value| format!("{name}={value}")))
    };
    (
        some("k_titles", (1u32..6).prop_map(f64::from).boxed()),
        some("k_series", (1u32..4).prop_map(f64::from).boxed()),
        some("exposed_share", share().boxed()),
        some("largest_title_share@0.2", share().boxed()),
        some("largest_title_share@0.5", share().boxed()),
        some("largest_title_share_plays@0.8", share().boxed()),
        some("title_uniform", (0.1f64..1.0).boxed()),
        some("title_popularity", (0.2f64..1.0).boxed()),
        some("title_popularity_gain", (1.0f64..4.0).boxed()),
    )
        .prop_map(|(a, b, c, d, e, f, g, h, i)| {
            let mut limits = Limits::none();
            for text in [a, b, c, d, e, f, g, h, i].into_iter().flatten() {
                limits.set(&text).expect("a limit");
            }
            limits
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The choice is the optimum, it holds, and the bound lies under it however few nodes there are.
    #[test]
    fn free_edges_are_the_best_of_all_subsets(
        files in files(), grid in grid(), limits in limits(), resolution in any::<bool>(), few in 0u64..6,
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let by = if resolution { vec![SideField::Resolution] } else { vec![] };
        let best = brute_force(&cells, &grid, &by, &limits);
        for nodes in [few, 1_000_000] {
            let found = free(&cells, &by, &grid, &limits, nodes, &|| ()).expect("a small grid");
            prop_assert!(found.nodes <= nodes && found.bound <= found.loss);
            prop_assert!(best.is_none_or(|best| found.bound <= best + 1e-12), "{found:?} against {best:?}");
            let Some(generalization) = &found.generalization else {
                prop_assert!(found.loss.is_infinite());
                prop_assert!(best.is_none() || !found.proved, "{found:?} against {best:?}");
                continue;
            };
            let measured = evaluate(&cells, generalization, thresholds(&limits), &[0.1]);
            prop_assert!((measured.distortion.total - found.loss).abs() < 1e-12);
            prop_assert_eq!(breaches(&limits, &measured.measures), vec![]);
            prop_assert_eq!(&generalization.by, &by);
            prop_assert!(best.is_some_and(|best| found.loss > best - 1e-12));
            if nodes > few {
                prop_assert!(found.proved && found.gap() == 0.0);
                prop_assert!((found.loss - best.unwrap_or(f64::NAN)).abs() < 1e-12, "{found:?} against {best:?}");
                // Edges beside the grid can only help, and still hold.
                let finer = unsnapped(&cells, generalization, &all(), &limits).expect("edges");
                let measured = evaluate(&cells, &finer.generalization, thresholds(&limits), &[0.1]);
                prop_assert!(breaches(&limits, &measured.measures).is_empty() && finer.loss <= found.loss + 1e-12);
            }
        }
        if best.is_none() {
            let found = free(&cells, &by, &grid, &limits, 1_000_000, &|| ()).expect("a small grid");
            prop_assert!(found.proved && found.generalization.is_none() && found.bound.is_infinite());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Equal widths and rungs whose edges lie on the grid never beat free edges.
    #[test]
    fn free_edges_lose_no_more_than_equal_widths(seed in 0u64..1_000, k in 2u32..12, share in 0.0f64..0.05) {
        let catalogue = synthesize(&Recipe::builtin("mixed").unwrap(), 400, seed).expect("a catalogue");
        let cells = Cells::new(&catalogue);
        let mut limits = Limits::default();
        let texts = [format!("k_titles={k}"), format!("exposed_share={share}")];
        texts.iter().for_each(|text| limits.set(text).expect("a limit"));
        for lifted in ["largest_title_share@0.2", "largest_title_share_plays@0.8", "title_uniform"] {
            limits.set(&format!("{lifted}=0.5")).expect("a limit");
        }
        let parse = |texts: &[&str], dimension| -> Vec<Rounding> {
            texts.iter().map(|text| Rounding::parse(text, dimension).expect("a rounding")).collect()
        };
        let candidates = Candidates {
            durations: parse(
                &["floor:20min+top:2h", "floor:20min+bottom:40min+top:3h", "floor:1h+top:3h", "floor:1h+top:2h", "drop"],
                Dimension::Duration,
            ),
            bitrates: parse(
                &["floor:2Mbps+top:8Mbps", "floor:2Mbps+bottom:4Mbps+top:8Mbps", "edges:500kbps,2Mbps,8Mbps", "drop"],
                Dimension::Bitrate,
            ),
        };
        let widths = recommend_shape(&cells, &Shape::named("bare").unwrap(), &candidates, &limits, &|| ());
        let durations = (1..10).map(|n| n * 1_200_000).chain([21_600_000]).collect();
        let bitrates = vec![500_000, 1_000_000, 2_000_000, 4_000_000, 6_000_000, 8_000_000, 128_000_000];
        let grid = FreeGrid::new(durations, bitrates).expect("rising edges");
        let found = free(&cells, &[], &grid, &limits, 1_000_000, &|| ()).expect("a small grid");
        prop_assert!(found.proved);
        prop_assert!(!widths.holds() || found.loss <= widths.distortion + 1e-12, "{found:?} against {widths:?}");
        let again = rayon_of_one(|| free(&cells, &[], &grid, &limits, 1_000_000, &|| ()).expect("a small grid"));
        prop_assert_eq!((again.loss, again.bound, again.nodes), (found.loss, found.bound, found.nodes));
        prop_assert_eq!(again.generalization, found.generalization);
    }
}

/// The same on one thread.
fn rayon_of_one<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool").install(work)
}

#[test]
fn grids_that_don_t_rise_or_are_too_fine_are_refused() {
    assert!(FreeGrid::new(vec![5, 5], vec![]).is_err() && FreeGrid::new(vec![], vec![0, 5]).is_err());
    let catalogue = synthesize(&Recipe::builtin("mixed").unwrap(), 50, 1).expect("a catalogue");
    let every = FreeGrid::new((1..400).map(|n| n * 20_000).collect(), (1..400).map(|n| n * 30_000).collect());
    let refused = free(&Cells::new(&catalogue), &[], &every.expect("edges"), &Limits::default(), 1, &|| ());
    assert!(refused.expect_err("too fine").to_string().contains("give fewer edges"));
}
