//! The parts of a catalogue, two catalogues together, and the choice that holds on them.

use std::collections::{BTreeMap, BTreeSet};

use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::catalogue::{Catalogue, SideField};
use coarsen::classes::{Cells, Generalization};
use coarsen::policy::Limits;
use coarsen::search::{
    Draws, Found, Panel, Shape, breaches, evaluate, evaluate_for, grow, holds_on, recommend_robust,
    recommend_shape, thresholds,
};
use proptest::prelude::*;

use crate::search::{candidates, limits};
use crate::some::{catalogue, files};

fn synthetic(titles: u32, seed: u64) -> Catalogue {
    synthesize(&Recipe::builtin("mixed").unwrap(), titles, seed).expect("a catalogue")
}

/// Each file as text, with the files of its title and of its series as their lengths, so that ids don't matter.
fn shown(catalogue: &Catalogue) -> BTreeMap<String, usize> {
    let ids = |ids: &[u32], file: usize| {
        let mut alike: Vec<u32> = (0..ids.len())
            .filter(|&other| ids[other] == ids[file])
            .map(|other| catalogue.duration_ms()[other])
            .collect();
        alike.sort_unstable();
        alike
    };
    let mut files = BTreeMap::new();
    for file in 0..catalogue.files() {
        let rate = catalogue.bitrate_bps().and_then(|rates| rates[file]);
        let title = ids(catalogue.title(), file);
        let kind = catalogue.kind().get(file);
        let text = format!("{} {rate:?} {kind:?} {title:?}", catalogue.duration_ms()[file]);
        *files.entry(text).or_default() += 1;
    }
    files
}

fn plus(mut a: BTreeMap<String, usize>, b: BTreeMap<String, usize>) -> BTreeMap<String, usize> {
    b.into_iter().for_each(|(file, count)| *a.entry(file).or_default() += count);
    a
}

fn distinct(ids: &[u32]) -> usize {
    ids.iter().collect::<BTreeSet<_>>().len()
}

/// Durations that are all different stand for their files.
fn numbered(titles: usize) -> Catalogue {
    let title: Vec<u32> = (0..3 * titles as u32).map(|file| file / 3).collect();
    let kinds = vec![Some("clip"); title.len()].into_iter().collect();
    Catalogue::new(coarsen::catalogue::Columns {
        series: Some(title.iter().map(|title| (title % 5 > 0).then_some(title / 4)).collect()),
        duration_ms: (1..=title.len() as u32).collect(),
        title,
        side: [(SideField::Kind, kinds)].into(),
        ..Default::default()
    })
    .expect("a catalogue")
}

