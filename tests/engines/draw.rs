//! Policies and plays, drawn with a seed: every family of roundings, values at and around the edges, hostile names.

use std::collections::BTreeMap;

use coarsen::catalogue::stream::stream;
use coarsen::policy::{Content, Day, Policy, Value};
use coarsen::rounding::{Partition, Rounding};
use coarsen::units::Dimension;
use rand::RngExt;
use serde_json::{Value as Json, json};

/// Plays of each policy.
const PLAYS: usize = 160;
const SWITCHES: [&str; 3] = ["playback", "crash", "own-switch"];
/// Names that a careless quotation would let out.
pub const NASTY: [&str; 9] = [
    "h264",
    "it's",
    "\"quoted\"",
    "back\\slash",
    "'; DROP TABLE plays; --",
    "Straße 😀",
    "${env:HOME}",
    "`tick` $1 %s {0}",
    "",
];
const DURATIONS: [&str; 16] = [
    "keep",
    "drop",
    "floor:5min",
    "floor:7s@3s",
    "floor:5min@90s+top:3h",
    "floor:5min+bottom:7min+top:3h",
    "nearest:30s",
    "nearest:7ms@5ms+bottom:20ms",
    "ceil:1min",
    "ceil:13s@4s+bottom:20s+top:100s",
    "edges:20min,45min,2h",
    "edges:1ms,2ms,18446744073709551615ms",
    "log:8+bottom:1s",
    "bits:3+bottom:5s+top:1h",
    "digits:2+bottom:1234ms",
    "floor:12345678901234567890ms",
];
const BITRATES: [&str; 10] = [
    "keep",
    "keep+bottom:64kbps+top:40Mbps",
    "log:1",
    "log:16+bottom:64kbps+top:20Mbps",
    "bits:1",
    "bits:4",
    "digits:1",
    "digits:3+top:100Mbps",
    "ladder:apple_hls_h264",
    "ladder:netflix_fixed_2015+bottom:100kbps+top:5Mbps",
];
const INTEGERS: [&str; 7] = [
    "keep",
    "edges:1,2,5",
    "floor:3",
    "bits:64",
    "digits:20",
    "nearest:2@1",
    "floor:1000+top:18446744073709551615",
];

pub fn today() -> Day {
    "2026-11-24".parse().unwrap()
}

pub struct Drawn {
    pub text: String,
    pub policy: Policy,
}

fn toml_text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// One of the list, by a draw.
fn pick<'a, T: ?Sized>(rng: &mut impl RngExt, of: &[&'a T]) -> &'a T {
    of[rng.random_range(0..of.len())]
}

