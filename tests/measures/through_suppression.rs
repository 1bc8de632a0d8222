//! Signals beside drawn durations: against every output written down, the attacker that runs, and the laws.

use std::collections::BTreeMap;

use coarsen::attack::channel::{Channel, Draws, Randomized};
use coarsen::attack::suppression::{Signal, suppression};
use coarsen::attack::through::{self, Guesser};
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::Catalogue;
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Cells, Generalization, Inside};
use coarsen::rounding::Partition;
use proptest::prelude::*;

use crate::some::{catalogue, files, with_corners};

const CASES: u32 = 16;

/// False-alarm rate of this whole file: three signals under both priors, a case.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 6.0);

const DRAWS: u64 = 300;

fn channel(text: &str) -> Draws {
    text.parse::<Randomized>().expect("a channel").into()
}

/// By writing down every output of every file.
fn naive(
    catalogue: &Catalogue,
    of: &Generalization,
    channel: Channel,
    among: &[u32],
    prior: Prior,
) -> Option<f64> {
    let inside = Inside::of(&of.other, catalogue);
    let weight = |file: usize| if prior == Prior::Uniform { 1.0 } else { catalogue.weight()[file] as f64 };
    let mut seen: BTreeMap<(String, i64), BTreeMap<u32, [f64; 2]>> = BTreeMap::new();
    let mut all = 0.0;
    for file in 0..catalogue.files() {
        let value = of.duration.bucket(u64::from(catalogue.duration_ms()[file])).from;
        let rate = catalogue.bitrate_bps().and_then(|rates| rates[file]).filter(|_| !of.bitrate.is_drop());
        let rate = rate.map(|rate| of.bitrate.bucket(u64::from(rate.get())).from);
        let sides = of.by.iter().filter_map(|&field| catalogue.side(field).map(|side| side.index(file)));
        let beside = format!("{rate:?} {:?}", sides.collect::<Vec<usize>>());
        let is_asked = among.contains(&(file as u32));
        all += if is_asked { weight(file) } else { 0.0 };
        let mut add = |sight: (String, i64), chance: f64| {
            let held = seen.entry(sight).or_default().entry(catalogue.title()[file]).or_default();
            held[0] += weight(file) * chance;
            held[1] += if is_asked { weight(file) * chance } else { 0.0 };
        };
        if inside.holds(file) {
            add(("other".to_owned(), 0), 1.0);
            continue;
        }
        for output in -60..120 {
            let chance = channel.probability(value, output);
            if chance > 1e-15 {
                add((beside.clone(), output), chance);
            }
        }
    }
    let right = |held: &BTreeMap<u32, [f64; 2]>| {
        let best = held.values().map(|held| held[0]).fold(0.0, f64::max);
        let tied: Vec<&[f64; 2]> = held.values().filter(|held| held[0] >= best * (1.0 - 1e-12)).collect();
        tied.iter().map(|held| held[1]).sum::<f64>() / tied.len() as f64
    };
    (all > 0.0).then(|| seen.values().map(right).sum::<f64>() / all)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn it_is_as_defined_and_the_attacker_that_runs_agrees(
        files in files(), generalization in with_corners(), seed: u64,
        drawn in prop::sample::select(vec!["stochastic:7min", "stochastic:61s", "noise:2@5min", "response:1@30min"]),
    ) {
        let (catalogue, channel) = (catalogue(&files[..files.len().min(30)]), channel(drawn));
        let cells = Cells::new(&catalogue);
        let found = through::suppression(&cells, &generalization, channel).expect("few outputs");
        prop_assert_eq!(found.len(), suppression(&cells, &generalization).len());
        for found in found {
            let among = found.signal.files(&catalogue, &generalization);
            prop_assert_eq!(found.files, among.len() as u64);
            let (without, nothing) = (found.signal.without(&generalization), Generalization::drop());
            for (of, rates) in [(&generalization, found.named), (&without, found.without), (&nothing, found.control)] {
                for (prior, rate) in Prior::ALL.into_iter().zip([Some(rates.uniform), rates.popularity]) {
                    let defined = naive(&catalogue, of, channel.channel, &among, prior);
                    prop_assert_eq!(rate.is_some(), defined.is_some());
                    let (Some(rate), Some(defined)) = (rate, defined) else { continue };
                    prop_assert!((rate - defined).abs() < 1e-9, "{}: {rate} {defined}", found.signal);
                }
            }
            for (prior, claim) in Prior::ALL.into_iter().zip([Some(found.named.uniform), found.named.popularity]) {
                let guesser = Guesser::study(&catalogue, generalization.key(), channel, prior);
                let mut random = stream(seed, "drawn signals", 0);
                let ran = guesser.run_on(&among, Target::Title, DRAWS, &mut random);
                prop_assert_eq!(ran.is_some(), claim.is_some());
                let (Some(ran), Some(claim)) = (ran, claim) else { continue };
                prop_assert!(ran.top1.agrees_with(claim, FALSE_ALARM), "{}: {ran:?} {claim}", found.signal);
            }
        }
    }

    /// `stochastic:1ms` draws nothing; and no channel changes what `other` gives away.
    #[test]
    fn the_laws_hold(files in files(), generalization in with_corners()) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let rounded = suppression(&cells, &generalization);
        let of = |drawn| through::suppression(&cells, &generalization, channel(drawn)).expect("few outputs");
        let (silent, silent_rate, noisy) = (of("stochastic:1ms"), of("stochastic:1bps"), of("noise:0.5@2min"));
        for (rounded, silent) in rounded.iter().zip(&silent_rate) {
            for (a, b) in [(rounded.named, silent.named), (rounded.without, silent.without)] {
                prop_assert!((a.uniform - b.uniform).abs() < 1e-9, "{}: {a:?} {b:?}", rounded.signal);
            }
        }
        let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() < 1e-9,
            (a, b) => a == b,
        };
        for ((rounded, silent), noisy) in rounded.iter().zip(&silent).zip(&noisy) {
            prop_assert_eq!((rounded.signal, rounded.titles, rounded.share), (silent.signal, silent.titles, silent.share));
            for (a, b) in [
                (rounded.named, silent.named), (rounded.without, silent.without), (rounded.control, silent.control),
                (rounded.control, noisy.control),
            ] {
                prop_assert!(close(Some(a.uniform), Some(b.uniform)) && close(a.popularity, b.popularity), "{a:?} {b:?}");
            }
            // Drawing hides, so nothing that leaves beside a duration is named more often.
            prop_assert!(noisy.named.uniform <= rounded.named.uniform + 1e-9, "{noisy:?} {rounded:?}");
            if rounded.signal == Signal::Other {
                prop_assert!((noisy.named.uniform - rounded.named.uniform).abs() < 1e-9);
            }
        }
    }
}
