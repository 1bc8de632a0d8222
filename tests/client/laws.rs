//! Laws of what leaves.

use coarsen::policy::{Day, Play, Policy, Value};
use proptest::prelude::*;

use crate::draw::{DAYS, consent, day, play, policy, sent, switches};

proptest! {
    /// The plan that a policy is made into says what its text says.
    #[test]
    fn what_leaves_is_what_the_text_says(
        policy in policy(), play in play(), switches in switches(), as_of in proptest::sample::select(&DAYS[..]),
    ) {
        let read = Policy::from_toml(&policy.toml()).unwrap();
        let naive = policy.naive(|column| play.value(column), play.content, &switches, as_of);
        prop_assert_eq!(sent(&read, &play, &switches, as_of), naive);
    }

    /// Switching more on takes nothing away and changes nothing, but for boxes that may now ask.
    #[test]
    fn more_consent_only_adds(mut policy in policy(), play in play(), switches in switches(), more in switches()) {
        policy.boxed = false;
        let read = Policy::from_toml(&policy.toml()).unwrap();
        let fewer = sent(&read, &play, &switches, DAYS[0]);
        let all = sent(&read, &play, &[switches, more].concat(), DAYS[0]);
        prop_assert!(fewer.iter().all(|line| all.contains(line)), "{:?} {:?}", fewer, all);
    }

    /// As time goes by, less leaves.
    #[test]
    fn days_only_take_away(mut policy in policy(), play in play(), switches in switches()) {
        policy.boxed = false;
        let read = Policy::from_toml(&policy.toml()).unwrap();
        for days in DAYS.windows(2) {
            let (before, after) =
                (sent(&read, &play, &switches, days[0]), sent(&read, &play, &switches, days[1]));
            prop_assert!(after.iter().all(|line| before.contains(line)));
        }
        prop_assert!(sent(&read, &play, &switches, DAYS[2]).is_empty());
    }

    /// A field has no say in what leaves of another.
    #[test]
    fn a_field_more_changes_no_other(mut policy in policy(), play in play(), switches in switches()) {
        policy.boxed = false;
        let all = sent(&Policy::from_toml(&policy.toml()).unwrap(), &play, &switches, DAYS[0]);
        prop_assume!(policy.fields.len() > 1);
        policy.fields.pop();
        let fewer = sent(&Policy::from_toml(&policy.toml()).unwrap(), &play, &switches, DAYS[0]);
        prop_assert!(fewer.iter().all(|line| all.contains(line)));
    }

    /// The columns that are said to be read are those whose values can make a play be refused, and no others.
    #[test]
    fn what_is_read_is_what_can_be_wrong(
        policy in policy(), play in play(), switches in switches(), as_of in proptest::sample::select(&DAYS[..]),
    ) {
        let read = Policy::from_toml(&policy.toml()).unwrap();
        let (consent, as_of) = (consent(&switches), day(as_of));
        let good = play.of(&read);
        let said: Vec<usize> = read.reads(play.content, &consent, as_of).collect();
        for column in 0..read.columns().len() {
            let mut values = good.clone();
            // No column holds both.
            for wrong in [Value::Number(1), Value::Text("wrong")] {
                values[column] = wrong;
                let refused = read.generalize(&Play::new(&values).of(play.content), &consent, as_of).is_err();
                let fits = matches!(wrong, Value::Text(_)) == (read.columns()[column] == "codec")
                    && read.columns()[column] != "direct";
                prop_assert_eq!(refused, !fits && said.contains(&column));
            }
        }
    }
}

/// The days of the calendar are those that can be written.
#[test]
fn a_day_in_numbers_is_the_day_in_text() {
    for year in (1..100).chain(1896..2110).chain([0, 9999, 10_000, u16::MAX]) {
        for month in 0..=13 {
            for of_month in 0..=32 {
                let text = format!("{year:04}-{month:02}-{of_month:02}");
                assert_eq!(Day::from_ymd(year, month, of_month).ok(), text.parse().ok(), "{text}");
            }
        }
    }
}
