//! `coarsen catalogue synth|import|describe`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use coarsen::catalogue::ingest::{Format, write};
use coarsen::catalogue::{Catalogue, Description, KindDescription, PERCENTILES, describe, real};
use coarsen::study::{Source, load};
use coarsen::units::Dimension;

use crate::args::Columns;
use crate::failure::Failure;
use crate::output::{self, percent};
use crate::places::Output;
use crate::progress::while_spinning;

#[derive(Subcommand)]
pub enum Verb {
    /// Make a synthetic catalogue.
    Synth(Synth),
    /// Import a real catalogue.
    Import(Import),
    /// Rows, ranges, heaps and uniqueness before rounding, beside the real catalogue of each kind.
    Describe(Describe),
}

#[derive(Args)]
#[command(
    after_help = "Example: coarsen catalogue synth --recipe mixed --titles 10000 --seed 1 -o mixed.parquet"
)]
pub struct Synth {
    /// A recipe that ships with the program (mixed, video, music), or a TOML file.
    #[arg(long, value_name = "NAME|FILE", default_value = "mixed")]
    recipe: String,
    /// Titles to make; some have several files.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    titles: u32,
    /// The seed.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Parquet or CSV, by its ending.
    #[arg(short, long, value_name = "FILE")]
    output: Output,
}

#[derive(Clone, Copy, ValueEnum)]
enum From {
    /// Parquet or CSV with one row per file.
    Table,
}

#[derive(Args)]
#[command(
    after_help = "Example: coarsen catalogue import --from table library.csv --map length_s=duration_ms:s \
    --map kbps=bitrate_bps:kbps --ignore notes --kind movie -o library.parquet"
)]
pub struct Import {
    /// The kind of input.
    #[arg(long, value_enum, default_value = "table")]
    from: From,
    /// The input.
    input: PathBuf,
    #[command(flatten)]
    columns: Columns,
    /// Parquet or CSV, by its ending.
    #[arg(short, long, value_name = "FILE")]
    output: Output,
}

#[derive(Args)]
#[command(after_help = "Example: coarsen catalogue describe mixed.parquet")]
pub struct Describe {
    /// The catalogue, Parquet or CSV.
    file: PathBuf,
    #[command(flatten)]
    columns: Columns,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// The seed of the draws that make both sides equally large.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

pub fn run(verb: &Verb) -> Result<ExitCode, Failure> {
    match verb {
        Verb::Synth(args) => {
            let source =
                Source { recipe: Some(args.recipe.clone()), titles: Some(args.titles), ..Source::default() };
            Format::of(&args.output).map_err(Failure::input)?;
            output::check_place(&args.output)?;
            let made = while_spinning("making", || load(&source, args.seed)).map_err(Failure::input)?;
            save(&args.output, &made.catalogue)?;
        }
        Verb::Import(args) => {
            let From::Table = args.from;
            Format::of(&args.output).map_err(Failure::input)?;
            output::check_place(&args.output)?;
            save(&args.output, &args.columns.read(&args.input)?.catalogue)?;
        }
        Verb::Describe(args) => {
            let table = args.columns.read(&args.file)?;
            let real = real::all().map_err(Failure::input)?;
            let description = describe(&table.catalogue, &real, args.seed).map_err(Failure::input)?;
            if args.json {
                output::json(&serde_json::json!({
                    "schema": "coarsen.describe/1",
                    "sha256": table.sha256,
                    "description": description,
                }))?;
            } else {
                output::text(&render(&description))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn save(path: &Path, catalogue: &Catalogue) -> Result<(), Failure> {
    write(path, catalogue).map_err(Failure::input)?;
    let (files, titles) = (catalogue.files(), catalogue.titles());
    output::note(&format!("{}: {files} files of {titles} titles", path.display()));
    Ok(())
}

fn render(description: &Description) -> String {
    let mut text = format!("{} files of {} titles\n", description.files, description.titles);
    for here in &description.kinds {
        let sides: Vec<&KindDescription> = std::iter::once(here).chain(here.real.as_deref()).collect();
        text.push_str(&format!("\n{}", output::short(&here.kind)));
        match here.distance_to_real {
            Some(distance) => text.push_str(&format!(
                ": durations differ from the real ones by {} at most (Kolmogorov-Smirnov)\n",
                percent(distance)
            )),
            None => text.push_str(": no real catalogue of this kind to compare with\n"),
        }
        let mut header = vec![""];
        header.extend(sides.iter().map(|side| side.of.as_str()));
        let row = |name: String, cell: &dyn Fn(&KindDescription) -> String| {
            std::iter::once(name).chain(sides.iter().map(|side| cell(side))).collect::<Vec<_>>()
        };
        let mut rows = vec![
            row("files".to_owned(), &|side| side.files.to_string()),
            row("titles".to_owned(), &|side| side.titles.to_string()),
        ];
        for (i, p) in PERCENTILES.into_iter().enumerate() {
            rows.push(row(format!("duration, {p} % at most"), &|side| minutes(side.duration_ms[i])));
        }
        for (i, p) in PERCENTILES.into_iter().enumerate() {
            if sides.iter().any(|side| side.bitrate_bps.is_some()) {
                rows.push(row(format!("bit rate, {p} % at most"), &|side| {
                    side.bitrate_bps
                        .as_ref()
                        .map_or("-".to_owned(), |rates| format!("{} kbps", rates[i] / 1_000))
                }));
            }
        }
        for i in 0..here.heaps.len() {
            let step = Dimension::Duration.human(u64::from(here.heaps[i].multiple_of_ms));
            rows.push(row(format!("durations at multiples of {step}"), &|side| percent(side.heaps[i].share)));
        }
        rows.push(row("compared, files".to_owned(), &|side| side.compared.to_string()));
        for i in 0..here.uniqueness.len() {
            let width = Dimension::Duration.human(u64::from(here.uniqueness[i].width_ms));
            let share = |share: Option<f64>| share.map_or("not judged".to_owned(), percent);
            rows.push(row(format!("alone at {width}"), &|side| share(side.uniqueness[i].unique_share)));
            rows.push(row(format!("named right at {width}"), &|side| share(side.uniqueness[i].mean_risk)));
        }
        text.push_str(&output::table(&header, &rows));
    }
    text
}

fn minutes(ms: u32) -> String {
    let seconds = ms / 1_000;
    format!("{}:{:02} min", seconds / 60, seconds % 60)
}
