//! Attackers that really run: each draws targets, guesses, and counts.
//!
//! A closed form over classes and an attacker that knows nothing of classes must agree
//! ([`Trial::agrees_with`]); where they don't, one of them is wrong.

mod among;
pub mod averaging;
mod bayes;
pub mod channel;
pub mod homogeneity;
mod interval;
pub mod known_library;
pub mod linkage;
pub mod side_fields;
pub mod suppression;

pub use among::Among;
pub use interval::{Trial, wilson};

use serde::Serialize;

/// How the attacker believes targets are drawn, and how they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Prior {
    /// Every file equally likely.
    Uniform,
    /// In proportion to popularity.
    Popularity,
}

/// What the attacker wants to name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// The very file.
    File,
    /// The title.
    Title,
}
