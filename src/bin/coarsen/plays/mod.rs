//! `coarsen plays simulate|import|describe`.

mod describe;
mod import;
mod simulate;

use std::process::ExitCode;

use clap::Subcommand;

use crate::failure::Failure;

#[derive(Subcommand)]
pub enum Verb {
    /// Simulate plays of a catalogue: servers, links, players, transcoders, viewers.
    Simulate(simulate::Args),
    /// Import the history that a media server kept; no user, title, address or time gets into it.
    Import(import::Args),
    /// Stalls, start-up, transcoding and completion of plays, and what is missing.
    Describe(describe::Args),
}

pub fn run(verb: &Verb) -> Result<ExitCode, Failure> {
    match verb {
        Verb::Simulate(args) => simulate::run(args),
        Verb::Import(args) => import::run(args),
        Verb::Describe(args) => describe::run(args),
    }
}
