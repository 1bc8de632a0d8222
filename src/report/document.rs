//! The report before it is rendered: sections of paragraphs, tables and figures, in plain text.
//!
//! Nothing here is escaped; each renderer escapes everything, and begins with [`line`] or [`code_lines`].

use std::borrow::Cow;

use serde_json::Value;

use crate::catalogue::harmless;

/// A report.
pub(super) struct Document {
    pub title: String,
    pub subtitle: String,
    pub sections: Vec<Section>,
}

/// A part with a heading. The id is its anchor.
pub(super) struct Section {
    pub id: Cow<'static, str>,
    pub title: Cow<'static, str>,
    pub blocks: Vec<Block>,
}

/// What a section consists of.
pub(super) enum Block {
    /// The sentences that matter most, each with a word that leads in.
    Lead(Vec<(&'static str, String)>),
    Text(String),
    /// A heading within the section.
    Heading(Heading),
    List(Vec<String>),
    /// Many short items, in as many columns as there is room for.
    Items(Vec<String>),
    /// What there is to say of one thing, each with its name.
    Facts(Vec<(&'static str, Cell)>),
    Table(Table),
    Figure(Figure),
    Code(String),
}

/// The id is its anchor.
pub(super) struct Heading {
    pub id: String,
    pub text: String,
}

/// A table; the first cell of a row is its heading.
pub(super) struct Table {
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

pub(super) struct Column {
    pub head: String,
    /// Numbers are set to the right.
    pub number: bool,
}

/// Text on the left.
pub(super) fn text(head: impl Into<String>) -> Column {
    Column { head: head.into(), number: false }
}

/// Numbers on the right.
pub(super) fn number(head: impl Into<String>) -> Column {
    Column { head: head.into(), number: true }
}

/// What a cell's color says; its text says the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Bad,
    Unsure,
    Muted,
}

pub(super) struct Cell {
    pub text: String,
    pub tone: Option<Tone>,
    /// Whether it is written as code: hashes, JSON.
    pub code: bool,
    /// The anchor that it leads to.
    pub anchor: Option<String>,
}

impl Cell {
    pub fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone: Some(tone), code: false, anchor: None }
    }

    pub fn code(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: None, code: true, anchor: None }
    }

    /// Text that leads to an anchor of the page.
    pub fn link(text: impl Into<String>, anchor: impl Into<String>) -> Self {
        Self { anchor: Some(anchor.into()), ..Self::from(text) }
    }

    /// For what isn't there.
    pub fn none() -> Self {
        Self::toned("–", Tone::Muted)
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), tone: None, code: false, anchor: None }
    }
}

/// A figure for plotly: traces and layout. Text in them is already made harmless by [`label`].
pub(super) struct Figure {
    pub id: Cow<'static, str>,
    pub caption: String,
    pub height: u32,
    /// In pixels; on a narrower page the figure scrolls.
    pub least_width: u32,
    pub data: Vec<Value>,
    pub layout: Value,
}

/// A text of one line that no terminal or reader can be driven by; a line break becomes a space.
pub(super) fn line(text: &str) -> String {
    harmless(&text.replace(['\n', '\r'], " "))
}

/// A block of code that no terminal or reader can be driven by; its line breaks stay.
pub(super) fn code_lines(code: &str) -> String {
    code.split('\n').map(harmless).collect::<Vec<_>>().join("\n")
}

/// A text for a figure: plotly reads `<b>`, `<a href>` and entities in labels, so they are written out.
pub(super) fn label(text: &str) -> String {
    line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    #[test]
    fn text_drives_no_terminal() {
        assert_eq!(super::line("a\nb\u{1b}c"), "a b\\u{1b}c");
        assert_eq!(super::code_lines("a\nb\u{202e}c\n"), "a\nb\\u{202e}c\n");
        assert_eq!(super::label("\u{9b}<b>"), "\\u{9b}&lt;b&gt;");
    }

    #[test]
    fn a_label_holds_no_markup() {
        assert_eq!(super::label("<a href='x'>&amp;"), "&lt;a href='x'&gt;&amp;amp;");
    }
}
