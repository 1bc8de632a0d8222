//! Flags, policies and configurations that can't be followed.

use crate::tool::{Folder, SMALL};

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("in.csv", SMALL);
    folder
}

#[test]
fn roundings() {
    let folder = folder();
    for (duration, words) in [
        ("round:5min", &["unknown rounding `round:5min`", "floor:W"][..]),
        ("floor:5", &["floor:5", "unit"]),
        ("floor:5parsecs", &["unknown unit `parsecs`", "ms, s, min, h"]),
        ("floor:500kbps", &["unknown unit `kbps`"]),
        ("floor:0s", &["width of 0", "keep"]),
        ("floor:0.5ms", &["whole number of ms"]),
        ("floor:5min@6min", &["phase", "remainder"]),
        ("floor", &["write it like"]),
        ("edges:2h,1h", &["rise strictly", "3600000 follows 7200000"]),
        ("edges:0s,1h", &["above 0"]),
        ("edges:1h,1h", &["rise strictly"]),
        ("log:0", &["from 1"]),
        ("ladder:apple_hls_h264", &["bit rates"]),
        ("keep:1", &["write it like"]),
        ("floor:5min+top:1h+bottom:1min", &["write it like"]),
        ("floor:5min+bottom:2h+top:1h", &["below top coding"]),
        ("quantile:0", &["0"]),
        ("floor:99999999999999999999h", &["too large"]),
        ("", &["unknown rounding"]),
    ] {
        folder.refused(&["measure", "--catalogue", "in.csv", "--duration", duration], words);
        folder.refused(&["attack", "linkage", "--catalogue", "in.csv", "--duration", duration], words);
    }
    let ladder = ["measure", "--catalogue", "in.csv", "--bitrate", "ladder:nope"];
    folder.refused(&ladder, &["unknown ladder `nope`", "apple_hls_h264"]);
}

#[test]
fn side_fields_and_missing_columns() {
    let folder = folder();
    let run = |more: &[&str], words: &[&str]| {
        folder.refused(&[&["measure", "--catalogue", "in.csv"], more].concat(), words);
    };
    run(&["--by", "shade"], &["unknown side field `shade`", "resolution"]);
    run(&["--by", "kind,resolution"], &["no `resolution`", "leave it out"]);
    run(&["--bitrate", "floor:1Mbps"], &["no `bitrate`", "leave it out"]);
    run(&[], &["--duration"]);
    folder.refused(
        &["sweep", "--catalogue", "in.csv", "--by", "resolution", "-o", "out.csv"],
        &["no `resolution`", "--by"],
    );
}

#[test]
fn lists() {
    let folder = folder();
    for (list, words) in [
        ("5s..1s:1s", &["must rise"][..]),
        ("1s..5s:0s", &["must rise"]),
        ("1ms..10h:1ms", &["at most"]),
        ("1s..5s", &["first..last:step"]),
        ("1s,", &["unknown rounding"]),
        ("1s..2parsecs:1s", &["unknown unit"]),
        ("5", &["unit"]),
        ("0s", &["width of 0"]),
        ("0s..3s:1s", &["width of 0"]),
        ("1s,floor:x", &["floor:x"]),
    ] {
        let args = ["sweep", "--catalogue", "in.csv", "-o", "out.csv", "--duration-widths", list];
        folder.refused(&args, &[&["the list"], words].concat()[usize::from(list.starts_with('0'))..]);
    }
    // The last step would pass the largest number.
    let edge = "1ms..18446744073709551615ms:9223372036854775808ms";
    let args = ["sweep", "--catalogue", "in.csv", "-o", "out.csv", "--duration-widths", edge];
    assert_eq!(folder.run(&args).code, Some(0));
}

#[test]
fn shares_counts_and_names() {
    let folder = folder();
    for share in ["2", "1", "-0.1", "NaN", "half"] {
        let exposed = format!("--exposed={share}");
        folder.refused(&["sweep", "--catalogue", "in.csv", "-o", "out.csv", &exposed], &["--exposed"]);
    }
    let synth = |more: &[&str], words: &[&str]| {
        folder.refused(&[&["catalogue", "synth", "-o", "out.csv"], more].concat(), words);
    };
    synth(&["--titles", "0"], &["--titles", "0"]);
    synth(&["--titles", "4294967295"], &["titles can't be drawn", "50000000"]);
    synth(&["--titles", "some"], &["--titles"]);
    synth(&[], &["--titles"]);
    synth(&["--titles", "5", "--seed", "-1"], &["-1"]);
    synth(&["--titles", "5", "--recipe", "nope"], &["recipe nope", "mixed, video, music"]);
    synth(&["--titles", "5", "--recipe", "nope.toml"], &["nope.toml"]);
    folder.write("bad.toml", "name = \"bad\"\nsurprise = 1\n");
    synth(&["--titles", "5", "--recipe", "bad.toml"], &["recipe bad.toml", "surprise"]);
    let attack = ["attack", "linkage", "--catalogue", "in.csv", "--duration", "keep", "--draws", "0"];
    folder.refused(&attack, &["--draws"]);
    folder
        .refused(&["attack", "guess", "--catalogue", "in.csv", "--duration", "keep"], &["guess", "linkage"]);
    folder
        .refused(&["catalogue", "import", "--from", "cloud", "in.csv", "-o", "out.csv"], &["cloud", "table"]);
}

