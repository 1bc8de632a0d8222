//! Servers whose durations are drawn: unicity and linkage against their definitions written down, and the laws.

use std::collections::BTreeMap;

use coarsen::attack::Prior;
use coarsen::attack::channel::{Channel, Memory, Randomized};
use coarsen::attack::library::{Match, Settings, library, matches, unicity};
use coarsen::attack::through::{
    Output, Outputs, REPEATED, Score, ServersError, Through, drawn_matches, drawn_unicity, fingerprint,
    named_by_one,
};
use coarsen::catalogue::Catalogue;
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::rounding::Partition;
use proptest::prelude::*;

use crate::servers::many;
use crate::some::{File, catalogue, files, nested_pair, with_corners};

const CASES: u32 = 16;

/// False-alarm rate of this whole file: two comparisons a case.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 2.0);

const DRAWS: u32 = 150;

fn channel(text: &str) -> Channel {
    text.parse::<Randomized>().expect("a channel").channel
}

fn drawn() -> impl Strategy<Value = Channel> {
    prop::sample::select(vec!["stochastic:7min", "stochastic:60s", "noise:2@5min", "response:2@30min"])
        .prop_map(channel)
}

/// At most eight files, with somebody who plays something, and servers that hold some of them.
fn servers(least: usize) -> impl Strategy<Value = (Vec<File>, Vec<Vec<u32>>)> {
    let set = prop::sample::subsequence((0..8u32).collect::<Vec<u32>>(), least..=5);
    (files(), prop::collection::vec(set, 1..6)).prop_map(|(mut files, mut sets)| {
        files.truncate(8);
        files[0].popularity += 1;
        let held = |set: &mut Vec<u32>| {
            set.iter_mut().for_each(|file| *file %= files.len() as u32);
            set.sort_unstable();
            set.dedup();
        };
        sets.iter_mut().for_each(held);
        (files, sets)
    })
}

/// What leaves beside the duration of a file, what is drawn from, and each output with its chance.
type Leaves = (u32, u64, Vec<(i64, f64)>);

/// Of each file.
fn leaves(
    catalogue: &Catalogue,
    of: &Generalization,
    through: &Through<'_>,
    channel: Channel,
) -> Vec<Leaves> {
    let outputs = Outputs::of(through);
    let mut random = stream(1, "any", 0);
    let of_file = |file: usize| {
        let (part, _) = outputs.draw(file as u32, &mut random);
        let value = of.duration.bucket(u64::from(catalogue.duration_ms()[file])).from;
        let chances = (-60..120).map(|output| (output, channel.probability(value, output)));
        (part, value, chances.filter(|&(_, chance)| chance > 1e-15).collect())
    };
    (0..catalogue.files()).map(of_file).collect()
}

/// How often the server of so many drawn points is named: at least where ties are lost, and at most where they are won.
fn naive_named(sets: &[Vec<u32>], leaves: &[Leaves], points: usize) -> Option<[f64; 2]> {
    let chance = |server: usize, (part, output): Output| -> f64 {
        let of_file = |&file: &u32| {
            let (of_part, _, chances) = &leaves[file as usize];
            let found = chances.iter().find(|&&(of, _)| of == output && *of_part == part);
            found.map_or(0.0, |&(_, chance)| chance)
        };
        sets[server].iter().map(of_file).sum::<f64>() / sets[server].len().max(1) as f64
    };
    let mut known: BTreeMap<Output, Vec<f64>> = BTreeMap::new();
    let (mut shares, mut asked) = ([0.0; 2], 0);
    for (server, set) in sets.iter().enumerate().filter(|(_, set)| set.len() >= points) {
        asked += 1;
        let mut choices: Vec<(Vec<u32>, Vec<Output>, f64)> = vec![(vec![], vec![], 1.0)];
        for left in (0..points).map(|taken| set.len() - taken) {
            let mut longer = Vec::new();
            for (taken, seen, so_far) in &choices {
                for &file in set.iter().filter(|file| !taken.contains(file)) {
                    let (part, _, chances) = &leaves[file as usize];
                    for &(output, of_output) in chances {
                        let (mut taken, mut seen) = (taken.clone(), seen.clone());
                        taken.push(file);
                        seen.push((*part, output));
                        longer.push((taken, seen, so_far * of_output / left as f64));
                    }
                }
            }
            choices = longer;
        }
        for (_, seen, of_choice) in choices {
            let mut scores = vec![1.0; sets.len()];
            for output in seen {
                let of_output = known
                    .entry(output)
                    .or_insert_with(|| (0..sets.len()).map(|of| chance(of, output)).collect());
                scores.iter_mut().zip(of_output).for_each(|(score, chance)| *score *= *chance);
            }
            let others = scores.iter().enumerate().filter(|&(other, _)| other != server);
            let best = others.map(|(_, &score)| score).fold(0.0, f64::max);
            shares[0] += if scores[server] > best * (1.0 + 1e-9) { of_choice } else { 0.0 };
            shares[1] += if scores[server] >= best * (1.0 - 1e-9) { of_choice } else { 0.0 };
        }
    }
    (asked > 0).then(|| shares.map(|share| share / f64::from(asked)))
}

