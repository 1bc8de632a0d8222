//! The C interface says what the core says, allocates nothing for a play, and refuses what can be checked.
//!
//! Policies and plays are drawn as for the core's own tests.

mod agrees;
mod allocations;
mod call;
#[path = "../../../tests/client/draw.rs"]
#[allow(dead_code, reason = "the core's tests use the rest")]
mod draw;
mod refused;
