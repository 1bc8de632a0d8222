//! Plays as they come in, row by row, and where rows go that are none.

use super::{Fault, ImportError, Summary};
use crate::catalogue::shown;
use crate::telemetry::apply::refusals::Refusals;
use crate::telemetry::plays::{Plays, Row, Text};

/// What was read so far.
pub(super) struct Gathering {
    /// The input as errors call it.
    from: String,
    plays: Plays,
    summary: Summary,
    refusals: Option<Refusals>,
}

/// A play in the making, and the columns for which the history has a word that nobody here knows. Its words can only be
/// this program's own: they live as long as it does.
#[derive(Default)]
pub(super) struct Draft<'a> {
    pub row: Row<'a>,
    unknown: Vec<Text>,
}

impl Draft<'_> {
    /// Sets a column to what a word of the history means. No word, or one of blanks, is a missing value; one that means
    /// nothing is that as well, but counted.
    pub fn word(
        &mut self,
        column: Text,
        word: Option<&str>,
        meaning: impl FnOnce(&str) -> Option<&'static str>,
    ) {
        let word = word.map(str::trim).filter(|word| !word.is_empty());
        self.told(column, word.is_some(), word.and_then(meaning));
    }

    /// Sets a column; where something is given and it tells nothing, that is counted.
    pub fn told(&mut self, column: Text, is_given: bool, told: Option<&'static str>) {
        self.row[column] = told;
        if is_given && told.is_none() {
            self.unknown.push(column);
        }
    }
}

impl Gathering {
    /// Nothing yet. Bad rows are listed in `refusals`; without it the first one ends the import.
    pub fn new(from: String, refusals: Option<Refusals>) -> Self {
        Self { from, plays: Plays::default(), summary: Summary::default(), refusals }
    }

    /// The input as errors call it.
    pub fn from(&self) -> &str {
        &self.from
    }

    /// An input that is no such history as a whole.
    pub fn broken(&self, problem: impl Into<String>) -> ImportError {
        ImportError::History { from: self.from.clone(), problem: problem.into() }
    }

    /// Adds a play.
    pub fn accept(&mut self, row: &Row<'_>) {
        self.summary.rows_in += 1;
        self.summary.out += 1;
        self.plays.push(row);
    }

    /// Adds a play, and counts the words in it that mean nothing.
    pub fn take(&mut self, draft: &Draft<'_>) {
        self.accept(&draft.row);
        for column in &draft.unknown {
            *self.summary.unknown.entry(column.name()).or_default() += 1;
        }
    }

    /// Counts a bad row and lists it.
    ///
    /// # Errors
    /// [`ImportError::Row`] where there is no list.
    pub fn refuse(&mut self, row: u64, column: Option<&str>, fault: Fault) -> Result<(), ImportError> {
        let column = column.map(shown);
        let Some(refusals) = &mut self.refusals else {
            return Err(ImportError::Row { from: self.from.clone(), row, column, fault });
        };
        self.summary.rows_in += 1;
        self.summary.refused += 1;
        refusals.add(&self.from, row, column.as_deref(), &fault).map_err(list)
    }

    /// All that was read.
    ///
    /// # Errors
    /// [`ImportError::Io`] where the list of bad rows can't be written, [`ImportError::History`] where there is no row.
    pub fn finish(self) -> Result<(Plays, Summary), ImportError> {
        if self.summary.rows_in == 0 {
            return Err(self.broken("there is no play in it"));
        }
        self.refusals.map_or(Ok(()), Refusals::finish).map_err(list)?;
        Ok((self.plays, self.summary))
    }
}

fn list(source: std::io::Error) -> ImportError {
    ImportError::Io { place: "the list of refused rows".to_owned(), source }
}
