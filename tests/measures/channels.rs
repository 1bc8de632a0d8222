//! Randomized roundings: probabilities by their formulas and published figures, samples by their probabilities, and
//! the attacker who averages by its definition.

use std::collections::BTreeMap;

use coarsen::attack::Prior;
use coarsen::attack::averaging::{Attacker, Averaged};
use coarsen::attack::channel::{
    Channel, ChannelError, Epsilon, Geometric, Memo, Memory, Randomized, Response, exp_minus, plays_until,
};
use coarsen::catalogue::Catalogue;
use coarsen::catalogue::stream::stream;
use proptest::prelude::*;
use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::some::{catalogue, files};

fn randomized(text: &str) -> Randomized {
    text.parse().expect("a channel")
}

fn noise(epsilon: &str) -> Geometric {
    Geometric { epsilon: Epsilon::parse(epsilon).expect("an epsilon"), unit: 1 }
}

fn near(found: f64, expected: f64, digits: i32) {
    let half = 0.5 * 10f64.powi(-digits);
    assert!((found - expected).abs() <= half * 1.000_001, "{found} is not {expected}");
}

/// Per-unit epsilon, alpha, P(0), standard deviation, E|N|, 95 % half-width, fresh reports for half a unit at 95 %; each
/// with the number of decimals it is stated to.
#[test]
fn the_noise_is_that_of_the_table() {
    for (epsilon, alpha, p0, deviation, mean, half, plays) in [
        ("0.01", 0.990_050, 0.005_000, (141.421, 3), (99.998, 3), 300, 307_315),
        ("0.1", 0.904_837, 0.049_958, (14.136_2, 4), (9.983_4, 4), 30, 3_071),
        ("0.5", 0.606_531, 0.244_919, (2.799_2, 4), (1.919_0, 4), 6, 121),
        // ln 2, to as many decimals as an epsilon has.
        ("0.693147", 0.500_000, 0.333_333, (2.000_0, 4), (1.333_3, 4), 4, 62),
        ("1", 0.367_879, 0.462_117, (1.357_0, 4), (0.850_9, 4), 3, 29),
        ("2", 0.135_335, 0.761_594, (0.601_7, 4), (0.275_7, 4), 1, 6),
        ("5", 0.006_738, 0.986_614, (0.116_9, 4), (0.013_5, 4), 0, 1),
    ] {
        let noise = noise(epsilon);
        near(noise.alpha(), alpha, 6);
        near(noise.probability(0), p0, 6);
        near(noise.deviation(), deviation.0, deviation.1);
        near(noise.mean_size(), mean.0, mean.1);
        assert_eq!(noise.half_width(0.95), half, "epsilon {epsilon}");
        assert_eq!(plays_until(noise.deviation(), 0.5), plays, "epsilon {epsilon}");
        // The formulas against sums over the probabilities.
        let reach = (60.0 / noise.epsilon.value()) as i64;
        let sum =
            |of: &dyn Fn(i64) -> f64| (-reach..=reach).map(|i| of(i) * noise.probability(i)).sum::<f64>();
        assert!((sum(&|_| 1.0) - 1.0).abs() < 1e-9);
        assert!((sum(&|i| (i * i) as f64) / noise.deviation().powi(2) - 1.0).abs() < 1e-6);
        assert!((sum(&|i| i.abs() as f64) / noise.mean_size() - 1.0).abs() < 1e-6);
        let inside = (-(half as i64)..=half as i64).map(|i| noise.probability(i)).sum::<f64>();
        assert!((inside - noise.within(half)).abs() < 1e-9);
    }
    assert_eq!((plays_until(5.0, 0.5), plays_until(30.0, 0.5)), (385, 13_830));
}

