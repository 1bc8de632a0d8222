//! `coarsen apply` on bad input: told what, where and why, never the value.

use polars::prelude::{Column, DataType, IntoColumn, NamedFrom, Series};
use serde_json::json;

use crate::apply::{ONE, PLAYS, apply, policy};
use crate::tool::{Folder, json, write_parquet};

const FIELDS: [[&str; 5]; 3] = [
    ["play", "duration", "duration", "floor:5min", "playback"],
    ["play", "codec", "category", "keep", "playback"],
    ["play", "direct", "flag", "keep", "playback"],
];

fn folder() -> Folder {
    let folder = Folder::new();
    // The last field asks for content.
    folder.write("policy.toml", policy("", &FIELDS) + "content = \"personal\"\n");
    folder
}

/// Whose content it was is nobody's business where nothing hangs on it.
#[test]
fn content_that_nobody_asks_for() {
    let folder = Folder::new();
    let fields = [
        ["play", "duration", "duration", "keep", "playback"],
        ["play", "codec", "category", "keep", "essential"],
        ["play", "direct", "flag", "keep", "playback"],
    ];
    folder.write("policy.toml", policy("", &fields) + "content = \"personal\"\n");
    // All consent to what is essential, of which no content is asked; the last one to a field that asks.
    folder.write(
        "in.csv",
        "duration,codec,direct,consent_playback,content\nx,a,x,,7\nx,b,x,false,mine\n3,c,true,true,personal\n",
    );
    folder.write(
        "in.jsonl",
        "{\"codec\": \"a\", \"duration\": [], \"content\": 7}\n\
         {\"codec\": \"b\", \"direct\": {}, \"content\": \"mine\", \"content\": []}\n\
         {\"codec\": \"c\", \"duration\": 3, \"direct\": true, \"consent\": {\"playback\": true}}\n",
    );
    let column = |name: &str, column: Series| column.with_name(name.into()).into_column();
    let columns = vec![
        column("duration", Series::new("".into(), [-1i64, -1, 3])),
        column("codec", Series::new("".into(), ["a", "b", "c"])),
        column("direct", Series::new("".into(), [true, true, true])),
        column("consent_playback", Series::new("".into(), [None, Some(false), Some(true)])),
        column("content", Series::new("".into(), ["7", "mine", "personal"])),
    ];
    write_parquet(&folder.path("in.parquet"), columns);
    for input in ["in.csv", "in.jsonl", "in.parquet"] {
        folder.run(&apply(&[input, "-o", "out.csv"])).ok();
        assert_eq!(folder.read("out.csv"), b"duration,codec,direct\n,a,\n,b,\n3,c,true\n", "{input}");
    }
    for (name, bad) in [
        ("bad.csv", "duration,codec,direct,consent_playback,content\n,,,true,mine\n"),
        ("bad.jsonl", "{\"consent\": {\"playback\": true}, \"content\": \"mine\"}\n"),
    ] {
        folder.write(name, bad);
        folder.refused(&apply(&[name, "-o", "out.csv"]), &["row 1, column `content`"]);
    }
}

#[test]
fn rows_of_csv() {
    let folder = folder();
    for (cells, words) in [
        ("-5,,,true,", &["column `duration`", "negative"][..]),
        ("SECRET,,,true,", &["column `duration`", "whole milliseconds"]),
        ("1.5,,,true,", &["column `duration`", "no whole number"]),
        ("18446744073709551616,,,true,", &["column `duration`", "18446744073709551615"]),
        (",,SECRET,true,", &["column `direct`", "yes or no"]),
        (",,,SECRET,", &["column `consent_playback`", "true, false or absent"]),
        (",,,true,SECRET", &["column `content`", "`personal`, `provided`"]),
        (",,", &["3 cells", "header 5"]),
    ] {
        let text = format!("duration,codec,direct,consent_playback,content\n1,,,true,\n{cells}\n");
        folder.write("in.csv", text);
        let words = [&["in.csv, row 2", "--refused"], words].concat();
        let told = folder.refused(&apply(&["in.csv", "-o", "out.csv"]), &words);
        assert!(!told.contains("SECRET"), "{told}");
    }
    folder.write("in.csv", b"duration,codec,direct,consent_playback\n,\xff,,true\n");
    folder.refused(&apply(&["in.csv", "-o", "out.csv"]), &["row 1, column `codec`", "UTF-8"]);
    folder.write("in.csv", "");
    folder.refused(&apply(&["in.csv", "-o", "out.csv"]), &["in.csv", "no header"]);
    folder.write("in.csv", "duration,duration\n");
    folder.refused(&apply(&["in.csv", "-o", "out.csv"]), &["`duration` stands twice"]);
    folder.write("in.csv", format!("duration,codec\n1,\"{}", "never closed\n".repeat(200_000)));
    folder.refused(&apply(&["in.csv", "-o", "out.csv"]), &["row 1", "quotation mark"]);
}

