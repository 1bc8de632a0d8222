//! The policy file.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::check::{Wrong, check, check_said};
use super::consent::ESSENTIAL;
use super::place::Step;
use super::plan::{Blame, Plan};
use super::{Field, FieldType, Limits, LimitsError, Other, PolicyError, open_ended};
use crate::units::Dimension;

/// The schema this program reads and writes.
pub const SCHEMA: &str = "coarsen.policy/1";

/// The column that tells whether a ping left as the one symbol, where its policy has boxes.
pub const OTHER: &str = "other";

/// A policy: see the [room](super).
///
/// ```
/// use coarsen::policy::Policy;
/// let policy = Policy::from_toml(r#"
///     schema = "coarsen.policy/1"
///     name = "playback"
///     version = 1
///     [[field]]
///     name = "duration"
///     column = "duration_ms"
///     type = "duration"
///     rounding = "floor:5min"
///     consent = "playback"
///     purpose = "Stall rates by length."
///     sensitivity = "fingerprint"
///     expires = "2031-12-31"
/// "#)?;
/// assert_eq!(policy.pings(), ["play"]);
/// # Ok::<(), coarsen::policy::PolicyError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The policy's name.
    pub name: String,
    /// Rises with every change.
    pub version: u32,
    /// What it is, in a sentence.
    pub description: Option<String>,
    /// What the policy is held to.
    pub limits: Option<Limits>,
    /// How pings leave.
    pub release: Option<Release>,
    /// What was measured when the policy was chosen.
    pub justification: Option<Justification>,
    fields: Vec<Field>,
    others: Vec<Other>,
    plan: Plan,
}

/// A policy as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'a> {
    schema: Cow<'a, str>,
    name: Cow<'a, str>,
    version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limits: Option<Cow<'a, Limits>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    release: Option<Cow<'a, Release>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    justification: Option<Cow<'a, Justification>>,
    #[serde(rename = "field", default)]
    fields: Cow<'a, [Field]>,
    #[serde(rename = "other", default, skip_serializing_if = "<[Other]>::is_empty")]
    others: Cow<'a, [Other]>,
}

/// Whether pings can be linked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Link {
    /// No identifier.
    #[default]
    None,
    /// One identifier per server.
    Server,
    /// One identifier per session.
    Session,
}

/// How pings leave; by default at once, alone and linked by nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Whether pings can be linked.
    #[serde(default)]
    pub link: Link,
    /// Plays under one identifier.
    #[serde(default)]
    pub rotate: u32,
    /// How long a ping waits, `FROM..TO`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<String>,
    /// How many pings leave together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<u32>,
    /// Whether the order within a batch is random.
    #[serde(default)]
    pub shuffle: bool,
}

impl Release {
    /// How long a ping waits, in milliseconds, from the least to the most.
    ///
    /// # Errors
    /// [`PolicyError::Delay`] where it isn't written `FROM..TO`, the second not below the first.
    pub fn delay_ms(&self) -> Result<Option<(u64, u64)>, PolicyError> {
        let Some(text) = &self.delay else { return Ok(None) };
        let refuse = || PolicyError::Delay { text: text.clone() };
        let (from, to) = text.split_once("..").ok_or_else(refuse)?;
        let read = |text: &str| Dimension::Duration.parse(text).map_err(|_| refuse());
        let (from, to) = (read(from)?, read(to)?);
        if from > to { Err(refuse()) } else { Ok(Some((from, to))) }
    }

    /// Whether what is stated fits together; an error comes with the key that it is about.
    pub(crate) fn check(&self) -> Result<(), (&'static str, PolicyError)> {
        self.delay_ms().map_err(|error| ("delay", error))?;
        if self.batch == Some(0) || self.shuffle && self.batch.is_none() {
            return Err(("batch", PolicyError::Batch));
        }
        if self.link == Link::None && self.rotate > 0 {
            return Err(("rotate", PolicyError::Rotate));
        }
        Ok(())
    }
}

/// What the choice rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Justification {
    /// `sha256:` of the policy in canonical form without this table.
    pub policy: String,
    /// `sha256:` of `results.json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<String>,
    /// `sha256:` of the catalogue.
    pub catalogue: String,
    /// The figures.
    #[serde(default)]
    pub measured: Vec<Measured>,
}

/// What was measured of one field, or of a ping as a whole (`*`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// The ping.
    pub ping: String,
    /// The field, or `*`.
    pub field: String,
    /// Distinct titles per class, all but the exposed share of the files aside.
    pub k_titles: u64,
    /// Share of the files in classes under the limits.
    pub exposed_share: f64,
    /// Title re-identification under the uniform prior.
    pub title_uniform: f64,
}

impl Policy {
    /// A policy of this schema.
    ///
    /// # Errors
    /// A [`PolicyError`] where the fields and boxes contradict themselves or one another.
    pub fn new(
        name: &str,
        version: u32,
        fields: Vec<Field>,
        others: Vec<Other>,
    ) -> Result<Self, PolicyError> {
        check_said(Some(name), "name", || "the policy".to_owned())?;
        let plan = check(&fields, &others).map_err(|wrong| *wrong.error)?;
        Ok(Self {
            name: name.to_owned(),
            version,
            description: None,
            limits: None,
            release: None,
            justification: None,
            fields,
            others,
            plan,
        })
    }

