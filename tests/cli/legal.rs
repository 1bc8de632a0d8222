//! Input that must be taken, and what it must not depend on.

use polars::prelude::{IntoColumn, NamedFrom, Series};
use serde_json::Value;

use crate::tool::{Folder, SMALL, json, to_parquet, write_parquet};

const DURATION: [&str; 2] = ["--duration", "floor:1s"];

/// What is measured of a CSV text.
#[track_caller]
fn measured(csv: &str, args: &[&str]) -> Value {
    let folder = Folder::new();
    folder.write("in.csv", csv);
    folder.measure("in.csv", args)
}

#[test]
fn one_row() {
    let folder = Folder::new();
    folder.write("in.csv", "title_id,duration_ms,kind\n7,5400000,movie\n");
    for rounding in ["keep", "drop", "floor:5min", "log:1", "edges:1h"] {
        let one = folder.measure("in.csv", &["--duration", rounding]);
        assert_eq!((&one["classes"], &one["k"]["titles"]), (&1.into(), &1.into()));
        assert_eq!(one["reidentification"]["title"]["uniform"], 1.0);
    }
    folder.run(&["catalogue", "describe", "in.csv"]).ok();
    let attacks =
        folder.run(&["attack", "all", "--catalogue", "in.csv", "--duration", "keep", "--json"]).ok();
    let attacks = json(&attacks);
    for (attacker, why) in [("known-library", "1 titles"), ("sequence", "no series or album")] {
        let ran =
            attacks["attacks"].as_array().unwrap().iter().find(|ran| ran["attacker"] == attacker).unwrap();
        assert!(ran["not_applicable"].as_str().is_some_and(|reason| reason.contains(why)), "{ran}");
    }
}

#[test]
fn equal_rows() {
    let rows = "1,5400000,movie,2000000,1080p\n".repeat(50);
    let all = measured(
        &format!("title_id,duration_ms,kind,bitrate_bps,resolution\n{rows}"),
        &["--duration", "keep", "--bitrate", "keep", "--by", "resolution,kind"],
    );
    assert_eq!(
        (&all["classes"], &all["k"]["files"], &all["k"]["titles"]),
        (&1.into(), &50.into(), &1.into())
    );
    assert_eq!(all["unique_share"]["titles"], 1.0);
    assert_eq!(all["reidentification"]["file"]["uniform"], 0.02);
}

#[test]
fn missing_values_are_values() {
    let csv = "title_id,duration_ms,kind,bitrate_bps,resolution,popularity\n\
               1,1000,movie,,1080p,2\n2,1000,movie,,1080p,\n3,1000,movie,900000,,1\n4,1000,movie,900000,1080p,\n";
    let by = ["--bitrate", "floor:1Mbps", "--by", "resolution"];
    let some = measured(csv, &by);
    // No rate and 1080p; a rate and no resolution; both.
    assert_eq!(some["classes"], 3);
    // A missing popularity is 1: 2, 1, 1, 1 in all, of which the best guesses name 2, 1 and 1.
    assert_eq!(some["reidentification"]["title"]["popularity"], 0.8);
    let mean = &some["distortion"]["bitrate"]["mean_abs_error_bps"];
    assert_eq!(mean, 400_000.0, "over the two files that have a rate");
    let none = csv.replace("900000", "");
    assert_eq!(measured(&none, &by)["distortion"]["bitrate"]["mean_abs_error_bps"], Value::Null);
}

#[test]
fn ids_of_any_form() {
    let rows = |ids: [&str; 3]| {
        format!(
            "title_id,file_id,series_id,duration_ms,kind\n{0},{0},{2},1,a\n{1},{1},{2},1,a\n{2},{2},,1,a\n",
            ids[0], ids[1], ids[2]
        )
    };
    let plain = measured(&rows(["1", "2", "3"]), &DURATION);
    assert_eq!((&plain["k"]["titles"], &plain["k"]["series"]), (&3.into(), &2.into()));
    for ids in [
        ["tt01", "tt1", "été"],
        ["4294967295", "4294967296", "18446744073709551615"],
        ["123456789012345678901234567890", "123456789012345678901234567891", "-1"],
        ["1.0", "1", "01"],
        ["\"a,b\"", "\"a\nb\"", "\"\"\"\""],
    ] {
        assert_eq!(measured(&rows(ids), &DURATION), plain, "{ids:?}");
    }
    let folder = Folder::new();
    let big = [u64::MAX, u64::MAX - 1, 3];
    write_parquet(
        &folder.path("big.parquet"),
        vec![
            Series::new("title_id".into(), big).into_column(),
            Series::new("file_id".into(), big).into_column(),
            Series::new("series_id".into(), [Some(3u64), Some(3), None]).into_column(),
            Series::new("duration_ms".into(), [1.0f32; 3]).into_column(),
            Series::new("kind".into(), ["a"; 3]).into_column(),
        ],
    );
    assert_eq!(folder.measure("big.parquet", &DURATION), plain);
}

/// The percentiles of the durations and bit rates of the one kind.
fn described(folder: &Folder, args: &[&str]) -> Value {
    let all = [&["catalogue", "describe", "in.csv", "--json"], args].concat();
    json(&folder.run(&all).ok())["description"]["kinds"][0].clone()
}

