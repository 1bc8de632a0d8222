//! `coarsen policy preview`.

use std::io::Write;
use std::process::Stdio;

use crate::tool::{Folder, is_plain, json};

const POLICY: &str = r#"schema = "coarsen.policy/1"
name = "playback"
version = 3
[[field]]
ping = "length"
name = "duration"
column = "duration_ms"
type = "duration"
rounding = "floor:5min"
consent = "playback"
purpose = "Stall rates by length."
sensitivity = "fingerprint"
expires = "2031-12-31"
[[field]]
ping = "codecs"
name = "codec"
type = "category"
rounding = "keep"
consent = "crash"
purpose = "Crashes by codec."
sensitivity = "low"
expires = "2027-01-01"
[[field]]
ping = "codecs"
name = "secret"
type = "category"
rounding = "drop"
consent = "playback"
purpose = "Nothing yet."
sensitivity = "high"
expires = "2031-12-31"
[[field]]
ping = "codecs"
name = "provided_only"
type = "flag"
rounding = "keep"
consent = "playback"
content = "provided"
purpose = "Errors of what is provided."
sensitivity = "low"
expires = "2031-12-31"
"#;
const PLAY: &str = r#"{"duration_ms": 5123000, "codec": "hevc", "secret": "x", "path": "Films/Film.mkv",
 "consent": {"playback": true}}"#;
const AS_OF: [&str; 2] = ["--as-of", "2026-11-24"];

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("policy.toml", POLICY).write("play.json", PLAY);
    folder
}

fn preview(folder: &Folder, more: &[&str]) -> String {
    folder.run(&[&["policy", "preview", "policy.toml", "play.json"], &AS_OF[..], more].concat()).ok()
}

#[test]
fn what_is_sent_stands_byte_for_byte_and_the_rest_has_its_reason() {
    let text = preview(&folder(), &[]);
    assert_eq!(
        text,
        "playback version 3, as of 2026-11-24; switched on: playback; content: personal\n\
         \n\
         ping length, 21 bytes with the line break:\n\
         {\"duration\":5250000}\n\
         \n\
         not sent:\n\
         field          ping    column         why\n\
         codec          codecs  codec          the switch `crash` is off\n\
         secret         codecs  secret         its rounding is `drop`\n\
         provided_only  codecs  provided_only  it leaves only for provided content\n\
         -              -       path           the policy doesn't list it\n"
    );
}

#[test]
fn the_same_as_json() {
    let value = json(&preview(&folder(), &["--json", "--columns", "interval,label"]));
    assert_eq!((&value["schema"], &value["as_of"]), (&"coarsen.preview/1".into(), &"2026-11-24".into()));
    assert_eq!(value["consent"], serde_json::json!(["playback"]));
    let line = "{\"duration\":5250000,\"duration_from\":5100000,\"duration_to\":5400000,\"duration_label\":\"85-90 min\"}\n";
    assert_eq!(value["sent"], serde_json::json!([{ "ping": "length", "line": line }]));
    let reasons: Vec<&str> =
        value["not_sent"].as_array().unwrap().iter().map(|field| field["why"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["consent_off", "dropped", "other_content"]);
    assert_eq!(value["not_sent"][0]["switch"], "crash");
    assert_eq!(value["unlisted"], serde_json::json!(["path"]));
}

#[test]
fn switches_days_and_content_decide() {
    let folder = folder();
    let crash = preview(&folder, &["--consent", "crash"]);
    assert!(crash.contains("ping codecs, 17 bytes with the line break:\n{\"codec\":\"hevc\"}\n"), "{crash}");
    let expired = folder
        .run(&[
            "policy",
            "preview",
            "policy.toml",
            "play.json",
            "--as-of",
            "2027-01-01",
            "--consent",
            "crash",
        ])
        .ok();
    assert!(expired.contains("nothing is sent") && expired.contains("it expired on 2027-01-01"), "{expired}");
    let provided = PLAY.replace("{\"duration_ms\"", "{\"content\": \"provided\", \"duration_ms\"");
    folder.write("play.json", provided);
    let provided = preview(&folder, &[]);
    assert!(provided.contains("{\"provided_only\":null}"), "{provided}");
    assert!(provided.contains("the play has no value: null is sent"), "{provided}");
}

/// Without a switch nothing is looked at, so the keys of the play don't even come to be named.
#[test]
fn an_opted_out_play_is_not_looked_at() {
    let folder = folder();
    for play in ["{}", "{\"duration_ms\": [], \"content\": 7, \"path\": \"SECRET\"}"] {
        folder.write("play.json", play);
        let text = preview(&folder, &[]);
        assert!(text.contains("switched on: none") && text.contains("nothing is sent"), "{text}");
        assert!(!text.contains("path") && !text.contains("SECRET"), "{text}");
        assert_eq!(text.matches("is off").count(), 4, "{text}");
    }
    folder.write("play.json", PLAY);
    assert!(preview(&folder, &["--consent", ""]).contains("nothing is sent"));
}

#[test]
fn a_play_may_come_from_standard_input() {
    let folder = folder();
    let mut command = folder.command(&["policy", "preview", "policy.toml", "-", AS_OF[0], AS_OF[1]]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(PLAY.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), preview(&folder, &[]));
}

#[test]
fn bad_input_is_refused() {
    let folder = folder();
    let refused = |args: &[&str], words: &[&str]| {
        folder.refused(&[&["policy", "preview", "policy.toml"], args].concat(), words);
    };
    refused(&["play.json", "--consent", "playbak"], &["no field is governed", "playback, crash"]);
    refused(&["play.json", "--as-of", "2026-02-30"], &["2026-02-30"]);
    refused(&["play.json", "--columns", "edges"], &["interval", "label"]);
    refused(&["gone.json"], &["gone.json"]);
    folder.write("list.json", "[1]").write("cut.json", "{\"duration_ms\": 1, ");
    refused(&["list.json"], &["list.json: a play is a JSON object"]);
    refused(&["cut.json"], &["cut.json: not JSON", "line 1 column"]);
    let on = |rest: &str| format!("{{\"consent\": {{\"playback\": true}}, {rest}}}");
    folder
        .write("text.json", on("\"duration_ms\": \"SECRET\""))
        .write("half.json", on("\"duration_ms\": 0.5"));
    let error = folder.refused(
        &["policy", "preview", "policy.toml", "text.json"],
        &["text.json: `duration_ms` holds text, and field `duration` of ping `length` wants whole milliseconds"],
    );
    assert!(!error.contains("SECRET"));
    refused(&["half.json"], &["`duration_ms` holds a number that is not whole"]);
}

#[test]
fn a_hostile_play_drives_no_terminal() {
    let folder = folder();
    let play = "{\"consent\": {\"crash\": true}, \"codec\": \"a\u{202e}\u{9b}b\", \"\\u001b[2J\": 1}";
    folder.write("play.json", play);
    let text = preview(&folder, &[]);
    assert!(is_plain(&text), "{text}");
    assert!(text.contains("shown as escapes"), "{text}");
    let value = json(&preview(&folder, &["--json"]));
    assert_eq!(value["sent"][0]["line"], "{\"codec\":\"a\u{202e}\u{9b}b\"}\n");
}
