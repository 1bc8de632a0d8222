//! A ping as a line of JSON: the bytes that leave.

use super::{FieldType, OTHER, Ping, Sent};
use crate::rounding::Bucket;
use crate::units::Dimension;

/// What leaves of a rounded number besides its representative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The bucket's edges, as `NAME_from` and `NAME_to`.
    pub interval: bool,
    /// The bucket in words, as `NAME_label`.
    pub label: bool,
}

/// Appends a ping as a line of JSON, its line break included.
///
/// The keys are the fields that leave, in the policy's order: of a number `NAME`, then `NAME_from`, `NAME_to` (null
/// where the bucket is open) and `NAME_label` as the columns ask; a value that isn't known is null in each of them.
/// What lies in a box of `[[other]]` is `{"other":true}`, and what lies in none of its ping's boxes ends in
/// `"other":false`. The same ping gives the same bytes. O(fields + text), and no allocation but for labels and the
/// buffer's own growth.
///
/// ```
/// use coarsen::policy::{Columns, Consent, Play, Policy, Value, json_line};
/// let policy = Policy::from_toml(r#"
///     schema = "coarsen.policy/1"
///     name = "playback"
///     version = 1
///     [[field]]
///     name = "duration"
///     type = "duration"
///     rounding = "floor:5min"
///     consent = "playback"
///     purpose = "Stall rates by length."
///     sensitivity = "fingerprint"
///     expires = "2031-12-31"
/// "#)?;
/// let (play, consent) = ([Value::Number(5_123_000)], Consent::none().with("playback"));
/// let sent = policy.generalize(&Play::new(&play), &consent, "2026-11-24".parse()?)?;
/// let mut line = Vec::new();
/// for ping in sent.pings() {
///     json_line(&ping, Columns { interval: true, label: true }, &mut line);
/// }
/// let bytes = concat!(
///     r#"{"duration":5250000,"duration_from":5100000,"duration_to":5400000,"duration_label":"85-90 min"}"#,
///     "\n",
/// );
/// assert_eq!(String::from_utf8(line)?, bytes);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn json_line(ping: &Ping<'_>, columns: Columns, out: &mut Vec<u8>) {
    let mut line = Line { out, first: true };
    line.out.push(b'{');
    for (field, sent) in ping.fields() {
        let name = &field.name;
        match (field.kind.dimension(), sent) {
            (Some(dimension), Sent::Number { representative, bucket }) => {
                line.key(name, "").number(representative);
                line.rest(name, columns, Some((dimension, bucket)));
            }
            (Some(_), _) => {
                line.key(name, "").raw("null");
                line.rest(name, columns, None);
            }
            (None, Sent::Text(text)) => line.key(name, "").text(text),
            (None, Sent::Flag(flag)) => line.key(name, "").raw(if flag { "true" } else { "false" }),
            (None, Sent::Missing | Sent::Number { .. }) => line.key(name, "").raw("null"),
        }
    }
    if ping.has_boxes() {
        line.key(OTHER, "").raw(if ping.is_other() { "true" } else { "false" });
    }
    line.out.extend(b"}\n");
}

impl Columns {
    /// The columns in which a field leaves, in the order of [`json_line`]'s keys.
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

struct Line<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
}

impl Line<'_> {
    /// A field's name is letters, digits, `_` and `-`, so there is nothing to escape.
    fn key(&mut self, name: &str, ending: &str) -> &mut Self {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
        for part in ["\"", name, ending, "\":"] {
            self.out.extend(part.as_bytes());
        }
        self
    }

    fn rest(&mut self, name: &str, columns: Columns, number: Option<(Dimension, Bucket)>) {
        if columns.interval {
            self.key(name, "_from").optional(number.map(|(_, bucket)| bucket.from));
            self.key(name, "_to").optional(number.and_then(|(_, bucket)| bucket.to));
        }
        if columns.label {
            let label = self.key(name, "_label");
            match number {
                Some((dimension, bucket)) => label.text(&dimension.human_range(bucket.from, bucket.to)),
                None => label.raw("null"),
            }
        }
    }

    fn raw(&mut self, text: &str) {
        self.out.extend(text.as_bytes());
    }

    fn optional(&mut self, number: Option<u64>) {
        match number {
            Some(number) => self.number(number),
            None => self.raw("null"),
        }
    }

    fn number(&mut self, number: u64) {
        serde_json::to_writer(&mut *self.out, &number).expect("a vector takes every number");
    }

    fn text(&mut self, text: &str) {
        serde_json::to_writer(&mut *self.out, text).expect("a vector takes every text");
    }
}
