//! The keys of a line of JSON, of which only those that are wanted are read.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::read_json::JsonPlayError;
use super::{CONSENT, Consent};

/// A value of a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar<'a> {
    Missing,
    Number(u64),
    Text(Cow<'a, str>),
    Flag(bool),
    NotWhole,
    Nested,
}

/// What is asked of a key.
#[derive(Clone, Copy)]
pub(super) enum Wanted {
    Nothing,
    Scalar,
    Switches,
}

/// What a key holds, as far as it is wanted.
pub(super) enum Got<'a> {
    Nothing,
    Scalar(Scalar<'a>),
    Switches(Result<Stated, JsonPlayError>),
}

/// The switches that a play states: those that are on, and those that are off.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Stated {
    pub on: Consent,
    pub off: Vec<String>,
}

/// Walks the keys of an object. What isn't wanted is skipped without being read: only its syntax is followed. The
/// first error of `got` is returned once the syntax of the whole line is known to be good.
pub(super) fn each_key<'a>(
    line: &'a [u8],
    wanted: impl Fn(&str) -> Wanted,
    got: impl FnMut(&str, Got<'a>) -> Result<(), JsonPlayError>,
) -> Result<(), JsonPlayError> {
    let syntax = |error: serde_json::Error| JsonPlayError::Syntax { problem: error.to_string() };
    if line.trim_ascii_start().first().is_some_and(|&first| first != b'{') {
        // Whether that is JSON or not: serde's own message would show it.
        return Err(JsonPlayError::NoObject);
    }
    let mut read = serde_json::Deserializer::from_slice(line);
    let mut found = Ok(());
    read.deserialize_map(Keys { wanted, got, found: &mut found }).map_err(syntax)?;
    read.end().map_err(syntax)?;
    found
}

struct Keys<'e, W, G> {
    wanted: W,
    got: G,
    found: &'e mut Result<(), JsonPlayError>,
}

impl<'de, W, G> Visitor<'de> for Keys<'_, W, G>
where
    W: Fn(&str) -> Wanted,
    G: FnMut(&str, Got<'de>) -> Result<(), JsonPlayError>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Text)? {
            let got = match (self.wanted)(&key) {
                Wanted::Nothing => {
                    map.next_value::<IgnoredAny>()?;
                    Got::Nothing
                }
                Wanted::Scalar => Got::Scalar(map.next_value_seed(AnyScalar)?),
                Wanted::Switches => Got::Switches(map.next_value_seed(Switches)?),
            };
            if self.found.is_ok() {
                *self.found = (self.got)(&key, got);
            }
        }
        Ok(())
    }
}

/// Text, borrowed where nothing in it is escaped.
struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// Any value: one that no column holds is told from one that is no JSON.
struct AnyScalar;

impl<'de> DeserializeSeed<'de> for AnyScalar {
    type Value = Scalar<'de>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyScalar {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Missing)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Flag(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Scalar::Number(number))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Scalar::NotWhole)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Scalar::NotWhole)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nested)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nested)
    }
}

/// The switches: `{"playback": true, "crash": false}`, or null where none is stated.
struct Switches;

impl<'de> DeserializeSeed<'de> for Switches {
    type Value = Result<Stated, JsonPlayError>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Switches {
    type Value = Result<Stated, JsonPlayError>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("switches")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Ok(Stated::default()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Err(JsonPlayError::Consent))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Err(JsonPlayError::Consent))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Err(JsonPlayError::Consent))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Err(JsonPlayError::Consent))
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(Err(JsonPlayError::Consent))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Err(JsonPlayError::Consent))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut names, mut stated) = (HashSet::new(), Ok(Stated::default()));
        while let Some(name) = map.next_key_seed(Text)? {
            let value = map.next_value_seed(AnyScalar)?;
            stated = match (stated, value) {
                (Ok(_), _) if names.contains(&name) => {
                    Err(JsonPlayError::Twice { key: format!("{CONSENT}.{name}") })
                }
                (Ok(Stated { on, off }), Scalar::Flag(true)) => Ok(Stated { on: on.with(&name), off }),
                (Ok(Stated { on, mut off }), Scalar::Flag(false)) => {
                    off.push(name.clone().into_owned());
                    Ok(Stated { on, off })
                }
                (Ok(stated), Scalar::Missing) => Ok(stated),
                (Ok(_), _) => Err(JsonPlayError::Consent),
                (Err(error), _) => Err(error),
            };
            names.insert(name);
        }
        Ok(stated)
    }
}
