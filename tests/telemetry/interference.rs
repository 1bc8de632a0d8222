//! A play that is opted out changes no byte of any output, wherever it stands and whatever it holds.

use coarsen::policy::Policy;
use coarsen::telemetry::apply::{Options, Summary};
use polars::prelude::{Column, IntoColumn, NewChunkedArray, StringChunked};
use proptest::prelude::*;

use crate::draw::{DAYS, day, policy};
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

fn write_with_junk(
    folder: &Folder,
    format: &str,
    rows: &[Row],
    junk_at: &[(usize, [Option<bool>; 3], &str)],
) {
    let path = folder.path(&format!("with.{format}"));
    let before = |at: usize| junk_at.iter().filter(move |(place, ..)| *place % (rows.len() + 1) == at);
    match format {
        "csv" => {
            let mut writer = csv::Writer::from_path(path).unwrap();
            writer.write_record(header()).unwrap();
            for at in 0..=rows.len() {
                before(at).for_each(|(_, said, what)| writer.write_record(junk(said, what).0).unwrap());
                rows.get(at).iter().for_each(|row| writer.write_record(row.record()).unwrap());
            }
            writer.flush().unwrap();
        }
        "jsonl" => {
            let mut text = String::new();
            for at in 0..=rows.len() {
                before(at).for_each(|(_, said, what)| text += &junk(said, what).1);
                rows.get(at).iter().for_each(|row| text += &row.line());
            }
            std::fs::write(path, text).unwrap();
        }
        _ => {
            // A table has types; what an opted-out play holds in them is free.
            let mut all: Vec<Row> = Vec::new();
            let mut words: Vec<Option<&str>> = Vec::new();
            for at in 0..=rows.len() {
                for (_, said, what) in before(at) {
                    let mut row = rows.first().cloned().unwrap_or_else(sample);
                    row.said = said.map(|on| on.map(|_| false));
                    all.push(row);
                    words.push(Some(what));
                }
                if let Some(row) = rows.get(at) {
                    words
                        .push((row.play.content == coarsen::policy::Content::Provided).then_some("provided"));
                    all.push(row.clone());
                }
            }
            let mut columns: Vec<Column> = columns(&all);
            let content = columns.iter().position(|column| column.name() == "content").unwrap();
            columns[content] =
                StringChunked::from_iter_options("content".into(), words.into_iter()).into_column();
            write_parquet(&path, columns, 2);
        }
    }
}

fn sample() -> Row {
    use coarsen::policy::{Content, Value};
    let play = crate::draw::PlaySketch { values: [Value::Missing; 5], content: Content::Personal };
    Row { play, said: [None; 3], server: "s1" }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Two inputs that differ only in opted-out plays give the same bytes, and the same summary but for two figures.
    #[test]
    fn opted_out_plays_change_nothing(
        mut sketch in policy(),
        rows in proptest::collection::vec(row(), 0..10),
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
        let options = Options { seed: Some(7), ..Options::new(day(DAYS[0])) };
        let folder = Folder::new();
        for input in FORMATS {
            let consenting: Vec<Row> = rows
                .iter()
                .filter(|row| policy.fields().iter().any(|field| row.consent().allows(&field.consent)))
                .cloned()
                .collect();
            write(&folder.path(&format!("without.{input}")), input, &consenting);
            write_with_junk(&folder, input, &consenting, &junk);
            for output in FORMATS {
                let run = |name: &str| {
                    let done = folder.apply(&policy, &format!("{name}.{input}"), &format!("out-{{ping}}.{output}"), &options);
                    let outputs: Vec<Option<Vec<u8>>> =
                        policy.pings().iter().map(|ping| folder.output(ping, output)).collect();
                    (done.map_err(|error| error.to_string()), outputs)
                };
                let (without, with) = (run("without"), run("with"));
                prop_assert!(without.1 == with.1, "{} to {}", input, output);
                let Ok(without) = without.0 else {
                    prop_assert!(without.0 == with.0);
                    continue;
                };
                let with = with.0.unwrap();
                prop_assert_eq!((without.opted_out, with.opted_out), (0, junk.len() as u64));
                prop_assert_eq!(without.rows_in + with.opted_out, with.rows_in);
                let told = |summary: Summary| serde_json::to_string(&summary.without_opted_out()).unwrap();
                prop_assert_eq!(told(without), told(with));
            }
        }
    }
}
