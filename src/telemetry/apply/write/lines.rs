//! JSON lines: the bytes that [`json_line`](crate::policy::json_line) writes of each ping, and its identifier after them
//! where there are any.

use std::io::{BufWriter, Write};

use super::Sink;
use crate::policy::{Columns, OTHER, Value, pair, pairs_of_bucket};
use crate::telemetry::apply::ApplyError;
use crate::telemetry::apply::told::{Chunk, LINK, State, Told, hex};

pub(super) struct Out<W: Write> {
    at: String,
    writer: BufWriter<W>,
    columns: Columns,
}

impl<W: Write> Out<W> {
    pub fn new(at: String, writer: BufWriter<W>, columns: Columns) -> Self {
        Self { at, writer, columns }
    }

    fn fail(&self, source: std::io::Error) -> ApplyError {
        ApplyError::Io { place: self.at.clone(), source }
    }
}

fn field(line: &mut Vec<u8>, told: &Told<'_>, row: usize, columns: Columns) -> serde_json::Result<()> {
    let name = &told.field().name;
    match told.value(row) {
        Value::Missing => pair(line, name, "", ())?,
        Value::Number(number) => pair(line, name, "", number)?,
        Value::Text(text) => pair(line, name, "", text)?,
        Value::Flag(flag) => pair(line, name, "", flag)?,
    }
    match told.field().kind.dimension() {
        Some(dimension) => pairs_of_bucket(line, name, columns, dimension, told.bucket(row)),
        None => Ok(()),
    }
}

fn write(line: &mut Vec<u8>, chunk: &Chunk<'_>, row: usize, columns: Columns) -> serde_json::Result<()> {
    line.push(b'{');
    for told in chunk.columns.iter().filter(|told| told.states[row] != State::Withheld) {
        field(line, told, row, columns)?;
    }
    if let Some(other) = chunk.other {
        pair(line, OTHER, "", other[row])?;
    }
    if let Some(links) = chunk.links {
        pair(line, LINK, "", links[row].map(hex))?;
    }
    line.extend(b"}\n");
    Ok(())
}

impl<W: Write> Sink for Out<W> {
    fn chunk(&mut self, chunk: &Chunk<'_>) -> Result<(), ApplyError> {
        let mut line = Vec::new();
        for row in chunk.order {
            line.clear();
            write(&mut line, chunk, *row as usize, self.columns).map_err(|error| self.fail(error.into()))?;
            self.writer.write_all(&line).map_err(|error| self.fail(error))?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), ApplyError> {
        self.writer.flush().map_err(|error| self.fail(error))
    }
}
