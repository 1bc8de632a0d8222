//! `coarsen plays simulate|describe`.

mod describe;
mod simulate;

use std::process::ExitCode;

use clap::Subcommand;

use crate::failure::Failure;

#[derive(Subcommand)]
pub enum Verb {
    /// Simulate plays of a catalogue: servers, links, players, transcoders, viewers.
    Simulate(simulate::Args),
    /// Stalls, start-up, transcoding and completion of plays, and what is missing.
    Describe(describe::Args),
}

pub fn run(verb: &Verb) -> Result<ExitCode, Failure> {
    match verb {
        Verb::Simulate(args) => simulate::run(args),
        Verb::Describe(args) => describe::run(args),
    }
}
