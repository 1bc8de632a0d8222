//! A small table whose every cell is wanted as text.

use super::Format;
use super::cell::{Cell, cells};
use super::parquet::Parquet;
use crate::catalogue::CatalogueError;
use crate::catalogue::error::shown;

/// The cells by column; `None` is a missing one.
pub(crate) struct Texts {
    pub header: Vec<String>,
    pub columns: Vec<Vec<Option<String>>>,
}

/// Reads every column; `from` names the table in errors. O(cells).
///
/// # Errors
/// [`CatalogueError::Table`] where it isn't whole, [`CatalogueError::Empty`] where it holds nothing.
pub(crate) fn texts(from: &str, bytes: &[u8], format: Format) -> Result<Texts, CatalogueError> {
    if bytes.is_empty() {
        return Err(CatalogueError::Empty { from: from.to_owned() });
    }
    match format {
        Format::Parquet => of_parquet(from, bytes),
        Format::Csv => of_csv(from, bytes),
    }
}

fn of_parquet(from: &str, bytes: &[u8]) -> Result<Texts, CatalogueError> {
    let table = Parquet::new(from, bytes)?;
    let header = table.header().to_vec();
    let explain = |name: &str, problem: String| CatalogueError::Table {
        from: from.to_owned(),
        problem: format!("column `{}`: {problem}", shown(name)),
    };
    let column = |(place, name): (usize, &String)| {
        table.check(place)?;
        let mut texts = Vec::new();
        for part in table.column(place) {
            cells(&part?, |problem| explain(name, problem), &mut |_, cell| {
                texts.push(text(cell));
                Ok(())
            })?;
        }
        Ok(texts)
    };
    let columns = header.iter().enumerate().map(column).collect::<Result<_, CatalogueError>>()?;
    Ok(Texts { header, columns })
}

fn of_csv(from: &str, bytes: &[u8]) -> Result<Texts, CatalogueError> {
    let explain =
        |error: ::csv::Error| CatalogueError::Table { from: from.to_owned(), problem: error.to_string() };
    let mut reader = ::csv::Reader::from_reader(bytes);
    let header: Vec<String> = reader.headers().map_err(explain)?.iter().map(str::to_owned).collect();
    let mut columns = vec![Vec::new(); header.len()];
    for record in reader.records() {
        for (column, cell) in columns.iter_mut().zip(record.map_err(explain)?.iter()) {
            column.push((!cell.is_empty()).then(|| cell.to_owned()));
        }
    }
    Ok(Texts { header, columns })
}

fn text(cell: Cell<'_>) -> Option<String> {
    match cell {
        Cell::Missing => None,
        Cell::Integer(number) => Some(number.to_string()),
        Cell::Float(number) => number.map(|number| number.to_string()),
        Cell::Text(text) => Some(text.to_owned()),
    }
}
