//! `coarsen policy preview`.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use coarsen::catalogue::harmless;
use coarsen::policy::{Consent, Content, Day, ESSENTIAL, JsonPlay, Policy, Preview};
use serde::Serialize;

use crate::args::read_policy;
use crate::as_of::AsOf;
use crate::beside::Beside;
use crate::failure::Failure;
use crate::output;

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  coarsen policy preview policy.toml play.json\n  \
    echo '{\"duration_ms\": 5123000}' | coarsen policy preview policy.toml - --consent playback --columns interval")]
pub struct Args {
    /// The policy.
    #[arg(value_name = "POLICY.toml")]
    policy: PathBuf,
    /// The play, a JSON object whose keys are the policy's columns, with `"consent": {"playback": true}` and
    /// `"content": "personal"` or `"provided"`; `-` reads standard input.
    #[arg(value_name = "PLAY.json")]
    play: PathBuf,
    /// The switches that are on, by comma, in place of those that the play states; '' for none.
    #[arg(long, value_name = "SWITCHES", value_delimiter = ',')]
    consent: Option<Vec<String>>,
    #[command(flatten)]
    as_of: AsOf,
    #[command(flatten)]
    beside: Beside,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    policy: &'a str,
    version: u32,
    as_of: Day,
    consent: Vec<&'a str>,
    /// None where no field that may leave asks.
    content: Option<Content>,
    #[serde(flatten)]
    preview: &'a Preview,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let policy = read_policy(&args.policy)?;
    let as_of = args.as_of.day()?;
    let at = |error: &dyn std::fmt::Display| Failure::Input(format!("{}: {error}", args.play.display()));
    let bytes = read(&args.play).map_err(|error| at(&error))?;
    let play = JsonPlay::read(&bytes).map_err(|error| at(&error))?;
    let consent = match &args.consent {
        Some(switches) => consent(&policy, switches)?,
        None => play.consent().clone(),
    };
    let columns = args.beside.columns();
    let held = play.values(&policy, &consent, as_of).map_err(|error| at(&error))?;
    let preview = policy.preview(&held, &consent, as_of, columns).map_err(|error| at(&error))?;
    let on = policy.switches().into_iter().filter(|switch| consent.allows(switch)).collect();
    let report = Report {
        schema: "coarsen.preview/1",
        policy: &policy.name,
        version: policy.version,
        as_of,
        consent: on,
        content: policy.asks_content(&consent, as_of).then_some(held.content),
        preview: &preview,
    };
    if args.json {
        output::json(&report)?
    } else {
        output::text(&render(&report))?
    }
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    if path != Path::new("-") {
        return std::fs::read(path);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A switch that governs nothing is a slip of the pen.
fn consent(policy: &Policy, switches: &[String]) -> Result<Consent, Failure> {
    let known = policy.switches();
    let given = switches.iter().map(|switch| switch.trim()).filter(|switch| !switch.is_empty());
    given.into_iter().try_fold(Consent::none(), |consent, switch| {
        if switch != ESSENTIAL && !known.contains(&switch) {
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(Failure::Input(format!(
                "--consent {switch}: no field is governed by that switch; the policy's switches: {known}"
            )));
        }
        Ok(consent.with(switch))
    })
}

fn render(report: &Report<'_>) -> String {
    let Report { preview, consent, .. } = report;
    let on = if consent.is_empty() { "none".to_owned() } else { consent.join(", ") };
    let mut text = format!(
        "{} version {}, as of {}; switched on: {on}; content: {}\n",
        output::short(report.policy),
        report.version,
        report.as_of,
        report.content.map_or("not asked", Content::name)
    );
    for sent in &preview.sent {
        let (line, bytes) = (sent.line.trim_end(), sent.line.len());
        let shown = harmless(line);
        let escaped = if shown == line {
            ""
        } else {
            "; what would drive a terminal is shown as escapes, and --json has the bytes"
        };
        text += &format!("\nping {}, {bytes} bytes with the line break{escaped}:\n{shown}\n", sent.ping);
    }
    if preview.sent.is_empty() {
        text += "\nnothing is sent\n";
    }
    let withheld = preview.not_sent.iter().map(|field| {
        vec![field.field.clone(), field.ping.clone(), field.column.clone(), field.reason.to_string()]
    });
    let unlisted = preview.unlisted.iter().map(|key| {
        vec!["-".to_owned(), "-".to_owned(), key.clone(), "the policy doesn't list it".to_owned()]
    });
    let rows: Vec<Vec<String>> = withheld.chain(unlisted).collect();
    if !rows.is_empty() {
        text += &format!("\nnot sent:\n{}", output::table_left(&["field", "ping", "column", "why"], &rows));
    }
    text
}