/// The capacity of clamped noise: by its formula as stated, and by summing the largest probability of each output.
#[test]
fn clamped_noise_has_the_stated_capacity() {
    for (range, epsilon, capacity, posterior) in [
        (10u64, "0.1", 1.499_584, 0.136_326),
        (10, "1", 5.621_172, 0.511_016),
        (100, "0.1", 5.995_837, 0.059_365),
        (100, "1", 47.211_716, 0.467_443),
    ] {
        let noise = noise(epsilon);
        near(noise.capacity(range), capacity, 6);
        near(noise.capacity(range) / (range + 1) as f64, posterior, 6);
        let range = range as i64;
        let probability = |x: i64, y: i64| match y {
            0 => (0..2_000).map(|tail| noise.probability(-x - tail)).sum::<f64>(),
            _ if y == range => (0..2_000).map(|tail| noise.probability(range - x + tail)).sum(),
            _ => noise.probability(y - x),
        };
        let largest = |y: i64| (0..=range).map(|x| probability(x, y)).fold(0.0, f64::max);
        assert!(((0..=range).map(largest).sum::<f64>() - capacity).abs() < 1e-5);
    }
}

/// To the last digit: e / (e + 9) is 0.231 969 316..., so that a table with 0.231 970 rounds it wrong.
#[test]
fn randomized_response_tells_the_truth_as_stated() {
    for (buckets, epsilon, truth) in
        [(2, "1", 0.731_059), (10, "1", 0.231_969), (100, "1", 0.026_724), (100, "5", 0.599_860)]
    {
        near(Response::truth(Epsilon::parse(epsilon).expect("an epsilon"), buckets), truth, 6);
    }
    // Two answers are one bit of RAPPOR's permanent response: a lie with probability f/2 is an epsilon of
    // ln((1 - f/2) / (f/2)) per bit, 2 ln 3 for both bits that one hash changes, 4 ln 3 for h = 2 and f = 1/2.
    let (f, h) = (0.5f64, 2.0);
    let per_bit = ((1.0 - f / 2.0) / (f / 2.0)).ln();
    let epsilon = format!("{per_bit:.6}");
    let truth = Response::truth(Epsilon::parse(&epsilon).expect("an epsilon"), 2);
    near(truth, 1.0 - f / 2.0, 6);
    near(2.0 * h * per_bit, 4.394_449, 6);
    // And the one report on top of it: the permanent bit is told through p and q.
    let (p, q) = (0.5, 0.75);
    let told = |truth: f64| truth * q + (1.0 - truth) * p;
    let (one, zero) = (told(truth), told(1.0 - truth));
    near(one, 0.6875, 6);
    near(zero, 0.5625, 6);
    let of_bit = (one * (1.0 - zero) / (zero * (1.0 - one))).ln();
    near(h * of_bit, 1.074_286, 6);
    // One hash.
    near(of_bit, 0.537_143, 6);
}

/// Draws of one value against the probabilities of another: the chance of so large a Pearson's chi-square, over outputs
/// expected at least ten times and the rest together.
fn tail(channel: Channel, drawn: u64, claimed: u64, outputs: std::ops::RangeInclusive<i64>) -> f64 {
    const DRAWS: u32 = 20_000;
    let mut random = stream(1, "samples", 0);
    let mut counts: BTreeMap<i64, u32> = BTreeMap::new();
    (0..DRAWS).for_each(|_| *counts.entry(channel.sample(drawn, &mut random)).or_default() += 1);
    let (mut cells, mut rest) = (Vec::new(), (f64::from(DRAWS), DRAWS));
    for output in outputs {
        let expected = channel.probability(claimed, output) * f64::from(DRAWS);
        let found = counts.get(&output).copied().unwrap_or(0);
        if expected >= 10.0 {
            cells.push((expected, found));
            rest = (rest.0 - expected, rest.1 - found);
        }
    }
    if rest.0 >= 10.0 {
        cells.push(rest);
    } else {
        // So few are expected that sixty are a sure sign: P(Poisson(10) >= 60) < 1e-20.
        assert!(rest.1 < 60, "{channel:?}: {rest:?}");
    }
    assert!(cells.len() >= 2, "{channel:?} isn't tested by {cells:?}");
    let square: f64 =
        cells.iter().map(|(expected, found)| (f64::from(*found) - expected).powi(2) / expected).sum();
    ChiSquared::new((cells.len() - 1) as f64).expect("degrees of freedom").sf(square)
}

/// False-alarm rate of each of the ten tests of samples: 1e-6 together.
const EACH: f64 = 1e-7;

