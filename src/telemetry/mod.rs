//! Telemetry: plays, and what leaves of them.
//!
//! [`plays`] are the records themselves; [`apply`] puts a stream of them through a policy.

pub mod apply;
mod lines;
pub mod plays;
