//! The choice of boxes: against trying every candidate, and through a policy and back.

use coarsen::catalogue::Catalogue;
use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::classes::{Cells, Generalization};
use coarsen::search::{Justify, PingShape, Shape, breaches, mended, recommend_shape, to_policy, with_other};
use proptest::prelude::*;

use crate::naive::group;
use crate::search::{candidates, limits};

const MOST: usize = 6;

fn synthetic(seed: u64) -> Catalogue {
    synthesize(&Recipe::builtin("mixed").unwrap(), 400, seed).expect("a catalogue")
}

/// The least loss of any candidate, mended where that is possible.
fn least(
    cells: &Cells<'_>,
    ping: &PingShape,
    by: &Generalization,
    limits: &coarsen::policy::Limits,
) -> Option<f64> {
    let candidates = candidates();
    let mut best: Option<f64> = None;
    for duration in candidates.durations.iter().filter(|d| ping.duration || d.is_drop()) {
        for bitrate in candidates.bitrates.iter().filter(|b| ping.bitrate || b.is_drop()) {
            let (duration, bitrate) = (duration.clone(), bitrate.clone());
            let tried = Generalization { duration, bitrate, by: by.by.clone(), other: vec![] };
            if let Some(found) = mended(cells, &tried, limits, MOST) {
                best = Some(best.map_or(found.distortion.total, |b| b.min(found.distortion.total)));
            }
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]

    #[test]
    fn the_search_with_boxes_finds_what_mending_everything_finds(
        seed in 0u64..1_000, k in 2u32..12, rate in 0.05f64..0.4, shape in 0usize..3,
    ) {
        let catalogue = synthetic(seed);
        let (cells, limits) = (Cells::new(&catalogue), limits(k, rate));
        let shape = &Shape::all()[shape];
        let plain = recommend_shape(&cells, shape, &candidates(), &limits, &|| ());
        let choice = with_other(&cells, &plain, &candidates(), &limits, MOST, &|| ());
        if plain.holds() {
            prop_assert!(choice.holds() && choice.distortion <= plain.distortion + 1e-12);
        }
        for (with, without) in choice.pings.iter().zip(&plain.pings) {
            let found = with.found.evaluation();
            let expected = least(&cells, &with.ping, &found.generalization, &limits);
            prop_assert_eq!(with.found.holds(), expected.is_some());
            prop_assert!(found.generalization.other.len() <= MOST);
            if let Some(expected) = expected {
                prop_assert!((found.distortion.total - expected).abs() < 1e-9, "{found:?}, not {expected}");
                prop_assert!(breaches(&limits, &found.measures).is_empty());
            }
            if without.found.holds() {
                prop_assert!(found.distortion.total <= without.found.evaluation().distortion.total);
            }
            // By the definition: the class `other` is one of those that the limits count.
            let classes = group(&catalogue, &found.generalization);
            prop_assert_eq!(found.measures.classes as usize, classes.len());
            let other = classes.get("other").map_or(0, Vec::len) as f64 / catalogue.files() as f64;
            prop_assert!((found.distortion.other - other).abs() < 1e-12);
        }
    }
}

#[test]
fn boxes_go_through_a_policy_and_back() {
    let mut boxes = 0;
    for seed in 0..2 {
        let catalogue = synthetic(seed);
        let (cells, limits) = (Cells::new(&catalogue), limits(4, 0.3));
        for shape in Shape::all() {
            let plain = recommend_shape(&cells, &shape, &candidates(), &limits, &|| ());
            let choice = with_other(&cells, &plain, &candidates(), &limits, MOST, &|| ());
            if !choice.holds() {
                continue;
            }
            let justify = Justify { catalogue: "00", results: None };
            let policy = to_policy("playback", &cells, &choice, &limits, &justify).expect("a policy");
            let text = policy.to_toml().expect("TOML");
            let read = coarsen::policy::Policy::from_toml(&text).expect("a policy that can be read");
            assert_eq!(read, policy);
            for (ping, generalization) in choice.pings.iter().zip(choice.generalizations()) {
                // A ping of which nothing leaves has no field in the policy, and so no box.
                assert_eq!(Generalization::of_ping(&read, ping.ping.name).expect("a ping"), generalization);
                boxes += generalization.other.len();
            }
        }
    }
    assert!(boxes > 0, "some choice has boxes");
}
