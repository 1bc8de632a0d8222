//! Linked plays that were drawn: the attacker that runs against every row of outputs written down, and the laws.

use std::collections::BTreeMap;

use coarsen::attack::channel::{Channel, Draws, Randomized};
use coarsen::attack::sequence::{Linked, Order, Runs};
use coarsen::attack::through::{Bingers, Through, level};
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::stream::stream;
use coarsen::catalogue::{Catalogue, SideField};
use coarsen::classes::{Cells, Classes, Generalization, Inside};
use coarsen::rounding::Partition;
use proptest::prelude::*;

use crate::some::{File, catalogue, files, with_corners};

const CASES: u32 = 16;

/// False-alarm rate of this whole file: six trials against the oracle, as many against how sure it was, and six against
/// classes, a case.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 18.0);

const DRAWS: u64 = 300;

/// Files of few series, so that runs are long.
fn seasons() -> impl Strategy<Value = Vec<File>> {
    (files(), 1u32..4).prop_map(|(files, series)| {
        let of_few = |(row, file): (usize, File)| File {
            title: row as u32 * 2 / 3,
            series: file.series.map(|number| number % series),
            ..file
        };
        files.into_iter().take(24).enumerate().map(of_few).collect()
    })
}

fn channel(text: &str) -> Draws {
    text.parse::<Randomized>().expect("a channel").into()
}

/// What leaves beside the duration, and each output with its chance.
fn leaves(
    catalogue: &Catalogue,
    generalization: &Generalization,
    channel: Channel,
) -> Vec<(String, Vec<(i64, f64)>)> {
    let inside = Inside::of(&generalization.other, catalogue);
    let of = |file: usize| {
        if inside.holds(file) {
            return ("other".to_owned(), vec![(0, 1.0)]);
        }
        let nothing = generalization.bitrate.is_drop();
        let rate = catalogue.bitrate_bps().and_then(|rates| rates[file]).filter(|_| !nothing);
        let rate = rate.map(|rate| generalization.bitrate.bucket(u64::from(rate.get())).from);
        let sides: Vec<usize> = generalization
            .by
            .iter()
            .filter_map(|&field: &SideField| catalogue.side(field).map(|side| side.index(file)))
            .collect();
        let value = generalization.duration.bucket(u64::from(catalogue.duration_ms()[file])).from;
        let chances = (-60..120).map(|output| (output, channel.probability(value, output)));
        (format!("{rate:?} {sides:?}"), chances.filter(|&(_, chance)| chance > 1e-15).collect())
    };
    (0..catalogue.files()).map(of).collect()
}

/// What is seen of plays: of each what leaves beside, and the output.
type Word<'a> = Vec<(&'a str, i64)>;