#[test]
fn samples_follow_their_probabilities() {
    for (text, value, outputs) in [
        ("stochastic:60s", 75_000, 0..=5),
        ("stochastic:7ms", 6, 0..=2),
        ("noise:0.1@1s", 90_500, -400..=600),
        ("noise:0.25@1s", 0, -200..=200),
        ("noise:1@1min", 7_200_000, 60..=180),
        ("noise:1.5@1min", 60_000, -40..=40),
        ("noise:3@1min", 60_000, -40..=40),
        ("response:1@5min", 2_000_000, 0..=48),
        ("response:3.5@1h", 2_000_000, 0..=4),
        ("response:0.5@7min", 99_000_000, 0..=35),
    ] {
        let tail = tail(randomized(text).channel, value, value, outputs);
        assert!(tail >= EACH, "{text} of {value}: {tail}");
    }
}

#[test]
fn a_wrong_sampler_is_noticed() {
    // 3 % of a width, and one unit, away.
    assert!(tail(randomized("stochastic:60s").channel, 76_800, 75_000, 0..=5) < EACH);
    assert!(tail(randomized("noise:0.1@1s").channel, 91_500, 90_500, -400..=600) < EACH);
}

#[test]
fn exp_minus_is_exact_on_whole_and_broken_numbers() {
    for (numerator, denominator) in [(0u64, 1u64), (1, 3), (1, 1), (5, 2), (7, 1)] {
        let mut random = stream(1, "exp", numerator);
        let hits = (0..40_000).filter(|_| exp_minus(numerator, denominator, &mut random)).count();
        let claim = (-(numerator as f64) / denominator as f64).exp();
        let trial = coarsen::attack::Trial::new(40_000, hits as u64);
        assert!(trial.agrees_with(claim, 1e-6 / 5.0), "{trial:?} against {claim}");
    }
}

#[test]
fn only_the_grammar_is_read() {
    for text in
        ["stochastic:60s", "noise:0.1@1s+fresh", "response:1@5min", "noise:0.000001@1ms", "response:100@4h"]
    {
        let read = randomized(text);
        assert_eq!(randomized(&read.to_string()), read);
    }
    let refused = |text: &str| text.parse::<Randomized>().expect_err(text);
    for text in
        ["", "floor:60s", "stochastic", "stochastic:60s+stale", "noise:1s", "stochastic:60s+fresh+fresh"]
    {
        assert!(matches!(refused(text), ChannelError::Unknown { .. }), "{text}");
    }
    for text in
        ["noise:0@1s", "noise:-1@1s", "noise:1e3@1s", "noise:101@1s", "noise:100.5@1s", "noise:0.0000001@1s"]
    {
        assert!(matches!(refused(text), ChannelError::Epsilon { .. }), "{text}");
    }
    assert!(matches!(refused("stochastic:0s"), ChannelError::Width { .. }));
    assert!(matches!(refused("response:1@5h"), ChannelError::Width { .. }));
    assert!(matches!(refused("stochastic:60"), ChannelError::Unit { .. }));
}

const CASES: u32 = 16;

/// Each case of one test has four comparisons.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 4.0);

fn some_channel() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "stochastic:60s",
        "stochastic:7min",
        "noise:1@1min",
        "noise:0.3@2min",
        "response:1@5min",
    ])
}

