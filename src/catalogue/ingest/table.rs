//! Reading a table into a catalogue.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::column::{Parts, Reader};
use super::csv::{self, Csv};
use super::mapping::Mapping;
use super::maps::Wanted;
use super::parquet::Parquet;
use crate::catalogue::{Catalogue, CatalogueError, Columns, SideField};

/// The format of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet.
    Parquet,
    /// Comma-separated values with a header, UTF-8.
    Csv,
}

impl Format {
    /// The format that a file name's ending tells.
    ///
    /// # Errors
    /// [`CatalogueError::Extension`].
    pub fn of(path: &Path) -> Result<Self, CatalogueError> {
        let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        match extension.as_deref() {
            Some("parquet") => Ok(Self::Parquet),
            Some("csv") => Ok(Self::Csv),
            _ => Err(CatalogueError::Extension { path: path.to_owned() }),
        }
    }
}

/// A catalogue with where it came from.
#[derive(Clone, Debug)]
pub struct Table {
    /// The catalogue.
    pub catalogue: Catalogue,
    /// SHA-256 of the bytes it was read from, in hexadecimal.
    pub sha256: String,
}

/// Reads a Parquet or CSV file. O(rows).
///
/// # Errors
/// A [`CatalogueError`] that names the file, and the row and column where there is one.
pub fn read(path: &Path, mapping: &Mapping) -> Result<Table, CatalogueError> {
    let format = Format::of(path)?;
    let bytes = std::fs::read(path).map_err(|source| CatalogueError::Io { path: path.to_owned(), source })?;
    let from = path.display().to_string();
    let columns = columns(&from, &bytes, format, mapping)?;
    let sha256 = hex(&Sha256::digest(&bytes));
    // A catalogue takes as much to make as its file holds.
    drop(bytes);
    Ok(Table { catalogue: catalogue(&from, columns)?, sha256 })
}

/// Reads a table that is already in memory; `from` names it in errors.
///
/// # Errors
/// A [`CatalogueError`] that names the row and column where there is one.
pub fn read_bytes(
    from: &str,
    bytes: &[u8],
    format: Format,
    mapping: &Mapping,
) -> Result<Table, CatalogueError> {
    let catalogue = catalogue(from, columns(from, bytes, format, mapping)?)?;
    Ok(Table { catalogue, sha256: hex(&Sha256::digest(bytes)) })
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The columns that a catalogue is made of.
fn columns(from: &str, bytes: &[u8], format: Format, mapping: &Mapping) -> Result<Columns, CatalogueError> {
    if bytes.is_empty() {
        return Err(CatalogueError::Empty { from: from.to_owned() });
    }
    let mut columns = Columns::default();
    match format {
        Format::Parquet => {
            let table = Parquet::new(from, bytes)?;
            let wanted = mapping.plan(from, table.header())?;
            wanted.iter().try_for_each(|wanted| table.check(wanted.place))?;
            for wanted in wanted {
                let parts = || -> Parts<'_> { Box::new(table.column(wanted.place)) };
                let theirs = &table.header()[wanted.place];
                add(&mut columns, &Reader { from, theirs, parts: &parts }, &wanted)?;
            }
        }
        Format::Csv => {
            let Csv { header, wanted, columns: texts } =
                csv::read(from, bytes, |header| mapping.plan(from, header))?;
            for (wanted, text) in wanted.into_iter().zip(texts) {
                let parts = || -> Parts<'_> { Box::new(std::iter::once(Ok(text.clone()))) };
                let theirs = &header[wanted.place];
                add(&mut columns, &Reader { from, theirs, parts: &parts }, &wanted)?;
            }
        }
    }
    if let Some(kind) = mapping.kind() {
        let constant = std::iter::repeat_n(Some(kind.trim()), columns.duration_ms.len()).collect();
        columns.side.insert(SideField::Kind, constant);
    }
    Ok(columns)
}

/// Reads one column into those of the catalogue.
fn add(columns: &mut Columns, reader: &Reader<'_>, wanted: &Wanted) -> Result<(), CatalogueError> {
    match wanted.ours {
        "file_id" => reader.unique_ids()?,
        "title_id" => columns.title = reader.all_ids()?,
        "series_id" => columns.series = Some(reader.some_ids()?),
        "duration_ms" => {
            let mend = "give a plain number in the unit of the column, from 1 to 4294967295 ms";
            columns.duration_ms = reader.all_numbers(wanted.scale, u32::MAX, mend)?;
        }
        "bitrate_bps" => {
            let mend = "give a plain number in the unit of the column, from 1 to 4294967295 bit/s, or leave it \
                        empty";
            let mut rates = Vec::new();
            reader.numbers(wanted.scale, u32::MAX, mend, |_, rate| rates.push(rate))?;
            columns.bitrate_bps = Some(rates);
        }
        "popularity" => columns.popularity = Some(reader.popularity()?),
        ours => {
            let field: SideField = ours.parse()?;
            let names = match field {
                SideField::Width | SideField::Height => reader.pixels()?,
                _ => reader.names(field == SideField::Kind)?,
            };
            columns.side.insert(field, names);
        }
    }
    Ok(())
}

fn catalogue(from: &str, columns: Columns) -> Result<Catalogue, CatalogueError> {
    Catalogue::new(columns).map_err(|error| match error {
        CatalogueError::Value { row, column, problem, mend, .. } => {
            CatalogueError::Value { from: from.to_owned(), row, column, problem, mend }
        }
        CatalogueError::Empty { .. } => CatalogueError::Empty { from: from.to_owned() },
        other => other,
    })
}
