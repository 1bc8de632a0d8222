//! Policy files.

use coarsen::policy::{About, FieldType, Link, NamedRepresentative, Policy, PolicyError, Representative};
use coarsen::rounding::Partition;

const GOOD: &str = r#"schema = "coarsen.policy/1"
name = "playback"
version = 1

[limits]
k_titles = 20

[[field]]
name = "duration"
column = "duration_ms"
type = "duration"
rounding = "floor:5min"
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

/// The good policy with one place changed, and why it is refused then.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "coarsen.policy/1",
        "coarsen.policy/2",
        "the schema is `coarsen.policy/2`, and this program reads `coarsen.policy/1`",
    ),
    (
        "\"floor:5min\"",
        "\"floor:0min\"",
        "field `duration` of ping `play`: a width of 0 makes no bucket: use `keep` for no rounding at all",
    ),
    (
        "\"floor:5min\"",
        "\"floor:500kbps\"",
        "field `duration` of ping `play`: in the rounding `floor:500kbps`: `500kbps` has the unknown unit `kbps`: \
         the units are ms, s, min, h",
    ),
    (
        "\"floor:5min\"",
        "\"atleast:20\"",
        "field `duration` of ping `play`: `atleast:20` takes its edges from a reference catalogue: none is at \
         hand here, write `edges:` instead",
    ),
    (
        "\"floor:5min\"",
        "\"ladder:sabre_bbb\"",
        "field `duration` of ping `play`: a ladder is a list of bit rates, and this field is none: use `edges:`",
    ),
    (
        "\"keep\"",
        "\"floor:5min\"",
        "field `codec` of ping `play`: a category is `keep`, `drop` or `groups:NAME=VALUE|VALUE,..` (a flag \
         `keep` or `drop`), not `floor:5min`",
    ),
    (
        "\"keep\"",
        "\"\"",
        "field `codec` of ping `play`: a category is `keep`, `drop` or `groups:NAME=VALUE|VALUE,..` (a flag `keep` or \
         `drop`), not ``",
    ),
    (
        "\"keep\"",
        "\"groups:mpeg=h264,open=h264\"",
        "field `codec` of ping `play`: in `groups:`, `h264`: the value stands twice: remove one",
    ),
    ("name = \"codec\"", "name = \"duration\"", "field `duration` stands twice in ping `play`: remove one"),
    (
        "type = \"category\"",
        "type = \"category\"\nderived_from = [\"container\"]",
        "field `codec` is derived from `container`, which no field of the policy is: name one that is",
    ),
    (
        "k_titles = 20",
        "k_movies = 20",
        "[limits]: unknown limit `k_movies`: the limits are k_titles, k_series, exposed_share, \
         largest_title_share@0.2, largest_title_share@0.5, largest_title_share@0.8, \
         largest_title_share_plays@0.2, largest_title_share_plays@0.5, largest_title_share_plays@0.8, \
         title_uniform, title_popularity, title_popularity_gain, sequence@N, sequence_plays@N, known-library@N",
    ),
    ("k_titles = 20", "k_titles = 0", "[limits]: the limit k_titles=0 must be a whole number from 1"),
    (
        "k_titles = 20",
        "exposed_share = 1.01",
        "[limits]: the limit exposed_share=1.01 must be a share from 0 to 1",
    ),
    (
        "k_titles = 20",
        "title_uniform = nan",
        "[limits]: the limit title_uniform=NaN must be a share from 0 to 1",
    ),
    (
        "name = \"codec\"",
        "name = \"codec\"\nping = \"a/b\"",
        "the ping `a/b` must be letters, digits, `_` or `-`",
    ),
    ("name = \"codec\"", "name = \"codec\"\nping = \"\"", "the ping `` must be letters, digits, `_` or `-`"),
    ("name = \"codec\"", "name = \"the codec\"", "the field `the codec` must be letters, digits, `_` or `-`"),
    (
        "purpose = \"Stall rates by codec.\"\n",
        "",
        r#"not a policy: TOML parse error at line 18, column 1
   |
18 | [[field]]
   | ^^^^^^^^^
missing field `purpose`
"#,
    ),
    (
        "type = \"category\"",
        "type = \"text\"",
        r#"not a policy: TOML parse error at line 20, column 8
   |
20 | type = "text"
   |        ^^^^^^
unknown variant `text`, expected one of `duration`, `bitrate`, `integer`, `category`, `flag`
"#,
    ),
    (
        "type = \"category\"",
        "type = \"category\"\nround = \"keep\"",
        r#"not a policy: TOML parse error at line 21, column 1
   |
21 | round = "keep"
   | ^^^^^
unknown field `round`, expected one of `ping`, `name`, `column`, `type`, `about`, `rounding`, `representative`, `derived_from`, `consent`, `content`, `purpose`, `description`, `sensitivity`, `owner`, `expires`
"#,
    ),
    (
        "version = 1",
        "version = \"one\"",
        r#"not a policy: TOML parse error at line 3, column 11
  |
3 | version = "one"
  |           ^^^^^
invalid type: string "one", expected u32
"#,
    ),
    (
        "version = 1",
        "version = 1\nfields = []",
        r#"not a policy: TOML parse error at line 4, column 1
  |
4 | fields = []
  | ^^^^^^
unknown field `fields`, expected one of `schema`, `name`, `version`, `description`, `limits`, `release`, `justification`, `field`, `other`
"#,
    ),
    (
        "k_titles = 20",
        "k_titles = \"20\"",
        r#"not a policy: TOML parse error at line 6, column 12
  |
6 | k_titles = "20"
  |            ^^^^
invalid type: string "20", expected f64
"#,
    ),
    (
        "[limits]",
        "[limits",
        r#"not a policy: TOML parse error at line 5, column 8
  |
5 | [limits
  |        ^
unclosed table, expected `]`
"#,
    ),
    (
        "rounding = \"keep\"",
        "rounding = \"keep\"\nrepresentative = \"upper\"",
        r#"not a policy: TOML parse error at line 22, column 18
   |
22 | representative = "upper"
   |                  ^^^^^^^
`midpoint`, `lower`, or a table of a value per open bucket
"#,
    ),
];

