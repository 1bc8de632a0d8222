//! Policies as text, plays for them, and what should leave, read naively from the text's own parts.

use coarsen::policy::{Consent, Content, Day, Generalized, Play, Policy, Sent, Value};
use coarsen::rounding::{Bucket, Groups, Partition, Rounding};
use coarsen::units::Dimension;
use proptest::prelude::*;

pub const SWITCHES: [&str; 4] = ["essential", "playback", "crash", "own-switch"];
pub const DAYS: [&str; 3] = ["2026-01-01", "2026-11-24", "2031-12-31"];
const NUMBERS: [(&str, &str, &[&str]); 3] = [
    (
        "duration",
        "duration",
        &[
            "keep",
            "drop",
            "floor:5min",
            "nearest:30s",
            "ceil:1min",
            "floor:5min@90s+top:3h",
            "edges:20min,45min,2h",
        ],
    ),
    (
        "bitrate",
        "bitrate",
        &["keep", "log:8", "bits:4", "digits:2", "ladder:apple_hls_h264", "log:1+bottom:64kbps"],
    ),
    ("stalls", "integer", &["keep", "drop", "edges:1,2,5", "floor:3"]),
];
const NAMES: [(&str, &str, &[&str]); 2] = [
    ("codec", "category", &["keep", "drop", "groups:old=h264|mpeg2,new=hevc|av1"]),
    ("direct", "flag", &["keep", "drop"]),
];
pub const CODECS: [&str; 5] = ["h264", "hevc", "vp9", "", "Straße \"quoted\""];

/// One field as it is written.
#[derive(Clone, Debug)]
pub struct FieldSketch {
    pub ping: &'static str,
    pub name: &'static str,
    pub kind: &'static str,
    pub rounding: &'static str,
    pub representative: &'static str,
    pub consent: &'static str,
    pub content: Option<Content>,
    pub expires: &'static str,
}

#[derive(Clone, Debug)]
pub struct PolicySketch {
    pub fields: Vec<FieldSketch>,
    /// Ping, and the lower end of a range of stalls.
    pub boxed: bool,
}

pub fn field() -> impl Strategy<Value = FieldSketch> {
    let of = NUMBERS.iter().chain(&NAMES).copied().collect::<Vec<_>>();
    let kinds = proptest::sample::select(of)
        .prop_flat_map(|(name, kind, roundings)| (Just((name, kind)), proptest::sample::select(roundings)));
    (
        proptest::sample::select(&["a", "b"][..]),
        kinds,
        proptest::sample::select(&["midpoint", "lower"][..]),
        proptest::sample::select(&SWITCHES[..]),
        proptest::option::of(prop_oneof![Just(Content::Personal), Just(Content::Provided)]),
        proptest::sample::select(&DAYS[..]),
    )
        .prop_map(|(ping, ((name, kind), rounding), representative, consent, content, expires)| {
            FieldSketch { ping, name, kind, rounding, representative, consent, content, expires }
        })
}

pub fn policy() -> impl Strategy<Value = PolicySketch> {
    (proptest::collection::vec(field(), 1..8), any::<bool>()).prop_map(|(fields, boxed)| {
        let mut kept: Vec<FieldSketch> = Vec::new();
        for field in fields {
            if !kept.iter().any(|other| (other.ping, other.name) == (field.ping, field.name)) {
                kept.push(field);
            }
        }
        PolicySketch { fields: kept, boxed }
    })
}

impl PolicySketch {
    pub fn toml(&self) -> String {
        let mut text = "schema = \"coarsen.policy/1\"\nname = \"drawn\"\nversion = 1\n".to_owned();
        for field in &self.fields {
            text += &format!(
                "[[field]]\nping = \"{}\"\nname = \"{}\"\ntype = \"{}\"\nrounding = \"{}\"\nconsent = \"{}\"\n\
                 purpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"{}\"\n",
                field.ping, field.name, field.kind, field.rounding, field.consent, field.expires
            );
            if field.kind != "category" && field.kind != "flag" {
                text += &format!("representative = \"{}\"\n", field.representative);
            }
            if let Some(content) = field.content {
                text += &format!("content = \"{}\"\n", content.name());
            }
        }
        for (ping, when) in self.boxes() {
            text += &format!("[[other]]\nping = \"{ping}\"\nwhen = {{ {when} }}\n");
        }
        text
    }

