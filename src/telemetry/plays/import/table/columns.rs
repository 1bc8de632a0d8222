//! Columns of plays as they are read one after another, and the rows that no play can be made of.

use std::collections::BTreeMap;

use polars::prelude::{Column as Part, DataType};

use super::value::Given;
use crate::catalogue::CatalogueError;
use crate::catalogue::ingest::{Wanted, cells};
use crate::catalogue::shown;
use crate::telemetry::plays::import::gather::Gathering;
use crate::telemetry::plays::import::{Fault, ImportError};
use crate::telemetry::plays::{Column, Number, Row, Switch, Text, Texts};

/// What was read so far; all columns have as many rows.
#[derive(Default)]
pub(super) struct Columns {
    texts: Vec<(Text, Texts)>,
    numbers: Vec<(Number, Vec<Option<u32>>)>,
    switches: Vec<(Switch, Vec<Option<bool>>)>,
    /// The first column, as the input calls it, that is at fault in a row.
    bad: BTreeMap<usize, (String, Fault)>,
    rows: usize,
}

impl Columns {
    /// Reads a column, part by part.
    pub fn add(
        &mut self,
        wanted: &Wanted,
        theirs: &str,
        parts: impl Iterator<Item = Result<Part, CatalogueError>>,
        from: &str,
    ) -> Result<(), ImportError> {
        let bad = &mut self.bad;
        let mut judge = |row: usize, fault: Fault| _ = bad.entry(row).or_insert((theirs.to_owned(), fault));
        self.rows = match Column::named(wanted.ours) {
            Some(Column::Text(column)) => {
                let mut texts = Texts::default();
                let rows = each(theirs, parts, from, &mut |row, given| {
                    let text = given.text().unwrap_or_else(|fault| {
                        judge(row, fault);
                        None
                    });
                    texts.push(text.as_deref());
                })?;
                self.texts.push((column, texts));
                rows
            }
            Some(Column::Number(column)) => {
                let mut numbers = Vec::new();
                let rows = each(theirs, parts, from, &mut |row, given| {
                    numbers.push(given.number(column, wanted.scale).unwrap_or_else(|fault| {
                        judge(row, fault);
                        None
                    }));
                })?;
                self.numbers.push((column, numbers));
                rows
            }
            Some(Column::Switch(column)) => {
                let mut flags = Vec::new();
                let rows = each(theirs, parts, from, &mut |row, given| {
                    flags.push(given.flag().unwrap_or_else(|fault| {
                        judge(row, fault);
                        None
                    }));
                })?;
                self.switches.push((column, flags));
                rows
            }
            // A mapping knows the columns of plays alone.
            None => self.rows,
        };
        Ok(())
    }

    /// Hands on the plays, and the bad rows, in the order of the input.
    pub fn pass(mut self, server: Option<&str>, gathering: &mut Gathering) -> Result<(), ImportError> {
        for at in 0..self.rows {
            if let Some((column, fault)) = self.bad.remove(&at) {
                gathering.refuse(at as u64 + 1, Some(&column), fault)?;
                continue;
            }
            let mut row = Row::default();
            row[Text::Server] = server;
            self.texts.iter().for_each(|(column, texts)| row[*column] = texts.get(at));
            self.numbers.iter().for_each(|(column, numbers)| row[*column] = numbers[at]);
            self.switches.iter().for_each(|(column, flags)| row[*column] = flags[at]);
            gathering.accept(&row);
        }
        Ok(())
    }
}

/// Shows every cell with its row, and says how many there were.
fn each(
    theirs: &str,
    parts: impl Iterator<Item = Result<Part, CatalogueError>>,
    from: &str,
    show: &mut dyn FnMut(usize, Given<'_>),
) -> Result<usize, CatalogueError> {
    let explain = |problem: String| CatalogueError::Table {
        from: from.to_owned(),
        problem: format!("column `{}`: {problem}", shown(theirs)),
    };
    let mut above = 0;
    for part in parts {
        let part = part?;
        if part.dtype() == &DataType::Boolean {
            let flags = part.bool().map_err(|error| explain(error.to_string()))?;
            for (row, flag) in flags.iter().enumerate() {
                show(above + row, flag.map_or(Given::Missing, Given::Flag));
            }
        } else {
            cells(&part, explain, &mut |row, cell| {
                show(above + row, Given::from(cell));
                Ok(())
            })?;
        }
        above += part.len();
    }
    Ok(above)
}
