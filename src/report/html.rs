//! The report as one HTML page that loads nothing.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::{Value, json};

use super::document::{Block, Cell, Document, Figure, Section, Table, Tone, code_lines, line};
use super::error::ReportError;

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");
/// Nothing but what is written in the page itself: no request, whatever a script or a style would ask for.
const CONTENT_POLICY: &str =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:";
/// The same for a page without figures, which has no script either.
const CONTENT_POLICY_STILL: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// Renders the page.
pub(super) fn render(document: &Document) -> Result<String, ReportError> {
    let figures = document.sections.iter().flat_map(|section| &section.blocks);
    let figures: Vec<Value> = figures
        .filter_map(|block| match block {
            Block::Figure(figure) => {
                Some(json!({ "id": figure.id, "data": figure.data, "layout": figure.layout }))
            }
            _ => None,
        })
        .collect();
    let still = figures.is_empty();
    let figures = inert(&Value::Array(figures))?;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(if still { CONTENT_POLICY_STILL } else { CONTENT_POLICY });
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (line(&document.title)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { "Skip to the text" }
                header {
                    h1 { (line(&document.title)) }
                    p.subtitle { (line(&document.subtitle)) }
                }
                nav aria-label="Contents" {
                    ol { @for section in &document.sections { li { a href={ "#" (section.id) } { (line(&section.title)) } } } }
                }
                main id="main" { @for section in &document.sections { (section_markup(section)) } }
                @if !still {
                    script type="application/json" id="figures" { (PreEscaped(figures)) }
                    script { (PreEscaped(plotly())) }
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        }
    };
    Ok(page.into_string())
}

/// JSON that no HTML parser can leave: every `<`, `>` and `&` is escaped.
fn inert(value: &Value) -> Result<String, ReportError> {
    let json = serde_json::to_string(value)?;
    Ok(json.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e"))
}

/// The script of plotly, without the typesetting of formulas that comes with it.
fn plotly() -> String {
    let sources = plotly::Plot::offline_js_sources();
    let script = sources.split("</script>").next().unwrap_or_default();
    script.split_once('>').map_or_else(String::new, |(_, script)| script.to_owned())
}

fn section_markup(section: &Section) -> Markup {
    html! {
        section id=(section.id) {
            h2 { (line(&section.title)) }
            @for block in &section.blocks { (block_markup(block)) }
        }
    }
}

fn block_markup(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Lead(sentences) => div.lead {
                @for (word, text) in sentences { p { b { (word) } " " (unbroken(text)) } }
            },
            Block::Text(text) => p { (unbroken(text)) },
            Block::Heading(heading) => h3 id=(heading.id) { (line(&heading.text)) },
            Block::Items(items) => ul.items { @for item in items { li { (unbroken(item)) } } },
            Block::Facts(facts) => dl {
                @for (name, cell) in facts { div { dt { (name) } dd class=[class(cell, false)] { (cell_markup(cell)) } } }
            },
            Block::List(items) => ul { @for item in items { li { (unbroken(item)) } } },
            Block::Table(table) => (table_markup(table)),
            Block::Figure(figure) => (figure_markup(figure)),
            Block::Code(code) => pre tabindex="0" { code { (code_lines(code)) } },
        }
    }
}

/// The text as one harmless line, with no break between a number and its percent sign.
fn unbroken(text: &str) -> String {
    line(text).replace(" %", "\u{a0}%")
}

fn figure_markup(figure: &Figure) -> Markup {
    html! {
        figure {
            div.scroll {
                div.plot id=(figure.id) style={ "height:" (figure.height) "px;min-width:" (figure.least_width) "px" } {
                    noscript { "This figure needs JavaScript; its numbers are in the tables." }
                }
            }
            figcaption { (unbroken(&figure.caption)) }
        }
    }
}

fn table_markup(table: &Table) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(line(&table.caption)) {
            table {
                caption { (unbroken(&table.caption)) }
                thead {
                    tr { @for column in &table.columns { th scope="col" class=[column.number.then_some("number")] { (line(&column.head)) } } }
                }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (i, (cell, column)) in row.iter().zip(&table.columns).enumerate() {
                                @let class = class(cell, column.number);
                                @if i == 0 { th scope="row" class=[class] { (cell_markup(cell)) } }
                                @else { td class=[class] { (cell_markup(cell)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn class(cell: &Cell, number: bool) -> Option<String> {
    let tone = cell.tone.map(|tone| match tone {
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Unsure => "unsure",
        Tone::Muted => "muted",
    });
    let classes: Vec<&str> = number.then_some("number").into_iter().chain(tone).collect();
    (!classes.is_empty()).then(|| classes.join(" "))
}

fn cell_markup(cell: &Cell) -> Markup {
    html! {
        @if cell.code { code { (line(&cell.text)) } }
        @else if let Some(anchor) = &cell.anchor { a href={ "#" (anchor) } { (unbroken(&cell.text)) } }
        @else { (unbroken(&cell.text)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_the_page_can_not_end_its_script() {
        let hostile = json!(["</script><script>alert(1)</script>", "<!--", "]]>", "&lt;"]);
        let text = inert(&hostile).expect("JSON");
        assert!(!text.contains(['<', '>', '&']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), hostile);
    }

    #[test]
    fn text_drives_no_terminal() {
        let blocks = vec![
            Block::Lead(vec![("A.", "\u{1b}[1m".to_owned())]),
            Block::List(vec!["\u{202e}".to_owned()]),
            Block::Code("\u{9b}\u{feff}".to_owned()),
            Block::Table(Table {
                caption: "\u{61c}".to_owned(),
                columns: vec![crate::report::document::text("\u{200b}")],
                rows: vec![vec!["\u{2066}".into()], vec![Cell::code("\u{7}")]],
            }),
        ];
        for block in &blocks {
            let text = block_markup(block).into_string();
            assert_eq!(text, crate::catalogue::harmless(&text));
            assert!(text.contains("\\u{"), "{text}");
        }
    }

    #[test]
    fn the_script_is_plotly_alone() {
        let script = plotly();
        assert!(script.contains("plotly.js v"));
        assert!(!script.contains("</script"));
        assert!(!script.contains("<!--"));
        assert!(script.len() > 1_000_000);
    }
}
