//! `coarsen diagnose`, and `recommend` where plays choose.

use coarsen::telemetry::plays::{Number, Plays, Switch, Text, read, write};
use serde_json::Value;

use crate::tool::{Folder, json};

const PLAYBACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/policies/playback.toml");

/// A catalogue and plays of it.
fn folder(opt_out: &str) -> Folder {
    folder_of("20", "1500", opt_out)
}

/// The same of that many servers and plays.
fn folder_of(servers: &str, plays: &str, opt_out: &str) -> Folder {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", "300", "--seed", "3", "-o", "in.parquet"]).ok();
    folder
        .run(&[
            "plays",
            "simulate",
            "--catalogue",
            "in.parquet",
            "--servers",
            servers,
            "--plays",
            plays,
            "--opt-out",
            opt_out,
            "-o",
            "plays.parquet",
        ])
        .ok();
    folder
}

const SPARING: [&str; 4] = ["--resamples", "50", "--replicas", "100"];

/// Limits that a small catalogue meets.
const LOOSE: [&str; 12] = [
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
    assert_eq!((&report["schema"], &report["leaving"]), (&"coarsen.diagnose/1".into(), &1500.into()));
    for question in ["features", "skip-found", "startup", "errors", "media", "formats"] {
        assert_eq!(outcome(&report, question), "as_before", "{question}");
    }
    let lost = report["questions"].as_array().expect("questions").iter().filter(|q| q["ping"].is_null());
    assert_eq!(lost.count(), 0, "every question has a ping that holds its columns");
    assert_eq!(report["faults"].as_array().map(Vec::len), Some(3));
    let text = folder
        .run(&[&["diagnose", "--plays", "plays.parquet", "--policy", PLAYBACK][..], &SPARING].concat())
        .ok();
    for said in [
        "of 12 questions",
        "skip-found",
        "sample-size ratio",
        "Wasserstein-1",
        "value untested",
        "least fault found",
        "information of",
        "left alone",
    ] {
        assert!(text.contains(said), "no {said} in {text}");
    }
}

#[test]
fn keep_answers_all_and_drop_loses_what_asks_for_numbers() {
    // Enough plays for stalls to differ by more than their margin.
    let folder = folder_of("40", "6000", "0");
    let sides = "resolution,video_codec,audio_codec,container,kind";
    let kept = diagnose(&folder, &["--duration", "keep", "--bitrate", "keep", "--by", sides]);
    assert!(kept["questions"].as_array().expect("questions").iter().all(|q| q["outcome"] == "as_before"));
    let dropped = diagnose(&folder, &["--duration", "drop", "--by", sides]);
    for question in ["stall-rate", "completion-by-length", "startup-by-length"] {
        assert_eq!(outcome(&dropped, question), "lost", "{question}");
    }
    // So few transcodes differ by less than its margin: nothing is said of it, lost or not.
    assert_eq!(outcome(&dropped, "keeps-up"), "untested");
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

/// Whatever servers that opted out played, and whether it is there at all.
#[test]
fn plays_of_who_opted_out_change_no_byte() {
    let folder = folder("0.5");
    let place = |name: &str| folder.path(name);
    let plays = read(&place("plays.parquet")).expect("plays");
    let out = |play| plays.switch(Switch::Playback)[play] == Some(false);
    let left = plays.only(|play| !out(play));
    assert!(!left.is_empty() && left.len() < plays.len());
    // The same who stay, and those who don't play something else, twice.
    let mut other: Plays = left.only(|_| true);
    for _ in 0..2 {
        for play in (0..plays.len()).filter(|play| out(*play)) {
            let mut row = plays.row(play);
            row[Number::DurationMs] = Some(1);
            row[Number::Stalls] = Some(9);
            row[Text::Platform] = Some("toaster");
            other.push(&row);
        }
    }
    write(&place("left.parquet"), &left).expect("written");
    write(&place("other.parquet"), &other).expect("written");
    let policy: &[&str] = &["--policy", PLAYBACK, "--as-of", "2026-11-24"];
    let flags: &[&str] = &["--duration", "log:8", "--bitrate", "log:2", "--by", "video_codec"];
    for what in [policy, flags] {
        let told = |file: &str| {
            let head = ["diagnose", "--plays", file];
            let text = folder.run(&[&head[..], what, &SPARING].concat()).ok();
            text + &folder.run(&[&head[..], what, &SPARING, &["--json"]].concat()).ok()
        };
        let all = told("plays.parquet");
        assert_eq!(all, told("left.parquet"));
        assert_eq!(all, told("other.parquet"));
    }
    let recommended = |file: &str| {
        let args = ["recommend", "--catalogue", "in.parquet", "--shape", "split", "-o", "p.toml", "--json"];
        let told = folder.run(&[&args[..], &LOOSE, &["--plays", file]].concat()).ok();
        told + &String::from_utf8_lossy(&folder.read("p.toml"))
    };
    let all = recommended("plays.parquet");
    assert_eq!(all, recommended("left.parquet"));
    assert_eq!(all, recommended("other.parquet"));
    let described = |file: &str| {
        let mut told = json(&folder.run(&["plays", "describe", file, "--json"]).ok());
        told["description"]["opted_out_servers"].take();
        told
    };
    assert_eq!(described("plays.parquet"), described("left.parquet"));
    assert_eq!(described("plays.parquet"), described("other.parquet"));
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
    let recommend = |more: &[&str]| {
        let args = [
            &["recommend", "--catalogue", "in.parquet", "--shape", "split", "-o", "p.toml"],
            &LOOSE[..],
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
