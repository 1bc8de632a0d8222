//! Parquet, a row group for each chunk, packed and written by a thread of its own while the next chunk is read.

use std::io::Write;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use polars::prelude::{
    BooleanChunked, Column, DataFrame, IntoColumn, NewChunkedArray, ParquetCompression, ParquetWriter,
    PolarsError, PolarsResult, StringChunked, StringChunkedBuilder, UInt64Chunked,
};
use rayon::prelude::*;

use super::{Part, Sink, parts};
use crate::policy::Columns;
use crate::telemetry::apply::ApplyError;
use crate::telemetry::apply::told::{Body, Chunk, State, Told, hex};

pub(super) struct Out {
    at: String,
    columns: Columns,
    /// `None` once the writer has ended.
    writer: Option<Writer>,
}

struct Writer {
    frames: SyncSender<DataFrame>,
    thread: JoinHandle<PolarsResult<()>>,
}

impl Out {
    pub fn new(
        at: String,
        out: Box<dyn Write + Send>,
        columns: Columns,
        chunk: &Chunk<'_>,
    ) -> Result<Self, ApplyError> {
        let open = || {
            let schema = frame(chunk, columns)?.schema().clone();
            // As fast to pack as any, and every reader knows it.
            ParquetWriter::new(out).with_compression(ParquetCompression::Snappy).batched(&schema)
        };
        let writer = open().map_err(|error| fail(&at, error))?;
        // One chunk is written and one waits; a third is not made before.
        let (frames, chunks) = sync_channel(1);
        let thread = std::thread::spawn(move || {
            let mut writer = writer;
            for frame in chunks {
                writer.write_batch(&frame)?;
            }
            writer.finish().map(drop)
        });
        Ok(Self { at, columns, writer: Some(Writer { frames, thread }) })
    }

    /// Waits for the writer and says what it met.
    fn end(&mut self) -> PolarsResult<()> {
        let Some(Writer { frames, thread }) = self.writer.take() else { return Ok(()) };
        drop(frames);
        let panicked = |_| PolarsError::ComputeError("the writer broke off".into());
        thread.join().map_err(panicked)?
    }
}

fn fail(at: &str, error: PolarsError) -> ApplyError {
    let source = match error {
        PolarsError::IO { error, .. } => std::io::Error::new(error.kind(), error.to_string()),
        error => std::io::Error::other(error.to_string()),
    };
    ApplyError::Io { place: at.to_owned(), source }
}

fn frame(chunk: &Chunk<'_>, columns: Columns) -> PolarsResult<DataFrame> {
    let parts = parts(chunk, columns);
    let columns = parts.par_iter().map(|(name, part)| column(name, *part, chunk)).collect();
    DataFrame::new(chunk.order.len(), columns)
}

fn column(name: &str, part: Part<'_>, chunk: &Chunk<'_>) -> Column {
    let rows = chunk.order.iter().map(|row| *row as usize);
    let optional = |numbers: &mut dyn Iterator<Item = Option<u64>>| {
        UInt64Chunked::from_iter_options(name.into(), numbers).into_column()
    };
    match part {
        Part::Value(told) => values(name, told, chunk),
        Part::From(told) => optional(&mut rows.map(|row| told.bucket(row).map(|bucket| bucket.from))),
        Part::To(told) => optional(&mut rows.map(|row| told.bucket(row).and_then(|bucket| bucket.to))),
        Part::Label(told) => {
            StringChunked::from_iter_options(name.into(), rows.map(|row| told.label(row))).into_column()
        }
        Part::Other(other) => {
            BooleanChunked::from_iter_values(name.into(), rows.map(|row| other[row])).into_column()
        }
        Part::Link(links) => {
            StringChunked::from_iter_options(name.into(), rows.map(|row| links[row].map(hex))).into_column()
        }
    }
}

fn values(name: &str, told: &Told<'_>, chunk: &Chunk<'_>) -> Column {
    let rows = chunk.order.iter().map(|row| *row as usize);
    let is_whole = told.states.iter().all(|state| *state == State::Known);
    let known = |row: usize| told.states[row] == State::Known;
    match &told.body {
        Body::Numbers(values, _) if is_whole && chunk.is_in_order => {
            UInt64Chunked::from_vec(name.into(), values.clone()).into_column()
        }
        Body::Numbers(values, _) if is_whole => {
            UInt64Chunked::from_vec(name.into(), rows.map(|row| values[row]).collect()).into_column()
        }
        Body::Numbers(values, _) => {
            let cells = rows.map(|row| known(row).then(|| values[row]));
            UInt64Chunked::from_iter_options(name.into(), cells).into_column()
        }
        Body::Texts(text, ends) => {
            let mut cells = StringChunkedBuilder::new(name.into(), chunk.order.len());
            for row in rows {
                if known(row) {
                    cells.append_value(&text[if row == 0 { 0 } else { ends[row - 1] }..ends[row]]);
                } else {
                    cells.append_null();
                }
            }
            cells.finish().into_column()
        }
        Body::Flags(values) if is_whole => {
            BooleanChunked::from_iter_values(name.into(), rows.map(|row| values[row])).into_column()
        }
        Body::Flags(values) => {
            let cells = rows.map(|row| known(row).then(|| values[row]));
            BooleanChunked::from_iter_options(name.into(), cells).into_column()
        }
    }
}

impl Sink for Out {
    fn chunk(&mut self, chunk: &Chunk<'_>) -> Result<(), ApplyError> {
        let frame = frame(chunk, self.columns).map_err(|error| fail(&self.at, error))?;
        match &self.writer {
            Some(writer) if writer.frames.send(frame).is_ok() => Ok(()),
            // It ended before its time, with an error.
            _ => {
                let ended = || PolarsError::ComputeError("the writer had ended".into());
                let error = self.end().err().unwrap_or_else(ended);
                Err(fail(&self.at, error))
            }
        }
    }

    fn finish(mut self: Box<Self>) -> Result<(), ApplyError> {
        self.end().map_err(|error| fail(&self.at, error))
    }
}
