//! An attacker whose catalogue isn't the world and who sees drawn durations: as defined, as it runs, and its laws.

use std::collections::BTreeMap;

use coarsen::attack::Prior;
use coarsen::attack::channel::{Channel, Draws, Randomized};
use coarsen::attack::open_world::{Doubt, Stated, World, abstaining_gain, stated};
use coarsen::attack::through::{Speaker, Through};
use coarsen::catalogue::Catalogue;
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Cells, Classes, Generalization, Inside};
use coarsen::rounding::{Partition, Rounding};
use coarsen::units::Dimension;
use proptest::prelude::*;

use crate::naive::group;
use crate::some::{catalogue, files, with_corners};

const CASES: u32 = 12;

/// False-alarm rate of this whole file: precision and recall under both priors, a case.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 4.0);

fn channel(text: &str) -> Draws {
    text.parse::<Randomized>().expect("a channel").into()
}

/// Everything that can leave: what of it is played, and what each title that is listed weighs in it.
fn seen(
    catalogue: &Catalogue,
    generalization: &Generalization,
    channel: Channel,
    world: &World,
    prior: Prior,
) -> Vec<(f64, BTreeMap<usize, f64>)> {
    let beside = Generalization { duration: Rounding::drop(Dimension::Duration), ..generalization.clone() };
    let inside = Inside::of(&generalization.other, catalogue);
    let mut all = Vec::new();
    for files in group(catalogue, &beside).values() {
        let boxed = inside.holds(files[0]);
        for output in if boxed { 0..1 } else { -250..350 } {
            let (mut played, mut listed) = (0.0, BTreeMap::new());
            for &file in files {
                let value = generalization.duration.bucket(u64::from(catalogue.duration_ms()[file])).from;
                let chance = if boxed { 1.0 } else { channel.probability(value, output) };
                let weight = if prior == Prior::Uniform { 1.0 } else { catalogue.weight()[file] as f64 };
                let title = catalogue.title()[file] as usize;
                played += if world.roles[title].is_played() { chance * weight } else { 0.0 };
                if world.roles[title].is_listed() {
                    *listed.entry(title).or_default() += chance * weight;
                }
            }
            all.push((played, listed));
        }
    }
    all
}

/// From the definition.
fn defined(seen: &[(f64, BTreeMap<usize, f64>)], world: &World) -> Option<Stated> {
    let (mut plays, mut spoken, mut right) = (0.0, 0.0, 0.0);
    for (played, listed) in seen {
        plays += played;
        let all: f64 = listed.values().sum();
        let Some((&title, &top)) = listed.iter().max_by(|a, b| a.1.total_cmp(b.1)) else { continue };
        if top > 0.0 && top >= 0.95 * all.max(*played) * (1.0 - 1e-11) {
            spoken += played;
            right += if world.roles[title].is_played() { top } else { 0.0 };
        }
    }
    let precision = (spoken > 0.0).then(|| right / spoken);
    (plays > 0.0).then(|| Stated { spoken: spoken / plays, precision, recall: right / plays })
}

fn near(a: &Stated, b: &Stated) -> bool {
    let precision = match (a.precision, b.precision) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-6,
        // Of an output that hardly ever comes it may be spoken or not: what is spoken tells.
        _ => true,
    };
    precision && (a.spoken - b.spoken).abs() < 1e-9 && (a.recall - b.recall).abs() < 1e-9
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn it_is_as_defined_and_the_attacker_that_runs_agrees(
        files in files(), generalization in with_corners(), seed: u64,
        drawn in prop::sample::select(vec![
            "stochastic:60s", "stochastic:7min", "noise:1@1min", "noise:9@5min", "response:9@5min", "response:6@1h",
        ]),
        coverage in prop::sample::select(vec![100, 75, 25]), decoys in prop::sample::select(vec![0, 50]),
    ) {
        let (catalogue, channel) = (catalogue(&files), channel(drawn));
        let cells = Cells::new(&catalogue);
        let through = Through::new(&cells, generalization.key(), channel).expect("few outputs");
        let speaker = Speaker::study(&through).expect("few files");
        let world = World::draw(&catalogue, coverage, decoys, seed);
        for (at, prior) in Prior::ALL.into_iter().enumerate() {
            let is = speaker.stated(&world, prior);
            let defined = defined(&seen(&catalogue, &generalization, channel.channel, &world, prior), &world);
            prop_assert_eq!(is.is_some(), defined.is_some());
            let ran = speaker.run(&world, prior, 300, &mut stream(seed, "drawn open world", at as u64));
            prop_assert_eq!(is.is_some(), ran.is_some());
            let (Some(is), Some(defined), Some(ran)) = (is, defined, ran) else { continue };
            prop_assert!(near(&is, &defined), "{prior:?}: {is:?}, {defined:?}");
            prop_assert!(ran.recall.agrees_with(is.recall, FALSE_ALARM), "{prior:?}: {is:?}, {ran:?}");
            let precision = is.precision.unwrap_or(0.0);
            prop_assert!(ran.precision.agrees_with(precision, FALSE_ALARM), "{prior:?}: {is:?}, {ran:?}");
            prop_assert!(decoys > 0 || is.precision.is_none_or(|precision| precision >= 0.95 - 1e-9), "{is:?}");
        }
        let (gain, classes) = (speaker.abstaining_gain(), Classes::group(&cells, generalization.key()));
        let rounded = abstaining_gain(&classes);
        prop_assert!(gain.uniform <= rounded.uniform + 1e-9 && gain.popularity <= rounded.popularity + 1e-9);
    }

    /// `stochastic:1ms` draws nothing.
    #[test]
    fn a_partition_as_a_channel_is_the_partition(
        files in files(), generalization in with_corners(), seed: u64,
        coverage in prop::sample::select(vec![100, 50, 10]), decoys in prop::sample::select(vec![0, 50]),
        written in prop::sample::select(vec!["stochastic:1ms", "stochastic:1bps"]),
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let through = Through::new(&cells, generalization.key(), channel(written)).expect("few outputs");
        let speaker = Speaker::study(&through).expect("few files");
        let classes = Classes::group(&cells, generalization.key());
        let world = World::draw(&catalogue, coverage, decoys, seed);
        for prior in Prior::ALL {
            let (is, of_classes) = (speaker.stated(&world, prior), stated(&classes, &world, Doubt::Counts, prior));
            prop_assert_eq!(is.is_some(), of_classes.is_some());
            prop_assert!(is.zip(of_classes).is_none_or(|(is, of_classes)| near(&is, &of_classes)), "{is:?}, {of_classes:?}");
        }
        let (is, of_classes) = (speaker.abstaining_gain(), abstaining_gain(&classes));
        prop_assert!((is.uniform - of_classes.uniform).abs() < 1e-9, "{is:?}, {of_classes:?}");
        prop_assert!((is.popularity - of_classes.popularity).abs() < 1e-9, "{is:?}, {of_classes:?}");
    }
}
