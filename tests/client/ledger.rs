//! The ledger lists everything that a policy lets leave, exactly, and leaves nothing open.

use coarsen::policy::{Columns, Consent, Play, Policy, Sent, Value, json_line, open_ended};
use coarsen::report::{ledger_html, ledger_markdown};
use coarsen::rounding::{Bucket, Partition};
use proptest::prelude::*;

use crate::draw::{DAYS, day, policy};

const WHOLE: &str = include_str!("../vectors/policies/ledger.toml");

/// Markdown without its escapes.
fn plain(markdown: &str) -> String {
    markdown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace('\\', "")
}

/// Field by field, the part of the page that is about it.
fn parts<'a>(page: &'a str, policy: &'a Policy) -> Vec<(&'a coarsen::policy::Field, &'a str)> {
    let mut parts = Vec::new();
    for ping in policy.pings() {
        let title = format!("\n## Ping {ping}\n");
        assert_eq!(page.matches(&title).count(), 1, "{page}");
        let section = page.split(&title).nth(1).unwrap().split("\n## ").next().unwrap();
        for field in policy.fields_of(ping) {
            let title = format!("\n### {}\n", field.name);
            let part = section.split(&title).nth(1).unwrap().split("\n### ").next().unwrap();
            parts.push((field, part));
        }
    }
    assert_eq!(parts.len(), policy.fields().len());
    parts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Every field has its part, and what is said there is what the policy says.
    #[test]
    fn every_field_is_listed_with_its_terms(policy in policy(), as_of in proptest::sample::select(&DAYS[..])) {
        let policy = Policy::from_toml(&policy.toml()).unwrap();
        let page = plain(&ledger_markdown(&policy, day(as_of)).unwrap());
        for (field, part) in parts(&page, &policy) {
            let content = field.content.map_or("personal and provided".to_owned(), |of| format!("{} only", of.name()));
            let expired = if field.expires <= day(as_of) { ": expired, not sent" } else { "" };
            for said in [
                format!("- **What it is for:** {}\n", field.purpose),
                format!("- **Where it comes from:** `{}`\n", field.column()),
                format!("- **Rounding:** `{}`\n", field.rounding),
                format!("- **Switch:** {}: ", field.consent),
                format!("- **Content:** {content}\n"),
                format!("- **Sensitivity:** {}\n", field.sensitivity),
                format!("- **Expires:** {}{expired}\n", field.expires),
                "- **Measured risk, alone:** not measured\n".to_owned(),
                "- **Measured risk, joined:** not measured\n".to_owned(),
            ] {
                prop_assert!(part.contains(&said), "{said} in {part}");
            }
        }
        for switch in policy.switches() {
            prop_assert!(page.contains(&format!("| {switch} | off until switched on | ")), "{switch}");
        }
        let boxes = page.split("### What is sent as other\n").skip(1).flat_map(|part| {
            part.split("\n## ").next().unwrap().lines().filter(|line| line.starts_with("- "))
        });
        prop_assert_eq!(boxes.count(), policy.others().len());
    }

    /// Nothing on the page leaves a list open, nor does anything in the HTML.
    #[test]
    fn nothing_is_left_open(policy in policy(), as_of in proptest::sample::select(&DAYS[..])) {
        let policy = Policy::from_toml(&policy.toml()).unwrap();
        prop_assert_eq!(open_ended(&ledger_markdown(&policy, day(as_of)).unwrap()), None);
        prop_assert_eq!(open_ended(&ledger_html(&policy, day(as_of)).unwrap()), None);
    }
}

/// A policy of one number, told that way.
fn number(kind: &str, rounding: &str, representative: &str) -> Policy {
    let text = format!(
        "schema = \"coarsen.policy/1\"\nname = \"one\"\nversion = 1\n[[field]]\nname = \"number\"\ntype = \"{kind}\"\n\
         rounding = \"{rounding}\"\nrepresentative = {representative}\nconsent = \"playback\"\npurpose = \"A question.\"\n\
         sensitivity = \"low\"\nexpires = \"2031-12-31\"\n"
    );
    Policy::from_toml(&text).unwrap()
}

fn sent(policy: &Policy, value: u64) -> u64 {
    let (values, consent) = ([Value::Number(value)], Consent::none().with("playback"));
    let generalized = policy.generalize(&Play::new(&values), &consent, day("2026-11-24")).unwrap();
    let ping = generalized.pings().next().unwrap();
    match ping.fields().next().unwrap().1 {
        Sent::Number { representative, .. } => representative,
        other => panic!("{other:?}"),
    }
}

