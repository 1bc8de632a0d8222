//! Arrivals of drawn plays: the closed form against every output and every lag written down, and the laws.

use std::collections::BTreeMap;

use coarsen::attack::arrival::{Sending, success};
use coarsen::attack::channel::{Channel, Draws, Randomized, Subject};
use coarsen::attack::levels::level;
use coarsen::attack::through::{self, Heard, Through, arrival_times};
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::{Catalogue, SideField};
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::rounding::{Partition, Rounding};
use coarsen::units::Dimension;
use proptest::prelude::*;

use crate::some::{File, catalogue, files};

const CASES: u32 = 24;

/// False-alarm rate of this whole file: file and title under both priors, twice a case.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 8.0);

const DRAWS: u64 = 400;

const TARGETS: [Target; 2] = [Target::File, Target::Title];

/// Files of 1 to 59 ms, so that a few ms of lag matter.
fn tiny() -> impl Strategy<Value = Catalogue> {
    let short = |file: File| File { duration: file.duration / 30_000, ..file };
    files().prop_map(move |files| catalogue(&files.into_iter().take(30).map(short).collect::<Vec<File>>()))
}

fn rounded() -> impl Strategy<Value = Generalization> {
    let by = prop::sample::select(vec![vec![], vec![SideField::Resolution]]);
    let duration = prop::sample::select(vec!["keep", "floor:7ms", "edges:10ms,40ms"]);
    let bitrate = prop::sample::select(vec!["keep", "floor:2Mbps", "drop"]);
    (duration, bitrate, by).prop_map(|(duration, bitrate, by)| {
        let duration = Rounding::parse(duration, Dimension::Duration).expect("a rounding");
        let bitrate = Rounding::parse(bitrate, Dimension::Bitrate).expect("a rounding");
        Generalization { duration, bitrate, by, ..Generalization::drop() }
    })
}

fn drawn() -> impl Strategy<Value = Draws> {
    let written = vec![
        "stochastic:20ms",
        "noise:0.4@3ms",
        "noise:3@10ms",
        "response:3@10ms",
        "stochastic:700kbps",
        "noise:0.4@100kbps",
        "noise:3@1Mbps",
        "response:3@1Mbps",
    ];
    prop::sample::select(written).prop_map(channel)
}

/// What leaves but for the number that is drawn. Whether a bit rate is known leaves all the same, wherever one does.
fn without(rounded: &Generalization, subject: Subject) -> Generalization {
    let nothing = Generalization::drop();
    match subject {
        Subject::Duration => Generalization { duration: nothing.duration, ..rounded.clone() },
        Subject::Bitrate if rounded.bitrate.is_drop() => rounded.clone(),
        Subject::Bitrate => {
            let known = Rounding::parse("floor:1000Mbps", Dimension::Bitrate).expect("a rounding");
            Generalization { bitrate: known, ..rounded.clone() }
        }
    }
}

fn sendings() -> impl Strategy<Value = Sending> {
    let batch = prop_oneof![2 => Just(0u64), 1 => 1u64..30];
    (0u64..4, 0u64..6, batch)
        .prop_map(|(jitter, delay, batch)| Sending::new(jitter, delay, batch).expect("a short lag"))
}

fn channel(text: &str) -> Draws {
    text.parse::<Randomized>().expect("a channel").into()
}

fn weight(catalogue: &Catalogue, prior: Prior, file: usize) -> f64 {
    if prior == Prior::Uniform { 1.0 } else { catalogue.weight()[file] as f64 }
}

/// Everything that may be seen of a play of that length, one entry for each equally likely draw.
fn lags(length: i64, sending: Sending) -> Vec<i64> {
    let Sending { jitter_ms, delay_ms, batch_ms } = sending;
    let lags = |most: u64| (0..=most as i64).flat_map(move |a| (0..=most as i64).map(move |b| b - a));
    let apart = lags(delay_ms).map(move |delay| length + delay);
    if batch_ms == 0 {
        return apart.flat_map(|apart| lags(jitter_ms).map(move |jitter| apart + jitter)).collect();
    }
    let batch = batch_ms as i64;
    apart.flat_map(|apart| (0..batch).map(move |phase| (phase + apart).div_euclid(batch))).collect()
}

