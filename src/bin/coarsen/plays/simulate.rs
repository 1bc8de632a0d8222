//! `coarsen plays simulate`.

use std::process::ExitCode;

use coarsen::telemetry::plays::{Settings, format_of, simulate, write};

use crate::args::CatalogueFile;
use crate::failure::Failure;
use crate::output;
use crate::places::Output;
use crate::progress::while_spinning;

#[derive(clap::Args)]
#[command(
    after_help = "Example: coarsen plays simulate --catalogue mixed.parquet --servers 1000 --plays 100000 --seed 1 \
    -o plays.parquet"
)]
pub struct Args {
    #[command(flatten)]
    catalogue: CatalogueFile,
    /// Servers, each with a library of its own.
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    servers: u32,
    /// Plays of all servers together.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    plays: u64,
    /// The seed.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The share of servers that have switched everything off (0.2).
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    opt_out: f64,
    /// The share of plays whose viewer wants to see the end.
    #[arg(long, value_name = "SHARE", default_value_t = 0.5)]
    completion: f64,
    /// Parquet, CSV or JSON lines, by its ending.
    #[arg(short, long, value_name = "FILE")]
    output: Output,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    format_of(&args.output).map_err(Failure::input)?;
    output::check_place(&args.output)?;
    let catalogue = args.catalogue.read()?.catalogue;
    let settings = Settings {
        opt_out: args.opt_out,
        completion: args.completion,
        ..Settings::new(args.servers, args.plays, args.seed)
    };
    let plays = while_spinning("playing", || simulate(&catalogue, &settings)).map_err(Failure::input)?;
    while_spinning("writing", || write(&args.output, &plays)).map_err(Failure::input)?;
    output::note(&format!("{}: {} plays of {} servers", args.output.display(), plays.len(), args.servers));
    Ok(ExitCode::SUCCESS)
}