/// How often the title is named right after one play: every output, every title, from the probabilities.
fn definition(catalogue: &Catalogue, channel: Channel, prior: Prior) -> f64 {
    let weight = |file: usize| match prior {
        Prior::Uniform => 1.0,
        Prior::Popularity => catalogue.weight()[file] as f64,
    };
    let all: f64 = (0..catalogue.files()).map(weight).sum();
    let best = |output: i64| {
        let mut sums = vec![0.0; catalogue.titles() as usize];
        for file in 0..catalogue.files() {
            let value = u64::from(catalogue.duration_ms()[file]);
            sums[catalogue.title()[file] as usize] += weight(file) * channel.probability(value, output);
        }
        sums.into_iter().fold(0.0, f64::max)
    };
    (-200..300).map(best).sum::<f64>() / all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn the_closed_form_after_one_play_is_its_definition(files in files(), text in some_channel()) {
        let catalogue = catalogue(&files);
        let randomized = randomized(text);
        for prior in [Prior::Uniform, Prior::Popularity] {
            let attacker = Attacker::study(&catalogue, randomized, prior);
            let one = attacker.after_one_play().expect("few outputs");
            let by_definition = definition(&catalogue, randomized.channel, prior);
            prop_assert!((one - by_definition).abs() < 1e-9, "{one} is not {by_definition}");
            // What is drawn can never tell more than all that the channel tells apart.
            prop_assert!(one <= attacker.after_endless_plays() + 1e-9);
        }
    }

    #[test]
    fn who_runs_agrees_and_memoized_plays_tell_nothing_new(files in files(), text in some_channel(), seed: u64) {
        let catalogue = catalogue(&files);
        for prior in [Prior::Uniform, Prior::Popularity] {
            let memoized = Attacker::study(&catalogue, randomized(text), prior);
            let claim = memoized.after_one_play().expect("few outputs");
            let found = memoized.run(150, &[1, 12], seed);
            prop_assert_eq!(Averaged { plays: 1, ..found[1] }, found[0]);
            prop_assert!(found[0].trial.agrees_with(claim, FALSE_ALARM), "{found:?} against {claim}");
            let fresh = Attacker::study(&catalogue, randomized(&format!("{text}+fresh")), prior);
            let after = fresh.run(150, &[1], seed)[0];
            prop_assert!(after.trial.agrees_with(claim, FALSE_ALARM), "{after:?} against {claim}");
        }
    }

    #[test]
    fn a_memo_is_a_function_of_all_its_parts(secret: [u8; 32], file: u64, version in 0u64..9) {
        let memo = Memo { secret, file, version };
        prop_assert!(memo.stream() == memo.stream());
        let mut other = secret;
        other[31] ^= 1;
        let others = [Memo { secret: other, ..memo }, Memo { file: file ^ 1, ..memo }, Memo { version: version + 1, ..memo }];
        prop_assert!(others.iter().all(|other| other.stream() != memo.stream()));
    }
}

/// Forty titles a second apart, rounded to a minute: one play hides them, a thousand fresh ones don't.
#[test]
fn fresh_draws_average_out_and_memoized_ones_do_not() {
    use coarsen::catalogue::{Columns, SideField};
    let titles: Vec<u32> = (0..40).collect();
    let catalogue = Catalogue::new(Columns {
        duration_ms: titles.iter().map(|title| 3_610_000 + 1_000 * title).collect(),
        side: [(SideField::Kind, titles.iter().map(|_| Some("movie")).collect())].into(),
        title: titles,
        ..Columns::default()
    });
    let catalogue = catalogue.expect("a legal catalogue");
    let plays = [1, 10, 100, 1_000];
    let run = |text: &str, draws| {
        Attacker::study(&catalogue, randomized(text), Prior::Uniform).run(draws, &plays, 1)
    };
    let fresh = run("stochastic:60s+fresh", 300);
    for after in &fresh {
        let (found, expected) = (after.error.expect("an error"), after.expected_error.expect("an error"));
        // 300 draws: a root mean square is within a quarter of itself, six standard errors away.
        assert!((found / expected - 1.0).abs() < 0.25, "{after:?}");
        let first = fresh[0].expected_error.expect("an error");
        assert!((expected * f64::from(after.plays).sqrt() / first - 1.0).abs() < 1e-12);
    }
    for text in ["stochastic:60s", "noise:0.1@1s", "response:1@5min"] {
        let attacker = Attacker::study(&catalogue, randomized(text), Prior::Uniform);
        let (claim, trial) =
            (attacker.after_one_play().expect("few outputs"), attacker.run(5_000, &[1], 2)[0].trial);
        assert!(trial.agrees_with(claim, 1e-6 / 3.0), "{text}: {trial:?} against {claim}");
    }
    // The mean of a thousand errs by 0.8 s or so, of titles one second apart.
    assert!(fresh[0].trial.rate < 0.15 && fresh[3].trial.rate > 0.35, "{fresh:?}");
    let memoized = run("stochastic:60s", 30);
    for after in &memoized {
        assert_eq!(Averaged { plays: 1, ..*after }, memoized[0]);
    }
    assert_eq!(randomized("stochastic:60s").memory, Memory::Memoized);
}