pub fn policy(number: u64) -> Drawn {
    let mut rng = stream(4, "engines policy", number);
    let mut text = "schema = \"coarsen.policy/1\"\nname = \"drawn\"\nversion = 1\n".to_owned();
    let mut boxes = String::new();
    for ping in ["a", "b"].iter().take(rng.random_range(1..=2)) {
        // The number of the play, so that rows are compared one by one.
        let consent = if rng.random_bool(0.3) { "essential" } else { pick(&mut rng, &SWITCHES) };
        let mut fields = vec![("row", "row", "category", "keep".to_owned(), consent)];
        let mut when = Vec::new();
        for (name, column, kind) in [
            ("duration", "duration_ms", "duration"),
            ("played", "duration_ms", "duration"),
            ("bitrate", "bit \"rate` \\ of it's", "bitrate"),
            ("stalls", "stalls", "integer"),
            ("codec", "codec", "category"),
            ("direct", "direct", "flag"),
        ] {
            if rng.random_bool(0.25) {
                continue;
            }
            let rounding = match kind {
                "duration" => pick(&mut rng, &DURATIONS).to_owned(),
                "bitrate" => pick(&mut rng, &BITRATES).to_owned(),
                "integer" => pick(&mut rng, &INTEGERS).to_owned(),
                "category" => pick(
                    &mut rng,
                    &["keep", "drop", "groups:it's \"old\" \\=h264|it's|'; DROP TABLE plays; --,new -- ;=Straße 😀|${env:HOME}"],
                )
                .to_owned(),
                _ => pick(&mut rng, &["keep", "drop"]).to_owned(),
            };
            let consent = if rng.random_bool(0.2) { "essential" } else { pick(&mut rng, &SWITCHES) };
            if rounding != "drop" && rng.random_bool(0.4) {
                let condition = match (kind, rounding.as_str()) {
                    ("flag", _) => pick(&mut rng, &["true", "|false", "true|false"]).to_owned(),
                    ("category", "keep") => {
                        pick(&mut rng, &["|h264", "it's|\"quoted\"", "back\\slash"]).to_owned()
                    }
                    ("category", _) => pick(&mut rng, &["|it's \"old\" \\", "other", "new -- ;"]).to_owned(),
                    (kind, rounding) => condition(&mut rng, kind, rounding),
                };
                when.push(format!("{name} = {}", toml_text(&condition)));
            }
            fields.push((name, column, kind, rounding, consent));
        }
        for (name, column, kind, rounding, consent) in fields {
            let expires = if rng.random_bool(0.1) { "2026-11-24" } else { "2026-11-25" };
            text += &format!(
                "[[field]]\nping = \"{ping}\"\nname = \"{name}\"\ncolumn = {}\ntype = \"{kind}\"\nrounding = {}\n\
                 consent = \"{consent}\"\npurpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"{expires}\"\n",
                toml_text(column),
                toml_text(&rounding)
            );
            if rng.random_bool(0.15) {
                text += &format!("content = \"{}\"\n", pick(&mut rng, &["personal", "provided"]));
            }
            if let Some(dimension) = dimension(kind).filter(|_| rounding != "drop") {
                let last = Rounding::parse(&rounding, dimension).unwrap().bucket(u64::MAX).from;
                match rng.random_range(0..4) {
                    0 => text += "representative = \"lower\"\n",
                    1 => {
                        let at = toml_text(&dimension.compact(last));
                        let value = toml_text(&dimension.compact(last.saturating_add(12_345)));
                        text += &format!("representative = {{ {at} = {value} }}\n");
                    }
                    _ => {}
                }
            }
        }
        if !when.is_empty() {
            boxes += &format!("[[other]]\nping = \"{ping}\"\nwhen = {{ {} }}\n", when.join(", "));
        }
    }
    text += &boxes;
    let policy = Policy::from_toml(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    Drawn { text, policy }
}

fn dimension(kind: &str) -> Option<Dimension> {
    match kind {
        "duration" => Some(Dimension::Duration),
        "bitrate" => Some(Dimension::Bitrate),
        "integer" => Some(Dimension::Integer),
        _ => None,
    }
}

/// A range between edges of the rounding, or no value.
fn condition(rng: &mut impl RngExt, kind: &str, rounding: &str) -> String {
    let dimension = dimension(kind).unwrap();
    let rounding = Rounding::parse(rounding, dimension).unwrap();
    let edge = |value: u64| rounding.bucket(value).from;
    let (from, to) = (edge(rng.random_range(0..9_000_000)), edge(rng.random_range(0..40_000_000)));
    let text = |value: u64| dimension.compact(value);
    match rng.random_range(0..4) {
        0 => String::new(),
        1 => format!("{}..", text(from)),
        _ if from < to => format!("{}..{}", text(from), text(to)),
        _ => format!("{}..", text(to)),
    }
}

/// One play.
#[derive(Clone, Debug)]
pub struct DrawnPlay {
    numbers: BTreeMap<String, Option<u64>>,
    texts: BTreeMap<String, Option<String>>,
    flags: BTreeMap<String, Option<bool>>,
    pub switches: Vec<&'static str>,
    /// Switches told as missing, not as off.
    untold: bool,
    pub content: Option<Content>,
}

impl DrawnPlay {
    pub fn values<'a>(&'a self, policy: &Policy) -> Vec<Value<'a>> {
        let of = |column: &String| {
            if let Some(number) = self.numbers.get(column) {
                return number.map_or(Value::Missing, Value::Number);
            }
            if let Some(text) = self.texts.get(column) {
                return text.as_deref().map_or(Value::Missing, Value::Text);
            }
            self.flags[column].map_or(Value::Missing, Value::Flag)
        };
        policy.columns().iter().map(of).collect()
    }
}

/// The plays of one policy.
#[derive(Clone, Debug)]
pub struct Plays {
    columns: Vec<(String, &'static str)>,
    all: Vec<DrawnPlay>,
}

impl Plays {
    pub fn all(&self) -> &[DrawnPlay] {
        &self.all
    }