/// Every pair of outputs, and every place behind both.
fn naive_matches(
    catalogue: &Catalogue,
    leaves: &[Leaves],
    channel: Channel,
    [first, second]: [&[Vec<Output>]; 2],
    score: Score,
    prior: Prior,
) -> Vec<Vec<f64>> {
    type Places = BTreeMap<(u32, i64), f64>;
    let weight = |file: usize| if prior == Prior::Uniform { 1.0 } else { catalogue.weight()[file] as f64 };
    let all: f64 = (0..catalogue.files()).map(weight).sum();
    let posterior = |(part, output): Output| -> Places {
        let mut places = Places::new();
        for (file, (of_part, value, _)) in leaves.iter().enumerate().filter(|(_, of)| of.0 == part) {
            let chance = weight(file) * channel.probability(*value, output);
            *places.entry((*of_part, channel.place(*value))).or_default() += chance;
        }
        let sum: f64 = places.values().sum();
        places.values_mut().for_each(|chance| *chance /= if sum > 0.0 { sum } else { 1.0 });
        places
    };
    let mut weights = Places::new();
    for (file, &(part, value, _)) in leaves.iter().enumerate() {
        *weights.entry((part, channel.place(value))).or_default() += weight(file);
    }
    let mut support = Places::new();
    for &output in first.iter().flatten() {
        posterior(output)
            .into_iter()
            .for_each(|(place, chance)| *support.entry(place).or_default() += chance);
    }
    let worth = |place: &(u32, i64)| match score {
        Score::Likelihood => all / weights[place],
        _ => 1.0 / (1.0 + support.get(place).copied().unwrap_or(0.0)).log2(),
    };
    let shared = |a: Output, b: Output| -> f64 {
        let of_b = posterior(b);
        let both = posterior(a)
            .into_iter()
            .filter(|&(place, chance)| chance > 0.0 && of_b.get(&place).is_some_and(|&b| b > 0.0));
        both.map(|(place, chance)| chance * of_b[&place] * worth(&place)).sum()
    };
    let of_pair = |seen: &Vec<Output>, server: &Vec<Output>| -> f64 {
        let of_output = |&output: &Output| {
            let sum: f64 = server.iter().map(|&other| shared(other, output)).sum();
            match score {
                Score::Likelihood => (1.0 - REPEATED + REPEATED * sum / server.len().max(1) as f64).ln(),
                _ => sum,
            }
        };
        seen.iter().map(of_output).sum()
    };
    second.iter().map(|seen| first.iter().map(|server| of_pair(seen, server)).collect()).collect()
}

fn stands_out(scores: &[f64]) -> f64 {
    let mut falling = scores.to_vec();
    falling.sort_by(|a, b| b.total_cmp(a));
    let n = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / n;
    let deviation = (scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / n).sqrt();
    match falling[..] {
        [best, second, ..] if best - second > 1e-9 => (best - second) / deviation,
        _ => 0.0,
    }
}

