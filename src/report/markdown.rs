//! The report in Markdown.

use super::document::{Block, Cell, Document, Table, code_lines, line};

/// Renders the document; figures leave their caption.
pub(super) fn render(document: &Document) -> String {
    let mut out = format!("# {}\n\n{}\n", escape(&document.title), escape(&document.subtitle));
    for section in &document.sections {
        out += &format!("\n## {}\n", escape(&section.title));
        for block in &section.blocks {
            out.push('\n');
            match block {
                Block::Lead(sentences) => {
                    let lines = sentences
                        .iter()
                        .map(|(word, text)| format!("**{}** {}\n", escape(word), escape(text)));
                    out += &lines.collect::<Vec<_>>().join("\n");
                }
                Block::Heading(heading) => out += &format!("### {}\n", escape(&heading.text)),
                Block::Items(items) => {
                    let items: Vec<String> = items.iter().map(|item| escape(item)).collect();
                    out += &format!("{}\n", items.join("; "));
                }
                Block::Facts(facts) => facts
                    .iter()
                    .for_each(|(name, cell)| out += &format!("- **{}:** {}\n", escape(name), fact(cell))),
                Block::Text(text) => out += &format!("{}\n", escape(text)),
                Block::List(items) => items.iter().for_each(|item| out += &format!("- {}\n", escape(item))),
                Block::Table(table) => out += &table_text(table),
                Block::Figure(figure) => {
                    out += &format!("Figure in report.html: {}\n", escape(&figure.caption))
                }
                Block::Code(code) => out += &fenced(code),
            }
        }
    }
    out
}

fn fact(cell: &Cell) -> String {
    if cell.code { inline(&cell.text) } else { escape(&cell.text) }
}

/// Code within a line, between more backticks than stand together in it.
fn inline(code: &str) -> String {
    let code = line(code);
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    // A space keeps a backtick at the end apart from those around it; a reader takes one off each end.
    let space = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
    format!("{ticks}{space}{code}{space}{ticks}")
}

fn table_text(table: &Table) -> String {
    let mut out = format!("{}\n\n", escape(&table.caption));
    let heads: Vec<String> = table.columns.iter().map(|column| escape(&column.head)).collect();
    let rules: Vec<&str> =
        table.columns.iter().map(|column| if column.number { "---:" } else { "---" }).collect();
    out += &format!("| {} |\n| {} |\n", heads.join(" | "), rules.join(" | "));
    for row in &table.rows {
        // A hash is letters and digits; anything else that is code is escaped like text.
        let cells: Vec<String> = row.iter().map(|cell| escape(&cell.text)).collect();
        out += &format!("| {} |\n", cells.join(" | "));
    }
    out
}

/// Text that no Markdown reader takes for markup; a line break becomes a space.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in line(text).chars() {
        match letter {
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '&' => out += "&amp;",
            '\\' | '`' | '*' | '_' | '|' | '[' | ']' | '#' | '~' | '$' | '!' => out.extend(['\\', letter]),
            _ => out.push(letter),
        }
    }
    out
}

/// A block of code whose fence is longer than any run of backticks in it.
fn fenced(code: &str) -> String {
    let code = code_lines(code);
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{}\n{fence}\n", code.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_becomes_markup() {
        assert_eq!(escape("a\u{1b}[2J"), "a\\\\u{1b}\\[2J");
        assert_eq!(escape("a|b <i> `c` *d* [e](f)\nx"), "a\\|b &lt;i&gt; \\`c\\` \\*d\\* \\[e\\](f) x");
    }

    #[test]
    fn code_in_a_line_outlasts_the_backticks_within() {
        assert_eq!(inline("{\"a_b\": 1}"), "`{\"a_b\": 1}`");
        assert_eq!(inline("a``b`"), "``` a``b` ```");
        assert_eq!(inline("a\nb\u{1b}"), "`a b\\u{1b}`");
    }

    #[test]
    fn a_fence_outlasts_the_backticks_within() {
        assert_eq!(fenced("a ```` b\n"), "`````text\na ```` b\n`````\n");
        assert!(fenced("a\n\u{1b}b").contains("a\n\\u{1b}b\n"));
        assert!(fenced("plain").starts_with("```text\n"));
    }
}
