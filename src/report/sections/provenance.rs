//! How to get the same results again.

use super::super::document::{Block, Cell, Table, number, text};
use super::super::error::ReportError;
use super::super::numbers::{count, percent_exact};
use crate::study::Results;

pub(super) fn blocks(results: &Results, command: &str) -> Result<Vec<Block>, ReportError> {
    let provenance = &results.provenance;
    let fact = |name: &str, value: String| -> Vec<Cell> { vec![name.into(), value.into()] };
    let inputs = provenance.inputs.iter().map(|input| {
        vec![
            input.name.as_str().into(),
            input.origin.as_str().into(),
            count(input.files as u64).into(),
            count(input.titles).into(),
            input.sha256.as_deref().map_or_else(Cell::none, Cell::code),
        ]
    });
    Ok(vec![
        Block::Text("The same command, version and inputs give the same files, byte for byte:".to_owned()),
        Block::Code(command.to_owned()),
        Block::Table(Table {
            caption: format!(
                "The run. {} Where none holds, the nearest is the nearest of those that were evaluated.",
                match results.diagnostics {
                    None => {
                        "A candidate that holds the limits is found exactly: those that were not evaluated break a \
                         limit for certain or lose no less."
                    }
                    Some(_) => {
                        "Of a ping with one number all candidates were evaluated but those that break a limit for \
                         certain, and the finest that hold were asked what plays tell; of a ping with both, those \
                         that were not evaluated break a limit for certain or lose no less."
                    }
                }
            ),
            columns: vec![text("What"), text("Value")],
            rows: vec![
                fact("Version", format!("coarsen {}", provenance.version)),
                fact("Seed", provenance.config.seed.to_string()),
                fact("Candidates of all pings together", count(provenance.candidates)),
                fact("Of these evaluated", count(provenance.evaluated)),
                fact("False-alarm rate of all attackers together", percent_exact(provenance.false_alarm)),
                fact("Results", results.schema.to_owned()),
            ],
        }),
        Block::Table(Table {
            caption: "The catalogues, the choosing one first.".to_owned(),
            columns: vec![
                text("Catalogue"),
                text("Origin"),
                number("Files"),
                number("Titles"),
                text("SHA-256"),
            ],
            rows: inputs.collect(),
        }),
        Block::Text("The configuration:".to_owned()),
        Block::Code(toml::to_string(&provenance.config)?),
    ])
}
