//! Plays as a server would report them: what they hold ([`Column`]), held in columns ([`Plays`]), made by mechanism
//! ([`simulate`](mod@simulate)) or imported from real histories ([`import`](mod@import)), written ([`write()`]) and read
//! ([`read`]), and told at a glance ([`describe`]).

mod columns;
mod describe;
mod error;
pub mod import;
mod read;
pub mod simulate;
mod table;
mod write;

pub use columns::{Column, Number, Switch, Text};
pub use describe::{Cell, Description, Missing, Percentiles, describe};
pub use error::PlaysError;
pub use read::read;
pub use simulate::{Settings, simulate};
pub use table::{Plays, Row, Texts};
pub use write::{format_of, write};
