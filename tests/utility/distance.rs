//! Distances against a walk over every point, and the laws of roundings.

use coarsen::rounding::{Partition, Rounding};
use coarsen::telemetry::plays::Number;
use coarsen::units::Dimension;
use coarsen::utility::distance::{Distance, Scale, of_release};
use coarsen::utility::{Finding, Release, Why};
use proptest::prelude::*;

use crate::{emitting, plays};

/// Both by their definition: the distribution functions at every whole number.
fn naive(pairs: &[(u64, u64)]) -> (f64, f64) {
    let up_to =
        |point: u64, side: fn(&(u64, u64)) -> u64| pairs.iter().filter(|pair| side(pair) <= point).count();
    let last = pairs.iter().map(|pair| pair.0.max(pair.1)).max().unwrap_or(0);
    let gaps = (0..=last).map(|point| up_to(point, |pair| pair.0).abs_diff(up_to(point, |pair| pair.1)));
    let gaps: Vec<f64> = gaps.map(|gap| gap as f64 / pairs.len() as f64).collect();
    (gaps.iter().sum(), gaps.iter().copied().fold(0.0, f64::max))
}

/// ∫|F - F̂| over log2, piece by piece between the points.
fn naive_octaves(pairs: &[(u64, u64)]) -> f64 {
    let mut points: Vec<u64> = pairs.iter().flat_map(|pair| [pair.0, pair.1]).collect();
    points.sort_unstable();
    let gap = |point: u64| {
        let [raw, released] = [0, 1].map(|side| {
            let side = |pair: &&(u64, u64)| if side == 0 { pair.0 } else { pair.1 };
            pairs.iter().filter(|pair| side(pair) <= point).count()
        });
        raw.abs_diff(released) as f64 / pairs.len() as f64
    };
    points.windows(2).map(|pair| gap(pair[0]) * ((pair[1] as f64).log2() - (pair[0] as f64).log2())).sum()
}

proptest! {
    #[test]
    fn they_are_what_their_definitions_say(pairs in proptest::collection::vec((1u64..60, 1u64..60), 1..40)) {
        let distance = Distance::of(pairs.iter().copied(), Scale::Linear).expect("plays");
        let (wasserstein, ks) = naive(&pairs);
        prop_assert!((distance.wasserstein - wasserstein).abs() < 1e-9);
        prop_assert!((distance.ks - ks).abs() < 1e-12);
        let octaves = Distance::of(pairs.iter().copied(), Scale::Octaves).expect("plays");
        prop_assert!((octaves.wasserstein - naive_octaves(&pairs)).abs() < 1e-9);
        prop_assert_eq!(octaves.ks, distance.ks);
    }

    /// Full cells of whole numbers: lower edges lie (w - 1)/2 off exactly, midpoints about w/4, and in whole numbers
    /// exactly the mean distance to the middle.
    #[test]
    fn full_cells_are_as_far_off_as_they_are_wide(width in 1u64..50, cells in 1u64..20) {
        let all = 0..width * cells;
        let floor = Distance::of(all.clone().map(|v| (v, v / width * width)), Scale::Linear).expect("plays");
        prop_assert_eq!(floor.wasserstein, (width - 1) as f64 / 2.0);
        let middle = all.map(|v| (v, v / width * width + width / 2));
        let middle = Distance::of(middle, Scale::Linear).expect("plays");
        prop_assert!((middle.wasserstein - width as f64 / 4.0).abs() <= 0.25);
    }

    /// KS doesn't see how wide a bucket is: at least half of what lies in it and not on its point.
    #[test]
    fn ks_is_at_least_half_the_largest_bucket(
        values in proptest::collection::vec(0u64..200, 1..60), width in 1u64..80, up in 0u64..80,
    ) {
        let place = up.min(width - 1);
        let released = |value: u64| value / width * width + place;
        let distance = Distance::of(values.iter().map(|&v| (v, released(v))), Scale::Linear).expect("plays");
        for bucket in values.iter().map(|value| released(*value)) {
            let within = values.iter().filter(|&&value| released(value) == bucket && value != bucket).count();
            prop_assert!(distance.ks >= within as f64 / 2.0 / values.len() as f64 - 1e-12);
        }
    }

    #[test]
    fn the_order_of_plays_is_nothing(pairs in proptest::collection::vec((0u64..90, 0u64..90), 1..40)) {
        for scale in [Scale::Linear, Scale::Octaves] {
            let turned: Vec<(u64, u64)> = pairs.iter().rev().copied().collect();
            prop_assert_eq!(Distance::of(pairs.clone(), scale), Distance::of(turned, scale));
        }
    }
}

/// Midpoints move as buckets merge: 0 and 100 ms three times lie 50 ms off at a width of 100 and 25 at one of 200, which is
/// a coarsening; and where raw values sit on the midpoint the largest gap falls too.
#[test]
fn both_may_fall_on_a_coarsening() {
    let rounding = |text: &str| Rounding::parse(text, Dimension::Duration).expect("a rounding");
    let (fine, coarse) = (rounding("floor:100ms"), rounding("floor:200ms"));
    assert!(fine.is_nested_in(&coarse));
    let distance = |rounding: &Rounding| {
        let pairs = [0, 100, 100, 100].map(|value| (value, rounding.bucket(value).midpoint()));
        let distance = Distance::of(pairs, Scale::Linear).expect("plays");
        (distance.wasserstein, distance.ks)
    };
    assert_eq!((distance(&fine), distance(&coarse)), ((50.0, 0.75), (25.0, 0.25)));
}

#[test]
fn what_is_kept_is_not_apart_and_what_is_dropped_is_lost() {
    let plays = plays(20, 800, 3);
    for field in of_release(&plays, &Release::of_pings(&plays, &[("play", &emitting("keep", "keep"))])) {
        let distance = field.distance.found().expect("kept");
        assert_eq!((distance.wasserstein, distance.ks), (0.0, 0.0), "{}", field.column);
    }
    let dropped =
        of_release(&plays, &Release::of_pings(&plays, &[("play", &emitting("drop", "floor:1Mbps"))]));
    assert_eq!(dropped[0].distance, Finding::Lost { why: Why::Apart });
    assert_eq!((dropped[0].ping.as_deref(), dropped[2].ping.as_deref()), (None, Some("play")));
    assert!(dropped[2].distance.found().expect("bit rates").wasserstein > 0.0);
}

#[test]
fn a_wider_rounding_of_real_shapes_lies_about_a_quarter_of_its_width_off() {
    let plays = plays(40, 3_000, 5);
    let ms = |width: &str| {
        let release = Release::of_pings(&plays, &[("play", &emitting(width, "keep"))]);
        let fields = of_release(&plays, &release);
        assert_eq!(plays.number(Number::PlayedMs).len(), fields[1].distance.found().expect("played").plays);
        fields[1].distance.found().expect("played").wasserstein
    };
    let minute = ms("floor:1min");
    assert!((10_000.0..20_000.0).contains(&minute), "{minute}");
    assert!(ms("floor:10min") > 4.0 * minute);
}
