//! What holds of any plays.

use coarsen::telemetry::plays::{Plays, Row, Text};
use coarsen::utility::Release;
use coarsen::utility::power::{Amount, Detection, Family, PowerSettings, Prepared, power};

use super::{few, generalization, plays, released};

#[test]
fn plays_that_leave_as_they_are_cost_nothing() {
    let plays = plays();
    for family in Family::ALL {
        let prepared = Prepared::new(&plays, family, &few(2_000)).unwrap();
        let kept = prepared.needed(&released(&plays, &generalization("keep", "keep"))).unwrap().unwrap();
        assert_eq!(kept.ratio, Some(Amount::Is { value: 1.0, from: 1.0, to: 1.0 }), "{family}");
        assert_eq!(kept.raw, kept.released, "{family}");
        let detection = prepared.detection(&Release::raw(&plays)).unwrap();
        let power = detection.power().expect("measured");
        assert_eq!(power.raw, power.released, "{family}");
        assert!(power.raw.sizes.last().expect("sizes").found.hits > 0, "{family}");
    }
}

#[test]
fn without_effect_a_fault_is_flagged_as_often_as_there_are_false_alarms() {
    let plays = plays();
    let release = released(&plays, &generalization("floor:30min", "edges:1Mbps,3Mbps,6Mbps"));
    let mut settings = PowerSettings::new(3_000, 2);
    (settings.replicas, settings.calm) = (2_000, 4_000);
    for family in Family::ALL {
        let detection = power(&plays, &release, family, &settings).unwrap();
        let power = detection.power().expect("measured");
        for first in [&power.raw.sizes[0], &power.released.sizes[0]] {
            assert_eq!(first.size, family.sizes()[0]);
            assert!(first.flagged.agrees_with(0.01, 1e-5), "{family}: {:?}", first.flagged);
            assert!(first.found.hits <= first.flagged.hits, "{family}");
        }
    }
}

#[test]
fn a_larger_fault_is_found_more_often_and_less_of_it_needs_more() {
    let plays = plays();
    let release = released(&plays, &generalization("floor:30min", "edges:1Mbps,3Mbps,6Mbps"));
    for family in Family::ALL {
        let detection = power(&plays, &release, family, &few(20_000)).unwrap();
        let power = detection.power().expect("measured");
        let rates: Vec<f64> = power.released.sizes.iter().map(|at| at.found.rate).collect();
        // The draws are the same at every size, but a stronger run may be a longer one.
        assert!(rates.windows(2).all(|pair| pair[0] <= pair[1] + 0.05), "{family}: {rates:?}");
        let least = power.released.least.expect("a size that is found");
        let at = power.released.sizes.iter().find(|at| at.size >= least).expect("a size");
        assert!(at.found.rate >= 0.8 && least > power.released.sizes[0].size, "{family}: {least}");
        for at in &power.released.sizes {
            assert!(at.f1 <= at.precision.max(at.recall) + 1e-12 && at.recall <= 1.0, "{family}: {at:?}");
        }
    }
}

#[test]
fn threads_change_nothing() {
    let plays = plays();
    let release = released(&plays, &generalization("floor:30min", "edges:1Mbps,3Mbps,6Mbps"));
    for family in Family::ALL {
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let detection = pool.install(|| power(&plays, &release, family, &few(3_000)).unwrap());
            serde_json::to_string(&detection).unwrap()
        };
        assert_eq!(run(1), run(3), "{family}");
    }
}

/// As many plays again of which nothing is known, at twice the traffic.
#[test]
fn plays_that_tell_nothing_only_take_their_share_of_the_traffic() {
    let (all, half) = (plays(), plays());
    let mut all = all;
    let nothing: Plays = (0..half.len()).map(|_| Row::default()).collect();
    all.append(&nothing);
    let rounded = generalization("floor:30min", "edges:1Mbps,3Mbps,6Mbps");
    for family in Family::ALL {
        let told = |plays: &Plays, traffic| {
            let detection = power(plays, &released(plays, &rounded), family, &few(traffic)).unwrap();
            detection.power().expect("measured").clone()
        };
        let (half, all) = (told(&half, 3_000), told(&all, 6_000));
        assert_eq!(half.released, all.released, "{family}");
        let (less, more) = (half.needed.released.value(), all.needed.released.value());
        assert!((more / less - 2.0).abs() < 0.1, "{family}: {less} {more}");
    }
}

/// Faults of one platform and codec, looked for across platforms, or across codecs too.
#[test]
fn what_is_pooled_costs_traffic() {
    let plays = plays();
    let prepared = Prepared::new(&plays, Family::Stalls, &few(20_000)).unwrap();
    let mut rounded = generalization("drop", "edges:1Mbps,3Mbps,6Mbps");
    let ratio = |release: &Release<'_>| prepared.needed(release).unwrap().unwrap().ratio.unwrap().value();
    let apart = ratio(&released(&plays, &rounded));
    rounded.by.clear();
    let Detection::Measured(pooled) = prepared.detection(&released(&plays, &rounded)).unwrap() else {
        panic!("it leaves with its platform");
    };
    assert_eq!(pooled.pooled, [Text::VideoCodec.name()]);
    let across = pooled.needed.ratio.unwrap().value();
    assert!(apart < across, "{apart} {across}");
}
