//! The policies to start from, on a catalogue small enough to make here; CI verifies them on the one that they name.

use coarsen::policy::{About, ESSENTIAL, Policy};
use serde_json::Value;

use crate::tool::{Folder, json};

const SPLIT: &str = include_str!("../../datasets/policies/playback.toml");
const JOINT: &str = include_str!("../../datasets/policies/playback-joint.toml");

#[test]
fn they_list_what_was_promised_and_essential_holds_no_play() {
    let (split, joint) =
        (Policy::from_toml(SPLIT).expect("a policy"), Policy::from_toml(JOINT).expect("a policy"));
    let names = |policy: &Policy| -> std::collections::BTreeSet<String> {
        policy.fields().iter().map(|field| field.name.clone()).collect()
    };
    assert_eq!(names(&split), names(&joint));
    for name in [
        "platform",
        "device",
        "hardware",
        "kind",
        "container",
        "video_codec",
        "audio_codec",
        "resolution",
        "duration",
        "played",
        "bitrate",
        "delivery",
        "transcode_speed",
        "startup",
        "stalls",
        "stalled",
        "event",
    ] {
        assert!(names(&split).contains(name), "{name}");
    }
    for field in split.fields() {
        assert!(field.description.is_some() && field.owner.is_some(), "{}", field.name);
        assert_eq!(
            field.consent == ESSENTIAL,
            ["server_version", "update_channel", "account_state"].contains(&field.name.as_str())
        );
        assert!(field.consent != ESSENTIAL || field.about == About::Client, "{}", field.name);
    }
    assert_eq!(joint.pings(), ["play", "errors", "features", "updates", "account"]);
}

/// Limits that suit a catalogue of 3,000 titles.
#[test]
fn split_holds_where_joint_breaks() {
    let folder = Folder::new();
    folder.write("split.toml", SPLIT).write("joint.toml", JOINT);
    folder.run(&["catalogue", "synth", "--titles", "3000", "-o", "in.parquet"]).ok();
    let verify = |policy: &str| -> Value {
        let loose = [
            "k_titles=3",
            "k_series=2",
            "exposed_share=0.02",
            "largest_title_share@0.2=0.06",
            "largest_title_share_plays@0.8=0.13",
            "title_uniform=0.15",
        ];
        let mut args = vec![
            "verify",
            "--policy",
            policy,
            "--catalogue",
            "in.parquet",
            "--json",
            "--as-of",
            "2026-11-24",
        ];
        args.extend(loose.iter().flat_map(|limit| ["--limit", limit]));
        json(&folder.run(&args).stdout)
    };
    let fails = |verified: &Value| -> Vec<String> {
        let checks =
            verified["checks"].as_array().unwrap().iter().filter(|check| check["verdict"] == "fails");
        checks
            .map(|check| {
                format!("{} {}", check["ping"].as_str().unwrap_or("-"), check["name"].as_str().unwrap())
            })
            .collect()
    };
    let split = verify("split.toml");
    assert_eq!(fails(&split), [""; 0]);
    assert_eq!(split["warnings"], Value::Array(Vec::new()));
    // Nothing else than limits is wrong with the joint one: it is what it says.
    let joint = fails(&verify("joint.toml"));
    assert!(joint.contains(&"play exposed_share".to_owned()), "{joint:?}");
    assert!(
        joint
            .iter()
            .all(|name| name.starts_with("play ") && !name.contains("claim") && !name.contains("key")),
        "{joint:?}"
    );
}
