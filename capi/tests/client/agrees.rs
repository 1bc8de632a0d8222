//! What leaves through C is what leaves through the core.

use coarsen::policy::{Content, Day, Play, Policy, Value};
use coarsen_c::*;
use proptest::prelude::*;

use crate::call::{MISSING, NOTHING, allow, capacity, flag, generalize, load, number, read, text};
use crate::draw::{self, DAYS, play, policy, switches};

fn c_value(value: Value<'static>) -> CoarsenValue {
    match value {
        Value::Missing => MISSING,
        Value::Number(it) => number(it),
        Value::Text(it) => text(it),
        Value::Flag(it) => flag(it),
    }
}

fn c_content(content: Content) -> CoarsenContent {
    match content {
        Content::Personal => CoarsenContent::Personal,
        Content::Provided => CoarsenContent::Provided,
    }
}

fn c_day(day: &str) -> CoarsenDay {
    let mut parts = day.split('-').map(|part| part.parse::<u16>().unwrap());
    let mut part = || parts.next().unwrap();
    CoarsenDay { year: part(), month: part() as u8, day: part() as u8 }
}

/// What leaves, told in the core's words.
fn lines(policy: *const CoarsenPolicy, sent: &[CoarsenSent]) -> Vec<String> {
    let line = |sent: &CoarsenSent| {
        // SAFETY: a policy of the library that lives.
        let (ping, field) = unsafe {
            (
                read(coarsen_policy_ping_name(policy, sent.ping as usize)),
                read(coarsen_policy_field_name(policy, sent.field as usize)),
            )
        };
        let told = match sent.kind {
            CoarsenSentKind::Other => {
                assert_eq!(field, "");
                return format!("{ping}: other");
            }
            CoarsenSentKind::Missing => "missing".to_owned(),
            CoarsenSentKind::Number => {
                assert_eq!(sent.is_open, u32::from(sent.to == 0));
                let to = (sent.is_open == 0).then_some(sent.to);
                format!("{} {:?}", sent.representative, (sent.from, to))
            }
            // SAFETY: the text lies in the policy or in the play, and both live.
            CoarsenSentKind::Text => format!("{:?}", unsafe { read(sent.text) }),
            CoarsenSentKind::Flag => (sent.flag == 1).to_string(),
        };
        format!("{ping}.{field}: {told}")
    };
    sent.iter().map(line).collect()
}

/// The core's own answer in the same form.
fn core_lines(
    policy: &Policy,
    values: &[Value<'_>],
    content: Content,
    switches: &[&str],
    as_of: Day,
) -> Vec<String> {
    let consent = draw::consent(switches);
    let mut lines = Vec::new();
    for ping in policy.generalize(&Play::new(values).of(content), &consent, as_of).unwrap().pings() {
        if ping.is_other() {
            lines.push(format!("{}: other", ping.name()));
        }
        for (field, sent) in ping.fields() {
            use coarsen::policy::Sent;
            let told = match sent {
                Sent::Missing => "missing".to_owned(),
                Sent::Number { representative, bucket } => {
                    format!("{representative} {:?}", (bucket.from, bucket.to))
                }
                Sent::Text(text) => format!("{text:?}"),
                Sent::Flag(flag) => flag.to_string(),
            };
            lines.push(format!("{}.{}: {told}", ping.name(), field.name));
        }
    }
    lines
}

proptest! {
    /// Both give the same, whatever stands in the columns that aren't read: no kind there is, pointers to nowhere.
    #[test]
    fn c_says_what_the_core_says(
        policy in policy(), play in play(), switches in switches(), as_of in proptest::sample::select(&DAYS[..]),
        kind in 2u32.., nowhere in 0usize..64, len in 1usize..,
    ) {
        let (loaded, core) = (load(&policy.toml()), Policy::from_toml(&policy.toml()).unwrap());
        let values = play.of(&core);
        let consent = draw::consent(&switches);
        let is_read: Vec<usize> = core.reads(play.content, &consent, draw::day(as_of)).collect();
        let mut c_values: Vec<CoarsenValue> = values.iter().copied().map(c_value).collect();
        for (column, value) in c_values.iter_mut().enumerate() {
            if !is_read.contains(&column) {
                let text = CoarsenText { data: std::ptr::without_provenance(nowhere), len };
                *value = CoarsenValue { kind, text, ..number(7) };
            }
        }
        let mut sent = vec![NOTHING; capacity(&loaded)];
        let (status, len) =
            generalize(&loaded, &c_values, c_content(play.content), &allow(&switches), c_day(as_of), &mut sent);
        prop_assert_eq!(status, CoarsenStatus::Ok);
        let expected = core_lines(&core, &values, play.content, &switches, draw::day(as_of));
        prop_assert_eq!(lines(loaded.0, &sent[..len]), expected);
    }

    /// The capacity is enough for every play, and some play with everything on needs all of it.
    #[test]
    fn the_capacity_is_the_most_that_leaves(mut policy in policy(), play in play()) {
        policy.boxed = false;
        for field in &mut policy.fields {
            field.content = None;
            field.expires = DAYS[2];
        }
        let (loaded, core) = (load(&policy.toml()), Policy::from_toml(&policy.toml()).unwrap());
        let values: Vec<CoarsenValue> = play.of(&core).into_iter().map(c_value).collect();
        let mut sent = vec![NOTHING; capacity(&loaded) + 3];
        let all = allow(&draw::SWITCHES);
        let (_, len) = generalize(&loaded, &values, CoarsenContent::Personal, &all, c_day(DAYS[0]), &mut sent);
        prop_assert_eq!(len, capacity(&loaded));
    }

    /// What a policy is made of is told as the core tells it.
    #[test]
    fn names_and_kinds_are_the_cores(policy in policy()) {
        let (loaded, core) = (load(&policy.toml()), Policy::from_toml(&policy.toml()).unwrap());
        let of = loaded.0;
        // SAFETY: a policy of the library that lives.
        unsafe {
            let columns = coarsen_policy_column_count(of);
            let all = |count: usize, name: &dyn Fn(usize) -> CoarsenText| -> Vec<String> {
                assert_eq!(name(count).len, 0);
                (0..count).map(|at| read(name(at)).to_owned()).collect()
            };
            prop_assert_eq!(&all(columns, &|at| coarsen_policy_column_name(of, at)), core.columns());
            let pings = all(coarsen_policy_ping_count(of), &|at| coarsen_policy_ping_name(of, at));
            prop_assert_eq!(pings, core.pings());
            let switches = all(coarsen_policy_switch_count(of), &|at| coarsen_policy_switch_name(of, at));
            prop_assert_eq!(switches, core.switches());
            let fields = all(coarsen_policy_field_count(of), &|at| coarsen_policy_field_name(of, at));
            prop_assert_eq!(fields, core.fields().iter().map(|field| field.name.clone()).collect::<Vec<_>>());
            for (at, name) in core.columns().iter().enumerate() {
                prop_assert_eq!(coarsen_policy_column(of, name.as_ptr().cast(), name.len()), at as isize);
                let kind = format!("{:?}", coarsen_policy_column_kind(of, at));
                prop_assert_eq!(kind, format!("{:?}", core.kinds()[at]));
            }
            prop_assert_eq!(coarsen_policy_column(of, "none".as_ptr().cast(), 4), -1);
            prop_assert_eq!(coarsen_policy_column_kind(of, columns), CoarsenColumnKind::None);
        }
    }
}
