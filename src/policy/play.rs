//! One play as a client holds it, and what of it leaves.

use crate::rounding::Bucket;

/// A value of a play.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing known.
    #[default]
    Missing,
    /// Milliseconds, bit/s or a count.
    Number(u64),
    /// The name of a category.
    Text(&'a str),
    /// Yes or no.
    Flag(bool),
}

impl Value<'_> {
    /// What it is, in a word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Missing => "nothing",
            Self::Number(_) => "a whole number",
            Self::Text(_) => "text",
            Self::Flag(_) => "yes or no",
        }
    }
}

/// Whose content was played: a promise may treat the two apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// The owner's own; what a play is that doesn't say.
    #[default]
    Personal,
    /// Provided by a service.
    Provided,
}

impl Content {
    /// Either.
    pub const ALL: [Self; 2] = [Self::Personal, Self::Provided];

    /// The one of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|content| content.name() == word)
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Provided => "provided",
        }
    }
}

/// One play: a value for each of [`Policy::columns`](super::Policy::columns), in that order.
///
/// ```
/// use coarsen::policy::{Content, Play, Value};
/// let play = Play::new(&[Value::Number(5_400_000), Value::Text("hevc")]).of(Content::Personal);
/// assert_eq!(play.values().len(), 2);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Play<'a> {
    values: &'a [Value<'a>],
    content: Content,
}

impl<'a> Play<'a> {
    /// A play of personal content.
    #[inline]
    pub fn new(values: &'a [Value<'a>]) -> Self {
        Self { values, content: Content::Personal }
    }

    /// The same of that content.
    #[must_use]
    #[inline]
    pub fn of(self, content: Content) -> Self {
        Self { content, ..self }
    }

    /// The values, in the order of the policy's columns.
    #[inline]
    pub fn values(&self) -> &'a [Value<'a>] {
        self.values
    }

    /// Whose content was played.
    #[inline]
    pub fn content(&self) -> Content {
        self.content
    }
}

/// What leaves of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent<'a> {
    /// That nothing is known.
    Missing,
    /// A bucket, and the number that stands for it.
    Number {
        /// The number.
        representative: u64,
        /// The bucket.
        bucket: Bucket,
    },
    /// A name: the value's, or its group's.
    Text(&'a str),
    /// Yes or no.
    Flag(bool),
}

/// Why nothing of a field leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// Its switch is off.
    Consent,
    /// Its day has come.
    Expired,
    /// It is for content of the other kind.
    Content,
    /// Its rounding is `drop`.
    Dropped,
}

/// A play that a policy can't be applied to. Values never stand in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlayError {
    /// Not a value for each column.
    #[error("the play has {found} values, and the policy reads {wanted} columns: {columns}")]
    Columns {
        /// How many the policy reads.
        wanted: usize,
        /// How many there are.
        found: usize,
        /// Their names.
        columns: String,
    },
    /// Room for fewer values than leave.
    #[error(
        "there is room for {found} values, and {wanted} leave: make room for one of each field of the policy"
    )]
    Room {
        /// How many leave.
        wanted: usize,
        /// For how many there is room.
        found: usize,
    },
    /// A value of another type than the field's.
    #[error("`{column}` holds {found}, and field `{field}` of ping `{ping}` wants {wanted}")]
    Type {
        /// The column.
        column: String,
        /// The field.
        field: String,
        /// Its ping.
        ping: String,
        /// What the field holds.
        wanted: &'static str,
        /// What is there, in a word.
        found: &'static str,
    },
}
