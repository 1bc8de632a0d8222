//! Limits on attackers: what they come to, the law of nesting, and every search against trying everything.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use coarsen::anonymity::Attacked;
use coarsen::attack::sequence::{Linked, Order, Runs};
use coarsen::catalogue::stream::stream;
use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::catalogue::{Catalogue, Hierarchy, SideField};
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::policy::{Limits, MOST_PLAYS, Policy};
use coarsen::search::lattice::{Lattice, at_levels, side_levels};
use coarsen::search::{
    Found, FreeGrid, LIBRARIES, SearchError, Shape, breaches, evaluate, evaluate_for, free, identifier_plays,
    margins, measured, mended, recommend_shape, thresholds, with_other,
};
use proptest::prelude::*;

use crate::naive::group;
use crate::search::{candidates, limits};
use crate::some::{catalogue, files, nested_pair, with_corners};

const ASKED: [&str; 6] = [
    "known-library@2=0.5",
    "known-library@5=0.2",
    "sequence@1=0.1",
    "sequence@2=0.2",
    "sequence@3=0.3",
    "sequence_plays@2=0.4",
];

fn with(mut limits: Limits, texts: &[&str]) -> Limits {
    texts.iter().for_each(|text| limits.set(text).expect("a limit"));
    limits
}

fn attacked(catalogue: &Catalogue, generalization: &Generalization, limits: &Limits) -> Vec<Attacked> {
    let cells = Cells::new(catalogue);
    measured(&Classes::group(&cells, generalization.key()), limits).attackers
}

fn synthetic(recipe: &str, titles: u32, seed: u64) -> Catalogue {
    synthesize(&Recipe::builtin(recipe).unwrap(), titles, seed).expect("a catalogue")
}

