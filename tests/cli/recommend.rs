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
fn sparse_corners_leave_as_other_and_are_judged_as_a_class() {
    let folder = synthetic("500");
    let loose = limits(&["k_titles=4", "k_series=2", "exposed_share=0.01", "title_uniform=0.3"]);
    let loose = [&loose[..], &limits(&["largest_title_share@0.2=none"])].concat();
    let recommend = ["recommend", "--catalogue", "in.parquet", "--shape", "bare", "-o", "policy.toml"];
    let plain = json(&folder.run(&[&recommend[..], &loose, &["--json"]].concat()).ok());
    assert!(plain.get("other").is_none());
    let with = [&recommend[..], &loose, &["--other", "20"]].concat();
    let chosen = json(&folder.run(&[&with[..], &["--json"]].concat()).ok());
    let (other, ping) = (&chosen["other"], &chosen["shapes"][0]["pings"][0]);
    assert_eq!(other["without"]["distortion"], plain["shapes"][0]["distortion"]);
    let [less, more] = [&other["distortion"], &other["without"]["distortion"]].map(|d| d.as_f64().unwrap());
    assert!(less < more, "{other}");
    let boxes = other["pings"][0]["boxes"].as_array().unwrap().len();
    assert!((1..=20).contains(&boxes), "{other}");

    // The policy says the same to whoever reads it, and an attacker who runs agrees.
    let measured = folder.measure("in.parquet", &["--policy", "policy.toml"]);
    assert_eq!(measured["generalization"], ping["generalization"]);
    assert_eq!(measured["generalization"]["other"], boxes);
    assert_eq!(measured["distortion"], ping["distortion"]);
    assert_eq!(measured["distortion"]["other_share"], other["pings"][0]["files"]);
    assert_eq!(measured["reidentification"], ping["measures"]["reidentification"]);
    assert_eq!(measured["classes"], ping["measures"]["classes"]);
    let attack = ["attack", "linkage", "--catalogue", "in.parquet", "--policy", "policy.toml", "--json"];
    let attacked = json(&folder.run(&[&attack[..], &["--draws", "20000"]].concat()).ok());
    let trials = attacked["attacks"][0]["linkage"].as_array().unwrap();
    assert!(trials.iter().all(|trial| trial["agrees"] == true));
    for trial in trials.iter().filter(|trial| trial["target"] == "file" || trial["target"] == "title") {
        let (target, prior) = (trial["target"].as_str().unwrap(), trial["prior"].as_str().unwrap());
        assert_eq!(trial["closed_form"], measured["reidentification"][target][prior]);
    }
    let text = folder.run(&with).ok();
    assert!(text.contains("Sparse joint buckets as `other`: distortion "), "{text}");
    assert!(text.contains("of the files leave as `other`"), "{text}");
}

#[test]
fn a_robust_choice_says_where_it_holds() {
    let folder = synthetic("600");
    let loose = limits(&["k_titles=3", "k_series=2", "exposed_share=0.02", "title_uniform=0.4"]);
    let loose = [&loose[..], &limits(&["largest_title_share@0.2=none"])].concat();
    let recommend =
        [&["recommend", "--catalogue", "in.parquet", "--shape", "split", "-o", "policy.toml"][..], &loose]
            .concat();
    let robust = [&recommend[..], &["--robust", "--robust-least", "1000", "--grow", "mixed"]].concat();
    let found = json(&folder.run(&[&robust[..], &["--json"]].concat()).ok());
    let (held, distortion) = (&found["robust"], |v: &Value| v["distortion"].as_f64().unwrap());
    assert_eq!(held["share"], 0.9);
    assert_eq!(held["chosen"]["distortion"], found["shapes"][0]["distortion"]);
    assert!(distortion(&held["chosen"]) >= distortion(&held["plain"]));
    for ping in held["chosen"]["pings"].as_array().unwrap() {
        let groups = ping["groups"].as_array().unwrap();
        let names: Vec<&str> = groups.iter().map(|group| group["group"].as_str().unwrap()).collect();
        let grown = ["2 times the titles, by mixed", "10 times the titles, by mixed"];
        assert_eq!(names, ["1000 files", "halves", grown[0], grown[1]]);
        // 9 of 10 halves, and of 5 samples and 2 grown catalogues all.
        let [halves, sizes] = [&groups[1..2], &[&groups[..1], &groups[2..]].concat()].map(|groups| {
            let sum = |key: &str| groups.iter().map(|group| group["all"][key].as_u64().unwrap()).sum::<u64>();
            (sum("holds"), sum("of"))
        });
        assert!(halves.0 >= 9 && halves.1 == 10 && sizes == (7, 7), "{ping}");
        assert!(groups.iter().all(|group| group["by_kind"]["movie"]["of"].as_u64() > Some(0)));
    }
    let text = folder.run(&[&recommend[..], &["--robust", "0.9"]].concat()).ok();
    assert!(text.contains("Holds elsewhere, the choice, held to 90.0 % of those marked *"), "{text}");
    assert!(text.contains("length: halves *") && text.contains("movie alone"), "{text}");

    let hopeless = limits(&["k_titles=150", "exposed_share=0", "title_uniform=0.9"]);
    let ran = folder.run(&[&robust[..], &hopeless].concat());
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    for (args, reason) in [
        (&["--robust", "2"][..], "--robust 2 must be a share between 0 and 1"),
        (&["--robust", "--grow", "nothing.csv"], "nothing.csv"),
        (&["--robust", "--other", "3"], "cannot be used with"),
        (&["--grow", "mixed"], "--robust"),
    ] {
        let ran = folder.run(&[&recommend[..], args].concat());
        assert!(ran.code == Some(2) && ran.stderr.contains(reason), "{args:?}: {}", ran.stderr);
    }
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
        // File, title, series and genre.
        assert_eq!(trials.len(), 8);
        for trial in trials {
            let (target, prior) = (trial["target"].as_str().unwrap(), trial["prior"].as_str().unwrap());
            if ["file", "title"].contains(&target) {
                assert_eq!(
                    trial["closed_form"], measured["reidentification"][target][prior],
                    "{target}, {prior}"
                );
            }
            assert_eq!(trial["top3"]["agrees"], true);
            assert!(trial["top3"]["closed_form"].as_f64() >= trial["closed_form"].as_f64());
            assert!(trial["control_entropy_bits"].as_f64() >= trial["entropy_bits"].as_f64());
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
