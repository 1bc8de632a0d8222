//! Consent comes first.

use coarsen::policy::{Consent, Play, Policy, Value};
use proptest::prelude::*;

use crate::draw::{DAYS, consent, day, lines, policy, switches};

fn any_value() -> impl Strategy<Value = Value<'static>> {
    prop_oneof![
        Just(Value::Missing),
        any::<u64>().prop_map(Value::Number),
        Just(Value::Text("anything")),
        any::<bool>().prop_map(Value::Flag),
    ]
}

proptest! {
    /// What is switched off can't cause an error, whatever the values are, and leaves nothing.
    #[test]
    fn an_opted_out_play_has_no_effect(mut policy in policy(), values in proptest::collection::vec(any_value(), 5)) {
        policy.fields.iter_mut().for_each(|field| field.consent = "playback");
        let read = Policy::from_toml(&policy.toml()).unwrap();
        let values = &values[..read.columns().len()];
        let others = Consent::none().with("crash").with("marketing").with("own-switch").with("essential");
        for consent in [Consent::none(), others] {
            let sent = read.generalize(&Play::new(values), &consent, day(DAYS[0]));
            prop_assert_eq!(sent.unwrap().pings().count(), 0);
        }
    }

    /// The values of fields that don't leave make no difference to those that do.
    #[test]
    fn values_without_consent_change_nothing(
        policy in policy(), some in proptest::collection::vec(any_value(), 5), others in proptest::collection::vec(any_value(), 5),
        switches in switches(),
    ) {
        let read = Policy::from_toml(&policy.toml()).unwrap();
        let consent = consent(&switches);
        let columns = read.columns().len();
        let used = |column: &str| {
            read.fields().iter().any(|field| field.column() == column && consent.allows(&field.consent))
        };
        let mixed: Vec<Value<'_>> = (0..columns)
            .map(|at| if used(&read.columns()[at]) { some[at] } else { others[at] })
            .collect();
        let of = |values: &[Value<'static>]| {
            read.generalize(&Play::new(values), &consent, day(DAYS[0])).map(lines)
        };
        prop_assert_eq!(of(&some[..columns]), of(&mixed));
    }

    /// The order in which switches are turned on, and how often, makes no difference to what they allow.
    #[test]
    fn switches_are_a_set(switches in switches()) {
        let (forth, back) = (consent(&switches), consent(&switches.iter().chain(&switches).rev().copied().collect::<Vec<_>>()));
        for switch in ["essential", "playback", "crash", "marketing", "own-switch", ""] {
            prop_assert_eq!(forth.allows(switch), back.allows(switch));
            prop_assert_eq!(forth.allows(switch), switch == "essential" || switches.contains(&switch));
        }
    }
}
