//! `coarsen plays describe`.

use std::path::PathBuf;
use std::process::ExitCode;

use coarsen::catalogue::PERCENTILES;
use coarsen::telemetry::plays::{Description, Percentiles, describe, read};

use crate::failure::Failure;
use crate::output::{self, percent, short};
use crate::progress::while_spinning;

#[derive(clap::Args)]
#[command(after_help = "Example: coarsen plays describe plays.parquet\n\n\
    Plays of servers that have switched playback off are left out; only their share is told.")]
pub struct Args {
    /// The plays, Parquet.
    file: PathBuf,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let plays = while_spinning("reading", || read(&args.file)).map_err(Failure::input)?;
    let description = describe(&plays);
    if args.json {
        output::json(&serde_json::json!({
            "schema": "coarsen.plays/1",
            "percentiles": PERCENTILES,
            "description": description,
        }))?;
    } else {
        output::text(&render(&description))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn share(share: Option<f64>) -> String {
    share.map_or("-".to_owned(), percent)
}

fn render(plays: &Description) -> String {
    let mut text = format!("{} plays of {} servers\n\n", plays.plays, plays.servers);
    let shares = [
        ("servers that opted out", plays.opted_out_servers),
        ("plays that stalled, of those that began", plays.stalled_plays),
        ("stalled time, of stalled and played time", plays.stalled_time),
        ("plays to the last ms", plays.completed),
    ];
    let rows: Vec<_> = shares.into_iter().map(|(name, of)| vec![name.to_owned(), share(of)]).collect();
    text += &output::table(&["", "share"], &rows);

    let mut header = vec![String::new()];
    header.extend(PERCENTILES.map(|percent| format!("{percent} %")));
    let row = |name: &str, percentiles: &Option<Percentiles>, cell: &dyn Fn(u32) -> String| {
        let cells = percentiles.map(|percentiles| percentiles.map(cell).to_vec());
        let cells = cells.unwrap_or_else(|| vec!["-".to_owned(); PERCENTILES.len()]);
        [vec![name.to_owned()], cells].concat()
    };
    let seconds = |ms: u32| format!("{:.2} s", f64::from(ms) / 1e3);
    let rows = vec![
        row("start-up", &plays.startup_ms, &seconds),
        row("stalled, where it stalled", &plays.stalled_ms, &seconds),
        row("transcode speed", &plays.transcode_speed_permille, &|speed| {
            format!("{:.2}", f64::from(speed) / 1e3)
        }),
        row("played", &plays.played_permille, &|permille| percent(f64::from(permille) / 1e3)),
    ];
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    text += &format!("\n{}", output::table(&header, &rows));

    let name = |name: &Option<String>| name.as_deref().map_or("-".to_owned(), short);
    let rows: Vec<_> = plays
        .cells
        .iter()
        .map(|cell| {
            let startup = cell.startup_ms.map_or("-".to_owned(), seconds);
            let place = format!("{}, {}", name(&cell.platform), name(&cell.delivery));
            vec![place, cell.plays.to_string(), share(cell.stalled_plays), share(cell.stalled_time), startup]
        })
        .collect();
    let header = ["platform, delivery", "plays", "stalled plays", "stalled time", "start-up, median"];
    text += &format!("\n{}", output::table(&header, &rows));

    for (name, counts) in [("event", &plays.events), ("error", &plays.errors)] {
        let rows: Vec<_> = counts.iter().map(|(name, count)| vec![short(name), count.to_string()]).collect();
        if !rows.is_empty() {
            text += &format!("\n{}", output::table(&[name, "plays"], &rows));
        }
    }
    let lacking = plays.missing.iter().filter(|missing| missing.plays > 0);
    let rows: Vec<_> =
        lacking.map(|missing| vec![missing.column.to_owned(), missing.plays.to_string()]).collect();
    if !rows.is_empty() {
        text += &format!("\n{}", output::table(&["missing in", "plays"], &rows));
    }
    text
}
