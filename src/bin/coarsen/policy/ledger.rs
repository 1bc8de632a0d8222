//! `coarsen policy ledger`.

use std::path::PathBuf;
use std::process::ExitCode;

use coarsen::report::{ledger_html, ledger_markdown};

use crate::args::read_policy;
use crate::as_of::AsOf;
use crate::failure::Failure;
use crate::output;
use crate::places::Output;

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  coarsen policy ledger policy.toml -o ledger.html\n  \
    coarsen policy ledger policy.toml --as-of 2027-01-01")]
pub struct Args {
    /// The policy.
    #[arg(value_name = "POLICY.toml")]
    policy: PathBuf,
    /// Where to write it, as HTML (.html) or Markdown (.md); Markdown to standard output where absent.
    #[arg(short, long, value_name = "FILE")]
    output: Option<Output>,
    #[command(flatten)]
    as_of: AsOf,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let render = match &args.output {
        None => ledger_markdown,
        Some(path) => {
            let ending = path.extension().and_then(|ending| ending.to_str());
            let render = match ending {
                Some("html" | "htm") => ledger_html,
                Some("md" | "markdown") => ledger_markdown,
                _ => {
                    let problem = "the name must end in .html or .md";
                    return Err(Failure::Input(format!("{}: {problem}", path.display())));
                }
            };
            output::check_place(path)?;
            render
        }
    };
    let page = render(&read_policy(&args.policy)?, args.as_of.day()?).map_err(Failure::input)?;
    match &args.output {
        Some(path) => output::file(path, &page)?,
        None => output::text(&page)?,
    }
    Ok(ExitCode::SUCCESS)
}
