//! `attack suppression`, `homogeneity`, `side-fields` and `averaging` on files worked by hand.

use serde_json::{Value, json};

use crate::tool::{Folder, json as parsed};

/// Three titles in a box that one title dominates by plays, and one without a resolution.
const SIX: &str = "\
title_id,kind,duration_ms,resolution,genre,series_id,popularity
A,movie,9000000,1080p,horror,1,6
B,movie,9100000,480p,horror,1,1
C,movie,9200000,480p,drama,2,1
D,movie,5000000,1080p,drama,2,4
E,movie,5010000,1080p,drama,2,4
F,movie,5020000,,drama,2,4
";

/// Everything of 2 h and more leaves as `other`.
const POLICY: &str = r#"
schema = "coarsen.policy/1"
name = "p"
version = 1
[[field]]
name = "duration"
column = "duration_ms"
type = "duration"
rounding = "floor:10min"
consent = "playback"
purpose = "Stalls."
sensitivity = "low"
expires = "2031-12-31"
[[field]]
name = "resolution"
type = "category"
rounding = "keep"
consent = "playback"
purpose = "Stalls."
sensitivity = "low"
expires = "2031-12-31"
[[other]]
when = { duration = "2h.." }
"#;

fn attacked(csv: &str, name: &str, more: &[&str]) -> Value {
    let folder = Folder::new();
    folder.write("in.csv", csv).write("p.toml", POLICY);
    let args = [&["attack", name, "--catalogue", "in.csv", "--json"], more].concat();
    parsed(&folder.run(&args).ok())["attacks"][0].clone()
}

fn all_agree(found: &Value) -> bool {
    let trials = found["trials"].as_array().expect("trials");
    !trials.is_empty() && trials.iter().all(|trial| trial["agrees"] == json!(true))
}

#[test]
fn suppression_is_a_signal() {
    let ran = attacked(SIX, "suppression", &["--policy", "p.toml"]);
    let found = ran["suppression"].as_array().expect("signals");
    let [other, missing] = &found[..] else { panic!("{found:?}") };
    assert_eq!(
        (&other["signal"], &other["files"], &other["titles"]),
        (&json!("other"), &json!(3), &json!(3))
    );
    assert_eq!(other["share"], json!({"uniform": 0.5, "popularity": 0.4}));
    // One title of three; of 8 plays 6. Without the box resolution and 10 min name A, and B and C are in 150..160 min:
    // 9,000 s and 9,100 s and 9,200 s all are, so that A is alone by its resolution and B and C look alike.
    assert_eq!(other["named"], json!({"uniform": 1.0 / 3.0, "popularity": 0.75}));
    assert_eq!(other["without"], json!({"uniform": 2.0 / 3.0, "popularity": 7.0 / 8.0}));
    assert_eq!(other["control"]["popularity"], json!(0.75));
    assert_eq!((&missing["signal"], &missing["files"]), (&json!("no resolution"), &json!(1)));
    assert_eq!(missing["named"], json!({"uniform": 1.0, "popularity": 1.0}));
    // F is one of three without the field.
    assert_eq!(missing["without"]["uniform"], json!(1.0 / 3.0));
    assert!(found.iter().all(all_agree));

    let none = attacked(SIX, "suppression", &["--duration", "floor:1min"]);
    assert!(none["not_applicable"].as_str().is_some_and(|reason| reason.contains("`other`")), "{none}");
}

#[test]
fn a_shared_genre_is_told_without_the_title() {
    let ran = attacked(SIX, "homogeneity", &["--duration", "floor:1h"]);
    let [genre, series] = &ran["homogeneity"].as_array().expect("secrets")[..] else { panic!("{ran}") };
    // An hour and more holds D, E and F, all drama; two hours and more A, B, C.
    assert_eq!((&genre["secret"], &series["secret"]), (&json!("genre"), &json!("series")));
    assert_eq!(genre["shared_by_all"], json!({"uniform": 0.5, "popularity": 0.6}));
    assert_eq!(genre["named"], json!({"uniform": 5.0 / 6.0, "popularity": 0.95}));
    assert_eq!(genre["control"]["named"]["uniform"], json!(4.0 / 6.0));
    let told = &genre["yes_or_no"];
    // Drama and horror are told alike, as there is nothing else: the first by number is named.
    assert_eq!(
        (&told["genre"], &told["before"], &told["after"]),
        (&json!("horror"), &json!(4.0 / 6.0), &json!(5.0 / 6.0))
    );
    assert!(all_agree(genre) && all_agree(series));

    let neither = "title_id,kind,duration_ms\nA,movie,1000\nB,movie,2000\n";
    let none = attacked(neither, "homogeneity", &["--duration", "floor:1h"]);
    assert!(none["not_applicable"].as_str().is_some_and(|reason| reason.contains("genre")), "{none}");
}

