//! `coarsen plays import` of Jellyfin's Playback Reporting, and what holds of every history.

use std::collections::BTreeSet;
use std::fs::File;

use polars::prelude::{DataType, ParquetReader, SerReader};
use serde_json::{Value, json};

use crate::tool::{Folder, Ran, is_plain, json};

/// Words that must get nowhere.
pub const SECRETS: [&str; 8] =
    ["anna", "b0b5", "The Long Evening", "203.0.113.77", "2026-03-14", "20:15", "1773519300", "kitchen-7"];

/// A history of five plays. The item ids are two.
fn history() -> String {
    let rows = [
        [
            "2026-03-14 20:15:00.1234567",
            "b0b5anna",
            "f00d01",
            "Movie",
            "The Long Evening",
            "DirectPlay",
            "Jellyfin Web",
            "Firefox",
            "5423",
        ],
        [
            "2026-03-14 22:00:00",
            "b0b5anna",
            "f00d02",
            "Episode",
            "The Long Evening - s01e02",
            "DirectStream",
            "Jellyfin Android TV",
            "kitchen-7",
            "0",
        ],
        [
            "2026-03-15 20:15:00",
            "b0b5anna",
            "f00d01",
            "Movie",
            "The Long Evening",
            "Transcode (v:h264 a:direct)",
            "Swiftfin iOS",
            "anna's iPhone",
            "60",
        ],
        ["2026-03-15 20:15:00", "b0b5anna", "", "Book", "The Long Evening", "na", "annaplayer", "", ""],
        [
            "2026-03-16 20:15:00",
            "b0b5anna",
            "f00d03",
            "Audio",
            "The Long Evening",
            "Transcode (v:direct a:direct)",
            "Jellyfin for WebOS",
            "kitchen-7",
            "181",
        ],
    ];
    rows.map(|row| row.join("\t") + "\n").concat()
}

pub fn import<'a>(from: &'a str, input: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["plays", "import", "--from", from, input], more].concat()
}

/// The plays of a written CSV as objects of the cells that are there.
pub fn cells(folder: &Folder, csv: &str) -> Vec<Value> {
    let bytes = folder.read(csv);
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    let header = reader.headers().unwrap().clone();
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        let cells = header.iter().zip(record.iter()).filter(|(_, cell)| !cell.is_empty());
        Value::Object(cells.map(|(name, cell)| (name.to_owned(), cell.into())).collect())
    });
    rows.collect()
}

/// Imports into every format, and looks for the secrets in all that is written and said.
#[track_caller]
pub fn keeps_nobody(folder: &Folder, from: &str, input: &str) {
    let before = folder.read(input);
    let mut said = String::new();
    for output in ["out.csv", "out.jsonl", "out.parquet"] {
        let Ran { code, stdout, stderr } =
            folder.run(&import(from, input, &["-o", output, "--refused", "bad.csv"]));
        assert_eq!(code, Some(0), "{stderr}");
        said += &(stdout + &stderr);
    }
    let mut frame = ParquetReader::new(File::open(folder.path("out.parquet")).unwrap()).finish().unwrap();
    for column in std::mem::take(&mut frame).into_columns() {
        said += column.name();
        let texts = column.cast(&DataType::String).unwrap();
        texts.str().unwrap().iter().for_each(|text| said += text.unwrap_or_default());
    }
    for file in ["out.csv", "out.jsonl", "out.parquet", "bad.csv"] {
        said += &String::from_utf8_lossy(&folder.read(file));
    }
    for secret in SECRETS {
        assert!(!said.to_lowercase().contains(&secret.to_lowercase()), "{secret} is told");
    }
    assert!(folder.read(input) == before, "the history has changed");
    // Nothing else is left: not even what a database engine puts beside a file.
    let listing = folder.listing();
    let names: BTreeSet<_> =
        listing.iter().map(|(path, _)| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, BTreeSet::from(["bad.csv", input, "out.csv", "out.jsonl", "out.parquet"]));
}

