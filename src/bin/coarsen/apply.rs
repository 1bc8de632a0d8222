//! `coarsen apply`.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use coarsen::policy::{Day, Link, Policy};
use coarsen::telemetry::apply::{ApplyError, Options, Place, Servers, Summary, apply};

use crate::args::read_policy;
use crate::as_of::AsOf;
use crate::beside::Beside;
use crate::failure::Failure;
use crate::output::{self, short};
use crate::places::Output;
use crate::progress::while_spinning;

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  coarsen apply --policy policy.toml plays.parquet -o 'out-{ping}.parquet'\n  \
    coarsen apply --policy policy.toml --columns interval,label --refused bad.csv a.jsonl b.csv -o out.csv\n  \
    zcat plays.jsonl.gz | coarsen apply --policy policy.toml --consent playback - -o -\n\n\
    A play's consent is its columns `consent_SWITCH` (in JSON `\"consent\": {\"SWITCH\": true}`), its server's line in \
    --servers, or --consent: on where one of them says on and none says off. A play without is not looked at further."
)]
pub struct Args {
    /// The policy.
    #[arg(long, value_name = "POLICY.toml")]
    policy: PathBuf,
    /// Plays: .parquet, .csv, .jsonl or .ndjson; - is standard input, JSON lines.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Where they go, in any of these formats; - is standard output, JSON lines. Of several pings the name holds {ping}.
    #[arg(short, long, value_name = "OUTPUT")]
    output: Output,
    /// The bucket of a rounded number, besides the number that stands for it: its edges (NAME_from, NAME_to), or in
    #[command(flatten)]
    beside: Beside,
    /// Switches that are on for every play of the input, by comma.
    #[arg(long, value_name = "SWITCHES", value_delimiter = ',')]
    consent: Vec<String>,
    /// What each server has switched on or off: a CSV with the columns server and consent_SWITCH (true, false, empty).
    #[arg(long, value_name = "FILE.csv")]
    servers: Option<PathBuf>,
    #[command(flatten)]
    as_of: AsOf,
    /// Refuse columns that the policy doesn't know, and inputs that lack one that it reads.
    #[arg(long)]
    strict: bool,
    /// Go on after a bad row, and list it there (file,row,column,reason; never the value).
    #[arg(long, value_name = "FILE.csv")]
    refused: Option<Output>,
    /// Make the order and the identifiers repeatable; for tests, since whoever knows the seed can undo both.
    #[arg(long)]
    seed: Option<u64>,
    /// Say nothing that depends on opted-out plays: neither how many there were nor how many plays were read.
    #[arg(long)]
    no_opted_out_count: bool,
    /// The summary as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let output = Place::named(&args.output);
    if args.json && output == Place::Standard {
        let mend = "write the plays to a file, or leave out --json";
        return Err(Failure::Input(format!("--json and -o - both want standard output: {mend}")));
    }
    let policy = read_policy(&args.policy)?;
    let options = Options {
        columns: args.beside.columns(),
        consent: args.consent.clone(),
        servers: args.servers.as_deref().map(Servers::read).transpose().map_err(Failure::input)?,
        strict: args.strict,
        refused: args.refused.as_deref().map(Path::to_owned),
        seed: args.seed,
        guarded: vec![args.policy.clone()],
        ..Options::new(args.as_of.day()?)
    };
    let inputs: Vec<Place> = args.inputs.iter().map(|path| Place::named(path)).collect();
    let done = while_spinning("applying", || apply(&policy, &inputs, &output, &options));
    let mut summary = done.map_err(failure)?;
    if args.no_opted_out_count {
        summary = summary.without_opted_out();
    }
    warnings(&policy, &summary, options.as_of).iter().for_each(|warning| output::note(warning));
    match &output {
        Place::Standard => output::note(render(&summary).trim_end()),
        Place::File(_) if args.json => output::json(&summary)?,
        Place::File(_) => output::text(&render(&summary))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn failure(error: ApplyError) -> Failure {
    match error {
        ApplyError::Io { source, .. } if source.kind() == ErrorKind::BrokenPipe => Failure::OutputGone,
        error => Failure::input(error),
    }
}

/// What the policy promises and this verb can't keep, and what is odd about the input.
fn warnings(policy: &Policy, summary: &Summary, as_of: Day) -> Vec<String> {
    let mut warnings = Vec::new();
    let release = policy.release.as_ref();
    if let Some(delay) = release.and_then(|release| release.delay.as_ref()) {
        warnings.push(format!("[release] delay = \"{delay}\" is the client's to keep: nothing waits here"));
    }
    if summary.pings.len() > 1 && !release.is_some_and(|release| release.shuffle) {
        warnings.push(
            "the pings leave in the order of the input, so their rows can be joined by number: let [release] shuffle"
                .to_owned(),
        );
    }
    if release.is_some_and(|release| release.link != Link::None && release.rotate == 0) {
        warnings.push("[release] rotate = 0: identifiers last for the whole run".to_owned());
    }
    for ping in policy.pings() {
        if policy.fields_of(ping).all(|field| !field.is_emitted() || field.expires <= as_of) {
            let what = "every field of it is dropped or has expired, so no output was written";
            warnings.push(format!("ping {ping}: {what}"));
        }
    }
    if !summary.lacking.is_empty() {
        let names = summary.lacking.join(", ");
        warnings
            .push(format!("an input lacks columns that the policy reads: {names}; nothing is known there"));
    }
    warnings
}

fn render(summary: &Summary) -> String {
    let mut counts = Vec::new();
    if !summary.silent {
        counts.push(vec!["in".to_owned(), summary.rows_in.to_string()]);
    }
    counts.push(vec!["out".to_owned(), summary.out.to_string()]);
    if summary.withheld > 0 {
        let of = "of these nothing left (expired, dropped, other content)".to_owned();
        counts.push(vec![of, summary.withheld.to_string()]);
    }
    if !summary.silent {
        counts.push(vec!["opted out".to_owned(), summary.opted_out.to_string()]);
    }
    counts.push(vec!["refused".to_owned(), summary.refused.to_string()]);
    let rows = summary.pings.iter().map(|ping| vec![format!("ping {}", ping.ping), ping.rows.to_string()]);
    counts.extend(rows);
    let mut text = output::table(&["", "plays"], &counts);
    if !summary.dropped.is_empty() {
        let more = if summary.dropped_more { ", and more" } else { "" };
        let names: Vec<String> = summary.dropped.iter().map(|name| short(name)).collect();
        let count = summary.dropped.len();
        text.push_str(&format!(
            "dropped, since the policy doesn't know them ({count}{more}): {}\n",
            names.join(", ")
        ));
    }
    text
}
