//! A play read from a line of JSON, consent first.

use std::borrow::Cow;
use std::collections::HashSet;

use super::json_keys::{Got, Scalar, Stated, Wanted, each_key};
use super::{CONSENT, CONTENT, Consent, Content, Day, Play, Policy, Value};

/// A line that is no play. Values never stand in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonPlayError {
    /// Not JSON.
    #[error("not JSON: {problem}")]
    Syntax {
        /// What is wrong, with its line and column.
        problem: String,
    },
    /// JSON, but no object.
    #[error(
        "a play is a JSON object, like {{\"duration_ms\": 5400000, \"consent\": {{\"playback\": true}}}}"
    )]
    NoObject,
    /// A key twice, so that it has no one value.
    #[error("the key `{key}` stands twice: remove one")]
    Twice {
        /// The key.
        key: String,
    },
    /// A list or an object where a single value belongs.
    #[error("`{key}` holds a list or an object, and a column holds a single value")]
    Nested {
        /// The key.
        key: String,
    },
    /// A number that no column holds.
    #[error(
        "`{key}` holds a number that is not whole, negative or over 2^64 - 1: give whole numbers of its unit"
    )]
    NotWhole {
        /// The key.
        key: String,
    },
    /// A value that is no name.
    #[error("`{key}` is a name: text or a whole number")]
    NoName {
        /// The key.
        key: String,
    },
    /// Switches that can't be read.
    #[error("`consent` is an object of switches, each true or false, like {{\"playback\": true}}")]
    Consent,
    /// Another word for whose content was played.
    #[error("`content` is \"personal\" or \"provided\"")]
    Content,
}

impl JsonPlayError {
    /// The key that is to blame, where one is.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Twice { key } | Self::Nested { key } | Self::NotWhole { key } | Self::NoName { key } => {
                Some(key)
            }
            Self::Consent => Some(CONSENT),
            Self::Content => Some(CONTENT),
            Self::Syntax { .. } | Self::NoObject => None,
        }
    }
}

/// A play as a line of JSON states it, of which only the consent was looked at.
///
/// An object whose keys are a policy's columns; `consent` is an object of switches (`{"playback": true}`; absent or
/// null is off), `content` is `personal` (also where absent) or `provided`.
///
/// ```
/// use coarsen::policy::{JsonPlay, Policy};
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
/// let today = "2026-11-24".parse()?;
/// let line = br#"{"duration_ms": 5123000, "path": "/a/b.mkv", "consent": {"playback": true}}"#;
/// let read = JsonPlay::read(line)?;
/// assert!(read.consent().allows("playback"));
/// let held = read.values(&policy, read.consent(), today)?;
/// assert_eq!(held.unlisted, ["path"]);
/// let values = held.values();
/// assert_eq!(policy.generalize(&held.play(&values), read.consent(), today)?.pings().count(), 1);
///
/// // Opted out: nothing else is looked at, whatever it is.
/// let out = JsonPlay::read(br#"{"duration_ms": [1.5], "duration_ms": -1, "content": 7}"#)?;
/// assert!(out.values(&policy, out.consent(), today)?.unlisted.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct JsonPlay<'a> {
    line: &'a [u8],
    stated: Stated,
}

/// The values of a play that may leave, owned where JSON escapes them: see [`JsonPlay::values`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Held<'a> {
    values: Vec<Scalar<'a>>,
    /// Whose content was played; `personal` where no field that may leave asks ([`Policy::asks_content`]).
    pub content: Content,
    /// The keys that the policy doesn't list, in the play's order, each once.
    pub unlisted: Vec<String>,
}

impl<'a> JsonPlay<'a> {
    /// Reads the consent of a play. O(line), without looking at another value.
    ///
    /// # Errors
    /// [`JsonPlayError`] where the line is no JSON object, or its `consent` stands twice or can't be read.
    pub fn read(line: &'a [u8]) -> Result<Self, JsonPlayError> {
        let mut stated = None;
        let wanted = |key: &str| if key == CONSENT { Wanted::Switches } else { Wanted::Nothing };
        each_key(line, wanted, |key, got| match got {
            Got::Switches(_) if stated.is_some() => Err(JsonPlayError::Twice { key: key.to_owned() }),
            Got::Switches(consent) => {
                stated = Some(consent?);
                Ok(())
            }
            Got::Nothing | Got::Scalar(_) => Ok(()),
        })?;
        Ok(Self { line, stated: stated.unwrap_or_default() })
    }

    /// The switches that the play states as on.
    pub fn consent(&self) -> &Consent {
        &self.stated.on
    }