#[test]
fn a_history_of_jellyfin() {
    let folder = Folder::new();
    folder.write("history.tsv", history());
    let text = folder.run(&import("jellyfin-reporting", "history.tsv", &["-o", "out.csv"])).ok();
    assert!(
        text.contains("in") && text.contains("delivery in 1, device in 1, kind in 1, platform in 1"),
        "{text}"
    );
    let wanted = [
        json!({"server": "1", "title_id": "0", "kind": "movie", "played_ms": "5423000", "delivery": "direct play", "platform": "web", "device": "desktop"}),
        json!({"server": "1", "title_id": "1", "kind": "episode", "played_ms": "0", "delivery": "remux", "platform": "androidtv"}),
        json!({"server": "1", "title_id": "0", "kind": "movie", "played_ms": "60000", "delivery": "transcode", "platform": "ios", "device": "phone"}),
        json!({"server": "1"}),
        json!({"server": "1", "title_id": "2", "kind": "track", "played_ms": "181000", "delivery": "remux", "platform": "webos", "device": "tv"}),
    ];
    let told = cells(&folder, "out.csv");
    assert_eq!(told.len(), wanted.len());
    for (told, wanted) in told.iter().zip(&wanted) {
        assert_eq!(told, wanted);
    }
    let args = import("jellyfin-reporting", "history.tsv", &["-o", "out.csv", "--server", "attic", "--json"]);
    let summary = json(&folder.run(&args).ok());
    let unknown = json!({"delivery": 1, "device": 1, "kind": 1, "platform": 1});
    let wanted =
        json!({"schema": "coarsen.plays-import/1", "in": 5, "out": 5, "refused": 0, "unknown": unknown});
    assert_eq!(summary, wanted);
    assert!(cells(&folder, "out.csv").iter().all(|play| play["server"] == "attic"));
}

#[test]
fn nobody_stands_in_plays_of_jellyfin() {
    let folder = Folder::new();
    folder.write("history.tsv", history() + "2026-03-14\tanna\tThe Long Evening\n");
    keeps_nobody(&folder, "jellyfin-reporting", "history.tsv");
}

/// Line ends, blank lines and a byte order mark of other systems change nothing.
#[test]
fn lines_of_other_systems() {
    let folder = Folder::new();
    folder.write("history.tsv", history());
    folder.run(&import("jellyfin-reporting", "history.tsv", &["-o", "out.csv"])).ok();
    let plain = folder.read("out.csv");
    folder.write("history.tsv", format!("\u{feff}{}\r\n", history().replace('\n', "\r\n")));
    folder.run(&import("jellyfin-reporting", "history.tsv", &["-o", "out.csv"])).ok();
    assert_eq!(folder.read("out.csv"), plain);
    folder.write("history.tsv", history().trim_end());
    folder.run(&import("jellyfin-reporting", "history.tsv", &["-o", "out.csv"])).ok();
    assert_eq!(folder.read("out.csv"), plain);
}

/// The plays are described, and go through the policy that ships with the project.
#[test]
fn the_policy_applies_to_what_is_imported() {
    let folder = Folder::new();
    folder.write("history.tsv", history());
    folder.run(&import("jellyfin-reporting", "history.tsv", &["-o", "plays.parquet"])).ok();
    let told = json(&folder.run(&["plays", "describe", "plays.parquet", "--json"]).ok());
    assert_eq!(told["description"]["plays"], 5, "{told}");
    let policy = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/policies/playback.toml");
    let apply =
        ["apply", "--policy", policy, "plays.parquet", "-o", "sent-{ping}.csv", "--consent", "playback"];
    let summary = json(&folder.run(&[&apply[..], &["--as-of", "2026-11-24", "--json"]].concat()).ok());
    assert_eq!([&summary["in"], &summary["out"], &summary["refused"]], [5, 5, 0]);
    let sent = String::from_utf8(folder.read("sent-length.csv")).unwrap();
    // 5,423 s were played, which leave as the middle of a bucket of an eighth of a doubling.
    assert!(sent.lines().any(|line| line.split(',').any(|cell| cell == "5213617")), "{sent}");
}

#[test]
fn bad_rows_of_jellyfin() {
    let folder = Folder::new();
    let good = history().lines().next().unwrap().to_owned();
    let with = |place: usize, cell: &str| {
        let mut cells: Vec<&str> = good.split('\t').collect();
        cells[place] = cell;
        cells.join("\t").into_bytes()
    };
    let cut = good.rsplit_once('\t').unwrap().0.as_bytes().to_vec();
    let header = b"DateCreated\tUserId\tItemId\tItemType\tItemName\tPlaybackMethod\tClientName\tDeviceName\tPlayDuration";
    let mut name = with(4, "SECRET");
    let at = name.windows(6).position(|run| run == b"SECRET").unwrap();
    name[at] = 0xe9;
    for (row, words) in [
        (with(8, "SECRET"), &["column `play duration`", "no whole number", "seconds"][..]),
        (with(8, "12.5"), &["column `play duration`", "no whole number"]),
        (with(8, "-7"), &["column `play duration`", "negative"]),
        (with(8, "4294968"), &["column `play duration`", "4294967295"]),
        (with(8, "99999999999999999999"), &["column `play duration`", "4294967295"]),
        (with(0, "SECRET"), &["column `date`", "no date"]),
        (cut, &["8 cells", "9"]),
        ([&good, "\tSECRET"].concat().into_bytes(), &["10 cells", "9"]),
        (good.replace('\t', ",").into_bytes(), &["1 cells"]),
        (header.to_vec(), &["column `date`", "header"]),
        (name, &["column `item name`", "not UTF-8"]),
        (vec![b'x'; 2_000_000], &["1048576 bytes"]),
    ] {
        folder.write("history.tsv", [format!("{good}\n").as_bytes(), &row, b"\n"].concat());
        let words = [&["history.tsv, row 2", "--refused"], words].concat();
        let told = folder.refused(&import("jellyfin-reporting", "history.tsv", &["-o", "out.csv"]), &words);
        assert!(!told.contains("SECRET") && is_plain(&told), "{told}");
    }
    for empty in ["", "\n\n"] {
        folder.write("history.tsv", empty);
        folder.refused(&import("jellyfin-reporting", "history.tsv", &["-o", "out.csv"]), &["no play in it"]);
    }
}

