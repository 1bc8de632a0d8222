//! What must be read and what must be refused, word for word; and published numbers.

mod adult;
mod ladders;
#[cfg(feature = "harness")]
mod mdav;
mod open_ended;
#[cfg(feature = "harness")]
mod optimal;
mod policies;
mod roundings;
#[cfg(feature = "harness")]
mod tarragona;
