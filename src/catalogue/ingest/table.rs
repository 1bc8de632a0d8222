//! Reading a table into a catalogue.

use std::io::Cursor;
use std::path::Path;

use polars::prelude::{
    ArrowDataType, Column, DataFrame, IntoColumn, IntoSeries, NewChunkedArray, ParallelStrategy,
    ParquetReader, PolarsError, SerReader, StringChunked,
};
use sha2::{Digest, Sha256};

use super::column::Reader;
use super::mapping::{Mapping, Wanted};
use super::quiet;
use crate::catalogue::error::shown;
use crate::catalogue::{Catalogue, CatalogueError, Category, Columns, SideField};

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
    read_bytes(&path.display().to_string(), &bytes, format, mapping)
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
    if bytes.is_empty() {
        return Err(CatalogueError::Empty { from: from.to_owned() });
    }
    let table = match format {
        Format::Parquet => parquet(from, bytes, mapping)?,
        Format::Csv => csv(from, bytes, mapping)?,
    };
    let catalogue = catalogue(from, table, mapping)?;
    Ok(Table { catalogue, sha256: hex(&Sha256::digest(bytes)) })
}

/// The columns of a table that are wanted, in their order, and its whole header.
struct Wide {
    frame: DataFrame,
    header: Vec<String>,
    wanted: Vec<Wanted>,
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn parquet(from: &str, bytes: &[u8], mapping: &Mapping) -> Result<Wide, CatalogueError> {
    let table = |problem: String| CatalogueError::Table { from: from.to_owned(), problem };
    let problem = |what: String| table(format!("not a whole Parquet file ({what}); was it cut short?"));
    if !bytes.starts_with(b"PAR1") {
        return Err(table("not a Parquet file; a CSV must have a name that ends in .csv".to_owned()));
    }
    // The footer is read first: both magic numbers must be there.
    if bytes.len() < 12 || !bytes.ends_with(b"PAR1") {
        return Err(problem("no PAR1 at its end".to_owned()));
    }
    // A damaged page can make the reader panic; for the user that is a damaged file.
    let damaged = |_| problem("a damaged page".to_owned());
    let explain = |error: PolarsError| problem(error.to_string());

    // One thread reads, so that it is this one that panics.
    let new_reader = || ParquetReader::new(Cursor::new(bytes)).read_parallel(ParallelStrategy::None);
    let fields = || {
        let schema = new_reader().schema()?;
        Ok(schema.iter_values().map(|field| (field.name.to_string(), field.dtype.clone())).unzip())
    };
    let (header, types): (Vec<String>, Vec<ArrowDataType>) =
        quiet::caught(fields).map_err(damaged)?.map_err(explain)?;
    let wanted = mapping.plan(from, &header)?;
    // The reader knows no other types; a column that is ignored may be of any.
    for Wanted { place, .. } in &wanted {
        if !readable(&types[*place]) {
            let (name, found) = (shown(&header[*place]), shown(&format!("{:?}", types[*place])));
            return Err(table(format!(
                "column `{name}` holds {found}; give it as text, as integers of 32 or 64 bits, or as decimals \
                 of double precision"
            )));
        }
    }
    let places = wanted.iter().map(|column| column.place).collect();
    let read = || new_reader().with_projection(Some(places)).finish();
    let frame = quiet::caught(read).map_err(damaged)?.map_err(explain)?;
    Ok(Wide { frame, header, wanted })
}

fn readable(of: &ArrowDataType) -> bool {
    use ArrowDataType as Of;
    match of {
        Of::Null | Of::UInt16 | Of::Int32 | Of::UInt32 | Of::Int64 | Of::UInt64 => true,
        Of::Float32 | Of::Float64 | Of::Utf8 | Of::LargeUtf8 | Of::Utf8View => true,
        Of::Dictionary(_, of, _) => readable(of),
        _ => false,
    }
}

fn csv(from: &str, bytes: &[u8], mapping: &Mapping) -> Result<Wide, CatalogueError> {
    let fail = |problem: String| CatalogueError::Table { from: from.to_owned(), problem };
    if bytes.starts_with(b"PAR1") {
        return Err(fail("this is a Parquet file; its name must end in .parquet".to_owned()));
    }
    let mut reader = ::csv::ReaderBuilder::new().from_reader(bytes);
    let names = |header: &::csv::StringRecord| -> Vec<String> {
        header.iter().map(|name| name.trim().to_owned()).collect()
    };
    let explain = |error: ::csv::Error, header: &[String]| {
        let place = match error.position() {
            Some(at) if at.record() == 0 => "the header: ".to_owned(),
            Some(at) => format!("row {} (line {}): ", at.record(), at.line()),
            None => String::new(),
        };
        let problem = match error.kind() {
            ::csv::ErrorKind::Utf8 { err, .. } => {
                let number = err.field() + 1;
                let name =
                    header.get(err.field()).map_or(number.to_string(), |name| format!("`{}`", shown(name)));
                format!("column {name} is not UTF-8; save the file as UTF-8")
            }
            ::csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("{len} fields, and the header has {expected_len}; quote fields that hold a comma")
            }
            _ => error.to_string(),
        };
        fail(format!("{place}{problem}"))
    };
    let header = names(reader.headers().map_err(|error| explain(error, &[]))?);
    if header.iter().all(String::is_empty) {
        return Err(CatalogueError::Empty { from: from.to_owned() });
    }
    if let ([only], Some(other)) =
        (&header[..], [';', '\t', '|'].into_iter().find(|c| header[0].contains(*c)))
    {
        let problem =
            format!("the header is one field, `{}`; separate fields by commas, not {other:?}", shown(only));
        return Err(fail(problem));
    }
    let wanted = mapping.plan(from, &header)?;
    let mut cells: Vec<Vec<Option<String>>> = vec![Vec::new(); wanted.len()];
    let mut record = ::csv::StringRecord::new();
    let mut last = None;
    while reader.read_record(&mut record).map_err(|error| explain(error, &header))? {
        for (column, wanted) in cells.iter_mut().zip(&wanted) {
            let field = record[wanted.place].trim();
            column.push((!field.is_empty()).then(|| field.to_owned()));
        }
        last = record.position().cloned();
    }
    if let Some(at) = last.filter(|at| ends_in_quotes(&bytes[at.byte() as usize..])) {
        let problem = "a quote is opened and never closed, so all further rows would be one field; close it";
        return Err(fail(format!("row {} (line {}): {problem}", at.record(), at.line())));
    }
    let height = cells.first().map_or(0, Vec::len);
    let columns = wanted.iter().zip(cells).map(|(wanted, cells)| {
        let name = header[wanted.place].as_str().into();
        StringChunked::from_iter_options(name, cells.into_iter()).into_series().into_column()
    });
    let frame = DataFrame::new(height, columns.collect::<Vec<Column>>());
    Ok(Wide { frame: frame.map_err(|error| fail(error.to_string()))?, header, wanted })
}