/// The mean over the libraries from its definition: who sees what, title by title.
fn in_libraries(catalogue: &Catalogue, generalization: &Generalization, titles: u32) -> Option<f64> {
    if titles >= catalogue.titles() {
        return None;
    }
    let classes = group(catalogue, generalization);
    let rate = |library: u32| {
        let mut random = stream(1, "known library", u64::from(titles) << 32 | u64::from(library));
        let drawn = rand::seq::index::sample(&mut random, catalogue.titles() as usize, titles as usize);
        let held: BTreeSet<u32> = drawn.into_iter().map(|title| title as u32).collect();
        let (mut hits, mut all) = (0, 0);
        for class in classes.values() {
            let mut of_title: HashMap<u32, u32> = HashMap::new();
            for &file in class.iter().filter(|&&file| held.contains(&catalogue.title()[file])) {
                *of_title.entry(catalogue.title()[file]).or_default() += 1;
                all += 1;
            }
            hits += of_title.values().max().copied().unwrap_or(0);
        }
        f64::from(hits) / f64::from(all)
    };
    Some((0..LIBRARIES).map(rate).sum::<f64>() / f64::from(LIBRARIES))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Post-processing helps nobody, to the last bit: a search prunes on it.
    #[test]
    fn nested_coarsening_raises_no_attacker(files in files(), (fine, coarse) in nested_pair()) {
        let (catalogue, limits) = (catalogue(&files), with(Limits::none(), &ASKED));
        let [fine, coarse] = [fine, coarse].map(|of| attacked(&catalogue, &of, &limits));
        for (fine, coarse) in fine.iter().zip(&coarse) {
            prop_assert_eq!(&fine.limit, &coarse.limit);
            prop_assert_eq!(&fine.not_applicable, &coarse.not_applicable);
            prop_assert!(coarse.right <= fine.right, "{coarse:?} over {fine:?}");
            // Whoever sees something is no worse than who sees nothing.
            prop_assert!(coarse.blind.is_none_or(|blind| coarse.right >= Some(blind)), "{coarse:?}");
        }
    }

    #[test]
    fn limits_come_to_what_the_definitions_say(files in files(), generalization in with_corners()) {
        let (catalogue, limits) = (catalogue(&files), with(Limits::none(), &ASKED));
        let found: BTreeMap<String, Attacked> = attacked(&catalogue, &generalization, &limits)
            .into_iter()
            .map(|found| (found.limit.clone(), found))
            .collect();
        prop_assert_eq!(found.len(), ASKED.len());
        for titles in [2, 5] {
            let found = &found[&format!("known-library@{titles}")];
            let naive = in_libraries(&catalogue, &generalization, titles);
            prop_assert_eq!(found.right.is_some(), naive.is_some());
            prop_assert!((found.right.unwrap_or(0.0) - naive.unwrap_or(0.0)).abs() < 1e-12);
        }
        let (cells, runs) = (Cells::new(&catalogue), Runs::of(&catalogue));
        let classes = Classes::group(&cells, generalization.key());
        for (name, plays) in [("sequence@1", 1), ("sequence@2", 2), ("sequence@3", 3), ("sequence_plays@2", 2)] {
            let closed = Linked::new(&classes, &runs).recognition(Order::InOrder, plays, plays);
            let closed = closed.and_then(|found| match name.starts_with("sequence_plays") {
                true => found.popularity.map(|named| named.right),
                false => Some(found.uniform.right),
            });
            prop_assert_eq!(found[name].right, closed);
            prop_assert_eq!(found[name].not_applicable.is_some(), closed.is_none());
        }
    }

    /// The most plays are the last before the first that names too many, and a larger share allows no fewer.
    #[test]
    fn an_identifier_may_last_until_too_many_are_named(
        seed in 0u64..1_000, shares in prop::array::uniform2(0.0f64..1.0), (generalization, _) in nested_pair(),
    ) {
        let catalogue = synthetic("music", 60, seed);
        let (cells, runs) = (Cells::new(&catalogue), Runs::of(&catalogue));
        let classes = Classes::group(&cells, generalization.key());
        let right = |plays| {
            let found = Linked::new(&classes, &runs).recognition(Order::InOrder, plays, plays);
            found.map_or(0.0, |found| found.uniform.right)
        };
        let pings = [("a".to_owned(), generalization.clone()), ("b".to_owned(), generalization.clone())];
        let of = |share: f64| identifier_plays(&cells, &pings, share).expect("albums");
        for share in shares {
            let most = (1..=MOST_PLAYS).take_while(|&plays| right(plays) <= share).count() as u32;
            for found in of(share) {
                prop_assert_eq!((found.plays, found.at_least), (most, most == MOST_PLAYS));
            }
        }
        let [few, many] = [shares[0].min(shares[1]), shares[0].max(shares[1])].map(of);
        prop_assert!(few.iter().zip(&many).all(|(few, many)| few.plays <= many.plays));
        // Two pings that tell the same tell no more together.
        prop_assert!(few.len() == 3 && few[2].ping.is_none() && few[2].named == few[0].named);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Attackers are asked of few candidates, and the choice is that of asking all of all.
    #[test]
    fn the_search_with_attackers_finds_what_trying_everything_finds(
        seed in 0u64..1_000, k in 2u32..12, rate in 0.05f64..0.4, attack in 0.02f64..0.5, shape in 0usize..3,
    ) {
        let catalogue = synthetic("mixed", 250, seed);
        let (cells, candidates) = (Cells::new(&catalogue), candidates());
        let asked = [format!("sequence@2={attack}"), format!("known-library@40={attack}")];
        let limits = with(limits(k, rate), &asked.each_ref().map(String::as_str));
        let choice = recommend_shape(&cells, &Shape::all()[shape], &candidates, &limits, &|| ());
        for ping in &choice.pings {
            let by = ping.found.evaluation().generalization.by.clone();
            let (mut best, mut nearest): (Option<f64>, f64) = (None, f64::INFINITY);
            for duration in candidates.durations.iter().filter(|d| ping.ping.duration || d.is_drop()) {
                for bitrate in candidates.bitrates.iter().filter(|b| ping.ping.bitrate || b.is_drop()) {
                    let (duration, bitrate) = (duration.clone(), bitrate.clone());
                    let tried = Generalization { duration, bitrate, by: by.clone(), other: vec![] };
                    let tried = evaluate_for(&cells, &tried, &limits);
                    let broken = breaches(&limits, &tried.measures);
                    nearest = broken.first().map_or(nearest, |worst| nearest.min(worst.factor()));
                    if broken.is_empty() {
                        let loss = tried.distortion.total;
                        best = Some(best.map_or(loss, |best: f64| best.min(loss)));
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
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]

    #[test]
    fn boxes_are_refused_where_an_attacker_still_wins(
        seed in 0u64..1_000, k in 2u32..8, attack in 0.05f64..0.4,
    ) {
        const MOST: usize = 4;
        let catalogue = synthetic("mixed", 150, seed);
        let (cells, candidates) = (Cells::new(&catalogue), candidates());
        let asked = format!("sequence@2={attack}");
        let limits = with(limits(k, 0.4), &[&asked]);
        let plain = recommend_shape(&cells, &Shape::all()[1], &candidates, &limits, &|| ());
        let choice = with_other(&cells, &plain, &candidates, &limits, MOST, &|| ());
        let mut least: Option<f64> = None;
        for duration in &candidates.durations {
            for bitrate in &candidates.bitrates {
                let (duration, bitrate) = (duration.clone(), bitrate.clone());
                let tried = Generalization { duration, bitrate, by: vec![], other: vec![] };
                if let Some(found) = mended(&cells, &tried, &limits, MOST) {
                    prop_assert!(breaches(&limits, &found.measures).is_empty());
                    let loss = found.distortion.total;
                    least = Some(least.map_or(loss, |least| least.min(loss)));
                }
            }
        }
        let found = &choice.pings[0].found;
        prop_assert_eq!(found.holds(), least.is_some());
        if let Some(least) = least {
            prop_assert!((found.evaluation().distortion.total - least).abs() < 1e-9);
        }
    }

    #[test]
    fn side_levels_with_attackers_are_what_every_combination_shows(seed in 0u64..1_000, attack in 0.05f64..0.5) {
        let catalogue = synthetic("video", 120, seed);
        let built_in = |field| (field, Hierarchy::builtin(field).expect("a built-in hierarchy"));
        let hierarchies = [SideField::Resolution, SideField::VideoCodec].map(built_in);
        let hierarchies: Vec<(SideField, &Hierarchy)> = hierarchies.iter().map(|(f, h)| (*f, h)).collect();
        let asked = [format!("sequence@2={attack}"), format!("known-library@20={attack}")];
        let limits = with(limits(2, 0.4), &asked.each_ref().map(String::as_str));
        let lattice = Lattice::new(hierarchies.iter().map(|(_, h)| h.levels()).collect()).expect("a lattice");
        let mut best: Option<(f64, Vec<usize>)> = None;
        for levels in (0..lattice.nodes()).map(|index| lattice.levels(index)) {
            let (found, broken) =
                at_levels(&catalogue, &Generalization::drop(), &hierarchies, &levels, &limits).expect("levels");
            let loss = found.evaluation.distortion.total;
            if broken.is_empty() && best.as_ref().is_none_or(|(least, _)| loss < *least) {
                best = Some((loss, levels));
            }
        }
        let (found, _) = side_levels(&catalogue, &Generalization::drop(), &hierarchies, &limits).expect("a search");
        prop_assert_eq!(found.map(|found| (found.evaluation.distortion.total, found.levels)), best);
    }
}

#[test]
fn an_attacker_that_didn_t_run_is_no_silent_pass() {
    let catalogue = synthetic("mixed", 200, 1);
    let (cells, limits) = (Cells::new(&catalogue), with(Limits::none(), &["sequence@2=0.9"]));
    let tallied = evaluate(&cells, &Generalization::drop(), thresholds(&limits), &[0.001]);
    let broken = breaches(&limits, &tallied.measures);
    assert!(broken.len() == 1 && broken[0].limit == "sequence@2" && broken[0].value == 1.0, "{broken:?}");
    let ran = evaluate_for(&cells, &Generalization::drop(), &limits);
    assert!(breaches(&limits, &ran.measures).is_empty());
}

#[test]
fn what_gives_an_attacker_nothing_is_not_applicable_and_breaks_nothing() {
    let catalogue = synthetic("mixed", 200, 1).of_kind("movie").expect("movies");
    let limits = with(Limits::none(), &["sequence@2=0", "sequence_plays@2=0", "known-library@200=0"]);
    let keep = evaluate_for(&Cells::new(&catalogue), &Generalization::keep(&catalogue), &limits);
    let found = margins(&limits, &keep.measures);
    assert!(found.len() == 3 && found.iter().all(|margin| margin.holds()), "{found:?}");
    let reasons: Vec<&str> = found.iter().filter_map(|margin| margin.not_applicable.as_deref()).collect();
    assert!(reasons[0].contains("titles, and the library alone 200"), "{reasons:?}");
    assert!(reasons[1..].iter().all(|reason| *reason == "no series or album has 2 titles in a row"));
    assert!(identifier_plays(&Cells::new(&catalogue), &[], 0.1).is_none());
}

#[test]
fn free_edges_refuse_what_is_no_sum_over_classes() {
    let catalogue = synthetic("mixed", 200, 1);
    let limits = with(Limits::default(), &["known-library@50=0.1"]);
    let refused = free(&Cells::new(&catalogue), &[], &FreeGrid::readable(), &limits, 10, &|| ());
    assert!(matches!(refused, Err(SearchError::FreeAttack { limit }) if limit == "known-library@50"));
}

#[test]
fn limits_on_attackers_go_through_a_policy_and_back() {
    let limits =
        with(Limits::none(), &["sequence@3=0.01", "sequence_plays@12=0.5", "known-library@1000=0.05"]);
    let mut policy = Policy::from_toml(
        "schema = \"coarsen.policy/1\"\nname = \"p\"\nversion = 1\n[[field]]\nname = \"duration\"\n\
         column = \"duration_ms\"\ntype = \"duration\"\nrounding = \"floor:5min\"\nconsent = \"playback\"\n\
         purpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n",
    )
    .expect("a policy");
    policy.limits = Some(limits.clone());
    let text = policy.to_toml().expect("TOML");
    assert!(
        text.contains("\"sequence@3\" = 0.01") && text.contains("\"known-library@1000\" = 0.05"),
        "{text}"
    );
    let read = Policy::from_toml(&text).expect("a policy that can be read");
    assert_eq!(read.limits, Some(limits.clone()));
    assert_eq!(serde_json::to_value(&limits).expect("JSON")["sequence_plays@12"], 0.5);
    let kept: Vec<String> = limits.attacks().map(|(attack, _)| attack.to_string()).collect();
    assert_eq!(kept, ["known-library@1000", "sequence@3", "sequence_plays@12"]);
    assert_eq!(limits.without_attacks(), Limits::none());
    let refused = Policy::from_toml(&text.replace("sequence@3", "sequence@13")).expect_err("13 plays");
    assert!(refused.to_string().contains("from 1 to 12, such as 3"), "{refused}");
}
