//! `coarsen measure`.

mod elsewhere;
mod text;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use coarsen::anonymity::{Distortion, Genre, Measures, Thresholds, genre};
use coarsen::catalogue::ingest::Table;
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::search::{Evaluation, evaluate};
use serde::Serialize;

use self::elsewhere::Elsewhere;
use crate::args::{Columns, Leaving, What};
use crate::failure::Failure;
use crate::output;
use crate::progress::while_spinning;

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  coarsen measure --catalogue mixed.parquet --duration floor:5min --bitrate log:1\n  \
    coarsen measure --catalogue mixed.parquet --policy study/policy.toml --json\n  \
    coarsen measure --classes classes.parquet\n  \
    coarsen measure --engine spark --master spark://host:7077 --catalogue hdfs://host/files --policy policy.toml"
)]
pub struct Args {
    /// The catalogue, Parquet or CSV; with --engine one or several Parquet files, folders of them, or their addresses.
    #[arg(long, value_name = "FILE", required_unless_present = "classes", num_args = 1..)]
    catalogue: Vec<String>,
    #[command(flatten)]
    columns: Columns,
    #[command(flatten)]
    what: What,
    #[command(flatten)]
    elsewhere: Elsewhere,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    catalogue: Source<'a>,
    #[serde(flatten)]
    one: Option<One>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pings: Vec<One>,
}

#[derive(Serialize)]
struct Source<'a> {
    /// Of the catalogue; of the class table where that is what was read, `None` where an engine made it.
    sha256: Option<&'a str>,
    files: u64,
    titles: u32,
}

#[derive(Serialize)]
struct One {
    #[serde(skip_serializing_if = "Option::is_none")]
    ping: Option<String>,
    generalization: Written,
    /// Emitted fields that the catalogue lacks: it can't judge them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marginal: Vec<String>,
    #[serde(flatten)]
    measures: Measures,
    /// `null` where it isn't known.
    #[serde(skip_serializing_if = "Option::is_none")]
    genre: Option<Option<Genre>>,
    distortion: Distortion,
    /// Whether the classes came as a table, which tells nothing by kind or genre.
    #[serde(skip)]
    from_table: bool,
}

/// A generalization as JSON shows it.
#[derive(Serialize)]
pub struct Written {
    duration: String,
    bitrate: String,
    by: Vec<String>,
    /// Boxes of joint buckets that leave as `other`.
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<usize>,
    /// How the side fields that aren't kept as they are are told.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    groups: BTreeMap<String, String>,
}

impl Written {
    pub fn of(generalization: &Generalization) -> Self {
        Self {
            duration: generalization.duration.to_string(),
            bitrate: generalization.bitrate.to_string(),
            by: generalization.by.iter().map(|field| field.name().to_owned()).collect(),
            other: Some(generalization.other.len()).filter(|boxes| *boxes > 0),
            groups: BTreeMap::new(),
        }
    }
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    if args.elsewhere.is_asked() {
        return args.elsewhere.run(&args.catalogue, &args.what, args.json);
    }
    let [path] = &args.catalogue[..] else {
        return Err(Failure::Input(
            "several catalogues are one only with --engine spark: give one".to_owned(),
        ));
    };
    let Table { catalogue, sha256 } = args.columns.read(Path::new(path))?;
    let leaving = args.what.leaving(&catalogue)?;
    let pings: Vec<One> = while_spinning("measuring", || {
        let cells = Cells::new(&catalogue);
        leaving.iter().map(|leaving| leaving.with_cells(&cells, |told| one(told, leaving))).collect()
    });
    let (files, titles) = (catalogue.files() as u64, catalogue.titles());
    print(args.json, Source { sha256: Some(&sha256), files, titles }, pings)
}

fn print(json: bool, catalogue: Source<'_>, mut pings: Vec<One>) -> Result<ExitCode, Failure> {
    if !json {
        let text: Vec<String> = pings.iter().map(text::render).collect();
        output::text(&text.join("\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let single = if pings.len() == 1 { pings.pop() } else { None };
    output::json(&Report { schema: "coarsen.measure/1", catalogue, one: single, pings })?;
    Ok(ExitCode::SUCCESS)
}

fn one(cells: &Cells<'_>, leaving: &Leaving<'_>) -> One {
    let generalization = &leaving.generalization;
    let Evaluation { measures, .. } = evaluate(cells, generalization, Thresholds::default(), &[0.001, 0.01]);
    let distortion = Distortion::against(cells, generalization, leaving.standing);
    let has_genre = cells.catalogue().side(coarsen::catalogue::SideField::Genre).is_some();
    let genre = has_genre.then(|| genre(&Classes::group(cells, generalization.key()))).flatten();
    One {
        ping: leaving.ping.clone(),
        generalization: Written { groups: leaving.groups(), ..Written::of(generalization) },
        marginal: generalization.missing_in(cells.catalogue()).into_iter().map(str::to_owned).collect(),
        measures,
        genre: genre.map(Some),
        distortion,
        from_table: false,
    }
}
