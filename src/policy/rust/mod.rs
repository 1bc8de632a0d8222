//! A policy as Rust: one module that generalizes plays exactly as [`Policy::generalize`](super::Policy) does, and as fast
//! as what one would write by hand.
//!
//! It needs nothing but `core`, holds no unsafe code and allocates nothing. The policy stays the one source: a module
//! knows nothing of a policy that changed after it, and must be generated anew. Its constant `POLICY` is the canonical
//! hash of the policy that it was generated from, so that a test can hold the two together.

mod error;
mod module;
mod names;
mod number;
mod ping;
mod write;

pub use error::RustError;
pub use module::{Origin, module};