#[test]
fn mappings_with_units() {
    let folder = Folder::new();
    folder.write("in.csv", "work,length,rate,notes\na,90.0625,1.5,hm\n");
    let common = ["--map", "work=title_id", "--ignore", "notes", "--kind", "movie"];
    for (length, rate, ms, bps) in [
        ("length=duration_ms:s", "rate=bitrate_bps:kbps", 90_063, 1_500),
        ("length=duration_ms", "rate=bitrate_bps", 90, 2),
        ("length=duration_ms:min", "rate=bitrate_bps:Mbps", 5_403_750, 1_500_000),
        ("length=duration_ms:h", "rate=bitrate_bps:bps", 324_225_000, 2),
        ("length=duration_ms:ms", "rate=bitrate_bps:kbps", 90, 1_500),
    ] {
        let kind = described(&folder, &[&common[..], &["--map", length, "--map", rate]].concat());
        assert_eq!((&kind["kind"], &kind["duration_ms"][3]), (&"movie".into(), &ms.into()), "{length}");
        assert_eq!(kind["bitrate_bps"][3], bps, "{rate}");
    }
    // A name may hold an equals sign; two names may be exchanged.
    folder.write("in.csv", "a=b,width,height,duration_ms,kind\n1,1080,1920,5,movie\n");
    let maps = ["--map", "a=b=title_id", "--map", "width=height", "--map", "height=width"];
    folder.run(&[&["catalogue", "import", "in.csv", "-o", "out.csv"], &maps[..]].concat()).ok();
    let text = String::from_utf8(folder.read("out.csv")).unwrap();
    assert_eq!(text, "file_id,title_id,duration_ms,kind,width,height\n0,0,5,movie,1920,1080\n");
}

#[test]
fn spellings_of_a_csv() {
    let plain = measured(SMALL, &DURATION);
    for csv in [
        SMALL.replace('\n', "\r\n"),
        format!("\u{feff}{SMALL}"),
        SMALL.trim_end().to_owned(),
        format!("{SMALL}\n\n"),
        SMALL.replace(',', " , "),
        SMALL.replace("movie", "\"movie\""),
        SMALL.replace("title_id", "\"title_id\""),
        SMALL.replace("2000", "+2000"),
        SMALL.replace("2000", "2e3"),
        SMALL.replace("2000", "2000.0"),
    ] {
        assert_eq!(measured(&csv, &DURATION), plain, "{csv:?}");
    }
    let quoted = "title_id,duration_ms,kind\n1,1000,\"a, \"\"b\"\"\nc\"\n2,2000,5\" disk\n";
    let kinds = measured(quoted, &DURATION)["by_kind"].clone();
    let names: Vec<&String> = kinds.as_object().unwrap().keys().collect();
    assert_eq!(names, ["5\" disk", "a, \"b\"\nc"]);
}

/// A catalogue with every column.
fn synthetic(titles: &str) -> Folder {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", titles, "-o", "in.csv"]).ok();
    folder
}

const WHATS: [&[&str]; 3] = [
    &["--duration", "floor:5min", "--bitrate", "log:1"],
    &[
        "--duration",
        "floor:10s",
        "--by",
        "genre,kind,width,height,resolution,video_codec,audio_codec,container",
    ],
    &["--duration", "quantile:20", "--bitrate", "atleast:20"],
];

#[test]
fn both_formats_and_any_order_of_rows() {
    let folder = synthetic("400");
    to_parquet(&folder, "in.csv", "in.parquet");
    let text = String::from_utf8(folder.read("in.csv")).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    folder.write(
        "reversed.csv",
        format!("{header}\n{}\n", rows.iter().rev().copied().collect::<Vec<_>>().join("\n")),
    );
    // A permutation that repeats: 7919 is prime, so no two rows fall to one place.
    let n = rows.len();
    rows = (0..n).map(|i| rows[i * 7919 % n]).collect();
    folder.write("shuffled.csv", format!("{header}\n{}\n", rows.join("\n")));
    for what in WHATS {
        let measured = folder.measure("in.csv", what);
        for other in ["in.parquet", "reversed.csv", "shuffled.csv"] {
            assert_eq!(folder.measure(other, what), measured, "{other}, {what:?}");
        }
    }
}

#[test]
fn blanks_are_missing_in_both_formats() {
    let folder = Folder::new();
    folder.write(
        "in.csv",
        "title_id,duration_ms,kind,genre\n1,5,movie, \n2,5,movie,\n3,5,movie, drama\n4,5,movie,drama\n",
    );
    let genre = [None, Some(""), Some(" drama"), Some("drama ")];
    write_parquet(
        &folder.path("in.parquet"),
        vec![
            Series::new("title_id".into(), [1u32, 2, 3, 4]).into_column(),
            Series::new("duration_ms".into(), ["5"; 4]).into_column(),
            Series::new("kind".into(), ["movie", "movie ", " movie", "movie"]).into_column(),
            Series::new("genre".into(), genre).into_column(),
        ],
    );
    let what = ["--duration", "keep", "--by", "genre,kind"];
    let csv = folder.measure("in.csv", &what);
    assert_eq!(csv["classes"], 2);
    assert_eq!(folder.measure("in.parquet", &what), csv);
}

#[test]
fn import_of_an_export_changes_nothing() {
    let folder = synthetic("300");
    let import = |from, to| folder.run(&["catalogue", "import", from, "-o", to]).ok();
    import("in.csv", "a.parquet");
    import("a.parquet", "b.csv");
    import("b.csv", "c.parquet");
    import("c.parquet", "c.csv");
    assert_eq!(folder.read("in.csv"), folder.read("b.csv"));
    assert_eq!(folder.read("b.csv"), folder.read("c.csv"));
    assert_eq!(folder.read("a.parquet"), folder.read("c.parquet"));
}
