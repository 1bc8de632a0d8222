//! `coarsen policy`: what a policy says, shown, compared, justified and translated. One file per verb.

mod diff;
mod justify;
mod ledger;
mod preview;
mod rust;
mod sql;

use std::process::ExitCode;

use clap::Subcommand;

use crate::failure::Failure;

#[derive(Subcommand)]
pub enum Verb {
    /// The complete list of what the policy lets leave, as a page to publish.
    Ledger(ledger::Args),
    /// What would be sent of one play, byte for byte, and what would not and why.
    Preview(preview::Args),
    /// What a change of policy gives away to somebody who sees the same plays under both.
    Diff(diff::Args),
    /// Measure a policy and write what was measured into it.
    Justify(justify::Args),
    /// The policy as a module of Rust, for a client to which every nanosecond counts.
    Rust(rust::Args),
    /// The policy as SQL, for the engine where the plays or the catalogue lie.
    Sql(sql::Args),
}

pub fn run(verb: &Verb) -> Result<ExitCode, Failure> {
    match verb {
        Verb::Ledger(args) => ledger::run(args),
        Verb::Preview(args) => preview::run(args),
        Verb::Diff(args) => diff::run(args),
        Verb::Justify(args) => justify::run(args),
        Verb::Rust(args) => rust::run(args),
        Verb::Sql(args) => sql::run(args),
    }
}
