//! `coarsen` measures how well rounding hides what was watched, chooses the rounding, and ships it.
//!
//! | question | room |
//! | --- | --- |
//! | What is 5 min, what is 500 kbps? | [`units`] |
//! | How is a number rounded? | [`rounding`] |
//! | What may leave, and rounded how? | [`policy`] |
#![cfg_attr(
    feature = "harness",
    doc = r"| Which files can an attacker know? | [`catalogue`] |
| What leaves of a stream of plays? | [`telemetry`] |
| Which files look alike after rounding? | [`classes`] |
| How anonymous are they? | [`anonymity`] |
| Does an attacker who really tries agree? | [`attack`] |
| What do the engineers still learn? | [`utility`] |
| Which rounding, then, and why not one step finer? | [`search`] |
| How is the whole question answered in one run? | [`study`] |
| How is the answer shown? | [`report`] |"
)]
//!
//! A room uses the rooms above it in this table, never one below; `tests/architecture.rs` holds
//! the order. Without default features only the first three are built: the core a client embeds.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod policy;
pub mod rounding;
pub mod units;

#[cfg(feature = "harness")]
pub mod anonymity;
#[cfg(feature = "harness")]
pub mod attack;
#[cfg(feature = "harness")]
pub mod catalogue;
#[cfg(feature = "harness")]
pub mod classes;
#[cfg(feature = "harness")]
pub mod report;
#[cfg(feature = "harness")]
pub mod search;
#[cfg(feature = "harness")]
pub mod study;
#[cfg(feature = "harness")]
pub mod telemetry;
#[cfg(feature = "harness")]
pub mod utility;

/// The README's example runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