/// Whether the last record of a CSV file leaves a quote open: a row after it would then be part of it.
fn ends_in_quotes(record: &[u8]) -> bool {
    let longer = [record, b"\n0\n"].concat();
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&longer[..]);
    reader.byte_records().count() == 1
}

fn catalogue(from: &str, table: Wide, mapping: &Mapping) -> Result<Catalogue, CatalogueError> {
    let Wide { frame, header, wanted } = table;
    if frame.height() == 0 {
        return Err(CatalogueError::Empty { from: from.to_owned() });
    }
    let mut columns = Columns::default();
    for (column, Wanted { place, ours, scale }) in frame.columns().iter().zip(wanted) {
        let reader = Reader { from, theirs: &header[place], column };
        match ours {
            "file_id" => reader.unique_ids()?,
            "title_id" => columns.title = reader.ids(true)?.into_iter().flatten().collect(),
            "series_id" => columns.series = Some(reader.ids(false)?),
            "duration_ms" => {
                let mend = "give a plain number in the unit of the column, from 1 to 4294967295 ms";
                let durations = reader.numbers(scale, u32::MAX, mend)?;
                columns.duration_ms = reader.required(durations)?;
            }
            "bitrate_bps" => {
                let mend = "give a plain number in the unit of the column, from 1 to 4294967295 bit/s, or \
                            leave it empty";
                columns.bitrate_bps = Some(reader.numbers(scale, u32::MAX, mend)?);
            }
            "popularity" => columns.popularity = Some(reader.popularity()?),
            "width" | "height" => {
                let field = if ours == "width" { SideField::Width } else { SideField::Height };
                let mend = "give whole pixels, from 1 to 65535, or leave it empty";
                let pixels = reader.numbers(1, u32::from(u16::MAX), mend)?;
                let text: Vec<Option<String>> = pixels.iter().map(|p| p.map(|p| p.to_string())).collect();
                let column = Category::intern(text.iter().map(Option::as_deref));
                columns.side.insert(field, column.ok_or_else(|| reader.too_many(u64::from(u16::MAX)))?);
            }
            _ => {
                let field: SideField = ours.parse()?;
                columns.side.insert(field, reader.names(field == SideField::Kind)?);
            }
        }
    }
    if let Some(kind) = mapping.kind() {
        let constant = std::iter::repeat_n(Some(kind.trim()), frame.height()).collect();
        columns.side.insert(SideField::Kind, constant);
    }
    Catalogue::new(columns).map_err(|error| match error {
        CatalogueError::Value { row, column, problem, mend, .. } => {
            CatalogueError::Value { from: from.to_owned(), row, column, problem, mend }
        }
        other => other,
    })
}