/// The listed buckets, read back, tile the line as the rounding does, each with the number that leaves.
#[test]
fn listed_buckets_are_the_buckets() {
    for (kind, rounding, representative) in [
        ("duration", "floor:5min+bottom:7min+top:3h", "\"midpoint\""),
        ("duration", "floor:5min@90s+top:4h", "\"lower\""),
        ("duration", "nearest:30s+top:30min", "\"midpoint\""),
        ("duration", "ceil:7s+top:10min", "\"midpoint\""),
        ("duration", "edges:20min,45min,2h", "{ 2h = \"3h\" }"),
        ("bitrate", "ladder:apple_hls_h264", "\"midpoint\""),
        ("bitrate", "log:8", "\"midpoint\""),
        ("bitrate", "bits:2", "\"midpoint\""),
        ("bitrate", "digits:1", "\"lower\""),
        ("integer", "edges:1,2,5,10", "\"midpoint\""),
        ("integer", "keep+top:9", "\"midpoint\""),
    ] {
        let policy = number(kind, rounding, representative);
        let field = &policy.fields()[0];
        let (rounding, dimension) =
            (field.parsed_rounding().unwrap().unwrap(), field.kind.dimension().unwrap());
        let page = ledger_markdown(&policy, day("2026-11-24")).unwrap();
        let items = page.split("the upper in the next:\n\n").nth(1).unwrap().lines().next().unwrap();
        let mut expected = rounding.buckets();
        for item in items.split("; ") {
            let (range, value) = item.split_once(": ").unwrap();
            let bucket = match range.strip_prefix("from ") {
                Some(from) => Bucket { from: dimension.parse(from).unwrap(), to: None },
                None => {
                    let (from, to) = range.split_once('-').unwrap();
                    let unit = to.trim_start_matches(|c: char| c.is_ascii_digit());
                    let read = |text: &str| dimension.parse(text).unwrap();
                    Bucket { from: read(&format!("{from}{unit}")), to: Some(read(to)) }
                }
            };
            assert_eq!(expected.next(), Some(bucket), "{rounding}");
            assert_eq!(dimension.parse(value).unwrap(), sent(&policy, bucket.from), "{rounding}: {item}");
        }
        assert_eq!(expected.next(), None, "{rounding}");
    }
}

/// Where there are too many to list, the rule gives every edge.
#[test]
fn a_rule_without_an_end_gives_the_edges() {
    for (rounding, first, step) in [
        ("floor:5min", "5 min", "5 min"),
        ("floor:5min@90s", "1.5 min", "5 min"),
        ("nearest:100ms", "50 ms", "100 ms"),
        ("ceil:7s", "1 ms", "7 s"),
        ("ceil:10s@3s", "3001 ms", "10 s"),
    ] {
        let policy = number("duration", rounding, "\"midpoint\"");
        let page = ledger_markdown(&policy, day("2026-11-24")).unwrap();
        let rule =
            format!("Buckets: one begins at 0, the next at {first}, and one every {step} from there on.");
        assert!(page.contains(&rule), "{rule} in {page}");
        let field = &policy.fields()[0];
        let (parsed, dimension) =
            (field.parsed_rounding().unwrap().unwrap(), field.kind.dimension().unwrap());
        let (first, step) = (dimension.parse(first).unwrap(), dimension.parse(step).unwrap());
        let stated = std::iter::once(0).chain((0..500).map(|i| first + i * step));
        assert!(
            parsed.buckets().map(|bucket| bucket.from).zip(stated).all(|(is, said)| is == said),
            "{rounding}"
        );
        let last = parsed.bucket(u64::MAX).from;
        assert!((last - first).is_multiple_of(step));
        assert!(page.contains(&format!("| from {} |", dimension.human(last))), "{page}");
        assert_eq!(page.matches(" | the ").count(), 6, "three buckets at either end");
    }
    let page = ledger_markdown(&number("duration", "keep", "\"midpoint\""), day("2026-11-24")).unwrap();
    assert!(page.contains("Not rounded: every whole number of ms is sent as it is."));
}