/// Where the mistake stands is held by `tests/client`.
fn without_place(error: PolicyError) -> PolicyError {
    match error {
        PolicyError::At { source, .. } => *source,
        other => other,
    }
}

#[test]
fn a_changed_policy_is_refused_with_its_reason() {
    assert!(Policy::from_toml(GOOD).is_ok());
    for (from, to, reason) in REFUSED {
        assert_eq!(GOOD.matches(from).count(), 1, "{from}");
        let error = Policy::from_toml(&GOOD.replace(from, to)).expect_err(to);
        assert_eq!(without_place(error).to_string(), *reason, "{from} -> {to}");
    }
}

#[test]
fn a_policy_without_fields_is_refused() {
    let empty = GOOD.split("[[field]]").next().unwrap();
    let reason = "the policy lists no field: nothing would leave; add a [[field]]";
    assert_eq!(Policy::from_toml(empty).unwrap_err().to_string(), reason);
    assert_eq!(Policy::new("empty", 1, Vec::new(), Vec::new()), Err(PolicyError::Empty));
    assert!(matches!(Policy::from_toml(""), Err(PolicyError::Toml(_))));
}

#[test]
fn the_same_field_may_leave_in_two_pings() {
    let two = GOOD.replace("name = \"codec\"", "name = \"duration\"\nping = \"other\"");
    let policy = Policy::from_toml(&two).unwrap();
    assert_eq!(policy.pings(), ["play", "other"]);
    assert_eq!(policy.fields_of("other").count(), 1);
}

#[test]
fn what_is_not_stated_has_its_default() {
    let policy = Policy::from_toml(GOOD).unwrap();
    let (duration, codec) = (&policy.fields()[0], &policy.fields()[1]);
    assert_eq!((duration.column(), codec.column()), ("duration_ms", "codec"));
    assert_eq!((duration.ping.as_str(), duration.about), ("play", About::Media));
    assert_eq!(duration.representative, Representative::Midpoint);
    assert!(codec.derived_from.is_empty() && codec.owner.is_none());
    assert!(policy.release.is_none() && policy.justification.is_none() && policy.others().is_empty());
    assert_eq!(codec.parsed_rounding(), Ok(None));
    assert_eq!(duration.parsed_rounding().unwrap().unwrap().bucket(300_001).from, 300_000);
}

