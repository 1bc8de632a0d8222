//! `policy diff`: what a change gives away, and the exit code that says so.

use serde_json::Value;

use crate::tool::{Folder, is_plain, json};

const HEAD: &str = "schema = \"coarsen.policy/1\"\nname = \"p\"\nversion = 1\n";
const REST: &str =
    "consent = \"playback\"\npurpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n";

fn field(ping: &str, name: &str, rounding: &str) -> String {
    let (kind, column) = match name {
        "duration" => ("duration", "duration_ms"),
        "bitrate" => ("bitrate", "bitrate_bps"),
        name => ("category", name),
    };
    format!(
        "[[field]]\nping = \"{ping}\"\nname = \"{name}\"\ncolumn = \"{column}\"\ntype = \"{kind}\"\n\
         rounding = \"{rounding}\"\n{REST}"
    )
}

/// A folder with a catalogue, and policies by name.
fn folder(policies: &[(&str, String)]) -> Folder {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", "1500", "-o", "in.parquet"]).ok();
    for (name, fields) in policies {
        folder.write(name, format!("{HEAD}{fields}"));
    }
    folder
}

/// What `policy diff --json` says, which must go with its exit code.
#[track_caller]
fn diff(folder: &Folder, args: &[&str]) -> Value {
    let ran = folder.run(&[&["policy", "diff", "--json", "--as-of", "2026-11-24"], args].concat());
    let found = json(&ran.stdout);
    assert_eq!(found["schema"], "coarsen.diff/1");
    assert_eq!(ran.code, Some(if found["holds"] == true { 0 } else { 1 }), "{}", ran.stderr);
    found
}

fn durations(rounding: &str) -> String {
    field("length", "duration", rounding)
}

#[test]
fn a_coarser_nested_policy_adds_nothing_with_and_without_a_catalogue() {
    let folder =
        folder(&[("old.toml", durations("floor:5min")), ("new.toml", durations("floor:15min+top:4h"))]);
    let found = diff(&folder, &["old.toml", "new.toml"]);
    assert_eq!((&found["holds"], &found["adds_nothing"]), (&true.into(), &true.into()));
    assert_eq!(found["pairs"][0]["fields"][0]["relation"], "nested");
    assert_eq!(found["catalogue"], Value::Null);
    // Whatever the old one came to on a catalogue: no limit asks what was there before.
    let strict = ["old.toml", "new.toml", "--catalogue", "in.parquet", "--limit", "k_titles=100000"];
    let found = diff(&folder, &strict);
    assert_eq!(found["holds"], true);
    let judged = &found["pairs"][0]["judged"];
    assert_eq!((&judged["outcome"], &judged["join"]), (&"breaks".into(), &judged["old"]));

    // Back again it tells 5 min where 15 min were told, which the limits decide.
    assert_eq!(diff(&folder, &["new.toml", "old.toml"])["holds"], false);
    let loose = ["k_titles=1", "k_series=1", "title_uniform=1", "largest_title_share@0.2=none"];
    let loose =
        loose.into_iter().chain(["largest_title_share_plays@0.8=none"]).flat_map(|limit| ["--limit", limit]);
    let back: Vec<&str> =
        ["new.toml", "old.toml", "--catalogue", "in.parquet"].into_iter().chain(loose).collect();
    let found = diff(&folder, &back);
    assert_eq!((&found["holds"], &found["adds_nothing"]), (&true.into(), &false.into()));
    assert_eq!(found["pairs"][0]["judged"]["outcome"], "holds");
    let text = folder.run(&[&["policy", "diff"], &back[..]].concat()).ok();
    assert!(text.contains("The change adds something, and every join meets the limits."), "{text}");
}

#[test]
fn the_join_of_two_versions_is_what_counts() {
    let folder = folder(&[("old.toml", durations("floor:10min")), ("new.toml", durations("floor:15min"))]);
    let found = diff(&folder, &["old.toml", "new.toml"]);
    assert_eq!(found["holds"], false);
    let smallest = &found["pairs"][0]["fields"][0]["smallest"];
    assert_eq!(smallest["join"], json("{\"from\": 600000, \"to\": 900000}"));
    assert_eq!(smallest["old"], json("{\"from\": 0, \"to\": 600000}"));
    let text = folder.run(&["policy", "diff", "old.toml", "new.toml"]);
    assert_eq!(text.code, Some(1));
    let words =
        "floor:15min is not nested in floor:10min; smallest bucket 5 min together, 10 min and 15 min alone";
    assert!(text.stdout.contains(words), "{}", text.stdout);

    // Each alone is what `measure` says, and both are the classes of 10, 5, 5, 10 min.
    let found = diff(&folder, &["old.toml", "new.toml", "--catalogue", "in.parquet"]);
    let judged = &found["pairs"][0]["judged"];
    for (name, policy) in [("old", "old.toml"), ("new", "new.toml")] {
        let measured = folder.measure("in.parquet", &["--policy", policy]);
        assert_eq!(judged[name]["classes"], measured["classes"]);
        assert_eq!(judged[name]["title_uniform"], measured["reidentification"]["title"]["uniform"]);
    }
    assert!(judged["join"]["classes"].as_u64() > judged["old"]["classes"].as_u64());
    assert!(judged["join"]["title_uniform"].as_f64() > judged["new"]["title_uniform"].as_f64());
}

