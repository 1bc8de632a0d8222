//! A column of ids: integers or text.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use polars::prelude::DataType;
use rayon::slice::ParallelSliceMut;

use super::cell::Cell;
use super::column::{FILL, Reader};
use crate::catalogue::CatalogueError;

/// An id as it stands.
#[derive(Clone, Copy)]
enum Id<'a> {
    Integer(i64),
    Text(&'a str),
}

/// Ids with a number each, by first appearance.
#[derive(Default)]
struct Seen {
    integers: HashMap<i64, u32>,
    texts: HashMap<Box<str>, u32>,
}

impl Seen {
    /// The number of an id, which is `new` where it hasn't been seen.
    fn number(&mut self, id: Id<'_>, new: u32) -> u32 {
        match id {
            Id::Integer(id) => *self.integers.entry(id).or_insert(new),
            Id::Text(id) => match self.texts.get(id) {
                Some(&number) => number,
                None => *self.texts.entry(id.into()).or_insert(new),
            },
        }
    }

    fn len(&self) -> usize {
        self.integers.len() + self.texts.len()
    }
}

impl Reader<'_> {
    /// Ids, none of which may be missing: equal ones have equal numbers, of no particular size.
    pub fn all_ids(&self) -> Result<Vec<u32>, CatalogueError> {
        let mut ids = Vec::new();
        self.ids(|row, id| {
            ids.push(id.ok_or_else(|| self.error(row, "no value", FILL))?);
            Ok(())
        })?;
        Ok(ids)
    }

    /// Ids as of [`Reader::all_ids`], where some may be missing.
    pub fn some_ids(&self) -> Result<Vec<Option<u32>>, CatalogueError> {
        let mut ids = Vec::new();
        self.ids(|_, id| {
            ids.push(id);
            Ok(())
        })?;
        Ok(ids)
    }

    fn ids(
        &self,
        mut take: impl FnMut(usize, Option<u32>) -> Result<(), CatalogueError>,
    ) -> Result<(), CatalogueError> {
        // Integers of 32 bits number themselves, and nothing need be held of them.
        let small = self.are_small()?;
        let mut seen = Seen::default();
        self.each_id(|row, id| {
            let number = match id {
                None => None,
                Some(Id::Integer(id)) if small => u32::try_from(id).ok(),
                Some(id) => {
                    let new = u32::try_from(seen.len()).map_err(|_| self.too_many(u64::from(u32::MAX)))?;
                    Some(seen.number(id, new))
                }
            };
            take(row, number)
        })
    }

    fn are_small(&self) -> Result<bool, CatalogueError> {
        let Some(first) = (self.parts)().next() else { return Ok(true) };
        match first?.dtype() {
            DataType::UInt16 | DataType::UInt32 => return Ok(true),
            dtype if !dtype.is_integer() => return Ok(false),
            _ => {}
        }
        let mut small = true;
        self.each_id(|_, id| {
            small &= id.is_none_or(|id| matches!(id, Id::Integer(id) if u32::try_from(id).is_ok()));
            Ok(())
        })?;
        Ok(small)
    }

    /// Checks that no id stands twice, and none is missing.
    pub fn unique_ids(&self) -> Result<(), CatalogueError> {
        // Ids that differ may have one key where they are texts, so keys tell only which ids to look at.
        let key = |id: Id<'_>| match id {
            Id::Integer(id) => id.cast_unsigned() ^ 1 << 63,
            Id::Text(id) => {
                let mut hasher = DefaultHasher::new();
                id.hash(&mut hasher);
                hasher.finish()
            }
        };
        let mut keys: Vec<u64> = Vec::new();
        self.each_id(|row, id| {
            keys.push(key(id.ok_or_else(|| self.error(row, "no value", FILL))?));
            Ok(())
        })?;
        if keys.is_sorted_by(|a, b| a < b) {
            return Ok(());
        }
        keys.par_sort_unstable();
        let twice: HashSet<u64> = keys.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]).collect();
        drop(keys);
        if twice.is_empty() {
            return Ok(());
        }
        let mut seen = Seen::default();
        self.each_id(|row, id| {
            let Some(id) = id.filter(|&id| twice.contains(&key(id))) else { return Ok(()) };
            // There are fewer than 2^32 rows.
            let first = seen.number(id, row as u32);
            if first == row as u32 {
                return Ok(());
            }
            let problem = format!("the same file id as row {}", u64::from(first) + 1);
            Err(self.error(row, problem, "give every file an id of its own"))
        })
    }

    /// Shows every id with its row. A column of decimals holds none.
    fn each_id(
        &self,
        mut show: impl FnMut(usize, Option<Id<'_>>) -> Result<(), CatalogueError>,
    ) -> Result<(), CatalogueError> {
        let refuse = |row: usize| self.error(row, "an id with decimals", "give integers or text");
        let mut decimals = false;
        self.each(|row, cell| match cell {
            Cell::Missing => show(row, None),
            Cell::Integer(id) => show(row, Some(Id::Integer(id))),
            Cell::Text(id) => show(row, Some(Id::Text(id))),
            Cell::Float(Some(_)) => Err(refuse(row)),
            Cell::Float(None) => {
                decimals = true;
                Ok(())
            }
        })?;
        if decimals { Err(refuse(0)) } else { Ok(()) }
    }
}