    /// A box over every kept stalls, codec and flag of each ping: three stalls and more of no codec or h264.
    fn boxes(&self) -> Vec<(&'static str, String)> {
        let of_ping = |ping: &'static str| {
            let conditions =
                self.fields.iter().filter(|field| field.ping == ping).filter_map(|field| {
                    match (field.name, field.rounding) {
                        ("stalls", "keep" | "floor:3") => Some("stalls = \"3..\""),
                        ("codec", "keep") => Some("codec = \"|h264\""),
                        ("codec", "groups:old=h264|mpeg2,new=hevc|av1") => Some("codec = \"|old\""),
                        ("direct", "keep") => Some("direct = \"true\""),
                        _ => None,
                    }
                });
            let when = conditions.collect::<Vec<_>>().join(", ");
            (self.boxed && !when.is_empty()).then_some((ping, when))
        };
        ["a", "b"].into_iter().filter_map(of_ping).collect()
    }

    fn is_boxed(
        &self,
        ping: &str,
        leaves: impl Fn(&FieldSketch) -> bool,
        value: impl Fn(&str) -> Value<'static>,
    ) -> bool {
        let mut any = false;
        for field in self.fields.iter().filter(|field| self.boxed && field.ping == ping) {
            let inside = match (field.name, field.rounding, value(field.name)) {
                ("stalls", "keep" | "floor:3", value) => matches!(value, Value::Number(3..)),
                ("codec", "keep", value) => matches!(value, Value::Missing | Value::Text("h264")),
                ("codec", "groups:old=h264|mpeg2,new=hevc|av1", value) => {
                    matches!(value, Value::Missing | Value::Text("h264" | "mpeg2"))
                }
                ("direct", "keep", value) => value == Value::Flag(true),
                _ => continue,
            };
            if !inside || !leaves(field) {
                return false;
            }
            any = true;
        }
        any
    }

    /// What should leave, as lines: read from the sketch alone.
    pub fn naive(
        &self,
        value: impl Fn(&str) -> Value<'static> + Copy,
        content: Content,
        switches: &[&str],
        as_of: &str,
    ) -> Vec<String> {
        let leaves = |field: &FieldSketch| {
            (field.consent == "essential" || switches.contains(&field.consent))
                && field.content.is_none_or(|of| of == content)
                // Days are written so that their text is in the order of time.
                && as_of < field.expires
                && field.rounding != "drop"
        };
        let mut pings: Vec<&str> = Vec::new();
        for field in &self.fields {
            if !pings.contains(&field.ping) {
                pings.push(field.ping);
            }
        }
        let mut lines = Vec::new();
        for ping in pings {
            let mut sent = self.fields.iter().filter(|field| field.ping == ping && leaves(field)).peekable();
            if sent.peek().is_none() {
                continue;
            }
            if self.is_boxed(ping, leaves, value) {
                lines.push(format!("{ping}: other"));
                continue;
            }
            for field in sent {
                lines.push(format!("{ping}.{}: {}", field.name, field.naive(value(field.name))));
            }
        }
        lines
    }
}

impl FieldSketch {
    fn naive(&self, value: Value<'static>) -> String {
        let dimension = match self.kind {
            "duration" => Dimension::Duration,
            "bitrate" => Dimension::Bitrate,
            _ => Dimension::Integer,
        };
        match value {
            Value::Missing => "missing".to_owned(),
            Value::Number(number) => {
                let bucket = Rounding::parse(self.rounding, dimension).unwrap().bucket(number);
                let middle = bucket.to.map_or(bucket.from, |to| bucket.from + (to - bucket.from) / 2);
                let representative = if self.representative == "lower" { bucket.from } else { middle };
                number_line(representative, bucket)
            }
            Value::Text(text) if self.rounding.starts_with("groups:") => {
                format!("{:?}", Groups::parse(self.rounding).unwrap().name(text))
            }
            Value::Text(text) => format!("{text:?}"),
            Value::Flag(flag) => flag.to_string(),
        }
    }
}

fn number_line(representative: u64, bucket: Bucket) -> String {
    format!("{representative} of {}..{:?}", bucket.from, bucket.to)
}

