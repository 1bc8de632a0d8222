//! Plays and policies that are refused, and where the mistake is said to be.

use coarsen::policy::{Consent, Play, PlayError, Policy, PolicyError, Value};

use crate::draw::day;

const GOOD: &str = r#"schema = "coarsen.policy/1"
name = "playback"
version = 1

[release]
delay = "1h..6h"
batch = 100
shuffle = true

[[field]]
name = "duration"
column = "duration_ms"
type = "duration"
rounding = "floor:5min+top:3h"
representative = "midpoint"
consent = "playback"
purpose = "Stall rates by length."
sensitivity = "fingerprint"
expires = "2031-12-31"

[[field]]
name = "codec"
type = "category"
rounding = "keep"
consent = "playback"
purpose = "Stall rates by codec."
sensitivity = "low"
expires = "2031-12-31"
"#;

#[test]
fn a_mistake_is_named_with_line_and_column() {
    assert!(Policy::from_toml(GOOD).is_ok());
    for (from, to, place, reason) in [
        ("floor:5min+top:3h", "round:5min", "line 14, column 12: ", "round"),
        (
            "coarsen.policy/1",
            "coarsen.policy/9",
            "line 1, column 10: ",
            "this program reads `coarsen.policy/1`",
        ),
        ("floor:5min+top:3h", "edges:45min,20min", "line 14, column 12: ", "1200000 follows 2700000"),
        ("floor:5min+top:3h", "edges:20min,20min", "line 14, column 12: ", "1200000 follows 1200000"),
        ("floor:5min+top:3h", "floor:500kbps", "line 14, column 12: ", "unknown unit `kbps`"),
        ("1h..6h", "6h..1h", "line 6, column 9: ", "the second not below the first"),
        ("1h..6h", "an hour", "line 6, column 9: ", "write it as FROM..TO"),
        ("batch = 100", "batch = 0", "line 7, column 9: ", "at least 1"),
        ("\"codec\"", "\"duration\"", "line 22, column 8: ", "stands twice"),
        (
            "\"codec\"",
            "\"duration_from\"",
            "line 22, column 8: ",
            "would both leave as column `duration_from`",
        ),
        ("\"codec\"", "\"a codec\"", "line 22, column 8: ", "must be letters, digits, `_` or `-`"),
        ("rates by codec", "rates by codec etc.", "line 26, column 11: ", "says `etc`, and a complete list"),
        (
            "\"midpoint\"",
            "{ \"2h\" = \"4h\" }",
            "line 15, column 18: ",
            "no open bucket begins at 2h; the one there is begins at 3h",
        ),
        (
            "\"midpoint\"",
            "{ \"3h\" = \"2h\" }",
            "line 15, column 18: ",
            "2h does not lie in the open bucket from 3h",
        ),
        ("\"midpoint\"", "{ \"3h\" = \"4h\", \"5h\" = \"6h\" }", "line 15, column 18: ", "name it alone"),
        (
            "type = \"category\"",
            "type = \"flag\"\ncolumn = \"duration_ms\"",
            "line 23, column 8: ",
            "as another type",
        ),
        (
            "sensitivity = \"low\"",
            "sensitivity = \"low\"\nderived_from = [\"bitrate\"]",
            "line 28, column 16: ",
            "is derived from `bitrate`",
        ),
        (
            "expires = \"2031-12-31\"\n\n",
            "expires = \"2031-02-29\"\n\n",
            "line 19, column 11",
            "is no day: write it as YYYY-MM-DD",
        ),
        ("sensitivity = \"low\"\n", "", "line 21, column 1", "missing field `sensitivity`"),
        (
            "consent = \"playback\"\npurpose = \"Stall rates by codec.\"",
            "purpose = \"Stall rates by codec.\"",
            "line 21, column 1",
            "missing field `consent`",
        ),
        ("version = 1", "version = 1\ncolour = 1", "line 4, column 1", "unknown field `colour`"),
    ] {
        let text = GOOD.replacen(from, to, 1);
        assert_ne!(text, GOOD, "{from}");
        let error = Policy::from_toml(&text).unwrap_err().to_string();
        assert!(error.contains(place) && error.contains(reason), "{from} -> {to}: {error}");
    }
}

