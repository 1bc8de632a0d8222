//! The policy file.

use serde::{Deserialize, Serialize};

use super::{Field, Limits, Other, PolicyError};

/// The schema this program reads and writes.
pub const SCHEMA: &str = "coarsen.policy/1";

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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    schema: String,
    /// The policy's name.
    pub name: String,
    /// Rises with every change.
    pub version: u32,
    /// What the policy is held to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// How pings leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// What was measured when the policy was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<Justification>,
    /// The fields that may leave.
    #[serde(rename = "field", default)]
    pub fields: Vec<Field>,
    /// Joint buckets emitted as one symbol.
    #[serde(rename = "other", default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Other>,
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

/// How pings leave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// A [`PolicyError`] where the fields contradict one another.
    pub fn new(name: &str, version: u32, fields: Vec<Field>) -> Result<Self, PolicyError> {
        let policy = Self {
            schema: SCHEMA.to_owned(),
            name: name.to_owned(),
            version,
            limits: None,
            release: None,
            justification: None,
            fields,
            others: Vec::new(),
        };
        policy.check()?;
        Ok(policy)
    }

    /// Reads and checks a policy.
    ///
    /// # Errors
    /// A [`PolicyError`] that names the field and the mend.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let policy: Self = toml::from_str(text).map_err(|error| PolicyError::Toml(error.to_string()))?;
        policy.check()?;
        Ok(policy)
    }

    /// The policy as TOML, which [`Policy::from_toml`] reads back.
    ///
    /// # Errors
    /// [`PolicyError::Toml`] where a number is out of TOML's range.
    #[cfg(feature = "harness")]
    pub fn to_toml(&self) -> Result<String, PolicyError> {
        toml::to_string(self).map_err(|error| PolicyError::Toml(error.to_string()))
    }

    /// The text that the justification hashes: the whole policy without that table.
    ///
    /// # Errors
    /// [`PolicyError::Toml`] where a number is out of TOML's range.
    #[cfg(feature = "harness")]
    pub fn canonical(&self) -> Result<String, PolicyError> {
        Self { justification: None, ..self.clone() }.to_toml()
    }

    /// The names of the pings, in the order in which they appear.
    pub fn pings(&self) -> Vec<&str> {
        let mut pings: Vec<&str> = Vec::new();
        for field in &self.fields {
            if !pings.contains(&field.ping.as_str()) {
                pings.push(&field.ping);
            }
        }
        pings
    }

    /// The fields of one ping.
    pub fn fields_of<'a>(&'a self, ping: &'a str) -> impl Iterator<Item = &'a Field> {
        self.fields.iter().filter(move |field| field.ping == ping)
    }

    fn check(&self) -> Result<(), PolicyError> {
        if self.schema != SCHEMA {
            return Err(PolicyError::Schema { found: self.schema.clone() });
        }
        if self.fields.is_empty() {
            return Err(PolicyError::Empty);
        }
        if let Some(limits) = &self.limits {
            limits.check()?;
        }
        for (i, field) in self.fields.iter().enumerate() {
            check_name("ping", &field.ping)?;
            check_name("field", &field.name)?;
            let (name, ping) = (field.name.clone(), field.ping.clone());
            if self.fields[..i].iter().any(|other| other.name == name && other.ping == ping) {
                return Err(PolicyError::Twice { field: name, ping });
            }
            field.parsed_rounding().map_err(|source| PolicyError::Rounding {
                field: name,
                ping,
                source: Box::new(source),
            })?;
            for origin in &field.derived_from {
                if !self.fields.iter().any(|other| other.name == *origin) {
                    let (field, origin) = (field.name.clone(), origin.clone());
                    return Err(PolicyError::UnknownOrigin { field, origin });
                }
            }
        }
        self.others.iter().try_for_each(|other| other.conditions(self).map(|_| ()))
    }
}

fn check_name(what: &'static str, name: &str) -> Result<(), PolicyError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(plain) {
        return Ok(());
    }
    Err(PolicyError::Name { what, name: name.to_owned() })
}