/// The same lines of what the policy lets leave.
pub fn lines(sent: Generalized<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for ping in sent.pings() {
        if ping.is_other() {
            assert_eq!(ping.fields().count(), 0);
            lines.push(format!("{}: other", ping.name()));
        }
        for (field, sent) in ping.fields() {
            let sent = match sent {
                Sent::Missing => "missing".to_owned(),
                Sent::Number { representative, bucket } => number_line(representative, bucket),
                Sent::Text(text) => format!("{text:?}"),
                Sent::Flag(flag) => flag.to_string(),
            };
            lines.push(format!("{}.{}: {sent}", ping.name(), field.name));
        }
    }
    lines
}

/// A play of every column that a sketch may name.
#[derive(Clone, Copy, Debug)]
pub struct PlaySketch {
    pub values: [Value<'static>; 5],
    pub content: Content,
}

const COLUMNS: [&str; 5] = ["duration", "bitrate", "stalls", "codec", "direct"];

pub fn play() -> impl Strategy<Value = PlaySketch> {
    let number = |typical: u64| {
        prop_oneof![
            Just(Value::Missing),
            (0..typical).prop_map(Value::Number),
            any::<u64>().prop_map(Value::Number)
        ]
    };
    let text = prop_oneof![Just(Value::Missing), proptest::sample::select(&CODECS[..]).prop_map(Value::Text)];
    let flag = prop_oneof![Just(Value::Missing), any::<bool>().prop_map(Value::Flag)];
    let content = prop_oneof![Just(Content::Personal), Just(Content::Provided)];
    (number(20_000_000), number(100_000_000), number(8), text, flag, content).prop_map(
        |(duration, bitrate, stalls, codec, direct, content)| PlaySketch {
            values: [duration, bitrate, stalls, codec, direct],
            content,
        },
    )
}

impl PlaySketch {
    pub fn value(&self, column: &str) -> Value<'static> {
        self.values[COLUMNS.iter().position(|name| *name == column).unwrap()]
    }

    /// The values in the policy's order.
    pub fn of(&self, policy: &Policy) -> Vec<Value<'static>> {
        policy.columns().iter().map(|column| self.value(column)).collect()
    }
}

pub fn switches() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(&SWITCHES[1..], 0..=3)
}

pub fn consent(switches: &[&str]) -> Consent {
    switches.iter().fold(Consent::none(), |consent, switch| consent.with(switch))
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// What leaves of a play, as lines.
pub fn sent(policy: &Policy, play: &PlaySketch, switches: &[&str], as_of: &str) -> Vec<String> {
    let values = play.of(policy);
    let consent = consent(switches);
    lines(policy.generalize(&Play::new(&values).of(play.content), &consent, day(as_of)).unwrap())
}

/// A family, a width, a seed and an end, of which [`number_policy`] writes a rounding.
pub fn any_rounding() -> impl Strategy<Value = (usize, u64, u64, usize)> {
    (0usize..12, 1u64..5_000_000_000, any::<u64>(), 0usize..5)
}

/// A policy of numbers, one for each rounding.
pub fn number_policy(roundings: &[(usize, u64, u64, usize)]) -> String {
    let mut text = "schema = \"coarsen.policy/1\"\nname = \"drawn\"\nversion = 1\n".to_owned();
    for (at, (family, width, seed, coded)) in roundings.iter().enumerate() {
        let (phase, low) = (seed % width, 1 + seed % 3_000);
        let base = match family {
            0 => format!("floor:{width}@{phase}"),
            1 => format!("nearest:{width}@{phase}"),
            2 => format!("ceil:{width}@{phase}"),
            3 => format!("floor:{low}"),
            4 => format!("edges:{low},{}", low + width),
            5 => format!("log:{}", 1 + seed % 8),
            family => ["log:16", "bits:3", "digits:1", "digits:3", "keep", "edges:1,2,3,4,5,6,7,8,9,10"]
                [family - 6]
                .to_owned(),
        };
        let (coding, lower) = match coded {
            0 => (String::new(), "representative = \"lower\"\n".to_owned()),
            1 => (format!("+bottom:{low}"), String::new()),
            2 => (format!("+bottom:{low}+top:{}", low + width), String::new()),
            3 => (format!("+top:{low}"), format!("representative = {{ \"{low}\" = \"{}\" }}\n", low + 7)),
            _ => (String::new(), String::new()),
        };
        text += &format!(
            "[[field]]\nname = \"f{at}\"\ntype = \"integer\"\nrounding = \"{base}{coding}\"\nconsent = \"playback\"\n\
             purpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n{lower}"
        );
    }
    text
}
