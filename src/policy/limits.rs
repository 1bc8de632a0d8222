//! Limits on risk: the names, their defaults, `NAME=VALUE`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::AttackLimit;

/// A limit that can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LimitsError {
    /// No limit of that name.
    #[error("unknown limit `{name}`: the limits are {known}")]
    Unknown {
        /// The name as written.
        name: String,
        /// The limits there are.
        known: String,
    },
    /// Not `NAME=VALUE`.
    #[error("`{text}` is not a limit: write it like `k_titles=20`")]
    Malformed {
        /// What was read.
        text: String,
    },
    /// An attacker with another number than it takes.
    #[error("the limit `{name}` must be written {attacker}@N, where N is {range}")]
    At {
        /// The name as written.
        name: String,
        /// The attacker.
        attacker: String,
        /// What N may be.
        range: &'static str,
    },
    /// A value out of range.
    #[error("the limit {name}={value} must be {range}")]
    Range {
        /// The limit.
        name: String,
        /// Its value as written.
        value: String,
        /// What is allowed.
        range: &'static str,
    },
}

/// Every limit that a catalogue can be held to, by the name of its JSON key.
///
/// | name | default | holds when |
/// | --- | --- | --- |
/// | `k_titles` | 20 | classes under it hold at most `exposed_share` of the files and of the plays |
/// | `k_series` | 5 | likewise, series or albums |
/// | `exposed_share` | 0.001 | the share that may lie in smaller classes |
/// | `largest_title_share@X` | 0.001 at 0.2 | at most this share of the files lies where one title holds X of the class |
/// | `largest_title_share_plays@X` | 0.01 at 0.8 | the same by popularity |
/// | `title_uniform` | 0.05 | title re-identification, uniform prior, overall and for each kind |
/// | `title_popularity` | none | title re-identification, popularity prior |
/// | `title_popularity_gain` | none | the same over the blind guess |
/// | `sequence@N` | none | at most this share of the stretches of N linked plays of a series or album, seen in order, name it |
/// | `sequence_plays@N` | none | the same where a stretch is played as often as its first file |
/// | `known-library@N` | none | at most this share of the files of a known library of N titles are named by title |
///
/// X is any of 0.2, 0.5, 0.8. N is 1 to 12 plays, or 2 titles or more: each N is a limit of its own. For the last three
/// an attacker runs ([`AttackLimit`]); one that a catalogue gives nothing to, as no series has N titles or no more than
/// N titles are there, breaks nothing and is reported as not applicable. In a file their names, like all with `@`, are
/// quoted: `"sequence@3" = 0.01`.
///
/// ```
/// use coarsen::policy::Limits;
/// let mut limits = Limits::default();
/// limits.set("k_titles=50")?;
/// assert_eq!(limits.get("k_titles"), Some(50.0));
/// assert_eq!(limits.get("exposed_share"), Some(0.001));
/// # Ok::<(), coarsen::policy::LimitsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Limits(BTreeMap<String, f64>);

/// Whole numbers are written as such: `k_titles = 20`.
impl Serialize for Limits {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, &value) in &self.0 {
            // Counts are checked to lie in 1..=2^32-1.
            if name.starts_with("k_") {
                map.serialize_entry(name, &(value as u32))?;
            } else {
                map.serialize_entry(name, &value)?;
            }
        }
        map.end()
    }
}

const NAMES: [&str; 12] = [
    "k_titles",
    "k_series",
    "exposed_share",
    "largest_title_share@0.2",
    "largest_title_share@0.5",
    "largest_title_share@0.8",
    "largest_title_share_plays@0.2",
    "largest_title_share_plays@0.5",
    "largest_title_share_plays@0.8",
    "title_uniform",
    "title_popularity",
    "title_popularity_gain",
];

impl Default for Limits {
    fn default() -> Self {
        let defaults = [
            ("k_titles", 20.0),
            ("k_series", 5.0),
            ("exposed_share", 0.001),
            ("largest_title_share@0.2", 0.001),
            ("largest_title_share_plays@0.8", 0.01),
            ("title_uniform", 0.05),
        ];
        Self(defaults.map(|(name, value)| (name.to_owned(), value)).into())
    }
}