    /// Values that are rounded, told or left out.
    pub fn values(&self) -> usize {
        self.all.len() * self.columns.iter().filter(|(name, _)| name != "row").count()
    }

    pub fn json(&self) -> Json {
        let mut columns: Vec<Json> =
            self.columns.iter().map(|(name, kind)| json!({"name": name, "type": kind})).collect();
        columns.extend(SWITCHES.map(|switch| json!({"name": format!("consent_{switch}"), "type": "flag"})));
        columns.push(json!({"name": "content", "type": "text"}));
        let row = |play: &DrawnPlay| {
            let mut row: Vec<Option<String>> = Vec::new();
            for (column, kind) in &self.columns {
                row.push(match *kind {
                    "text" => play.texts[column].clone(),
                    "flag" => play.flags[column].map(|flag| flag.to_string()),
                    _ => play.numbers[column].map(|number| number.to_string()),
                });
            }
            for switch in SWITCHES {
                let on = play.switches.contains(&switch);
                row.push((on || !play.untold).then(|| on.to_string()));
            }
            row.push(play.content.map(|content| content.name().to_owned()));
            row
        };
        json!({"columns": columns, "rows": self.all.iter().map(row).collect::<Vec<_>>()})
    }
}

pub fn plays(drawn: &Drawn, number: u64) -> Plays {
    let mut rng = stream(4, "engines plays", number);
    let policy = &drawn.policy;
    // Whole lines in their widest type; else those below 2^63 in the engines' usual one.
    let wide = !number.is_multiple_of(3);
    let mut edges: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for field in policy.fields() {
        let Ok(Some(rounding)) = field.parsed_rounding() else { continue };
        let list = edges.entry(field.column()).or_default();
        for _ in 0..60 {
            // Of any size: 1 to 64 bits.
            let value = rng.random::<u64>() >> rng.random_range(0..64);
            let bucket = rounding.bucket(value);
            list.extend([value, bucket.from, bucket.from.saturating_sub(1), bucket.to.unwrap_or(u64::MAX)]);
        }
        let coding = rounding.coding();
        for end in [coding.bottom(), coding.top(), Some(0), Some(u64::MAX)].into_iter().flatten() {
            list.extend([end, end.saturating_sub(1), end.saturating_add(1)]);
        }
        let typical = if field.kind.dimension() == Some(Dimension::Integer) { 12 } else { 20_000_000 };
        list.extend((0..60).map(|_| rng.random_range(0..typical)));
        if !wide {
            list.retain(|value| i64::try_from(*value).is_ok());
        }
    }
    let kind_of = |kind: coarsen::policy::FieldType| match kind {
        coarsen::policy::FieldType::Category => "text",
        coarsen::policy::FieldType::Flag => "flag",
        _ if wide => "u64",
        _ => "i64",
    };
    let columns: Vec<(String, &'static str)> =
        policy.columns().iter().cloned().zip(policy.kinds().iter().map(|&kind| kind_of(kind))).collect();
    let play = |row: usize| {
        let mut play = DrawnPlay {
            numbers: BTreeMap::new(),
            texts: BTreeMap::new(),
            flags: BTreeMap::new(),
            switches: SWITCHES.into_iter().filter(|_| rng.random_bool(0.7)).collect(),
            untold: rng.random_bool(0.3),
            content: [None, Some(Content::Personal), Some(Content::Provided)][rng.random_range(0..3)],
        };
        for (column, kind) in &columns {
            let missing = rng.random_bool(0.08);
            match *kind {
                "text" if column == "row" => _ = play.texts.insert(column.clone(), Some(row.to_string())),
                "text" => {
                    let text = (!missing).then(|| pick(&mut rng, &NASTY).to_owned());
                    play.texts.insert(column.clone(), text);
                }
                "flag" => _ = play.flags.insert(column.clone(), (!missing).then(|| rng.random_bool(0.5))),
                _ => {
                    let list = &edges[column.as_str()];
                    let value = (!missing).then(|| list[rng.random_range(0..list.len())]);
                    play.numbers.insert(column.clone(), value);
                }
            }
        }
        play
    };
    Plays { all: (0..PLAYS).map(play).collect(), columns }
}
