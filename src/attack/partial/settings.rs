//! What is assumed of how far people watch.

use serde::Serialize;
use thiserror::Error;

/// The most plays of one file: their likelihood is a product that must not vanish.
pub const MOST_PLAYS: u32 = 30;

/// How far people watch, and how many plays are seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Settings {
    /// Shares of the plays that reach the end, 0 to 1, each tried. In a study of 540 million sessions of a video service
    /// about a fifth did; personal libraries complete more.
    pub completion: Vec<f64>,
    /// Numbers of plays of one file, each tried; 1 to 30.
    pub plays: Vec<u32>,
    /// A play that reaches the end stops in the last so many ms, as credits roll; never more than a tenth of the file.
    pub tail_ms: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { completion: vec![0.2, 0.5, 0.8], plays: vec![1, 3, 10], tail_ms: 60_000 }
    }
}

impl Settings {
    pub(in crate::attack) fn check(&self) -> Result<(), SettingsError> {
        if let Some(&completion) = self.completion.iter().find(|share| !(0.0..=1.0).contains(*share)) {
            return Err(SettingsError::Completion { completion });
        }
        match self.plays.iter().find(|&&plays| plays == 0 || plays > MOST_PLAYS) {
            Some(&plays) => Err(SettingsError::Plays { plays }),
            None => Ok(()),
        }
    }
}

/// Why these assumptions make no attacker.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum SettingsError {
    /// A completion rate that is no share.
    #[error("a completion rate of {completion} is no share of the plays; give a number from 0 to 1")]
    Completion {
        /// The rate.
        completion: f64,
    },
    /// Too few plays, or too many.
    #[error("{plays} plays of one file; give 1 to {MOST_PLAYS}")]
    Plays {
        /// The number.
        plays: u32,
    },
}
