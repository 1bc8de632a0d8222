//! `measure --json`: the keys that scripts rely on, and every value computed by hand.

use serde_json::{Value, json};

use crate::tool::Folder;

/// Six files of four titles. With durations in steps of 10 min, bit rates in steps of 1 Mbit/s and the resolution
/// they make three classes:
///
/// | class | bucket of the duration | of the bit rate | files: title, plays |
/// | --- | --- | --- | --- |
/// | X | 20-30 min | 1-2 Mbit/s, 720p | A 600, A 390, B 990 |
/// | Y | 50-60 min | 4-5 Mbit/s, 1080p | C 12, C 3 |
/// | Z | 230-240 min | unknown, 2160p | D 5 |
///
/// In all 6 files and 600 + 390 + 990 + 12 + 3 + 5 = 2000 plays.
const SIX: &str = "\
file_id,title_id,series_id,kind,duration_ms,bitrate_bps,resolution,popularity
1,A,S,episode,1250000,1500000,720p,600
2,A,S,episode,1500000,1200000,720p,390
3,B,,movie,1740000,1900000,720p,990
4,C,S,movie,3300000,4500000,1080p,12
5,C,S,movie,3310000,4600000,1080p,3
6,D,,movie,14000000,,2160p,5
";

fn six() -> Folder {
    let folder = Folder::new();
    folder.write("six.csv", SIX);
    folder
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// Equal, numbers but for rounding.
#[track_caller]
fn assert_near(found: &Value, expected: &Value, at: &str) {
    match (found, expected) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{at}: {a}, not {b}");
        }
        (Value::Object(_), Value::Object(_)) => {
            assert_eq!(keys(found), keys(expected), "{at}");
            keys(expected)
                .iter()
                .for_each(|key| assert_near(&found[key], &expected[key], &format!("{at}.{key}")));
        }
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{at}");
            a.iter().zip(b).for_each(|(a, b)| assert_near(a, b, at));
        }
        _ => assert_eq!(found, expected, "{at}"),
    }
}

#[test]
fn keys_and_values() {
    let folder = six();
    let args = ["--duration", "floor:10min", "--bitrate", "floor:1Mbps", "--by", "resolution"];
    let found = folder.measure("six.csv", &args);

    // Buckets are 10 min = 1/24 of 4 h wide, so that is the NCP of every duration. Midpoints 1500, 3300 and
    // 14100 s: errors 250 + 0 + 240 + 0 + 10 + 100 = 600 s over 6 files.
    let duration_ncp = 1.0 / 24.0;
    // Bit rate, over the 5 files that have one: 1 to 2 Mbit/s is log2(2) = 1 doubling, 4 to 5 Mbit/s is
    // log2(5/4), of the log2(128000/16) = log2(8000) of the whole range. Midpoints 1.5 and 4.5 Mbit/s: errors
    // 0 + 300 + 400 + 0 + 100 = 800 kbit/s over 5 files.
    let bitrate_ncp = (3.0 + 2.0 * 1.25f64.log2()) / 5.0 / 8000f64.log2();
    // Weights: duration 1, bit rate 1, resolution 0.5; the resolution is kept, so it counts 0.
    let total = (duration_ncp + bitrate_ncp) / 2.5;

    let expected = json!({
        "schema": "coarsen.measure/1",
        "catalogue": {"files": 6, "titles": 4},
        "generalization": {"duration": "floor:10min", "bitrate": "floor:1Mbps", "by": ["resolution"]},
        "classes": 3,
        // The smallest class is Z, with one file.
        "k": {"files": 1, "titles": 1, "series": 1},
        "k_within_budget": [
            // No file may be exposed (0.001 x 6 < 1), and 2 plays; Y and Z, of one title, have 20.
            {"exposed_share": 0.001, "files": 1, "titles": 1, "series": 1, "titles_by_plays": 1},
            // No file (0.01 x 6 < 1), but 20 plays: Y and Z may be, and X has 2 titles.
            {"exposed_share": 0.01, "files": 1, "titles": 1, "series": 1, "titles_by_plays": 2},
        ],
        "largest_title_share": [
            {"at_least": 0.2, "files": 1.0, "plays": 1.0},
            // In X the title A has 2/3 of the files, and each of A and B 990/1980 = just half of the plays.
            {"at_least": 0.5, "files": 1.0, "plays": 1.0},
            // Y and Z: 3 of 6 files, 20 of 2000 plays.
            {"at_least": 0.8, "files": 0.5, "plays": 0.01},
        ],
        // File 6 is alone; files 4, 5 and 6 are in classes of one title.
        "unique_share": {"files": 1.0 / 6.0, "titles": 0.5},
        "reidentification": {
            // One file of each class: 3/6. By plays 990 + 12 + 5 = 1007.
            "file": {"uniform": 0.5, "popularity": 1007.0 / 2000.0},
            // A, C, D: 2 + 2 + 1 of 6. By plays 990 (A as B) + 15 + 5 = 1010.
            "title": {"uniform": 5.0 / 6.0, "popularity": 1010.0 / 2000.0},
        },
        // Y and Z again.
        "confident_share": {"posterior": 0.95, "title": {"uniform": 0.5, "popularity": 0.01}},
        "by_kind": {
            // In X the guess is A: both episodes are named right.
            "episode": {"files": 2, "title_uniform": 1.0, "exposed_share": 1.0},
            // B is not; C, C and D are. All classes are under 20 titles.
            "movie": {"files": 4, "title_uniform": 0.75, "exposed_share": 1.0},
        },
        "distortion": {
            "total": total,
            // 250^2 + 240^2 + 10^2 + 100^2 = 130200 s^2; 300^2 + 400^2 + 100^2 = 260000 (kbit/s)^2.
            "duration": {
                "mean_abs_error_ms": 100_000.0, "mean_squared_error_ms2": 130_200e6 / 6.0, "ncp": duration_ncp,
            },
            "bitrate": {
                "mean_abs_error_bps": 160_000.0, "mean_squared_error_bps2": 260_000e6 / 5.0, "ncp": bitrate_ncp,
            },
        },
    });
    let found_keys = keys(&found);
    for key in keys(&expected) {
        assert!(found_keys.contains(&key), "no key `{key}`");
        assert_near(&found[key], &expected[key], key);
    }
    assert!(found_keys.iter().all(|key| *key != "pings" && *key != "ping"), "no policy, so no ping");
}

