//! Errors become messages and exit codes here, and nowhere else.

use std::fmt::Display;
use std::io::ErrorKind;
use std::process::ExitCode;

/// Why a verb ended early.
pub enum Failure {
    /// Usage or input error, in words.
    Input(String),
    /// Standard output went away, as with `| head`: not an error of ours.
    OutputGone,
    /// The program contradicts itself.
    Broken(String),
}

/// A limit is broken, or no candidate meets them.
pub const BROKEN_LIMIT: u8 = 1;
const BAD_INPUT: u8 = 2;

impl Failure {
    /// An error of a room.
    pub fn input(error: impl Display) -> Self {
        Self::Input(error.to_string())
    }

    /// An error while writing to standard output.
    pub fn output(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::BrokenPipe => Self::OutputGone,
            _ => Self::Input(format!("standard output: {error}")),
        }
    }

    /// Tells the user and yields the exit code.
    pub fn exit(self) -> ExitCode {
        let (message, code) = match self {
            Self::OutputGone => return ExitCode::SUCCESS,
            Self::Input(message) => (message, BAD_INPUT),
            Self::Broken(message) => (message, BROKEN_LIMIT),
        };
        crate::output::note(&format!("coarsen: {message}"));
        ExitCode::from(code)
    }
}
