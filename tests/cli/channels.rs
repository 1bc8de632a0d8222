//! `attack --channel`: who can see a drawn duration runs on it, and who can't says why.

use serde_json::{Value, json};

use crate::tool::{Folder, json as parsed};

/// A minute, a minute and a half, and two, of two codecs.
const THREE: &str = "\
title_id,kind,duration_ms,video_codec,genre
A,movie,60000,h264,drama
B,movie,90000,h264,horror
C,movie,120000,hevc,horror
";

/// What an attacker says, or all of them do.
fn run(csv: &str, attacker: &str, draws: u32, more: &[&str]) -> Vec<Value> {
    let folder = Folder::new();
    folder.write("in.csv", csv);
    let draws = draws.to_string();
    let args = [&["attack", attacker, "--catalogue", "in.csv", "--json", "--draws", &draws], more].concat();
    parsed(&folder.run(&args).ok())["attacks"].as_array().expect("attacks").clone()
}

/// What one attacker finds.
fn found(attacker: &str, more: &[&str]) -> Value {
    run(THREE, attacker, 500, more)[0][attacker.replace('-', "_")].clone()
}

fn level(target: &str, more: &[&str]) -> Value {
    let levels = found("linkage", more);
    let is = |level: &&Value| level["target"] == json!(target) && level["prior"] == json!("uniform");
    levels.as_array().expect("levels").iter().find(is).expect("the level").clone()
}

#[test]
fn linkage_sees_what_is_drawn() {
    let drawn = ["--channel", "stochastic:60s"];
    // One minute is A, or B half the time; two are C, or B half the time.
    let title = level("title", &drawn);
    assert_eq!(title["closed_form"], json!(2.0 / 3.0));
    assert_eq!((&title["expected_candidates"], &title["single_candidate"]), (&json!(2.0), &json!(0.0)));
    assert_eq!((&title["control"], &title["baseline"]), (&json!(1.0 / 3.0), &json!(1.0)));
    assert_eq!(title["draws"], json!(500));
    assert_eq!((&title["agrees"], &title["top3"]["agrees"]), (&json!(true), &json!(true)));
    // Two minutes are horror for sure, and one is drama twice as often.
    assert_eq!(level("genre", &drawn)["closed_form"], json!(2.5 / 3.0));
    let homogeneity = &found("homogeneity", &drawn)[0];
    assert_eq!(homogeneity["shared_by_all"]["uniform"], json!(0.5));
    assert_eq!(homogeneity["named"]["uniform"], json!(2.5 / 3.0));

    // The codec beside it tells C, so that two minutes in h264 are B.
    let beside = ["--channel", "stochastic:60s", "--by", "video_codec"];
    assert_eq!(level("title", &beside)["closed_form"], json!(2.5 / 3.0));
    let codec = &found("side-fields", &beside)["leaving"][1];
    assert_eq!((&codec["field"], &codec["without"]["uniform"]), (&json!("video_codec"), &json!(2.0 / 3.0)));
    assert_eq!(codec["with"]["uniform"], json!(2.5 / 3.0));
    let averaging = &run(THREE, "averaging", 20, &beside)[0]["averaging"][0];
    assert_eq!(averaging["after_one_play"], json!(2.5 / 3.0));

    // Rounded before: A and B are one.
    let rounded = ["--channel", "stochastic:1ms", "--duration", "floor:1min"];
    assert_eq!(level("title", &rounded)["closed_form"], json!(2.0 / 3.0));
    assert_eq!(level("title", &rounded)["single_candidate"], json!(1.0 / 3.0));
    assert_eq!(
        run(THREE, "linkage", 9, &rounded)[0]["generalization"],
        json!("duration floor:1min, bit rate drop")
    );
}

#[test]
fn whoever_cannot_see_a_drawn_duration_says_why() {
    let ran = run(THREE, "all", 20, &["--channel", "noise:1@1min"]);
    assert_eq!(ran.len(), 14);
    for ran in &ran {
        assert_eq!(ran["channel"], json!("noise:1@1min"));
        let attacker = ran["attacker"].as_str().expect("a name");
        let runs = ["linkage", "homogeneity", "side-fields", "averaging"].contains(&attacker);
        // The catalogue is too small for a known library.
        let reason = ran["not_applicable"].as_str();
        assert_eq!(reason.is_none(), runs, "{ran}");
        let word = if attacker == "known-library" { "titles" } else { "draw" };
        assert!(reason.is_none_or(|reason| reason.contains(word)), "{ran}");
    }
    // Nothing to draw from.
    let nothing = ["--channel", "noise:1@1min", "--duration", "drop", "--by", "video_codec"];
    for ran in run(THREE, "all", 20, &nothing) {
        assert!(ran["not_applicable"].as_str().is_some_and(|reason| reason.contains("no duration")), "{ran}");
    }
}

#[test]
fn a_known_library_is_played_from() {
    let mut csv = "title_id,kind,duration_ms\n".to_owned();
    (0..150).for_each(|title| csv += &format!("T{title},movie,{}\n", 3_600_000 + 20_000 * title));
    let found = |more: &[&str]| run(&csv, "known-library", 40, more)[0]["known_library"][0].clone();
    let (drawn, raw) = (found(&["--channel", "noise:1@1min"]), found(&["--duration", "keep"]));
    let rate = |found: &Value| found["title_uniform"].as_f64().expect("a rate");
    assert!(rate(&drawn) > 0.01 && rate(&drawn) < rate(&raw), "{drawn}, {raw}");
    assert_eq!((&drawn["titles"], &drawn["libraries"]), (&json!(100), &json!(40)));
    assert_eq!(drawn["ran"]["draws"], json!(800));
    assert_eq!((&raw["ran"], rate(&raw)), (&Value::Null, 1.0));
}

/// A microsecond's epsilon on a day of milliseconds can't be summed up, and nobody waits for it.
#[test]
fn what_spreads_too_far_is_refused_at_once() {
    let far = "title_id,kind,duration_ms\nA,movie,1\nB,movie,86400000\n";
    for attacker in ["linkage", "homogeneity", "side-fields"] {
        let ran = &run(far, attacker, 20, &["--channel", "noise:1@1ms"])[0];
        let reason = ran["not_applicable"].as_str().expect("a reason");
        assert!(reason.contains("larger"), "{reason}");
    }
    let averaging = &run(far, "averaging", 5, &["--channel", "noise:1@1ms"])[0]["averaging"][0];
    assert_eq!(averaging["after_one_play"], Value::Null);
}
