//! `coarsen policy justify`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use coarsen::catalogue::ingest::hex;
use coarsen::classes::Cells;
use coarsen::policy::Policy;
use coarsen::search::{Justify, justified, justified_text};
use sha2::{Digest, Sha256};

use crate::args::CatalogueFile;
use crate::failure::Failure;
use crate::output;
use crate::places::{Edited, Output};
use crate::progress::while_spinning;

#[derive(clap::Args)]
#[command(
    after_help = "Example: coarsen policy justify edited.toml --catalogue library.parquet -o policy.toml\n\n\
    Comments and layout stay. It measures and doesn't judge: `coarsen verify` does."
)]
pub struct Args {
    /// The policy; a justification that it has is replaced.
    policy: Edited,
    #[command(flatten)]
    catalogue: CatalogueFile,
    /// The results.json of the study that the policy was chosen by.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// The policy with its justification; it may be the policy itself.
    #[arg(short, long, value_name = "POLICY.toml")]
    output: Output,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    output::check_place(&args.output)?;
    let at =
        |path: &Path, error: &dyn std::fmt::Display| Failure::Input(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(&*args.policy).map_err(|error| at(&args.policy, &error))?;
    let policy = Policy::from_toml(&text).map_err(|error| at(&args.policy, &error))?;
    let results = args.results.as_ref().map(|path| std::fs::read(path).map_err(|error| at(path, &error)));
    let results = results.transpose()?.map(|bytes| hex(&Sha256::digest(bytes)));
    let table = args.catalogue.read()?;
    let justify = Justify { catalogue: &table.sha256, results: results.as_deref() };
    let written = while_spinning("measuring", || justified(&policy, &Cells::new(&table.catalogue), &justify));
    let written = written.map_err(Failure::input)?;
    output::file(&args.output, &justified_text(&text, &written).map_err(Failure::input)?)?;
    let rows = written.justification.map_or(0, |justification| justification.measured.len());
    output::note(&format!("{}: {rows} figures measured", args.output.display()));
    Ok(ExitCode::SUCCESS)
}