#[test]
fn limits() {
    let folder = folder();
    for (limit, words) in [
        ("k_files=20", &["unknown limit `k_files`", "k_titles"][..]),
        ("k_titles", &["write it like `k_titles=20`"]),
        ("k_titles=many", &["write it like"]),
        ("k_titles=0", &["k_titles=0", "whole number from 1"]),
        ("k_titles=2.5", &["whole number from 1"]),
        ("exposed_share=1.5", &["exposed_share=1.5", "from 0 to 1"]),
        ("title_uniform=-0.1", &["from 0 to 1"]),
        ("title_uniform=NaN", &["from 0 to 1"]),
        ("title_popularity_gain=0.5", &["at least 1"]),
        ("nope=none", &["unknown limit `nope`"]),
    ] {
        folder.refused(&["recommend", "--catalogue", "in.csv", "-o", "out.toml", "--limit", limit], words);
    }
    let shape = ["recommend", "--catalogue", "in.csv", "-o", "out.toml", "--shape", "round"];
    folder.refused(&shape, &["round", "split"]);
    let judge = ["recommend", "--catalogue", "in.csv", "-o", "out.toml", "--judge", "gone.csv"];
    folder.refused(&judge, &["gone.csv"]);
}

const POLICY: &str = r#"
schema = "coarsen.policy/1"
name = "playback"
version = 1
[[field]]
ping = "length"
name = "duration"
type = "duration"
rounding = "floor:1s"
consent = "playback"
purpose = "Completion by length."
sensitivity = "fingerprint"
expires = "2031-12-31"
"#;

#[test]
fn policies() {
    let folder = folder();
    let measure = ["measure", "--catalogue", "in.csv", "--policy", "p.toml"];
    folder.refused(&measure, &["p.toml"]);
    folder.write("p.toml", POLICY);
    assert_eq!(folder.run(&measure).code, Some(0));
    let with = |more: &[&str], words: &[&str]| {
        folder.refused(&[&measure[..], more].concat(), words);
    };
    with(&["--ping", "play"], &["no ping `play`", "length"]);
    with(&["--duration", "keep"], &["--policy", "--duration"]);
    folder.refused(&["measure", "--catalogue", "in.csv", "--duration", "keep", "--ping", "x"], &["--policy"]);
    for (old, new, words) in [
        ("expires", "until", &["p.toml", "until"][..]),
        ("version = 1", "version = 1\nowner = 2", &["p.toml", "owner"]),
        ("coarsen.policy/1", "coarsen.policy/9", &["coarsen.policy/9", "coarsen.policy/1"]),
        ("floor:1s", "floor:1kbps", &["field `duration` of ping `length`", "unknown unit `kbps`"]),
        ("name = \"duration\"", "name = \"length\"", &["length"]),
        ("version = 1", "version = ", &["p.toml"]),
        ("[[field]]", "[limits]\nk_titles = 0\n[[field]]", &["k_titles=0", "whole number"]),
    ] {
        folder.write("p.toml", POLICY.replacen(old, new, 1));
        with(&[], words);
    }
    folder.write("p.toml", "schema = \"coarsen.policy/1\"\nname = \"p\"\nversion = 1\nfield = []\n");
    with(&[], &["p.toml", "no field"]);
    folder.write("p.toml", b"name = \"\xff\"");
    with(&[], &["p.toml", "UTF-8"]);
}

#[test]
fn configurations_of_a_study() {
    let folder = folder();
    folder.refused(&["study", "gone.toml", "--out", "out"], &["gone.toml"]);
    folder.refused(&["study", "--seed", "x"], &["--seed"]);
    for (config, words) in [
        ("surprise = 1", &["surprise"][..]),
        ("seed = ", &["seed"]),
        ("draws = 5", &["`draws` must be at least 1000"]),
        ("shapes = [\"round\"]", &["unknown shape `round`", "split"]),
        ("shapes = []", &["no shape"]),
        ("[catalogue]\nrecipe = \"mixed\"", &["needs `titles`"]),
        ("[catalogue]\nrecipe = \"mixed\"\ntitles = 0", &["at least 1"]),
        ("[catalogue]\nrecipe = \"mixed\"\nfile = \"x.csv\"", &["not both"]),
        ("[catalogue]\nfile = \"x.csv\"\ntitles = 5", &["goes with `recipe`"]),
        ("[[judge]]\nname = \"x\"", &["needs `recipe` and `titles`, or `file`"]),
        ("[limits]\nk_file = 2", &["unknown limit `k_file`"]),
        ("[limits]\nexposed_share = 2", &["from 0 to 1"]),
    ] {
        folder.write("study.toml", config);
        folder.refused(&["study", "study.toml", "--out", "out"], &[&["study.toml"], words].concat());
        folder.refused(&["study.toml", "--out", "out"], &["study.toml"]);
    }
}

#[test]
fn verbs() {
    let folder = folder();
    folder.refused(&["sweeep"], &["sweeep", "nor is it a verb", "coarsen --help"]);
    folder.refused(&["catalogue", "sync"], &["sync"]);
    folder.refused(&["measure", "--catalog", "in.csv"], &["--catalog"]);
}
