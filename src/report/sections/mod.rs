//! What a report says, section by section.

mod answer;
mod attackers;
mod before_after;
mod judges;
mod measures;
mod neighbors;
mod provenance;
mod reading;
mod search;
mod shapes;

pub(super) use answer::sentences as answer;

use super::document::{Block, Document, Section};
use super::error::ReportError;
use super::numbers::counted;
use crate::attack::known_library::{KnownLibrary, SIZES};
use crate::study::{Results, ShapeResult};

/// The report of a study.
pub(super) fn document(results: &Results, command: &str) -> Result<Document, ReportError> {
    let section = |id, title, blocks: Vec<Block>| Section { id, title, blocks };
    let mut sections = vec![
        section("answer", "The answer", answer::blocks(results)),
        section("reading", "How to read this", reading::how(results)),
        section("shapes", "The shapes side by side", shapes::blocks(results)),
        section("before-after", "Before and after", before_after::blocks(results)),
        section("heat", "Titles in a class, rounding by rounding", search::heat_blocks(results)),
        section("frontier", "Risk against loss", search::frontier_blocks(results)),
        section("sizes", "How large the classes are", measures::size_blocks(results)),
        section("neighbors", "Why not one step finer", neighbors::blocks(results)),
        section("judges", "On catalogues it was not chosen on", judges::blocks(results)),
        section("attackers", "Attackers that ran", attackers::blocks(results)),
        section("measures", "Genre and further measures", measures::blocks(results)),
        section("limits", "What this cannot show", reading::limits()),
        section("provenance", "How to repeat it", provenance::blocks(results, command)?),
    ];
    sections.retain(|section| !section.blocks.is_empty());
    let main = results.provenance.inputs.first();
    let subtitle = main.map_or(String::new(), |main| {
        let (files, titles) = (counted(main.files as u64, "file"), counted(main.titles, "title"));
        format!("Chosen on {}: {files} of {titles}. Policy: {}.", main.name, results.provenance.config.name)
    });
    Ok(Document { title: "Rounding media plays: how identifiable they stay".to_owned(), subtitle, sections })
}

/// The shape that the figures are of.
fn shown(results: &Results) -> Option<&ShapeResult> {
    results.shapes.iter().find(|shape| shape.shape == results.shown)
}

/// The name of the choosing catalogue.
fn main_name(results: &Results) -> &str {
    results.provenance.inputs.first().map_or("the catalogue", |main| &main.name)
}

/// The rate in a library of each size, `None` where no such library could be drawn.
fn in_libraries(known: &[KnownLibrary]) -> [Option<KnownLibrary>; SIZES.len()] {
    SIZES.map(|titles| known.iter().find(|library| library.titles == titles).copied())
}
