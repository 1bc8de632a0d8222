//! Field by field: whether the old ping told all that the new one does, proved on edges and names.

use serde::Serialize;

use super::pairs::Pair;
use super::side::goes_with;
use crate::policy::{Field, FieldType};
use crate::rounding::{Bucket, Groups, Joined, Rounding, RoundingError};
use crate::search::SearchError;
use crate::units::Dimension;

/// What a field of the new ping is to the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The old ping told the same.
    Same,
    /// It told more: the new one is a coarser nested partition.
    Nested,
    /// It is told apart what the old ping left together: the partitions cut each other, or the new one is finer.
    Cuts,
    /// The old ping told as much, under another switch or for other content alone.
    Elsewhere,
    /// The old ping told nothing of that column.
    Added,
}

impl Relation {
    /// Whether the old ping told all of it.
    pub fn adds_nothing(self) -> bool {
        matches!(self, Self::Same | Self::Nested)
    }
}

/// A field of the new ping beside what the old one told.
#[derive(Clone, Debug, Serialize)]
pub struct FieldDiff {
    /// The field.
    pub field: String,
    /// The column that it reads, by which it is matched up.
    pub column: String,
    /// How the old ping told of the column, a text for each of its fields.
    pub old: Vec<String>,
    /// How the new one does.
    pub new: String,
    /// What comes of it.
    pub relation: Relation,
    /// Of a number that both tell, the smallest buckets.
    pub smallest: Option<SmallestBuckets>,
}

/// The smallest buckets of a number over the whole line, the open one aside; `None` where nothing but that is told.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SmallestBuckets {
    /// What the numbers are.
    #[serde(skip)]
    pub dimension: Dimension,
    /// As the old ping told it.
    #[serde(serialize_with = "from_to")]
    pub old: Option<Bucket>,
    /// As the new one does.
    #[serde(serialize_with = "from_to")]
    pub new: Option<Bucket>,
    /// Both together.
    #[serde(serialize_with = "from_to")]
    pub join: Option<Bucket>,
}

fn from_to<S: serde::Serializer>(bucket: &Option<Bucket>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct FromTo {
        from: u64,
        to: Option<u64>,
    }
    bucket.map(|Bucket { from, to }| FromTo { from, to }).serialize(serializer)
}

/// How a field tells its column.
pub(super) enum Telling {
    Number(Rounding),
    Groups(Groups),
    Keep,
}

impl Telling {
    pub fn of(field: &Field) -> Result<Self, RoundingError> {
        if let Some(rounding) = field.parsed_rounding()? {
            return Ok(Self::Number(rounding));
        }
        Ok(field.parsed_groups()?.map_or(Self::Keep, Self::Groups))
    }

    fn is_nested_in(&self, coarser: &Self) -> bool {
        match (self, coarser) {
            (Self::Number(fine), Self::Number(coarse)) => fine.is_nested_in(coarse),
            (Self::Groups(fine), Self::Groups(coarse)) => fine.is_nested_in(coarse),
            (Self::Keep, Self::Keep | Self::Groups(_)) => true,
            (Self::Groups(_), Self::Keep) | (Self::Number(_), _) | (_, Self::Number(_)) => false,
        }
    }
}

/// Every field of the new ping that leaves. O(fields^2 x runs).
pub(super) fn told(pair: &Pair<'_>) -> Result<Vec<FieldDiff>, SearchError> {
    pair.new.fields().map(|field| one(pair, field)).collect()
}

fn one(pair: &Pair<'_>, field: &Field) -> Result<FieldDiff, SearchError> {
    let telling = Telling::of(field)?;
    let same_column = |old: &&Field| old.column() == field.column() && old.kind == field.kind;
    let old: Vec<&Field> = pair.old.iter().flat_map(|old| old.fields()).filter(same_column).collect();
    let mut relation = if old.is_empty() { Relation::Added } else { Relation::Cuts };
    let mut roundings = Vec::new();
    for old in &old {
        let told = Telling::of(old)?;
        if told.is_nested_in(&telling) {
            relation = match (goes_with(old, field), telling.is_nested_in(&told), relation) {
                (true, true, _) | (_, _, Relation::Same) => Relation::Same,
                (true, false, _) | (_, _, Relation::Nested) => Relation::Nested,
                _ => Relation::Elsewhere,
            };
        }
        if let Telling::Number(rounding) = told {
            roundings.push(rounding);
        }
    }
    Ok(FieldDiff {
        field: field.name.clone(),
        column: field.column().to_owned(),
        old: old.iter().map(|old| old.rounding.clone()).collect(),
        new: field.rounding.clone(),
        relation,
        smallest: smallest(field.kind, roundings, telling),
    })
}

fn smallest(kind: FieldType, old: Vec<Rounding>, new: Telling) -> Option<SmallestBuckets> {
    let (Some(dimension), Telling::Number(new), false) = (kind.dimension(), new, old.is_empty()) else {
        return None;
    };
    let join = Joined::of(dimension, old.iter().cloned().chain([new.clone()]));
    Some(SmallestBuckets {
        dimension,
        old: Joined::of(dimension, old).smallest_bucket(),
        new: new.smallest_bucket(),
        join: join.smallest_bucket(),
    })
}
