//! Laws of what leaves.

use coarsen::policy::Policy;
use proptest::prelude::*;

use crate::draw::{DAYS, play, policy, sent, switches};

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
}
