//! What a report says, section by section.

mod answer;
mod attackers;
mod before_after;
mod each_attacker;
mod judges;
mod measures;
mod neighbors;
mod otherwise;
mod provenance;
mod questions;
mod reading;
mod search;
mod shapes;
mod verdict;

pub(super) use answer::sentences as answer;

use super::document::{Block, Cell, Document, Section};
use super::error::ReportError;
use super::numbers::{counted, percent_within};
use crate::attack::known_library::{KnownLibrary, SIZES};
use crate::search::{Judged, Sample};
use crate::study::{Input, Ping, Results, ShapeResult};

/// The report of a study.
pub(super) fn document(results: &Results, command: &str) -> Result<Document, ReportError> {
    let section = |id: &'static str, title: &'static str, blocks: Vec<Block>| Section {
        id: id.into(),
        title: title.into(),
        blocks,
    };
    let mut sections = vec![
        section("answer", "The answer", answer::blocks(results)),
        section("verdict", "Who still wins", verdict::blocks(results)),
        section("reading", "How to read this", reading::how(results)),
        section("shapes", "The shapes side by side", shapes::blocks(results)),
        section("questions", "What the engineers still learn", questions::blocks(results)),
        section("before-after", "Before and after", before_after::blocks(results)),
        section("heat", "Titles in a class, rounding by rounding", search::heat_blocks(results)),
        section("frontier", "Risk against loss", search::frontier_blocks(results)),
        section("sizes", "How large the classes are", measures::size_blocks(results)),
        section("neighbors", "Why not one step finer", neighbors::blocks(results)),
        section("judges", "On catalogues it was not chosen on", judges::blocks(results)),
        section("attackers", "Linkage that really ran, on every catalogue", attackers::blocks(results)),
        section("on-files", "Attackers on real catalogues", verdict::on_files(results)),
        section("measures", "Genre and further measures", measures::blocks(results)),
        section("limits", "What this cannot show", reading::limits()),
        section("provenance", "How to repeat it", provenance::blocks(results, command)?),
    ];
    let further = sections.iter().position(|section| section.id == "attackers").unwrap_or(sections.len());
    sections.splice(further..further, each_attacker::sections(results));
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

/// The same with its interval, for a table.
fn library_cells(known: &[KnownLibrary]) -> Vec<Cell> {
    let cell = |library: Option<KnownLibrary>| {
        library.map_or_else(Cell::none, |l| percent_within(l.title_uniform, [l.low, l.high]).into())
    };
    in_libraries(known).map(cell).into()
}

/// A row for every ping of every shape, the names of both first.
fn each_ping(results: &Results, cells: impl Fn(&Ping) -> Vec<Cell>) -> Vec<Vec<Cell>> {
    let pings = results.shapes.iter().flat_map(|shape| shape.pings.iter().map(move |ping| (shape, ping)));
    let row = |(shape, ping): (&ShapeResult, &Ping)| {
        let mut row: Vec<Cell> = vec![shape.shape.into(), ping.ping.name.into()];
        row.extend(cells(ping));
        row
    };
    pings.map(row).collect()
}

/// How a judge stands to the choosing catalogue; one that holds the same bytes is no judge that hasn't seen it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    Never,
    NeverAndReal,
    Part,
    Itself,
}

fn seen(results: &Results, judge: &Judged) -> Seen {
    let inputs = &results.provenance.inputs;
    let hash = |input: &Input| input.sha256.clone();
    let own = inputs.iter().find(|input| input.name == judge.judge).and_then(hash);
    match judge.sample {
        _ if own.is_some() && own == inputs.first().and_then(hash) => Seen::Itself,
        Sample::Unseen => Seen::Never,
        Sample::Real => Seen::NeverAndReal,
        Sample::Part => Seen::Part,
    }
}
