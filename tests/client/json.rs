//! Plays read from lines of JSON, and pings written as them.

use coarsen::policy::{
    Columns, Consent, Content, Day, JsonPlay, JsonPlayError, Play, Policy, Sent, Value, json_line,
};
use proptest::prelude::*;
use serde_json::{Map, json};

use crate::draw::{DAYS, PlaySketch, consent, day, lines, play, policy, switches};

/// The lines of all pings of a play.
pub fn written(policy: &Policy, play: &Play<'_>, consent: &Consent, as_of: Day, columns: Columns) -> String {
    let mut out = Vec::new();
    for ping in policy.generalize(play, consent, as_of).unwrap().pings() {
        json_line(&ping, columns, &mut out);
    }
    String::from_utf8(out).unwrap()
}

/// A play as a client would write it.
pub fn line(play: &PlaySketch, names: &[&str], switches: &[&str]) -> String {
    let mut object = Map::new();
    for name in names {
        let value = match play.value(name) {
            Value::Missing => continue,
            Value::Number(number) => json!(number),
            Value::Text(text) => json!(text),
            Value::Flag(flag) => json!(flag),
        };
        object.insert((*name).to_owned(), value);
    }
    let on = switches.iter().map(|switch| ((*switch).to_owned(), json!(true)));
    object.insert("consent".to_owned(), json!(on.collect::<Map<_, _>>()));
    object.insert("content".to_owned(), json!(play.content.name()));
    serde_json::to_string(&object).unwrap()
}

pub const COLUMNS: [&str; 5] = ["duration", "bitrate", "stalls", "codec", "direct"];

proptest! {
    /// A line says what left: read back, it is the object that the fields spell out, key by key in their order.
    #[test]
    fn a_line_says_what_leaves(
        policy in policy(), play in play(), switches in switches(), interval in any::<bool>(), label in any::<bool>(),
    ) {
        let policy = Policy::from_toml(&policy.toml()).unwrap();
        let (values, consent, columns) = (play.of(&policy), consent(&switches), Columns { interval, label });
        let play = Play::new(&values).of(play.content);
        let text = written(&policy, &play, &consent, day(DAYS[0]), columns);
        let sent = policy.generalize(&play, &consent, day(DAYS[0])).unwrap();
        let naive: Vec<String> = sent.pings().map(|ping| {
            let mut object = Map::new();
            for (field, sent) in ping.fields() {
                let (value, from, to, words) = match sent {
                    Sent::Missing => (json!(null), json!(null), json!(null), json!(null)),
                    Sent::Number { representative, bucket } => {
                        let words = field.kind.dimension().unwrap().human_range(bucket.from, bucket.to);
                        (json!(representative), json!(bucket.from), json!(bucket.to), json!(words))
                    }
                    Sent::Text(text) => (json!(text), json!(null), json!(null), json!(null)),
                    Sent::Flag(flag) => (json!(flag), json!(null), json!(null), json!(null)),
                };
                let number = field.kind.dimension().is_some();
                object.insert(field.name.clone(), value);
                if interval && number {
                    object.insert(format!("{}_from", field.name), from);
                    object.insert(format!("{}_to", field.name), to);
                }
                if label && number {
                    object.insert(format!("{}_label", field.name), words);
                }
                prop_assert!(columns.of(&field.name, field.kind).iter().all(|key| object.contains_key(key)));
            }
            if policy.others().iter().any(|other| other.ping() == ping.name()) {
                object.insert("other".to_owned(), json!(ping.is_other()));
            }
            Ok(serde_json::to_string(&object).unwrap() + "\n")
        }).collect::<Result<_, TestCaseError>>()?;
        prop_assert_eq!(text, naive.concat());
    }

    /// Reading a line and generalizing it is generalizing the play.
    #[test]
    fn a_read_play_is_the_play(policy in policy(), play in play(), switches in switches()) {
        let policy = Policy::from_toml(&policy.toml()).unwrap();
        let (consent, today) = (consent(&switches), day(DAYS[0]));
        let direct = play.of(&policy);
        let direct = policy.generalize(&Play::new(&direct).of(play.content), &consent, today).unwrap();
        let text = line(&play, &COLUMNS, &switches);
        let read = JsonPlay::read(text.as_bytes()).unwrap();
        prop_assert_eq!(read.consent(), &consent);
        let held = read.values(&policy, read.consent(), today).unwrap();
        let values = held.values();
        let sent = policy.generalize(&held.play(&values), read.consent(), today).unwrap();
        prop_assert_eq!(lines(sent), lines(direct));
    }

    /// Whatever stands where nothing leaves, all that is read stays the same.
    #[test]
    fn what_may_not_leave_is_not_looked_at(
        policy in policy(), play in play(), switches in switches(),
        junk in proptest::sample::select(&["[1.5]", "-1", "{\"a\":{}}", "\"\\ud800\"", "1, \"COLUMN\": 2", "1e999"][..]),
    ) {
        let policy = Policy::from_toml(&policy.toml()).unwrap();
        let (consent, today) = (consent(&switches), day(DAYS[0]));
        let shape = Play::new(&[]).of(play.content);
        let leaves = |column: &&str| {
            let mut fields = policy.fields().iter().filter(|field| field.column() == *column);
            fields.any(|field| policy.withheld(field, &shape, &consent, today).is_none())
        };
        let (open, shut): (Vec<&str>, Vec<&str>) = COLUMNS.into_iter().partition(leaves);
        let clean = line(&play, &open, &switches);
        let mut dirty = clean.strip_suffix('}').unwrap().to_owned();
        for column in shut.iter().filter(|column| policy.columns().iter().any(|listed| listed == **column)) {
            dirty += &format!(", \"{column}\": {}", junk.replace("COLUMN", column));
        }
        dirty += "}";
        let read = |text: &str| {
            let read = JsonPlay::read(text.as_bytes()).unwrap();
            let held = read.values(&policy, read.consent(), today).unwrap();
            (read.consent().clone(), held.content, format!("{:?}", held.values()), held.unlisted)
        };
        prop_assert_eq!(read(&dirty), read(&clean));
    }

    /// No bytes make it panic, and no message shows them.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let secret = [b"{\"duration\":\"SECRET\",\"consent\":{\"playback\":true},\"x\":".as_slice(), &bytes, b"}"].concat();
        for line in [&bytes, &secret] {
            if let Err(error) = JsonPlay::read(line) {
                prop_assert!(!error.to_string().contains("SECRET"));
            }
        }
    }
}

