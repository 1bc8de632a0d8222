//! A client made ready for one owner's switches tells what the policy tells play by play.

use coarsen::policy::{
    Client, Consent, Content, Field, Generalized, Outgoing, Play, PlayError, Policy, Sent, Value,
};
use coarsen::rounding::Bucket;
use proptest::prelude::*;

use crate::draw::{CODECS, DAYS, any_rounding, consent, day, number_policy, policy, switches};

/// One thing that leaves: its ping, its box, and of a field what leaves.
type Line = (String, Option<String>, Option<(*const Field, Value<'static>, Option<Bucket>)>);

fn owned(value: Value<'_>) -> Value<'static> {
    match value {
        Value::Missing => Value::Missing,
        Value::Number(number) => Value::Number(number),
        Value::Text(text) => Value::Text(String::from(text).leak()),
        Value::Flag(flag) => Value::Flag(flag),
    }
}

fn told(sent: Generalized<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    for ping in sent.pings() {
        let in_box = ping.in_box().map(|other| format!("{other:?}"));
        assert_eq!(in_box.is_some(), ping.is_other());
        lines.push((ping.name().to_owned(), in_box, None));
        for (field, sent) in ping.fields() {
            let (value, bucket) = match sent {
                Sent::Missing => (Value::Missing, None),
                Sent::Number { representative, bucket } => (Value::Number(representative), Some(bucket)),
                Sent::Text(text) => (Value::Text(text), None),
                Sent::Flag(flag) => (Value::Flag(flag), None),
            };
            lines.push((
                ping.name().to_owned(),
                None,
                Some((std::ptr::from_ref(field), owned(value), bucket)),
            ));
        }
    }
    lines
}

fn told_ready(sent: Outgoing<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    for ping in sent.pings() {
        let in_box = ping.in_box().map(|other| format!("{other:?}"));
        assert_eq!(in_box.is_some(), ping.is_other());
        lines.push((ping.name().to_owned(), in_box, None));
        for leaves in ping.fields() {
            let field = std::ptr::from_ref(leaves.field());
            lines.push((
                ping.name().to_owned(),
                None,
                Some((field, owned(*leaves.value()), leaves.bucket())),
            ));
        }
    }
    lines
}

/// Both on one play, by one client that has told others before.
fn agree(
    policy: &Policy,
    client: &mut Client<'_>,
    (consent, as_of): (&Consent, &str),
    play: &Play<'_>,
) -> Result<(), TestCaseError> {
    // Whatever stands in the room makes no difference.
    let mut room = vec![Value::Text("before"); policy.fields().len()];
    let wanted = policy.generalize(play, consent, day(as_of)).map(told);
    prop_assert_eq!(client.generalize(play, day(as_of), &mut room).map(told_ready), wanted);
    Ok(())
}

fn any_value() -> impl Strategy<Value = Value<'static>> {
    let number = prop_oneof![
        0u64..10,
        0u64..100_000_000,
        any::<u64>(),
        Just(u64::MAX),
        (0u32..64, 0u64..3).prop_map(|(bits, by)| (1u64 << bits).saturating_add(by) - 1),
    ];
    prop_oneof![
        1 => Just(Value::Missing),
        4 => number.prop_map(Value::Number),
        2 => proptest::sample::select(&CODECS[..]).prop_map(Value::Text),
        1 => "[a-z]{0,20}".prop_map(|text| Value::Text(text.leak())),
        1 => any::<bool>().prop_map(Value::Flag),
    ]
}

/// A value that a field of a column holds, most times.
fn fitting(policy: &Policy, column: &str, values: &[Value<'static>]) -> Value<'static> {
    let kind = policy.fields().iter().find(|field| field.column() == column).unwrap().kind;
    values.iter().copied().find(|value| kind.holds(*value)).unwrap_or_default()
}

proptest! {
    /// Of every play, on every day, for every consent; misfits, missing values and extremes among them.
    #[test]
    fn a_client_tells_what_its_policy_tells(
        sketch in policy(),
        switches in switches(),
        plays in proptest::collection::vec(
            (proptest::collection::vec(any_value(), 40), any::<bool>(), 0usize..20, proptest::sample::select(&DAYS[..])),
            1..6,
        ),
    ) {
        let policy = Policy::from_toml(&sketch.toml()).unwrap();
        let consent = consent(&switches);
        let mut client = policy.client(&consent, day(DAYS[0]));
        for (drawn, provided, wrong, as_of) in plays {
            let columns = policy.columns();
            let mut values: Vec<Value<'_>> =
                columns.iter().enumerate().map(|(at, column)| fitting(&policy, column, &drawn[at * 8..])).collect();
            if let Some(value) = values.get_mut(wrong) {
                *value = drawn[0];
            }
            let play = Play::new(&values).of(if provided { Content::Provided } else { Content::Personal });
            agree(&policy, &mut client, (&consent, as_of), &play)?;
            // A value too few, and as many as there are of anything.
            agree(&policy, &mut client, (&consent, as_of), &Play::new(&values[1..]))?;
            agree(&policy, &mut client, (&consent, as_of), &Play::new(&drawn[..columns.len()]))?;
        }
    }

    /// Every rounding, with what stands for its open bucket, cut at either end, on or off its edges.
    #[test]
    fn every_rounding_stands_for_the_same(
        roundings in proptest::collection::vec(any_rounding(), 1..6),
        plays in proptest::collection::vec(proptest::collection::vec(any_value(), 40), 8),
    ) {
        let text = number_policy(&roundings);
        let policy = Policy::from_toml(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        let consent = consent(&["playback"]);
        let mut client = policy.client(&consent, day(DAYS[1]));
        for drawn in plays {
            let values: Vec<Value<'_>> =
                policy.columns().iter().enumerate().map(|(at, column)| fitting(&policy, column, &drawn[at * 8..])).collect();
            agree(&policy, &mut client, (&consent, DAYS[1]), &Play::new(&values))?;
        }
    }
}

#[test]
fn what_leaves_must_have_room() {
    let field = |name: &str, switch: &str| {
        format!(
            "[[field]]\nname = \"{name}\"\ntype = \"integer\"\nrounding = \"keep\"\nconsent = \"{switch}\"\n\
             purpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n"
        )
    };
    let head = "schema = \"coarsen.policy/1\"\nname = \"two\"\nversion = 1\n";
    let text = head.to_owned() + &field("a", "playback") + &field("b", "crash");
    let policy = Policy::from_toml(&text).unwrap();
    let (values, today) = ([Value::Number(1), Value::Number(2)], day(DAYS[1]));
    let mut client = policy.client(&Consent::none().with("playback"), today);
    let error = client.generalize(&Play::new(&values), today, &mut []).unwrap_err();
    assert_eq!(*error, PlayError::Room { wanted: 1, found: 0 });
    assert!(error.to_string().contains("make room for one of each field"), "{error}");
    // What doesn't leave needs none.
    let mut room = [Value::Missing; 1];
    assert!(client.generalize(&Play::new(&values), today, &mut room).is_ok());
    let mut none = policy.client(&Consent::none(), today);
    assert_eq!(none.generalize(&Play::new(&values), today, &mut []).unwrap().pings().count(), 0);
}
