//! What one play tells whose duration or bit rate leaves through a channel: the closed forms against their definition and
//! against the attacker that runs, and their laws.

use std::collections::BTreeMap;

use coarsen::attack::averaging::Attacker as Averager;
use coarsen::attack::channel::{Draws, Memory, Randomized, Subject};
use coarsen::attack::homogeneity::{Homogeneity, Secret, homogeneity as of_classes};
use coarsen::attack::known_library::known_library as in_library;
use coarsen::attack::levels::{Level, level as of_level};
use coarsen::attack::through::{Guesser, Through, homogeneity, known_library, level};
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::stream::stream;
use coarsen::catalogue::{Catalogue, SideField};
use coarsen::classes::{Cells, Classes, Generalization, Inside};
use coarsen::rounding::{Partition, Rounding};
use proptest::prelude::*;

use crate::naive::group;
use crate::some::{catalogue, files, with_corners};

const CASES: u32 = 24;

/// False-alarm rate of this whole file: eight trials with one and three guesses, four of one play and one in a library, a
/// case.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 21.0);

fn some_channel() -> impl Strategy<Value = Draws> {
    let channels = vec![
        "stochastic:60s",
        "stochastic:7min",
        "stochastic:45s",
        "noise:1@1min",
        "noise:0.3@2min",
        "noise:9@5min",
        "response:1@5min",
        "response:3@1h",
        "stochastic:400kbps",
        "stochastic:3Mbps",
        "noise:1@250kbps",
        "noise:0.2@700kbps",
        "response:1@1Mbps",
        "response:4@20Mbps",
    ];
    prop::sample::select(channels).prop_map(channel)
}

fn channel(text: &str) -> Draws {
    text.parse::<Randomized>().expect("a channel").into()
}

/// What leaves but for the number that is drawn.
fn beside(generalization: &Generalization, subject: Subject) -> Generalization {
    let dropped = Rounding::drop(subject.dimension());
    match subject {
        Subject::Duration => Generalization { duration: dropped, ..generalization.clone() },
        Subject::Bitrate => Generalization { bitrate: dropped, ..generalization.clone() },
    }
}

/// What is drawn from, where it is known.
fn value(
    catalogue: &Catalogue,
    generalization: &Generalization,
    subject: Subject,
    file: usize,
) -> Option<u64> {
    match subject {
        Subject::Duration => {
            Some(generalization.duration.bucket(u64::from(catalogue.duration_ms()[file])).from)
        }
        // What doesn't leave isn't missing either.
        Subject::Bitrate if generalization.bitrate.is_drop() => Some(0),
        Subject::Bitrate => {
            let rate = catalogue.bitrate_bps().expect("rates")[file]?;
            Some(generalization.bitrate.bucket(u64::from(rate.get())).from)
        }
    }
}

/// The number of what a file is named at a level.
fn named(catalogue: &Catalogue, target: Target, file: usize) -> usize {
    match target {
        Target::File => file,
        Target::Title => catalogue.title()[file] as usize,
        Target::Series => catalogue.series()[file] as usize,
        Target::Genre => catalogue.side(SideField::Genre).expect("genres").index(file),
    }
}

fn weight(catalogue: &Catalogue, prior: Prior, file: usize) -> f64 {
    if prior == Prior::Uniform { 1.0 } else { catalogue.weight()[file] as f64 }
}

/// Everything that can leave: what each name weighs in it.
fn seen(
    catalogue: &Catalogue,
    generalization: &Generalization,
    Draws { subject, channel }: Draws,
    target: Target,
    prior: Prior,
) -> Vec<Vec<f64>> {
    let inside = Inside::of(&generalization.other, catalogue);
    let value = |file| value(catalogue, generalization, subject, file).filter(|_| !inside.holds(file));
    // Of what is boxed or unknown nothing is drawn.
    let mut parts: BTreeMap<(usize, bool), Vec<usize>> = BTreeMap::new();
    for (number, files) in group(catalogue, &beside(generalization, subject)).values().enumerate() {
        for &file in files {
            parts.entry((number, value(file).is_some())).or_default().push(file);
        }
    }
    let mut all = Vec::new();
    for files in parts.values() {
        for output in if value(files[0]).is_some() { -250..350 } else { 0..1 } {
            let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
            for &file in files {
                let chance = value(file).map_or(1.0, |value| channel.probability(value, output));
                *sums.entry(named(catalogue, target, file)).or_default() +=
                    chance * weight(catalogue, prior, file);
            }
            let mut sums: Vec<f64> = sums.into_values().filter(|&sum| sum > 0.0).collect();
            sums.sort_by(|a, b| b.total_cmp(a));
            all.push(sums);
        }
    }
    all
}

