//! Words that leave a list open are refused wherever a policy is read by people.

use coarsen::policy::{Policy, PolicyError, open_ended};

/// A policy with the text in one of its places, which are marked `@1` to `@6`.
fn policy(place: usize, text: &str) -> String {
    let template = r#"schema = "coarsen.policy/1"
name = "@1"
version = 1
description = "@2"

[[field]]
name = "duration"
type = "duration"
rounding = "floor:5min"
consent = "playback"
purpose = "@3"
description = "@4"
sensitivity = "@5"
owner = "@6"
expires = "2031-12-31"
"#;
    (1..=6).fold(template.to_owned(), |filled, at| {
        filled.replace(&format!("@{at}"), if at == place { text } else { "Stall rates." })
    })
}

/// Where the value of each place begins, and whose text it is.
const PLACES: [(usize, usize, &str); 6] = [
    (2, 8, "policy"),
    (4, 15, "policy"),
    (11, 11, "field `duration` of ping `play`"),
    (12, 15, "field `duration` of ping `play`"),
    (13, 15, "field `duration` of ping `play`"),
    (14, 9, "field `duration` of ping `play`"),
];

/// What is written, and the words that are found in it.
const OPEN: [(&str, &str); 24] = [
    ("Codecs such as hevc.", "such as"),
    ("Codecs, SUCH AS hevc.", "such as"),
    ("Codecs such\\n  as hevc.", "such as"),
    ("Codecs such\\tas hevc.", "such as"),
    ("Codecs such\u{a0}as hevc.", "such as"),
    ("Codecs, e.g. hevc.", "e.g"),
    ("Codecs (E.G., hevc).", "e.g"),
    ("Codecs, e.g hevc.", "e.g"),
    ("Codecs, eg. hevc.", "eg."),
    ("Codecs, for example hevc.", "for example"),
    ("For\\nInstance hevc.", "for instance"),
    ("Codec, container, etc.", "etc"),
    ("Codec, container etc", "etc"),
    ("Codec, ETC., container.", "etc"),
    ("Codec, et cetera.", "et cetera"),
    ("Codec, container and so on.", "and so on"),
    ("Codec, container AND\\n SO ON", "and so on"),
    ("Codec and so forth.", "and so forth"),
    ("Codec and the like.", "and the like"),
    ("Codec, among others.", "among others"),
    ("Including but not limited to codecs.", "including but not limited to"),
    ("Including, but not\\nlimited to, codecs.", "including, but not limited to"),
    ("Codec, container...", "..."),
    ("Codec, container\u{2026}", "\u{2026}"),
];

/// What comes near and says no such thing.
const CLOSED: [&str; 12] = [
    "Codecs as such.",
    "Such assets as were played.",
    "Sketches of fetched stretches.",
    "Etching.",
    "The ETCD server.",
    "Legs and eggs.",
    "Segment lengths.",
    "The example is of a codec.",
    "In this instance, a codec.",
    "And so one codec is told.",
    "Two dots.. are a range.",
    "Including a codec, limited to hevc.",
];

#[test]
fn open_words_are_refused_with_their_place() {
    for (text, words) in OPEN {
        for (place, (line, column, of)) in (1..).zip(PLACES) {
            let error = Policy::from_toml(&policy(place, text)).expect_err(text);
            let open = PolicyError::OpenEnded { of: of.to_owned(), words };
            assert_eq!(error, PolicyError::At { line, column, source: Box::new(open) }, "{text} at {place}");
        }
    }
}

#[test]
fn near_misses_pass() {
    for text in CLOSED {
        assert_eq!(open_ended(text), None, "{text}");
        for place in 1..=6 {
            assert!(Policy::from_toml(&policy(place, text)).is_ok(), "{text} at {place}");
        }
    }
}

#[test]
fn names_leave_nothing_open_either() {
    for (from, to, place) in [
        ("name = \"duration\"", "name = \"etc\"", (7, 8)),
        ("name = \"duration\"", "name = \"duration\"\nping = \"and-etc\"", (8, 8)),
        ("name = \"duration\"", "name = \"duration\"\ncolumn = \"a, b...\"", (8, 10)),
        ("consent = \"playback\"", "consent = \"etc\"", (10, 11)),
    ] {
        let text = policy(0, "").replace(from, to);
        let error = Policy::from_toml(&text).expect_err(to);
        let PolicyError::At { line, column, source } = error else { panic!("{to}: {error}") };
        assert_eq!((line, column), place, "{to}");
        assert!(matches!(*source, PolicyError::OpenEnded { .. }), "{to}: {source}");
    }
}

#[test]
fn a_text_over_several_lines_is_placed_at_its_beginning() {
    let text = policy(0, "")
        .replace("purpose = \"Stall rates.\"", "purpose = '''Stall rates\nof hevc, such\n\nas it is.'''");
    let error = Policy::from_toml(&text).unwrap_err().to_string();
    assert_eq!(
        error,
        "line 11, column 11: the text of field `duration` of ping `play` says `such as`, and a complete list leaves \
         nothing open: name each thing"
    );
}