const TWO: &str = r#"schema = "coarsen.policy/1"
name = "two"
version = 1
[[field]]
name = "duration"
type = "duration"
rounding = "floor:5min"
consent = "playback"
content = "personal"
purpose = "A question."
sensitivity = "low"
expires = "2031-12-31"
[[field]]
name = "codec"
type = "category"
rounding = "keep"
consent = "crash"
purpose = "A question."
sensitivity = "low"
expires = "2031-12-31"
"#;

fn read(text: &str) -> Result<(Content, Vec<String>), JsonPlayError> {
    let policy = Policy::from_toml(TWO).unwrap();
    let read = JsonPlay::read(text.as_bytes())?;
    let held = read.values(&policy, read.consent(), day("2026-11-24"))?;
    Ok((held.content, held.unlisted))
}

#[test]
fn what_is_no_play_is_refused() {
    let on = r#""consent": {"playback": true}"#;
    let twice = |key: &str| JsonPlayError::Twice { key: key.to_owned() };
    let key = || "duration".to_owned();
    for (text, error) in [
        ("[]".to_owned(), JsonPlayError::NoObject),
        ("7".to_owned(), JsonPlayError::NoObject),
        (r#"{"consent": true}"#.to_owned(), JsonPlayError::Consent),
        (r#"{"consent": ["playback"]}"#.to_owned(), JsonPlayError::Consent),
        (r#"{"consent": {"playback": "yes"}}"#.to_owned(), JsonPlayError::Consent),
        (r#"{"consent": {"playback": {}}}"#.to_owned(), JsonPlayError::Consent),
        (r#"{"consent": {"playback": true, "playback": false}}"#.to_owned(), twice("consent.playback")),
        (r#"{"consent": {}, "consent": {}}"#.to_owned(), twice("consent")),
        (format!(r#"{{{on}, "content": "mine"}}"#), JsonPlayError::Content),
        (format!(r#"{{{on}, "content": "personal", "content": "personal"}}"#), twice("content")),
        (format!(r#"{{{on}, "duration": 1, "duration": 1}}"#), twice("duration")),
        (format!(r#"{{{on}, "duration": [1]}}"#), JsonPlayError::Nested { key: key() }),
        (format!(r#"{{{on}, "duration": {{"ms": 1}}}}"#), JsonPlayError::Nested { key: key() }),
        (format!(r#"{{{on}, "duration": 1.5}}"#), JsonPlayError::NotWhole { key: key() }),
        (format!(r#"{{{on}, "duration": -1}}"#), JsonPlayError::NotWhole { key: key() }),
        (format!(r#"{{{on}, "duration": 18446744073709551616}}"#), JsonPlayError::NotWhole { key: key() }),
    ] {
        assert_eq!(read(&text), Err(error), "{text}");
    }
    for text in
        ["", "{", "{\"duration\": 1", "{} {}", "{\"a\": SECRET}", "{\"consent\": {\"playback\": true}},"]
    {
        let error = read(text).unwrap_err();
        assert!(matches!(&error, JsonPlayError::Syntax { .. }), "{text}: {error}");
        assert!(error.to_string().contains("line 1 column"), "{text}: {error}");
        assert!(!error.to_string().contains("SECRET"));
    }
}

#[test]
fn what_is_off_makes_no_error() {
    for text in [
        r#"{}"#,
        r#"{"duration": "long", "duration": [], "content": 7, "path": 1}"#,
        r#"{"consent": null, "content": "mine", "content": "mine"}"#,
        r#"{"consent": {"marketing": true, "playback": false, "crash": null}, "codec": 1.5}"#,
    ] {
        assert_eq!(read(text), Ok((Content::Personal, vec![])), "{text}");
    }
    // For content of the other kind the duration isn't looked at either.
    let provided =
        r#"{"consent": {"playback": true}, "content": "provided", "duration": "long", "path": 1, "path": 2}"#;
    assert_eq!(read(provided), Ok((Content::Provided, vec!["path".to_owned()])));
    assert!(matches!(
        read(r#"{"consent": {"crash": true}, "codec": []}"#),
        Err(JsonPlayError::Nested { .. })
    ));
}
