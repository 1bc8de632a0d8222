//! What is asked of [`apply`](super::apply).

use std::fmt;
use std::path::{Path, PathBuf};

use super::{ApplyError, Servers};
use crate::catalogue::harmless;
use crate::policy::{Columns, Day};

/// Where plays come from or go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Standard input or output, as JSON lines; written `-`.
    Standard,
    /// A file, its format told by its ending: see [`Format`].
    File(PathBuf),
}

impl Place {
    /// `-` is [`Place::Standard`], anything else a file.
    pub fn named(path: &Path) -> Self {
        if path == Path::new("-") { Self::Standard } else { Self::File(path.to_owned()) }
    }

    /// The format.
    ///
    /// # Errors
    /// [`ApplyError::Extension`].
    pub fn format(&self) -> Result<Format, ApplyError> {
        let Self::File(path) = self else { return Ok(Format::Lines) };
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("parquet") => Ok(Format::Parquet),
            Some("csv") => Ok(Format::Csv),
            Some("jsonl" | "ndjson") => Ok(Format::Lines),
            _ => Err(ApplyError::Extension { place: self.to_string() }),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard => f.write_str("-"),
            Self::File(path) => f.write_str(&harmless(&path.to_string_lossy())),
        }
    }
}

/// How plays are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.parquet`
    Parquet,
    /// `.csv`, with a header; an empty cell is a missing value.
    Csv,
    /// `.jsonl` or `.ndjson`: a JSON object in each line.
    Lines,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day: fields that expire on it or before don't leave.
    pub as_of: Day,
    /// The columns of a rounded number.
    pub columns: Columns,
    /// Switches that the server has on, for every play of the input.
    pub consent: Vec<String>,
    /// What each server has switched on or off.
    pub servers: Option<Servers>,
    /// Whether a column that the policy doesn't know, or one that the input lacks, is an error.
    pub strict: bool,
    /// A CSV for bad rows: file, row, column, reason. Without it, the first one ends the run.
    pub refused: Option<PathBuf>,
    /// Makes shuffles and identifiers repeatable; the system's randomness where absent.
    pub seed: Option<u64>,
    /// Other files that are read, which no output may overwrite: the policy's, the servers'.
    pub guarded: Vec<PathBuf>,
}

impl Options {
    /// Representatives alone, no switch but the plays' own, on that day.
    pub fn new(as_of: Day) -> Self {
        Self {
            as_of,
            columns: Columns::default(),
            consent: Vec::new(),
            servers: None,
            strict: false,
            refused: None,
            seed: None,
            guarded: Vec::new(),
        }
    }
}
