//! `attack library` and `attack membership`.

use serde_json::{Value, json};

use crate::tool::{Folder, SMALL, is_plain, json as parsed};

/// Small enough for a test, large enough that one false alarm in ten shows.
const FEW: [&str; 6] = ["--servers", "30", "--plays", "20", "--draws", "200"];

fn folder() -> Folder {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", "300", "--seed", "3", "-o", "in.parquet"]).ok();
    folder
}

fn run(folder: &Folder, name: &str, more: &[&str]) -> Value {
    let args = [&["attack", name, "--catalogue", "in.parquet", "--json"], &FEW[..], more].concat();
    parsed(&folder.run(&args).ok())["attacks"][0].take()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a Vec<Value> {
    value[key].as_array().unwrap_or_else(|| panic!("no {key} in {value:#}"))
}

#[test]
fn libraries_single_out_their_servers() {
    let folder = folder();
    let ran = run(&folder, "library", &["--duration", "floor:5min"]);
    let library = &ran["library"];
    assert_eq!(
        (&library["servers"], &library["plays"], &library["agrees"]),
        (&json!(30), &json!(20), &json!(true))
    );
    assert_eq!(library["blind"], json!(1.0 / 30.0));
    assert!(library["most_titles"].as_u64().is_some_and(|most| (140..=150).contains(&most)), "{library}");
    let by_prior = list(library, "by_prior");
    assert_eq!(by_prior.iter().map(|of| of["prior"].clone()).collect::<Vec<_>>(), ["uniform", "popularity"]);
    for of in by_prior {
        let [released, baseline, control] = ["released", "baseline", "control"]
            .map(|side| (list(&of[side], "unicity"), list(&of[side], "linkage")));
        let points: Vec<u64> = released.0.iter().filter_map(|of| of["points"].as_u64()).collect();
        assert_eq!(points, [1, 2, 3, 4, 5, 8, 12]);
        // Every library has 50 titles at least.
        assert!(released.0.iter().all(|of| of["servers"] == 30 && of["left_out"] == 0 && of["draws"] == 300));
        assert!(control.0.iter().all(|of| of["unique"] == 0));
        assert!(control.1.iter().all(|of| of["precision"]["draws"] == 0 && of["recall"]["draws"] == 30));
        assert!(released.0[6]["rate"].as_f64() < baseline.0[6]["rate"].as_f64(), "{of:#}");
        assert!(baseline.0[6]["rate"].as_f64() > Some(0.9), "twelve files as they are name a server: {of:#}");
        // Better than blind, by its interval.
        assert!(baseline.1[0]["recall"]["low"].as_f64() > Some(1.0 / 30.0), "{of:#}");
        assert_eq!(released.1[0]["false_acceptance"]["draws"], 30);
    }
    let linked = list(library, "linked_plays");
    assert_eq!(linked.len(), 12);
    for rows in linked.chunk_by(|a, b| a["prior"] == b["prior"]) {
        let plays: Vec<u64> = rows.iter().filter_map(|row| row["plays"].as_u64()).collect();
        assert_eq!(plays, [1, 2, 3, 5, 8, 12]);
        assert!(rows.iter().all(|row| row["draws"] == 200 && row["control"] == json!(1.0 / 30.0)));
        assert!(rows[0]["closed_form"].as_f64() > Some(1.0 / 30.0) && rows[1]["closed_form"].is_null());
        // Twelve plays tell the server far better than one, and raw values no worse.
        let interval = |row: &Value, end: &str| row[end].as_f64().expect("a share");
        assert!(interval(&rows[5], "low") > interval(&rows[0], "high"), "{rows:#?}");
        assert!(rows.iter().all(|row| interval(row, "baseline") >= interval(row, "low")), "{rows:#?}");
    }
    // What is kept is the baseline; another seed draws other servers.
    let by = "resolution,video_codec,audio_codec,container";
    let kept = run(&folder, "library", &["--duration", "keep", "--bitrate", "keep", "--by", by]);
    let of = &list(&kept["library"], "by_prior")[0];
    assert_eq!(of["released"], of["baseline"]);
    assert_eq!(of["baseline"], by_prior[0]["baseline"]);
    let other = run(&folder, "library", &["--duration", "floor:5min", "--seed", "2"]);
    assert!(other["library"] != ran["library"]);
}

#[test]
fn holders_of_a_file_are_found() {
    let folder = folder();
    let found = run(&folder, "membership", &["--duration", "floor:5min", "--repeats", "2"]);
    let membership = &found["membership"];
    assert_eq!((&membership["servers"], &membership["repeats"]), (&json!(60), &json!(2.0)));
    assert_eq!(membership["agrees"], json!(true));
    let tried = list(membership, "tried");
    let sorts: Vec<&str> = tried.iter().filter_map(|of| of["sought"].as_str()).collect();
    assert_eq!(&sorts[..4], ["popular", "niche", "unique", "exposed"]);
    assert_eq!((&sorts[..4], tried.len()), (&sorts[4..], 8));
    for of in tried {
        let curve = list(of, "curve");
        assert_eq!(
            curve.iter().filter_map(|of| of["false_alarms"].as_f64()).collect::<Vec<_>>(),
            [0.1, 0.01, 1e-3, 1e-4]
        );
        for point in curve {
            let [alarms, closed, control, baseline] = ["false_alarms", "closed_form", "control", "baseline"]
                .map(|key| point[key].as_f64().expect("a rate"));
            assert!(alarms <= control && control <= closed + 1e-9 && closed <= baseline + 1e-9, "{point}");
            // 200 servers can show one false alarm in a hundred, not one in a thousand.
            assert_eq!(point["trial"].is_null(), alarms < 0.01, "{point}");
            assert_eq!(point["false_trial"].is_null(), alarms < 0.01, "{point}");
            assert!(alarms > 0.05 || point["owners"].is_null(), "60 servers can't show it: {point}");
        }
    }
    // Twice played, a file that nobody shares a bucket with is found by all who play it at all.
    let unique = list(&tried[2], "curve")[0]["baseline"].as_f64().expect("a rate");
    assert!((unique - (1.0 - 0.9 * (-2f64).exp())).abs() < 1e-9, "{unique}");
}

#[test]
fn tables_are_for_people() {
    let folder = folder();
    for (name, words) in [
        ("library", ["files known", "singled out", "newcomers linked", "a blind guess is right for 3.33 %"]),
        (
            "membership",
            ["unique files, popularity prior", "closed form", "among libraries", "too few servers"],
        ),
    ] {
        let args = ["attack", name, "--catalogue", "in.parquet", "--duration", "floor:5min"];
        let text = folder.run(&[&args, &FEW[..]].concat()).ok();
        for word in words {
            assert!(text.contains(word), "`{word}` is not in {text}");
        }
        assert!(is_plain(&text));
    }
}

/// Side fields are attacked as they are told: in groups they tell less.
#[test]
fn groups_are_attacked_as_groups() {
    let folder = folder();
    let policy = |rounding: &str| {
        format!(
            r#"
schema = "coarsen.policy/1"
name = "p"
version = 1
[[field]]
name = "resolution"
type = "category"
rounding = "{rounding}"
consent = "playback"
purpose = "Stalls."
sensitivity = "low"
expires = "2031-12-31"
"#
        )
    };
    folder.write("kept.toml", policy("keep"));
    folder.write("groups.toml", policy("groups:SD=480p|576p,HD=720p|1080p|2160p"));
    let others = |file: &str| {
        let found = run(&folder, "membership", &["--policy", file]);
        assert_eq!(found["membership"]["agrees"], json!(true));
        list(&found["membership"], "tried")[0]["others"][0].as_f64().expect("plays")
    };
    assert!(others("kept.toml") < others("groups.toml"));
}

#[test]
fn a_small_catalogue_has_no_servers() {
    let folder = Folder::new();
    folder.write("in.csv", SMALL);
    for name in ["library", "membership"] {
        let args = ["attack", name, "--catalogue", "in.csv", "--duration", "floor:1s", "--json"];
        let found = parsed(&folder.run(&args).ok())["attacks"][0].take();
        let reason = found["not_applicable"].as_str().expect("a reason");
        assert!(reason.contains("3 titles") && reason.contains("100"), "{reason}");
        assert!(found.get(name).is_none());
    }
}

#[test]
fn bad_settings_are_refused() {
    let folder = Folder::new();
    folder.write("in.csv", SMALL);
    for (flag, value) in [
        ("--servers", "1"),
        ("--servers", "10001"),
        ("--plays", "0"),
        ("--repeats", "0"),
        ("--repeats", "NaN"),
    ] {
        let args = ["attack", "membership", "--catalogue", "in.csv", "--duration", "keep", flag, value];
        folder.refused(&args, &[flag]);
    }
}
