//! A drawn played time: the closed form against every length written down, the attacker that runs, and the laws.

use std::collections::BTreeMap;

use coarsen::attack::channel::{Channel, Randomized};
use coarsen::attack::levels::level;
use coarsen::attack::partial::{Attacker, TARGETS};
use coarsen::attack::through::Watcher;
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::stream::stream;
use coarsen::catalogue::{Catalogue, Columns, SideField};
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::rounding::{Partition, Rounding};
use coarsen::units::Dimension;
use proptest::prelude::*;

const CASES: u32 = 8;

/// False-alarm rate of this whole file: file and title under both priors, a case.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 4.0);

const TAIL_MS: u32 = 10;

/// Of files that last some ms: title, duration, popularity, and one of two resolutions.
fn short(files: &[(u32, u32, u8, bool)]) -> Catalogue {
    let resolution = files.iter().map(|&(.., high)| Some(if high { "1080p" } else { "480p" }));
    Catalogue::new(Columns {
        title: files.iter().map(|&(title, ..)| title).collect(),
        duration_ms: files.iter().map(|&(_, duration, ..)| duration).collect(),
        popularity: Some(files.iter().map(|&(_, _, popularity, _)| f64::from(popularity)).collect()),
        side: BTreeMap::from([
            (SideField::Kind, files.iter().map(|_| Some("clip")).collect()),
            (SideField::Resolution, resolution.collect()),
        ]),
        ..Columns::default()
    })
    .expect("a legal catalogue")
}

fn short_files() -> impl Strategy<Value = Vec<(u32, u32, u8, bool)>> {
    let file = (0u32..6, 1u32..400, 0u8..5, any::<bool>());
    // Somebody plays something.
    prop::collection::vec(file, 1..14).prop_map(|mut files| {
        files[0].2 += 1;
        files
    })
}

fn rounded(duration: &str, by: Vec<SideField>) -> Generalization {
    let duration = Rounding::parse(duration, Dimension::Duration).expect("a rounding");
    Generalization { duration, by, ..Generalization::drop() }
}

fn channel(text: &str) -> Channel {
    text.parse::<Randomized>().expect("a channel").channel
}

/// How likely each length of a play is, by the model.
fn lengths(duration: u32, completion: f64) -> Vec<f64> {
    let tail = TAIL_MS.min(duration / 10);
    let of = |length: u32| {
        let completed = if length >= duration - tail { completion / f64::from(tail + 1) } else { 0.0 };
        completed + (1.0 - completion) / f64::from(duration + 1)
    };
    (0..=duration).map(of).collect()
}

