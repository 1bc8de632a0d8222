//! `coarsen plays import` of tables by mapping.

use polars::prelude::{IntoColumn, NamedFrom, Series};
use serde_json::json;

use crate::plays_import::{cells, import};
use crate::tool::{Folder, is_plain, write_parquet};

const MAPPED: [&str; 8] = [
    "--map",
    "length_s=duration_ms:s",
    "--map",
    "kbps=bitrate_bps:kbps",
    "--map",
    "who=server",
    "--ignore",
    "user",
];

fn wanted() -> [serde_json::Value; 2] {
    [
        json!({"server": "attic", "duration_ms": "5423417", "bitrate_bps": "10400000", "stalls": "2", "consent_playback": "true"}),
        json!({"server": "7", "duration_ms": "2520000", "consent_playback": "false"}),
    ]
}

#[test]
fn columns_by_mapping() {
    let folder = Folder::new();
    let text = "who,length_s,kbps,stalls,consent_playback,user\nattic,5423.4171,10400,2,TRUE,anna\n 7 ,2520,,,false,anna\n";
    folder.write("log.csv", text);
    let lines = "{\"who\": \"attic\", \"length_s\": 5423.4171, \"kbps\": 10400, \"stalls\": 2.0, \"consent\": {\"playback\": true}, \"user\": [\"anna\"]}\n\n\
                 {\"who\": 7, \"length_s\": \"2520\", \"kbps\": null, \"consent\": {\"playback\": false, \"crash\": null}}\n";
    folder.write("log.jsonl", lines);
    let column = |name: &str, series: Series| series.with_name(name.into()).into_column();
    let columns = vec![
        column("who", Series::new("".into(), ["attic", "7"])),
        column("length_s", Series::new("".into(), [5423.4171, 2520.0])),
        column("kbps", Series::new("".into(), [Some(10_400u32), None])),
        column("stalls", Series::new("".into(), [Some(2i64), None])),
        column("consent_playback", Series::new("".into(), [true, false])),
        column("user", Series::new("".into(), ["anna", "anna"])),
    ];
    write_parquet(&folder.path("log.parquet"), columns);
    for input in ["log.csv", "log.jsonl", "log.parquet"] {
        folder.run(&import("table", input, &[&MAPPED[..], &["-o", "out.csv"]].concat())).ok();
        assert_eq!(cells(&folder, "out.csv"), wanted(), "{input}");
    }
}

#[test]
fn columns_that_nobody_knows() {
    let folder = Folder::new();
    folder.write("log.csv", "server,played_ms,user\n1,5,anna\n");
    folder.write("log.jsonl", "{\"played_ms\": 5}\n{\"played_ms\": 5, \"user\": \"anna\"}\n");
    folder.write("switch.jsonl", "{\"consent\": {\"marketing\": true}}\n");
    let run = |input: &'static str| import("table", input, &["-o", "out.csv"]);
    folder.refused(&run("log.csv"), &["log.csv", "unknown column `user`", "--ignore user", "stalled_ms"]);
    folder.refused(&run("log.jsonl"), &["log.jsonl, row 2", "unknown column `user`", "--ignore user"]);
    folder.refused(&run("switch.jsonl"), &["row 1", "`consent_marketing`"]);
    folder.run(&[run("switch.jsonl"), vec!["--ignore", "consent_marketing"]].concat()).ok();
    folder.run(&[run("log.jsonl"), vec!["--ignore", "user", "--server", "attic"]].concat()).ok();
    assert_eq!(cells(&folder, "out.csv")[0], json!({"server": "attic", "played_ms": "5"}));
    let args = [run("log.jsonl"), vec!["--ignore", "user", "--ignore", "gone"]].concat();
    folder.refused(&args, &["`gone`", "no such key"]);
    folder.write("log.csv", "played_ms,played_ms\n1,5\n");
    folder.refused(&run("log.csv"), &["`played_ms` stands twice"]);
}

