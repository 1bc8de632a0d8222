//! One column of a table, read as what a catalogue needs.

use std::fmt::{Display, Write};

use polars::prelude::Column;

use super::cell::{Cell, cells};
use crate::catalogue::error::shown;
use crate::catalogue::{CatalogueError, Category, category::Interner};

/// The parts of a column, from the first on.
pub(super) type Parts<'a> = Box<dyn Iterator<Item = Result<Column, CatalogueError>> + 'a>;

/// A column with the names that its errors need. It is read part by part, by some readings twice, and never held whole.
pub(super) struct Reader<'a> {
    pub from: &'a str,
    pub theirs: &'a str,
    pub parts: &'a dyn Fn() -> Parts<'a>,
}

/// The mend for a value that is missing.
pub(super) const FILL: &str = "fill it in or leave the row out";

impl Reader<'_> {
    pub(super) fn error(&self, row: usize, problem: impl Display, mend: &'static str) -> CatalogueError {
        CatalogueError::Value {
            from: self.from.to_owned(),
            row: row + 1,
            column: shown(self.theirs),
            problem: problem.to_string(),
            mend,
        }
    }

    pub(super) fn too_many(&self, max: u64) -> CatalogueError {
        CatalogueError::TooMany { from: self.from.to_owned(), column: shown(self.theirs), max }
    }

    /// Shows every cell with its row.
    pub(super) fn each(
        &self,
        mut show: impl FnMut(usize, Cell<'_>) -> Result<(), CatalogueError>,
    ) -> Result<(), CatalogueError> {
        let explain = |problem: String| CatalogueError::Table {
            from: self.from.to_owned(),
            problem: format!("column `{}`: {problem}", shown(self.theirs)),
        };
        let mut above = 0;
        for part in (self.parts)() {
            let part = part?;
            cells(&part, explain, &mut |row, cell| show(above + row, cell))?;
            above += part.len();
        }
        Ok(())
    }

    /// Whole numbers from 1 to `max` after scaling, missing ones allowed. Fractions of the base unit
    /// (a duration in float seconds) are rounded to the nearest.
    pub fn numbers(
        &self,
        scale: u64,
        max: u32,
        mend: &'static str,
        mut take: impl FnMut(usize, Option<u32>),
    ) -> Result<(), CatalogueError> {
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
        self.each(|row, cell| {
            let number = match cell {
                Cell::Missing | Cell::Float(None) => None,
                Cell::Integer(value) => Some(whole(value).ok_or_else(|| out_of_range(row, &value))?),
                Cell::Float(Some(value)) => Some(fraction(value).ok_or_else(|| out_of_range(row, &value))?),
                Cell::Text(text) => {
                    let number = match (text.parse::<i64>(), text.parse::<f64>()) {
                        (Ok(value), _) => whole(value),
                        (_, Ok(value)) => fraction(value),
                        _ => {
                            let problem = format!("`{}` is not a plain number", shown(text));
                            return Err(self.error(row, problem, mend));
                        }
                    };
                    Some(number.ok_or_else(|| out_of_range(row, &shown(text)))?)
                }
            };
            take(row, number);
            Ok(())
        })
    }

    /// Numbers of which none may be missing.
    pub fn all_numbers(&self, scale: u64, max: u32, mend: &'static str) -> Result<Vec<u32>, CatalogueError> {
        let (mut numbers, mut missing) = (Vec::new(), None);
        self.numbers(scale, max, mend, |row, number| {
            missing = missing.or(number.is_none().then_some(row));
            numbers.extend(number);
        })?;
        missing.map_or(Ok(numbers), |row| Err(self.error(row, "no value", FILL)))
    }

    /// Whole pixels, as names.
    pub fn pixels(&self) -> Result<Category, CatalogueError> {
        const MEND: &str = "give whole pixels, from 1 to 65535, or leave it empty";
        let mut names = Interner::default();
        let mut known: Vec<Option<u16>> = Vec::new();
        let mut fits = true;
        self.numbers(1, u32::from(u16::MAX), MEND, |_, pixels| {
            let Some(pixels) = pixels else { return names.push(Category::MISSING) };
            known.resize(known.len().max(pixels as usize + 1), None);
            let known = &mut known[pixels as usize];
            if known.is_none() {
                *known = names.code(&pixels.to_string());
            }
            fits &= known.is_some();
            names.push(known.unwrap_or(Category::MISSING));
        })?;
        if fits { Ok(names.finish()) } else { Err(self.too_many(u64::from(u16::MAX))) }
    }

    /// Relative weights; a missing one is 1.
    pub fn popularity(&self) -> Result<Vec<f64>, CatalogueError> {
        const MEND: &str = "give a finite weight of at least 0, or leave it empty";
        let mut weights = Vec::new();
        self.each(|row, cell| {
            let weight = match cell {
                Cell::Missing | Cell::Float(None) => 1.0,
                Cell::Integer(value) => value as f64,
                Cell::Float(Some(value)) => value,
                Cell::Text(text) => {
                    let problem = |_| self.error(row, format!("`{}` is not a number", shown(text)), MEND);
                    text.parse().map_err(problem)?
                }
            };
            if !(weight.is_finite() && weight >= 0.0) {
                let problem = format!("the popularity {}", shown(&weight.to_string()));
                return Err(self.error(row, problem, MEND));
            }
            weights.push(weight);
            Ok(())
        })?;
        Ok(weights)
    }

    /// Names; integers are taken as text.
    pub fn names(&self, required: bool) -> Result<Category, CatalogueError> {
        let mut names = Interner::default();
        let (mut digits, mut decimals) = (String::new(), false);
        let refuse = |row: usize| self.error(row, "a number with decimals", "give names");
        self.each(|row, cell| {
            let name = match cell {
                Cell::Missing => None,
                Cell::Text(text) => Some(text),
                Cell::Integer(value) => {
                    digits.clear();
                    // Writing into a text can't fail.
                    let _ = write!(digits, "{value}");
                    Some(digits.as_str())
                }
                Cell::Float(Some(_)) => return Err(refuse(row)),
                Cell::Float(None) => {
                    decimals = true;
                    None
                }
            };
            let code = name.map_or(Some(Category::MISSING), |name| names.code(name));
            names.push(code.ok_or_else(|| self.too_many(65_535))?);
            Ok(())
        })?;
        if decimals {
            return Err(refuse(0));
        }
        let names = names.finish();
        if required && let Some(row) = names.codes().iter().position(|&code| code == Category::MISSING) {
            return Err(self.error(row, "no value", FILL));
        }
        Ok(names)
    }
}
