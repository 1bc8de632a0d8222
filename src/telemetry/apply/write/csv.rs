//! CSV with a header; an empty cell is a missing value.

use std::io::{self, Write};

use super::{Part, Sink, parts};
use crate::policy::{Columns, Value};
use crate::telemetry::apply::ApplyError;
use crate::telemetry::apply::told::{Chunk, hex};

pub(super) struct Out<W: Write> {
    at: String,
    writer: csv::Writer<W>,
    columns: Columns,
}

impl<W: Write> Out<W> {
    pub fn new(at: String, out: W, columns: Columns, chunk: &Chunk<'_>) -> Result<Self, ApplyError> {
        let mut out = Self { at, writer: csv::Writer::from_writer(out), columns };
        let header: Vec<String> = parts(chunk, columns).into_iter().map(|(name, _)| name).collect();
        let written = out.writer.write_record(&header);
        written.map_err(|error| out.fail(error.into()))?;
        Ok(out)
    }

    fn fail(&self, source: io::Error) -> ApplyError {
        ApplyError::Io { place: self.at.clone(), source }
    }

    fn rows(&mut self, chunk: &Chunk<'_>) -> csv::Result<()> {
        let parts = parts(chunk, self.columns);
        for row in chunk.order.iter().map(|row| *row as usize) {
            for (_, part) in &parts {
                self.writer.write_field(cell(*part, row))?;
            }
            self.writer.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }
}

fn cell(part: Part<'_>, row: usize) -> String {
    let optional = |number: Option<u64>| number.map_or(String::new(), |number| number.to_string());
    match part {
        Part::Value(told) => match told.value(row) {
            Value::Missing => String::new(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.to_owned(),
            Value::Flag(flag) => flag.to_string(),
        },
        Part::From(told) => optional(told.bucket(row).map(|bucket| bucket.from)),
        Part::To(told) => optional(told.bucket(row).and_then(|bucket| bucket.to)),
        Part::Label(told) => told.label(row).unwrap_or_default(),
        Part::Other(other) => other[row].to_string(),
        Part::Link(links) => links[row].map_or(String::new(), hex),
    }
}

impl<W: Write> Sink for Out<W> {
    fn chunk(&mut self, chunk: &Chunk<'_>) -> Result<(), ApplyError> {
        self.rows(chunk).map_err(|error| self.fail(error.into()))
    }

    fn finish(mut self: Box<Self>) -> Result<(), ApplyError> {
        self.writer.flush().map_err(|error| self.fail(error))
    }
}
