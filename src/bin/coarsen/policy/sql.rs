//! `coarsen policy sql`.

use std::path::PathBuf;
use std::process::ExitCode;

use coarsen::classes::class_sql;
use coarsen::policy::sql::{Ask, Dialect, select};

use crate::args::read_policy;
use crate::as_of::AsOf;
use crate::beside::Beside;
use crate::failure::Failure;
use crate::output;

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  coarsen policy sql policy.toml --dialect duckdb --table plays --ping length --columns interval,label\n  \
    coarsen policy sql policy.toml --dialect spark --table lake.catalogue --ping length --classes --lacks series_id"
)]
pub struct Args {
    /// The policy.
    policy: PathBuf,
    /// duckdb, spark, postgres or clickhouse.
    #[arg(long, value_name = "DIALECT")]
    dialect: String,
    /// The table; dots part catalogue, schema and table.
    #[arg(long, value_name = "TABLE")]
    table: String,
    /// The ping: a SELECT yields one. Needed where the policy has several.
    #[arg(long)]
    ping: Option<String>,
    #[command(flatten)]
    beside: Beside,
    /// The GROUP BY over a catalogue that yields the ping's class table, for `coarsen measure --classes`.
    #[arg(long, conflicts_with_all = ["columns", "as_of"])]
    classes: bool,
    /// With --classes: the optional columns that the catalogue lacks, by comma (series_id, bitrate_bps, popularity,
    /// resolution, ...).
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', requires = "classes")]
    lacks: Vec<String>,
    #[command(flatten)]
    as_of: AsOf,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let dialect: Dialect = args.dialect.parse().map_err(Failure::input)?;
    let policy = read_policy(&args.policy)?;
    // Of a class table no day is asked: it tells of what the policy can let leave.
    let ask = Ask {
        dialect,
        table: args.table.clone(),
        ping: args.ping.clone(),
        columns: args.beside.columns(),
        as_of: args.as_of.day()?,
    };
    let text = if args.classes {
        let ping = ask.ping_of(&policy).map_err(Failure::input)?;
        class_sql(&policy, ping, dialect, &args.table, &args.lacks).map_err(Failure::input)?
    } else {
        select(&policy, &ask).map_err(Failure::input)?
    };
    output::text(&text)?;
    Ok(ExitCode::SUCCESS)
}
