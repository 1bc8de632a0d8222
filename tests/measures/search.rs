//! The recommendation against trying everything, limit by limit.

use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::classes::{Cells, Generalization};
use coarsen::policy::Limits;
use coarsen::rounding::Rounding;
use coarsen::search::{
    Candidates, Found, Grid, PingChoice, PingShape, Shape, breaches, evaluate, frontier, recommend_shape,
    thresholds,
};
use coarsen::units::Dimension;
use proptest::prelude::*;

fn roundings(texts: &[&str], dimension: Dimension) -> Vec<Rounding> {
    texts.iter().map(|text| Rounding::parse(text, dimension).expect("a rounding")).collect()
}

pub fn candidates() -> Candidates {
    let durations = [
        "floor:30s",
        "floor:1min",
        "floor:5min",
        "floor:5min+top:2h",
        "floor:10min+bottom:20min+top:1h",
        "floor:7min",
        "drop",
    ];
    let bitrates = [
        "log:1",
        "log:2",
        "floor:500kbps",
        "floor:1Mbps",
        "edges:500kbps,2Mbps,8Mbps",
        "edges:2Mbps",
        "ladder:sabre_bbb",
        "drop",
    ];
    Candidates {
        durations: roundings(&durations, Dimension::Duration),
        bitrates: roundings(&bitrates, Dimension::Bitrate),
    }
}

pub fn limits(k: u32, rate: f64) -> Limits {
    let mut limits = Limits::default();
    for text in [format!("k_titles={k}"), format!("title_uniform={rate}"), "exposed_share=0.01".to_owned()] {
        limits.set(&text).expect("a limit");
    }
    limits
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Pruning is exact: the search finds what trying every pair finds.
    #[test]
    fn the_search_finds_what_trying_everything_finds(
        seed in 0u64..1_000, k in 2u32..40, rate in 0.002f64..0.4, shape in 0usize..3,
    ) {
        let catalogue = synthesize(&Recipe::builtin("mixed").unwrap(), 700, seed).expect("a catalogue");
        let (cells, candidates, limits) = (Cells::new(&catalogue), candidates(), limits(k, rate));
        let choice = recommend_shape(&cells, &Shape::all()[shape], &candidates, &limits, &|| ());
        for ping in &choice.pings {
            let by = ping.found.evaluation().generalization.by.clone();
            let (mut best, mut nearest): (Option<f64>, f64) = (None, f64::INFINITY);
            for duration in candidates.durations.iter().filter(|d| ping.ping.duration || d.is_drop()) {
                for bitrate in candidates.bitrates.iter().filter(|b| ping.ping.bitrate || b.is_drop()) {
                    let generalization =
                        Generalization { duration: duration.clone(), bitrate: bitrate.clone(), by: by.clone(), other: vec![] };
                    let tried = evaluate(&cells, &generalization, thresholds(&limits), &[0.001, 0.01]);
                    let broken = breaches(&limits, &tried.measures);
                    nearest = broken.first().map_or(nearest, |worst| nearest.min(worst.factor()));
                    if broken.is_empty() {
                        best = Some(best.map_or(tried.distortion.total, |b: f64| b.min(tried.distortion.total)));
                    }
                }
            }
            match (&ping.found, best) {
                (Found::Holds(found), Some(best)) => {
                    prop_assert!(breaches(&limits, &found.measures).is_empty());
                    prop_assert!((found.distortion.total - best).abs() < 1e-12);
                }
                (Found::Nearest(_, broken), None) => {
                    prop_assert!((broken[0].factor() / nearest - 1.0).abs() < 1e-9);
                }
                (found, best) => prop_assert!(false, "{found:?} against {best:?}"),
            }
            prop_assert!(ping.asked <= ping.candidates);
        }
        for ping in &choice.left_out {
            prop_assert!(!ping.ping.duration && !ping.ping.bitrate && !ping.found.holds());
        }
        prop_assert_eq!(choice.pings.len() + choice.left_out.len(), choice.shape.pings.len());
    }

    #[test]
    fn the_frontier_is_what_nothing_beats(points in prop::collection::vec((0u8..20, 0u8..20), 0..60)) {
        let points: Vec<(f64, f64)> = points.into_iter().map(|(a, b)| (f64::from(a), f64::from(b))).collect();
        let kept = frontier(&points);
        let beats = |a: (f64, f64), b: (f64, f64)| a.0 <= b.0 && a.1 <= b.1 && a != b;
        for (i, &point) in points.iter().enumerate() {
            let beaten = points.iter().any(|&other| beats(other, point));
            let kept_equal = kept.iter().any(|&k| points[k] == point);
            prop_assert_eq!(kept_equal, !beaten, "point {}", i);
        }
        prop_assert!(kept.windows(2).all(|w| points[w[0]].0 < points[w[1]].0));
    }
}