#[test]
fn bad_rows_are_listed_on_request() {
    let folder = Folder::new();
    let rows = history();
    folder.write(
        "history.tsv",
        format!("2026-03-14\tSECRET\n{rows}{}", rows.replace("\t5423\n", "\tSECRET\n")),
    );
    let args =
        import("jellyfin-reporting", "history.tsv", &["-o", "out.csv", "--refused", "bad.csv", "--json"]);
    let summary = json(&folder.run(&args).ok());
    assert_eq!([&summary["in"], &summary["out"], &summary["refused"]], [11, 9, 2]);
    assert_eq!(cells(&folder, "out.csv").len(), 9);
    let bad = String::from_utf8(folder.read("bad.csv")).unwrap();
    let lines: Vec<&str> = bad.lines().collect();
    assert_eq!(lines[0], "file,row,column,reason");
    assert!(
        lines[1].starts_with("history.tsv,1,,") && lines[2].starts_with("history.tsv,7,play duration,"),
        "{bad}"
    );
    assert!(lines.len() == 3 && !bad.contains("SECRET"), "{bad}");
}

#[test]
fn questions_that_make_no_sense() {
    let folder = Folder::new();
    folder.write("history.tsv", history()).write("table.csv", "server,played_ms\na,1\n");
    for (args, words) in [
        (import("jellyfin-reporting", "gone.tsv", &["-o", "out.csv"]), &["gone.tsv"][..]),
        (
            import("jellyfin-reporting", "history.tsv", &["-o", "out.txt"]),
            &["out.txt", ".parquet, .csv, .jsonl"],
        ),
        (import("jellyfin-reporting", "history.tsv", &["-o", "gone/out.csv"]), &["gone", "no such folder"]),
        (import("jellyfin-reporting", "table.csv", &["-o", "table.csv"]), &["table.csv", "the same file"]),
        (
            import("jellyfin-reporting", "history.tsv", &["-o", "a.csv", "--refused", "./a.csv"]),
            &["the same file"],
        ),
        (
            import("jellyfin-reporting", "history.tsv", &["-o", "a.csv", "--refused", "history.tsv"]),
            &["the same file"],
        ),
        (
            import("jellyfin-reporting", "history.tsv", &["-o", "a.csv", "--map", "a=played_ms"]),
            &["--map", "table"],
        ),
        (import("tautulli", "history.tsv", &["-o", "a.csv", "--ignore", "a"]), &["--ignore", "table"]),
        (
            import("jellyfin-reporting", "history.tsv", &["-o", "a.csv", "--server", " "]),
            &["server", "empty"],
        ),
        (
            import("jellyfin-reporting", "history.tsv", &["-o", "a.csv", "--server", "a\u{1b}"]),
            &["control character"],
        ),
        (import("table", "table.csv", &["-o", "a.csv", "--server", "b"]), &["`server`", "--ignore server"]),
        (import("table", "history.tsv", &["-o", "a.csv"]), &["history.tsv", ".parquet, .csv, .jsonl"]),
        (
            import("table", "table.csv", &["-o", "a.csv", "--map", "x=length"]),
            &["`length` is none of ours", "played_ms"],
        ),
        (
            import("table", "table.csv", &["-o", "a.csv", "--map", "server=stalls:s"]),
            &["`stalls` has no unit"],
        ),
        (
            import("table", "table.csv", &["-o", "a.csv", "--map", "played_ms=played_ms:kbps"]),
            &["unknown unit", "ms, s"],
        ),
        (
            import("table", "table.csv", &["-o", "a.csv", "--map", "gone=stalls"]),
            &["`gone`", "no such column"],
        ),
        (
            import("table", "table.csv", &["-o", "a.csv", "--ignore", "server", "--ignore", "played_ms"]),
            &["no column"],
        ),
    ] {
        folder.refused(&args, words);
    }
}