/// However a dropped field is written, nothing of it leaves.
#[test]
fn a_dropped_field_is_not_emitted() {
    for text in ["drop", " drop", "drop "] {
        let policy = Policy::from_toml(&GOOD.replace("floor:5min", text)).unwrap();
        assert!(policy.fields()[0].parsed_rounding().unwrap().unwrap().is_drop());
        assert!(!policy.fields()[0].is_emitted(), "`{text}`");
        assert!(policy.fields()[1].is_emitted());
    }
}

#[test]
fn every_table_and_key_is_read() {
    let policy = Policy::from_toml(include_str!("policies/design.toml")).unwrap();
    assert_eq!((policy.name.as_str(), policy.version), ("playback", 3));
    let limits = policy.limits.as_ref().unwrap();
    assert_eq!(limits.iter().collect::<Vec<_>>(), [("exposed_share", 0.001), ("k_titles", 20.0)]);
    let release = policy.release.as_ref().unwrap();
    assert_eq!((release.link, release.rotate, release.shuffle), (Link::None, 0, true));
    assert_eq!((release.delay.as_deref(), release.batch), (Some("1h..6h"), Some(100)));
    let justification = policy.justification.as_ref().unwrap();
    assert_eq!(justification.catalogue, "sha256:...");
    let measured = &justification.measured[0];
    assert_eq!(
        (measured.ping.as_str(), measured.field.as_str(), measured.k_titles),
        ("length", "duration", 20)
    );
    assert_eq!((measured.exposed_share, measured.title_uniform), (0.00075, 0.004));
    assert_eq!(policy.pings(), ["length"]);
    let field = &policy.fields()[0];
    assert_eq!((field.kind, field.about), (FieldType::Duration, About::Media));
    assert_eq!(field.representative, Representative::Named(NamedRepresentative::Midpoint));
    assert_eq!(field.owner.as_deref(), Some("playback team"));
    assert_eq!(field.expires.to_string(), "2031-12-31");
    let rounding = field.parsed_rounding().unwrap().unwrap();
    assert_eq!(rounding.to_string(), "floor:5min+bottom:5min+top:3h");
    let when: Vec<_> = policy.others()[0].when.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(when, [("duration", "3h.."), ("resolution", "480p")]);
}

#[test]
fn a_box_is_made_of_the_ping_s_own_buckets() {
    let with = |when: &str| Policy::from_toml(&format!("{GOOD}\n[[other]]\nwhen = {{ {when} }}\n"));
    for when in [
        "duration = '1h..3h'",
        "duration = '..20min'",
        "duration = '3h..', codec = 'h264|hevc'",
        "duration = ''",
        "codec = ''",
        "codec = 'never seen|'",
    ] {
        assert!(with(when).is_ok(), "{when}: {:?}", with(when));
    }
    for (when, reason) in [
        ("", "names no field, so it would swallow every file: name at least one in `when`"),
        ("bitrate = '1Mbps..'", "the ping has no such field; its fields: duration, codec"),
        ("duration = '1h'", "write the range as FROM..TO, FROM.. or ..TO, or leave it empty for no value"),
        ("duration = '3h..1h'", "the range must rise"),
        ("duration = '1h..1h'", "the range must rise"),
        ("duration = '1h..61min'", "61 min is no edge of floor:5min: the nearest are 1 h and 65 min"),
        ("duration = '7..'", "is not a number with a unit"),
    ] {
        let error = with(when).expect_err(when).to_string();
        assert!(error.contains("[[other]] of ping `play`") && error.contains(reason), "{when}: {error}");
    }
    let dropped = GOOD.replace("floor:5min", "drop");
    let text = format!("{dropped}\n[[other]]\nwhen = {{ duration = '..' }}\n");
    let error = Policy::from_toml(&text).expect_err("a dropped field").to_string();
    assert!(error.contains("the field doesn't leave"), "{error}");
    let client = GOOD.replacen("type = \"duration\"", "type = \"duration\"\nabout = \"client\"", 1);
    let text = format!("{client}\n[[other]]\nwhen = {{ duration = '1h..' }}\n");
    let error = Policy::from_toml(&text).expect_err("a field of the client").to_string();
    assert!(error.contains("describes no file"), "{error}");
}