/// What the page shows as an example is what leaves of the value that it shows.
#[test]
fn an_example_is_what_leaves() {
    let policy = Policy::from_toml(WHOLE).unwrap();
    let page = ledger_markdown(&policy, day("2026-11-24")).unwrap();
    let page = page.replace("\\_", "_");
    let said = |part: &str, what: &str| {
        let line = part.lines().find(|line| line.contains(what)).unwrap();
        line.split_once(":** ").unwrap().1.trim_matches('`').to_owned()
    };
    let mut shown = 0;
    for (field, part) in parts(&page, &policy) {
        let before = said(part, "Example, before");
        let value = match field.kind.dimension() {
            Some(_) => Value::Number(before.split(',').next().unwrap().parse().unwrap()),
            None if before == "true" => Value::Flag(true),
            None => Value::Text(&before),
        };
        // The field as the only one of a policy, so that no other stands in its line.
        let text = WHOLE
            .split("[[field]]")
            .find(|text| text.contains(&format!("\nname = \"{}\"\n", field.name)))
            .unwrap();
        let text = text.split("[[other]]").next().unwrap().replace("derived_from", "#");
        let alone = format!("schema = \"coarsen.policy/1\"\nname = \"alone\"\nversion = 1\n[[field]]{text}");
        let alone = Policy::from_toml(&alone).unwrap();
        let (values, consent) = ([value], Consent::none().with(&field.consent));
        let play = Play::new(&values).of(field.content.unwrap_or_default());
        let mut line = Vec::new();
        for ping in alone.generalize(&play, &consent, day("2026-11-24")).unwrap().pings() {
            json_line(&ping, Columns::default(), &mut line);
        }
        let leaves = String::from_utf8(line).unwrap();
        let leaves = if leaves.is_empty() { "nothing is sent" } else { leaves.trim_end() };
        assert_eq!(said(part, "Example, after"), leaves);
        shown += 1;
    }
    assert_eq!(shown, 10);
}

