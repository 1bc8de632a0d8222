//! A field by itself, run through the code that enforces the policy.

use crate::policy::{
    Columns, Consent, Content, Day, Field, FieldType, Play, Policy, PolicyError, Sent, Value, json_line,
};
use crate::rounding::{Partition, Rounding};

/// A day on which nothing has expired that expires on [`NEVER`].
const ONCE: Day = Day::new(1, 1, 1);
const NEVER: Day = Day::new(9999, 12, 31);

/// A field, in policies that hold it alone, without boxes.
pub(super) struct Alone<'f> {
    field: &'f Field,
    as_it_is: Policy,
    /// The same field before it expires.
    in_force: Policy,
    /// Of a category, a value that it may hold.
    name: String,
}

impl<'f> Alone<'f> {
    /// # Errors
    /// None for a field of a policy: it was checked there.
    pub fn new(field: &'f Field) -> Result<Self, PolicyError> {
        // What it is derived from is not in a policy of one field, and no matter to what leaves.
        let alone = |expires| {
            let field = Field { derived_from: Vec::new(), expires, ..field.clone() };
            Policy::new("alone", 1, vec![field], Vec::new())
        };
        let groups = field.parsed_groups().ok().flatten();
        let grouped = groups.and_then(|groups| Some(groups.groups().first()?.1.first()?.clone()));
        let name = grouped.unwrap_or_else(|| known(field).to_owned());
        Ok(Self { field, as_it_is: alone(field.expires)?, in_force: alone(NEVER)?, name })
    }

    /// The number that leaves for a number.
    pub fn representative(&self, value: u64) -> Option<u64> {
        leaving(&self.in_force, Value::Number(value), ONCE, |sent, _| match sent {
            Sent::Number { representative, .. } => Some(representative),
            _ => None,
        })?
    }

    /// A value of a play, and the line that leaves for it as of that day; `None` where nothing does.
    pub fn example(&self, as_of: Day) -> (Value<'_>, Option<String>) {
        let value = self.value();
        let line = leaving(&self.as_it_is, value, as_of, |_, line| {
            String::from_utf8_lossy(&line).trim_end().to_owned()
        });
        (value, line)
    }

    /// A value that the field may hold, of a size that its buckets are made for.
    fn value(&self) -> Value<'_> {
        let usual: u64 = match self.field.kind {
            FieldType::Duration => 5_423_417,
            FieldType::Bitrate => 4_870_000,
            FieldType::Integer => 3,
            FieldType::Category => return Value::Text(&self.name),
            FieldType::Flag => return Value::Flag(true),
        };
        let rounding = self.field.parsed_rounding().ok().flatten();
        let width = rounding.as_ref().and_then(Rounding::width);
        let usual =
            width.map_or(usual, |width| usual.min(width.saturating_mul(37).saturating_add(width / 3)));
        let last = rounding.map_or(0, |rounding| rounding.bucket(u64::MAX).from);
        // The last bucket tells least of how values are rounded.
        let within = if last > 0 && usual >= last { last / 2 + last / 7 } else { usual };
        Value::Number(within)
    }
}

/// What leaves of a value of a policy's one field on that day, when every switch is on and its content fits; `None` where
/// nothing does.
fn leaving<T>(
    policy: &Policy,
    value: Value<'_>,
    as_of: Day,
    take: impl FnOnce(Sent<'_>, Vec<u8>) -> T,
) -> Option<T> {
    let field = policy.fields().first()?;
    let (values, consent) = ([value], Consent::none().with(&field.consent));
    let play = Play::new(&values).of(field.content.unwrap_or(Content::Personal));
    let sent = policy.generalize(&play, &consent, as_of).ok()?;
    let ping = sent.pings().next()?;
    let (_, value) = ping.fields().next()?;
    let mut line = Vec::new();
    json_line(&ping, Columns::default(), &mut line);
    Some(take(value, line))
}

/// A value that a category of that column may hold; a column that isn't known holds a text of no meaning.
fn known(field: &Field) -> &'static str {
    match field.column() {
        "resolution" => "1080p",
        "video_codec" | "codec" => "hevc",
        "audio_codec" => "aac",
        "container" => "mkv",
        "kind" => "movie",
        "genre" => "drama",
        _ => "any text",
    }
}