/// The same but for the last bits: who ties may be named either way.
fn alike(found: &Match, expected: &Match) -> bool {
    (found.eccentricity - expected.eccentricity).abs() < 1e-6
        && (found.best == expected.best || expected.eccentricity < 1e-6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn points_name_servers_as_all_choices_do(
        (files, sets) in servers(1), (rounded, _) in nested_pair(), channel in drawn(), seed: u64,
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        prop_assume!(!rounded.duration.is_drop());
        let through = Through::new(&cells, rounded.key(), channel).expect("few outputs");
        let leaves = leaves(&catalogue, &rounded, &through, channel);
        let found = drawn_unicity(&through, &sets, DRAWS, seed).expect("few outputs");
        for (of, points) in found.iter().zip([1, 2]) {
            let Some([least, most]) = naive_named(&sets, &leaves, points) else { continue };
            let allowed = ((2.0 / FALSE_ALARM).ln() / (2.0 * of.named.draws as f64)).sqrt();
            let rate = of.named.rate;
            prop_assert!(rate > least - allowed && rate < most + allowed, "{points}: {of:?}, {least} to {most}");
            if points == 1 {
                let closed = named_by_one(&through, &sets).expect("a point");
                prop_assert!(closed > least - 1e-9 && closed < most + 1e-9, "{closed}: {least} to {most}");
                prop_assert!((of.sure - closed).abs() < allowed, "{of:?}, {closed}");
                let silent = Through::new(&cells, rounded.key(), self::channel("stochastic:1ms")).expect("few");
                let before = named_by_one(&silent, &sets).expect("a point");
                prop_assert!(closed <= before + 1e-9 && closed >= 1.0 / sets.len() as f64 - 1e-9, "{closed} {before}");
            }
            prop_assert!(of.confident_right.hits <= of.named.hits && of.confident_right.draws == of.confident.hits);
        }
    }

    /// `stochastic:1ms` draws nothing: the same draws are unique, and the same matches found.
    #[test]
    fn a_partition_as_a_channel_is_the_partition(
        (files, sets) in servers(0), second in prop::collection::vec(prop::collection::vec(0u32..8, 0..6), 1..5),
        rounded in with_corners(), seed: u64,
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let through = Through::new(&cells, rounded.key(), channel("stochastic:1ms")).expect("few outputs");
        let released = Classes::group(&cells, rounded.key()).numbers();
        let found = drawn_unicity(&through, &sets, 20, seed).expect("few outputs");
        for (found, expected) in found.iter().zip(unicity(&sets, &released, 20, seed)) {
            prop_assert_eq!(found.unicity, expected);
            prop_assert!(found.named.hits >= expected.unique);
        }
        let second: Vec<Vec<u32>> =
            second.into_iter().map(|set| set.into_iter().map(|file| file % files.len() as u32).collect()).collect();
        let outputs = Outputs::of(&through);
        let fresh = |sets: &[Vec<u32>]| -> Vec<Vec<Output>> {
            sets.iter().map(|plays| outputs.fresh(plays, &mut stream(seed, "fresh", 0))).collect()
        };
        let values = |sets: &[Vec<u32>]| -> Vec<Vec<u32>> {
            let of = |set: &Vec<u32>| {
                let mut values: Vec<u32> = set.iter().map(|&file| released[file as usize]).collect();
                values.sort_unstable();
                values.dedup();
                values
            };
            sets.iter().map(of).collect()
        };
        let expected = matches(&values(&sets), &values(&second)).expect("a server");
        let by = |score| drawn_matches(&through, &fresh(&sets), &fresh(&second), score, Prior::Uniform).expect("few");
        for (found, expected) in by(Score::ExpectedMatches).expect("a server").iter().zip(&expected) {
            prop_assert!(alike(found, expected), "{found:?} {expected:?}");
        }
        prop_assert!(by(Score::EqualOutputs).is_none());
        for (plays, fresh) in sets.iter().zip(fresh(&sets)) {
            prop_assert_eq!(outputs.memoized(plays, [7; 32]), fresh);
        }
    }

    #[test]
    fn matches_are_those_of_all_pairs(
        (files, sets) in servers(0), second in prop::collection::vec(prop::collection::vec(0u32..8, 0..6), 1..5),
        (rounded, _) in nested_pair(), channel in drawn(), seed: u64, prior in prop::sample::select(Prior::ALL.to_vec()),
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        prop_assume!(!rounded.duration.is_drop());
        let through = Through::new(&cells, rounded.key(), channel).expect("few outputs");
        let leaves = leaves(&catalogue, &rounded, &through, channel);
        let outputs = Outputs::of(&through);
        let mut random = stream(seed, "fresh", 1);
        let played = |file: u32| {
            let file = file % files.len() as u32;
            // By popularity only what is played at all.
            (prior == Prior::Uniform || catalogue.weight()[file as usize] > 0).then_some(file)
        };
        let mut fresh = |sets: &[Vec<u32>]| -> Vec<Vec<Output>> {
            let of = |set: &Vec<u32>| {
                outputs.fresh(&set.iter().filter_map(|&file| played(file)).collect::<Vec<u32>>(), &mut random)
            };
            sets.iter().map(of).collect()
        };
        let (first, second) = (fresh(&sets), fresh(&second));
        for score in [Score::ExpectedMatches, Score::Likelihood] {
            let found = drawn_matches(&through, &first, &second, score, prior).expect("few").expect("a server");
            let scores = naive_matches(&catalogue, &leaves, channel, [&first, &second], score, prior);
            for (found, scores) in found.iter().zip(scores) {
                let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                prop_assert!((scores[found.best as usize] - best).abs() < 1e-9, "{score:?}: {found:?} {scores:?}");
                let expected = stands_out(&scores);
                prop_assert!(
                    (found.eccentricity - expected).abs() < 1e-5 || expected == 0.0 && found.eccentricity < 1e-3,
                    "{score:?}: {found:?} {scores:?}"
                );
            }
        }
    }

    /// One secret for all: each file has its output, as it has a bucket of a rounding.
    #[test]
    fn memoized_draws_of_one_secret_link_as_a_rounding_does(
        (files, sets) in servers(0), (rounded, _) in nested_pair(), channel in drawn(), secret: [u8; 32],
    ) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        prop_assume!(!rounded.duration.is_drop());
        let through = Through::new(&cells, rounded.key(), channel).expect("few outputs");
        let outputs = Outputs::of(&through);
        let of_file: Vec<Output> =
            (0..files.len() as u32).map(|file| outputs.memoized(&[file], secret)[0]).collect();
        let number = |output: &Output| of_file.iter().filter(|other| *other < output).count() as u32;
        // The same files in another order, and again.
        let again: Vec<Vec<u32>> = sets.iter().map(|set| set.iter().rev().chain(set).copied().collect()).collect();
        let memoized = |sets: &[Vec<u32>]| -> Vec<Vec<u32>> {
            sets.iter().map(|set| outputs.memoized(set, secret).iter().map(number).collect()).collect()
        };
        let released = |sets: &[Vec<u32>]| -> Vec<Vec<u32>> {
            let of = |set: &Vec<u32>| {
                let mut values: Vec<u32> = set.iter().map(|&file| number(&of_file[file as usize])).collect();
                values.sort_unstable();
                values.dedup();
                values
            };
            sets.iter().map(of).collect()
        };
        prop_assert_eq!(memoized(&sets), memoized(&again));
        prop_assert_eq!(matches(&memoized(&sets), &memoized(&again)), matches(&released(&sets), &released(&again)));
    }
}

