//! `coarsen diagnose`, and `recommend` where plays choose.

use serde_json::Value;

use crate::tool::{Folder, json};

const PLAYBACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/policies/playback.toml");

/// A catalogue and plays of it.
fn folder(opt_out: &str) -> Folder {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", "300", "--seed", "3", "-o", "in.parquet"]).ok();
    folder
        .run(&[
            "plays",
            "simulate",
            "--catalogue",
            "in.parquet",
            "--servers",
            "20",
            "--plays",
            "1500",
            "--opt-out",
            opt_out,
            "-o",
            "plays.parquet",
        ])
        .ok();
    folder
}

const SPARING: [&str; 4] = ["--resamples", "50", "--replicas", "100"];

fn diagnose(folder: &Folder, what: &[&str]) -> Value {
    let args = [&["diagnose", "--plays", "plays.parquet"], what, &SPARING, &["--json"]].concat();
    json(&folder.run(&args).ok())
}

fn outcome(report: &Value, name: &str) -> String {
    let questions = report["questions"].as_array().expect("questions");
    let question = questions.iter().find(|question| question["question"] == name).expect(name);
    question["outcome"].as_str().expect("an outcome").to_owned()
}

#[test]
fn the_policy_that_ships_answers_what_it_is_for() {
    let folder = folder("0");
    let report = diagnose(&folder, &["--policy", PLAYBACK, "--as-of", "2026-11-24"]);
    assert_eq!((&report["schema"], &report["plays"]), (&"coarsen.diagnose/1".into(), &1500.into()));
    for question in ["features", "skip-found", "startup", "errors", "media", "formats"] {
        assert_eq!(outcome(&report, question), "as_before", "{question}");
    }
    let lost = report["questions"].as_array().expect("questions").iter().filter(|q| q["ping"].is_null());
    assert_eq!(lost.count(), 0, "every question has a ping that holds its columns");
    assert_eq!(report["faults"].as_array().map(Vec::len), Some(3));
    let text = folder
        .run(&[&["diagnose", "--plays", "plays.parquet", "--policy", PLAYBACK][..], &SPARING].concat())
        .ok();
    for said in ["of 12 questions", "skip-found", "sample-size ratio", "Wasserstein-1", "value untested"] {
        assert!(text.contains(said), "no {said} in {text}");
    }
}

#[test]
fn keep_answers_all_and_drop_loses_what_asks_for_numbers() {
    let folder = folder("0");
    let sides = "resolution,video_codec,audio_codec,container,kind";
    let kept = diagnose(&folder, &["--duration", "keep", "--bitrate", "keep", "--by", sides]);
    assert!(kept["questions"].as_array().expect("questions").iter().all(|q| q["outcome"] == "as_before"));
    let dropped = diagnose(&folder, &["--duration", "drop", "--by", sides]);
    for question in ["stall-rate", "keeps-up", "completion-by-length", "startup-by-length"] {
        assert_eq!(outcome(&dropped, question), "lost", "{question}");
    }
    let long = dropped["faults"].as_array().expect("faults").iter().find(|f| f["family"] == "long-titles");
    assert!(long.is_some_and(|fault| fault["outcome"] == "lost" || fault["outcome"] == "untested"));
}

#[test]
fn a_question_of_one_s_own_is_asked_beside_the_others() {
    let folder = folder("0");
    folder.write(
        "mine.toml",
        "[[question]]\nname = \"kinds\"\nasks = \"What is played?\"\nstatistic = \"plays\"\nby = [{ column = \"kind\" }]\nmargin = 0.0\n",
    );
    let report = diagnose(&folder, &["--by", "kind", "--questions", "mine.toml"]);
    assert_eq!(outcome(&report, "kinds"), "as_before");
}

#[test]
fn who_opted_out_is_in_nothing() {
    let folder = folder("0.5");
    let report = diagnose(&folder, &["--policy", PLAYBACK, "--as-of", "2026-11-24"]);
    let leaving = report["leaving"].as_u64().expect("a count");
    assert!(leaving > 0 && leaving < 1500);
    let asked = report["questions"].as_array().expect("questions").iter();
    assert!(asked.filter_map(|q| q["figures"]["plays"].as_u64()).all(|plays| plays <= leaving));
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let folder = folder("1");
    folder.write("bad.toml", "[[question]]\nname = \"q\"\n");
    folder.write(
        "taken.toml",
        "[[question]]\nname = \"features\"\nasks = \"What?\"\nstatistic = \"plays\"\nby = [{ column = \"kind\" }]\nmargin = 0.0\n",
    );
    let refusals: [(&[&str], &str); 6] = [
        (
            &["--policy", PLAYBACK, "--as-of", "2026-11-24"],
            "no play leaves: tell who consents with --consent",
        ),
        (&[], "nothing says what leaves"),
        (&["--duration", "quantile:20"], "quantile"),
        (&["--by", "kind", "--questions", "bad.toml"], "asks"),
        (&["--by", "kind", "--questions", "taken.toml"], "features is the name of a built-in question"),
        (&["--by", "kind", "--questions", "none.toml"], "none.toml"),
    ];
    for (what, says) in refusals {
        let ran = folder.run(&[&["diagnose", "--plays", "plays.parquet"], what].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{what:?}");
        assert!(ran.stderr.contains(says), "{what:?}: {}", ran.stderr);
    }
    let consenting = ["--policy", PLAYBACK, "--as-of", "2026-11-24", "--consent", "playback,features,crash"];
    assert_eq!(diagnose(&folder, &consenting)["leaving"], 1500);
}

#[test]
fn plays_choose_what_keeps_the_questions() {
    let folder = folder("0");
    let loose = [
        "--limit",
        "k_titles=2",
        "--limit",
        "k_series=1",
        "--limit",
        "exposed_share=0.3",
        "--limit",
        "largest_title_share@0.2=1",
        "--limit",
        "largest_title_share_plays@0.8=1",
        "--limit",
        "title_uniform=0.9",
    ];
    let recommend = |more: &[&str]| {
        let args = [
            &["recommend", "--catalogue", "in.parquet", "--shape", "split", "-o", "p.toml"],
            &loose[..],
            more,
        ];
        folder.run(&args.concat())
    };
    let by_value = json(&recommend(&["--plays", "plays.parquet", "--json"]).ok());
    let by_distortion = json(&recommend(&["--json"]).ok());
    assert!(by_distortion["shapes"][0].get("worth").is_none());
    let worth = &by_value["shapes"][0]["worth"];
    assert!(
        worth["lost"].as_u64().is_some() && worth["sample_size_ratio"].as_f64().is_some_and(|r| r >= 1.0)
    );
    // What was chosen by value holds the limits as well.
    assert_eq!(by_value["holds"], true);
    let text = recommend(&["--plays", "plays.parquet"]).ok();
    assert!(text.contains("What the plays still tell"), "{text}");

    for (more, says) in [
        (&["--questions", "mine.toml"][..], "--questions are put to --plays"),
        (&["--plays", "plays.parquet", "--robust"], "--robust chooses by distortion"),
    ] {
        let ran = recommend(more);
        assert_eq!(ran.code, Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains(says), "{}", ran.stderr);
    }
}
