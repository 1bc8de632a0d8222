//! What servers play that have opted out changes no byte of what is computed of those who haven't.

use coarsen::policy::Policy;
use coarsen::telemetry::plays::{Number, Plays, Settings, Switch, Text, simulate};
use coarsen::utility::{Release, distance, information, opt_out, speed};

const POLICIES: [&str; 2] = [
    include_str!("../../datasets/policies/playback.toml"),
    include_str!("../../datasets/policies/playback-joint.toml"),
];

/// All of it, on what leaves.
fn told(plays: &Plays, policy: &str) -> String {
    let policy = Policy::from_toml(policy).expect("a policy");
    let release =
        Release::of_policy(plays, &policy, "2026-10-01".parse().expect("a day"), &[]).expect("a release");
    let sweep = opt_out::Settings { rates: vec![0.0, 0.4], draws: 20, ..opt_out::Settings::new(1) };
    let all = (
        distance::of_release(plays, &release),
        information::of_release(plays, &release),
        speed::of_release(plays, &release, 1),
        opt_out::of_release(plays, &release, &sweep),
    );
    serde_json::to_string(&all).expect("JSON")
}

#[test]
fn who_opted_out_is_not_in_it() {
    let catalogue = crate::catalogue(3);
    let settings = Settings { opt_out: 0.4, ..Settings::new(60, 2_500, 3) };
    let plays = simulate(&catalogue, &settings).expect("plays");
    let out = |play: usize| plays.switch(Switch::Playback)[play] != Some(true);
    assert!((0..plays.len()).any(out) && !(0..plays.len()).all(out));
    let mut other = Plays::default();
    for play in 0..plays.len() {
        let mut row = plays.row(play);
        if out(play) {
            for text in
                [Text::Kind, Text::Platform, Text::Device, Text::Hardware, Text::VideoCodec, Text::Resolution]
            {
                row[text] = if play % 2 == 0 { Some("other") } else { None };
            }
            row[Number::BitrateBps] = Some(play as u32);
            row[Number::DurationMs] = Some(1);
            row[Number::Stalls] = Some(9);
            row[Number::TranscodeSpeedPermille] = Some(77);
        }
        other.push(&row);
    }
    let fewer: Plays = (0..plays.len()).filter(|play| !out(*play)).map(|play| plays.row(play)).collect();
    for policy in POLICIES {
        let expected = told(&plays, policy);
        assert!(
            expected.contains("\"found\"")
                && !expected.contains("NaN")
                && !expected.contains("null,null,null")
        );
        assert!(expected == told(&other, policy), "what they play");
        assert!(expected == told(&fewer, policy), "whether they are there");
    }
}
