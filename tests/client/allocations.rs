//! A play costs no allocation once its policy is read.

use coarsen::policy::{Consent, Content, Play, Policy, Sent, Value};

use crate::draw::day;

fn values(seed: u64) -> [Value<'static>; 10] {
    [
        Value::Number(seed * 7_777),
        Value::Number(seed * 5_555),
        Value::Number(seed * 3_333),
        Value::Number(seed % 3_000),
        Value::Number(seed % 9),
        Value::Number(seed % 20_000),
        Value::Text(["hevc", "h264", "vp9"][seed as usize % 3]),
        Value::Text("480p"),
        Value::Missing,
        Value::Flag(seed.is_multiple_of(2)),
    ]
}

fn policy() -> Policy {
    let mut text = "schema = \"coarsen.policy/1\"\nname = \"ten\"\nversion = 1\n".to_owned();
    for (name, kind, rounding, consent) in [
        ("duration", "duration", "floor:5min+bottom:5min+top:3h", "playback"),
        ("played", "duration", "floor:15min", "playback"),
        ("bitrate", "bitrate", "log:1", "playback"),
        ("speed", "integer", "edges:500,1000,2000", "own-switch"),
        ("stalls", "integer", "edges:1,2,5", "playback"),
        ("start", "duration", "digits:1", "playback"),
        ("codec", "category", "groups:old=h264|mpeg2,new=hevc|av1", "playback"),
        ("resolution", "category", "keep", "playback"),
        ("platform", "category", "keep", "playback"),
        ("direct", "flag", "keep", "playback"),
    ] {
        text += &format!(
            "[[field]]\nname = \"{name}\"\ntype = \"{kind}\"\nrounding = \"{rounding}\"\nconsent = \"{consent}\"\n\
             purpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n"
        );
    }
    text += "[[other]]\nwhen = { duration = \"3h..\", resolution = \"480p\" }\n";
    Policy::from_toml(&text).unwrap()
}

#[test]
fn a_play_allocates_nothing() {
    let policy = policy();
    let consent = Consent::none().with("playback").with("own-switch");
    let as_of = day("2026-11-24");
    let mut seen = 0u64;
    let counted = allocation_counter::measure(|| {
        for seed in 0..10_000 {
            let values = values(seed);
            let play = Play::new(&values).of(if seed.is_multiple_of(2) {
                Content::Personal
            } else {
                Content::Provided
            });
            for ping in policy.generalize(&play, &consent, as_of).unwrap().pings() {
                seen += u64::from(ping.is_other());
                for (field, sent) in ping.fields() {
                    seen += match sent {
                        Sent::Number { representative, .. } => representative & 1,
                        Sent::Text(text) => text.len() as u64,
                        Sent::Flag(_) | Sent::Missing => field.name.len() as u64,
                    };
                }
            }
        }
    });
    assert!(seen > 0);
    assert_eq!((counted.count_total, counted.bytes_total), (0, 0));
}

/// Nor by a client made ready for an owner, whose room is on the stack.
#[test]
fn a_play_of_a_client_allocates_nothing() {
    let policy = policy();
    let today = day("2026-11-24");
    let mut client = policy.client(&Consent::none().with("playback").with("own-switch"), today);
    let mut seen = 0u64;
    let counted = allocation_counter::measure(|| {
        for seed in 0..10_000 {
            let values = values(seed);
            let content = if seed.is_multiple_of(2) { Content::Personal } else { Content::Provided };
            let mut room = [Value::Missing; 10];
            let sent = client.generalize(&Play::new(&values).of(content), today, &mut room).unwrap();
            for ping in sent.pings() {
                seen += u64::from(ping.is_other());
                for leaves in ping.fields() {
                    let bucket = leaves.bucket().map_or(0, |bucket| bucket.from & 1);
                    seen += bucket + u64::from(*leaves.value() != Value::Missing);
                }
            }
        }
    });
    assert!(seen > 0);
    assert_eq!((counted.count_total, counted.bytes_total), (0, 0));
}

/// The counter counts.
#[test]
fn an_allocation_would_be_seen() {
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(vec![1u8; 100])));
    assert_eq!(counted.count_total, 1);
}
