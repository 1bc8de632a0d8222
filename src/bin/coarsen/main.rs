//! The program: parse, call the library, print, exit.

mod apply;
mod args;
mod as_of;
mod attack;
mod beside;
mod catalogue;
mod diagnose;
mod failure;
mod free;
mod hierarchy;
mod identifier;
mod measure;
mod other;
mod output;
mod places;
mod plays;
mod policy;
mod progress;
mod questions;
mod recommend;
mod robust;
mod study;
mod sweep;
mod value;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// Choose, measure and ship roundings of playback telemetry that no file can be recognized from.
///
/// Without a verb the built-in study runs: about 200,000 synthetic files and three real catalogues, in a minute and
/// a half, into the folder `study/`. Open `study/report.html`.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done and every limit holds; 1 a limit is broken or no candidate meets them; \
                        2 usage or input error."
)]
struct Program {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    study: study::Args,
}

#[derive(Subcommand)]
enum Verb {
    /// Run a study: catalogue, candidates, attackers, choice, judges, report.
    Study(study::Args),
    /// Make, import or describe a catalogue.
    #[command(subcommand)]
    Catalogue(catalogue::Verb),
    /// Every anonymity measure of one generalization.
    Measure(measure::Args),
    /// Every pair of a grid of roundings, one row each.
    Sweep(sweep::Args),
    /// Choose the roundings with the least loss that meet the limits, and freeze them into a policy.
    Recommend(recommend::Args),
    /// Run an attacker.
    Attack(attack::Args),
    /// Hold a policy to its limits and to what its justification claims; for CI.
    Verify(verify::Args),
    /// Show, justify or translate a policy: the complete list, what is sent of one play, SQL.
    #[command(subcommand)]
    Policy(policy::Verb),
    /// Put plays through a policy: what leaves of them, and nothing else.
    Apply(apply::Args),
    /// The diagnostic questions: what the engineers still learn of plays.
    Diagnose(diagnose::Args),
    /// Simulate plays, import the history of a server, or describe plays.
    #[command(subcommand)]
    Plays(plays::Verb),
}

fn main() -> ExitCode {
    let mut command = Program::command();
    let matches = command.get_matches_mut();
    let program = Program::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let done = places::check(&command, &matches).and_then(|()| run(program));
    done.unwrap_or_else(failure::Failure::exit)
}

fn run(program: Program) -> Result<ExitCode, failure::Failure> {
    match program.verb {
        None => study::run(&program.study),
        Some(Verb::Study(args)) => study::run(&args),
        Some(Verb::Catalogue(verb)) => catalogue::run(&verb),
        Some(Verb::Measure(args)) => measure::run(&args),
        Some(Verb::Sweep(args)) => sweep::run(&args),
        Some(Verb::Diagnose(args)) => diagnose::run(&args),
        Some(Verb::Recommend(args)) => recommend::run(&args),
        Some(Verb::Attack(args)) => attack::run(&args),
        Some(Verb::Verify(args)) => verify::run(&args),
        Some(Verb::Policy(verb)) => policy::run(&verb),
        Some(Verb::Apply(args)) => apply::run(&args),
        Some(Verb::Plays(verb)) => plays::run(&verb),
    }
}