/// By writing down every stretch, every gap, and every row of outputs with its chance.
fn naive(
    catalogue: &Catalogue,
    generalization: &Generalization,
    channel: Channel,
    order: Order,
    plays: usize,
) -> [Option<f64>; 2] {
    let leaves = leaves(catalogue, generalization, channel);
    let runs = Runs::of(catalogue);
    let stretch = order.stretch(plays as u32) as usize;
    let mut seen: BTreeMap<Word<'_>, BTreeMap<u32, [f64; 2]>> = BTreeMap::new();
    let mut all = [0.0; 2];
    for start in (0..runs.files().len()).filter(|&start| runs.left()[start] as usize >= stretch) {
        let first = runs.files()[start] as usize;
        let gaps: Vec<usize> = if stretch > plays { (1..plays).collect() } else { vec![stretch] };
        let weights = [1.0, catalogue.weight()[first] as f64].map(|weight| weight / gaps.len() as f64);
        for gap in &gaps {
            let mut words: Vec<(Word<'_>, f64)> = vec![(vec![], 1.0)];
            for at in (0..stretch).filter(|at| at != gap) {
                let (beside, outputs) = &leaves[runs.files()[start + at] as usize];
                let mut longer = Vec::new();
                for (word, chance) in &words {
                    for &(output, of_output) in outputs {
                        let mut word = word.clone();
                        word.push((beside.as_str(), output));
                        longer.push((word, chance * of_output));
                    }
                }
                words = longer;
            }
            for (word, chance) in words {
                let held = seen.entry(word).or_default().entry(catalogue.series()[first]).or_default();
                held.iter_mut().zip(weights).for_each(|(held, weight)| *held += weight * chance);
            }
            all.iter_mut().zip(weights).for_each(|(all, weight)| *all += weight);
        }
    }
    [0, 1].map(|at| {
        let best = |held: &BTreeMap<u32, [f64; 2]>| held.values().map(|held| held[at]).fold(0.0, f64::max);
        (all[at] > 0.0).then(|| seen.values().map(best).sum::<f64>() / all[at])
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn the_attacker_that_runs_is_as_good_as_the_best(
        files in seasons(), generalization in with_corners(), seed: u64,
        drawn in prop::sample::select(vec!["stochastic:7min", "stochastic:60s", "noise:2@5min", "response:1@30min"]),
    ) {
        let (catalogue, channel) = (catalogue(&files), channel(drawn));
        let (cells, runs) = (Cells::new(&catalogue), Runs::of(&catalogue));
        let through = Through::new(&cells, generalization.key(), channel).expect("few outputs");
        let classes = Classes::group(&cells, generalization.key());
        let (bingers, linked) = (Bingers::study(&through, &runs), Linked::new(&classes, &runs));
        let mut random = stream(seed, "drawn sequence", 0);
        for (order, plays) in [(Order::InOrder, 1), (Order::InOrder, 2), (Order::OneMissing, 2)] {
            let best = naive(&catalogue, &generalization, channel.channel, order, plays as usize);
            let rounded = linked.recognition(order, plays, order.stretch(plays));
            let rounded = [rounded.map(|of| of.uniform), rounded.and_then(|of| of.popularity)];
            for ((prior, best), rounded) in Prior::ALL.into_iter().zip(best).zip(rounded) {
                let ran = bingers.run(order, plays, prior, DRAWS, &mut random).expect("few stretches");
                prop_assert_eq!(ran.is_some(), best.is_some());
                prop_assert_eq!(rounded.is_some(), best.is_some());
                let (Some(ran), Some(best), Some(rounded)) = (ran, best, rounded) else { continue };
                prop_assert!(ran.trial.agrees_with(best, FALSE_ALARM), "{order:?}, {plays}: {ran:?}, {best}");
                let allowed = ((2.0 / FALSE_ALARM).ln() / (2.0 * DRAWS as f64)).sqrt();
                prop_assert!((ran.sure - best).abs() < allowed, "{order:?}, {plays}: {ran:?}, {best}");
                prop_assert!(best <= rounded.right + 1e-9, "{order:?}, {plays}: {best}, {rounded:?}");
                let first = bingers.first_play(order.stretch(plays), prior).expect("played");
                prop_assert!(first <= best + 1e-9 || order == Order::OneMissing, "{first}, {best}");
                if plays == 1 {
                    prop_assert!((first - best).abs() < 1e-9, "{first}, {best}");
                }
            }
        }
        prop_assert!(bingers.run(Order::Shuffled, 2, Prior::Uniform, 9, &mut random).expect("nothing to weigh").is_none());
    }

    #[test]
    fn one_play_is_a1_at_the_series(files in seasons(), generalization in with_corners()) {
        let catalogue = catalogue(&files);
        let (cells, runs) = (Cells::new(&catalogue), Runs::of(&catalogue));
        for drawn in ["stochastic:7min", "noise:0.3@2min", "response:1@5min"] {
            let through = Through::new(&cells, generalization.key(), channel(drawn)).expect("few outputs");
            let bingers = Bingers::study(&through, &runs);
            for (prior, level) in Prior::ALL.into_iter().zip(level(&through, Target::Series)) {
                let first = bingers.first_play(1, prior).expect("played");
                prop_assert!((first - level.top1).abs() < 1e-9, "{drawn}: {first}, {level:?}");
            }
        }
    }

    /// `stochastic:1ms` draws nothing.
    #[test]
    fn a_partition_as_a_channel_is_the_partition(
        files in seasons(), generalization in with_corners(), seed: u64,
        written in prop::sample::select(vec!["stochastic:1ms", "stochastic:1bps"]),
    ) {
        let catalogue = catalogue(&files);
        let (cells, runs) = (Cells::new(&catalogue), Runs::of(&catalogue));
        let through = Through::new(&cells, generalization.key(), channel(written)).expect("few outputs");
        let classes = Classes::group(&cells, generalization.key());
        let (bingers, linked) = (Bingers::study(&through, &runs), Linked::new(&classes, &runs));
        let mut random = stream(seed, "drawn sequence", 1);
        for (order, plays) in [(Order::InOrder, 1), (Order::InOrder, 5), (Order::OneMissing, 4)] {
            let rounded = linked.recognition(order, plays, order.stretch(plays));
            let rounded = [rounded.map(|of| of.uniform), rounded.and_then(|of| of.popularity)];
            for (prior, rounded) in Prior::ALL.into_iter().zip(rounded) {
                let ran = bingers.run(order, plays, prior, DRAWS, &mut random).expect("few stretches");
                prop_assert_eq!(ran.is_some(), rounded.is_some());
                let (Some(ran), Some(rounded)) = (ran, rounded) else { continue };
                prop_assert!(ran.trial.agrees_with(rounded.right, FALSE_ALARM), "{order:?}: {ran:?}, {rounded:?}");
            }
        }
    }
}

/// So many that nobody waits for them are refused, and told how many are not.
#[test]
fn too_many_stretches_are_refused() {
    use coarsen::catalogue::Columns;
    const FILES: u32 = 6_000;
    let catalogue = Catalogue::new(Columns {
        title: (0..FILES).collect(),
        series: Some((0..FILES).map(|row| Some(row / 12)).collect()),
        duration_ms: (0..FILES).map(|row| 60_000 + row).collect(),
        side: [(SideField::Kind, (0..FILES).map(|_| Some("track")).collect())].into(),
        ..Columns::default()
    })
    .expect("a legal catalogue");
    let (cells, runs) = (Cells::new(&catalogue), Runs::of(&catalogue));
    let kept = Generalization { by: vec![], ..Generalization::keep(&catalogue) };
    let through = Through::new(&cells, kept.key(), channel("response:1@5min")).expect("few outputs");
    let bingers = Bingers::study(&through, &runs);
    let mut random = stream(1, "drawn sequence", 2);
    let refused =
        bingers.run(Order::InOrder, 12, Prior::Uniform, 40_000, &mut random).expect_err("2,880,000,000");
    assert_eq!((refused.terms, refused.affordable), (2_880_000_000, 29_826));
    assert!(refused.to_string().contains("draw 29826 of them at most"), "{refused}");
}