/// The limits are those that the new policy states, and flags over them.
#[test]
fn the_new_policy_says_what_it_is_held_to() {
    let lax = "[limits]\nk_titles = 1\nk_series = 1\ntitle_uniform = 1.0\n\"largest_title_share@0.2\" = 1.0\n\
               \"largest_title_share_plays@0.8\" = 1.0\n";
    let folder = folder(&[
        ("old.toml", durations("floor:10min")),
        ("new.toml", format!("{lax}{}", durations("floor:15min"))),
        ("strict.toml", durations("floor:15min")),
    ]);
    let on = ["--catalogue", "in.parquet"];
    assert_eq!(diff(&folder, &[&["old.toml", "new.toml"], &on[..]].concat())["holds"], true);
    assert_eq!(diff(&folder, &[&["old.toml", "strict.toml"], &on[..]].concat())["holds"], false);
    let stricter = ["old.toml", "new.toml", "--limit", "title_uniform=0.0001"];
    assert_eq!(diff(&folder, &[&stricter[..], &on].concat())["holds"], false);
}

#[test]
fn two_pings_of_one_policy_that_somebody_links() {
    let folder = folder(&[("p.toml", durations("floor:30min") + &field("stalls", "bitrate", "log:1"))]);
    assert_eq!(diff(&folder, &["p.toml", "p.toml"])["holds"], true);
    let linked = ["p.toml", "p.toml", "--ping", "length", "--ping", "stalls", "--catalogue", "in.parquet"];
    let found = diff(&folder, &linked);
    assert_eq!(found["pairs"].as_array().map(Vec::len), Some(1));
    let pair = &found["pairs"][0];
    assert_eq!(
        (&pair["old"], &pair["new"], &pair["matched"]),
        (&"length".into(), &"stalls".into(), &"asked".into())
    );
    // What one ping of both fields comes to.
    let joint = folder.measure("in.parquet", &["--duration", "floor:30min", "--bitrate", "log:1"]);
    assert_eq!(pair["judged"]["join"]["classes"], joint["classes"]);
    assert_eq!(pair["judged"]["join"]["title_uniform"], joint["reidentification"]["title"]["uniform"]);
    let all = diff(&folder, &["p.toml", "p.toml", "--all-pairs"]);
    assert_eq!(all["pairs"].as_array().map(Vec::len), Some(4));
    assert_eq!(all["holds"], false);
}

#[test]
fn what_the_catalogue_lacks_never_holds() {
    let folder = Folder::new();
    folder.write("in.csv", crate::tool::SMALL);
    folder.write("old.toml", format!("{HEAD}{}", durations("floor:1s")));
    let new = durations("floor:1s") + &field("length", "resolution", "keep");
    folder.write("new.toml", format!("{HEAD}{new}"));
    let lift = ["k_titles=1", "k_series=1", "title_uniform=1", "largest_title_share@0.2=none"];
    let lift =
        lift.into_iter().chain(["largest_title_share_plays@0.8=none"]).flat_map(|limit| ["--limit", limit]);
    let args: Vec<&str> = ["old.toml", "new.toml", "--catalogue", "in.csv"].into_iter().chain(lift).collect();
    let found = diff(&folder, &args);
    assert_eq!(found["pairs"][0]["judged"]["outcome"], "marginal");
    assert_eq!(found["pairs"][0]["judged"]["marginal"], json("[\"resolution\"]"));
    let text = folder.run(&[&["policy", "diff"], &args[..]].concat()).stdout;
    assert!(text.contains("the catalogue has no resolution, so it can't judge the join"), "{text}");
    // And what a catalogue holds, said to be of the player, is in no key.
    let hidden = new.replace("rounding = \"keep\"", "rounding = \"keep\"\nabout = \"client\"");
    folder.write("new.toml", format!("{HEAD}{hidden}"));
    let found = diff(&folder, &args);
    assert_eq!(found["pairs"][0]["judged"]["misplaced"], json("[\"resolution\"]"));
    assert_eq!(found["holds"], false);
}

#[test]
fn bad_input_is_refused() {
    let folder = folder(&[("old.toml", durations("floor:5min")), ("new.toml", durations("floor:5min"))]);
    let both = ["policy", "diff", "old.toml", "new.toml"];
    let refused = |more: &[&str], words: &[&str]| _ = folder.refused(&[&both[..], more].concat(), words);
    refused(&["--limit", "k_titles=3"], &["--limit", "--catalogue"]);
    refused(&["--kind", "movie"], &["--kind", "--catalogue"]);
    refused(&["--limit", "k_title=3", "--catalogue", "in.parquet"], &["unknown limit `k_title`"]);
    refused(&["--ping", "speed"], &["no ping `speed`", "its pings are length"]);
    refused(&["--ping", "a", "--ping", "b", "--ping", "c"], &["--ping is given 3 times", "at most two"]);
    refused(&["--ping", "length", "--all-pairs"], &["--all-pairs"]);
    refused(&["--catalogue", "none.parquet"], &["none.parquet"]);
    refused(&["--as-of", "2026-13-01"], &["2026-13-01"]);
    folder.refused(&["policy", "diff", "old.toml"], &["NEW.toml"]);
    folder.refused(&["policy", "diff", "old.toml", "none.toml"], &["none.toml"]);
    folder.write("bad.toml", "schema = 1");
    folder.refused(&["policy", "diff", "bad.toml", "new.toml"], &["bad.toml"]);
}

#[test]
fn hostile_names_drive_no_terminal() {
    let hostile = "\\u001b[2J\\u202e";
    let head = HEAD.replace("\"p\"", &format!("\"p{hostile}\""));
    let folder = Folder::new();
    for (name, group) in [("old.toml", "a"), ("new.toml", "b")] {
        let codec = field("length", "video_codec", &format!("groups:x=\u{202e}{group}"));
        let other = format!("[[other]]\nping = \"length\"\nwhen = {{ video_codec = \"x{hostile}\" }}\n");
        folder.write(name, format!("{head}{codec}{other}"));
    }
    let ran = folder.run(&["policy", "diff", "old.toml", "new.toml"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(is_plain(&ran.stdout) && ran.stdout.contains("not nested"), "{}", ran.stdout);
}
