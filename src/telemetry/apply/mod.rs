//! Plays in a stream, put through a policy: `coarsen apply`.
//!
//! Every input (Parquet, CSV, JSON lines) is read in batches of bounded size; of each play the consent is read first, and
//! only what it lets through is parsed, rounded column by column, collected ping by ping and written. Memory does not
//! grow with the input.
//!
//! # Laws
//! 1. **Allow-list**: what leaves of a play is what [`Policy::generalize`] says, and nothing else.
//! 2. **Non-interference**: two inputs that differ only in opted-out plays (added, removed, changed, moved) give the same
//!    outputs, byte for byte, and the same [`Summary`] but for `in` and `opted_out`. Batches, shuffles, identifiers and
//!    row groups count only what leaves. A play is opted out where no switch is on that governs a field; where only some
//!    are on, nothing of the others' columns is looked at, nor `content` where no field that may leave asks for it.
//!    A row whose consent can't be read is a bad row: a line that is no JSON or longer than 1 MiB, a consent that is no
//!    yes or no, a row of CSV with too few or too many cells or with a quotation mark that is never closed, and, where
//!    servers are asked, a key `server` that is no name. Of those the long ones and the mark end the run even where bad
//!    rows are collected, as nobody knows where the next row begins.
//!    Bad rows, where they are collected and in the error that ends a run, are named by their place in the input, which
//!    counts opted-out plays: whoever holds the input knows it. Which rows they are, their order, columns and reasons,
//!    hang on the consenting ones alone, and so does each number once the opted-out rows before it are taken off.
//! 3. **Accounting**: in = out + opted out + refused.
//! 4. **Whole or not at all**: outputs are written beside their places and renamed into them when all is done. Where a
//!    rename fails, those before it are undone, so that an error leaves every old output. A run that is killed before the
//!    first rename leaves every old output, too. Several renames can't be one: a run that is killed between two of them,
//!    microseconds apart, leaves whole files, none half-written, some of this run and some of the last. It shows by
//!    the summary, which is printed after the last rename, and by what a killed run leaves beside its outputs:
//!    `.tmp-NAME-` and some letters, NAME being the output's. These may be removed when no run is going.
//!
//! ```
//! use coarsen::policy::Policy;
//! use coarsen::telemetry::apply::{Options, Place, apply};
//! let folder = tempfile::tempdir()?;
//! let (plays, out) = (folder.path().join("plays.csv"), folder.path().join("out.csv"));
//! std::fs::write(&plays, "duration_ms,ip,consent_playback\n5423000,10.0.0.7,true\nnonsense,10.0.0.8,false\n")?;
//! let policy = Policy::from_toml(r#"
//!     schema = "coarsen.policy/1"
//!     name = "playback"
//!     version = 1
//!     [[field]]
//!     name = "duration"
//!     column = "duration_ms"
//!     type = "duration"
//!     rounding = "floor:5min"
//!     consent = "playback"
//!     purpose = "Stall rates by length."
//!     sensitivity = "fingerprint"
//!     expires = "2031-12-31"
//! "#)?;
//! let options = Options::new("2026-11-24".parse()?);
//! let summary = apply(&policy, &[Place::File(plays)], &Place::File(out.clone()), &options)?;
//! assert_eq!((summary.rows_in, summary.out, summary.opted_out, summary.refused), (2, 1, 1, 0));
//! assert_eq!(summary.dropped, ["ip"]);
//! assert_eq!(std::fs::read_to_string(out)?, "duration\n5550000\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod admission;
mod cells;
mod consent;
mod engine;
mod error;
mod fault;
mod intake;
mod options;
pub(super) mod pending;
pub(super) mod place;
mod read;
pub(super) mod refusals;
mod release;
mod run;
mod summary;
mod told;
mod write;

pub use consent::Servers;
pub use error::ApplyError;
pub use fault::Fault;
pub use options::{Format, Options, Place};
pub use place::check_apart;
pub use run::apply;
pub use summary::{PingRows, SCHEMA, Summary};

#[cfg(doc)]
use crate::policy::Policy;
