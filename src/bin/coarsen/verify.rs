//! `coarsen verify`.

use std::path::PathBuf;
use std::process::ExitCode;

use coarsen::catalogue::harmless;
use coarsen::report::junit;
use coarsen::search::{Gate, Verdict, Verified, verify};
use serde::Serialize;

use crate::args::{CatalogueFile, LimitArgs, read_policy};
use crate::as_of::AsOf;
use crate::failure::{BROKEN_LIMIT, Failure};
use crate::output;
use crate::places::Output;
use crate::progress::while_spinning;

#[derive(clap::Args)]
#[command(
    after_help = "Example: coarsen verify --policy policy.toml --catalogue library.parquet --junit verify.xml\n\n\
    Exit code 1 where a limit is broken, a claim doesn't reproduce on the catalogue that it names, a field that tells \
    of a file was left out of the justification, the policy was changed after it was justified, the catalogue lacks \
    a column that leaves, or the delay that the policy states (none is at once) lets who sees when the reports of completed plays arrive \
    name more titles than title_uniform (and title_popularity, where it is set) allows."
)]
pub struct Args {
    /// The policy.
    #[arg(long, value_name = "POLICY.toml")]
    policy: PathBuf,
    #[command(flatten)]
    catalogue: CatalogueFile,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    as_of: AsOf,
    /// Let a policy without a justification pass; its limits are judged all the same.
    #[arg(long)]
    unjustified: bool,
    /// The checks as JUnit XML, for a build server.
    #[arg(long, value_name = "FILE")]
    junit: Option<Output>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    #[serde(flatten)]
    verified: &'a Verified,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    if let Some(path) = &args.junit {
        output::check_place(path)?;
    }
    let policy = read_policy(&args.policy)?;
    let limits = args.limits.over(policy.limits_over_defaults().map_err(Failure::input)?)?;
    let gate = Gate { limits, as_of: args.as_of.day()?, unjustified: args.unjustified };
    let table = args.catalogue.read()?;
    let verified = while_spinning("verifying", || verify(&policy, &table, &gate)).map_err(Failure::input)?;
    if let Some(path) = &args.junit {
        output::file(path, &junit(&verified).map_err(Failure::input)?)?;
    }
    if args.json {
        output::json(&Report { schema: "coarsen.verify/1", verified: &verified })?;
    } else {
        output::text(&render(&verified))?;
    }
    Ok(if verified.holds { ExitCode::SUCCESS } else { ExitCode::from(BROKEN_LIMIT) })
}

fn render(verified: &Verified) -> String {
    let Verified { policy, catalogue, .. } = verified;
    let which = if catalogue.is_the_justified { ", the one that it was justified on" } else { "" };
    let mut text = format!(
        "policy {} version {} on {} files of {} titles{which}\n",
        harmless(&policy.name),
        policy.version,
        catalogue.files,
        catalogue.titles
    );
    let pings = verified.pings.iter().map(|ping| Some(ping.ping.as_str()));
    for ping in std::iter::once(None).chain(pings) {
        if let Some(found) = verified.pings.iter().find(|found| Some(found.ping.as_str()) == ping) {
            let tells = &found.tells;
            let what = if found.tells_nothing() {
                "tells nothing of a file".to_owned()
            } else {
                let by = if tells.by.is_empty() { "none".to_owned() } else { tells.by.join(", ") };
                format!("tells duration {}, bit rate {}, side fields: {by}", tells.duration, tells.bitrate)
            };
            let boxes =
                if tells.other == 0 { String::new() } else { format!(", {} boxes as `other`", tells.other) };
            text.push_str(&format!("\nping {}: {what}{boxes}\n", found.ping));
            for (field, how) in &tells.groups {
                text.push_str(&format!("  {field} {}\n", harmless(how)));
            }
        }
        for check in verified.checks.iter().filter(|check| check.ping.as_deref() == ping) {
            let verdict = match check.verdict {
                Verdict::Holds => "holds",
                Verdict::Fails => "FAILS",
                Verdict::Noted => "noted",
            };
            text.push_str(&format!("  {verdict}  {}: {}\n", harmless(&check.name), harmless(&check.says)));
        }
    }
    if !verified.warnings.is_empty() {
        text.push_str("\nLeft open by the release:\n");
    }
    for warning in &verified.warnings {
        text.push_str(&format!("  {}: {}\n", harmless(&warning.about), harmless(&warning.says)));
    }
    let failed = verified.checks.iter().filter(|check| check.verdict == Verdict::Fails).count();
    text.push_str(&match failed {
        0 => format!("\nThe policy holds: {} checks.\n", verified.checks.len()),
        _ => format!("\nThe policy does not hold: {failed} of {} checks fail.\n", verified.checks.len()),
    });
    text
}
