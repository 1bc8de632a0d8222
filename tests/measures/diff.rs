//! What a change of policy gives away, against what [`Policy::generalize`] sends of every play of a grid.

use std::collections::BTreeMap;

use coarsen::catalogue::ingest::Table;
use coarsen::catalogue::{Catalogue, Columns, SideField};
use coarsen::policy::{Consent, Content, Limits, Play, Policy, Sent, Value};
use coarsen::search::{Change, Diff, Matched, Outcome, Pairs, Relation, diff};
use proptest::prelude::*;

const REST: &str = "purpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n";
const MINUTE: u64 = 60_000;

/// One field: its name and type, how it is rounded, under which switch, for which content.
#[derive(Clone, Debug)]
struct Telling {
    name: &'static str,
    rounding: String,
    consent: &'static str,
    content: Option<&'static str>,
}

impl Telling {
    fn toml(&self) -> String {
        let (kind, column) = match self.name {
            "duration" => ("duration", "duration_ms"),
            "bitrate" => ("bitrate", "bitrate_bps"),
            name => ("category", name),
        };
        let content = self.content.map_or(String::new(), |content| format!("content = \"{content}\"\n"));
        let Self { name, rounding, consent, .. } = self;
        format!(
            "[[field]]\nname = \"{name}\"\ncolumn = \"{column}\"\ntype = \"{kind}\"\nrounding = \"{rounding}\"\n\
             consent = \"{consent}\"\n{content}{REST}"
        )
    }
}

fn policy(body: &str) -> Policy {
    Policy::from_toml(&written(body)).expect("a policy")
}

fn written(body: &str) -> String {
    format!("schema = \"coarsen.policy/1\"\nname = \"p\"\nversion = 1\n{body}")
}

fn durations() -> impl Strategy<Value = String> {
    let width = prop_oneof![Just(1u64), Just(2), Just(3), Just(4), Just(6), Just(12)];
    let top = prop::option::of(prop_oneof![Just(12u64), Just(24)]);
    prop_oneof![
        1 => Just("keep".to_owned()),
        6 => (width, top).prop_map(|(width, top)| {
            let top = top.map_or(String::new(), |top| format!("+top:{top}min"));
            format!("floor:{width}min{top}")
        }),
    ]
}

fn codecs() -> impl Strategy<Value = String> {
    ["keep", "groups:new=a|b", "groups:new=a|b,old=c", "groups:all=a|b|c", "groups:new=a,old=b|c"]
        .map(|text| Just(text.to_owned()))
        .into_iter()
        .fold(prop_oneof![Just("keep".to_owned())].boxed(), |all, one| prop_oneof![all, one].boxed())
}

/// Switches and contents, or the same for every field.
fn under(free: bool) -> BoxedStrategy<(&'static str, Option<&'static str>)> {
    if !free {
        return Just(("playback", None)).boxed();
    }
    let consent = prop_oneof![1 => Just("essential"), 2 => Just("playback"), 1 => Just("crash")];
    (consent, prop_oneof![4 => Just(None), 1 => Just(Some("personal"))]).boxed()
}

fn fields(free: bool) -> impl Strategy<Value = Vec<Telling>> {
    let field = move |name, rounding: BoxedStrategy<String>| {
        prop::option::weighted(0.7, (rounding, under(free))).prop_map(move |told| {
            told.map(|(rounding, (consent, content))| Telling { name, rounding, consent, content })
        })
    };
    let bitrates = prop_oneof![Just("log:1".to_owned()), Just("log:2".to_owned())].boxed();
    (
        field("duration", durations().boxed()),
        field("video_codec", codecs().boxed()),
        field("bitrate", bitrates),
    )
        .prop_map(|(a, b, c)| [a, b, c].into_iter().flatten().collect::<Vec<Telling>>())
        .prop_filter("something leaves", |fields| !fields.is_empty())
}

