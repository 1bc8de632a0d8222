//! Equivalence classes: the files that a generalization makes indistinguishable.
//!
//! A catalogue collapses once, into [`Cells`]: its distinct values in order, with the rank of each file.
//! From there three ways lead to the classes of a generalization, and tests hold them equal:
//! - [`Classes`] groups the files themselves: one generalization, every question can be asked of it.
//! - [`Rows`] takes many bit-rate roundings over one duration rounding without regrouping, kinds and series among what
//!   it tells; both hand a [`Class`] to a [`Visit`]or.
//! - [`Base`] takes a whole grid of roundings at once, for what ranks candidates, and hands it to a [`Gather`]er.
//!
//! [`class_sizes`] needs no cells at all, and tells sizes alone.
//!
//! The boxes of joint buckets that leave as `other` ([`Corner`]) are known to [`Classes`] alone: the other ways take no
//! list of them.

mod base;
mod cells;
mod corner;
mod generalization;
mod grouped;
mod lone;
mod rows;
mod table;
mod told;

pub use base::{Atoms, Base, Cut, Gather};
pub use cells::{Axis, Cells, Moments};
pub use corner::{Corner, Inside, Numbers};
pub use generalization::{Generalization, Key};
pub use grouped::Classes;
pub use lone::class_sizes;
pub use rows::Rows;
pub use table::{
    ClassTable, ClassTableError, NumberSums, OPTIONAL, Spark, SparkError, Stated, TableClass, class_sql,
    columns_read,
};
pub use told::{Bearing, Coarsely, Derived, Told};

/// What a class is to every measure that needs no list of its files.
///
/// Weights are popularity as exact integers, see [`Catalogue::weight`](crate::catalogue::Catalogue::weight).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class {
    /// Files in the class, at least 1.
    pub files: u32,
    /// Distinct titles.
    pub titles: u32,
    /// Distinct series or albums, a title without one being its own.
    pub series: u32,
    /// Sum of the weights.
    pub weight: u64,
    /// Largest weight of one file.
    pub top_file_weight: u64,
    /// Most files of one title.
    pub top_title_files: u32,
    /// Largest weight of one title.
    pub top_title_weight: u64,
}

impl Class {
    /// The class of one file alone, of that weight.
    pub fn of_one(weight: u64) -> Self {
        Self {
            files: 1,
            titles: 1,
            series: 1,
            weight,
            top_file_weight: weight,
            top_title_files: 1,
            top_title_weight: weight,
        }
    }
}

/// What a class holds of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindShare {
    /// Files of the kind.
    pub files: u32,
    /// Titles of the kind among those with the most files of the class.
    pub best_titles: u32,
}

/// Something that is shown every class once, in no promised order.
pub trait Visit {
    /// Whether it wants to know the kinds of a class; a sweep is faster without.
    const KINDS: bool = true;

    /// One class, and what it holds of each kind (indexed as [`Category::index`](crate::catalogue::Category::index));
    /// all zero where they are not wanted.
    fn class(&mut self, class: &Class, kinds: &[KindShare]);

    /// A class of one file: the same as [`Visit::class`] with the obvious figures, and worth its own path,
    /// because fine roundings leave most files alone.
    fn single(&mut self, weight: u64, kind: usize);

    /// Told before each class of one of its files, for a visitor that asks what the class emits.
    fn at(&mut self, _file: u32) {}
}
