//! `coarsen apply` on plays as they should be.

use serde_json::json;

use crate::tool::{Folder, json};

/// A policy of these fields: ping, name, type, rounding, switch.
pub fn policy(head: &str, fields: &[[&str; 5]]) -> String {
    let mut text = format!("schema = \"coarsen.policy/1\"\nname = \"p\"\nversion = 1\n{head}\n");
    for [ping, name, kind, rounding, switch] in fields {
        text += &format!(
            "[[field]]\nping = \"{ping}\"\nname = \"{name}\"\ntype = \"{kind}\"\nrounding = \"{rounding}\"\n\
             consent = \"{switch}\"\npurpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n"
        );
    }
    text
}

pub const ONE: [[&str; 5]; 2] = [
    ["play", "duration", "duration", "floor:5min", "playback"],
    ["play", "codec", "category", "keep", "playback"],
];
const TWO: [[&str; 5]; 2] = [
    ["length", "duration", "duration", "floor:5min", "playback"],
    ["codec", "codec", "category", "keep", "crash"],
];
pub const PLAYS: &str =
    "duration,codec,consent_playback,path\n5123000,hevc,true,/a\nlong,h264,false,/b\n,av1,TRUE,/c\n";

/// What `apply` is called with, on a day long before any field expires.
pub fn apply<'a>(rest: &[&'a str]) -> Vec<&'a str> {
    [&["apply", "--policy", "policy.toml", "--as-of", "2026-11-24"], rest].concat()
}

#[test]
fn the_summary_accounts_for_every_play() {
    let folder = Folder::new();
    folder.write("policy.toml", policy("", &ONE)).write("in.csv", PLAYS);
    let summary = json(&folder.run(&apply(&["in.csv", "-o", "out.csv", "--json"])).ok());
    let expected = json!({
        "schema": "coarsen.apply/1", "in": 3, "out": 2, "withheld": 0, "opted_out": 1, "refused": 0,
        "pings": [{"ping": "play", "rows": 2}],
        "dropped_columns": ["path"], "more_dropped_columns": false, "lacking_columns": []
    });
    assert_eq!(summary, expected);
    assert_eq!(folder.read("out.csv"), b"duration,codec\n5250000,hevc\n,av1\n");
    let text = folder.run(&apply(&["in.csv", "-o", "out.csv"])).ok();
    assert!(text.contains("opted out      1") && text.contains("(1): path"), "{text}");
    let silent = folder.run(&apply(&["in.csv", "-o", "out.csv", "--no-opted-out-count"])).ok();
    assert!(!silent.contains("opted out") && !silent.lines().any(|line| line.starts_with("in ")), "{silent}");
    let silent =
        json(&folder.run(&apply(&["in.csv", "-o", "out.csv", "--no-opted-out-count", "--json"])).ok());
    assert!(silent.get("in").is_none() && silent.get("opted_out").is_none());
}

/// A play that consents, and of which nothing may leave all the same, is in the account as such.
#[test]
fn a_play_of_which_nothing_leaves_is_withheld() {
    let folder = Folder::new();
    folder.write("policy.toml", policy("", &ONE[..1]) + "content = \"provided\"\n");
    let on = "\"consent\": {\"playback\": true}";
    let plays = [
        format!("{{\"duration\": 5123000, {on}, \"content\": \"provided\"}}\n"),
        // Theirs alone: not even looked at.
        format!("{{\"duration\": \"long\", {on}}}\n{{\"duration\": [], {on}, \"content\": \"personal\"}}\n"),
        "{\"duration\": 5123000, \"content\": \"provided\"}\n".to_owned(),
    ];
    folder.write("in.jsonl", plays.concat());
    let summary = json(&folder.run(&apply(&["in.jsonl", "-o", "out.csv", "--json"])).ok());
    let counts = ["in", "out", "withheld", "opted_out", "refused"].map(|key| summary[key].as_u64().unwrap());
    assert_eq!(counts, [4, 3, 2, 1, 0]);
    assert_eq!(summary["pings"], json!([{"ping": "play", "rows": 1}]));
    assert_eq!(folder.read("out.csv"), b"duration\n5250000\n");
    let text = folder.run(&apply(&["in.jsonl", "-o", "out.csv"])).ok();
    assert!(
        text.lines().any(|line| line.starts_with("of these nothing left") && line.ends_with(" 2")),
        "{text}"
    );
}

#[test]
fn edges_and_words_on_request() {
    let folder = Folder::new();
    folder.write("policy.toml", policy("", &ONE)).write("in.csv", PLAYS);
    folder.run(&apply(&["in.csv", "-o", "out.csv", "--columns", "interval,label"])).ok();
    let text = "duration,duration_from,duration_to,duration_label,codec\n5250000,5100000,5400000,85-90 min,hevc\n,,,,av1\n";
    assert_eq!(String::from_utf8(folder.read("out.csv")).unwrap(), text);
}

#[test]
fn lines_pass_from_standard_input_to_standard_output() {
    let folder = Folder::new();
    let lines = "{\"duration\": 5123000, \"consent\": {\"playback\": true}, \"x\": {\"y\": [1]}}\n\n{\"duration\": [1e999]}\n";
    folder.write("policy.toml", policy("", &ONE)).write("in", lines);
    let mut command = folder.command(&apply(&["-", "-o", "-"]));
    command.stdin(std::fs::File::open(folder.path("in")).unwrap());
    let ran = crate::tool::finish(command);
    assert!(ran.stderr.contains("opted out") && ran.stderr.contains("x"), "{}", ran.stderr);
    assert_eq!(ran.ok(), "{\"duration\":5250000,\"codec\":null}\n");
}

