//! CSV, checked row by row.
//!
//! polars fills the missing cells of a short row without a word, so the `csv` crate counts the fields; the columns come
//! out as text.

use polars::prelude::{Column, IntoColumn, IntoSeries, StringChunkedBuilder};

use super::maps::Wanted;
use crate::catalogue::CatalogueError;
use crate::catalogue::error::shown;

/// The columns of a CSV file that are wanted, in their order, and its whole header.
pub(crate) struct Csv {
    pub header: Vec<String>,
    pub wanted: Vec<Wanted>,
    pub columns: Vec<Column>,
}

/// Reads the columns that `plan` wants of a header; `from` names the file in errors. O(bytes).
pub(crate) fn read(
    from: &str,
    bytes: &[u8],
    plan: impl FnOnce(&[String]) -> Result<Vec<Wanted>, CatalogueError>,
) -> Result<Csv, CatalogueError> {
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
    let wanted = plan(&header)?;
    let name = |wanted: &Wanted| header[wanted.place].as_str().into();
    let mut columns: Vec<StringChunkedBuilder> =
        wanted.iter().map(|wanted| StringChunkedBuilder::new(name(wanted), 0)).collect();
    let mut record = ::csv::StringRecord::new();
    let mut last = None;
    while reader.read_record(&mut record).map_err(|error| explain(error, &header))? {
        for (column, wanted) in columns.iter_mut().zip(&wanted) {
            let field = record[wanted.place].trim();
            column.append_option((!field.is_empty()).then_some(field));
        }
        last = record.position().cloned();
    }
    if let Some(at) = last.filter(|at| ends_in_quotes(&bytes[at.byte() as usize..])) {
        let problem = "a quote is opened and never closed, so all further rows would be one field; close it";
        return Err(fail(format!("row {} (line {}): {problem}", at.record(), at.line())));
    }
    let columns = columns.into_iter().map(|column| column.finish().into_series().into_column()).collect();
    Ok(Csv { header, wanted, columns })
}

/// Whether the last record of a CSV file leaves a quote open: a row after it would then be part of it.
fn ends_in_quotes(record: &[u8]) -> bool {
    let longer = [record, b"\n0\n"].concat();
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&longer[..]);
    reader.byte_records().count() == 1
}
