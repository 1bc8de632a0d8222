//! A ping as a line of JSON: the bytes that leave.

use super::{Columns, OTHER, Ping, Sent};
use crate::rounding::Bucket;
use crate::units::Dimension;

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
    written(ping, columns, out).expect("a vector takes every number, text and flag");
}

fn written(ping: &Ping<'_>, columns: Columns, out: &mut Vec<u8>) -> serde_json::Result<()> {
    out.push(b'{');
    for (field, sent) in ping.fields() {
        let name = &field.name;
        match sent {
            Sent::Missing => pair(out, name, "", ())?,
            Sent::Number { representative, .. } => pair(out, name, "", representative)?,
            Sent::Text(text) => pair(out, name, "", text)?,
            Sent::Flag(flag) => pair(out, name, "", flag)?,
        }
        if let Some(dimension) = field.kind.dimension() {
            let bucket = if let Sent::Number { bucket, .. } = sent { Some(bucket) } else { None };
            pairs_of_bucket(out, name, columns, dimension, bucket)?;
        }
    }
    if ping.has_boxes() {
        pair(out, OTHER, "", ping.is_other())?;
    }
    out.extend(b"}\n");
    Ok(())
}

/// Appends a key and its value to an object that is open. The name of a field is letters, digits, `_` and `-`: nothing
/// in it is escaped.
pub(crate) fn pair(
    out: &mut Vec<u8>,
    name: &str,
    ending: &str,
    value: impl serde::Serialize,
) -> serde_json::Result<()> {
    let comma = if out.last() == Some(&b'{') { "" } else { "," };
    for part in [comma, "\"", name, ending, "\":"] {
        out.extend(part.as_bytes());
    }
    serde_json::to_writer(out, &value)
}

/// Appends what the columns ask of a number besides its representative; null where no bucket is known.
pub(crate) fn pairs_of_bucket(
    out: &mut Vec<u8>,
    name: &str,
    columns: Columns,
    dimension: Dimension,
    bucket: Option<Bucket>,
) -> serde_json::Result<()> {
    if columns.interval {
        pair(out, name, "_from", bucket.map(|bucket| bucket.from))?;
        pair(out, name, "_to", bucket.and_then(|bucket| bucket.to))?;
    }
    if columns.label {
        pair(out, name, "_label", bucket.map(|bucket| dimension.human_range(bucket.from, bucket.to)))?;
    }
    Ok(())
}
