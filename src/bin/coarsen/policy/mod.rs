//! `coarsen policy`: what a policy says, shown. One file per verb.

mod preview;

use std::process::ExitCode;

use clap::Subcommand;

use crate::failure::Failure;

#[derive(Subcommand)]
pub enum Verb {
    /// What would be sent of one play, byte for byte, and what would not and why.
    Preview(preview::Args),
}

pub fn run(verb: &Verb) -> Result<ExitCode, Failure> {
    match verb {
        Verb::Preview(args) => preview::run(args),
    }
}
