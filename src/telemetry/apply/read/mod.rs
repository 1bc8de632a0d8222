//! Readers: each makes batches of plays that consent has let through.

mod column;
mod csv;
mod lines;
mod pages;
mod parquet;

use std::fs::File;
use std::io::Read;

use super::intake::Intake;
use super::place::{io_error, named};
use super::{ApplyError, Fault, Format, Place};
use crate::policy::{Content, FieldType, Value};

/// Reads an input to its end.
pub(super) fn read(input: &Place, intake: &mut Intake<'_>) -> Result<(), ApplyError> {
    let path = match input {
        Place::Standard => return lines::read("standard input", Box::new(std::io::stdin().lock()), intake),
        Place::File(path) => path,
    };
    let from = named(path);
    let file = File::open(path).map_err(|source| io_error(path, source))?;
    match input.format()? {
        Format::Parquet => parquet::read(&from, file, intake),
        Format::Csv => csv::read(&from, Box::new(file), intake),
        Format::Lines => lines::read(&from, Box::new(file), intake),
    }
}

/// Any input of text.
type Input<'a> = Box<dyn Read + 'a>;

/// The content that a word names; `personal` where there is none.
fn content(word: &[u8]) -> Result<Content, Fault> {
    if word.is_empty() {
        return Ok(Content::default());
    }
    std::str::from_utf8(word).ok().and_then(Content::named).ok_or(Fault::Content)
}

/// Whether a column of that kind can hold the value.
fn check(value: &Value<'_>, kind: FieldType) -> Result<(), Fault> {
    if kind.holds(*value) {
        return Ok(());
    }
    Err(Fault::Kind { found: value.kind(), wanted: kind.wanted() })
}
