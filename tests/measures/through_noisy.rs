//! Noisy matching of drawn lengths against every copy and every output written down, and the laws.

use std::collections::BTreeMap;

use coarsen::attack::channel::{Channel, Randomized};
use coarsen::attack::noisy::{Attacker, Settings, SettingsError};
use coarsen::attack::through::{self, Copied, CopiedError, Through, noisy};
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::Catalogue;
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Cells, Generalization};
use coarsen::rounding::{Partition, Rounding};
use coarsen::units::Dimension;
use proptest::prelude::*;

use crate::copies::{beside, copies, names};
use crate::noisy::{nested_pair, settings, small};
use crate::some::catalogue;

const CASES: u32 = 16;

/// False-alarm rate of this whole file: three targets, both priors, three comparisons each.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 18.0);

const DRAWS: u64 = 600;

fn channel(text: &str) -> Channel {
    text.parse::<Randomized>().expect("a channel").channel
}

fn drawn() -> impl Strategy<Value = Channel> {
    prop::sample::select(vec!["stochastic:30ms", "stochastic:7ms", "noise:0.5@6ms", "response:3@25ms"])
        .prop_map(channel)
}

/// The exact posterior, and whoever takes every copy for the same encode, by writing down every output of every copy.
fn naive(
    catalogue: &Catalogue,
    of: &Generalization,
    settings: &Settings,
    channel: Channel,
    target: Target,
    prior: Prior,
) -> [f64; 2] {
    // Any other bucket of a response is like bucket 12; noise beyond these has a chance of e^-60 at most.
    let (outputs, rest) = match channel {
        Channel::Response(of) => (0..13, of.buckets() as f64 - 12.0),
        _ => (-130..200, 1.0),
    };
    let names = names(catalogue, target);
    let weight = |file: usize| if prior == Prior::Uniform { 1.0 } else { catalogue.weight()[file] as f64 };
    let mut seen: BTreeMap<(i64, String), BTreeMap<u32, [f64; 2]>> = BTreeMap::new();
    let mut all = 0.0;
    for (file, &name) in names.iter().enumerate() {
        let mut of_copies: BTreeMap<(u64, String), f64> = BTreeMap::new();
        for outcome in copies(catalogue, settings, file) {
            let value = of.duration.bucket(outcome.1).from;
            *of_copies.entry((value, beside(catalogue, of, &outcome))).or_default() +=
                outcome.0 * weight(file);
            all += outcome.0 * weight(file);
        }
        let rate = catalogue.bitrate_bps().expect("rates")[file].map(|rate| u64::from(rate.get()));
        let own = (1.0, u64::from(catalogue.duration_ms()[file]), rate, file, file);
        let own = (of.duration.bucket(own.1).from, beside(catalogue, of, &own));
        let mut add = |at: usize, (value, beside): &(u64, String), held: f64| {
            for output in outputs.clone() {
                let chance = held * channel.probability(*value, output);
                if chance > 0.0 {
                    let of_sight = seen.entry((output, beside.clone())).or_default();
                    of_sight.entry(name).or_default()[at] += chance;
                }
            }
        };
        of_copies.iter().for_each(|(copy, &held)| add(0, copy, held));
        add(1, &own, weight(file));
    }
    let is_response = matches!(channel, Channel::Response(_));
    let (mut bayes, mut ignoring) = (0.0, 0.0);
    for ((output, _), held) in &seen {
        let times = if is_response && *output == 12 { rest } else { 1.0 };
        bayes += times * held.values().map(|held| held[0]).fold(0.0, f64::max);
        let own = held.values().map(|held| held[1]).fold(0.0, f64::max);
        // Among equals the lowest name.
        let named = held.values().find(|held| own > 0.0 && held[1] >= own * (1.0 - 1e-12));
        ignoring += times * named.map_or(0.0, |held| held[0]);
    }
    [bayes / all, ignoring / all]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn it_is_as_enumerated_and_the_attacker_that_runs_agrees(
        files in small(), (generalization, _) in nested_pair(), settings in settings(), channel in drawn(), seed: u64,
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let copied = Copied::study(&cells, generalization.key(), &settings, channel).expect("few lengths");
        let closed = copied.closed_form().expect("few pairs");
        let ran = Prior::ALL.map(|prior| copied.run(prior, DRAWS, &mut stream(seed, "drawn copies", 0)));
        for (at, &target) in copied.targets().iter().enumerate() {
            for (of_prior, prior) in Prior::ALL.into_iter().enumerate() {
                let [best, _] = naive(&catalogue, &generalization, &settings, channel, target, prior);
                let (is, ran) = (closed[at][of_prior], ran[of_prior][at]);
                prop_assert!((is - best).abs() < 1e-9, "{target:?}, {prior:?}: {is}, {best}");
                prop_assert!(ran.bayes.agrees_with(best, FALSE_ALARM), "{target:?}, {prior:?}: {ran:?}, {best}");
                let allowed = ((2.0 / FALSE_ALARM).ln() / (2.0 * DRAWS as f64)).sqrt();
                prop_assert!((ran.sure - best).abs() < allowed, "{target:?}, {prior:?}: {ran:?}, {best}");
                // Nobody beats it, and the truth is among what an interval keeps.
                prop_assert!(ran.ignoring.rate <= best + allowed, "{ran:?}, {best}");
                prop_assert_eq!(ran.by_interval.is_some(), matches!(channel, Channel::Stochastic(_)));
                if let Some(of) = ran.by_interval {
                    prop_assert_eq!(of.interval_recall.rate, 1.0);
                    prop_assert!(of.interval.rate <= best + allowed, "{of:?}, {best}");
                    prop_assert!(of.interval_candidates >= 1.0 && of.ignoring_recall.rate >= ran.ignoring.rate);
                }
            }
        }
    }

    /// Where weights differ no tie is broken another way.
    #[test]
    fn whoever_ignores_the_noise_is_as_enumerated(
        files in small(), (generalization, _) in nested_pair(), settings in settings(), seed: u64,
        channel in prop::sample::select(vec!["stochastic:31ms", "noise:0.7@9ms"]).prop_map(channel),
    ) {
        let of = |(at, file): (usize, &crate::some::File)| crate::some::File {
            popularity: 1 + (at * 37 % 101) as u8, duration: file.duration + at as u32, ..file.clone()
        };
        let catalogue = catalogue(&files.iter().enumerate().map(of).collect::<Vec<_>>());
        let cells = Cells::new(&catalogue);
        let copied = Copied::study(&cells, generalization.key(), &settings, channel).expect("few lengths");
        let ran = copied.run(Prior::Popularity, DRAWS, &mut stream(seed, "drawn copies", 1));
        for (ran, &target) in ran.iter().zip(copied.targets()) {
            let [_, ignoring] = naive(&catalogue, &generalization, &settings, channel, target, Prior::Popularity);
            prop_assert!(ran.ignoring.agrees_with(ignoring, FALSE_ALARM), "{target:?}: {ran:?}, {ignoring}");
        }
    }

    /// `stochastic:1ms` draws nothing; of the same encode alone it is A1; and drawing never helps.
    #[test]
    fn the_laws_hold(
        files in small(), (generalization, _) in nested_pair(), settings in settings(), channel_drawn in drawn(),
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let of = |settings, channel| {
            let copied = Copied::study(&cells, generalization.key(), settings, channel).expect("few lengths");
            copied.closed_form().expect("few pairs")
        };
        let rounded = Attacker::study(&cells, generalization.key(), &settings).expect("a mode");
        let rounded = rounded.closed_form().expect("few buckets");
        let (silent, drawn) = (of(&settings, channel("stochastic:1ms")), of(&settings, channel_drawn));
        let same = Settings::same_encode();
        let same = of(&same, channel_drawn);
        let through = Through::new(&cells, generalization.key(), channel_drawn).expect("few outputs");
        let targets = [Target::File, Target::Title, Target::Series];
        for (at, target) in targets.into_iter().filter(|target| target.is_told(&catalogue)).enumerate() {
            let a1 = through::level(&through, target);
            for of_prior in 0..2 {
                let rounded = rounded[at][of_prior];
                prop_assert!((silent[at][of_prior] - rounded).abs() < 1e-9, "{target:?}: {silent:?} {rounded}");
                prop_assert!(drawn[at][of_prior] <= rounded + 1e-9, "{target:?}: {drawn:?} {rounded}");
                let a1 = a1[of_prior].top1;
                prop_assert!((same[at][of_prior] - a1).abs() < 1e-9, "{target:?}: {same:?} {a1}");
            }
        }
    }
}

