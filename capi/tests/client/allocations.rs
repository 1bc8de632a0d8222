//! A play costs no allocation once its policy is loaded.

use std::fmt::Write;

use coarsen_c::*;

use crate::call::{
    Allowed, Loaded, MISSING, NOTHING, allow, capacity, flag, generalize, last_error, load, number, text,
};

const TODAY: CoarsenDay = CoarsenDay { year: 2026, month: 11, day: 24 };

/// Numbers, groups, names and flags by turns, so many of them, and a box.
fn policy(fields: usize) -> Loaded {
    let mut toml = "schema = \"coarsen.policy/1\"\nname = \"many\"\nversion = 1\n".to_owned();
    for at in 0..fields {
        let (kind, rounding) = [
            ("duration", "floor:5min+bottom:5min+top:3h"),
            ("bitrate", "log:1"),
            ("category", "groups:old=h264|mpeg2,new=hevc|av1"),
            ("category", "keep"),
            ("flag", "keep"),
        ][at % 5];
        let (switch, ping) = (["playback", "own-switch"][at % 2], ["a", "b"][at / 5 % 2]);
        write!(
            toml,
            "[[field]]\nname = \"f{at}\"\nping = \"{ping}\"\ntype = \"{kind}\"\nrounding = \"{rounding}\"\n\
             consent = \"{switch}\"\npurpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n"
        )
        .unwrap();
    }
    load(&(toml + "[[other]]\nping = \"a\"\nwhen = { f0 = \"3h..\", f2 = \"old\" }\n"))
}

fn values(fields: usize, seed: u64) -> Vec<CoarsenValue> {
    let value = |at: usize| match at % 5 {
        0 => number(seed * 7_777_777 % 20_000_000),
        1 => number(seed * 3_333),
        2 => text(["hevc", "h264", "vp9"][seed as usize % 3]),
        3 if seed.is_multiple_of(7) => MISSING,
        3 => text("Stra\u{df}e"),
        _ => flag(seed.is_multiple_of(2)),
    };
    (0..fields).map(value).collect()
}

/// The allocations of one play.
fn cost(
    policy: &Loaded,
    values: &[CoarsenValue],
    consent: &Allowed,
    sent: &mut [CoarsenSent],
) -> (u64, usize) {
    let mut done = (CoarsenStatus::Internal, 0);
    let counted = allocation_counter::measure(|| {
        done = generalize(policy, values, CoarsenContent::Personal, consent, TODAY, sent);
    });
    assert_eq!(done.0, CoarsenStatus::Ok, "{}", last_error());
    (counted.count_total, done.1)
}

#[test]
fn a_play_allocates_nothing() {
    for fields in [10, 40, 200, 256] {
        let policy = policy(fields);
        let mut sent = vec![NOTHING; capacity(&policy)];
        let (mut all, mut other) = (0, 0);
        for consent in [allow(&["playback", "own-switch"]), allow(&["own-switch"]), allow(&[])] {
            for seed in 0..100 {
                let (count, len) = cost(&policy, &values(fields, seed), &consent, &mut sent);
                assert_eq!(count, 0, "{fields} fields");
                all += usize::from(len == fields);
                other += sent[..len].iter().filter(|one| one.kind == CoarsenSentKind::Other).count();
            }
        }
        assert!(all > 0 && other > 0, "{all} whole plays and {other} in the box");
    }
}

/// What the header says of more columns; and that the counter counts.
#[test]
fn more_columns_cost_one() {
    let (policy, consent) = (policy(257), allow(&["playback", "own-switch"]));
    let mut sent = vec![NOTHING; capacity(&policy)];
    assert_eq!(cost(&policy, &values(257, 2), &consent, &mut sent), (1, 257));
}
