//! What parts plays into cells.

use std::collections::BTreeMap;
use std::fmt;

use crate::rounding::{Bucket, Groups, Partition, Rounding};
use crate::telemetry::plays::{Column, Number, Text, Texts};
use crate::units::Dimension;
use crate::utility::NumberColumn;

/// A column of a question, and how it is cut.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// Text, in groups of names or as it is. A name that is a group's stays, so that text which leaves in these groups
    /// already is not grouped again.
    Text(Text, Option<Groups>),
    /// A number, in buckets.
    Number(Number, Rounding),
}

/// The place of a play along one key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing is known.
    Missing,
    /// A name.
    Name(String),
    /// A bucket of a number.
    Bucket(Bucket),
}

/// The levels of one key: a code for each play, and what each code is.
pub(super) struct Levels {
    pub codes: Vec<u32>,
    pub names: Vec<Level>,
}

impl Key {
    /// The column.
    pub fn column(&self) -> Column {
        match self {
            Self::Text(text, _) => Column::Text(*text),
            Self::Number(number, _) => Column::Number(*number),
        }
    }

    /// A level in words: a bucket in its unit.
    pub fn label(&self, level: &Level) -> String {
        match (self, level) {
            (Self::Number(_, rounding), Level::Bucket(bucket)) => {
                rounding.dimension().human_range(bucket.from, bucket.to)
            }
            (_, level) => level.to_string(),
        }
    }
}

/// A bucket in bare numbers; [`Key::label`] knows the unit.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("unknown"),
            Self::Name(name) => f.write_str(name),
            Self::Bucket(bucket) => f.write_str(&Dimension::Integer.human_range(bucket.from, bucket.to)),
        }
    }
}

/// The name under which a text is asked for.
pub(super) fn grouped<'t>(groups: Option<&'t Groups>, text: &'t str) -> &'t str {
    match groups {
        Some(groups) if !groups.groups().iter().any(|(group, _)| group == text) => groups.name(text),
        _ => text,
    }
}

impl Levels {
    /// O(plays + names).
    pub fn of_text(column: &Texts, groups: Option<&Groups>) -> Self {
        let mut growing = Growing::default();
        let name = |text: &String| Level::Name(grouped(groups, text).to_owned());
        let code_of: Vec<u32> = column.names().iter().map(|text| growing.code(name(text))).collect();
        let missing = growing.code(Level::Missing);
        let code = |code: &u32| match *code {
            Texts::MISSING => missing,
            code => code_of[code as usize],
        };
        Self { codes: column.codes().iter().map(code).collect(), names: growing.names }
    }

    /// O(plays log buckets), less where the numbers leave in buckets.
    pub fn of_number(column: &NumberColumn<'_>, plays: usize, cut: &Rounding) -> Self {
        let mut growing = Growing::default();
        let mut last: Option<(Bucket, u32)> = None;
        let mut code = |value: Option<u64>| match (value, last) {
            (None, _) => growing.code(Level::Missing),
            (Some(value), Some((bucket, code))) if bucket.contains(value) => code,
            (Some(value), _) => {
                let bucket = cut.bucket(value);
                let code = growing.code(Level::Bucket(bucket));
                last = Some((bucket, code));
                code
            }
        };
        let codes = (0..plays).map(|play| code(column.get(play))).collect();
        Self { codes, names: growing.names }
    }
}

#[derive(Default)]
struct Growing {
    names: Vec<Level>,
    seen: BTreeMap<Level, u32>,
}

impl Growing {
    fn code(&mut self, level: Level) -> u32 {
        let next = self.names.len() as u32;
        *self.seen.entry(level).or_insert_with_key(|level| {
            self.names.push(level.clone());
            next
        })
    }
}