#[test]
fn rows_of_lines() {
    let folder = folder();
    let on = "\"consent\": {\"playback\": true}";
    for (line, words) in [
        ("{".to_owned(), &["not JSON"][..]),
        ("[\"SECRET\"]".to_owned(), &["JSON object"]),
        ("{\"consent\": {\"playback\": \"SECRET\"}}".to_owned(), &["true or false"]),
        (format!("{{{on}, \"duration\": 3.5}}"), &["`duration`", "whole"]),
        (format!("{{{on}, \"duration\": 1.0e3}}"), &["`duration`", "whole"]),
        (format!("{{{on}, \"duration\": -1}}"), &["`duration`", "negative"]),
        (format!("{{{on}, \"duration\": \"SECRET\"}}"), &["`duration`", "text"]),
        (format!("{{{on}, \"duration\": {{}}}}"), &["`duration`", "list or an object"]),
        (format!("{{{on}, \"duration\": 1, \"duration\": 1}}"), &["`duration`", "twice"]),
        (format!("{{{on}, \"direct\": 1}}"), &["`direct`", "yes or no"]),
        (format!("{{{on}, \"content\": \"SECRET\"}}"), &["content", "personal"]),
        ("x".repeat(2_000_000), &["1048576 bytes"]),
    ] {
        folder.write("in.jsonl", format!("{{}}\n{line}\n"));
        let told =
            folder.refused(&apply(&["in.jsonl", "-o", "out.csv"]), &[&["in.jsonl, row 2"], words].concat());
        assert!(!told.contains("SECRET"), "{told}");
    }
}

fn parquet(folder: &Folder, duration: Series) {
    let rows = duration.len();
    let column = |name: &str, column: Series| column.with_name(name.into()).into_column();
    let columns: Vec<Column> = vec![
        column("duration", duration),
        column("codec", Series::new("".into(), vec!["hevc"; rows])),
        column(
            "consent_playback",
            Series::new("".into(), (0..rows).map(|row| row != 1).collect::<Vec<bool>>()),
        ),
        column("notes", Series::new("".into(), vec![1.5f64; rows])),
    ];
    write_parquet(&folder.path("in.parquet"), columns);
}

/// A type is judged row by row: a column of another one is no matter to a play that consents to nothing.
#[test]
fn columns_of_parquet() {
    let folder = folder();
    let run = || apply(&["in.parquet", "-o", "out.csv"]);
    parquet(&folder, Series::new("".into(), [1i64, -1, -1]));
    folder.refused(&run(), &["in.parquet, row 3, column `duration`", "negative"]);
    parquet(&folder, Series::new("".into(), [1.5f64, 2.0, 3.0]));
    folder.refused(&run(), &["row 1, column `duration`", "a decimal number", "whole milliseconds"]);
    parquet(&folder, Series::new("".into(), [None, Some("SECRET"), Some("SECRET")]));
    let told = folder.refused(&run(), &["row 3, column `duration`", "text"]);
    assert!(!told.contains("SECRET"));
    parquet(&folder, Series::new("".into(), [None::<&str>, Some("SECRET"), None]));
    folder.run(&run()).ok();
    assert_eq!(folder.read("out.csv"), b"duration,codec,direct\n,hevc,\n,hevc,\n");
    parquet(&folder, Series::new_null("".into(), 3));
    folder.run(&run()).ok();
    parquet(&folder, Series::new("".into(), [1i32, -1, 3]).cast(&DataType::Int64).unwrap());
    folder.run(&run()).ok();
    let whole = folder.read("in.parquet");
    for length in [0, 3, 11, whole.len() / 2, whole.len() - 1] {
        folder.write("in.parquet", &whole[..length]);
        folder.refused(&run(), &["in.parquet", "cut short"]);
    }
}

/// Damage within: told, or not where it hits nothing that is read; never a panic, never a half-written output.
#[test]
fn damage_in_the_middle_of_parquet() {
    let folder = folder();
    let durations: Vec<u64> = (0..2_000).map(|n| n * 977 % 14_400_000).collect();
    parquet(&folder, Series::new("".into(), durations));
    folder.write("out.csv", "old");
    let whole = folder.read("in.parquet");
    let footer = u32::from_le_bytes(whole[whole.len() - 8..whole.len() - 4].try_into().unwrap()) as usize;
    let pages = whole.len() - 8 - footer;
    // The header of the first page. What is written over the values of a page can look like values.
    let mut damaged = whole.clone();
    damaged[4..260].fill(0xff);
    folder.write("in.parquet", damaged);
    folder.refused(&apply(&["in.parquet", "-o", "out.csv"]), &["in.parquet", "not a whole Parquet file"]);
    for place in (pages..whole.len() - 8).step_by(footer / 25) {
        for byte in [0x00, 0x0c, 0xff] {
            let mut damaged = whole.clone();
            damaged[place] = byte;
            folder.write("in.parquet", &damaged).write("out.csv", "old");
            let ran = folder.run(&apply(&["in.parquet", "-o", "out.csv"]));
            assert!(matches!(ran.code, Some(0 | 2)), "byte {place}: {}", ran.stderr);
            assert!(!ran.stderr.contains("panicked"), "byte {place}: {}", ran.stderr);
            assert_eq!(ran.code == Some(2), folder.read("out.csv") == b"old", "byte {place}");
        }
    }
}