fn boxes() -> impl Strategy<Value = Vec<String>> {
    let duration =
        ["12min..", "24min..", "..12min", "12min..24min", ""].map(|text| format!("duration = \"{text}\""));
    let codec =
        ["a", "a|b", "new", "other", "c|other|", "old|new"].map(|text| format!("video_codec = \"{text}\""));
    let either = |all: Vec<String>| prop::option::of(prop::sample::select(all));
    let one = (either(duration.to_vec()), either(codec.to_vec())).prop_map(|(duration, codec)| {
        let asked: Vec<String> = duration.into_iter().chain(codec).collect();
        format!("[[other]]\nwhen = {{ {} }}\n", asked.join(", "))
    });
    prop::collection::vec(one, 0..4)
}

/// A policy of these fields, and of those of the boxes that go with them.
fn boxed(fields: &[Telling], boxes: &[String]) -> Policy {
    let fields: String = fields.iter().map(Telling::toml).collect();
    boxes
        .iter()
        .fold((policy(&fields), fields), |(known, text), more| {
            let longer = text.clone() + more;
            Policy::from_toml(&written(&longer)).map_or((known, text), |policy| (policy, longer))
        })
        .0
}

/// A policy of one ping, with boxes where they are wanted.
fn policies(free: bool) -> impl Strategy<Value = Policy> {
    let boxes = if free { boxes().boxed() } else { Just(Vec::new()).boxed() };
    (fields(free), boxes).prop_map(|(fields, boxes)| boxed(&fields, &boxes))
}

/// Two policies of the same fields, some of them told more coarsely by the second, with boxes of their own.
fn coarsened() -> impl Strategy<Value = (Policy, Policy)> {
    (fields(true), boxes(), boxes(), any::<bool>(), any::<[bool; 3]>()).prop_map(
        |(fields, old, more, keeps, coarser)| {
            let mut new = fields.clone();
            for (field, coarser) in new.iter_mut().zip(coarser) {
                match (field.name, coarser) {
                    ("duration", true) => field.rounding = "floor:12min+top:24min".to_owned(),
                    ("video_codec", true) => field.rounding = "groups:new=a|b".to_owned(),
                    _ => {}
                }
            }
            let boxes = if keeps { [&old[..], &more].concat() } else { more };
            (boxed(&fields, &old), boxed(&new, &boxes))
        },
    )
}

