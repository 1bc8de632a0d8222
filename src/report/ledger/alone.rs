//! A field by itself, run through the code that enforces the policy.

use crate::policy::{
    Columns, Consent, Content, Day, Field, FieldType, Play, Policy, PolicyError, Sent, Value, json_line,
};
use crate::rounding::Partition;

/// Long before anything expires.
const ONCE: Day = Day::new(1, 1, 1);

/// A policy of one field without boxes.
pub(super) struct Alone(Policy);

impl Alone {
    /// # Errors
    /// None for a field of a policy: it was checked there.
    pub fn new(field: &Field) -> Result<Self, PolicyError> {
        // What it is derived from is not in a policy of one field, and no matter to what leaves.
        let field = Field { derived_from: Vec::new(), ..field.clone() };
        Policy::new("alone", 1, vec![field], Vec::new()).map(Self)
    }

    /// What leaves of a value when every switch is on, its content fits and the day is that; `None` where nothing does.
    fn with<T>(
        &self,
        value: Value<'_>,
        as_of: Option<Day>,
        take: impl FnOnce(Sent<'_>, Vec<u8>) -> T,
    ) -> Option<T> {
        let field = &self.0.fields()[0];
        let (values, consent) = ([value], Consent::none().with(&field.consent));
        let play = Play::new(&values).of(field.content.unwrap_or(Content::Personal));
        let sent = self.0.generalize(&play, &consent, as_of.unwrap_or(ONCE)).ok()?;
        let ping = sent.pings().next()?;
        let (_, value) = ping.fields().next()?;
        let mut line = Vec::new();
        json_line(&ping, Columns::default(), &mut line);
        Some(take(value, line))
    }

    /// The number that leaves for a number.
    pub fn representative(&self, value: u64) -> Option<u64> {
        self.with(Value::Number(value), None, |sent, _| match sent {
            Sent::Number { representative, .. } => Some(representative),
            _ => None,
        })?
    }

    /// A value of a play, and the line that leaves for it as of that day; `None` where nothing does.
    pub fn example(&self, as_of: Day) -> (Value<'_>, Option<String>) {
        let value = self.value();
        let line =
            self.with(value, Some(as_of), |_, line| String::from_utf8_lossy(&line).trim_end().to_owned());
        (value, line)
    }

    /// A value that the field may hold, of a size that its buckets are made for.
    fn value(&self) -> Value<'_> {
        let field = &self.0.fields()[0];
        let usual = match field.kind {
            FieldType::Duration => 5_423_417,
            FieldType::Bitrate => 4_870_213,
            FieldType::Integer => 3,
            FieldType::Category => {
                let groups = field.parsed_groups().ok().flatten();
                let first = groups.and_then(|groups| Some(groups.groups().first()?.1.first()?.clone()));
                return Value::Text(
                    first.and_then(|first| self.in_text(&first)).unwrap_or_else(|| known(field)),
                );
            }
            FieldType::Flag => return Value::Flag(true),
        };
        let last =
            field.parsed_rounding().ok().flatten().map_or(0, |rounding| rounding.bucket(u64::MAX).from);
        // The last bucket tells least of how values are rounded.
        let within = if last > 0 && usual >= last { last / 2 + last / 7 } else { usual };
        Value::Number(within)
    }

    /// A value as it stands in the rounding's own text.
    fn in_text(&self, value: &str) -> Option<&str> {
        let text = self.0.fields()[0].rounding.as_str();
        text.find(value).map(|at| &text[at..at + value.len()])
    }
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
