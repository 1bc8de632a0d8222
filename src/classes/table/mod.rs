//! Class tables: all that the measures need of a catalogue under one generalization, one row a class.
//!
//! A catalogue may be too large for one machine, or may not be allowed to leave its place; its class table is small. It
//! is one GROUP BY ([`class_sql`]), so any engine makes it where the catalogue lies, and [`ClassTable::read`] takes it
//! from there. [`ClassTable::of`] makes the same table of a catalogue in memory; tests hold the two equal.
//!
//! | column | what |
//! | --- | --- |
//! | `generalization` | what the classes are of, as JSON: the same in every row |
//! | `duration_from`, `duration_to`, `bitrate_from`, `bitrate_to` | the bucket, where the number leaves; no upper edge: open; no edge: missing |
//! | `resolution`, ... | the side fields that leave, as they are told |
//! | `other` | 1 for the class that leaves as the one symbol; only where there are boxes |
//! | `files`, `titles`, `series` | how many there are in the class |
//! | `weight`, `top_file_weight`, `top_title_files`, `top_title_weight` | see [`Class`](super::Class) |
//! | `duration_files`, `duration_sum`, `duration_squares`, `duration_error` and those of `bitrate` | files with a value, the sums of their values and squares, and of the distances from the bucket's midpoint |
//! | `all_titles`, `all_top_title_files`, `all_top_title_weight` | of the whole catalogue: the same in every row |
//! | `resolution_names`, `resolution_coarse`, ... | of a side field in groups, of the whole catalogue: how many values there are, and over all files how many others share the group |
//!
//! NumberSums that may pass 2^63 are written as text.

mod error;
mod of;
mod read;
mod spark;
mod sql;
mod stated;

use std::collections::BTreeMap;

use super::Class;
use crate::catalogue::{SideField, TopTitle};
use crate::rounding::Bucket;

pub use error::ClassTableError;
pub use spark::{Spark, SparkError};
pub use sql::{OPTIONAL, class_sql, columns_read};
pub use stated::Stated;

/// The classes of a catalogue under one generalization.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ClassTable {
    /// What the classes are of.
    pub told: Stated,
    /// The classes, in no promised order.
    pub classes: Vec<TableClass>,
    /// How many titles the catalogue has.
    pub titles: u32,
    /// What the largest title holds of the whole catalogue.
    pub top_title: TopTitle,
    /// What is lost of each side field in groups, 0 to 1.
    pub side_loss: BTreeMap<SideField, f64>,
}

/// One class with what its numbers lose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableClass {
    /// What every measure asks of it.
    pub class: Class,
    /// Whether it leaves as the one symbol `other`.
    pub other: bool,
    /// Its durations, where they leave.
    pub duration: Option<NumberSums>,
    /// Its bit rates, where they leave.
    pub bitrate: Option<NumberSums>,
}

/// The values of one number in a class: all of one bucket, but in the class `other`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumberSums {
    /// The bucket; `None` where the value is missing, and in the class `other`.
    pub bucket: Option<Bucket>,
    /// Files that have a value.
    pub files: u64,
    /// Sum of the values; 0 in the class `other`, as are the next two.
    pub sum: u128,
    /// Sum of their squares.
    pub squares: u128,
    /// Sum of their distances from the midpoint.
    pub error: u128,
}

impl ClassTable {
    /// How many files the catalogue has.
    pub fn files(&self) -> u64 {
        self.classes.iter().map(|class| u64::from(class.class.files)).sum()
    }
}