/// A text that is there says something; one that may be left out may be.
#[test]
fn a_text_that_says_nothing_is_named_with_line_and_column() {
    let full = GOOD
        .replace("version = 1\n", "version = 1\ndescription = \"All of it.\"\n")
        .replacen(
            "sensitivity",
            "owner = \"us\"\ndescription = \"How long it lasts.\"\ncolumn = \"ms\"\nsensitivity",
            1,
        )
        .replacen("column = \"duration_ms\"\n", "", 1);
    assert!(Policy::from_toml(&full).is_ok());
    for (said, place, of, mend) in [
        ("name = \"playback\"", "line 2, column 8: ", "`name` of the policy is empty", "write it"),
        (
            "description = \"All of it.\"",
            "line 4, column 15: ",
            "`description` of the policy",
            "leave the key out",
        ),
        (
            "purpose = \"Stall rates by length.\"",
            "line 17, column 11: ",
            "`purpose` of field `duration`",
            "write it",
        ),
        (
            "owner = \"us\"",
            "line 18, column 9: ",
            "`owner` of field `duration` of ping `play`",
            "leave the key out",
        ),
        (
            "description = \"How long it lasts.\"",
            "line 19, column 15: ",
            "`description` of field",
            "leave the key out",
        ),
        ("column = \"ms\"", "line 20, column 10: ", "`column` of field `duration`", "leave the key out"),
        (
            "sensitivity = \"fingerprint\"",
            "line 21, column 15: ",
            "`sensitivity` of field `duration`",
            "write it",
        ),
    ] {
        let (key, _) = said.split_once(" = ").unwrap();
        for nothing in ["\"\"", "\" \"", "\"\\t\\u00a0\\n\"", "\'\'"] {
            let text = full.replacen(said, &format!("{key} = {nothing}"), 1);
            assert_ne!(text, full, "{said}");
            let error = Policy::from_toml(&text).unwrap_err().to_string();
            for words in [place, of, mend] {
                assert!(error.starts_with(place) && error.contains(words), "{said}: {error}");
            }
            assert_eq!(error.contains("leave the key out"), mend == "leave the key out", "{error}");
        }
        let without = full.replacen(&format!("{said}\n"), "", 1);
        assert_eq!(Policy::from_toml(&without).is_ok(), mend != "write it", "{said}");
    }
    let fields = Policy::from_toml(GOOD).unwrap().fields().to_vec();
    let error = Policy::new(" ", 1, fields.clone(), Vec::new()).unwrap_err();
    assert!(matches!(error, PolicyError::Blank { key: "name", .. }), "{error}");
    // No field needs an owner, and the ledger says that none is stated (see `ledger.rs`).
    assert!(fields.iter().all(|field| field.owner.is_none()));
}

#[test]
fn a_box_is_named_with_line_and_column() {
    let error =
        Policy::from_toml(&format!("{GOOD}\n[[other]]\nwhen = {{ duration = \"101min..\" }}\n")).unwrap_err();
    let PolicyError::At { line, source, .. } = &error else { panic!("{error}") };
    assert_eq!(*line, 31);
    assert!(matches!(**source, PolicyError::Other { .. }), "{error}");
}

#[test]
fn an_identifier_that_is_not_there_is_not_rotated() {
    let error =
        Policy::from_toml(&GOOD.replace("[release]", "[release]\nrotate = 5")).unwrap_err().to_string();
    assert!(error.contains("`rotate` counts the plays under one identifier"), "{error}");
}

/// Values never stand in an error.
#[test]
fn a_play_of_the_wrong_kind_is_named_by_its_column() {
    let policy = Policy::from_toml(GOOD).unwrap();
    let (on, as_of) = (Consent::none().with("playback"), day("2026-11-24"));
    let error =
        policy.generalize(&Play::new(&[Value::Text("secret"), Value::Missing]), &on, as_of).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`duration_ms` holds text, and field `duration` of ping `play` wants whole milliseconds"
    );
    let error = policy.generalize(&Play::new(&[Value::Missing]), &on, as_of).unwrap_err();
    assert!(matches!(*error, PlayError::Columns { wanted: 2, found: 1, .. }), "{error}");
    let error = policy.generalize(&Play::new(&[Value::Missing, Value::Flag(true)]), &on, as_of).unwrap_err();
    assert!(error.to_string().contains("holds yes or no"), "{error}");
}

#[test]
fn the_value_of_an_open_bucket_is_sent() {
    let policy = Policy::from_toml(&GOOD.replace("\"midpoint\"", "{ \"3h\" = \"200min\" }")).unwrap();
    let (on, as_of) = (Consent::none().with("playback"), day("2026-11-24"));
    let representative = |ms: u64| {
        let values = [Value::Number(ms), Value::Missing];
        let sent = policy.generalize(&Play::new(&values), &on, as_of).unwrap();
        let sent = sent.pings().next().unwrap().fields().next().unwrap().1;
        match sent {
            coarsen::policy::Sent::Number { representative, .. } => representative,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(representative(0), 150_000);
    assert_eq!(representative(u64::MAX), 12_000_000);
}
