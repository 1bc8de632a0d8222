//! Where in a text something stands.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::PolicyError;

/// One step from a table or list to what it holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Place(usize),
}

impl PolicyError {
    /// The error with the place of what this path leads to, or of the last thing on it that is there.
    pub(super) fn at(text: &str, path: &[Step<'_>], error: Self) -> Self {
        match offset(text, path) {
            Some(offset) => {
                let before = &text[..offset];
                let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
                let line = before.matches('\n').count() + 1;
                let column = before[line_start..].chars().count() + 1;
                Self::At { line, column, source: Box::new(error) }
            }
            None => error,
        }
    }
}

/// Byte offset. Only asked where something is wrong, so the text is read once more.
fn offset(text: &str, path: &[Step<'_>]) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let (first, rest) = path.split_first()?;
    let Step::Key(first) = *first else { return None };
    let mut value: &Spanned<DeValue<'_>> = table.get_ref().get(first)?;
    for step in rest {
        let next = match (step, value.get_ref()) {
            (Step::Key(key), DeValue::Table(table)) => table.get(*key),
            (&Step::Place(place), DeValue::Array(list)) => list.get(place),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => break,
        }
    }
    Some(value.span().start)
}