/// By writing down every length and every output.
fn naive(
    catalogue: &Catalogue,
    of: &Generalization,
    channel: Channel,
    completion: f64,
    target: Target,
    prior: Prior,
) -> f64 {
    let mut seen: BTreeMap<(Option<usize>, i64), BTreeMap<usize, f64>> = BTreeMap::new();
    let mut all = 0.0;
    // Any other bucket of a response is like bucket 300.
    let (outputs, rest) = match channel {
        Channel::Response(of) => (0..301, of.buckets() as f64 - 300.0),
        _ => (-150..500, 1.0),
    };
    for file in 0..catalogue.files() {
        let beside = of.by.first().and_then(|&field| catalogue.side(field)).map(|side| side.index(file));
        let weight = if prior == Prior::Uniform { 1.0 } else { catalogue.weight()[file] as f64 };
        let name = if target == Target::File { file } else { catalogue.title()[file] as usize };
        all += weight;
        let mut drawn_from: BTreeMap<u64, f64> = BTreeMap::new();
        for (length, chance) in lengths(catalogue.duration_ms()[file], completion).into_iter().enumerate() {
            *drawn_from.entry(of.duration.bucket(length as u64).from).or_default() += chance;
        }
        for output in outputs.clone() {
            let chance: f64 =
                drawn_from.iter().map(|(&value, chance)| chance * channel.probability(value, output)).sum();
            *seen.entry((beside, output)).or_default().entry(name).or_default() += weight * chance;
        }
    }
    let times = |output: i64| if output == 300 { rest } else { 1.0 };
    let best = |held: &BTreeMap<usize, f64>| held.values().copied().fold(0.0, f64::max);
    seen.iter().map(|(&(_, output), held)| times(output) * best(held)).sum::<f64>() / all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn it_is_as_defined_and_the_attacker_that_runs_agrees(
        files in short_files(), by in prop::sample::select(vec![vec![], vec![SideField::Resolution]]),
        duration in prop::sample::select(vec!["floor:7ms", "floor:50ms", "keep", "floor:9ms+top:90ms", "edges:20ms,130ms"]),
        drawn in prop::sample::select(vec![
            "stochastic:20ms", "stochastic:90ms", "noise:0.5@10ms", "noise:2@1ms", "response:3@50ms", "response:9@2ms",
        ]),
        completion in prop::sample::select(vec![0.0, 0.3, 1.0]), seed: u64,
    ) {
        let (catalogue, channel, rounded) = (short(&files), channel(drawn), rounded(duration, by));
        let cells = Cells::new(&catalogue);
        let watcher = Watcher::study(&cells, rounded.key(), channel, TAIL_MS).expect("few cells");
        let before = Attacker::study(&cells, rounded.key(), TAIL_MS);
        let beside = Generalization { duration: Rounding::drop(Dimension::Duration), ..rounded.clone() };
        let beside = Classes::group(&cells, beside.key());
        for (of_prior, prior) in Prior::ALL.into_iter().enumerate() {
            let closed = watcher.closed_form(completion, prior).expect("a share");
            let ran = watcher.run(completion, prior, 300, &mut stream(seed, "drawn partial", of_prior as u64));
            let ran = ran.expect("a share");
            let before = before.closed_form(completion, 1, prior).expect("a share").expect("few buckets");
            for (at, target) in TARGETS.into_iter().enumerate() {
                let defined = naive(&catalogue, &rounded, channel, completion, target, prior);
                prop_assert!((closed[at] - defined).abs() < 1e-9, "{target:?}, {prior:?}: {}, {defined}", closed[at]);
                prop_assert!(ran[at].agrees_with(closed[at], FALSE_ALARM), "{target:?}, {prior:?}: {:?}", ran[at]);
                prop_assert!(closed[at] <= before[at] + 1e-9, "{}, {}", closed[at], before[at]);
                let beside = level(&beside, target)[of_prior].top1;
                prop_assert!(closed[at] >= beside - 1e-9, "{}, {beside}", closed[at]);
            }
        }
    }

    /// `stochastic:1ms` draws nothing.
    #[test]
    fn a_partition_as_a_channel_is_the_partition(files in short_files(), completion in 0.0..1.0f64) {
        let catalogue = short(&files);
        let cells = Cells::new(&catalogue);
        for duration in ["floor:7ms", "floor:9ms+top:90ms", "keep"] {
            let rounded = rounded(duration, vec![]);
            let watcher = Watcher::study(&cells, rounded.key(), channel("stochastic:1ms"), TAIL_MS).expect("few cells");
            let before = Attacker::study(&cells, rounded.key(), TAIL_MS);
            for prior in Prior::ALL {
                let is = watcher.closed_form(completion, prior).expect("a share");
                let before = before.closed_form(completion, 1, prior).expect("a share").expect("few buckets");
                prop_assert!(is.iter().zip(before).all(|(is, before)| (is - before).abs() < 1e-9), "{is:?}, {before:?}");
            }
        }
    }
}

#[test]
fn what_cannot_be_summed_up_is_refused() {
    let long = short(&[(0, 86_400_000, 1, true), (1, 3_600_000, 1, true)]);
    let cells = Cells::new(&long);
    let kept = rounded("keep", vec![]);
    let of = |drawn| Watcher::study(&cells, kept.key(), channel(drawn), TAIL_MS);
    assert!(of("stochastic:1min").err().expect("a day of ms").to_string().contains("larger width"));
    assert!(of("noise:1@1ms").is_err());
    let minutes = of("noise:1@1min").expect("1,440 minutes");
    assert!(minutes.closed_form(1.5, Prior::Uniform).is_err());
    assert!(minutes.run(-0.1, Prior::Uniform, 9, &mut stream(1, "", 0)).is_err());
}
