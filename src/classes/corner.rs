//! Boxes of joint buckets that leave as the one symbol `other`.

use crate::catalogue::{Catalogue, CatalogueError, SideField};
use crate::policy::{Condition, Field};
use crate::rounding::Bucket;

/// What a box asks of one number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbers {
    /// Nothing.
    #[default]
    Any,
    /// A value in the range.
    In(Bucket),
    /// No value.
    Missing,
}

impl Numbers {
    fn holds(self, value: Option<u32>) -> bool {
        match self {
            Self::Any => true,
            Self::In(range) => value.is_some_and(|value| range.contains(u64::from(value))),
            Self::Missing => value.is_none(),
        }
    }
}

/// One box: a file lies in it when its raw values meet every condition. The policy's form is an
/// [`Other`](crate::policy::Other).
///
/// A column that the catalogue lacks counts as missing in every file, as it does in a class key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corner {
    /// The durations in it, in ms.
    pub duration: Numbers,
    /// The bit rates in it, in bit/s.
    pub bitrate: Numbers,
    /// For each side field that it names the values in it; `None` is a missing value.
    pub side: Vec<(SideField, Vec<Option<String>>)>,
}

impl Corner {
    /// The box of a policy's conditions.
    ///
    /// # Errors
    /// [`CatalogueError::UnknownSideField`] for a field that no catalogue holds; [`CatalogueError::Mapping`] for a
    /// range of numbers in a side field, which is matched and not rounded.
    pub(super) fn of_conditions(conditions: Vec<(&Field, Condition)>) -> Result<Self, CatalogueError> {
        let mut corner = Self::default();
        for (field, condition) in conditions {
            let numbers = match &condition {
                Condition::Range(range) => Some(Numbers::In(*range)),
                Condition::Missing => Some(Numbers::Missing),
                Condition::AnyOf(_) => None,
            };
            match (field.name.as_str(), numbers, condition) {
                ("duration", Some(numbers), _) => corner.duration = numbers,
                ("bitrate", Some(numbers), _) => corner.bitrate = numbers,
                (name, None, Condition::AnyOf(values)) => corner.side.push((name.parse()?, values)),
                (name, ..) => {
                    let problem = "a box by a range of it can't be judged by this version; declare the field as a \
                                   category and list its values";
                    return Err(CatalogueError::Mapping {
                        text: name.to_owned(),
                        problem: problem.to_owned(),
                    });
                }
            }
        }
        corner.side.sort_unstable_by_key(|(field, _)| *field);
        Ok(corner)
    }
}

/// Boxes with their names looked up in one catalogue, to ask many files.
pub struct Inside<'a> {
    catalogue: &'a Catalogue,
    boxes: Vec<Resolved<'a>>,
}

struct Resolved<'a> {
    corner: &'a Corner,
    /// The side fields that the catalogue has, and for each index of their values whether it is in the box.
    side: Vec<(SideField, Vec<bool>)>,
}

impl<'a> Inside<'a> {
    /// Looks the names up. A box that names a value the catalogue doesn't hold is merely emptier.
    pub fn of(corners: &'a [Corner], catalogue: &'a Catalogue) -> Self {
        let resolve = |corner: &'a Corner| {
            let mut side = Vec::new();
            for (field, values) in &corner.side {
                match catalogue.side(*field) {
                    Some(column) => {
                        let known = |name: &String| values.iter().any(|value| value.as_ref() == Some(name));
                        let known = column.names().iter().map(known);
                        side.push((*field, known.chain([values.contains(&None)]).collect()));
                    }
                    None if values.contains(&None) => {}
                    None => return None,
                }
            }
            Some(Resolved { corner, side })
        };
        Self { catalogue, boxes: corners.iter().filter_map(resolve).collect() }
    }

    /// Whether the file lies in any box. O(boxes x fields).
    pub fn holds(&self, file: usize) -> bool {
        if self.boxes.is_empty() {
            return false;
        }
        let catalogue = self.catalogue;
        let duration = Some(catalogue.duration_ms()[file]);
        let bitrate = catalogue.bitrate_bps().and_then(|rates| rates[file]).map(std::num::NonZeroU32::get);
        self.boxes.iter().any(|Resolved { corner, side }| {
            let known = |(field, known): &(SideField, Vec<bool>)| {
                catalogue.side(*field).is_some_and(|column| known[column.index(file)])
            };
            corner.duration.holds(duration) && corner.bitrate.holds(bitrate) && side.iter().all(known)
        })
    }
}