#[test]
fn every_limit_is_one_that_can_break_and_hold() {
    let catalogue = synthesize(&Recipe::builtin("mixed").unwrap(), 700, 1).expect("a catalogue");
    let cells = Cells::new(&catalogue);
    for (name, strict, loose) in [
        ("exposed_share", "k_titles=5", "k_titles=1"),
        ("largest_title_share@0.2", "largest_title_share@0.2=0", "largest_title_share@0.2=1"),
        ("largest_title_share@0.5", "largest_title_share@0.5=0", "largest_title_share@0.5=1"),
        (
            "largest_title_share_plays@0.8",
            "largest_title_share_plays@0.8=0",
            "largest_title_share_plays@0.8=1",
        ),
        ("title_uniform", "title_uniform=0.01", "title_uniform=1"),
        ("title_popularity", "title_popularity=0.01", "title_popularity=1"),
        ("title_popularity_gain", "title_popularity_gain=1", "title_popularity_gain=1000000"),
    ] {
        let broken = |text: &str| {
            let mut limits = Limits::none();
            limits.set(text).expect("a limit");
            let raw = evaluate(&cells, &Generalization::keep(&catalogue), thresholds(&limits), &[0.001]);
            breaches(&limits, &raw.measures)
        };
        assert!(broken(strict).iter().any(|breach| breach.limit == name), "{name} never breaks");
        assert!(broken(loose).is_empty(), "{name} never holds: {:?}", broken(loose));
    }
}

#[test]
fn a_hopeless_limit_names_the_nearest_and_what_binds() {
    let catalogue = synthesize(&Recipe::builtin("mixed").unwrap(), 200, 1).expect("a catalogue");
    let cells = Cells::new(&catalogue);
    let choice = recommend_shape(&cells, &Shape::all()[0], &candidates(), &limits(5_000, 0.5), &|| ());
    assert!(!choice.holds());
    let Found::Nearest(_, broken) = &choice.pings[0].found else { panic!("nothing can hold") };
    assert!(broken.iter().any(|breach| breach.limit == "exposed_share"), "{broken:?}");
    let over = |i: usize| broken[i].value / broken[i].allowed;
    assert!((1..broken.len()).all(|i| over(i - 1) >= over(i)), "the worst comes first");
}

#[test]
fn the_standard_lists_can_be_read() {
    let candidates = Candidates::standard().expect("the standard candidates");
    assert!(candidates.durations.len() > 100 && candidates.bitrates.len() > 200);
    let grid = Grid::default().with_rate_shapes().expect("the shapes").with_baselines();
    assert_eq!(grid.durations.len(), 16);
    assert!(grid.bitrates.iter().any(|rounding| rounding.to_string() == "log:1"));
    assert_eq!(Grid::from_lists(Some("1s..120s:1s"), None).expect("a range").durations.len(), 120);
    for bad in ["", "5", "1s..", "1s..3s", "3s..1s:1s", "1s..3s:0s", "0s", "5parsecs", "floor:0s"] {
        assert!(Grid::from_lists(Some(bad), None).is_err(), "{bad}");
    }
}

/// A ping of names alone that breaks a limit, or has nothing to tell, doesn't leave, and the others do.
#[test]
fn a_ping_that_no_width_mends_is_left_out() {
    let catalogue = synthesize(&Recipe::builtin("mixed").unwrap(), 700, 1).expect("a catalogue");
    let cells = Cells::new(&catalogue);
    let split = Shape::named("split").expect("a shape");
    let of = |name: &str| split.pings.iter().find(|ping| ping.name == name).expect("a ping").clone();
    let silent = PingShape { by: Vec::new(), ..of("media") };
    let shape = Shape { pings: vec![of("length"), of("formats"), silent], ..split.clone() };
    let names = |pings: &[PingChoice]| pings.iter().map(|ping| ping.ping.name).collect::<Vec<_>>();
    let strict = recommend_shape(&cells, &shape, &candidates(), &limits(300, 1.0), &|| ());
    assert!(strict.holds());
    assert_eq!(names(&strict.pings), ["length"]);
    assert_eq!(names(&strict.left_out), ["formats", "media"]);
    assert!(!strict.left_out[0].found.holds() && strict.left_out[1].found.holds());
    let lax = recommend_shape(&cells, &shape, &candidates(), &Limits::none(), &|| ());
    assert_eq!((names(&lax.pings), names(&lax.left_out)), (vec!["length", "formats"], vec!["media"]));
    // What leaves tells more names than what doesn't.
    assert!(lax.distortion < strict.distortion);
}