#[test]
fn many_inputs_of_any_format_and_pings_apart() {
    let folder = Folder::new();
    folder.write("policy.toml", policy("", &TWO)).write("a.csv", PLAYS);
    folder.write("b.ndjson", "{\"codec\": \"vp9\", \"consent\": {\"crash\": true, \"playback\": true}}");
    folder.run(&apply(&["a.csv", "-o", "a-{ping}.parquet"])).ok();
    let summary =
        json(&folder.run(&apply(&["a.csv", "b.ndjson", "a.csv", "-o", "out-{ping}.jsonl", "--json"])).ok());
    assert_eq!((&summary["in"], &summary["out"], &summary["opted_out"]), (&json!(7), &json!(5), &json!(2)));
    let one = "{\"duration\":5250000}\n{\"duration\":null}\n";
    assert_eq!(folder.read("out-length.jsonl"), format!("{one}{{\"duration\":null}}\n{one}").as_bytes());
    assert_eq!(folder.read("out-codec.jsonl"), b"{\"codec\":\"vp9\"}\n");
    let text = folder.refused(&apply(&["a.csv", "-o", "out.csv"]), &["{ping}", "length, codec"]);
    assert!(!text.contains("row"), "{text}");
}

/// On where one says on and none says off: the play, its server, the caller.
#[test]
fn consent_of_the_play_its_server_and_the_caller() {
    let folder = Folder::new();
    folder.write("policy.toml", policy("", &[ONE[0]]));
    let plays =
        [("s1", ""), ("s1", "false"), ("s2", "true"), ("s2", ""), ("s3", "true"), ("", ""), ("s9", "true")];
    let rows: String = plays
        .iter()
        .enumerate()
        .map(|(n, (server, said))| format!("{server},{said},{}\n", n * 300_000))
        .collect();
    folder.write("in.csv", format!("server,consent_playback,duration\n{rows}"));
    let lines = plays.iter().enumerate().map(|(n, (server, said))| {
        let said = if said.is_empty() { "null" } else { said };
        format!(
            "{{\"server\": \"{server}\", \"consent\": {{\"playback\": {said}}}, \"duration\": {}}}\n",
            n * 300_000
        )
    });
    folder.write("in.jsonl", lines.collect::<String>());
    folder.write("servers.csv", "server,consent_playback,consent_unused\ns1,true,\ns2,,true\ns3,false,\n");
    let left = |args: &[&str]| {
        let mut found = Vec::new();
        for input in ["in.csv", "in.jsonl"] {
            folder.run(&apply(&[&[input, "-o", "out.csv"], args].concat())).ok();
            let text = String::from_utf8(folder.read("out.csv")).unwrap();
            let numbers = text.lines().skip(1).map(|line| line.parse::<u64>().unwrap() / 300_000);
            found.push(numbers.collect::<Vec<u64>>());
        }
        assert_eq!(found[0], found[1]);
        found.remove(0)
    };
    assert_eq!(left(&[]), [2, 4, 6]);
    assert_eq!(left(&["--servers", "servers.csv"]), [0, 2, 6]);
    assert_eq!(left(&["--consent", "playback"]), [0, 2, 3, 4, 5, 6]);
    assert_eq!(left(&["--consent", "playback", "--servers", "servers.csv"]), [0, 2, 3, 5, 6]);
}

#[test]
fn a_field_that_expired_leaves_no_column() {
    let folder = Folder::new();
    let text = policy("", &ONE).replacen("2031-12-31", "2026-11-24", 1);
    folder.write("policy.toml", text).write("in.csv", PLAYS);
    folder.run(&apply(&["in.csv", "-o", "out.csv"])).ok();
    assert_eq!(folder.read("out.csv"), b"codec\nhevc\nav1\n");
    let two = policy("", &TWO).replacen("2031-12-31", "2026-11-24", 1);
    let ran = folder.write("two.toml", two).run(&[
        "apply",
        "--policy",
        "two.toml",
        "--as-of",
        "2026-11-24",
        "in.csv",
        "-o",
        "{ping}.csv",
    ]);
    assert!(
        ran.stderr.contains("ping length: every field of it is dropped or has expired"),
        "{}",
        ran.stderr
    );
    assert!(folder.path("codec.csv").exists() && !folder.path("length.csv").exists());
    let later = ["apply", "--policy", "policy.toml", "--as-of", "2031-12-31", "in.csv", "-o", "out2.csv"];
    folder.refused(&later, &["nothing of the policy may leave on 2031-12-31"]);
}

#[test]
fn what_the_verb_cannot_keep_is_said() {
    let folder = Folder::new();
    folder.write("policy.toml", policy("[release]\ndelay = \"1h..6h\"", &TWO)).write("in.csv", PLAYS);
    let ran = folder.run(&apply(&["in.csv", "-o", "{ping}.csv"]));
    assert!(ran.stderr.contains("delay") && ran.stderr.contains("joined by number"), "{}", ran.stderr);
    assert!(folder.run(&["apply", "--help"]).ok().contains("Examples:"));
}
