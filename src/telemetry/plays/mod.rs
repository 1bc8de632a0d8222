//! Plays as a server would report them: what they hold ([`Column`]), held in columns ([`Plays`]), and written ([`write`]).

mod columns;
mod error;
mod table;
mod write;

pub use columns::{Column, Number, Switch, Text};
pub use error::PlaysError;
pub use table::{Plays, Row, Texts};
pub use write::{format_of, write};
