//! One column of a table, read as what a catalogue needs.

use std::collections::HashMap;
use std::fmt::Display;
use std::hash::Hash;

use polars::prelude::{Column, DataType};

use crate::catalogue::error::shown;
use crate::catalogue::{CatalogueError, Category};

/// A column with the names that its errors need.
pub(super) struct Reader<'a> {
    pub from: &'a str,
    pub theirs: &'a str,
    pub column: &'a Column,
}

/// The cells of a column: numbers as they are, anything else as text.
enum Cells {
    Integers(Vec<Option<i64>>),
    Floats(Vec<Option<f64>>),
    Text(polars::prelude::StringChunked),
}

impl Reader<'_> {
    fn error(&self, row: usize, problem: impl Display, mend: &'static str) -> CatalogueError {
        CatalogueError::Value {
            from: self.from.to_owned(),
            row: row + 1,
            column: shown(self.theirs),
            problem: problem.to_string(),
            mend,
        }
    }

    pub fn too_many(&self, max: u64) -> CatalogueError {
        CatalogueError::TooMany { from: self.from.to_owned(), column: shown(self.theirs), max }
    }

    fn cells(&self) -> Result<Cells, CatalogueError> {
        let table = |problem: String| CatalogueError::Table {
            from: self.from.to_owned(),
            problem: format!("column `{}`: {problem}", shown(self.theirs)),
        };
        let cast = |to: &DataType| self.column.strict_cast(to).map_err(|error| table(error.to_string()));
        let read = |error: polars::prelude::PolarsError| table(error.to_string());
        match self.column.dtype() {
            dtype if dtype.is_integer() => match self.column.strict_cast(&DataType::Int64) {
                Ok(integers) => Ok(Cells::Integers(integers.i64().map_err(read)?.iter().collect())),
                // Ids of 64 bits without a sign.
                Err(_) => Ok(Cells::Text(cast(&DataType::String)?.str().map_err(read)?.clone())),
            },
            dtype if dtype.is_float() => {
                let floats = cast(&DataType::Float64)?;
                Ok(Cells::Floats(floats.f64().map_err(read)?.iter().collect()))
            }
            DataType::Null => Ok(Cells::Integers(vec![None; self.column.len()])),
            DataType::String | DataType::Categorical(..) | DataType::Enum(..) => {
                Ok(Cells::Text(cast(&DataType::String)?.str().map_err(read)?.clone()))
            }
            other => Err(table(format!("holds {other}; give numbers or text"))),
        }
    }

    /// Whole numbers from 1 to `max` after scaling, missing ones allowed. Fractions of the base unit
    /// (a duration in float seconds) are rounded to the nearest.
    pub fn numbers(
        &self,
        scale: u64,
        max: u32,
        mend: &'static str,
    ) -> Result<Vec<Option<u32>>, CatalogueError> {
        let whole = |value: i64| {
            let scaled = u32::try_from(i128::from(value) * i128::from(scale)).ok();
            scaled.filter(|scaled| (1..=max).contains(scaled))
        };
        let fraction = |value: f64| {
            let scaled = (value * scale as f64).round();
            (scaled >= 1.0 && scaled <= f64::from(max)).then_some(scaled as u32)
        };
        let out_of_range = |row: usize, value: &dyn Display| {
            self.error(row, format!("the value {value} is out of range"), mend)
        };
        let integer = |row: usize, value: i64| whole(value).ok_or_else(|| out_of_range(row, &value));
        let float = |row: usize, value: f64| fraction(value).ok_or_else(|| out_of_range(row, &value));
        let text = |row: usize, value: &str| {
            let number = match (value.parse::<i64>(), value.parse::<f64>()) {
                (Ok(value), _) => whole(value),
                (_, Ok(value)) => fraction(value),
                _ => return Err(self.error(row, format!("`{}` is not a plain number", shown(value)), mend)),
            };
            number.ok_or_else(|| out_of_range(row, &shown(value)))
        };
        self.map(integer, float, text)
    }

    /// Relative weights; a missing one is 1.
    pub fn popularity(&self) -> Result<Vec<f64>, CatalogueError> {
        const MEND: &str = "give a finite weight of at least 0, or leave it empty";
        let number = |row: usize, value: f64| {
            if value.is_finite() && value >= 0.0 {
                return Ok(value);
            }
            Err(self.error(row, format!("the popularity {}", shown(&value.to_string())), MEND))
        };
        let text = |row: usize, value: &str| match value.parse() {
            Ok(value) => number(row, value),
            Err(_) => Err(self.error(row, format!("`{}` is not a number", shown(value)), MEND)),
        };
        let weights = self.map(|row, value| number(row, value as f64), number, text)?;
        Ok(weights.into_iter().map(|weight| weight.unwrap_or(1.0)).collect())
    }

    fn map<T>(
        &self,
        mut integer: impl FnMut(usize, i64) -> Result<T, CatalogueError>,
        mut float: impl FnMut(usize, f64) -> Result<T, CatalogueError>,
        mut text: impl FnMut(usize, &str) -> Result<T, CatalogueError>,
    ) -> Result<Vec<Option<T>>, CatalogueError> {
        match self.cells()? {
            Cells::Integers(cells) => {
                cells.into_iter().enumerate().map(|(i, c)| c.map(|c| integer(i, c)).transpose()).collect()
            }
            Cells::Floats(cells) => {
                cells.into_iter().enumerate().map(|(i, c)| c.map(|c| float(i, c)).transpose()).collect()
            }
            Cells::Text(cells) => {
                texts(&cells).enumerate().map(|(i, c)| c.map(|c| text(i, c)).transpose()).collect()
            }
        }
    }

    /// Every value, where none may be missing.
    pub fn required<T>(&self, values: Vec<Option<T>>) -> Result<Vec<T>, CatalogueError> {
        let fill = |(row, value): (usize, Option<T>)| {
            value.ok_or_else(|| self.error(row, "no value", "fill it in or leave the row out"))
        };
        values.into_iter().enumerate().map(fill).collect()
    }

    /// Ids, integers or text, numbered by first appearance.
    pub fn ids(&self, required: bool) -> Result<Vec<Option<u32>>, CatalogueError> {
        let ids = match self.cells()? {
            Cells::Integers(cells) => self.intern(cells.into_iter())?,
            Cells::Text(cells) => self.intern(texts(&cells))?,
            Cells::Floats(cells) => {
                let row = cells.iter().position(Option::is_some).unwrap_or(0);
                return Err(self.error(row, "an id with decimals", "give integers or text"));
            }
        };
        if required {
            return Ok(self.required(ids)?.into_iter().map(Some).collect());
        }
        Ok(ids)
    }

    fn intern<T: Hash + Eq>(
        &self,
        cells: impl Iterator<Item = Option<T>>,
    ) -> Result<Vec<Option<u32>>, CatalogueError> {
        let mut seen: HashMap<T, u32> = HashMap::new();
        let mut number = |cell: T| {
            let next = u32::try_from(seen.len()).map_err(|_| self.too_many(u64::from(u32::MAX)))?;
            Ok(*seen.entry(cell).or_insert(next))
        };
        cells.map(|cell| cell.map(&mut number).transpose()).collect()
    }

    /// Checks that no id stands twice.
    pub fn unique_ids(&self) -> Result<(), CatalogueError> {
        // Numbered by first appearance, so until one repeats each id is the number of its row.
        let ids = self.ids(true)?;
        let repeated = ids.into_iter().flatten().enumerate().find(|&(row, id)| id as usize != row);
        if let Some((row, first)) = repeated {
            let problem = format!("the same file id as row {}", u64::from(first) + 1);
            return Err(self.error(row, problem, "give every file an id of its own"));
        }
        Ok(())
    }

    /// Names; integers are taken as text.
    pub fn names(&self, required: bool) -> Result<Category, CatalogueError> {
        let names = match self.cells()? {
            Cells::Text(cells) => Category::intern(texts(&cells)),
            Cells::Integers(cells) => {
                let text: Vec<_> = cells.into_iter().map(|cell| cell.map(|cell| cell.to_string())).collect();
                Category::intern(text.iter().map(Option::as_deref))
            }
            Cells::Floats(cells) => {
                let row = cells.iter().position(Option::is_some).unwrap_or(0);
                return Err(self.error(row, "a number with decimals", "give names"));
            }
        };
        let names = names.ok_or_else(|| self.too_many(65_535))?;
        if required && let Some(row) = names.codes().iter().position(|&code| code == Category::MISSING) {
            return Err(self.error(row, "no value", "fill it in or leave the row out"));
        }
        Ok(names)
    }
}

/// The texts of a column without the blanks around them, as a CSV and a Parquet file of one catalogue must
/// agree on what is missing.
fn texts(cells: &polars::prelude::StringChunked) -> impl Iterator<Item = Option<&str>> {
    cells.iter().map(|cell| cell.map(str::trim).filter(|text| !text.is_empty()))
}
