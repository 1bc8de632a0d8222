//! A play that is opted out changes no byte of any output, wherever it stands and whatever it holds.

use std::path::Path;

use coarsen::policy::{Content, Policy, Value};
use coarsen::telemetry::apply::{Options, Summary};
use polars::prelude::{Column, Int64Chunked, IntoColumn, NewChunkedArray, StringChunked};
use proptest::prelude::*;

use crate::draw::{DAYS, FieldSketch, day, policy};
use crate::plays::{FORMATS, Folder, Row, columns, header, row, write, write_parquet};

const JUNK: [&str; 6] = ["-1", "1.5", "nonsense", "99999999999999999999999", "\u{0}", "=cmd()"];

/// A play without a word of consent, as text: every other cell is junk.
fn junk(switches: &[Option<bool>; 3], what: &str) -> (Vec<String>, String) {
    let said = |on: Option<bool>| match on {
        // On is not for those who opted out.
        Some(_) => "false",
        None => "",
    };
    let cell = |name: &String| match ["consent_playback", "consent_crash", "consent_own-switch"]
        .iter()
        .position(|n| n == name)
    {
        Some(at) => said(switches[at]).to_owned(),
        None => what.to_owned(),
    };
    let record = header().iter().map(cell).collect();
    let line = format!(
        "{{\"duration\": [1e999, {{}}], \"duration\": -1, \"content\": 7, \"unlisted\": {}, \"codec\": \"\\ud800\"}}\n",
        serde_json::to_string(what).unwrap()
    );
    (record, line)
}

/// A row of an input.
#[derive(Clone, Debug)]
enum Entry {
    /// A play that consents to something.
    Play(Row),
    /// A play that is switched on, and no policy can be applied to.
    Bad(&'static str),
    /// A play that is opted out and holds junk.
    Out([Option<bool>; 3], &'static str),
}

/// What is wrong with a bad row: no yes and no no for a consent, cells that are none, and values in which all is junk.
const BAD: [&str; 3] = ["consent", "cells", "values"];

/// A bad row as text.
fn bad(what: &str) -> (Vec<String>, String) {
    let consent = if what == "consent" { "perhaps" } else { "true" };
    let cell = |name: &String| if name.starts_with("consent_") { consent } else { "-1" }.to_owned();
    let mut record: Vec<String> = header().iter().map(cell).collect();
    let said = "\"playback\": true, \"crash\": true, \"own-switch\": true";
    let line = match what {
        "consent" => "{\"consent\": \"perhaps\", \"duration\": 1}".to_owned(),
        "cells" => "{\"duration\": ".to_owned(),
        _ => format!(
            "{{\"consent\": {{{said}}}, \"duration\": -1, \"bitrate\": -1, \"stalls\": -1, \"direct\": -1}}"
        ),
    };
    if what == "cells" {
        record.truncate(2);
    }
    (record, line + "\n")
}

fn write_entries(path: &Path, format: &str, entries: &[Entry]) {
    match format {
        "csv" => {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_path(path).unwrap();
            writer.write_record(header()).unwrap();
            for entry in entries {
                let record = match entry {
                    Entry::Play(row) => row.record(),
                    Entry::Bad(what) => bad(what).0,
                    Entry::Out(said, what) => junk(said, what).0,
                };
                writer.write_record(record).unwrap();
            }
            writer.flush().unwrap();
        }
        "jsonl" => {
            let line = |entry: &Entry| match entry {
                Entry::Play(row) => row.line(),
                Entry::Bad(what) => bad(what).1,
                Entry::Out(said, what) => junk(said, what).1,
            };
            std::fs::write(path, entries.iter().map(line).collect::<String>()).unwrap();
        }
        _ => {
            // A table has types. A negative number is bad where anything reads it, and no content is a number.
            let row = |entry: &Entry| match entry {
                Entry::Play(row) => row.clone(),
                Entry::Bad(_) => Row { said: [Some(true); 3], ..sample() },
                Entry::Out(said, _) => Row { said: said.map(|on| on.map(|_| false)), ..sample() },
            };
            let rows: Vec<Row> = entries.iter().map(row).collect();
            let mut columns: Vec<Column> = columns(&rows);
            let mut replace = |name: &str, with: Column| {
                let place = columns.iter().position(|column| column.name() == name).unwrap();
                columns[place] = with;
            };
            let number = |name: &str| {
                let value = |(entry, row): (&Entry, &Row)| match entry {
                    // Larger ones are no signed numbers.
                    Entry::Play(_) => match row.play.value(name) {
                        Value::Number(number) => Some(number.min(i64::MAX as u64) as i64),
                        _ => None,
                    },
                    Entry::Bad(_) | Entry::Out(..) => Some(-1),
                };
                let values = entries.iter().zip(&rows).map(value);
                Int64Chunked::from_iter_options(name.into(), values).into_column()
            };
            for name in ["duration", "bitrate", "stalls"] {
                replace(name, number(name));
            }
            let word = |entry: &Entry| match entry {
                Entry::Play(row) => (row.play.content == Content::Provided).then_some("provided"),
                Entry::Bad(what) => (*what == "consent").then_some("whose"),
                Entry::Out(_, what) => Some(*what),
            };
            let words = StringChunked::from_iter_options("content".into(), entries.iter().map(word));
            replace("content", words.into_column());
            write_parquet(path, columns, 2);
        }
    }
}

fn sample() -> Row {
    let play = crate::draw::PlaySketch { values: [Value::Missing; 5], content: Content::Personal };
    Row { play, said: [None; 3], server: "s1" }
}

/// What a list of refused rows holds: row, column and reason.
fn refused(path: &Path) -> Vec<(usize, String, String)> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        (record[1].parse().unwrap(), record[2].to_owned(), record[3].to_owned())
    });
    rows.collect()
}

