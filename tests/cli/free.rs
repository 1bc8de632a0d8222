//! `recommend --shape free`.

use crate::tool::{Folder, SMALL, json};

const LOOSE: [&str; 12] = [
    "--limit",
    "k_titles=3",
    "--limit",
    "k_series=2",
    "--limit",
    "exposed_share=0.05",
    "--limit",
    "largest_title_share@0.2=0.2",
    "--limit",
    "largest_title_share_plays@0.8=0.2",
    "--limit",
    "title_uniform=0.3",
];

/// Episodes of 10 to 30 min at 1 to 3 Mbps: the readable grid has few edges there, so the program is quick unoptimized.
fn episodes(titles: u32) -> String {
    let row = |title: u32| {
        let (seconds, kbps) = (600 + title * 7919 % 1200, 1000 + title * 104_729 % 2000);
        let resolution = if kbps > 1800 { "1080p" } else { "720p" };
        format!("{title},{},episode,{seconds}000,{kbps}000,{resolution}\n", title / 4)
    };
    let header = "title_id,series_id,kind,duration_ms,bitrate_bps,resolution\n".to_owned();
    (0..titles).fold(header, |text, title| text + &row(title))
}

fn recommend<'a>(rest: &[&'a str]) -> Vec<&'a str> {
    let verb = ["recommend", "--shape", "free", "--catalogue", "in.csv", "-o", "policy.toml"];
    [&verb, rest].concat()
}

#[test]
fn free_edges_are_written_measured_and_bounded() {
    let folder = Folder::new();
    folder.write("in.csv", episodes(300)).write("other.csv", episodes(200));
    let args = [&LOOSE[..], &["--by", "resolution", "--nodes", "40"]].concat();
    let judged = [&args[..], &["--judge", "other.csv", "--json"]].concat();
    let found = json(&folder.run(&recommend(&judged)).ok());
    assert_eq!((&found["chosen"], &found["holds"]), (&"free".into(), &true.into()));
    let names: Vec<&str> =
        found["shapes"].as_array().unwrap().iter().map(|s| s["shape"].as_str().unwrap()).collect();
    assert_eq!(names, ["free", "bare"]);
    assert_eq!(found["judges"].as_array().unwrap().len(), 1);

    let number =
        |key: &str| found["free"][key].as_f64().unwrap_or_else(|| panic!("{key}: {}", found["free"]));
    let (loss, bound) = (number("distortion"), number("lower_bound"));
    assert!(bound <= loss && (loss - bound - number("gap")).abs() < 1e-12);
    assert!(number("nodes") <= 40.0);
    let price = found["free"]["snapping"]["price_at_least"].as_f64().expect("a price");
    assert!(price >= -1e-12);

    // The policy holds the same edges, written as people read them, and measures the same.
    let ping = &found["shapes"][0]["pings"][0];
    let measured = folder.measure("in.csv", &["--policy", "policy.toml"]);
    assert_eq!(measured["generalization"], ping["generalization"]);
    assert_eq!(measured["distortion"]["total"], found["free"]["distortion"]);
    assert_eq!(ping["generalization"]["by"], serde_json::json!(["resolution"]));
    let policy = String::from_utf8(folder.read("policy.toml")).unwrap();
    // The edges that were chosen are those of the file's own fields that are derived from nothing.
    let is_chosen = |field: &&str| field.contains("about = \"media\"");
    let chosen: String = policy.split("[[field]]").filter(is_chosen).collect();
    assert!(chosen.contains("rounding = \"edges:") && !chosen.contains("00ms"), "{policy}");

    let text = folder.run(&recommend(&args)).ok();
    for words in ["Chosen: free", "Free edges: distortion", "bare: play", "readable"] {
        assert!(text.contains(words), "{words} is not in: {text}");
    }
}

#[test]
fn impossible_limits_are_proved_to_be_so() {
    let folder = Folder::new();
    folder.write("in.csv", episodes(100));
    let impossible = ["--limit", "k_titles=1000000", "--limit", "exposed_share=0"];
    let ran = folder.run(&recommend(&impossible));
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stdout.contains("no edges of the readable grid meet the limits (proved)"), "{}", ran.stdout);
    let ran = folder.run(&recommend(&[&impossible[..], &["--json"]].concat()));
    let found = json(&ran.stdout);
    assert_eq!((ran.code, &found["holds"], &found["free"]["proved"]), (Some(1), &false.into(), &true.into()));
    assert!(found["free"]["lower_bound"].is_null() && !folder.path("policy.toml").exists());
}

#[test]
fn flags_of_free_edges_elsewhere_are_refused() {
    let folder = Folder::new();
    folder.write("in.csv", SMALL);
    let bare = ["recommend", "--catalogue", "in.csv", "-o", "policy.toml", "--shape", "bare"];
    folder.refused(&[&bare[..], &["--nodes", "5"]].concat(), &["--nodes", "--shape free"]);
    folder.refused(&[&bare[..], &["--by", "resolution"]].concat(), &["--by", "--shape free"]);
    let free = ["recommend", "--catalogue", "in.csv", "-o", "policy.toml", "--shape", "free"];
    folder.refused(&[&free[..], &["--by", "resolution"]].concat(), &["the catalogue has no `resolution`"]);
    folder.refused(&[&free[..], &["--by", "colour"]].concat(), &["colour", "resolution"]);
}
