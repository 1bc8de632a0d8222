//! Attackers that really run: each draws targets, guesses, and counts.
//!
//! A closed form over classes and an attacker that knows nothing of classes must agree
//! ([`Trial::agrees_with`]); where they don't, one of them is wrong.

mod among;
pub mod arrival;
pub mod averaging;
mod bayes;
pub mod channel;
mod heaviest;
pub mod homogeneity;
pub mod intersection;
mod interval;
pub mod known_library;
pub mod levels;
pub mod library;
pub mod linkage;
pub mod membership;
pub mod noisy;
pub mod open_world;
pub mod partial;
pub mod platform;
mod poisson;
mod seen;
pub mod sequence;
pub mod servers;
pub mod side_fields;
pub mod suppression;
mod target;
pub mod through;

pub use among::Among;
pub(crate) use interval::student;
pub use interval::{Trial, wilson};
pub use target::{Prior, Target};