/// The place without opted-out plays of the row that is in that place with them, both from 1 on.
fn without_opted_out(entries: &[Entry], row: usize) -> usize {
    row - entries[..row].iter().filter(|entry| matches!(entry, Entry::Out(..))).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Two inputs that differ only in opted-out plays give the same bytes, the same summary but for two figures, and
    /// the same list of refused rows but for their numbers, which count the rows before them.
    #[test]
    fn opted_out_plays_change_nothing(
        mut sketch in policy(),
        rows in proptest::collection::vec(row(), 0..10),
        bad in proptest::collection::vec((0usize..100, proptest::sample::select(&BAD[..])), 0..4),
        junk in proptest::collection::vec(
            (0usize..100, proptest::array::uniform3(proptest::option::of(any::<bool>())), proptest::sample::select(&JUNK[..])),
            1..8,
        ),
        link in proptest::sample::select(&["none", "server"][..]),
    ) {
        // With an essential field nobody is opted out.
        sketch.fields.retain(|field| field.consent != "essential");
        prop_assume!(!sketch.fields.is_empty());
        let rotate = if link == "none" { 0 } else { 2 };
        let release = format!("[release]\nlink = \"{link}\"\nrotate = {rotate}\nbatch = 3\nshuffle = true\n");
        let policy = Policy::from_toml(&(sketch.toml() + &release)).unwrap();
        let folder = Folder::new();
        let options = Options { seed: Some(7), ..Options::new(day(DAYS[0])) };
        let options = |name: &str| Options { refused: Some(folder.path(&format!("{name}.bad.csv"))), ..options.clone() };
        let consents = |row: &&Row| policy.fields().iter().any(|field| row.consent().allows(&field.consent));
        let mut entries: Vec<Entry> = rows.iter().filter(consents).cloned().map(Entry::Play).collect();
        for (place, what) in &bad {
            entries.insert(place % (entries.len() + 1), Entry::Bad(what));
        }
        let without = entries.clone();
        for (place, said, what) in &junk {
            entries.insert(place % (entries.len() + 1), Entry::Out(*said, what));
        }
        for input in FORMATS {
            write_entries(&folder.path(&format!("without.{input}")), input, &without);
            write_entries(&folder.path(&format!("with.{input}")), input, &entries);
            for output in FORMATS {
                let run = |name: &str| {
                    let done = folder.apply(&policy, &format!("{name}.{input}"), &format!("out-{{ping}}.{output}"), &options(name));
                    let outputs: Vec<Option<Vec<u8>>> =
                        policy.pings().iter().map(|ping| folder.output(ping, output)).collect();
                    (done.map_err(|error| error.to_string()), outputs)
                };
                let (before, after) = (run("without"), run("with"));
                prop_assert!(before.1 == after.1, "{} to {}", input, output);
                let Ok(before) = before.0 else {
                    prop_assert!(before.0 == after.0);
                    continue;
                };
                let after = after.0.unwrap();
                prop_assert_eq!((before.opted_out, after.opted_out), (0, junk.len() as u64));
                prop_assert_eq!(before.rows_in + after.opted_out, after.rows_in);
                let lists = ["without", "with"].map(|name| refused(&folder.path(&format!("{name}.bad.csv"))));
                prop_assert_eq!(lists[1].len() as u64, after.refused);
                let numbered = lists[1].iter().cloned().map(|(row, column, reason)| {
                    (without_opted_out(&entries, row), column, reason)
                });
                prop_assert_eq!(&numbered.collect::<Vec<_>>(), &lists[0], "{} to {}", input, output);
                if input != "parquet" {
                    // A line or row that ends too early is bad whatever the policy.
                    let cut = bad.iter().filter(|(_, what)| *what == "cells").count();
                    prop_assert!(lists[0].len() >= cut);
                }
                let told = |summary: Summary| serde_json::to_string(&summary.without_opted_out()).unwrap();
                prop_assert_eq!(told(before), told(after));
            }
        }
    }

    /// Where something is essential nobody is opted out, and yet nothing is looked at that only other switches govern:
    /// whatever stands there, the bytes are the same.
    #[test]
    fn what_is_switched_off_causes_no_error(
        mut sketch in policy(),
        rows in proptest::collection::vec(
            (row(), proptest::array::uniform3(proptest::option::of(any::<bool>())), proptest::sample::select(&JUNK[..])),
            1..8,
        ),
    ) {
        sketch.fields.retain(|field| field.consent != "essential" && field.name != "stalls");
        sketch.fields.push(FieldSketch {
            ping: "a",
            name: "stalls",
            kind: "integer",
            rounding: "floor:3",
            representative: "lower",
            consent: "essential",
            content: None,
            expires: DAYS[2],
        });
        let policy = Policy::from_toml(&sketch.toml()).unwrap();
        let options = Options { seed: Some(7), ..Options::new(day(DAYS[0])) };
        let folder = Folder::new();
        let clean: Vec<Row> = rows
            .iter()
            .map(|(row, said, _)| Row { said: said.map(|on| on.map(|_| false)), ..row.clone() })
            .collect();
        let stalls = |row: &Row| match row.play.value("stalls") {
            Value::Number(number) => Some(number),
            _ => None,
        };
        for input in FORMATS {
            write(&folder.path(&format!("clean.{input}")), input, &clean);
            let path = folder.path(&format!("junk.{input}"));
            match input {
                "csv" => {
                    let mut writer = csv::Writer::from_path(path).unwrap();
                    writer.write_record(header()).unwrap();
                    for (row, (_, _, what)) in clean.iter().zip(&rows) {
                        let cells = header().into_iter().zip(row.record());
                        let keeps = |name: &str| name.starts_with("consent_") || ["stalls", "server"].contains(&name);
                        let cells = cells.map(|(name, cell)| if keeps(&name) { cell } else { (*what).to_owned() });
                        writer.write_record(cells).unwrap();
                    }
                    writer.flush().unwrap();
                }
                "jsonl" => {
                    let line = |row: &Row| {
                        let number = stalls(row).map_or("null".to_owned(), |number| number.to_string());
                        let said = if row.said[0].is_some() { "{\"playback\": false}" } else { "{}" };
                        format!(
                            "{{\"duration\": [1e999, {{}}], \"duration\": -1, \"content\": 7, \"content\": [], \
                             \"bitrate\": \"x\", \"direct\": 1.5, \"codec\": {{}}, \"stalls\": {number}, \"consent\": {said}}}\n"
                        )
                    };
                    std::fs::write(path, clean.iter().map(line).collect::<String>()).unwrap();
                }
                _ => {
                    let mut columns = columns(&clean);
                    for column in &mut columns {
                        let name = column.name().clone();
                        if ["duration", "bitrate", "codec", "direct", "content"].contains(&name.as_str()) {
                            let words = rows.iter().map(|(_, _, what)| Some(*what));
                            *column = StringChunked::from_iter_options(name, words).into_column();
                        }
                    }
                    write_parquet(&path, columns, 3);
                }
            }
            for output in FORMATS {
                let run = |name: &str| {
                    let pattern = format!("out-{{ping}}.{output}");
                    let mut summary = folder.apply(&policy, &format!("{name}.{input}"), &pattern, &options).unwrap();
                    // Of lines the keys that no field reads are named, whatever they hold.
                    summary.dropped.clear();
                    let outputs: Vec<Option<Vec<u8>>> =
                        policy.pings().iter().map(|ping| folder.output(ping, output)).collect();
                    (serde_json::to_string(&summary).unwrap(), outputs)
                };
                let (clean, junk) = (run("clean"), run("junk"));
                prop_assert!(clean.1 == junk.1, "{} to {}", input, output);
                prop_assert_eq!(clean.0, junk.0, "{} to {}", input, output);
            }
        }
    }
}
