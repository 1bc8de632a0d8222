//! `coarsen policy sql`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::ValueEnum;
use coarsen::classes::class_sql;
use coarsen::policy::Day;
use coarsen::policy::sql::{Ask, Dialect, select};

use crate::args::read_policy;
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
    /// What leaves beside the number that stands for a bucket: its edges, its text, or both.
    #[arg(long, value_delimiter = ',', conflicts_with = "classes")]
    columns: Vec<Columns>,
    /// The GROUP BY over a catalogue that yields the ping's class table, for `coarsen measure --classes`.
    #[arg(long)]
    classes: bool,
    /// With --classes: the optional columns that the catalogue lacks, by comma (series_id, bitrate_bps, popularity,
    /// resolution, ...).
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', requires = "classes")]
    lacks: Vec<String>,
    /// The day, for fields that expire; today where absent.
    #[arg(long, value_name = "DAY", conflicts_with = "classes")]
    as_of: Option<Day>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Columns {
    Interval,
    Label,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let dialect: Dialect = args.dialect.parse().map_err(Failure::input)?;
    let policy = read_policy(&args.policy)?;
    // Of a class table no day is asked: it tells of what the policy can let leave.
    let ask = Ask {
        dialect,
        table: args.table.clone(),
        ping: args.ping.clone(),
        interval: args.columns.contains(&Columns::Interval),
        label: args.columns.contains(&Columns::Label),
        as_of: args.as_of.map_or_else(today, Ok)?,
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

/// Today in UTC: the core has no clock.
fn today() -> Result<Day, Failure> {
    let unset = || Failure::Input("the clock is unset: say the day with --as-of YYYY-MM-DD".to_owned());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| unset())?;
    // Days since 1970-01-01 as a date of the Gregorian calendar, year by year and month by month.
    let mut days = now.as_secs() / 86_400;
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", days + 1).parse().map_err(|_| unset())
}
