//! Histories that media servers keep, as plays: [`import`].
//!
//! # Laws
//! 1. **Read only**: nothing is written to the history, nor beside it.
//! 2. **Nobody's words**: of the histories of Jellyfin and Tautulli only numbers get into a play, and words that stand in
//!    a table of this program. No user, title, device name, address or time does, whatever stands there; ids become
//!    numbers by first appearance. The order of the plays is that of the history. Of a table ([`Source::Table`]) what is
//!    mapped is kept as it is.
//! 3. **Accounting**: in = out + refused ([`Summary`]).
//! 4. **Whole or not at all**: what is written comes to stand in its place when all is done.
//! 5. **Nothing invented**: what a history doesn't tell is missing. Start-up times, stalls and errors stand in none of
//!    them, and neither do switches, so [`apply`](crate::telemetry::apply) needs to be told who consents.
//!
//! ```
//! use coarsen::telemetry::plays::import::{Options, Source, import};
//! let folder = tempfile::tempdir()?;
//! let (history, out) = (folder.path().join("history.tsv"), folder.path().join("plays.csv"));
//! let row = ["2026-11-24 20:15:00", "u1", "i1", "Movie", "A film", "DirectPlay", "Jellyfin Web", "Firefox", "5423"];
//! std::fs::write(&history, row.join("\t") + "\n")?;
//! let summary = import(&Source::JellyfinReporting, &history, &out, &Options::default())?;
//! assert_eq!((summary.rows_in, summary.out, summary.refused), (1, 1, 0));
//! let plays = std::fs::read_to_string(out)?;
//! assert!(plays.contains("5423000") && plays.contains("movie") && !plays.contains("A film"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod by_line;
mod error;
mod fault;
mod gather;
mod jellyfin;
mod numbers;
mod players;
mod run;
mod source;
mod summary;
mod table;
mod tautulli;
mod words;

pub use error::ImportError;
pub use fault::Fault;
pub use run::import;
pub use source::{Mapping, Options, Source};
pub use summary::{SCHEMA, Summary};
