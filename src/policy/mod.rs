//! The shipped artefact: every field that may leave, its purpose, its consent switch and its rounding.
//!
//! A policy is an allow-list: a field that it doesn't name never leaves. This room reads and checks the file
//! ([`Policy::from_toml`]) and applies it to a play ([`Policy::generalize`]); what the fields mean for a catalogue is
//! asked by `classes`.

mod attack_limit;
mod check;
mod client;
#[cfg(feature = "harness")]
mod columns;
mod complete;
mod consent;
mod day;
mod error;
mod field;
mod file;
mod gates;
mod generalize;
#[cfg(feature = "harness")]
mod json;
#[cfg(feature = "harness")]
mod json_keys;
mod limits;
mod other;
mod outgoing;
mod place;
mod plan;
mod play;
#[cfg(feature = "harness")]
mod preview;
mod program;
#[cfg(feature = "harness")]
mod read_json;
#[cfg(feature = "harness")]
pub mod rust;
#[cfg(feature = "harness")]
pub mod sql;

pub use attack_limit::{AttackLimit, MOST_PLAYS};
pub use client::Client;
#[cfg(feature = "harness")]
pub use columns::Rule;
pub use complete::open_ended;
pub use consent::{CONSENT, CONSENT_PREFIX, CONTENT, Consent, ESSENTIAL};
pub use day::{Day, DayError};
pub use error::PolicyError;
pub use field::{About, Columns, Field, FieldType, NamedRepresentative, Representative};
pub use file::{Justification, Link, Measured, OTHER, Policy, Release, SCHEMA};
pub use generalize::{Fields, Generalized, Ping, Pings};
#[cfg(feature = "harness")]
pub use json::json_line;
#[cfg(feature = "harness")]
pub(crate) use json::{pair, pairs_of_bucket};
pub use limits::{Limits, LimitsError};
pub use other::{Condition, Other};
pub use outgoing::{Outgoing, OutgoingField, OutgoingPing};
pub use play::{Content, Play, PlayError, Sent, Value, Withheld};
#[cfg(feature = "harness")]
pub use preview::{NotSent, Preview, Reason, SentPing};
#[cfg(feature = "harness")]
pub use read_json::{Held, JsonPlay, JsonPlayError};

pub use crate::rounding::Standing;
