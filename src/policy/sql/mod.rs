//! A policy as SQL: one SELECT that generalizes a table of plays exactly as [`Policy::generalize`](super::Policy) does.
//!
//! Every bucket is found by comparing and by whole-number arithmetic, never in floats, in a type of the engine that
//! holds every value of the line 0..=2^64-1:
//!
//! | dialect | arithmetic in | what leaves of a number |
//! | --- | --- | --- |
//! | `duckdb` | HUGEINT | UBIGINT |
//! | `spark` | DECIMAL(20, 0) | DECIMAL(20, 0) |
//! | `postgres` | numeric | numeric |
//! | `clickhouse` | Int128 | Nullable(UInt64) |
//!
//! The first three are run against [`Policy::generalize`](super::Policy) row by row in `tests/engines`; there was no
//! ClickHouse to run, so its dialect follows the manual and is compared with stored text alone.

mod ask;
mod bucket;
mod dialect;
mod error;
mod label;
mod select;

pub use ask::Ask;
pub(crate) use bucket::Edges;
pub use dialect::Dialect;
pub use error::SqlError;
pub(crate) use select::group;
pub use select::select;