/// By writing down every output and every draw of the lags.
fn naive(
    catalogue: &Catalogue,
    of: &Generalization,
    Draws { subject, channel }: Draws,
    target: Target,
    prior: Prior,
    sending: Sending,
) -> f64 {
    // Any other bucket of a response is like bucket 6; noise beyond these has a chance of e^-60 at most.
    let (outputs, rest) = match channel {
        Channel::Response(of) => (0..7, of.buckets() as f64 - 6.0),
        _ => (-160..190, 1.0),
    };
    let mut seen: BTreeMap<(String, i64, i64), BTreeMap<u32, f64>> = BTreeMap::new();
    let mut all = 0.0;
    for file in 0..catalogue.files() {
        let side = of.by.first().and_then(|&field| catalogue.side(field)).map(|side| side.index(file));
        let name = if target == Target::File { file as u32 } else { catalogue.title()[file] };
        let duration = catalogue.duration_ms()[file];
        let rounded = of.duration.bucket(u64::from(duration)).from;
        let rate = catalogue.bitrate_bps().expect("rates")[file].filter(|_| !of.bitrate.is_drop());
        let rate = rate.map(|rate| of.bitrate.bucket(u64::from(rate.get())).from);
        // Of a rate that isn't known none is drawn; of one that doesn't leave, 0.
        let (value, beside) = match subject {
            Subject::Duration => (Some(rounded), format!("{side:?} {rate:?}")),
            Subject::Bitrate if of.bitrate.is_drop() => (Some(0), format!("{side:?} {rounded}")),
            Subject::Bitrate => (rate, format!("{side:?} {rounded} {}", rate.is_some())),
        };
        all += weight(catalogue, prior, file);
        let mut times: BTreeMap<i64, f64> = BTreeMap::new();
        let lags = lags(i64::from(duration), sending);
        lags.iter().for_each(|&time| *times.entry(time).or_default() += 1.0 / lags.len() as f64);
        for output in outputs.clone() {
            // Once, and in no bucket that stands for many.
            let of_output =
                value.map_or(f64::from(u8::from(output == 0)), |value| channel.probability(value, output));
            let chance = weight(catalogue, prior, file) * of_output;
            for (&time, of_time) in times.iter().filter(|_| chance > 0.0) {
                *seen.entry((beside.clone(), output, time)).or_default().entry(name).or_default() +=
                    chance * of_time;
            }
        }
    }
    let is_response = matches!(channel, Channel::Response(_));
    let times = |output: i64| if is_response && output == 6 { rest } else { 1.0 };
    let best = |held: &BTreeMap<u32, f64>| held.values().copied().fold(0.0, f64::max);
    seen.iter().map(|((_, output, _), held)| times(*output) * best(held)).sum::<f64>() / all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn it_is_as_defined_and_the_attacker_that_runs_agrees(
        catalogue in tiny(), rounded in rounded(), channel in drawn(), sending in sendings(), seed: u64,
    ) {
        let cells = Cells::new(&catalogue);
        let through = Through::new(&cells, rounded.key(), channel).expect("few outputs");
        let heard = Heard::study(&through);
        for (at, prior) in Prior::ALL.into_iter().enumerate() {
            let ran = heard.run(sending, prior, DRAWS, seed);
            for (target, met) in TARGETS.into_iter().zip([ran.file, ran.title]) {
                let found = heard.success(target, sending).expect("few files")[at];
                let best = naive(&catalogue, &rounded, channel, target, prior, sending);
                prop_assert!((found - best).abs() < 1e-9, "{target:?} {prior:?} {sending}: {found} {best}");
                prop_assert!(met.trial.agrees_with(found, FALSE_ALARM), "{target:?} {prior:?} {sending}: {met:?} {found}");
                let allowed = ((2.0 / FALSE_ALARM).ln() / (2.0 * DRAWS as f64)).sqrt();
                prop_assert!((met.certainty - found).abs() < allowed, "{target:?} {prior:?} {sending}: {met:?} {found}");
            }
        }
    }

    /// Neither alone tells more than both, and drawing tells no more than what is drawn from.
    #[test]
    fn what_is_done_afterwards_never_helps(
        catalogue in tiny(), rounded in rounded(), channel in drawn(), sending in sendings(), delay_ms in 1u64..40,
    ) {
        let cells = Cells::new(&catalogue);
        let through = Through::new(&cells, rounded.key(), channel).expect("few outputs");
        let heard = Heard::study(&through);
        let classes = Classes::group(&cells, rounded.key());
        let beside = without(&rounded, channel.subject);
        let beside = Classes::group(&cells, beside.key());
        let exact = Generalization { duration: Rounding::keep(Dimension::Duration), ..Generalization::drop() };
        let numbers = [&rounded, &exact].map(|of| Classes::group(&cells, of.key()).numbers());
        let joined = Classes::joined(&catalogue, numbers);
        let exact = Generalization { duration: exact.duration.clone(), ..rounded.clone() };
        let drawn = Through::new(&cells, exact.key(), channel).expect("few outputs");
        for target in TARGETS {
            let found = heard.success(target, sending).expect("few files");
            let before = success(&classes, target, sending).expect("few files");
            let times = success(&beside, target, sending).expect("few files");
            let symbol = through::level(&through, target);
            let delayed = Sending::new(sending.jitter_ms, delay_ms, 0).expect("short");
            let at_once = Sending::new(sending.jitter_ms, 0, 0).expect("short");
            let [at_once, delayed, lag_free] = [at_once, delayed, Sending::new(0, 0, 0).expect("short")]
                .map(|sending| heard.success(target, sending).expect("few files"));
            for at in 0..2 {
                prop_assert!(found[at] <= before[at] + 1e-9, "{target:?} {sending}: {} {}", found[at], before[at]);
                prop_assert!(found[at] >= times[at] - 1e-9, "{target:?} {sending}: {} {}", found[at], times[at]);
                prop_assert!(found[at] >= symbol[at].top1 - 1e-9, "{target:?} {sending}: {}", found[at]);
                prop_assert!(delayed[at] <= at_once[at] + 1e-9, "{target:?}: {} {}", delayed[at], at_once[at]);
                // The length is known then, and the rate as it is drawn.
                let everything = match channel.subject {
                    Subject::Duration => level(&joined, target)[at].top1,
                    Subject::Bitrate => through::level(&drawn, target)[at].top1,
                };
                prop_assert!((lag_free[at] - everything).abs() < 1e-9, "{} {everything}", lag_free[at]);
            }
        }
    }

    /// `stochastic:1ms` draws nothing.
    #[test]
    fn a_partition_as_a_channel_is_the_partition(
        catalogue in tiny(), rounded in rounded(), sending in sendings(),
        written in prop::sample::select(vec!["stochastic:1ms", "stochastic:1bps"]),
    ) {
        let cells = Cells::new(&catalogue);
        let through = Through::new(&cells, rounded.key(), channel(written)).expect("few outputs");
        let classes = Classes::group(&cells, rounded.key());
        for target in TARGETS {
            let found = Heard::study(&through).success(target, sending).expect("few files");
            let before = success(&classes, target, sending).expect("few files");
            prop_assert!(found.iter().zip(before).all(|(found, before)| (found - before).abs() < 1e-9));
        }
    }

    /// What stands beside each row is what it says.
    #[test]
    fn the_rows_stand_beside_either_alone(
        catalogue in tiny(), rounded in rounded(), channel in drawn(), sending in sendings(),
    ) {
        let cells = Cells::new(&catalogue);
        let through = Through::new(&cells, rounded.key(), channel).expect("few outputs");
        let beside = without(&rounded, channel.subject);
        let beside = Classes::group(&cells, beside.key());
        let found = arrival_times(&through, &cells, &TARGETS, Some(sending), 40, 1);
        prop_assert!(found.rows[0].is_of_policy && found.rows[0].sending == sending);
        for named in &found.rows[0].named {
            let at = usize::from(named.prior == Prior::Popularity);
            let symbol = through::level(&through, named.target)[at].top1;
            let times = success(&beside, named.target, sending).expect("few files")[at];
            prop_assert_eq!(named.released, symbol);
            let alone = named.times_alone.expect("a channel draws");
            prop_assert!((alone - times).abs() < 1e-9, "{named:?} {times}");
            prop_assert_eq!(Some(named.success), named.closed_form);
        }
    }
}

