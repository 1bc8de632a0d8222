//! Policies of more fields and columns than a word has bits.

use coarsen::policy::{Consent, Play, PlayError, Policy, Sent, Value};
use proptest::prelude::*;

use crate::draw::day;

/// Fields of one rounding; every third needs a switch of one's own, every fifth has expired.
fn policy(fields: usize, columns: usize) -> Policy {
    let mut text = "schema = \"coarsen.policy/1\"\nname = \"many\"\nversion = 1\n".to_owned();
    for field in 0..fields {
        let consent = if field.is_multiple_of(3) { "own-switch" } else { "playback" };
        let expires = if field.is_multiple_of(5) { "2026-01-01" } else { "2031-12-31" };
        text += &format!(
            "[[field]]\nping = \"p{}\"\nname = \"f{field}\"\ncolumn = \"c{}\"\ntype = \"integer\"\n\
             rounding = \"floor:10\"\nconsent = \"{consent}\"\npurpose = \"A question.\"\nsensitivity = \"low\"\n\
             expires = \"{expires}\"\n",
            field % 2,
            field % columns
        );
    }
    Policy::from_toml(&text).unwrap()
}

proptest! {
    // Each case reads a long policy.
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn they_leave_as_few_do(fields in 1usize..200, columns in 1usize..150, own in any::<bool>(), bad in 0usize..150) {
        let policy = policy(fields, columns);
        let consent = Consent::none().with("playback").with(if own { "own-switch" } else { "crash" });
        let leaves = |field: usize| !field.is_multiple_of(5) && (own || !field.is_multiple_of(3));
        let mut values: Vec<Value<'_>> = (0..policy.columns().len() as u64).map(|at| Value::Number(7 * at)).collect();
        let column = |field: usize| policy.columns().iter().position(|name| *name == format!("c{}", field % columns)).unwrap();
        let mut wanted: Vec<(usize, usize, u64)> = (0..fields)
            .filter(|&field| leaves(field))
            .map(|field| (field % 2, field, 7 * column(field) as u64 / 10 * 10))
            .collect();
        wanted.sort_unstable();
        let sent = policy.generalize(&Play::new(&values), &consent, day("2026-11-24")).unwrap();
        let mut got = Vec::new();
        for ping in sent.pings() {
            for (field, sent) in ping.fields() {
                let Sent::Number { bucket, .. } = sent else { panic!("{sent:?}") };
                got.push((usize::from(ping.name() == "p1"), field.name[1..].parse().unwrap(), bucket.from));
            }
        }
        // Pings stand in the order in which they appear: p0 is the first field's.
        prop_assert_eq!(got, wanted);

        let bad = bad % values.len();
        values[bad] = Value::Flag(true);
        let read = (0..fields).any(|field| leaves(field) && column(field) == bad);
        let done = policy.generalize(&Play::new(&values), &consent, day("2026-11-24")).map(|_| ());
        match done {
            Ok(()) => prop_assert!(!read),
            Err(error) => {
                prop_assert!(read);
                let PlayError::Type { column, .. } = *error else { panic!("{error}") };
                prop_assert_eq!(&column, &policy.columns()[bad]);
            }
        }
    }
}
