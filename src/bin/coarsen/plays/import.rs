//! `coarsen plays import`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use coarsen::telemetry::plays::import::{Mapping, Options, Source, Summary, import};

use crate::failure::Failure;
use crate::output;
use crate::places::Output;
use crate::progress::while_spinning;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum From {
    /// The export of Jellyfin's Playback Reporting, nine columns separated by tabs.
    JellyfinReporting,
    /// Tautulli's database, tautulli.db.
    Tautulli,
    /// Parquet, CSV or JSON lines by its ending, with one row per play.
    Table,
}

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  coarsen plays import --from jellyfin-reporting PlaybackReporting.tsv -o plays.parquet\n  \
    coarsen plays import --from tautulli tautulli.db --refused bad.csv -o plays.parquet\n  \
    coarsen plays import --from table log.csv --map watched_s=played_ms:s --map kbps=bitrate_bps:kbps --ignore user \
    -o plays.parquet\n\n\
    Of Jellyfin and Tautulli only numbers and words that this program knows get into a play. Of a table what is mapped \
    is kept as it is."
)]
pub struct Args {
    /// The kind of history.
    #[arg(long, value_enum)]
    from: From,
    /// The history; it is only read.
    input: PathBuf,
    /// The name of the server for every play; 1 where absent, of a table the column `server`.
    #[arg(long, value_name = "NAME")]
    server: Option<String>,
    /// Of a table: a column of another name, with its unit where it differs (--map watched_s=played_ms:s); repeatable.
    /// Fractions of a ms or bit/s are rounded to the nearest.
    #[arg(long, value_name = "THEIRS=OURS[:UNIT]")]
    map: Vec<String>,
    /// Of a table: a column to leave out; repeatable.
    #[arg(long, value_name = "THEIRS")]
    ignore: Vec<String>,
    /// Go on after a row that is no play, and list it there (file,row,column,reason; never the value).
    #[arg(long, value_name = "FILE.csv")]
    refused: Option<Output>,
    /// Where the plays go: .parquet, .csv, .jsonl or .ndjson.
    #[arg(short, long, value_name = "FILE")]
    output: Output,
    /// The summary as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let source = match args.from {
        From::Table => Source::Table(Mapping::parse(&args.map, &args.ignore).map_err(Failure::input)?),
        _ if !args.map.is_empty() || !args.ignore.is_empty() => {
            let mend = "leave them out, or import --from table";
            return Err(Failure::Input(format!("--map and --ignore name columns of a table: {mend}")));
        }
        From::JellyfinReporting => Source::JellyfinReporting,
        From::Tautulli => Source::Tautulli,
    };
    output::check_place(&args.output)?;
    args.refused.as_ref().map_or(Ok(()), |place| output::check_place(place))?;
    let options =
        Options { server: args.server.clone(), refused: args.refused.as_deref().map(Path::to_owned) };
    let done = while_spinning("importing", || import(&source, &args.input, &args.output, &options));
    let summary = done.map_err(Failure::input)?;
    if args.json {
        output::json(&summary)?
    } else {
        output::text(&render(&summary))?
    }
    Ok(ExitCode::SUCCESS)
}

fn render(summary: &Summary) -> String {
    let counts = [("in", summary.rows_in), ("out", summary.out), ("refused", summary.refused)];
    let rows = counts.map(|(name, count)| vec![name.to_owned(), count.to_string()]);
    let mut text = output::table(&["", "rows"], &rows);
    if !summary.unknown.is_empty() {
        let unknown: Vec<String> =
            summary.unknown.iter().map(|(column, plays)| format!("{column} in {plays}")).collect();
        text.push_str(&format!("words that nobody here knows, so missing: {}\n", unknown.join(", ")));
    }
    text
}