const FEW: Settings = Settings { servers: 25, plays: 30, draws: 4 };

/// Fresh and memoized, `stochastic:1ms` is the rounding in every figure; and nothing else stands beside it.
#[test]
fn the_whole_attack_is_that_of_the_rounding() {
    let catalogue = many(200, 3);
    let cells = Cells::new(&catalogue);
    let duration = coarsen::rounding::Rounding::parse("floor:2min", coarsen::units::Dimension::Duration);
    let rounded = Generalization { duration: duration.expect("a rounding"), ..Generalization::drop() };
    let through = Through::new(&cells, rounded.key(), channel("stochastic:1ms")).expect("few outputs");
    let expected = library(&cells, &cells, &rounded, FEW, 1).expect("servers");
    for memory in [Memory::Fresh, Memory::Memoized] {
        let found = fingerprint((&through, memory), (&cells, &cells), rounded.key(), FEW, 1);
        let found = found.expect("few outputs");
        for (found, expected) in found.by_prior.iter().zip(&expected.by_prior) {
            assert_eq!((&found.rounded, &found.baseline), (&expected.released, &expected.baseline));
            assert_eq!((&found.control, found.titles), (&expected.control, expected.titles));
            let unicity: Vec<_> = found.unicity.iter().map(|of| of.unicity).collect();
            assert_eq!(unicity, expected.released.unicity);
            // The last bits of a sum may part who ties; at 0.5 and more nobody lies that close.
            assert_eq!(found.linkage[0].linkage[1..], expected.released.linkage[1..], "{memory:?}");
        }
    }
}

