//! Writers: each takes chunks of a ping.

mod csv;
mod lines;
mod parquet;

use std::fs::File;
use std::io::{BufWriter, Write};

use super::told::{Chunk, LINK, Told};
use super::{ApplyError, Format, Place};
use crate::policy::{Columns, OTHER};

/// One output.
pub(super) trait Sink {
    /// Writes the rows of a chunk, in its order.
    fn chunk(&mut self, chunk: &Chunk<'_>) -> Result<(), ApplyError>;

    /// Writes what is left, and makes sure that all arrived.
    fn finish(self: Box<Self>) -> Result<(), ApplyError>;
}

/// Opens the output of a ping, its columns as in that chunk: in the file, or on standard output where there is none.
pub(super) fn open(
    place: &Place,
    format: Format,
    file: Option<File>,
    columns: Columns,
    chunk: &Chunk<'_>,
) -> Result<Box<dyn Sink>, ApplyError> {
    let at = match place {
        Place::Standard => "standard output".to_owned(),
        Place::File(_) => place.to_string(),
    };
    let out: Box<dyn Write + Send> = match file {
        Some(file) => Box::new(file),
        None => Box::new(std::io::stdout()),
    };
    Ok(match format {
        Format::Parquet => Box::new(parquet::Out::new(at, out, columns, chunk)?),
        Format::Csv => Box::new(csv::Out::new(at, out, columns, chunk)?),
        Format::Lines => Box::new(lines::Out::new(at, BufWriter::with_capacity(1 << 16, out), columns)),
    })
}

/// What a column of a table holds.
#[derive(Clone, Copy)]
enum Part<'a> {
    /// The number that stands for a bucket, a name or a flag.
    Value(&'a Told<'a>),
    From(&'a Told<'a>),
    To(&'a Told<'a>),
    Label(&'a Told<'a>),
    Other(&'a [bool]),
    Link(&'a [Option<u128>]),
}

/// The columns of a table, each with its name.
fn parts<'a>(chunk: &Chunk<'a>, columns: Columns) -> Vec<(String, Part<'a>)> {
    let mut parts = Vec::new();
    for told in chunk.columns {
        let (name, is_number) = (&told.field().name, told.field().kind.dimension().is_some());
        parts.push((name.clone(), Part::Value(told)));
        if is_number && columns.interval {
            parts.push((format!("{name}_from"), Part::From(told)));
            parts.push((format!("{name}_to"), Part::To(told)));
        }
        if is_number && columns.label {
            parts.push((format!("{name}_label"), Part::Label(told)));
        }
    }
    parts.extend(chunk.other.map(|other| (OTHER.to_owned(), Part::Other(other))));
    parts.extend(chunk.links.map(|links| (LINK.to_owned(), Part::Link(links))));
    parts
}
