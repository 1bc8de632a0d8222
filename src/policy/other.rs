//! Joint buckets that leave as the one symbol `other`.
//!
//! A product of per-field buckets has rare corners that no width of one field mends. An `[[other]]` entry is a box of
//! such joint buckets, fixed in advance from a public catalogue; whatever lies in any box of a ping leaves as the one
//! symbol `other`, without any field. The symbol is a signal like every other output (Wong, Fu, Wang and Pei 2007:
//! *Minimality attack in privacy preserving data publishing*), so everything that judges a policy counts the files
//! behind it as one class.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{About, Field, PolicyError};
use crate::rounding::{Bucket, Partition};
use crate::units::Dimension;

/// A box of joint buckets emitted as one symbol: what meets every condition of `when` lies in it.
///
/// | condition | of | holds for |
/// | --- | --- | --- |
/// | `1h..3h`, `3h..`, `..20min` | a rounded number | values in the half-open range `[from, to)` |
/// | `480p`, `480p\|576p` | a category that is kept | these values, as written |
/// | empty text | either | a missing value; in a list of values an empty item |
///
/// A field that the box doesn't name is free. The ends of a range lie on bucket edges of the field's rounding, so a
/// box is a union of joint buckets: whether a file lies in it says nothing that its buckets don't.
///
/// ```
/// use coarsen::policy::Policy;
/// let text = |range: &str| format!(r#"
///     schema = "coarsen.policy/1"
///     name = "playback"
///     version = 1
///     [[field]]
///     name = "duration"
///     type = "duration"
///     rounding = "floor:30min"
///     consent = "playback"
///     purpose = "Stall rates by length."
///     sensitivity = "fingerprint"
///     expires = "2031-12-31"
///     [[other]]
///     when = {{ duration = "{range}" }}
/// "#);
/// assert!(Policy::from_toml(&text("3h..")).is_ok());
/// let error = Policy::from_toml(&text("100min..")).unwrap_err().to_string();
/// assert!(error.contains("100 min is no edge of floor:30min: the nearest are 90 min and 2 h"), "{error}");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Other {
    /// The ping; `play` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ping: Option<String>,
    /// Field by field, the range or values that it covers.
    pub when: BTreeMap<String, String>,
}

/// What a box asks of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// A number in the half-open range.
    Range(Bucket),
    /// No number.
    Missing,
    /// One of these values; `None` is a missing one.
    AnyOf(Vec<Option<String>>),
}

impl Other {
    /// The name of its ping.
    pub fn ping(&self) -> &str {
        self.ping.as_deref().unwrap_or("play")
    }

    /// Its conditions over the fields of a policy, each with the field that it asks, in the order of their names.
    /// O(fields).
    ///
    /// # Errors
    /// [`PolicyError::OtherOfAll`] without any condition; [`PolicyError::Other`] for a field that isn't in the ping,
    /// doesn't leave, or that no catalogue holds, and for a range that doesn't rise or ends between two edges.
    pub fn conditions<'p>(&self, fields: &'p [Field]) -> Result<Vec<(&'p Field, Condition)>, PolicyError> {
        if self.when.is_empty() {
            return Err(PolicyError::OtherOfAll { ping: self.ping().to_owned() });
        }
        self.when.iter().map(|(name, text)| self.condition(fields, name, text)).collect()
    }

    fn condition<'p>(
        &self,
        fields: &'p [Field],
        name: &str,
        text: &str,
    ) -> Result<(&'p Field, Condition), PolicyError> {
        let refuse = |problem: String| PolicyError::Other {
            ping: self.ping().to_owned(),
            field: name.to_owned(),
            text: text.to_owned(),
            problem,
        };
        let in_ping = |field: &&Field| field.ping == self.ping();
        let Some(field) = fields.iter().filter(in_ping).find(|field| field.name == name) else {
            let known: Vec<&str> = fields.iter().filter(in_ping).map(|f| f.name.as_str()).collect();
            let known = if known.is_empty() { "it has none".to_owned() } else { known.join(", ") };
            return Err(refuse(format!("the ping has no such field; its fields: {known}")));
        };
        if field.about != About::Media {
            return Err(refuse(
                "the field describes no file, so no catalogue can tell what lies in the box; name a media field"
                    .to_owned(),
            ));
        }
        if !field.is_emitted() {
            return Err(refuse(
                "the field doesn't leave, and a box by its values would tell of them; leave it out of the box"
                    .to_owned(),
            ));
        }
        let rounding = field.parsed_rounding().map_err(|source| refuse(source.to_string()))?;
        let Some((rounding, dimension)) = rounding.zip(field.kind.dimension()) else {
            let value = |item: &str| (!item.is_empty()).then(|| item.to_owned());
            return Ok((field, Condition::AnyOf(text.split('|').map(value).collect())));
        };
        if text.is_empty() {
            return Ok((field, Condition::Missing));
        }
        let (from, to) = text.split_once("..").ok_or_else(|| {
            refuse("write the range as FROM..TO, FROM.. or ..TO, or leave it empty for no value".to_owned())
        })?;
        let end = |text: &str| match text.trim() {
            "" => Ok(None),
            number => dimension.parse(number).map(Some).map_err(|error| refuse(error.to_string())),
        };
        let range = Bucket { from: end(from)?.unwrap_or(0), to: end(to)? };
        if range.to.is_some_and(|to| to <= range.from) {
            return Err(refuse(
                "the range must rise: the first end is in it, the second above it".to_owned(),
            ));
        }
        for edge in [Some(range.from), range.to].into_iter().flatten() {
            let bucket = rounding.bucket(edge);
            if bucket.from != edge {
                let near: Vec<String> = [Some(bucket.from), bucket.to]
                    .into_iter()
                    .flatten()
                    .map(|e| dimension.human(e))
                    .collect();
                let (edge, many) = (dimension.human(edge), if near.len() == 1 { "is" } else { "are" });
                let near = near.join(" and ");
                return Err(refuse(format!("{edge} is no edge of {rounding}: the nearest {many} {near}")));
            }
        }
        Ok((field, Condition::Range(range)))
    }
}

impl Condition {
    /// As `when` writes it, numbers with the units of that dimension.
    pub fn written(&self, dimension: Dimension) -> String {
        match self {
            Self::AnyOf(values) => {
                let values: Vec<&str> = values.iter().map(|value| value.as_deref().unwrap_or("")).collect();
                values.join("|")
            }
            Self::Range(range) => {
                let from = if range.from == 0 { String::new() } else { dimension.compact(range.from) };
                format!("{from}..{}", range.to.map(|to| dimension.compact(to)).unwrap_or_default())
            }
            Self::Missing => String::new(),
        }
    }
}
