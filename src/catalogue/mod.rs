//! Catalogues: the files that an attacker can know.
//!
//! [`Columns`] are raw and public; [`Catalogue::new`] checks them once, and everything downstream may
//! rely on what it promises. Catalogues are made by a recipe ([`synthetic`]), read from a table
//! ([`ingest`]), or shipped with the program ([`real`]). What servers own of one: [`libraries`].

mod category;
mod columns;
mod describe;
mod drawn;
mod error;
mod hierarchy;
pub mod ingest;
pub mod libraries;
mod parts;
pub mod real;
mod recode;
mod reference;
mod side;
pub mod stream;
pub mod synthetic;
mod weights;

pub use category::Category;
pub use columns::{Catalogue, Columns, TopTitle};
pub(crate) use describe::at_percent;
pub use describe::{Description, HeapShare, KindDescription, PERCENTILES, Uniqueness, describe};
pub(crate) use drawn::Drawn;
pub(crate) use error::shown;
pub use error::{CatalogueError, harmless};
pub use hierarchy::Hierarchy;
pub use side::SideField;
