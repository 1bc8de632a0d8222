//! `recommend` and what follows from its policy; `attack`.

use serde_json::Value;

use crate::tool::{Folder, json};

fn synthetic(titles: &str) -> Folder {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", titles, "-o", "in.parquet"]).ok();
    folder
}

/// The first word of a limit, as a reason.
fn limits(limits: &[&'static str]) -> Vec<&'static str> {
    limits.iter().flat_map(|limit| ["--limit", limit]).collect()
}

#[test]
fn limits_that_can_be_met_make_a_policy() {
    let folder = synthetic("3000");
    let loose = limits(&[
        "k_titles=3",
        "k_series=2",
        "exposed_share=0.05",
        "largest_title_share@0.2=0.2",
        "largest_title_share_plays@0.8=0.2",
        "title_uniform=0.3",
    ]);
    let recommend = ["recommend", "--catalogue", "in.parquet", "-o", "policy.toml", "--json"];
    let chosen = json(&folder.run(&[&recommend[..], &loose].concat()).ok());
    assert_eq!((&chosen["schema"], &chosen["holds"]), (&"coarsen.recommend/1".into(), &true.into()));
    assert!(!chosen["neighbors"].as_array().unwrap().is_empty());
    let shapes = chosen["shapes"].as_array().unwrap();
    let shape = shapes.iter().find(|shape| shape["shape"] == chosen["chosen"]).expect("the chosen shape");

    let policy = String::from_utf8(folder.read("policy.toml")).unwrap();
    assert!(policy.contains("coarsen.policy/1") && policy.contains("k_titles = 3"), "{policy}");
    let measured = folder.measure("in.parquet", &["--policy", "policy.toml"]);
    // The policy says what the choice measured.
    let pings = shape["pings"].as_array().unwrap();
    let found: Vec<&Value> = match measured["pings"].as_array() {
        Some(pings) => pings.iter().collect(),
        None => vec![&measured],
    };
    assert_eq!(found.len(), pings.len());
    for (found, ping) in found.iter().zip(pings) {
        assert_eq!(found["ping"], ping["ping"]);
        assert_eq!(found["generalization"], ping["generalization"]);
        assert_eq!(found["distortion"], ping["distortion"]);
        assert_eq!(found["reidentification"], ping["measures"]["reidentification"]);
    }
    // And a part of it can be measured or attacked alone.
    let name = pings[0]["ping"].as_str().unwrap();
    let alone = folder.measure("in.parquet", &["--policy", "policy.toml", "--ping", name]);
    assert_eq!(alone["ping"], name);
    let attack =
        ["attack", "linkage", "--catalogue", "in.parquet", "--policy", "policy.toml", "--draws", "2000"];
    folder.run(&attack).ok();
}

#[test]
fn limits_that_can_t_be_met_make_none() {
    let folder = synthetic("300");
    folder.write("policy.toml", "old");
    let impossible = limits(&["k_titles=1000000", "exposed_share=0"]);
    let recommend = ["recommend", "--catalogue", "in.parquet", "-o", "policy.toml", "--shape", "split"];
    let before = folder.listing();
    let ran = folder.run(&[&recommend[..], &impossible].concat());
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stdout.contains("No candidate meets the limits. The nearest"), "{}", ran.stdout);
    assert!(ran.stdout.contains("split: length") && ran.stdout.contains("duration "), "{}", ran.stdout);
    assert!(ran.stdout.contains("breaks exposed_share (1.0000 over 0)"), "{}", ran.stdout);
    assert!(ran.stderr.contains("no policy was written"), "{}", ran.stderr);
    let ran = folder.run(&[&recommend[..], &impossible, &["--json"]].concat());
    assert_eq!(ran.code, Some(1));
    let found = json(&ran.stdout);
    assert_eq!(found["holds"], false);
    for ping in found["shapes"][0]["pings"].as_array().unwrap() {
        assert_eq!((&ping["holds"], &ping["breaches"][0]["limit"]), (&false.into(), &"exposed_share".into()));
    }
    assert!(folder.listing() == before, "nothing was written");
}

#[test]
fn attacks_agree_with_the_measures() {
    let folder = synthetic("500");
    for what in [
        &["--duration", "floor:5min", "--bitrate", "log:1"][..],
        &["--duration", "floor:1min", "--by", "resolution,video_codec"],
        &["--duration", "drop"],
    ] {
        let args = [&["attack", "linkage", "--catalogue", "in.parquet", "--json", "--draws", "20000"], what]
            .concat();
        let attack = json(&folder.run(&args).ok());
        let measured = folder.measure("in.parquet", what);
        assert_eq!(attack["schema"], "coarsen.attack/1");
        assert_eq!(attack["attacks"][0]["attacker"], "linkage");
        let trials = attack["attacks"][0]["linkage"].as_array().unwrap();
        assert_eq!(trials.len(), 4);
        for trial in trials {
            let (target, prior) = (trial["target"].as_str().unwrap(), trial["prior"].as_str().unwrap());
            assert_eq!(
                trial["closed_form"], measured["reidentification"][target][prior],
                "{target}, {prior}"
            );
            assert_eq!(trial["agrees"], true);
            let [rate, closed] = ["rate", "closed_form"].map(|key| trial[key].as_f64().unwrap());
            // Five standard errors of 20,000 draws at most.
            assert!(
                (rate - closed).abs() <= 5.0 * 0.5 / 20_000f64.sqrt(),
                "{target}, {prior}: {rate}, {closed}"
            );
        }
    }
}
