//! What is lost, what is untested, and what is refused.

use coarsen::policy::{Day, Policy};
use coarsen::telemetry::plays::{Number, Plays, Text};
use coarsen::utility::Release;
use coarsen::utility::power::{Detection, Family, PowerError, PowerSettings, Prepared, power};

use super::{few, generalization, plays, released};

/// A policy of one ping with the bit rate by MB, the platform, and stalls in those buckets.
fn policy(stalls: &str, expires: &str) -> Policy {
    let field = |name: &str, column: &str, kind: &str, about: &str, rounding: &str| {
        format!(
            "[[field]]\nping = \"stalls\"\nname = \"{name}\"\ncolumn = \"{column}\"\ntype = \"{kind}\"\n\
             about = \"{about}\"\nrounding = \"{rounding}\"\nconsent = \"playback\"\npurpose = \"Does it stall?\"\n\
             description = \"Of the play.\"\nsensitivity = \"low\"\nowner = \"playback\"\nexpires = \"{expires}\"\n"
        )
    };
    let text = format!(
        "schema = \"coarsen.policy/1\"\nname = \"stalls\"\nversion = 1\ndescription = \"Stalls.\"\n{}{}{}",
        field("bitrate", "bitrate_bps", "bitrate", "media", "floor:2Mbps"),
        field("platform", "platform", "category", "client", "keep"),
        field("stalls", "stalls", "integer", "session", stalls),
    );
    Policy::from_toml(&text).expect("a policy")
}

fn of_policy<'a>(plays: &'a Plays, policy: &Policy) -> Release<'a> {
    let today = "2026-01-01".parse::<Day>().expect("a day");
    Release::of_policy(plays, policy, today, &["playback".to_owned()]).expect("plays of the policy")
}

#[test]
fn stalls_that_a_bucket_hides_are_not_found() {
    let plays = plays();
    let prepared = Prepared::new(&plays, Family::Stalls, &few(20_000)).unwrap();
    let seen = prepared.detection(&of_policy(&plays, &policy("edges:1", "2030-01-01"))).unwrap();
    let seen = seen.power().expect("measured");
    assert_eq!((seen.pooled.as_slice(), seen.ping.as_str()), (&["video_codec"][..], "stalls"));
    assert!(seen.needed.ratio.unwrap().value() > 1.0);
    // No play stalls twice, so none is seen to stall.
    let hidden = prepared.detection(&of_policy(&plays, &policy("edges:2", "2030-01-01"))).unwrap();
    let hidden = hidden.power().expect("measured");
    assert!(hidden.released.sizes.iter().all(|at| at.flagged.hits == 0), "{:?}", hidden.released.sizes);
    assert_eq!(hidden.released.least, None);
    let json = serde_json::to_value(hidden.needed).unwrap();
    assert!(json["released"]["over"]["value"].as_f64().is_some_and(|most| most > 5e8), "{json}");
    assert!(json["ratio"]["over"]["value"].as_f64().is_some_and(|most| most > 1e4), "{json}");
}

#[test]
fn what_leaves_apart_is_lost() {
    let plays = plays();
    let raw = Release::raw(&plays);
    let stalls = raw.tables()[0].without(&[]);
    assert!(stalls.number(Number::Stalls).is_some());
    // Nothing has expired in 2026, everything in 2025.
    let expired = of_policy(&plays, &policy("edges:1", "2025-01-01"));
    let detection = power(&plays, &expired, Family::LongTitles, &few(1_000)).unwrap();
    let Detection::Lost { family, reason } = &detection else { panic!("{detection:?}") };
    assert_eq!(*family, Family::LongTitles);
    assert_eq!(reason, "stalls or stalled_ms leaves in no ping together with duration_ms");
    assert_eq!(detection.ratio(), Some(f64::INFINITY));
    assert_eq!(
        serde_json::to_string(&detection).unwrap(),
        format!("{{\"outcome\":\"lost\",\"family\":\"long-titles\",\"reason\":\"{reason}\"}}")
    );
    let dropped =
        power(&plays, &released(&plays, &generalization("drop", "drop")), Family::LongTitles, &few(9));
    assert!(matches!(dropped, Ok(Detection::Lost { .. })), "{dropped:?}");
}

#[test]
fn plays_without_faults_to_find_test_nothing() {
    let all = plays();
    let calm: Plays = (0..all.len())
        .map(|play| {
            let mut row = all.row(play);
            row[Number::Stalls] = Some(0);
            row[Text::Hardware] = None;
            row
        })
        .collect();
    for (family, said) in [
        (Family::Stalls, "none stall"),
        (Family::LongTitles, "none stall"),
        (Family::Speed, "no play holds hardware and video_codec and transcode_speed_permille"),
    ] {
        let detection = power(&calm, &Release::raw(&calm), family, &few(1_000)).unwrap();
        let Detection::Untested { reason, .. } = &detection else { panic!("{detection:?}") };
        assert!(reason.contains(said), "{reason}");
        assert_eq!(detection.ratio(), None);
    }
    let none = Plays::default();
    let detection = power(&none, &Release::raw(&none), Family::Stalls, &few(1_000)).unwrap();
    assert!(matches!(detection, Detection::Untested { .. }), "{detection:?}");
}

#[test]
fn settings_out_of_range_and_other_plays_are_refused() {
    let plays = plays();
    let asks: [fn(&mut PowerSettings); 5] = [
        |settings| settings.replicas = 99,
        |settings| settings.calm = 999,
        |settings| settings.traffic = 0,
        |settings| settings.traffic = 1_000_000_001,
        |settings| settings.replicas = 1_000_001,
    ];
    for ask in asks {
        let mut settings = few(1_000);
        ask(&mut settings);
        let refused = Prepared::new(&plays, Family::Speed, &settings).err();
        assert!(matches!(refused, Some(PowerError::Asked { .. })), "{settings:?}");
    }
    let prepared = Prepared::new(&plays, Family::Speed, &few(1_000)).unwrap();
    let fewer: Plays = (0..10).map(|play| plays.row(play)).collect();
    let refused = prepared.needed(&Release::raw(&fewer)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "a table of 10 plays was given where the plays are 900: release those that were prepared"
    );
}