#[test]
fn one_class() {
    // Everything in one class: 6 files, the titles A to D, and S, B, D as series (A and C are of S).
    let found = six().measure("six.csv", &["--duration", "drop"]);
    assert_near(&found["k"], &json!({"files": 6, "titles": 4, "series": 3}), "k");
    // The best guess is A or C for files, and A or B for plays: 2/6 and 990/2000.
    let title = json!({"uniform": 1.0 / 3.0, "popularity": 0.495});
    assert_near(&found["reidentification"]["title"], &title, "title");
    assert_near(
        &found["reidentification"]["file"],
        &json!({"uniform": 1.0 / 6.0, "popularity": 0.495}),
        "file",
    );
    // Everything is lost, the resolution as well.
    let lost = json!({
        "total": 1.0,
        "duration": {"mean_abs_error_ms": null, "mean_squared_error_ms2": null, "ncp": 1.0},
        "bitrate": {"mean_abs_error_bps": null, "mean_squared_error_bps2": null, "ncp": 1.0},
    });
    assert_near(&found["distortion"], &lost, "distortion");
    assert_eq!(found["generalization"], json!({"duration": "drop", "bitrate": "drop", "by": []}));
}

#[test]
fn every_value_kept() {
    // All six files differ, so each is a class; the titles A and C are in two classes each.
    let args = ["--duration", "keep", "--bitrate", "keep", "--by", "resolution"];
    let found = six().measure("six.csv", &args);
    assert_eq!(found["classes"], 6);
    assert_near(&found["unique_share"], &json!({"files": 1.0, "titles": 1.0}), "unique_share");
    assert_near(&found["distortion"]["total"], &json!(0.0), "distortion");
    assert_near(&found["confident_share"]["title"], &json!({"uniform": 1.0, "popularity": 1.0}), "confident");
}

#[test]
fn the_hash_is_of_the_bytes() {
    use sha2::{Digest, Sha256};
    let folder = six();
    let json = folder.run(&["measure", "--catalogue", "six.csv", "--duration", "keep", "--json"]).ok();
    let expected: String = Sha256::digest(SIX).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(crate::tool::json(&json)["catalogue"]["sha256"], expected);
}
