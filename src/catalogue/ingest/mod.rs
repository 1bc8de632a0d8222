//! Catalogues from tables and into tables: Parquet by polars, CSV checked row by row.
//!
//! polars fills the missing cells of a short CSV row without a word, so the rows of a CSV are counted
//! by the `csv` crate first and come to polars as text columns; from there on both formats share one path.

mod beside;
mod column;
mod export;
mod mapping;
mod quiet;
mod table;

pub use beside::{write_whole, written_beside};
pub use export::{to_parquet, write};
pub use mapping::Mapping;
pub use table::{Format, Table, hex, read, read_bytes};
