//! The shipped artefact: every field that may leave, its purpose, its consent switch and its rounding.
//!
//! A policy is an allow-list: a field that it doesn't name never leaves. This room reads and checks the
//! file ([`Policy::from_toml`]); what the fields mean for a catalogue is asked by `classes`.

mod error;
mod field;
mod file;
mod limits;
mod other;

pub use error::PolicyError;
pub use field::{About, Field, FieldType, NamedRepresentative, Representative};
pub use file::{Justification, Link, Measured, Policy, Release, SCHEMA};
pub use limits::{Limits, LimitsError};
pub use other::{Condition, Other};