#[test]
fn a_hostile_genre_can_not_drive_the_terminal() {
    let folder = Folder::new();
    folder.write("in.csv", SIX.replace("horror", "\u{1b}[2Jhorror"));
    let text = folder.run(&["attack", "homogeneity", "--catalogue", "in.csv", "--duration", "floor:1h"]).ok();
    assert!(text.contains("horror") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn a_further_field_is_worth_its_bits() {
    let ran = attacked(SIX, "side-fields", &["--duration", "floor:1h"]);
    let found = &ran["side_fields"];
    let log3 = 3f64.log2();
    let near = |value: &Value, expected: f64| {
        let value = value.as_f64().expect("a number");
        assert!((value - expected).abs() < 1e-12, "{value} is not {expected}");
    };
    near(&found["bits_before"]["uniform"], 6f64.log2());
    near(&found["bits_after"]["uniform"], log3);
    let resolution = &found["further"][0];
    assert_eq!(resolution["field"], json!("resolution"));
    // Both threes fall into one and two: 1/3 x 0 + 2/3 x 1 bit is left.
    near(&resolution["bits"]["uniform"], log3 - 2.0 / 3.0);
    near(&resolution["without"]["uniform"], 2.0 / 6.0);
    near(&resolution["with"]["uniform"], 4.0 / 6.0);
    let leaving = &found["leaving"][0];
    assert_eq!(leaving["field"], json!("duration"));
    near(&leaving["bits"]["uniform"], 1.0);
    assert!(found["not_measured"].as_str().is_some_and(|why| why.contains("platform")), "{found}");
    assert!(all_agree(found));
}

/// Two titles half a minute apart: a play of the first always leaves as 1 min, one of the second as 1 or 2 min alike.
#[test]
fn memoized_plays_tell_what_one_does() {
    let two = "title_id,kind,duration_ms\nA,movie,60000\nB,movie,90000\n";
    let ran = attacked(two, "averaging", &["--channel", "stochastic:60s", "--draws", "60"]);
    assert_eq!(ran["generalization"], json!("duration keep, bit rate drop"));
    assert_eq!(ran["channel"], json!("stochastic:1min"));
    let found = &ran["averaging"][0];
    assert_eq!((&found["channel"], &found["memoized"]), (&json!("stochastic:1min"), &json!(true)));
    // 1 min is A twice as often as B; 2 min is B.
    assert_eq!((&found["after_one_play"], &found["control"]), (&json!(0.75), &json!(0.5)));
    assert_eq!((&found["after_endless_plays"], &found["plays_to_half"]), (&json!(0.75), &Value::Null));
    let by_plays = found["by_plays"].as_array().expect("plays");
    assert_eq!(by_plays.iter().map(|after| after["plays"].clone()).collect::<Vec<_>>(), [1, 10, 100, 1_000]);
    for after in by_plays {
        assert_eq!((&after["hits"], &after["error_ms"]), (&by_plays[0]["hits"], &by_plays[0]["error_ms"]));
    }
    let ran = attacked(two, "averaging", &["--channel", "stochastic:60s+fresh", "--draws", "60"]);
    let found = &ran["averaging"][0];
    assert_eq!((&found["after_endless_plays"], &found["plays_to_half"]), (&json!(1.0), &json!(13_830)));
    // Ten of B at 1 min alone are one in a thousand.
    assert_eq!(found["by_plays"][3]["rate"], json!(1.0));

    let none = attacked(two, "averaging", &["--duration", "floor:1min"]);
    assert!(none["not_applicable"].as_str().is_some_and(|reason| reason.contains("--channel")), "{none}");
    let folder = Folder::new();
    folder.write("in.csv", two);
    for (channel, word) in
        [("floor:60s", "stochastic:60s"), ("noise:9e9@1s", "epsilon"), ("stochastic:0s", "width")]
    {
        folder.refused(&["attack", "averaging", "--catalogue", "in.csv", "--channel", channel], &[word]);
    }
}