/// Limits on attackers alone. A share out of 0..1, or an attacker of no play, is refused where the limits are checked.
impl FromIterator<(AttackLimit, f64)> for Limits {
    fn from_iter<I: IntoIterator<Item = (AttackLimit, f64)>>(attacks: I) -> Self {
        Self(attacks.into_iter().map(|(attack, allowed)| (attack.to_string(), allowed)).collect())
    }
}

impl Limits {
    /// No limit at all.
    pub fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// The value of a limit, where it is set.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }

    /// The limits that are set, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(name, &value)| (name.as_str(), value))
    }

    /// The limits that an attacker must run for, in the order of their names.
    pub fn attacks(&self) -> impl Iterator<Item = (AttackLimit, f64)> {
        // Names that can't be read were refused when they were set or checked.
        self.iter().filter_map(|(name, value)| Some((AttackLimit::of_name(name)?.ok()?, value)))
    }

    /// The limits without those that an attacker must run for.
    #[must_use]
    pub fn without_attacks(&self) -> Self {
        let mut limits = self.clone();
        limits.0.retain(|name, _| AttackLimit::of_name(name).is_none());
        limits
    }

    /// Sets one limit from `NAME=VALUE`; `NAME=none` lifts it, but for `exposed_share`, which goes with the k's.
    ///
    /// # Errors
    /// [`LimitsError`]: no such limit, or a value out of range.
    pub fn set(&mut self, text: &str) -> Result<(), LimitsError> {
        let malformed = || LimitsError::Malformed { text: text.to_owned() };
        let (name, value) = text.split_once('=').ok_or_else(malformed)?;
        let (name, value) = (name.trim(), value.trim());
        if value == "none" {
            known(name)?;
            if name == "exposed_share" {
                let (name, value) = (name.to_owned(), value.to_owned());
                let range = "a share from 0 to 1; lift `k_titles` and `k_series` instead";
                return Err(LimitsError::Range { name, value, range });
            }
            self.0.remove(name);
            return Ok(());
        }
        let number: f64 = value.parse().map_err(|_| malformed())?;
        check(name, number)?;
        self.0.insert(name.to_owned(), number);
        Ok(())
    }

    /// The limits of a file over the defaults.
    ///
    /// # Errors
    /// [`LimitsError`]: a name or a value that [`Limits::set`] would refuse.
    pub fn over_defaults(stated: &Self) -> Result<Self, LimitsError> {
        stated.check()?;
        let mut limits = Self::default();
        limits.0.extend(stated.0.clone());
        Ok(limits)
    }

    /// The same limits as a file states them, so that [`Limits::over_defaults`] holds to the same: a default that was
    /// lifted is written with the value that nothing breaks.
    #[must_use]
    pub fn stated(&self) -> Self {
        let mut stated = self.clone();
        for (name, _) in Self::default().iter() {
            // A class holds at least one title and series, and no share is over 1.
            stated.0.entry(name.to_owned()).or_insert(1.0);
        }
        stated
    }

    /// Whether every name and value is one that [`Limits::set`] takes.
    pub(super) fn check(&self) -> Result<(), LimitsError> {
        self.iter().try_for_each(|(name, value)| check(name, value))
    }
}

fn known(name: &str) -> Result<(), LimitsError> {
    if NAMES.contains(&name) {
        return Ok(());
    }
    match AttackLimit::of_name(name) {
        Some(found) => found.map(|_| ()),
        None => {
            let known = format!("{}, sequence@N, sequence_plays@N, known-library@N", NAMES.join(", "));
            Err(LimitsError::Unknown { name: name.to_owned(), known })
        }
    }
}

fn check(name: &str, value: f64) -> Result<(), LimitsError> {
    known(name)?;
    let (fits, range) = match name {
        "k_titles" | "k_series" => {
            (value.fract() == 0.0 && (1.0..=4_294_967_295.0).contains(&value), "a whole number from 1")
        }
        "title_popularity_gain" => (value.is_finite() && value >= 1.0, "a factor of at least 1"),
        _ => ((0.0..=1.0).contains(&value), "a share from 0 to 1"),
    };
    if fits {
        return Ok(());
    }
    Err(LimitsError::Range { name: name.to_owned(), value: value.to_string(), range })
}
