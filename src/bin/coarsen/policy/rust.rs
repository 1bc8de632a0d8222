//! `coarsen policy rust`.

use std::path::PathBuf;
use std::process::ExitCode;

use coarsen::policy::rust::{Origin, module};
use coarsen::search::canonical_hash;

use crate::args::read_policy;
use crate::failure::Failure;
use crate::output;
use crate::places::Output;

#[derive(clap::Args)]
#[command(
    after_help = "The module needs only `core`. Generate it anew when the policy changes; its constant POLICY is the \
    hash of the policy it came from.\n\nExamples:\n  coarsen policy rust policy.toml -o src/playback.rs\n  \
    coarsen policy rust policy.toml | diff - src/playback.rs    # whether it is still that of the policy"
)]
pub struct Args {
    /// The policy.
    #[arg(value_name = "POLICY.toml")]
    policy: PathBuf,
    /// Where to write it, as a file of Rust (.rs); to standard output where absent.
    #[arg(short, long, value_name = "FILE.rs")]
    output: Option<Output>,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    if let Some(path) = &args.output {
        if path.extension().is_none_or(|ending| ending != "rs") {
            return Err(Failure::Input(format!("{}: the name must end in .rs", path.display())));
        }
        output::check_place(path)?;
    }
    let policy = read_policy(&args.policy)?;
    // Without the place of the output, so that the text is the same wherever it goes.
    let command = format!("coarsen policy rust {}", args.policy.display());
    let hash = canonical_hash(&policy).map_err(Failure::input)?;
    let text = module(&policy, &Origin { hash, command }).map_err(Failure::input)?;
    match &args.output {
        Some(path) => output::file(path, &text)?,
        None => output::text(&text)?,
    }
    Ok(ExitCode::SUCCESS)
}