/// A minute of noise: of 25 servers more than three are linked, fresh or memoized, and no more than before it.
#[test]
fn noise_of_a_minute_leaves_a_fingerprint() {
    let catalogue = many(400, 5);
    let cells = Cells::new(&catalogue);
    let kept = Generalization { by: vec![], ..Generalization::keep(&catalogue) };
    let through = Through::new(&cells, kept.key(), channel("noise:1@1min")).expect("few outputs");
    let of = |memory| {
        let found = fingerprint((&through, memory), (&cells, &cells), kept.key(), FEW, 1);
        found.expect("few outputs")
    };
    let (fresh, memoized) = (of(Memory::Fresh), of(Memory::Memoized));
    for (fresh, memoized) in fresh.by_prior.iter().zip(&memoized.by_prior) {
        // Points are of distinct files, which draw once anyway.
        assert_eq!((&fresh.unicity, fresh.named_by_one), (&memoized.unicity, memoized.named_by_one));
        let recall = |of: &coarsen::attack::through::Scored| of.linkage[0].recall.rate;
        assert_eq!((fresh.linkage.len(), memoized.linkage.len()), (2, 1));
        let drawn = [&memoized.linkage[0], &fresh.linkage[1]].map(recall);
        assert!(drawn.into_iter().all(|recall| recall > 3.0 / 25.0), "{drawn:?}");
        assert!(recall(&fresh.linkage[0]) <= fresh.rounded.linkage[0].recall.rate, "{fresh:?}");
        assert!(fresh.unicity.windows(2).all(|pair| pair[0].unicity.points < pair[1].unicity.points));
        assert!(fresh.unicity[6].named.rate > fresh.unicity[0].named.rate, "{fresh:?}");
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    assert_eq!(pool.install(|| of(Memory::Fresh)), fresh);
}

#[test]
fn what_cannot_be_judged_is_refused() {
    let catalogue = many(130, 3);
    let cells = Cells::new(&catalogue);
    let kept = Generalization { by: vec![], ..Generalization::keep(&catalogue) };
    let of = |cells: &Cells<'_>, drawn| {
        let through = Through::new(cells, kept.key(), channel(drawn)).expect("few outputs");
        fingerprint((&through, Memory::Fresh), (cells, cells), kept.key(), FEW, 1)
    };
    assert!(of(&cells, "stochastic:1s").is_ok());
    let few = self::catalogue(&[File {
        title: 0,
        series: None,
        duration: 10,
        bitrate: None,
        resolution: None,
        popularity: 1,
    }]);
    let refused = of(&Cells::new(&few), "noise:1@1min").expect_err("one title");
    assert!(
        matches!(refused, ServersError::Libraries(_)) && refused.to_string().contains("titles"),
        "{refused}"
    );
}
