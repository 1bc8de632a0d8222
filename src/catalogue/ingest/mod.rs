//! Catalogues from tables and into tables: Parquet by polars, CSV checked row by row.
//!
//! A table is many times a catalogue's size once its text is unpacked, so it is read column by column and part by part;
//! the columns of a CSV come as one part of text, and from there on both formats share one path.

mod beside;
mod cell;
mod column;
mod csv;
mod export;
mod ids;
mod mapping;
mod maps;
mod parquet;
mod quiet;
mod table;
mod texts;

pub use beside::{linked_beside, write_whole, written_beside};
pub(crate) use cell::{Cell, cells};
pub(crate) use csv::{Csv, read as read_csv};
pub use export::{to_parquet, write};
pub use mapping::Mapping;
pub(crate) use maps::{Maps, Target, Wanted};
pub(crate) use parquet::{Footer, Parquet, footer, header as parquet_header};
pub(crate) use quiet::caught;
pub use table::{Format, Table, hex, read, read_bytes};
pub(crate) use texts::{Texts, texts};
