//! One group of plays of which the long ones stall twice as often: the machine against the formula of two shares.

use coarsen::telemetry::plays::{Number, Plays, Row};
use coarsen::utility::power::{Family, PowerSettings, Prepared, plays_per_arm, traffic_of_mixing};
use statrs::distribution::{ContinuousCDF, Normal};

use super::{generalization, released};

/// A quarter lasts five hours, the rest ten minutes; of either one in fifty stalls.
fn plays() -> Plays {
    let row = |play: u32| {
        let mut row = Row::default();
        row[Number::DurationMs] = Some(if play.is_multiple_of(4) { 18_000_000 } else { 600_000 });
        row[Number::Stalls] = Some(u32::from((play / 4).is_multiple_of(50)));
        row
    };
    (0..10_000).map(row).collect()
}

/// The level of a single test whose |z| is over that threshold as often as the strongest of a scan.
fn level(threshold: f64) -> f64 {
    2.0 * Normal::standard().sf(threshold)
}

#[test]
fn the_machine_needs_what_the_normal_approximation_says() {
    let plays = plays();
    let mut settings = PowerSettings::new(7_000, 5);
    (settings.replicas, settings.calm) = (1_000, 10_000);
    let prepared = Prepared::new(&plays, Family::LongTitles, &settings).unwrap();
    let told = |duration| {
        let release = released(&plays, &generalization(duration, "drop"));
        prepared.detection(&release).unwrap().power().expect("measured").clone()
    };
    let (apart, mixed) = (told("floor:1h"), told("floor:10h"));

    // A quarter of the plays of an arm are in the bucket of the long.
    let needed = 4.0 * plays_per_arm(0.02, 0.04, level(apart.released.threshold), 0.8);
    assert!((apart.needed.released.value() / needed - 1.0).abs() < 0.1, "{needed} {:?}", apart.needed);
    assert_eq!(apart.needed.ratio.map(|ratio| ratio.value()), Some(1.0));

    // The only run of the mixed bucket is a single test: its level is the rate of false alarms.
    assert!((level(mixed.released.threshold) - 0.01).abs() < 0.003, "{}", mixed.released.threshold);
    let needed = plays_per_arm(0.02, 0.025, level(mixed.released.threshold), 0.8);
    assert!((mixed.needed.released.value() / needed - 1.0).abs() < 0.1, "{needed} {:?}", mixed.needed);

    // In total traffic mixing costs about 1/m, less what the scan of three runs pays over one.
    let ratio = mixed.needed.ratio.expect("raw plays find it").value();
    let scan = plays_per_arm(0.02, 0.04, level(apart.released.threshold), 0.8)
        / plays_per_arm(0.02, 0.04, 0.01, 0.8);
    let law = traffic_of_mixing(0.02, 0.04, 0.25, 0.01, 0.8) / scan;
    assert!((ratio / law - 1.0).abs() < 0.15, "{ratio} {law}");
}
