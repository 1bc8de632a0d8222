//! What can be wrong with a catalogue.

use std::path::PathBuf;

/// One line of text of an input, so that it can neither drive a terminal nor reorder or hide what stands beside it:
/// control characters, line breaks and tabs among them, and invisible and bidirectional ones are written as escapes.
pub fn harmless(text: &str) -> String {
    let hostile = |c: char| {
        c.is_control()
            || matches!(
                c,
                '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            )
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if hostile(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// Text of an input as a message may hold it: names and cells may be of any length and hold any character.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => harmless(&text[..end]) + "...",
        None => harmless(text),
    }
}

/// A catalogue that can't be read, made or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// No row.
    #[error("{from}: the catalogue has no file in it; give one with at least one row")]
    Empty {
        /// Where it came from.
        from: String,
    },
    /// Columns of different lengths.
    #[error("column `{column}` has {found} rows, and `duration_ms` has {expected}")]
    Length {
        /// The column.
        column: &'static str,
        /// Its rows.
        found: usize,
        /// The rows there should be.
        expected: usize,
    },
    /// A value that the column doesn't allow.
    #[error("{from}, row {row}, column `{column}`: {problem}; {mend}")]
    Value {
        /// Where it came from.
        from: String,
        /// The row, counted from 1 without the header.
        row: usize,
        /// The column as the input calls it.
        column: String,
        /// What is wrong.
        problem: String,
        /// What to do.
        mend: &'static str,
    },
    /// A column that must be there.
    #[error("{from}: there is no column `{column}`; name the one that holds it with --map THEIRS={column}")]
    MissingColumn {
        /// Where it came from.
        from: String,
        /// Our name of the column.
        column: &'static str,
    },
    /// A column that no name and no mapping explains.
    #[error(
        "{from}: unknown column `{column}`; map it with --map {column}=OURS or leave it out with --ignore {column} (ours are {known})"
    )]
    UnknownColumn {
        /// Where it came from.
        from: String,
        /// The column.
        column: String,
        /// The names we know.
        known: String,
    },
    /// A mapping that can't be used.
    #[error("the mapping `{text}`: {problem}")]
    Mapping {
        /// The mapping as written.
        text: String,
        /// What is wrong, and the mend.
        problem: String,
    },
    /// A side field that there is not.
    #[error("unknown side field `{name}`: they are {known}")]
    UnknownSideField {
        /// The name as written.
        name: String,
        /// The names there are.
        known: String,
    },
    /// Too many different names or ids.
    #[error("{from}: column `{column}` has over {max} different values; is it the right column?")]
    TooMany {
        /// Where it came from.
        from: String,
        /// The column.
        column: String,
        /// The most there can be.
        max: u64,
    },
    /// A table that can't be read.
    #[error("{from}: {problem}")]
    Table {
        /// Where it came from.
        from: String,
        /// What is wrong, where, and the mend.
        problem: String,
    },
    /// A file that can't be opened, read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file name whose ending is neither `.parquet` nor `.csv`.
    #[error("{}: the name must end in .parquet or .csv", path.display())]
    Extension {
        /// The file.
        path: PathBuf,
    },
    /// A recipe that can't be read or followed.
    #[error("recipe {from}: {problem}")]
    Recipe {
        /// The recipe's name or file.
        from: String,
        /// What is wrong, and the mend.
        problem: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_written_out() {
        let hostile =
            "\u{1b}[31ma\u{9b}\u{7f}\n\t\u{61c}\u{200b}\u{200f}\u{2028}\u{202e}\u{2066}\u{2069}\u{feff}";
        let written = "\\u{1b}[31ma\\u{9b}\\u{7f}\\n\\t\\u{61c}\\u{200b}\\u{200f}\\u{2028}\\u{202e}\\u{2066}\\u{2069}\\u{feff}";
        assert_eq!(harmless(hostile), written);
        let plain = "Amélie – 千と千尋 (1080p) <b> 100 %";
        assert_eq!(harmless(plain), plain);
    }

    #[test]
    fn a_message_shows_the_start_of_long_text() {
        assert_eq!(shown(&"é".repeat(60)), "é".repeat(60));
        assert_eq!(shown(&"\u{1b}".repeat(61)), "\\u{1b}".repeat(60) + "...");
    }
}