#[test]
fn bad_rows_are_collected_on_request() {
    let folder = folder();
    folder.write("a.csv", "duration,consent_playback\n1,true\nSECRET,true\nSECRET,false\n3,maybe\n");
    folder.write("b.jsonl", "{\"duration\": -1, \"consent\": {\"playback\": true}}\nSECRET\n{\"consent\": {\"\\u001b\": true, \"\\u001b\": true}}\n");
    let args = apply(&["a.csv", "b.jsonl", "-o", "out.csv", "--refused", "bad.csv", "--json"]);
    let summary = json(&folder.run(&args).ok());
    assert_eq!(
        ["in", "out", "opted_out", "refused"].map(|key| &summary[key]),
        [&json!(7), &json!(1), &json!(1), &json!(5)]
    );
    let text = String::from_utf8(folder.read("bad.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap(), vec!["file", "row", "column", "reason"]);
    let rows: Vec<[String; 3]> = reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            [0, 1, 2].map(|at| row[at].to_owned())
        })
        .collect();
    let expected = [
        ["a.csv", "2", "duration"],
        ["a.csv", "4", "consent_playback"],
        ["b.jsonl", "1", "duration"],
        ["b.jsonl", "2", ""],
        ["b.jsonl", "3", "consent.\\u{1b}"],
    ];
    assert_eq!(rows, expected.map(|row| row.map(str::to_owned)));
    assert!(!text.contains("SECRET") && crate::tool::is_plain(&text), "{text}");
}

#[test]
fn strict_refuses_what_the_policy_does_not_know() {
    let folder = Folder::new();
    folder.write("policy.toml", policy("", &ONE)).write("in.csv", PLAYS);
    folder.refused(&apply(&["in.csv", "-o", "out.csv", "--strict"]), &["in.csv", "`path`", "--strict"]);
    folder.write("in.csv", "duration,consent_playback,consent_other\n1,true,true\n");
    folder
        .refused(&apply(&["in.csv", "-o", "out.csv", "--strict"]), &["in.csv", "`codec`", "no such column"]);
    folder.write("in.csv", "duration,codec,server,content,consent_playback\n1,,,,true\n");
    folder.run(&apply(&["in.csv", "-o", "out.csv", "--strict"])).ok();
    // A key counts only where its play may leave.
    folder.write("in.jsonl", "{\"path\": 1}\n{\"path\": 1, \"consent\": {\"playback\": true}}\n");
    folder.refused(&apply(&["in.jsonl", "-o", "out.csv", "--strict"]), &["row 2, column `path`", "--strict"]);
}

#[test]
fn questions_that_make_no_sense() {
    let folder = Folder::new();
    folder.write("policy.toml", policy("", &ONE)).write("in.csv", PLAYS);
    folder.write("servers.csv", "server,consent_playback\ns,true\ns,false\n").write("odd.csv", "name\n");
    folder.write("maybe.csv", "server,consent_playback\ns,maybe\n");
    for (args, words) in [
        (&["in.csv", "-o", "out.txt"][..], &["out.txt", ".parquet, .csv, .jsonl"][..]),
        (&["in.txt", "-o", "out.csv"], &["in.txt", ".parquet, .csv, .jsonl"]),
        (&["gone.csv", "-o", "out.csv"], &["gone.csv"]),
        (&["in.csv", "-o", "gone/out.csv"], &["gone", "no such folder"]),
        (&["-", "-", "-o", "out.csv"], &["once"]),
        (&["in.csv", "-o", "-", "--json"], &["standard output"]),
        (&["in.csv", "-o", "out.csv", "--consent", "marketing"], &["`marketing`", "playback"]),
        (&["in.csv", "-o", "out.csv", "--servers", "servers.csv"], &["servers.csv", "row 2", "twice"]),
        (&["in.csv", "-o", "out.csv", "--servers", "odd.csv"], &["odd.csv", "`server`"]),
        (
            &["in.csv", "-o", "out.csv", "--servers", "maybe.csv"],
            &["maybe.csv", "row 1", "`consent_playback`"],
        ),
        (&["in.csv", "-o", "out.csv", "--as-of", "2026-02-30"], &["2026-02-30"]),
    ] {
        let all = if args.contains(&"--as-of") {
            [&["apply", "--policy", "policy.toml"], args].concat()
        } else {
            apply(args)
        };
        folder.refused(&all, words);
    }
    folder.write("policy.toml", policy("[release]\nlink = \"server\"", &ONE));
    folder.refused(&apply(&["in.csv", "-o", "out.csv"]), &["in.csv", "column `server`", "link"]);
    folder.write("policy.toml", policy("[release]\nbatch = 9999999\nshuffle = true", &ONE));
    folder.refused(&apply(&["in.csv", "-o", "out.csv"]), &["batch = 9999999", "1048576"]);
    folder.write(
        "policy.toml",
        policy("[release]\nlink = \"server\"", &[["play", "link", "flag", "keep", "playback"]]),
    );
    folder.refused(&apply(&["in.csv", "-o", "out.csv"]), &["`link`", "rename"]);
}
