//! What a preview shows of a play is what `apply` writes of it, byte for byte, under every policy that ships.

use coarsen::policy::{Columns, FieldType, JsonPlay, Policy};
use coarsen::telemetry::apply::Options;
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::draw::day;
use crate::plays::Folder;

const SHIPPED: [&str; 3] = [
    include_str!("../../datasets/policies/playback.toml"),
    include_str!("../../datasets/policies/playback-joint.toml"),
    include_str!("../vectors/policies/ledger.toml"),
];
const WORDS: [&str; 6] = ["h264", "hevc", "1080p", "web", "", "Stra\u{df}e \"quoted\"\n"];
const CONTENTS: [Option<&str>; 3] = [None, Some("personal"), Some("provided")];

/// A play of that policy from one number a column, of which some stand for no value.
fn line(policy: &Policy, drawn: &[Option<u64>], on: &[bool], content: Option<&str>) -> String {
    let mut object = Map::new();
    let columns = policy.columns().iter().zip(policy.kinds()).zip(drawn.iter().cycle());
    for ((name, kind), number) in columns {
        let Some(number) = *number else { continue };
        let value = match kind {
            FieldType::Category => json!(WORDS[(number % WORDS.len() as u64) as usize]),
            FieldType::Flag => json!(number % 2 == 0),
            // Of every size, those of real plays as well.
            _ => json!(number >> (number % 64)),
        };
        object.insert(name.clone(), value);
    }
    let switches = policy.switches();
    let said = switches.iter().zip(on.iter().cycle()).map(|(switch, on)| ((*switch).to_owned(), json!(on)));
    object.insert("consent".to_owned(), Json::Object(said.collect()));
    content.map(|content| object.insert("content".to_owned(), json!(content)));
    Json::Object(object).to_string() + "\n"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_preview_is_what_apply_writes(
        shipped in proptest::sample::select(&SHIPPED[..]),
        drawn in proptest::collection::vec(proptest::option::weighted(0.9, any::<u64>()), 40),
        on in proptest::collection::vec(proptest::bool::weighted(0.7), 8),
        content in proptest::sample::select(&CONTENTS[..]),
        (interval, label) in any::<(bool, bool)>(),
    ) {
        let (policy, today) = (Policy::from_toml(shipped).unwrap(), day("2026-11-24"));
        let columns = Columns { interval, label };
        let text = line(&policy, &drawn, &on, content);
        let read = JsonPlay::read(text.as_bytes()).unwrap();
        let held = read.values(&policy, read.consent(), today).unwrap();
        let preview = policy.preview(&held, read.consent(), today, columns).unwrap();
        let folder = Folder::new();
        std::fs::write(folder.path("play.jsonl"), &text).unwrap();
        let options = Options { columns, ..Options::new(today) };
        let summary = folder.apply(&policy, "play.jsonl", "out-{ping}.jsonl", &options).unwrap();
        for ping in policy.pings() {
            let sent = preview.sent.iter().find(|sent| sent.ping == ping).map_or("", |sent| sent.line.as_str());
            let written = folder.output(ping, "jsonl").unwrap_or_default();
            prop_assert_eq!(String::from_utf8(written).unwrap(), sent, "{} of {}", ping, text);
        }
        let rows: u64 = summary.pings.iter().map(|ping| ping.rows).sum();
        prop_assert_eq!(rows, preview.sent.len() as u64);
        // Where all is on, something leaves.
        prop_assert!(rows > 0 || on.contains(&false));
    }
}
