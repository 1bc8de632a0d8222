//! Drawn plays as files of each format, and runs over them.

use std::fs::File;
use std::path::{Path, PathBuf};

use coarsen::policy::{Consent, Content, Policy, Value};
use coarsen::telemetry::apply::{ApplyError, Options, Place, Summary, apply};
use polars::prelude::{
    BooleanChunked, Column, DataFrame, IntoColumn, NewChunkedArray, ParquetWriter, StringChunked,
    UInt64Chunked,
};
use proptest::prelude::*;
use serde_json::{Map, json};

use crate::draw::{PlaySketch, SWITCHES, consent, play};

pub const FORMATS: [&str; 3] = ["csv", "jsonl", "parquet"];
const COLUMNS: [&str; 5] = ["duration", "bitrate", "stalls", "codec", "direct"];

/// A play with what it says of each switch.
#[derive(Clone, Debug)]
pub struct Row {
    pub play: PlaySketch,
    pub said: [Option<bool>; 3],
    pub server: &'static str,
}

pub fn row() -> impl Strategy<Value = Row> {
    let said = proptest::array::uniform3(proptest::option::of(any::<bool>()));
    (play(), said, proptest::sample::select(&["", "s1", "s2"][..])).prop_map(|(play, said, server)| Row {
        play,
        said,
        server,
    })
}

impl Row {
    pub fn on(&self) -> Vec<&'static str> {
        SWITCHES[1..]
            .iter()
            .zip(&self.said)
            .filter(|(_, said)| **said == Some(true))
            .map(|(s, _)| *s)
            .collect()
    }

    pub fn consent(&self) -> Consent {
        consent(&self.on())
    }

    /// The values in the policy's order; CSV can't tell an empty text from a missing one.
    pub fn values(&self, policy: &Policy, format: &str) -> Vec<Value<'static>> {
        let mut values = self.play.of(policy);
        for value in values.iter_mut().filter(|value| format == "csv" && **value == Value::Text("")) {
            *value = Value::Missing;
        }
        values
    }

    /// As a line of JSON.
    pub fn line(&self) -> String {
        let mut object = Map::new();
        for name in COLUMNS {
            match self.play.value(name) {
                Value::Missing => None,
                Value::Number(number) => object.insert(name.to_owned(), json!(number)),
                Value::Text(text) => object.insert(name.to_owned(), json!(text)),
                Value::Flag(flag) => object.insert(name.to_owned(), json!(flag)),
            };
        }
        let said = SWITCHES[1..].iter().zip(self.said);
        let said = said.filter_map(|(switch, said)| Some(((*switch).to_owned(), json!(said?))));
        object.insert("consent".to_owned(), json!(said.collect::<Map<_, _>>()));
        object.insert("content".to_owned(), json!(self.play.content.name()));
        object.insert("server".to_owned(), json!(self.server));
        serde_json::to_string(&object).unwrap() + "\n"
    }

    /// As a row of CSV.
    pub fn record(&self) -> Vec<String> {
        let value = |name: &&str| match self.play.value(name) {
            Value::Missing => String::new(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.to_owned(),
            Value::Flag(flag) => flag.to_string(),
        };
        let mut record: Vec<String> = COLUMNS.iter().map(value).collect();
        record.extend(self.said.map(|said| said.map_or(String::new(), |on| on.to_string())));
        record.extend([self.play.content.name().to_owned(), self.server.to_owned()]);
        record
    }
}

pub fn header() -> Vec<String> {
    let mut header: Vec<String> = COLUMNS.map(str::to_owned).into();
    header.extend(SWITCHES[1..].iter().map(|switch| format!("consent_{switch}")));
    header.extend(["content".to_owned(), "server".to_owned()]);
    header
}

/// Writes the rows in that format.
pub fn write(path: &Path, format: &str, rows: &[Row]) {
    match format {
        "jsonl" => std::fs::write(path, rows.iter().map(Row::line).collect::<String>()).unwrap(),
        "csv" => {
            let mut writer = csv::Writer::from_path(path).unwrap();
            writer.write_record(header()).unwrap();
            rows.iter().for_each(|row| writer.write_record(row.record()).unwrap());
            writer.flush().unwrap();
        }
        _ => write_parquet(path, columns(rows), 3),
    }
}

pub fn write_parquet(path: &Path, columns: Vec<Column>, rows: usize) {
    let mut frame = DataFrame::new(columns[0].len(), columns).unwrap();
    let writer = ParquetWriter::new(File::create(path).unwrap()).with_row_group_size(Some(rows));
    writer.finish(&mut frame).unwrap();
}

/// The columns of a table of these rows.
pub fn columns(rows: &[Row]) -> Vec<Column> {
    let mut columns = Vec::new();
    for name in COLUMNS {
        let values = rows.iter().map(|row| row.play.value(name));
        columns.push(match name {
            "codec" => {
                let texts = values.map(|value| if let Value::Text(text) = value { Some(text) } else { None });
                StringChunked::from_iter_options(name.into(), texts).into_column()
            }
            "direct" => {
                let flags = values.map(|value| if let Value::Flag(flag) = value { Some(flag) } else { None });
                BooleanChunked::from_iter_options(name.into(), flags).into_column()
            }
            _ => {
                let numbers =
                    values.map(|value| if let Value::Number(number) = value { Some(number) } else { None });
                UInt64Chunked::from_iter_options(name.into(), numbers).into_column()
            }
        });
    }
    for (at, switch) in SWITCHES[1..].iter().enumerate() {
        let said = rows.iter().map(|row| row.said[at]);
        columns
            .push(BooleanChunked::from_iter_options(format!("consent_{switch}").into(), said).into_column());
    }
    let content = rows.iter().map(|row| (row.play.content == Content::Provided).then_some("provided"));
    columns.push(StringChunked::from_iter_options("content".into(), content).into_column());
    let servers = rows.iter().map(|row| row.server);
    columns.push(StringChunked::from_iter_values("server".into(), servers).into_column());
    columns
}

/// A folder, and runs in it.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn apply(
        &self,
        policy: &Policy,
        input: &str,
        output: &str,
        options: &Options,
    ) -> Result<Summary, ApplyError> {
        let [input, output] = [input, output].map(|name| Place::File(self.path(name)));
        apply(policy, &[input], &output, options)
    }

    /// The bytes of a ping's output; none where there is no such file.
    pub fn output(&self, ping: &str, format: &str) -> Option<Vec<u8>> {
        std::fs::read(self.path(&format!("out-{ping}.{format}"))).ok()
    }
}
