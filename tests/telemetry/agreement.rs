//! What leaves is what the policy says of each play alone.

use std::fs::File;

use coarsen::policy::{Columns, Play, Policy, json_line};
use coarsen::telemetry::apply::Options;
use polars::prelude::{AnyValue, ParquetReader, SerReader};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::draw::{DAYS, day, policy};
use crate::plays::{FORMATS, Folder, Row, row, write};

/// The lines of each ping that the policy lets leave, by its own word on each play.
fn oracle(
    policy: &Policy,
    rows: &[Row],
    format: &str,
    as_of: &str,
    columns: Columns,
) -> Vec<(String, Vec<u8>)> {
    let mut pings: Vec<(String, Vec<u8>)> =
        policy.pings().iter().map(|ping| ((*ping).to_owned(), Vec::new())).collect();
    for row in rows {
        let (values, consent) = (row.values(policy, format), row.consent());
        let play = Play::new(&values).of(row.play.content);
        for ping in policy.generalize(&play, &consent, day(as_of)).unwrap().pings() {
            let (_, lines) = pings.iter_mut().find(|(name, _)| name == ping.name()).unwrap();
            json_line(&ping, columns, lines);
        }
    }
    pings
}

/// The rows of a table as JSON, every column in each, missing ones null.
fn parquet_rows(file: File) -> Vec<Map<String, Json>> {
    let frame = ParquetReader::new(file).finish().unwrap();
    let value = |value: AnyValue<'_>| match value {
        AnyValue::Null => Json::Null,
        AnyValue::UInt64(number) => json!(number),
        AnyValue::Boolean(flag) => json!(flag),
        AnyValue::String(text) => json!(text),
        AnyValue::StringOwned(text) => json!(text.as_str()),
        other => panic!("{other:?}"),
    };
    let rows = (0..frame.height()).map(|row| {
        let cells = frame.columns().iter().map(|c| (c.name().to_string(), value(c.get(row).unwrap())));
        cells.collect()
    });
    rows.collect()
}

/// The same of a CSV, where all is text and nothing is empty.
fn csv_rows(bytes: &[u8]) -> Vec<Map<String, Json>> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().unwrap().clone();
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        let cells = header.iter().zip(record.iter());
        cells
            .map(|(name, cell)| (name.to_owned(), if cell.is_empty() { Json::Null } else { json!(cell) }))
            .collect()
    });
    rows.collect()
}

/// A line's object with every column of a table, as a table holds it.
fn widened(line: &str, columns: &[String], format: &str) -> Map<String, Json> {
    let object: Map<String, Json> = serde_json::from_str(line).unwrap();
    assert!(object.keys().all(|key| columns.contains(key)), "{columns:?} lack a key of {line}");
    let cell = |name: &String| {
        let value = object.get(name).cloned().unwrap_or(Json::Null);
        match value {
            value if format == "parquet" => value,
            Json::Number(number) => json!(number.to_string()),
            Json::Bool(flag) => json!(flag.to_string()),
            Json::String(text) if text.is_empty() => Json::Null,
            value => value,
        }
    };
    columns.iter().map(|name| (name.clone(), cell(name))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Any input format, any output format, any policy: row by row what `Policy::generalize` says, and counted right.
    #[test]
    fn what_leaves_is_what_the_policy_says(
        sketch in policy(),
        rows in proptest::collection::vec(row(), 0..12),
        as_of in proptest::sample::select(&DAYS[..2]),
        interval in any::<bool>(),
        label in any::<bool>(),
    ) {
        let policy = Policy::from_toml(&sketch.toml()).unwrap();
        let columns = Columns { interval, label };
        let options = Options { columns, ..Options::new(day(as_of)) };
        let may_leave = |ping: &str| {
            policy.fields_of(ping).any(|field| field.is_emitted() && field.expires > day(as_of))
        };
        let folder = Folder::new();
        for input in FORMATS {
            let plays = format!("plays.{input}");
            write(&folder.path(&plays), input, &rows);
            for output in FORMATS {
                let done = folder.apply(&policy, &plays, &format!("out-{{ping}}.{output}"), &options);
                if !policy.pings().into_iter().any(may_leave) {
                    prop_assert!(done.unwrap_err().to_string().contains("nothing of the policy may leave"));
                    continue;
                }
                let summary = done.unwrap();
                let opted_out = rows.iter().filter(|row| {
                    !policy.fields().iter().any(|field| row.consent().allows(&field.consent))
                });
                prop_assert_eq!(summary.opted_out, opted_out.count() as u64);
                prop_assert_eq!(summary.rows_in, rows.len() as u64);
                prop_assert_eq!(summary.out + summary.opted_out, summary.rows_in);
                let unknown = |name: &str| !policy.columns().iter().any(|column| column == name);
                if input != "jsonl" {
                    let mut dropped: Vec<&str> =
                        ["bitrate", "codec", "direct", "duration", "stalls"].into_iter().filter(|n| unknown(n)).collect();
                    dropped.sort_unstable();
                    prop_assert_eq!(&summary.dropped, &dropped);
                }
                for ((ping, lines), counted) in
                    oracle(&policy, &rows, input, as_of, columns).into_iter().zip(&summary.pings)
                {
                    let lines = String::from_utf8(lines).unwrap();
                    prop_assert_eq!((&counted.ping, counted.rows), (&ping, lines.lines().count() as u64));
                    let Some(bytes) = folder.output(&ping, output) else {
                        prop_assert!(!may_leave(&ping));
                        continue;
                    };
                    prop_assert!(may_leave(&ping));
                    if output == "jsonl" {
                        prop_assert_eq!(String::from_utf8(bytes).unwrap(), lines);
                        continue;
                    }
                    let mut names: Vec<String> = Vec::new();
                    for field in policy.fields_of(&ping).filter(|f| f.is_emitted() && f.expires > day(as_of)) {
                        names.extend(columns.of(&field.name, field.kind));
                    }
                    if policy.others().iter().any(|other| other.ping() == ping) {
                        names.push("other".to_owned());
                    }
                    let naive: Vec<Map<String, Json>> =
                        lines.lines().map(|line| widened(line, &names, output)).collect();
                    let found = if output == "csv" {
                        csv_rows(&bytes)
                    } else {
                        parquet_rows(File::open(folder.path(&format!("out-{ping}.{output}"))).unwrap())
                    };
                    prop_assert_eq!(found, naive, "{} to {}", input, output);
                }
            }
        }
    }
}
