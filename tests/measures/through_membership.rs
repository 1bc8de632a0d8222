//! Who holds a file, where each play is drawn anew: the closed form against the attacker that runs, and the laws.

use coarsen::attack::channel::Randomized;
use coarsen::attack::membership::{Membership, Settings, drawn, membership};
use coarsen::attack::through::Through;
use coarsen::catalogue::{Catalogue, Columns, SideField};
use coarsen::classes::{Cells, Generalization};
use coarsen::rounding::Rounding;
use coarsen::units::Dimension;
use proptest::prelude::*;

const CASES: u32 = 4;

/// False-alarm rate of this whole file: right and false alarms of 4 sorts under 2 priors at 4 rates, a case.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 64.0);

/// So many titles of one file each, a few seconds apart.
fn clips(apart: &[u32]) -> Catalogue {
    let mut end = 600_000;
    let durations = apart.iter().map(|apart| {
        end += apart * 1_000;
        end
    });
    Catalogue::new(Columns {
        title: (0..apart.len() as u32).collect(),
        duration_ms: durations.collect(),
        popularity: Some((0..apart.len()).map(|row| (1 + row % 5) as f64).collect()),
        side: [(SideField::Kind, apart.iter().map(|_| Some("clip")).collect())].into(),
        ..Columns::default()
    })
    .expect("a legal catalogue")
}

fn settings(repeats: f64) -> Settings {
    Settings { servers: 40, draws: 400, plays: 25.0, repeats, targets: 4 }
}

fn asked(catalogue: &Catalogue, rounding: &str, channel: &str, repeats: f64, seed: u64) -> [Membership; 2] {
    let cells = Cells::new(catalogue);
    let duration = Rounding::parse(rounding, Dimension::Duration).expect("a rounding");
    let generalization = Generalization { duration, ..Generalization::drop() };
    let channel = channel.parse::<Randomized>().expect("a channel").channel;
    let through = Through::new(&cells, generalization.key(), channel).expect("few outputs");
    let settings = settings(repeats);
    [
        drawn(&cells, generalization.key(), &through, &cells, settings, seed).expect("titles"),
        membership(&cells, &cells, &generalization, settings, seed).expect("titles"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn closed_forms_are_what_runs_and_drawing_never_helps(
        apart in prop::collection::vec(0u32..90, 110..150),
        rounding in prop::sample::select(vec!["keep", "floor:1min", "floor:5min"]),
        channel in prop::sample::select(vec![
            "stochastic:60s", "stochastic:7min", "noise:1@1min", "noise:0.1@10s", "noise:9@1min", "response:1@5min",
            "response:6@1min",
        ]),
        repeats in prop::sample::select(vec![0.5, 3.0, 10.0]),
        seed: u64,
    ) {
        let [is, rounded] = asked(&clips(&apart), rounding, channel, repeats, seed);
        prop_assert_eq!(is.tried.len(), rounded.tried.len());
        for (is, rounded) in is.tried.iter().zip(&rounded.tried) {
            prop_assert_eq!((is.sought, is.prior, is.targets), (rounded.sought, rounded.prior, rounded.targets));
            prop_assert!(is.area[0] <= rounded.area[0] + 1e-9 && is.area[0] >= 0.5 - 1e-9, "{is:?}, {rounded:?}");
            prop_assert_eq!(is.area[1], rounded.area[1]);
            for (point, rounded) in is.curve.iter().zip(&rounded.curve) {
                prop_assert!(point.closed_form <= rounded.closed_form + 1e-9, "{point:?}, {rounded:?}");
                prop_assert!(point.closed_form >= point.false_alarms - 1e-12, "{point:?}");
                prop_assert_eq!((point.baseline, point.control), (rounded.baseline, rounded.control));
                let Some((trial, said)) = point.trial.zip(point.false_trial) else { continue };
                prop_assert!(trial.agrees_with(point.closed_form, FALSE_ALARM), "{point:?}");
                prop_assert!(said.agrees_with(point.false_alarms, FALSE_ALARM), "{point:?}");
            }
        }
    }

    /// Whatever follows from a partition follows from it as a channel.
    #[test]
    fn a_partition_as_a_channel_is_the_partition(apart in prop::collection::vec(0u32..90, 110..120), seed: u64) {
        let [is, rounded] = asked(&clips(&apart), "floor:2min", "stochastic:1ms", 3.0, seed);
        for (is, rounded) in is.tried.iter().zip(&rounded.tried) {
            prop_assert!((is.others[0] - rounded.others[0]).abs() < 1e-9, "{is:?}, {rounded:?}");
            prop_assert!((is.area[0] - rounded.area[0]).abs() < 1e-9, "{is:?}, {rounded:?}");
            for (is, rounded) in is.curve.iter().zip(&rounded.curve) {
                prop_assert!((is.closed_form - rounded.closed_form).abs() < 1e-9, "{is:?}, {rounded:?}");
                prop_assert_eq!(is.owners.is_some(), rounded.owners.is_some());
            }
        }
    }
}

/// Noise that reaches over more units than anybody waits for is refused, and told how to mend.
#[test]
fn noise_that_reaches_too_far_is_refused() {
    let catalogue = clips(&[1; 110]);
    let cells = Cells::new(&catalogue);
    let kept = Generalization { by: vec![], ..Generalization::keep(&catalogue) };
    let channel = "noise:0.000001@1min".parse::<Randomized>().expect("a channel").channel;
    let through = Through::new(&cells, kept.key(), channel).expect("two minutes");
    let refused =
        drawn(&cells, kept.key(), &through, &cells, settings(3.0), 1).expect_err("40 million minutes");
    assert!(refused.to_string().contains("larger epsilon"), "{refused}");
}
