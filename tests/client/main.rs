//! What a client does with a policy, play by play: laws of the core, and that it allocates nothing.
//!
//! What is drawn, and the naive reading that it is compared with, is written once in [`draw`].

mod allocations;
#[cfg(feature = "harness")]
mod compiled;
mod consent;
mod draw;
mod generated;
#[cfg(feature = "harness")]
mod json;
mod laws;
#[cfg(feature = "harness")]
mod ledger;
mod many;
mod mutated;
mod owner;
#[cfg(feature = "harness")]
mod preview;
mod refused;
