//! For one play, what would be sent, byte for byte, and what would not and why.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::{Columns, Consent, Content, Day, Field, Held, PlayError, Policy, Sent, Withheld, json_line};

/// What leaves of one play, and what doesn't.
///
/// Every field of the policy is either in a line of [`sent`](Preview::sent), with a value, or in
/// [`not_sent`](Preview::not_sent), with the reason; every other key of the play is in
/// [`unlisted`](Preview::unlisted), unless no switch allows a look at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// The pings that leave, in the policy's order.
    pub sent: Vec<SentPing>,
    /// The fields of which no value leaves, in the policy's order.
    pub not_sent: Vec<NotSent>,
    /// The keys that the policy doesn't list: nothing of them leaves.
    pub unlisted: Vec<String>,
}

/// A ping that leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SentPing {
    /// Its name.
    pub ping: String,
    /// The line of JSON, its line break included.
    pub line: String,
}

/// A field of which no value leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotSent {
    /// Its ping.
    pub ping: String,
    /// Its name.
    pub field: String,
    /// Where its value would come from.
    pub column: String,
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
}

/// Why no value of a field leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Reason {
    /// Its switch is off.
    ConsentOff {
        /// The switch.
        switch: String,
    },
    /// It leaves only for content of the other kind.
    OtherContent {
        /// The content for which it leaves.
        only: Content,
    },
    /// Its day has come.
    Expired {
        /// The day.
        since: Day,
    },
    /// Its rounding is `drop`.
    Dropped,
    /// The ping leaves as the one symbol `other`.
    OtherBox {
        /// The box, as the policy writes it.
        when: BTreeMap<String, String>,
    },
    /// The play holds none: null leaves in its place.
    NoValue,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConsentOff { switch } => write!(f, "the switch `{switch}` is off"),
            Self::OtherContent { only } => write!(f, "it leaves only for {} content", only.name()),
            Self::Expired { since } => write!(f, "it expired on {since}"),
            Self::Dropped => f.write_str("its rounding is `drop`"),
            Self::OtherBox { when } => {
                let when: Vec<String> =
                    when.iter().map(|(name, text)| format!("{name} = \"{text}\"")).collect();
                write!(f, "the play lies in the [[other]] box {}", when.join(", "))
            }
            Self::NoValue => f.write_str("the play has no value: null is sent"),
        }
    }
}

impl Policy {
    /// The [`Preview`] of a play that was read. O(fields x columns).
    ///
    /// # Errors
    /// As [`Policy::generalize`].
    ///
    /// ```
    /// use coarsen::policy::{Columns, Consent, JsonPlay, Policy, Reason};
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
    /// let (today, columns) = ("2026-11-24".parse()?, Columns::default());
    /// let play = JsonPlay::read(br#"{"duration": 5123000, "path": "/a/b.mkv"}"#)?;
    ///
    /// let off = policy.preview(&play.values(&policy, play.consent(), today)?, play.consent(), today, columns)?;
    /// assert!(off.sent.is_empty());
    /// assert_eq!(off.not_sent[0].reason.to_string(), "the switch `playback` is off");
    ///
    /// let on = Consent::none().with("playback");
    /// let on = policy.preview(&play.values(&policy, &on, today)?, &on, today, columns)?;
    /// assert_eq!(on.sent[0].line, "{\"duration\":5250000}\n");
    /// assert_eq!(on.unlisted, ["path"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn preview(
        &self,
        held: &Held<'_>,
        consent: &Consent,
        as_of: Day,
        columns: Columns,
    ) -> Result<Preview, Box<PlayError>> {
        let values = held.values();
        let play = held.play(&values);
        let generalized = self.generalize(&play, consent, as_of)?;
        let sent = generalized.pings().map(|ping| {
            let mut line = Vec::new();
            json_line(&ping, columns, &mut line);
            let line = String::from_utf8_lossy(&line).into_owned();
            SentPing { ping: ping.name().to_owned(), line }
        });
        let mut not_sent = Vec::new();
        for name in self.pings() {
            let ping = generalized.pings().find(|ping| ping.name() == name);
            let in_box = ping.and_then(|ping| ping.in_box());
            let sent: Vec<(&Field, Sent<'_>)> = ping.map_or_else(Vec::new, |ping| ping.fields().collect());
            for field in self.fields_of(name) {
                let reason = match self.withheld(field, &play, consent, as_of) {
                    Some(withheld) => why(withheld, field),
                    None => match (in_box, sent.iter().find(|(other, _)| std::ptr::eq(*other, field))) {
                        (Some(other), _) => Reason::OtherBox { when: other.when.clone() },
                        (None, Some((_, Sent::Missing))) => Reason::NoValue,
                        (None, _) => continue,
                    },
                };
                let column = field.column().to_owned();
                not_sent.push(NotSent { ping: name.to_owned(), field: field.name.clone(), column, reason });
            }
        }
        Ok(Preview { sent: sent.collect(), not_sent, unlisted: held.unlisted.clone() })
    }
}

fn why(withheld: Withheld, field: &Field) -> Reason {
    match withheld {
        Withheld::Consent => Reason::ConsentOff { switch: field.consent.clone() },
        Withheld::Expired => Reason::Expired { since: field.expires },
        // Only a field that names its content is withheld for it.
        Withheld::Content => Reason::OtherContent { only: field.content.unwrap_or_default() },
        Withheld::Dropped => Reason::Dropped,
    }
}
