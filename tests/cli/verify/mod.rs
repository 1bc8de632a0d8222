//! `verify` and `policy justify`: every reason to fail, and none.

mod delay;
mod judged;
mod justified;
mod told;
mod workflow;

use quick_xml::events::Event;
use serde_json::Value;

use crate::tool::{Folder, json};

/// A field of a policy, in TOML.
fn field(ping: &str, name: &str, rest: &str) -> String {
    let (kind, column) = match name {
        "duration" => ("duration", "duration_ms"),
        "bitrate" => ("bitrate", "bitrate_bps"),
        name => (if name.starts_with("played") { "duration" } else { "category" }, name),
    };
    format!(
        "[[field]]\nping = \"{ping}\"\nname = \"{name}\"\ncolumn = \"{column}\"\ntype = \"{kind}\"\n\
         consent = \"playback\"\npurpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n{rest}\n"
    )
}

const HEAD: &str = "# Kept.\nschema = \"coarsen.policy/1\"\nname = \"p\"\nversion = 1\n[limits]\nk_titles = 3\n\
    k_series = 2\nexposed_share = 0.02\n\"largest_title_share@0.2\" = 0.2\n\"largest_title_share_plays@0.8\" = 0.2\n\
    title_uniform = 0.4\n[release]\ndelay = \"1h..6h\"\nbatch = 100\nshuffle = true\n";

fn policy(fields: &[String]) -> String {
    format!("{HEAD}{}", fields.concat())
}

/// A folder with a catalogue and that policy, justified on it.
fn justified(fields: &[String]) -> Folder {
    justified_on("1500", fields)
}

fn justified_on(titles: &str, fields: &[String]) -> Folder {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", titles, "-o", "in.parquet"]).ok();
    folder.write("p.toml", policy(fields));
    justify(&folder);
    folder
}

fn justify(folder: &Folder) {
    let out = folder.run(&["policy", "justify", "p.toml", "--catalogue", "in.parquet", "-o", "p.toml"]).ok();
    assert_eq!(out, "", "nothing but a result goes to standard output");
}

fn edit(folder: &Folder, from: &str, to: &str) {
    let text = String::from_utf8(folder.read("p.toml")).unwrap();
    assert!(text.contains(from), "`{from}` is not in:\n{text}");
    folder.write("p.toml", text.replacen(from, to, 1));
}

/// What `verify --json` says, which must go with its exit code.
#[track_caller]
fn verify(folder: &Folder, args: &[&str]) -> Value {
    let ran =
        folder.run(&[&["verify", "--policy", "p.toml", "--json", "--as-of", "2026-11-24"], args].concat());
    let verified = json(&ran.stdout);
    assert_eq!(verified["schema"], "coarsen.verify/1");
    assert_eq!(ran.code, Some(if verified["holds"] == true { 0 } else { 1 }), "{}", ran.stderr);
    verified
}

const HERE: [&str; 2] = ["--catalogue", "in.parquet"];

/// The checks with a verdict, as `PING NAME`.
fn with(verified: &Value, verdict: &str) -> Vec<String> {
    let checks = verified["checks"].as_array().unwrap().iter().filter(|check| check["verdict"] == verdict);
    checks
        .map(|check| format!("{} {}", check["ping"].as_str().unwrap_or("-"), check["name"].as_str().unwrap()))
        .collect()
}

fn says<'a>(verified: &'a Value, name: &str) -> &'a str {
    let checks = verified["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == name);
    check.unwrap_or_else(|| panic!("no check `{name}`: {checks:?}"))["says"].as_str().unwrap()
}

fn two() -> Vec<String> {
    vec![
        field("length", "duration", "rounding = \"floor:30min+top:2h\""),
        field("stalls", "bitrate", "rounding = \"log:1+bottom:256kbps+top:8Mbps\""),
        field("stalls", "resolution", "rounding = \"keep\""),
    ]
}