/// The series of the original files that lie in a part.
fn originals<'c>(whole: &'c Catalogue, part: &'c Catalogue) -> impl Iterator<Item = usize> + 'c {
    assert_eq!(whole.duration_ms()[0], 1);
    part.duration_ms().iter().map(|duration| *duration as usize - 1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn halves_share_no_series_and_hold_every_file(titles in 2usize..60, seed: u64, toss in 0u64..4) {
        let whole = numbered(titles);
        let halves: Vec<Catalogue> = whole.halves(seed, toss).into_iter().flatten().collect();
        let series: Vec<BTreeSet<u32>> =
            halves.iter().map(|half| originals(&whole, half).map(|file| whole.series()[file]).collect()).collect();
        if let [a, b] = &series[..] {
            prop_assert!(a.is_disjoint(b));
        }
        let mut all: Vec<usize> = halves.iter().flat_map(|half| originals(&whole, half)).collect();
        all.sort_unstable();
        prop_assert_eq!(all, (0..whole.files()).collect::<Vec<_>>());
    }

    #[test]
    fn samples_hold_whole_titles_once_and_are_nested(titles in 2usize..60, seed: u64, draw in 0u64..4) {
        let whole = numbered(titles);
        let mut before: BTreeSet<usize> = BTreeSet::new();
        for files in [1, 5, 30, 60] {
            let Some(sample) = whole.sample_titles(files, seed, draw) else {
                prop_assert!(files >= whole.files());
                continue;
            };
            let held: BTreeSet<usize> = originals(&whole, &sample).collect();
            prop_assert_eq!(held.len(), sample.files(), "no file twice");
            prop_assert!(sample.files() <= files.max(3), "{} of {files}", sample.files());
            prop_assert!(sample.files() + 3 > files, "another title would fit");
            prop_assert_eq!(sample.titles() as usize * 3, sample.files(), "whole titles");
            prop_assert!(before.is_subset(&held));
            before = held;
        }
    }

    #[test]
    fn joining_keeps_every_file_and_every_distinct_id(one in files(), other in files()) {
        let (one, other) = (catalogue(&one), catalogue(&other));
        let both = Catalogue::join(&one, &other).expect("few ids");
        prop_assert_eq!(shown(&both), plus(shown(&one), shown(&other)));
        prop_assert_eq!(both.titles(), one.titles() + other.titles());
        prop_assert_eq!(distinct(both.series()), distinct(one.series()) + distinct(other.series()));
        prop_assert_eq!(&both.title()[..one.files()], one.title());
        // The one's plays are in the same proportions as before.
        let shares = |c: &Catalogue| -> Vec<f64> {
            let all: u64 = c.weight()[..one.files()].iter().sum();
            c.weight()[..one.files()].iter().map(|&w| w as f64 / all as f64).collect()
        };
        prop_assert!(shares(&both).iter().zip(shares(&one)).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}

#[test]
fn a_column_that_one_lacks_is_missing_there() {
    let (one, other) = (synthetic(30, 1), numbered(4));
    let both = Catalogue::join(&one, &other).expect("few ids");
    let rates = both.bitrate_bps().expect("bit rates");
    assert_eq!(&rates[..one.files()], one.bitrate_bps().unwrap());
    assert!(rates[one.files()..].iter().all(Option::is_none));
    let resolution = both.side(SideField::Resolution).expect("resolutions");
    assert!((one.files()..both.files()).all(|file| resolution.get(file).is_none()));
    assert_eq!(resolution.get(0), one.side(SideField::Resolution).unwrap().get(0));
}

fn holds(catalogue: &Catalogue, generalization: &Generalization, limits: &Limits) -> bool {
    let cells = Cells::new(catalogue);
    breaches(limits, &evaluate_for(&cells, generalization, limits).measures).is_empty()
}

/// Halves, samples of 1,000 files that count, and the catalogue grown twofold and tenfold.
fn panel(catalogue: &Catalogue, seed: u64) -> (Panel, Vec<Catalogue>) {
    let draws = Draws { tosses: 2, samples: 2, least_files: 500, seed };
    let grown = grow(catalogue, "mixed", &Recipe::builtin("mixed").unwrap(), seed).expect("grown catalogues");
    let mut sizes: Vec<Catalogue> =
        (0..draws.samples).filter_map(|draw| catalogue.sample_titles(1_000, seed, draw)).collect();
    sizes.extend(grown.iter().take(1).map(|(_, grown)| grown.clone()));
    (Panel::of(catalogue, grown.into_iter().take(1).collect(), &draws), sizes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]

    /// Pruning is exact, early stops too: the search finds what trying every pair on every member finds.
    #[test]
    fn the_robust_choice_is_the_least_that_holds_on_the_share(
        seed in 0u64..1_000, k in 2u32..12, share in 0.4f64..1.0, shape in 1usize..3,
        attack in prop::option::of(0.1f64..0.6),
    ) {
        let catalogue = synthetic(700, seed);
        let (cells, mut limits, candidates) = (Cells::new(&catalogue), limits(k, 0.4), candidates());
        if let Some(attack) = attack {
            limits.set(&format!("sequence@2={attack}")).expect("a limit");
        }
        let shape = &Shape::all()[shape];
        let (panel, sizes) = panel(&catalogue, seed);
        let halves: Vec<Catalogue> =
            (0..2).flat_map(|toss| catalogue.halves(seed, toss)).flatten().collect();
        let robust = recommend_robust(&cells, shape, &candidates, &limits, &panel, share, &|| ());
        let plain = recommend_shape(&cells, shape, &candidates, &limits, &|| ());
        for (ping, plain) in robust.pings.iter().zip(&plain.pings) {
            let found = ping.found.evaluation();
            let mut best: Option<f64> = None;
            for duration in candidates.durations.iter().filter(|d| ping.ping.duration || d.is_drop()) {
                for bitrate in candidates.bitrates.iter().filter(|b| ping.ping.bitrate || b.is_drop()) {
                    let (duration, bitrate) = (duration.clone(), bitrate.clone());
                    let by = found.generalization.by.clone();
                    let tried = Generalization { duration, bitrate, by, other: vec![] };
                    let enough = |members: &[Catalogue]| {
                        let held = members.iter().filter(|member| holds(member, &tried, &limits)).count();
                        held as f64 >= share * members.len() as f64 - 1e-9
                    };
                    let loss = evaluate(&cells, &tried, thresholds(&limits), &[0.001, 0.01]).distortion.total;
                    if best.is_none_or(|best| loss < best)
                        && holds(&catalogue, &tried, &limits) && enough(&halves) && enough(&sizes)
                    {
                        best = Some(loss);
                    }
                }
            }
            match best {
                Some(best) => {
                    prop_assert!(ping.found.holds());
                    prop_assert!((found.distortion.total - best).abs() < 1e-12);
                    let plain = plain.found.evaluation().distortion.total;
                    prop_assert!(found.distortion.total >= plain, "never less loss than the plain choice");
                }
                None => {
                    let Found::Nearest(_, broken) = &ping.found else { panic!("nothing holds") };
                    prop_assert!(!broken.is_empty());
                }
            }
        }
    }
}

#[test]
fn the_counts_are_those_of_every_member_on_any_number_of_threads() {
    let catalogue = synthetic(700, 3);
    let (panel, sizes) = panel(&catalogue, 3);
    let limits = limits(3, 0.3);
    let generalization = Generalization {
        duration: candidates().durations[3].clone(),
        bitrate: candidates().bitrates[5].clone(),
        ..Generalization::drop()
    };
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| holds_on(&panel, &generalization, &limits))
    };
    let found = on(1);
    assert_eq!(found, on(3));
    let names: Vec<&str> = found.iter().map(|group| group.group.as_str()).collect();
    assert_eq!(names, ["1000 files", "halves", "2 times the titles, by mixed"]);
    assert_eq!(found.iter().map(|group| group.all.of as usize).sum::<usize>(), panel.len());
    let members = |group: &str| panel.group(group).cloned().collect::<Vec<Catalogue>>();
    assert_eq!(members("1000 files")[0].duration_ms(), sizes[0].duration_ms());
    let grown = &members("2 times the titles, by mixed")[0];
    assert_eq!(grown.titles(), 2 * catalogue.titles());
    for group in &found {
        let members = members(&group.group);
        let held = members.iter().filter(|member| holds(member, &generalization, &limits)).count();
        assert_eq!(
            (group.all.holds as usize, group.all.of as usize),
            (held, members.len()),
            "{}",
            group.group
        );
        for (kind, counted) in &group.by_kind {
            let alone: Vec<Catalogue> = members.iter().filter_map(|member| member.of_kind(kind)).collect();
            let held = alone.iter().filter(|alone| holds(alone, &generalization, &limits)).count();
            assert_eq!((counted.holds as usize, counted.of as usize), (held, alone.len()), "{kind}");
        }
    }
}