#[test]
fn bad_cells() {
    let folder = Folder::new();
    for (column, cell, words) in [
        ("duration_ms", "0", &["0, which no file has"][..]),
        ("bitrate_bps", "0", &["0, which no file has"]),
        ("played_ms", "-1", &["negative", "a duration"]),
        ("played_ms", "4294967296", &["4294967295"]),
        ("played_ms", "SECRET", &["no plain number", "a duration"]),
        ("played_ms", "NaN", &["no number"]),
        ("stalls", "1.5", &["decimals", "a whole number"]),
        ("title_id", "tt0042", &["a whole number"]),
        ("consent_playback", "SECRET", &["true or false"]),
    ] {
        folder.write("log.csv", format!("server,{column}\na,\na,{cell}\n"));
        let text = cell.parse::<f64>().map_or(format!("\"{cell}\""), |number| {
            if number.is_nan() { "\"NaN\"".into() } else { cell.to_owned() }
        });
        folder.write("log.jsonl", format!("{{}}\n{{\"{column}\": {text}}}\n"));
        for input in ["log.csv", "log.jsonl"] {
            let at = format!("{input}, row 2, column `{column}`");
            let args = import("table", input, &["-o", "out.csv"]);
            let told = folder.refused(&args, &[&[at.as_str(), "--refused"], words].concat());
            assert!(!told.contains("SECRET") && is_plain(&told), "{told}");
            folder.run(&[args, vec!["--refused", "bad.csv"]].concat()).ok();
            assert_eq!(cells(&folder, "out.csv").len(), 1);
            assert!(!String::from_utf8(folder.read("bad.csv")).unwrap().contains("SECRET"));
            folder.remove("bad.csv").remove("out.csv");
        }
    }
}

#[test]
fn bad_lines() {
    let folder = Folder::new();
    for (line, words) in [
        ("{", &["not JSON"][..]),
        ("[1]", &["JSON object"]),
        ("{\"played_ms\": [1]}", &["`played_ms`", "a list or an object"]),
        ("{\"played_ms\": true}", &["`played_ms`", "true or false"]),
        ("{\"platform\": 1.5}", &["`platform`", "decimals"]),
        ("{\"played_ms\": 1, \"played_ms\": 1}", &["`played_ms`", "twice"]),
        ("{\"consent\": {\"crash\": true, \"crash\": false}}", &["`consent_crash`", "twice"]),
        ("{\"consent\": {\"crash\": true}, \"consent_crash\": true}", &["`consent_crash`", "twice"]),
        ("{\"consent\": {\"crash\": 1}}", &["`consent_crash`", "a number"]),
        ("{\"played_ms\": 18446744073709551615}", &["`played_ms`", "4294967295"]),
    ] {
        folder.write("log.jsonl", format!("{{}}\n{line}\n"));
        let words = [&["log.jsonl, row 2"], words].concat();
        folder.refused(&import("table", "log.jsonl", &["-o", "out.csv"]), &words);
    }
    // As a name any whole number is one.
    folder.write("log.jsonl", "{\"server\": 18446744073709551615}\n");
    folder.run(&import("table", "log.jsonl", &["-o", "out.csv"])).ok();
    assert_eq!(cells(&folder, "out.csv"), [json!({"server": "18446744073709551615"})]);
    folder.remove("out.csv");
    folder.write("log.jsonl", "x".repeat(2_000_000));
    folder.refused(&import("table", "log.jsonl", &["-o", "out.csv"]), &["row 1", "1048576 bytes"]);
    folder.write("log.jsonl", "{\"server\": \"a\"}\n");
    let args = import("table", "log.jsonl", &["-o", "out.csv", "--server", "b"]);
    folder.refused(&args, &["row 1", "--ignore server"]);
}

#[test]
fn tables_that_are_none() {
    let folder = Folder::new();
    let run = |input: &'static str| import("table", input, &["-o", "out.csv"]);
    folder.write("log.csv", "server,played_ms\na\n");
    folder.refused(&run("log.csv"), &["log.csv", "row 1", "1 fields"]);
    folder.write("log.csv", b"server,played_ms\nann\xe9,1\n");
    folder.refused(&run("log.csv"), &["log.csv", "row 1", "`server`", "not UTF-8"]);
    for empty in ["log.csv", "log.jsonl", "log.parquet"] {
        folder.write(empty, "");
        folder.refused(&run(empty), &[empty]);
    }
    folder.write("log.csv", "server,played_ms\n");
    folder.refused(&run("log.csv"), &["no play in it"]);
    let series = Series::new("played_ms".into(), (0..500u32).collect::<Vec<_>>());
    write_parquet(&folder.path("log.parquet"), vec![series.into_column()]);
    folder.run(&run("log.parquet")).ok();
    folder.remove("out.csv");
    let whole = folder.read("log.parquet");
    for length in [11, whole.len() / 2, whole.len() - 1] {
        folder.write("log.parquet", &whole[..length]);
        folder.refused(&run("log.parquet"), &["log.parquet", "cut short"]);
    }
}
