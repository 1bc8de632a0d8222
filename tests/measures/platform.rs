//! What the platform tells of the title: against its definition, and where it tells nothing.

use std::collections::BTreeMap;

use coarsen::attack::platform::{PlatformBits, platform_bits};
use coarsen::catalogue::stream::stream;
use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::telemetry::plays::{Number, Plays, Row, Settings, Text, simulate};
use proptest::prelude::*;
use rand::RngExt;

const NAMES: [&str; 4] = ["web", "ios", "tizen", "xbox"];

fn plays(of: &[(u32, usize)]) -> Plays {
    let row = |(play, &(title, platform)): (usize, &(u32, usize))| {
        let mut row = Row::default();
        row[Text::Server] = Some(["one", "two", "three", "four", "five"][play % 5]);
        row[Number::TitleId] = Some(title);
        row[Text::Platform] = Some(NAMES[platform]);
        row
    };
    of.iter().enumerate().map(row).collect()
}

/// Σ p(t, q) log2 p(t, q) / (p(t) p(q)).
fn naive(of: &[(u32, usize)]) -> f64 {
    let all = of.len() as f64;
    let count = |test: &dyn Fn(&&(u32, usize)) -> bool| of.iter().filter(test).count() as f64 / all;
    let mut seen = BTreeMap::new();
    of.iter().for_each(|&pair| *seen.entry(pair).or_insert(0.0) += 1.0 / all);
    let bits = |(&(title, platform), &both): (&(u32, usize), &f64)| {
        both * (both / count(&|play| play.0 == title) / count(&|play| play.1 == platform)).log2()
    };
    seen.iter().map(bits).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_plug_in_estimate_is_by_definition(of in prop::collection::vec((0u32..6, 0usize..4), 2..60), seed: u64) {
        let found = platform_bits(&plays(&of), seed).expect("plays");
        prop_assert!((found.plug_in - naive(&of).max(0.0)).abs() < 1e-9, "{found:?}");
        prop_assert!(found.plug_in <= found.at_most + 1e-9 && found.turned_most <= 2.0 + 1e-9);
        prop_assert!(found.turned <= found.turned_most + 1e-12 && found.bits <= found.plug_in + 1e-12);
        prop_assert_eq!(found.plays, of.len() as u64);
    }
}

/// Each title on a platform of its own tells all of it: two bits of four, and little is left once they are turned.
#[test]
fn a_title_that_names_its_platform_is_told() {
    let mut random = stream(1, "titles", 0);
    let own: Vec<(u32, usize)> =
        (0..4_000).map(|_| random.random_range(0..4)).map(|at| (at, at as usize)).collect();
    let found = platform_bits(&plays(&own), 1).expect("plays");
    assert!((found.plug_in - found.at_most).abs() < 1e-9 && found.at_most > 1.99, "{found:?}");
    // By chance I(title; platform) is about (4 - 1)(4 - 1) / (2 n ln 2) bits, 0.0016 here.
    assert!(found.turned > 0.0 && found.turned_most < 0.05 && found.bits > 1.95, "{found:?}");
}

#[test]
fn of_one_platform_or_of_no_plays_there_is_nothing() {
    let one: Vec<(u32, usize)> = (0..50).map(|play| (play % 7, 2)).collect();
    let PlatformBits { platforms, at_most, plug_in, turned, bits, .. } =
        platform_bits(&plays(&one), 1).expect("plays");
    assert_eq!((platforms, at_most, plug_in, turned, bits), (1, 0.0, 0.0, 0.0, 0.0));
    assert_eq!(platform_bits(&plays(&[]), 1), None);
    assert_eq!(platform_bits(&plays(&[(1, 1)]), 1), None, "one server has no other");
}

/// A server's client is drawn whatever the title, but that nobody watches on a speaker: next to nothing is told, though
/// the plug-in estimate says more than half a bit.
#[test]
fn simulated_platforms_tell_next_to_nothing_of_the_title() {
    let recipe = Recipe::builtin("mixed").expect("a recipe");
    let catalogue = synthesize(&recipe, 2_000, 1).expect("a catalogue");
    let plays = simulate(&catalogue, &Settings::new(100, 10_000, 1)).expect("plays");
    let found = platform_bits(&plays, 1).expect("plays");
    assert!(found.at_most > 3.0 && found.at_most < 14f64.log2(), "{found:?}");
    assert!(found.plug_in > 0.5 && found.bits < 0.1 * found.plug_in, "{found:?}");
}