    /// Whether the play states that switch as off, which is more than not to state it: somebody else's word for it
    /// doesn't count then. O(switches).
    pub fn refuses(&self, switch: &str) -> bool {
        self.stated.off.iter().any(|off| off == switch)
    }

    /// The name that a key holds, such as that of a server: text, or a whole number as text. `None` where the key is
    /// absent or null. O(line).
    ///
    /// # Errors
    /// [`JsonPlayError::Twice`] for a key that stands twice, [`JsonPlayError::NoName`] for any other value.
    pub fn name(&self, key: &str) -> Result<Option<Cow<'a, str>>, JsonPlayError> {
        match self.only(key)? {
            Scalar::Missing => Ok(None),
            Scalar::Text(text) => Ok(Some(text)),
            Scalar::Number(number) => Ok(Some(Cow::Owned(number.to_string()))),
            _ => Err(JsonPlayError::NoName { key: key.to_owned() }),
        }
    }

    /// What one key holds; nothing where it is absent.
    fn only(&self, key: &str) -> Result<Scalar<'a>, JsonPlayError> {
        let mut held = None;
        let wanted = |other: &str| if other == key { Wanted::Scalar } else { Wanted::Nothing };
        each_key(self.line, wanted, |_, got| match got {
            Got::Scalar(_) if held.is_some() => Err(JsonPlayError::Twice { key: key.to_owned() }),
            Got::Scalar(scalar) => {
                held = Some(scalar);
                Ok(())
            }
            Got::Nothing | Got::Switches(_) => Ok(()),
        })?;
        Ok(held.unwrap_or(Scalar::Missing))
    }

    /// The values that may leave under that consent on that day, in the order of the policy's columns. A column of
    /// which nothing leaves counts as missing, and what stands there isn't looked at. O(line x columns).
    ///
    /// # Errors
    /// [`JsonPlayError`] where a column of which something may leave can't be read or stands twice, or `content`, where
    /// that decides what leaves. A play without consent to any field has none.
    pub fn values(&self, policy: &Policy, consent: &Consent, as_of: Day) -> Result<Held<'a>, JsonPlayError> {
        let columns = policy.columns();
        let mut held = Held { values: vec![Scalar::Missing; columns.len()], ..Held::default() };
        if !policy.fields().iter().any(|field| consent.allows(&field.consent)) {
            return Ok(held);
        }
        if policy.asks_content(consent, as_of) {
            held.content = self.content()?;
        }
        let mut wanted = vec![false; columns.len()];
        policy.reads(held.content, consent, as_of).for_each(|column| wanted[column] = true);
        let place = |key: &str| columns.iter().position(|column| column == key);
        let want = |key: &str| {
            if place(key).is_some_and(|at| wanted[at]) { Wanted::Scalar } else { Wanted::Nothing }
        };
        let (mut seen, mut unlisted) = (vec![false; columns.len()], HashSet::new());
        each_key(self.line, want, |key, got| {
            let Some(at) = place(key) else {
                if ![CONSENT, CONTENT].contains(&key) && unlisted.insert(key.to_owned()) {
                    held.unlisted.push(key.to_owned());
                }
                return Ok(());
            };
            let Got::Scalar(scalar) = got else { return Ok(()) };
            let key = || key.to_owned();
            match scalar {
                _ if std::mem::replace(&mut seen[at], true) => Err(JsonPlayError::Twice { key: key() }),
                Scalar::NotWhole => Err(JsonPlayError::NotWhole { key: key() }),
                Scalar::Nested => Err(JsonPlayError::Nested { key: key() }),
                scalar => {
                    held.values[at] = scalar;
                    Ok(())
                }
            }
        })?;
        Ok(held)
    }

    fn content(&self) -> Result<Content, JsonPlayError> {
        match self.only(CONTENT)? {
            Scalar::Missing => Ok(Content::default()),
            Scalar::Text(text) => Content::named(&text).ok_or(JsonPlayError::Content),
            _ => Err(JsonPlayError::Content),
        }
    }
}

impl Held<'_> {
    /// The values, for [`Held::play`].
    pub fn values(&self) -> Vec<Value<'_>> {
        let value = |scalar| match scalar {
            &Scalar::Number(number) => Value::Number(number),
            &Scalar::Flag(flag) => Value::Flag(flag),
            Scalar::Text(text) => Value::Text(text.as_ref()),
            // The other two were refused.
            Scalar::Missing | Scalar::NotWhole | Scalar::Nested => Value::Missing,
        };
        self.values.iter().map(value).collect()
    }

    /// The play of these values.
    pub fn play<'v>(&self, values: &'v [Value<'v>]) -> Play<'v> {
        Play::new(values).of(self.content)
    }
}
