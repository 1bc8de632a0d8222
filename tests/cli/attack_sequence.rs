//! `attack sequence`.

use serde_json::Value;

use crate::tool::{Folder, SMALL, is_plain, json};

/// Three albums of four tracks; the last two share their lengths in another order.
const ALBUMS: &str = "title_id,series_id,duration_ms,kind,popularity
1,a,60000,track,5
2,a,70000,track,1
3,a,80000,track,1
4,a,90000,track,1
5,b,61000,track,1
6,b,71000,track,1
7,b,121000,track,1
8,b,122000,track,1
9,c,123000,track,1
10,c,124000,track,1
11,c,62000,track,1
12,c,72000,track,1
";

fn run(folder: &Folder, name: &str, more: &[&str]) -> Value {
    let args = ["attack", name, "--catalogue", "in.csv", "--draws", "20000", "--json"];
    json(&folder.run(&[&args[..], more].concat()).ok())["attacks"][0].take()
}

#[test]
fn linked_tracks_name_their_album() {
    let folder = Folder::new();
    folder.write("in.csv", ALBUMS);
    let found = run(&folder, "sequence", &["--duration", "floor:1min"]);
    assert_eq!(found["attacker"], "sequence");
    let sequence = found["sequence"].as_array().unwrap();
    assert!(sequence.iter().all(|row| row["agrees"] == true), "{found:#}");
    let of = |plays: u32, order: &str, prior: &str| {
        let is = |row: &&Value| row["plays"] == plays && row["order"] == order && row["prior"] == prior;
        sequence.iter().find(is).unwrap_or_else(|| panic!("{plays} {order} {prior}"))
    };
    // In minutes: 1111, 1122 and 2211. Three in order are 111, 111, 112, 122, 221, 211; shuffled 112 and 122 are of
    // two albums each.
    assert_eq!(of(3, "in_order", "uniform")["closed_form"], 1.0);
    assert_eq!(of(3, "shuffled", "uniform")["closed_form"], 4.0 / 6.0);
    assert_eq!(of(3, "in_order", "uniform")["certain"], 1.0);
    assert_eq!(of(3, "shuffled", "uniform")["certain"], 2.0 / 6.0);
    assert_eq!(of(3, "in_order", "uniform")["control"], 2.0 / 6.0);
    assert_eq!(
        (&of(3, "in_order", "uniform")["stretches"], &of(3, "in_order", "uniform")["share"]),
        (&6.into(), &0.5.into())
    );
    // They begin with 1 in the first two albums, twice each, and with 2 in the last.
    assert_eq!(of(3, "in_order", "uniform")["unlinked"], 4.0 / 6.0);
    assert_eq!(of(3, "in_order", "uniform")["baseline"], 1.0);
    // Five of the ten plays that begin three tracks are of the first file, and 111 is the first album.
    assert_eq!(of(3, "shuffled", "popularity")["closed_form"], 8.0 / 10.0);
    assert!(sequence.iter().all(|row| row["plays"].as_u64() < Some(5)), "no album has five tracks");

    // One play is A1 at the series.
    let linkage = run(&folder, "linkage", &["--duration", "floor:1min"]);
    for row in linkage["linkage"].as_array().unwrap().iter().filter(|row| row["target"] == "series") {
        let one = of(1, "in_order", row["prior"].as_str().unwrap());
        for key in ["closed_form", "control", "baseline"] {
            assert_eq!(one[key], row[key], "{key}");
        }
        assert_eq!(one["unlinked"], one["closed_form"]);
    }
}

#[test]
fn it_prints_a_table_and_runs_among_all() {
    let folder = Folder::new();
    folder.write("in.csv", ALBUMS);
    let args = ["attack", "all", "--catalogue", "in.csv", "--duration", "floor:1min", "--draws", "2000"];
    let text = folder.run(&args).ok();
    for word in
        ["sequence: duration floor:1min", "3 shuffled, uniform prior", "seeing one of them", "bits left"]
    {
        assert!(text.contains(word), "`{word}` is not in {text}");
    }
    assert!(is_plain(&text));
}

#[test]
fn without_series_there_is_nothing_to_link() {
    let folder = Folder::new();
    folder.write("in.csv", SMALL);
    let found = run(&folder, "sequence", &["--duration", "floor:1s"]);
    assert!(found["not_applicable"].as_str().unwrap().contains("no series or album"), "{found}");
    assert!(found.get("sequence").is_none());
}
