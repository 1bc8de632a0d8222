//! Plays in columns.

use std::collections::HashMap;
use std::ops::{Index, IndexMut};

use super::{Number, Switch, Text};

/// One play on its way into a table: what isn't set is missing.
///
/// ```
/// use coarsen::telemetry::plays::{Number, Plays, Row, Text};
/// let mut row = Row::default();
/// row[Text::Kind] = Some("movie");
/// row[Number::PlayedMs] = Some(2_520_000);
/// let plays: Plays = [row].into_iter().collect();
/// assert_eq!(plays.text(Text::Kind).get(0), Some("movie"));
/// assert_eq!(plays.number(Number::StalledMs)[0], None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row<'a> {
    texts: [Option<&'a str>; Text::ALL.len()],
    numbers: [Option<u32>; Number::ALL.len()],
    switches: [Option<bool>; Switch::ALL.len()],
}

/// A column of text: each name once, and one code per play.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    codes: Vec<u32>,
    names: Vec<String>,
    seen: HashMap<String, u32>,
}

/// Plays, column by column. Of one server they stand in the order in which they were played.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plays {
    texts: [Texts; Text::ALL.len()],
    numbers: [Vec<Option<u32>>; Number::ALL.len()],
    switches: [Vec<Option<bool>>; Switch::ALL.len()],
}

impl Texts {
    /// The code of a missing value.
    pub const MISSING: u32 = u32::MAX;

    /// One code per play: a place in [`Texts::names`], or [`Texts::MISSING`].
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The names, by first appearance.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The text of a play, `None` where it is missing or there is no such play.
    pub fn get(&self, play: usize) -> Option<&str> {
        self.names.get(*self.codes.get(play)? as usize).map(String::as_str)
    }

    /// The text of each play.
    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        (0..self.codes.len()).map(|play| self.get(play))
    }

    fn code(&mut self, name: &str) -> u32 {
        if let Some(&code) = self.seen.get(name) {
            return code;
        }
        let code = u32::try_from(self.names.len()).ok().filter(|&code| code < Self::MISSING);
        let code = code.expect("fewer than 2^32 - 1 plays");
        self.names.push(name.to_owned());
        self.seen.insert(name.to_owned(), code);
        code
    }

    /// Adds a play.
    pub(crate) fn push(&mut self, text: Option<&str>) {
        let code = match (text, self.codes.last()) {
            (None, _) => Self::MISSING,
            // Servers and kinds come many times on end.
            (Some(name), Some(&last)) if self.names.get(last as usize).is_some_and(|n| n == name) => last,
            (Some(name), _) => self.code(name),
        };
        self.codes.push(code);
    }

    fn append(&mut self, other: &Self) {
        let ours: Vec<u32> = other.names.iter().map(|name| self.code(name)).collect();
        let code = |&theirs: &u32| ours.get(theirs as usize).copied().unwrap_or(Self::MISSING);
        self.codes.extend(other.codes.iter().map(code));
    }
}

/// The same texts, whatever their codes.
impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        self.codes.len() == other.codes.len() && self.iter().eq(other.iter())
    }
}

impl Eq for Texts {}

impl Plays {
    /// How many plays there are.
    pub fn len(&self) -> usize {
        self.text(Text::Server).codes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A column of text.
    pub fn text(&self, column: Text) -> &Texts {
        &self.texts[column as usize]
    }

    /// A column of numbers, `None` where it is missing.
    pub fn number(&self, column: Number) -> &[Option<u32>] {
        &self.numbers[column as usize]
    }

    /// What the server of each play has switched on, `None` where the play doesn't say.
    pub fn switch(&self, column: Switch) -> &[Option<bool>] {
        &self.switches[column as usize]
    }

    /// One play. O(columns).
    ///
    /// # Panics
    /// Where there is no such play.
    pub fn row(&self, play: usize) -> Row<'_> {
        Row {
            texts: self.texts.each_ref().map(|column| column.get(play)),
            numbers: self.numbers.each_ref().map(|column| column[play]),
            switches: self.switches.each_ref().map(|column| column[play]),
        }
    }

    /// The plays that are let through, by their number, in the same order. O(plays x columns).
    pub fn only(&self, lets: impl Fn(usize) -> bool) -> Self {
        (0..self.len()).filter(|play| lets(*play)).map(|play| self.row(play)).collect()
    }

    /// Adds a play. O(columns).
    ///
    /// # Panics
    /// At 2^32 - 1 plays, each with a name of its own.
    pub fn push(&mut self, row: &Row<'_>) {
        self.texts.iter_mut().zip(row.texts).for_each(|(column, text)| column.push(text));
        self.numbers.iter_mut().zip(row.numbers).for_each(|(column, number)| column.push(number));
        self.switches.iter_mut().zip(row.switches).for_each(|(column, switch)| column.push(switch));
    }

    /// Adds the plays of another table after one's own. O(plays of the other).
    pub fn append(&mut self, other: &Self) {
        self.texts.iter_mut().zip(&other.texts).for_each(|(column, texts)| column.append(texts));
        self.numbers.iter_mut().zip(&other.numbers).for_each(|(column, numbers)| column.extend(numbers));
        self.switches.iter_mut().zip(&other.switches).for_each(|(column, own)| column.extend(own));
    }
}

impl<'a> FromIterator<Row<'a>> for Plays {
    fn from_iter<I: IntoIterator<Item = Row<'a>>>(rows: I) -> Self {
        let mut plays = Self::default();
        rows.into_iter().for_each(|row| plays.push(&row));
        plays
    }
}

impl<'a> Index<Text> for Row<'a> {
    type Output = Option<&'a str>;

    fn index(&self, column: Text) -> &Self::Output {
        &self.texts[column as usize]
    }
}

impl IndexMut<Text> for Row<'_> {
    fn index_mut(&mut self, column: Text) -> &mut Self::Output {
        &mut self.texts[column as usize]
    }
}

impl Index<Number> for Row<'_> {
    type Output = Option<u32>;

    fn index(&self, column: Number) -> &Self::Output {
        &self.numbers[column as usize]
    }
}

impl IndexMut<Number> for Row<'_> {
    fn index_mut(&mut self, column: Number) -> &mut Self::Output {
        &mut self.numbers[column as usize]
    }
}

impl Index<Switch> for Row<'_> {
    type Output = Option<bool>;

    fn index(&self, column: Switch) -> &Self::Output {
        &self.switches[column as usize]
    }
}

impl IndexMut<Switch> for Row<'_> {
    fn index_mut(&mut self, column: Switch) -> &mut Self::Output {
        &mut self.switches[column as usize]
    }
}