/// From the definitions: sums over everything that can leave.
fn defined(seen: &[Vec<f64>]) -> ([f64; 5], f64) {
    let (mut sums, mut most) = ([0.0; 6], 0.0);
    for weights in seen.iter().filter(|weights| !weights.is_empty()) {
        let all: f64 = weights.iter().sum();
        let doubt: f64 = weights.iter().map(|weight| -weight * (weight / all).log2()).sum();
        let single = if weights.len() == 1 { all } else { 0.0 };
        let best = |guesses| weights.iter().take(guesses).sum::<f64>();
        let of_one = [best(1), best(3), doubt, all * weights.len() as f64, single, all];
        sums.iter_mut().zip(of_one).for_each(|(sum, of_one)| *sum += of_one);
        most += if weights[0] >= 0.95 * all - 1e-9 * all { all } else { 0.0 };
    }
    let [top1, top3, doubt, candidates, single, all] = sums;
    ([top1, top3, doubt, candidates, single].map(|sum| sum / all), most / all)
}

fn figures(level: &Level) -> [f64; 5] {
    let Level { top1, top3, entropy_bits, expected_candidates, single_candidate } = *level;
    [top1, top3, entropy_bits, expected_candidates, single_candidate]
}

/// That the second tells an attacker no less than the first.
fn no_safer(safer: &Level, riskier: &Level) -> bool {
    let (safer, riskier) = (figures(safer), figures(riskier));
    [0, 1, 4].into_iter().all(|at| riskier[at] >= safer[at] - 1e-9)
        && [2, 3].into_iter().all(|at| riskier[at] <= safer[at] + 1e-9)
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

fn shares(found: &Homogeneity) -> [f64; 6] {
    let Homogeneity { shared_by_all: all, shared_by_most: most, named, .. } = found;
    [all.uniform, all.popularity, most.uniform, most.popularity, named.uniform, named.popularity]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn levels_are_as_defined_and_the_attacker_that_runs_agrees(
        files in files(), generalization in with_corners(), channel in some_channel(), seed: u64,
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let through = Through::new(&cells, generalization.key(), channel).expect("few outputs");
        for (at, prior) in Prior::ALL.into_iter().enumerate() {
            let mut random = stream(seed, "through", at as u64);
            let guesser = Guesser::study(&catalogue, generalization.key(), channel, prior);
            for target in Target::ALL {
                let level = level(&through, target)[at];
                let (by_definition, _) = defined(&seen(&catalogue, &generalization, channel, target, prior));
                for (is, by_definition) in figures(&level).into_iter().zip(by_definition) {
                    prop_assert!(near(is, by_definition), "{target:?}, {prior:?}: {level:?}, {by_definition}");
                }
                let ran = guesser.run(target, 300, &mut random);
                prop_assert!(ran.top1.agrees_with(level.top1, FALSE_ALARM), "{target:?}, {prior:?}: {ran:?}, {level:?}");
                prop_assert!(ran.top3.agrees_with(level.top3, FALSE_ALARM), "{target:?}, {prior:?}: {ran:?}, {level:?}");
            }
        }
    }

    #[test]
    fn who_averages_starts_from_what_one_play_tells(
        files in files(), generalization in with_corners(), channel in some_channel(), seed: u64,
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let key = generalization.key();
        let through = Through::new(&cells, key, channel).expect("few outputs");
        let rounded = of_level(&Classes::group(&cells, key), Target::Title);
        for (at, prior) in Prior::ALL.into_iter().enumerate() {
            let one_play = level(&through, Target::Title)[at].top1;
            for memory in [Memory::Fresh, Memory::Memoized] {
                let Draws { subject, channel } = channel;
                let attacker = Averager::of_key(&cells, key, Randomized { subject, channel, memory }, prior);
                prop_assert_eq!(attacker.after_one_play(), Some(one_play));
                let endless = attacker.after_endless_plays();
                prop_assert!(one_play <= endless + 1e-9 && endless <= rounded[at].top1 + 1e-9, "{one_play}, {endless}");
                let after = attacker.run(150, &[1], seed)[0];
                prop_assert!(after.trial.agrees_with(one_play, FALSE_ALARM), "{after:?}, {one_play}");
            }
        }
    }

    /// `stochastic:1ms` draws nothing: whatever follows from a partition follows from it as a channel.
    #[test]
    fn a_partition_as_a_channel_is_the_partition(
        files in files(), generalization in with_corners(), seed: u64,
        written in prop::sample::select(vec!["stochastic:1ms", "stochastic:1bps"]),
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let classes = Classes::group(&cells, generalization.key());
        let through = Through::new(&cells, generalization.key(), channel(written)).expect("few outputs");
        for target in Target::ALL {
            for (is, of_classes) in level(&through, target).iter().zip(of_level(&classes, target)) {
                let both = figures(is).into_iter().zip(figures(&of_classes));
                prop_assert!(both.into_iter().all(|(a, b)| near(a, b)), "{target:?}: {is:?}, {of_classes:?}");
            }
        }
        for secret in Secret::ALL {
            let (is, of_classes) = (homogeneity(&through, secret), of_classes(&classes, secret));
            let (is, of_classes) = (is.expect("told"), of_classes.expect("told"));
            prop_assert!(shares(&is).into_iter().zip(shares(&of_classes)).all(|(a, b)| near(a, b)), "{is:?}, {of_classes:?}");
            if let (Some(a), Some(b)) = (&is.yes_or_no, &of_classes.yes_or_no) {
                prop_assert!(near(a.after - a.before, b.after - b.before), "{a:?}, {b:?}");
            }
            prop_assert_eq!(is.yes_or_no.is_some(), of_classes.yes_or_no.is_some());
        }
        for titles in [1, 3] {
            let drawn = known_library(&through, titles, 20, seed).expect("few outputs").map(|found| found.0);
            prop_assert_eq!(drawn, in_library(&classes, titles, 20, seed));
        }
    }

    /// What is drawn after rounding tells no more than the rounding, and no less than what leaves beside it.
    #[test]
    fn drawing_never_helps(files in files(), generalization in with_corners(), channel in some_channel(), seed: u64) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let through = Through::new(&cells, generalization.key(), channel).expect("few outputs");
        let rounded = Classes::group(&cells, generalization.key());
        let beside = beside(&generalization, channel.subject);
        let beside = Classes::group(&cells, beside.key());
        for target in Target::ALL {
            let [drawn, rounded, beside] = [level(&through, target), of_level(&rounded, target), of_level(&beside, target)];
            for at in 0..2 {
                prop_assert!(no_safer(&drawn[at], &rounded[at]), "{target:?}: {drawn:?}, {rounded:?}");
                prop_assert!(no_safer(&beside[at], &drawn[at]), "{target:?}: {beside:?}, {drawn:?}");
            }
        }
        for secret in Secret::ALL {
            let of = |found: Option<Homogeneity>| found.expect("told");
            let drawn = of(homogeneity(&through, secret));
            let rounded = of(of_classes(&rounded, secret));
            for at in [0, 1, 4, 5] {
                prop_assert!(shares(&drawn)[at] <= shares(&rounded)[at] + 1e-9, "{drawn:?}, {rounded:?}");
            }
            let gain = |found: &Homogeneity| found.yes_or_no.as_ref().map(|told| told.after - told.before);
            prop_assert!(gain(&drawn).zip(gain(&rounded)).is_none_or(|(drawn, rounded)| drawn <= rounded + 1e-9));
            let target = secret.target();
            for (at, prior) in Prior::ALL.into_iter().enumerate() {
                let (_, most) = defined(&seen(&catalogue, &generalization, channel, target, prior));
                prop_assert!(near(shares(&drawn)[2 + at], most), "{drawn:?}, {most}");
            }
        }
        let titles = catalogue.titles() / 2;
        if let Some((drawn, trial)) = known_library(&through, titles, 20, seed).expect("few outputs") {
            let rounded = in_library(&rounded, titles, 20, seed).expect("as many titles");
            let beside = in_library(&beside, titles, 20, seed).expect("as many titles");
            prop_assert!(drawn.title_uniform <= rounded.title_uniform + 1e-9, "{drawn:?}, {rounded:?}");
            prop_assert!(drawn.title_uniform >= beside.title_uniform - 1e-9, "{drawn:?}, {beside:?}");
            prop_assert!(trial.agrees_with(drawn.title_uniform, FALSE_ALARM), "{drawn:?}, {trial:?}");
        }
    }
}

