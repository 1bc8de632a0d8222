//! Writing plays: Parquet, CSV or JSON lines, whole or not at all.

use std::io::{BufWriter, Write};
use std::path::Path;

use polars::prelude::{
    BooleanChunked, Column as Series, DataFrame, IntoColumn, NewChunkedArray, ParquetWriter, PolarsResult,
    StringChunked, UInt32Chunked,
};
use tempfile::NamedTempFile;

use super::{Column, Plays, PlaysError, Row, Switch, Text};
use crate::catalogue::ingest::written_beside;
use crate::policy::CONSENT;
use crate::telemetry::apply::{Format, Place};

/// Rows of a row group.
const GROUP: usize = 262_144;

/// The format that a file's ending tells.
///
/// # Errors
/// [`PlaysError::Extension`].
pub fn format_of(path: &Path) -> Result<Format, PlaysError> {
    Place::File(path.to_owned()).format().map_err(|_| PlaysError::Extension { path: path.to_owned() })
}

/// Writes plays in the format that the file's ending tells (`.parquet`, `.csv`, `.jsonl`, `.ndjson`), beside its place
/// first and then renamed into it. The same plays give the same bytes. O(plays).
///
/// A missing value is null in Parquet, an empty cell in CSV and left out in JSON lines, where consent is an object.
///
/// # Errors
/// [`PlaysError::Extension`], [`PlaysError::Io`]; what stood there before is untouched then.
pub fn write(path: &Path, plays: &Plays) -> Result<(), PlaysError> {
    let beside = beside(path, plays)?;
    beside.persist(path).map_err(|error| PlaysError::Io { path: path.to_owned(), source: error.error })?;
    Ok(())
}

/// Writes plays beside their place.
pub(super) fn beside(path: &Path, plays: &Plays) -> Result<NamedTempFile, PlaysError> {
    let format = format_of(path)?;
    let fail = |source| PlaysError::Io { path: path.to_owned(), source };
    let mut beside = written_beside(path, &[]).map_err(fail)?;
    let mut out = BufWriter::with_capacity(1 << 16, beside.as_file_mut());
    let written = match format {
        Format::Parquet => parquet(&mut out, plays),
        Format::Csv => csv(&mut out, plays),
        Format::Lines => lines(&mut out, plays),
    };
    written.and_then(|()| out.flush()).map_err(fail)?;
    drop(out);
    Ok(beside)
}

fn parquet(out: &mut impl Write, plays: &Plays) -> std::io::Result<()> {
    let write = || -> PolarsResult<()> {
        let columns = Column::all().map(|column| series(plays, column)).collect();
        let mut frame = DataFrame::new(plays.len(), columns)?;
        ParquetWriter::new(out).with_row_group_size(Some(GROUP)).finish(&mut frame).map(drop)
    };
    write().map_err(|error| std::io::Error::other(error.to_string()))
}

fn series(plays: &Plays, column: Column) -> Series {
    let name = column.name().into();
    match column {
        Column::Text(text) => StringChunked::from_iter_options(name, plays.text(text).iter()).into_column(),
        Column::Number(number) => {
            UInt32Chunked::from_iter_options(name, plays.number(number).iter().copied()).into_column()
        }
        Column::Switch(switch) => {
            BooleanChunked::from_iter_options(name, plays.switch(switch).iter().copied()).into_column()
        }
    }
}

fn csv(out: &mut impl Write, plays: &Plays) -> std::io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(Column::all().map(Column::name))?;
    for row in (0..plays.len()).map(|play| plays.row(play)) {
        writer.write_record(Column::all().map(|column| cell(&row, column)))?;
    }
    writer.flush()
}

fn cell(row: &Row<'_>, column: Column) -> String {
    match column {
        Column::Text(text) => row[text].unwrap_or_default().to_owned(),
        Column::Number(number) => row[number].map_or(String::new(), |number| number.to_string()),
        Column::Switch(switch) => row[switch].map_or(String::new(), |on| on.to_string()),
    }
}

fn lines(out: &mut impl Write, plays: &Plays) -> std::io::Result<()> {
    for row in (0..plays.len()).map(|play| plays.row(play)) {
        let mut object = serde_json::Map::new();
        let mut add = |name: &str, value: serde_json::Value| {
            if !value.is_null() {
                object.insert(name.to_owned(), value);
            }
        };
        add(Text::Server.name(), row[Text::Server].into());
        let said = Switch::ALL.into_iter().filter_map(|switch| Some((switch.switch(), row[switch]?)));
        let said: serde_json::Map<_, _> = said.map(|(name, on)| (name.to_owned(), on.into())).collect();
        if !said.is_empty() {
            add(CONSENT, said.into());
        }
        for column in Column::all().skip(1) {
            match column {
                Column::Text(text) => add(text.name(), row[text].into()),
                Column::Number(number) => add(number.name(), row[number].into()),
                Column::Switch(_) => {}
            }
        }
        serde_json::to_writer(&mut *out, &object)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
