//! `coarsen` and `coarsen study`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use coarsen::catalogue::harmless;
use coarsen::report::{WRITTEN, answer, write_study};
use coarsen::study::{Config, StudyError, run as run_study};
use coarsen::telemetry::apply::check_apart;

use crate::failure::{BROKEN_LIMIT, Failure};
use crate::output;
use crate::progress::Bar;

#[derive(clap::Args)]
#[command(after_help = "Example: coarsen study my-study.toml --out results/\n\nmy-study.toml:\n  \
    [catalogue]\n  file = \"catalogue.parquet\"\n  [limits]\n  k_titles = 50")]
pub struct Args {
    /// The configuration; the built-in study where absent.
    config: Option<PathBuf>,
    /// The folder for report.html, report.md, results.json, sweep.parquet and policy.toml.
    #[arg(long, value_name = "DIR", default_value = "study")]
    out: PathBuf,
    /// The seed of every random draw.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// Whether what is written is none of what is read.
fn check(args: &Args, config: &Config) -> Result<(), Failure> {
    let sources = || std::iter::once(&config.catalogue).chain(&config.judges);
    // A recipe is the name of one, or a file.
    let recipes = sources().filter_map(|source| source.recipe.as_deref().map(Path::new));
    let files = sources().filter_map(|source| source.file.as_deref());
    let read: Vec<&Path> = args
        .config
        .as_deref()
        .into_iter()
        .chain(files)
        .chain(recipes.filter(|path| path.is_file()))
        .collect();
    let written = WRITTEN.map(|name| args.out.join(name));
    check_apart(&written.each_ref().map(PathBuf::as_path), &read).map_err(Failure::input)
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let mut config = match &args.config {
        None => Config::default(),
        Some(path) => {
            let from = path.display().to_string();
            let text = std::fs::read_to_string(path).map_err(|error| {
                // A mistyped verb comes here as well.
                let word = !path.exists() && path.components().count() == 1 && path.extension().is_none();
                let verbs = if word { "; nor is it a verb: `coarsen --help` lists them" } else { "" };
                Failure::Input(format!("{from}: {error}{verbs}"))
            })?;
            Config::from_toml(&from, &text).map_err(Failure::input)?
        }
    };
    config.seed = args.seed.unwrap_or(config.seed);
    check(args, &config)?;
    // An unwritable folder is better known before the work than after.
    let made = !args.out.exists();
    std::fs::create_dir_all(&args.out)
        .and_then(|()| tempfile::tempfile_in(&args.out).map(drop))
        .map_err(|error| Failure::Input(format!("{}: {error}", args.out.display())))?;

    let bar = Bar::new();
    let outcome = run_study(&config, &bar).map_err(|error| {
        if made {
            // Only where it is empty; what else happened to it is not ours.
            _ = std::fs::remove_dir(&args.out);
        }
        match error {
            StudyError::Disagreement { .. } => Failure::Broken(error.to_string()),
            other => Failure::input(other),
        }
    })?;
    bar.finish();
    let mut command = "coarsen study".to_owned();
    if let Some(path) = &args.config {
        command.push_str(&format!(" {}", path.display()));
    }
    command.push_str(&format!(" --seed {}", config.seed));
    let written = write_study(&args.out, &outcome, &command).map_err(Failure::input)?;

    let mut text = answer(&outcome.results).join("\n") + "\n\n";
    written.iter().for_each(|path| text.push_str(&format!("{}\n", harmless(&path.display().to_string()))));
    output::text(&text)?;
    Ok(match outcome.results.chosen {
        Some(_) => ExitCode::SUCCESS,
        None => ExitCode::from(BROKEN_LIMIT),
    })
}