#[test]
fn everything_of_a_policy_is_said() {
    let policy = Policy::from_toml(WHOLE).unwrap();
    let page = plain(&ledger_markdown(&policy, day("2026-11-24")).unwrap());
    for said in [
        "# Everything that playback sends",
        "Version 4 of the policy, as of 2026-11-24. What is not listed on this page is not sent.",
        "What a media server tells its maker of playback",
        "10 fields in 4 pings; of these, 1 expired and no longer sent; 1 listed only to say that nothing of it is sent.",
        "With all of them off, only the essential field is sent.",
        "| crash | off until switched on | app_version, hardware_decoding and position of ping crash |",
        "No ping carries an identifier",
        "Each ping waits 1 h to 6 h",
        "Pings leave 100 at a time, in random order.",
        "- **Computed from:** duration",
        "- **Tells of:** the player",
        "- **Owner:** client team",
        "- **Owner:** not stated",
        "- **Measured risk, alone:** at least 41 titles look alike; 0.0750 % of the files exposed; title named for 0.410 %",
        "- **Measured risk, joined:** at least 23 titles look alike",
        "- **Expires:** 2026-06-30: expired, not sent",
        "| other | every other value |",
        "of the last bucket 40 Mbps.",
        "- duration from 165 min on and resolution SD or without a value",
        "- duration without a value and resolution UHD",
        "- at least 20 different titles in a class",
        "A field that is not on it is not sent, whatever a play holds.",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert_eq!(open_ended(&page), None);
}

/// Figures are shown as those of this text only where they are.
#[test]
fn a_changed_policy_is_not_passed_off_as_measured() {
    let mut policy = Policy::from_toml(WHOLE).unwrap();
    let page = |policy: &Policy| ledger_markdown(policy, day("2026-11-24")).unwrap();
    let changed = page(&policy);
    assert!(changed.contains("The policy was changed since its risk was measured"));
    assert!(changed.contains(
        "look alike; 0.0750 % of the files exposed; title named for 0.410 % of the files (before the"
    ));
    let hash = changed.split("canonical form:** `").nth(1).unwrap().split('`').next().unwrap().to_owned();
    policy.justification.as_mut().unwrap().policy = format!("sha256:{hash}");
    let measured = page(&policy);
    assert!(measured.contains("measured for this very text") && !measured.contains("changed"));
    policy.justification = None;
    assert!(page(&policy).contains("nothing was measured for this policy"));
}

/// The columns that let the pings of one play be matched are named.
#[test]
fn a_column_of_two_pings_is_named() {
    let policy = Policy::from_toml(WHOLE).unwrap();
    assert!(!ledger_markdown(&policy, day("2026-11-24")).unwrap().contains("those of one play agree"));
    let twice = WHOLE.replace(
        "name = \"bitrate\"\ncolumn = \"bitrate_bps\"\ntype = \"bitrate\"",
        "name = \"length\"\ncolumn = \"duration_ms\"\ntype = \"duration\"",
    );
    let twice = twice
        .replace("log:1+bottom:500kbps+top:32Mbps", "floor:1h")
        .replace("representative = { 32Mbps = \"40Mbps\" }\n", "");
    let page = plain(&ledger_markdown(&Policy::from_toml(&twice).unwrap(), day("2026-11-24")).unwrap());
    assert!(
        page.contains("duration_ms is told of in the pings length and rate: those of one play agree in it."),
        "{page}"
    );
}

/// The page stands by itself, and every anchor leads somewhere.
#[test]
fn the_page_is_one_that_a_browser_and_a_reader_can_use() {
    let policy = Policy::from_toml(WHOLE).unwrap();
    let page = ledger_html(&policy, day("2026-11-24")).unwrap();
    for never in ["<script", "http://", "https://", " src=", "@import", "url(", "<img", "onclick"] {
        assert!(!page.contains(never), "{never}");
    }
    for once in [
        "<html lang=\"en\">",
        "<h1>",
        "<main id=\"main\">",
        "class=\"skip\" href=\"#main\"",
        "default-src 'none'",
    ] {
        assert_eq!(page.matches(once).count(), 1, "{once}");
    }
    assert_eq!(page.matches("<table>").count(), page.matches("<caption>").count());
    assert_eq!(page.matches("<th ").count(), page.matches("<th scope=").count());
    assert_eq!(page.matches("<th>").count(), 0);
    let after = |mark: &str| -> Vec<String> {
        page.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let ids = after(" id=\"");
    let unique: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "an id stands twice");
    let anchors = after("href=\"#");
    assert!(anchors.len() > 30 && anchors.iter().all(|anchor| ids.contains(anchor)), "{anchors:?}");
}

const HOSTILE: &str =
    "</style></p><script>alert(1)</script> & \\\" ' `code` | [x](javascript:1) \\u202Etxt \\u001b[2J";

/// Text of a policy is text on the page, whatever it is.
#[test]
fn hostile_text_is_text() {
    let mut text = WHOLE.to_owned();
    for (from, to) in [
        ("name = \"playback\"", "name = \"HOSTILE\""),
        ("description = \"What a media server", "description = \"HOSTILE What a media server"),
        ("purpose = \"Completion", "purpose = \"HOSTILE Completion"),
        ("description = \"The length", "description = \"HOSTILE The length"),
        ("sensitivity = \"fingerprint\"", "sensitivity = \"HOSTILE\""),
        ("owner = \"playback team\"", "owner = \"HOSTILE\""),
        ("column = \"played_ms\"", "column = \"HOSTILE\""),
    ] {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, &to.replace("HOSTILE", HOSTILE));
    }
    let policy = Policy::from_toml(&text).unwrap();
    let html = ledger_html(&policy, day("2026-11-24")).unwrap();
    assert_eq!(html.matches("<script").count() + html.matches("alert(1)</script").count(), 0);
    assert_eq!(html.matches("</style>").count(), 1);
    assert!(html.matches("&lt;script&gt;").count() > 10);
    let markdown = ledger_markdown(&policy, day("2026-11-24")).unwrap();
    for page in [&html, &markdown] {
        assert!(!page.contains(['\u{202e}', '\u{1b}']));
    }
    // A column stands in code, where markup is none; everywhere else it is escaped.
    let elsewhere: Vec<&str> =
        markdown.lines().filter(|line| !line.contains("Where it comes from")).collect();
    assert!(!elsewhere.join("\n").contains("<script") && !elsewhere.join("\n").contains("[x]("));
}

/// Even a field that is long expired has its buckets shown as they were told.
#[test]
fn an_expired_field_keeps_its_buckets() {
    let mut text = "schema = \"coarsen.policy/1\"\nname = \"old\"\nversion = 1\n".to_owned();
    text += "[[field]]\nname = \"number\"\ntype = \"integer\"\nrounding = \"edges:2,6\"\nconsent = \"playback\"\n";
    text += "purpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"0000-01-01\"\n";
    let page = ledger_markdown(&Policy::from_toml(&text).unwrap(), day("2026-11-24")).unwrap();
    assert!(page.contains("\n0-2: 1; 2-6: 4; from 6: 6\n"), "{page}");
    assert!(page.contains("- **Example, after:** nothing is sent\n"), "{page}");
}
