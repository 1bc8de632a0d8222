//! What goes to standard output: results, and nothing else.

use std::io::Write;
use std::path::Path;

use coarsen::catalogue::harmless;
use coarsen::catalogue::ingest::write_whole;
use coarsen::classes::Generalization;
use coarsen::rounding::Family;
use coarsen::units::Dimension;
use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use crate::failure::Failure;
use crate::places::Output;

/// Prints text as it is.
pub fn text(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::output)
}

/// Prints a value as JSON.
pub fn json(value: &impl Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string_pretty(value).map_err(Failure::input)?;
    text(&(json + "\n"))
}

/// Tells the user something that is no result. Nothing is lost where standard error went away.
pub fn note(text: &str) {
    let lines: Vec<String> = text.split('\n').map(harmless).collect();
    _ = writeln!(std::io::stderr(), "{}", lines.join("\n"));
}

/// Whether a file can come to stand there, as far as that is known before the work.
pub fn check_place(path: &Path) -> Result<(), Failure> {
    let fail = |at: &Path, problem| Err(Failure::Input(format!("{}: {problem}", at.display())));
    let folder = folder_of(path);
    if !folder.exists() {
        return fail(folder, "there is no such folder; make it first, or write elsewhere");
    }
    if !folder.is_dir() {
        return fail(folder, "this is no folder; write elsewhere");
    }
    if path.is_dir() {
        return fail(path, "a folder stands where the file belongs; move it away, or write elsewhere");
    }
    Ok(())
}

/// Whether a folder of results can come to stand there, as far as that is known before the work.
pub fn check_folder(path: &Path) -> Result<(), Failure> {
    if path.exists() && !path.is_dir() {
        let problem =
            "a file stands where the folder belongs; move it away, or end the name in .parquet or .csv";
        return Err(Failure::Input(format!("{}: {problem}", path.display())));
    }
    if path.is_dir() { Ok(()) } else { check_place(path) }
}

/// Writes a file beside its place and renames it into it.
pub fn file(path: &Output, text: &str) -> Result<(), Failure> {
    write_whole(path, text.as_bytes()).map_err(|error| Failure::Input(format!("{}: {error}", path.display())))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// A plain table: the first column to the left, the others to the right. A hostile name can neither drive the
/// terminal nor fill it.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    aligned(header, rows, CellAlignment::Right)
}

/// The same, of words alone: every column to the left.
pub fn table_left(header: &[&str], rows: &[Vec<String>]) -> String {
    aligned(header, rows, CellAlignment::Left)
}

fn aligned(header: &[&str], rows: &[Vec<String>], others: CellAlignment) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(header.iter().map(|cell| short(cell)));
    for row in rows {
        table.add_row(row.iter().map(|cell| short(cell)));
    }
    for (i, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        column.set_cell_alignment(if i == 0 { CellAlignment::Left } else { others });
    }
    table.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
}

/// Text that may come from an input, for one line of a terminal.
pub fn short(text: &str) -> String {
    const MOST: usize = 300;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => harmless(&text[..end]) + "...",
        None => harmless(text),
    }
}

/// A share as a percentage with sensible digits.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        _ if percent == 0.0 => "0 %".to_owned(),
        _ if percent < 0.01 => "<0.01 %".to_owned(),
        _ if percent < 10.0 => format!("{percent:.2} %"),
        _ => format!("{percent:.1} %"),
    }
}

/// What leaves, for one cell of a table: of many edges the first, the last and how many there are.
pub fn brief(generalization: &Generalization) -> String {
    let mut text = generalization.to_string();
    for rounding in [&generalization.duration, &generalization.bitrate] {
        let Family::Edges(cuts) = rounding.family() else { continue };
        if let [first, .., last] = cuts.edges()
            && cuts.edges().len() > 6
        {
            let name = |edge: u64| rounding.dimension().compact(edge);
            let short = format!("{} edges {} to {}", cuts.edges().len(), name(*first), name(*last));
            text = text.replace(&rounding.to_string(), &short);
        }
    }
    text
}

/// A mean error in base units, in a unit of its size.
pub fn error(value: f64, dimension: Dimension) -> String {
    match dimension {
        Dimension::Bitrate => format!("{:.0} kbps", value / 1e3),
        Dimension::Duration => format!("{:.1} s", value / 1e3),
        Dimension::Integer => format!("{value:.1}"),
    }
}
