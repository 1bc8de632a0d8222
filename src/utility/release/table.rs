//! Columns that leave together.

use std::borrow::Cow;

use super::column::NumberColumn;
use crate::telemetry::plays::{Column, Number, Text, Texts};

/// What leaves of plays in one ping.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    pub(super) name: String,
    pub(super) plays: usize,
    /// Whether each play leaves; `None` where all do.
    pub(super) leaves: Option<Vec<bool>>,
    pub(super) texts: Vec<(Text, Cow<'a, Texts>)>,
    pub(super) numbers: Vec<(Number, NumberColumn<'a>)>,
}

impl<'a> Table<'a> {
    /// The name of the ping.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Rows: as many as there are plays, those that don't leave among them.
    pub fn plays(&self) -> usize {
        self.plays
    }

    /// Whether a play leaves in it.
    pub fn leaves(&self, play: usize) -> bool {
        match &self.leaves {
            Some(leaves) => leaves.get(play).copied().unwrap_or(false),
            None => play < self.plays,
        }
    }

    /// Whether every play leaves in it, whatever it says of consent.
    pub(in crate::utility) fn leaves_all(&self) -> bool {
        self.leaves.is_none()
    }

    /// A column of text, `None` where it doesn't leave in this table.
    pub fn text(&self, column: Text) -> Option<&Texts> {
        self.texts.iter().find(|(held, _)| *held == column).map(|(_, texts)| texts.as_ref())
    }

    /// A column of numbers, `None` where it doesn't leave in this table.
    pub fn number(&self, column: Number) -> Option<&NumberColumn<'a>> {
        self.numbers.iter().find(|(held, _)| *held == column).map(|(_, numbers)| numbers)
    }

    /// Whether the column leaves in it. Switches never do.
    pub fn holds(&self, column: Column) -> bool {
        match column {
            Column::Text(text) => self.text(text).is_some(),
            Column::Number(number) => self.number(number).is_some(),
            Column::Switch(_) => false,
        }
    }

    /// The columns that leave in it.
    pub fn columns(&self) -> impl Iterator<Item = Column> + '_ {
        let texts = self.texts.iter().map(|(text, _)| Column::Text(*text));
        texts.chain(self.numbers.iter().map(|(number, _)| Column::Number(*number)))
    }

    /// The same table without some of its columns.
    pub fn without(&self, columns: &[Column]) -> Self {
        let mut less = self.clone();
        less.texts.retain(|(text, _)| !columns.contains(&Column::Text(*text)));
        less.numbers.retain(|(number, _)| !columns.contains(&Column::Number(*number)));
        less
    }
}