/// Two titles of an hour: noise leaves both possible, and the doubt that of what two neighbors differ by.
#[test]
fn endless_outputs_are_summed_to_their_end() {
    use coarsen::catalogue::Columns;
    let catalogue = Catalogue::new(Columns {
        title: vec![0, 1],
        duration_ms: vec![3_600_000, 3_601_000],
        side: [(SideField::Kind, ["movie"; 2].map(Some).into_iter().collect())].into(),
        ..Columns::default()
    });
    let catalogue = catalogue.expect("a legal catalogue");
    let cells = Cells::new(&catalogue);
    let kept = Generalization { by: vec![], ..Generalization::keep(&catalogue) };
    let through = Through::new(&cells, kept.key(), channel("noise:0.000001@1s")).expect("two outputs");
    let [uniform, _] = level(&through, Target::Title);
    // The outputs at both and beyond, a = e^-0.000001: right for 1 / (1 + a).
    let a = (-0.000_001f64).exp();
    assert!((uniform.top1 - 1.0 / (1.0 + a)).abs() < 1e-12, "{uniform:?}");
    let p = 1.0 / (1.0 + a);
    let doubt = -p * p.log2() - (1.0 - p) * (1.0 - p).log2();
    assert!((uniform.entropy_bits - doubt).abs() < 1e-6, "{uniform:?}, {doubt}");
    assert_eq!((uniform.expected_candidates, uniform.single_candidate), (2.0, 0.0));

    let far = Columns {
        title: vec![0, 1],
        duration_ms: vec![1, u32::MAX],
        side: [(SideField::Kind, ["movie"; 2].map(Some).into_iter().collect())].into(),
        ..Columns::default()
    };
    let far = Catalogue::new(far).expect("a legal catalogue");
    let refused =
        Through::new(&Cells::new(&far), kept.key(), channel("noise:1@1ms")).expect_err("too many outputs");
    assert!(refused.to_string().contains("larger"), "{refused}");
}