    /// Reads and checks a policy. O(text + fields^2).
    ///
    /// # Errors
    /// A [`PolicyError`] that names the line and column, the field and the mend.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let written: Written<'static> =
            toml::from_str(text).map_err(|error| PolicyError::Toml(error.to_string()))?;
        let Written { schema, name, version, description, limits, release, justification, fields, others } =
            written;
        let at = |path: &[Step<'_>], error| PolicyError::at(text, path, error);
        if schema != SCHEMA {
            return Err(at(&[Step::Key("schema")], PolicyError::Schema { found: schema.into_owned() }));
        }
        for (key, text) in [("name", Some(&name)), ("description", description.as_ref())] {
            check_said(text, key, || "the policy".to_owned())
                .map_err(|error| at(&[Step::Key(key)], error))?;
            if let Some(words) = text.and_then(|text| open_ended(text)) {
                return Err(at(&[Step::Key(key)], PolicyError::OpenEnded { of: "policy".to_owned(), words }));
            }
        }
        if let Some(limits) = &limits {
            limits.check().map_err(|error| at(&[Step::Key("limits")], error.into()))?;
        }
        if let Some(release) = &release {
            release.check().map_err(|(key, error)| at(&[Step::Key("release"), Step::Key(key)], error))?;
        }
        let plan = check(&fields, &others).map_err(|Wrong { at: blame, error }| {
            let (list, place, key) = match blame {
                Some((Blame::Field(place), key)) => ("field", place, key),
                Some((Blame::Other(place), key)) => ("other", place, key),
                None => return *error,
            };
            at(&[Step::Key(list), Step::Place(place), Step::Key(key)], *error)
        })?;
        Ok(Self {
            name: name.into_owned(),
            version,
            description: description.map(Cow::into_owned),
            limits: limits.map(Cow::into_owned),
            release: release.map(Cow::into_owned),
            justification: justification.map(Cow::into_owned),
            fields: fields.into_owned(),
            others: others.into_owned(),
            plan,
        })
    }

    /// The policy as TOML, which [`Policy::from_toml`] reads back.
    ///
    /// # Errors
    /// [`PolicyError::Toml`] where a number is out of TOML's range.
    #[cfg(feature = "harness")]
    pub fn to_toml(&self) -> Result<String, PolicyError> {
        self.written(self.justification.as_ref())
    }

    /// The text that the justification hashes: the whole policy without that table.
    ///
    /// # Errors
    /// [`PolicyError::Toml`] where a number is out of TOML's range.
    #[cfg(feature = "harness")]
    pub fn canonical(&self) -> Result<String, PolicyError> {
        self.written(None)
    }

    #[cfg(feature = "harness")]
    fn written(&self, justification: Option<&Justification>) -> Result<String, PolicyError> {
        let written = Written {
            schema: Cow::Borrowed(SCHEMA),
            name: Cow::Borrowed(&self.name),
            version: self.version,
            description: self.description.as_deref().map(Cow::Borrowed),
            limits: self.limits.as_ref().map(Cow::Borrowed),
            release: self.release.as_ref().map(Cow::Borrowed),
            justification: justification.map(Cow::Borrowed),
            fields: Cow::Borrowed(&self.fields),
            others: Cow::Borrowed(&self.others),
        };
        toml::to_string(&written).map_err(|error| PolicyError::Toml(error.to_string()))
    }

    /// What it is held to: its own limits over the defaults.
    ///
    /// # Errors
    /// A [`LimitsError`] for limits that were set after the policy was read, and that it would have refused.
    pub fn limits_over_defaults(&self) -> Result<Limits, LimitsError> {
        self.limits.as_ref().map_or_else(|| Ok(Limits::default()), Limits::over_defaults)
    }

    /// The fields that may leave.
    #[inline]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The joint buckets that leave as one symbol.
    pub fn others(&self) -> &[Other] {
        &self.others
    }

    /// The columns that a play is read from, each once: the order of a [`Play`](super::Play)'s values.
    pub fn columns(&self) -> &[String] {
        &self.plan.columns
    }

    /// What each of the columns holds.
    pub fn kinds(&self) -> &[FieldType] {
        &self.plan.kinds
    }

    /// The switches that govern fields, `essential` aside, in the order in which they appear.
    pub fn switches(&self) -> Vec<&str> {
        let mut switches: Vec<&str> = Vec::new();
        for field in &self.fields {
            if field.consent != ESSENTIAL && !switches.contains(&field.consent.as_str()) {
                switches.push(&field.consent);
            }
        }
        switches
    }

    /// The names of the pings, in the order in which they appear.
    pub fn pings(&self) -> Vec<&str> {
        self.plan.pings.iter().map(|ping| ping.name.as_str()).collect()
    }

    /// The fields of one ping.
    pub fn fields_of<'a>(&'a self, ping: &'a str) -> impl Iterator<Item = &'a Field> {
        self.fields.iter().filter(move |field| field.ping == ping)
    }

    #[inline]
    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }
}
