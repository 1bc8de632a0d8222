//! `plays simulate` and `plays describe`.

use serde_json::Value;

use crate::tool::{Folder, SMALL, is_plain, json};

fn folder() -> Folder {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", "300", "--seed", "3", "-o", "in.parquet"]).ok();
    folder
}

fn simulate<'a>(output: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let args =
        ["plays", "simulate", "--catalogue", "in.parquet", "--servers", "20", "--plays", "600", "-o", output];
    [&args[..], more].concat()
}

const PLAYBACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/policies/playback.toml");

/// The pings of the policy that plays are sent in, and a field of each.
const PINGS: [(&str, &str); 8] = [
    ("stalls", "stalled"),
    ("speed", "transcode_speed"),
    ("length", "played"),
    ("startup", "startup"),
    ("formats", "device"),
    ("media", "kind"),
    ("errors", "error"),
    ("features", "event"),
];

#[test]
fn the_policy_that_ships_with_the_program_applies_to_simulated_plays() {
    let folder = folder();
    for plays in ["plays.parquet", "plays.csv", "plays.jsonl"] {
        let said = folder.run(&simulate(plays, &["--opt-out", "0.4"]));
        assert_eq!((said.code, said.stdout.as_str()), (Some(0), ""), "{}", said.stderr);
        let apply =
            ["apply", "--policy", PLAYBACK, "--as-of", "2026-11-24", plays, "-o", "out-{ping}.csv", "--json"];
        let summary = json(&folder.run(&apply).ok());
        assert_eq!((&summary["in"], &summary["refused"]), (&600.into(), &0.into()), "{plays}: {summary:#}");
        let ids: Vec<Value> = vec!["file_id".into(), "title_id".into()];
        assert_eq!(summary["dropped_columns"].as_array().expect("names"), &ids, "{plays}");
        let out = |ping: &str| String::from_utf8(folder.read(&format!("out-{ping}.csv"))).expect("UTF-8");
        let sent = out("length").lines().count() - 1;
        assert!(sent > 200 && sent < 600, "{sent} plays of consenting servers");
        for (ping, field) in PINGS {
            let text = out(ping);
            let mut lines = text.lines();
            let at = lines.next().expect("a header").split(',').position(|name| name == field);
            let at = at.unwrap_or_else(|| panic!("no {field} in {ping}"));
            let known = lines.filter(|line| !line.split(',').nth(at).unwrap_or_default().is_empty()).count();
            assert!(known > 0 || ping == "errors", "{plays}: no {field} in {ping}");
            assert_eq!(text.lines().count() - 1, sent, "{ping}");
        }
    }
}

#[test]
fn plays_are_described() {
    let folder = folder();
    folder.run(&simulate("plays.parquet", &[])).ok();
    let said = json(&folder.run(&["plays", "describe", "plays.parquet", "--json"]).ok());
    assert_eq!(said["schema"], "coarsen.plays/1");
    let description = &said["description"];
    assert_eq!((&description["plays"], &description["opted_out_servers"]), (&600.into(), &0.0.into()));
    let cells = description["cells"].as_array().expect("cells");
    assert_eq!(cells.iter().map(|cell| cell["plays"].as_u64().expect("plays")).sum::<u64>(), 600);
    let missing = description["missing"].as_array().expect("columns");
    let of = |name: &str| missing.iter().find(|missing| missing["column"] == name).expect("the column");
    assert_eq!((&of("server")["plays"], &of("duration_ms")["plays"]), (&0.into(), &0.into()));
    let startup = description["startup_ms"].as_array().expect("percentiles");
    assert_eq!(startup.len(), said["percentiles"].as_array().expect("percentiles").len());
    assert!(startup.windows(2).all(|pair| pair[0].as_u64() <= pair[1].as_u64()));
    let text = folder.run(&["plays", "describe", "plays.parquet"]).ok();
    for words in ["600 plays of", "start-up", "direct play", "stalled time", "missing in"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(is_plain(&text));
}

#[test]
fn a_repeated_simulation_gives_the_same_bytes() {
    let folder = folder();
    folder.run(&simulate("a.parquet", &["--seed", "9"])).ok();
    folder.run(&simulate("b.parquet", &["--seed", "9"])).ok();
    folder.run(&simulate("c.parquet", &["--seed", "10"])).ok();
    assert!(folder.read("a.parquet") == folder.read("b.parquet"));
    assert!(folder.read("a.parquet") != folder.read("c.parquet"));
}

#[test]
fn what_cannot_be_simulated_leaves_nothing() {
    let folder = folder();
    folder.write("small.csv", SMALL).write("taken.parquet", "old");
    folder.refused(&simulate("plays.txt", &[]), &["plays.txt", ".parquet", ".jsonl"]);
    folder.refused(&simulate("nowhere/plays.parquet", &[]), &["nowhere", "no such folder"]);
    folder.refused(&simulate("plays.parquet", &["--opt-out", "1.5"]), &["1.5", "from 0 to 1"]);
    folder.refused(&simulate("plays.parquet", &["--completion", "NaN"]), &["NaN", "from 0 to 1"]);
    folder.refused(&simulate("in.parquet", &[]), &["in.parquet", "is read"]);
    let small = ["plays", "simulate", "--catalogue", "small.csv", "--plays", "9", "-o", "taken.parquet"];
    folder.refused(&small, &["3 titles", "100"]);
    let none = ["plays", "simulate", "--catalogue", "in.parquet", "--plays", "0", "-o", "taken.parquet"];
    folder.refused(&none, &["--plays"]);
}

#[test]
fn what_is_no_table_of_plays_is_refused() {
    let folder = folder();
    folder.run(&simulate("plays.parquet", &[])).ok();
    let whole = folder.read("plays.parquet");
    folder.write("cut.parquet", &whole[..whole.len() / 2]).write("plays.csv", "server\na\n");
    let mut bad = whole.clone();
    // The first page, behind the magic number.
    bad[4..400].fill(0x5a);
    folder.write("bad.parquet", bad).write("empty.parquet", "");
    folder.refused(&["plays", "describe", "cut.parquet"], &["cut.parquet", "cut short"]);
    folder.refused(&["plays", "describe", "bad.parquet"], &["bad.parquet", "cut short"]);
    folder.refused(&["plays", "describe", "empty.parquet"], &["empty.parquet", "PAR1"]);
    folder.refused(&["plays", "describe", "none.parquet"], &["none.parquet"]);
    folder.refused(&["plays", "describe", "plays.csv"], &["plays.csv", "import"]);
    folder.refused(&["plays", "describe", "in.parquet"], &["`series_id` is no column of plays", "import"]);
}

#[test]
fn a_value_that_a_column_cannot_hold_is_named_with_its_row() {
    use polars::prelude::{Column, NamedFrom, Series};
    let folder = Folder::new();
    let column = |name: &str, values: &[i64]| -> Column { Series::new(name.into(), values).into() };
    let table = |columns| crate::tool::write_row_groups(&folder.path("bad.parquet"), columns, Some(2));
    table(vec![column("stalls", &[0, 1, 2, -5])]);
    folder.refused(&["plays", "describe", "bad.parquet"], &["row 4", "`stalls`", "4294967295"]);
    table(vec![column("platform", &[0, 1])]);
    folder.refused(&["plays", "describe", "bad.parquet"], &["`platform`", "text"]);
    table(vec![column("consent_playback", &[0, 1])]);
    folder.refused(&["plays", "describe", "bad.parquet"], &["`consent_playback`", "true or false"]);
}
