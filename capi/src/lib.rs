//! The client core of `coarsen` from C, C++ and C#: load a policy, apply it to plays. The header is
//! `include/coarsen.h`; `tests/header.rs` writes it from this source.
//!
//! What leaves is decided by [`coarsen::policy`] alone; this crate carries values there and back. The only `unsafe`
//! code of the project is here: what a pointer must be is said in the `# Safety` of each function, and whatever of it
//! can be checked is. No call has a clock, starts a thread or lets a panic out; the only state besides the caller's
//! objects is the text of each thread's last error.

mod consent;
mod generalize;
mod play;
mod pointer;
mod policy;
mod status;
mod text;

pub use consent::*;
pub use generalize::*;
pub use play::*;
pub use policy::*;
pub use status::*;
pub use text::*;
