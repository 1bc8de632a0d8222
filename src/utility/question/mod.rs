//! Diagnostic questions: what engineers ask of plays.
//!
//! A question parts plays into cells by keys that no policy chooses, and asks one figure of each cell. Every figure is a
//! quotient of two sums of whole numbers, so that answers don't depend on the order of the plays, and a resample by
//! server is a weighted sum of what its servers add.

mod answer;
mod file;
mod level;
mod query;

pub use answer::{Answer, Value};
pub use file::{built_in, read_questions};
pub use level::{Key, Level};

use std::collections::BTreeMap;

use crate::telemetry::plays::{Column, Number, Text};

/// One question.
///
/// ```
/// use coarsen::utility::built_in;
/// let questions = built_in();
/// assert_eq!(questions[0].name, "stall-rate");
/// assert_eq!(questions[0].columns().map(|column| column.name()).collect::<Vec<_>>(), [
///     "platform", "bitrate_bps", "resolution", "stalls",
/// ]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its name, for tables and file names.
    pub name: String,
    /// The question as a sentence.
    pub asks: String,
    /// The figure.
    pub statistic: Statistic,
    /// What parts plays into cells.
    pub by: Vec<Key>,
    /// The plays that are asked at all: those with one of these names in each of these columns.
    pub only: BTreeMap<Text, Vec<String>>,
    /// How far an answer may lie from the raw one and still count as the same, in the unit of the figure.
    pub margin: f64,
}

/// The figure of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// Of the plays that tell the number, the share of those where it is at least so much.
    AtLeast(Number, u64),
    /// Of the plays that tell the text, the share of those where it is one of these names.
    Is(Text, Vec<String>),
    /// The mean of the number over the plays that tell it.
    Mean(Number),
    /// The sum of the number over the sum of all the others, over the plays that tell all of them.
    Ratio(Number, Vec<Number>),
    /// Of all plays that are asked, the share that lies in the cell.
    Plays,
}

impl Question {
    /// The columns that it asks for, each once: those of its keys, of its figure, of its filters.
    pub fn columns(&self) -> impl Iterator<Item = Column> {
        let mut columns: Vec<Column> = self.by.iter().map(Key::column).collect();
        columns.extend(self.statistic.columns());
        columns.extend(self.only.keys().map(|text| Column::Text(*text)));
        let mut seen = Vec::new();
        columns.retain(|column| {
            let new = !seen.contains(column);
            seen.push(*column);
            new
        });
        columns.into_iter()
    }
}

impl Question {
    /// Whether it asks anything of the file that is played, or of what is derived from it: a rounding can touch no other
    /// question.
    pub fn is_of_files(&self) -> bool {
        self.columns().any(Column::is_of_file)
    }
}

impl Statistic {
    fn columns(&self) -> Vec<Column> {
        match self {
            Self::AtLeast(number, _) | Self::Mean(number) => vec![Column::Number(*number)],
            Self::Is(text, _) => vec![Column::Text(*text)],
            Self::Ratio(of, over) => [*of].iter().chain(over).map(|number| Column::Number(*number)).collect(),
            Self::Plays => Vec::new(),
        }
    }

    /// Whether it is a share of plays, which lies between 0 and 1 and has a Wilson interval.
    pub fn is_share(&self) -> bool {
        !matches!(self, Self::Mean(_) | Self::Ratio(..))
    }

    /// The unit of the figure, in a word.
    pub fn unit(&self) -> &'static str {
        match self {
            Self::AtLeast(..) | Self::Is(..) => "share of the plays of a cell",
            Self::Plays => "share of all plays",
            Self::Ratio(..) => "quotient of two sums",
            Self::Mean(number) => number.unit().unwrap_or("mean count"),
        }
    }
}