/// A play of the grid: minutes, codec, rate.
type Row = (Option<u64>, Option<&'static str>, Option<u64>);

/// On both sides of every edge of the policies here, some second of a minute too.
fn grid() -> Vec<Row> {
    let minutes =
        || (0..14).chain([16, 18, 20, 23, 24, 26, 30, 36, 40]).map(|minute| Some(minute * MINUTE + 1));
    let minutes = || minutes().chain([Some(MINUTE / 2), None]);
    let codecs = [Some("a"), Some("b"), Some("c"), Some("d"), Some("e"), None];
    let rates = [None, Some(1_100_000), Some(1_600_000), Some(2_500_000)];
    let rows = minutes().flat_map(|minute| codecs.map(|codec| (minute, codec)));
    rows.flat_map(|(minute, codec)| rates.map(|rate| (minute, codec, rate))).collect()
}

/// What is sent of a play: all that leaves, ping by ping.
fn sent(policy: &Policy, row: Row, content: Content, consent: &Consent) -> String {
    let value = |column: &String| match column.as_str() {
        "duration_ms" => row.0.map_or(Value::Missing, Value::Number),
        "bitrate_bps" => row.2.map_or(Value::Missing, Value::Number),
        _ => row.1.map_or(Value::Missing, Value::Text),
    };
    let values: Vec<Value<'_>> = policy.columns().iter().map(value).collect();
    let play = Play::new(&values).of(content);
    let day = "2026-11-24".parse().expect("a day");
    let sent = policy.generalize(&play, consent, day).expect("a play of the policy");
    let of_ping = |ping: coarsen::policy::Ping<'_>| {
        let fields: Vec<(String, Sent<'_>)> =
            ping.fields().map(|(field, sent)| (field.name.clone(), sent)).collect();
        format!("{} {} {:?}", ping.name(), ping.is_other(), fields)
    };
    sent.pings().map(of_ping).collect::<Vec<String>>().join("; ")
}

/// Two plays that leave alike under the old policy and not under the new one.
fn counterexample(old: &Policy, new: &Policy) -> Option<String> {
    for switches in 0..4 {
        let mut consent = Consent::none();
        for (bit, switch) in [(1, "playback"), (2, "crash")] {
            if switches & bit != 0 {
                consent = consent.with(switch);
            }
        }
        let mut seen: BTreeMap<String, (String, Row)> = BTreeMap::new();
        for content in [Content::Personal, Content::Provided] {
            for row in grid() {
                let now = sent(new, row, content, &consent);
                let known = seen.entry(sent(old, row, content, &consent)).or_insert((now.clone(), row));
                if known.0 != now {
                    return Some(format!(
                        "{:?} and {row:?} under {consent:?}: {} and {now}",
                        known.1, known.0
                    ));
                }
            }
        }
    }
    None
}

fn change<'a>(old: &'a Policy, new: &'a Policy) -> Change<'a> {
    let as_of = "2026-11-24".parse().expect("a day");
    Change { old, new, pairs: Pairs::Named, limits: Limits::default(), as_of }
}

fn proof(old: &Policy, new: &Policy) -> Diff {
    diff(&change(old, new), None).expect("a diff")
}

/// The grid as a catalogue, for what has a duration.
fn table(rows: &[Row]) -> Table {
    let kinds = rows.iter().map(|_| Some("clip"));
    let rate = |row: &Row| row.2.map(|rate| rate as u32);
    let catalogue = Catalogue::new(Columns {
        title: (0..rows.len() as u32).collect(),
        duration_ms: rows.iter().map(|row| row.0.expect("a duration") as u32).collect(),
        bitrate_bps: Some(rows.iter().map(rate).collect()),
        side: [
            (SideField::Kind, kinds.collect()),
            (SideField::VideoCodec, rows.iter().map(|row| row.1).collect()),
        ]
        .into(),
        ..Columns::default()
    });
    Table { catalogue: catalogue.expect("a catalogue"), sha256: "0".repeat(64) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Where it is proved that nothing is added, no two plays contradict it.
    #[test]
    fn the_proof_holds_for_every_play(old in policies(true), new in policies(true)) {
        for (old, new) in [(&old, &new), (&new, &old)] {
            let found = proof(old, new);
            if found.adds_nothing {
                prop_assert_eq!(counterexample(old, new), None);
                prop_assert!(found.holds);
            }
        }
    }

    /// Nor where fields are told more coarsely, and boxes move.
    #[test]
    fn what_was_hidden_in_boxes_stays_hidden((old, new) in coarsened()) {
        let found = proof(&old, &new);
        if found.adds_nothing {
            prop_assert_eq!(counterexample(&old, &new), None);
        }
    }

    /// Without boxes, under one switch, it is proved wherever it is so.
    #[test]
    fn what_adds_nothing_is_proved(old in policies(false), new in policies(false)) {
        let found = proof(&old, &new);
        prop_assert_eq!(found.adds_nothing, counterexample(&old, &new).is_none(), "{:#?}", found.pairs);
        prop_assert_eq!(found.holds, found.adds_nothing);
    }

    /// A policy adds nothing to itself, whatever its switches and boxes.
    #[test]
    fn no_policy_adds_to_itself(policy in policies(true)) {
        let found = proof(&policy, &policy);
        prop_assert!(found.adds_nothing && found.holds, "{:#?}", found.pairs);
        prop_assert!(found.pairs[0].fields.iter().all(|field| field.relation == Relation::Same));
    }

    /// The classes of a join are the plays that leave alike under both; the order of the rows doesn't matter.
    #[test]
    fn the_join_is_what_both_tell(old in policies(true), new in policies(true)) {
        let all = Consent::none().with("playback").with("crash");
        let rows: Vec<Row> = grid().into_iter().filter(|row| row.0.is_some()).collect();
        let judged = |rows: &[Row]| {
            let found = diff(&change(&old, &new), Some(&table(rows))).expect("a diff");
            (found.holds, found.pairs[0].clone())
        };
        let (holds, pair) = judged(&rows);
        let join = pair.judged.clone().expect("a join");
        let of = |policy: &Policy, row: Row| sent(policy, row, Content::Personal, &all);
        let classes = |key: &dyn Fn(Row) -> String| {
            let mut sizes: BTreeMap<String, u32> = BTreeMap::new();
            rows.iter().for_each(|&row| *sizes.entry(key(row)).or_default() += 1);
            sizes
        };
        let both = classes(&|row| of(&old, row) + &of(&new, row));
        prop_assert_eq!(join.join.classes, both.len() as u64);
        prop_assert_eq!(join.old.expect("an old ping").classes, classes(&|row| of(&old, row)).len() as u64);
        prop_assert_eq!(join.new.classes, classes(&|row| of(&new, row)).len() as u64);
        // Each file is a title of its own.
        prop_assert_eq!(join.join.title_uniform, both.len() as f64 / rows.len() as f64);
        let exposed: u32 = both.values().filter(|&&size| size < 20).sum();
        prop_assert_eq!(join.join.exposed_share, f64::from(exposed) / rows.len() as f64);
        if pair.adds_nothing {
            prop_assert_eq!(join.join, join.old.expect("an old ping"));
        }
        prop_assert_eq!(holds, pair.adds_nothing || join.outcome == Outcome::Holds);

        let mut turned = rows.clone();
        turned.reverse();
        turned.rotate_left(7);
        let (_, other) = judged(&turned);
        prop_assert_eq!(other.judged.expect("a join").join, join.join);
    }
}

const LENGTH: &str = "[[field]]\nping = \"length\"\nname = \"duration\"\ncolumn = \"duration_ms\"\ntype = \"duration\"\n\
    rounding = \"floor:10min\"\nconsent = \"playback\"\n";
const STALLS: &str = "[[field]]\nping = \"stalls\"\nname = \"bitrate\"\ncolumn = \"bitrate_bps\"\ntype = \"bitrate\"\n\
    rounding = \"log:1\"\nconsent = \"playback\"\n";

#[test]
fn pings_are_matched_up_by_name_and_where_something_links_them() {
    let text = |release: &str, fields: &[&str]| {
        let fields: String = fields.iter().map(|field| format!("{field}{REST}")).collect();
        policy(&format!("{release}{fields}"))
    };
    let linked = "[release]\nlink = \"server\"\nrotate = 3\n";
    let (both, one) = (text("", &[LENGTH, STALLS]), text("", &[LENGTH]));
    let pairs = |found: &Diff| -> Vec<(Option<String>, String, Matched)> {
        found.pairs.iter().map(|pair| (pair.old.clone(), pair.new.clone(), pair.matched)).collect()
    };
    let (length, stalls) = (|| "length".to_owned(), || "stalls".to_owned());

    let same = proof(&both, &both);
    assert!(same.adds_nothing);
    let named = [(Some(length()), length(), Matched::Name), (Some(stalls()), stalls(), Matched::Name)];
    assert_eq!(pairs(&same), named);

    // A new ping has nothing to be nested in, and one that leaves no more gives nothing away.
    let more = proof(&one, &both);
    assert!(!more.holds && more.pairs[0].holds && !more.pairs[1].holds);
    assert_eq!(pairs(&more)[1], (None, stalls(), Matched::Alone));
    let less = proof(&both, &one);
    assert!(less.adds_nothing && less.removed == ["stalls"]);

    // One identifier on all of them.
    let (old, new) = (text(linked, &[LENGTH, STALLS]), text(linked, &[LENGTH, STALLS]));
    let found = proof(&old, &new);
    assert_eq!(found.pairs.iter().filter(|pair| pair.matched == Matched::Server).count(), 2);
    assert!(!found.holds);
    let asked = diff(&Change { pairs: Pairs::All, ..change(&both, &both) }, None).expect("a diff");
    assert_eq!(asked.pairs.iter().filter(|pair| pair.matched == Matched::Asked).count(), 2);
    // Two pings of one policy that somebody links.
    let these = Pairs::These(length(), stalls());
    let found = diff(&Change { pairs: these, ..change(&both, &both) }, None).expect("a diff");
    assert_eq!(pairs(&found), [(Some(length()), stalls(), Matched::Asked)]);
    assert_eq!(found.pairs[0].fields[0].relation, Relation::Added);
    assert!(!found.holds && found.removed.is_empty());
    let absent = Change { pairs: Pairs::These(length(), "speed".to_owned()), ..change(&both, &both) };
    let error = diff(&absent, None).expect_err("no such ping").to_string();
    assert_eq!(error, "policy `p` version 1 has no ping `speed`: its pings are length, stalls");
}

#[test]
fn a_looser_release_is_named() {
    let with = |release: &str| policy(&format!("[release]\n{release}\n{LENGTH}{REST}"));
    let tight = "link = \"session\"\nrotate = 2\ndelay = \"1h..6h\"\nbatch = 100\nshuffle = true";
    for (release, word) in [
        (tight.replace("session", "server"), "link: pings are linked by server, and were by session"),
        (
            tight.replace("rotate = 2", "rotate = 3"),
            "rotate: one identifier for 3 plays, and was for 2 plays",
        ),
        (tight.replace("rotate = 2", "rotate = 0"), "rotate: one identifier for all plays"),
        (tight.replace("1h..6h", "2h..6h"), "delay: spread over 2h..6h, and was over 1h..6h"),
        (tight.replace("100", "10"), "batch: 10 pings leave together, and 100 did"),
        (tight.replace("true", "false"), "shuffle: a batch leaves in its order"),
    ] {
        let found = proof(&with(tight), &with(&release));
        assert!(found.release.len() == 1 && found.release[0].starts_with(word), "{:?}", found.release);
        assert!(!found.adds_nothing && !found.holds && found.pairs[0].adds_nothing);
        let back = proof(&with(&release), &with(tight));
        assert!(back.release.is_empty() && back.holds, "{:?}", back.release);
    }
}

/// What an expired field told is seen, and what it would tell again is added.
#[test]
fn expiry_counts_against_the_change() {
    let old = policy(&format!("{LENGTH}{}", REST.replace("2031", "2025")));
    let new = policy(&format!("{LENGTH}{REST}"));
    let found = proof(&old, &new);
    assert_eq!(found.pairs[0].fields[0].relation, Relation::Added);
    assert!(proof(&new, &old).adds_nothing, "nothing leaves of it");
    let finer = policy(&format!("{}{REST}", LENGTH.replace("10min", "15min")));
    let rows: Vec<Row> = grid().into_iter().filter(|row| row.0.is_some()).collect();
    let found = diff(&change(&old, &finer), Some(&table(&rows))).expect("a diff");
    let join = found.pairs[0].judged.clone().expect("a join");
    // Up to 40 min: 0 to 10, 10 to 15, 15 to 20, 20 to 30, 30 to 40, and 40.
    assert_eq!((join.old.expect("an old ping").classes, join.new.classes, join.join.classes), (5, 3, 6));
}

#[test]
fn the_smallest_bucket_of_the_join_stands_beside_each_alone() {
    let of = |rounding: &str| policy(&format!("{}{REST}", LENGTH.replace("floor:10min", rounding)));
    let found = proof(&of("floor:10min"), &of("floor:15min"));
    let smallest = found.pairs[0].fields[0].smallest.expect("numbers");
    let width = |bucket: Option<coarsen::rounding::Bucket>| bucket.map(|b| b.to.expect("an end") - b.from);
    assert_eq!(width(smallest.old), Some(10 * MINUTE));
    assert_eq!(width(smallest.new), Some(15 * MINUTE));
    assert_eq!(width(smallest.join), Some(5 * MINUTE));
    assert_eq!(found.pairs[0].fields[0].relation, Relation::Cuts);
}
