//! How the answer is shown: one folder per study, with a report to read and files to compute with.
//!
//! A study's [`Results`] become one document of sections, paragraphs, tables and
//! figures; that document is rendered as HTML and as Markdown, so that both say the same. The HTML loads nothing
//! from anywhere: its script lies in it, and a content policy forbids the rest.
//!
//! | file | what |
//! | --- | --- |
//! | `report.html` | the report with its figures, one file |
//! | `report.md` | the same text and tables |
//! | `results.json` | every figure |
//! | `sweep.parquet` | every candidate, one row each |
//! | `policy.toml` | the choice, where there is one |
//!
//! The complete list of what a policy lets leave is a page of its own: [`ledger_html`], [`ledger_markdown`].

mod document;
mod error;
mod figures;
mod html;
mod junit;
mod ledger;
mod markdown;
mod numbers;
mod parts;
mod sections;
mod sweep;
mod words;
mod write;

pub use error::ReportError;
pub use junit::junit;
pub use ledger::{ledger_html, ledger_markdown};
pub use parts::{Manifest, Parts};
pub use sweep::{sweep_csv, sweep_parquet, write_sweep};
pub use write::{WRITTEN, write_study};

use crate::study::Results;

/// The answer in a few sentences: the choice, what it hides, where it fails, what no rounding stops. Empty without any shape. Names of the
/// inputs in it are made [`harmless`](crate::catalogue::harmless).
pub fn answer(results: &Results) -> Vec<String> {
    sections::answer(results)
        .into_iter()
        .map(|(word, sentence)| format!("{word} {}", document::line(&sentence)))
        .collect()
}

/// The report of a study as one HTML page that loads nothing. `command` is the command that repeats the study.
///
/// # Errors
/// [`ReportError`] where a figure or the configuration can't be written.
pub fn html(results: &Results, command: &str) -> Result<String, ReportError> {
    html::render(&sections::document(results, command)?)
}

/// The report of a study in Markdown, without the figures. `command` is the command that repeats the study.
///
/// # Errors
/// [`ReportError`] where the configuration can't be written.
pub fn markdown(results: &Results, command: &str) -> Result<String, ReportError> {
    Ok(markdown::render(&sections::document(results, command)?))
}