/// Too many outputs for a closed form leave the attacker that runs.
#[test]
fn too_many_outputs_leave_who_runs() {
    use coarsen::catalogue::Columns;
    const FILES: u32 = 3_000;
    let catalogue = Catalogue::new(Columns {
        title: (0..FILES).collect(),
        duration_ms: (0..FILES).map(|row| 60_000 + 997 * row).collect(),
        side: [(SideField::Kind, (0..FILES).map(|_| Some("track")).collect())].into(),
        ..Columns::default()
    })
    .expect("a legal catalogue");
    let cells = Cells::new(&catalogue);
    let kept = Generalization { by: vec![], ..Generalization::keep(&catalogue) };
    let through = Through::new(&cells, kept.key(), channel("noise:0.01@1s")).expect("some thousand outputs");
    let heard = Heard::study(&through);
    let sending = Sending::new(1_000, 0, 0).expect("short");
    assert_eq!(heard.success(Target::File, sending), None);
    let ran = heard.run(sending, Prior::Uniform, 300, 1);
    let released = through::level(&through, Target::File)[0].top1;
    assert!(released < 0.1 && ran.file.certainty >= released, "{ran:?}");
    // At most two files lie within a second.
    assert!(ran.file.certainty > 0.5 && ran.file.trial.rate > 0.5, "{ran:?}");
}