#[test]
fn what_cannot_be_judged_is_refused() {
    let catalogue = catalogue(&[crate::some::File {
        title: 0,
        series: None,
        duration: 7_200_000,
        bitrate: None,
        resolution: None,
        popularity: 1,
    }]);
    let cells = Cells::new(&catalogue);
    let keep = Generalization::keep(&catalogue);
    let of =
        |settings: &Settings, drawn| noisy(&cells, keep.key(), &cells, (settings, channel(drawn)), 60, 1);
    let nothing = Settings { same: 0, ..Settings::same_encode() };
    assert_eq!(of(&nothing, "noise:1@1min").unwrap_err(), CopiedError::Settings(SettingsError::NoMode));
    let refused = of(&Settings::default(), "stochastic:1min").unwrap_err();
    assert!(
        matches!(refused, CopiedError::TooFine(_)) && refused.to_string().contains("larger width"),
        "{refused}"
    );
    let found = of(&Settings::default(), "noise:1@1min").expect("two hours of minutes");
    // The only file is named whatever is seen.
    assert!(found.iter().all(|level| level.ran.bayes.rate == 1.0 && level.control == 1.0), "{found:?}");
    assert!(found.iter().all(|level| level.closed_form.is_some_and(|closed| (closed - 1.0).abs() < 1e-9)));
}

#[test]
fn threads_change_nothing() {
    let files: Vec<crate::some::File> = (0..120u32)
        .map(|at| crate::some::File {
            title: at / 3,
            series: Some(at / 12),
            duration: 5_000_000 + at * 7_919,
            bitrate: None,
            resolution: Some((at % 3) as u8),
            popularity: (at % 5) as u8,
        })
        .collect();
    let catalogue = catalogue(&files);
    let cells = Cells::new(&catalogue);
    let duration = Rounding::parse("floor:1min", Dimension::Duration).expect("a rounding");
    let generalization = Generalization { duration, ..Generalization::drop() };
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let of = (&Settings::default(), channel("noise:1@1min"));
        pool.install(|| noisy(&cells, generalization.key(), &cells, of, 200, 1).expect("a mode"))
    };
    assert_eq!(run(1), run(3));
}
