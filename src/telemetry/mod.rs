//! Telemetry: plays, and what leaves of them.
//!
//! [`apply`] puts a stream of plays through a policy.

pub mod apply;
