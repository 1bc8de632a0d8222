//! One field of a policy.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::plan::standing;
use super::{Content, Day, PolicyError, Standing, Value};
use crate::rounding::{Groups, Rounding, RoundingError};
use crate::units::Dimension;

/// What kind of value a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// Integer milliseconds.
    Duration,
    /// Integer bit/s.
    Bitrate,
    /// A plain integer.
    Integer,
    /// One of a set of names.
    Category,
    /// Yes or no.
    Flag,
}

impl FieldType {
    /// The dimension of a number, `None` for a name or a flag.
    pub fn dimension(self) -> Option<Dimension> {
        match self {
            Self::Duration => Some(Dimension::Duration),
            Self::Bitrate => Some(Dimension::Bitrate),
            Self::Integer => Some(Dimension::Integer),
            Self::Category | Self::Flag => None,
        }
    }

    /// Whether a field of it holds the value; one of any type may hold nothing.
    pub fn holds(self, value: Value<'_>) -> bool {
        match value {
            Value::Missing => true,
            Value::Number(_) => self.dimension().is_some(),
            Value::Text(_) => self == Self::Category,
            Value::Flag(_) => self == Self::Flag,
        }
    }

    /// What a value of it is, in words.
    pub fn wanted(self) -> &'static str {
        match self {
            Self::Duration => "whole milliseconds",
            Self::Bitrate => "whole bits per second",
            Self::Integer => "a whole number",
            Self::Category => "text",
            Self::Flag => "yes or no",
        }
    }
}

/// What leaves of a rounded number besides its representative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The bucket's edges, as `NAME_from` and `NAME_to`.
    pub interval: bool,
    /// The bucket in words, as `NAME_label`.
    pub label: bool,
}

impl Columns {
    /// The columns in which a field leaves, in the order in which they stand in what leaves.
    pub fn of(self, name: &str, kind: FieldType) -> Vec<String> {
        let mut columns = vec![name.to_owned()];
        if kind.dimension().is_some() {
            if self.interval {
                columns.extend([format!("{name}_from"), format!("{name}_to")]);
            }
            if self.label {
                columns.push(format!("{name}_label"));
            }
        }
        columns
    }
}

/// What a field describes, and so who could match on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// The file: a catalogue can hold it, so it belongs to the class key.
    #[default]
    Media,
    /// The player.
    Client,
    /// This playback.
    Session,
}

/// The number that stands for a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "`midpoint`, `lower`, or a table of a value per open bucket")]
pub enum Representative {
    /// The midpoint; of the open top bucket its lower edge.
    #[default]
    #[serde(skip)]
    Midpoint,
    /// `"midpoint"` or `"lower"`.
    Named(NamedRepresentative),
    /// The midpoint, and for the open bucket that starts at the key, the value.
    PerOpenBucket(BTreeMap<String, String>),
}

/// The named representatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NamedRepresentative {
    /// The middle of the bucket.
    Midpoint,
    /// The lower edge of the bucket.
    Lower,
}

/// One field that may leave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The ping it leaves in.
    #[serde(default = "default_ping")]
    pub ping: String,
    /// Its name in what leaves.
    pub name: String,
    /// Where it comes from; the name where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// What it describes.
    #[serde(default)]
    pub about: About,
    /// How it is rounded, in the grammar of [`Rounding`]; of a category `keep`, `drop` or [`Groups`].
    pub rounding: String,
    /// The number that stands for a bucket.
    #[serde(default, skip_serializing_if = "is_default")]
    pub representative: Representative,
    /// The fields it is computed from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub derived_from: Vec<String>,
    /// The switch that governs it.
    pub consent: String,
    /// Whose content it leaves for; both where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// What it is for, in a sentence.
    pub purpose: String,
    /// What it is, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How telling it is.
    pub sensitivity: String,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The day from which it is no longer emitted.
    pub expires: Day,
}

fn default_ping() -> String {
    "play".to_owned()
}

fn is_default(representative: &Representative) -> bool {
    *representative == Representative::default()
}

impl Field {
    /// Where the value comes from.
    pub fn column(&self) -> &str {
        self.column.as_deref().unwrap_or(&self.name)
    }

    /// The columns in which it may leave, whatever is asked for: its name, and of a number the bucket's edges and label.
    pub fn outgoing(&self) -> Vec<String> {
        Columns { interval: true, label: true }.of(&self.name, self.kind)
    }

    /// The rounding of a number; `None` for a category or flag.
    ///
    /// # Errors
    /// A [`RoundingError`] where the text can't be read: that of a category too, see [`Field::parsed_groups`].
    pub fn parsed_rounding(&self) -> Result<Option<Rounding>, RoundingError> {
        match self.kind.dimension() {
            Some(dimension) => Rounding::parse(&self.rounding, dimension).map(Some),
            None => self.parsed_groups().map(|_| None),
        }
    }

    /// The groups in which a category is told; `None` for one that is kept or dropped, for a flag and for a number.
    ///
    /// # Errors
    /// A [`RoundingError`] where a category is neither kept, dropped nor grouped, or a flag neither kept nor dropped.
    pub fn parsed_groups(&self) -> Result<Option<Groups>, RoundingError> {
        match self.kind {
            FieldType::Duration | FieldType::Bitrate | FieldType::Integer => Ok(None),
            _ if ["keep", "drop"].contains(&self.rounding.as_str()) => Ok(None),
            FieldType::Category if self.rounding.starts_with("groups:") => {
                Groups::parse(&self.rounding).map(Some)
            }
            FieldType::Category | FieldType::Flag => {
                Err(RoundingError::Category { text: self.rounding.clone() })
            }
        }
    }

    /// What stands for a bucket of a number; `None` for a category or flag.
    ///
    /// # Errors
    /// [`PolicyError::Rounding`] where the rounding can't be read, [`PolicyError::Representative`] where the
    /// representative doesn't lie in its bucket.
    pub fn standing(&self) -> Result<Option<Standing>, PolicyError> {
        let rounding = self.parsed_rounding().map_err(|source| PolicyError::Rounding {
            field: self.name.clone(),
            ping: self.ping.clone(),
            source: Box::new(source),
        })?;
        rounding.map(|rounding| standing(self, &rounding)).transpose()
    }

    /// Whether anything of it leaves.
    pub fn is_emitted(&self) -> bool {
        self.rounding.trim() != "drop"
    }
}
