//! Calls that are refused, and that nothing is written where they are.

use std::ptr;

use coarsen_c::*;

use crate::call::{MISSING, NOTHING, allow, flag, generalize, last_error, load, number, text, try_load};

const TODAY: CoarsenDay = CoarsenDay { year: 2026, month: 11, day: 24 };

const TWO: &str = r#"schema = "coarsen.policy/1"
name = "playback"
version = 1
[[field]]
name = "duration"
column = "duration_ms"
type = "duration"
rounding = "floor:5min+top:3h"
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

#[test]
fn a_policy_that_is_none_is_refused_with_its_place() {
    for (toml, status, reason) in [
        (&b""[..], CoarsenStatus::Policy, "missing field"),
        (b"\xff", CoarsenStatus::Utf8, "toml is not UTF-8: the first wrong byte is at 0"),
        (b"schema = \"coarsen.policy/1\"\0", CoarsenStatus::Policy, "line 1, column 28"),
        (&TWO.replace("floor:5min", "round:5min").into_bytes(), CoarsenStatus::Policy, "line 8, column 12"),
        (&"[".repeat(200_000).into_bytes(), CoarsenStatus::Policy, "not a policy"),
        (&format!("a = {}", "[".repeat(200_000)).into_bytes(), CoarsenStatus::Policy, "not a policy"),
    ] {
        let (found, loaded) = try_load(toml);
        assert_eq!(found, status);
        assert!(loaded.0.is_null() && last_error().contains(reason), "{}", last_error());
    }
}

#[test]
fn a_play_that_is_none_leaves_nothing() {
    let (policy, on, off) = (load(TWO), allow(&["playback"]), allow(&[]));
    let untouched = || [CoarsenSent { representative: 4711, ..NOTHING }; 2];
    let bad_text = CoarsenValue { text: CoarsenText { data: c"\xff".as_ptr(), len: 1 }, ..text("") };
    let null_text = CoarsenValue { text: CoarsenText { data: ptr::null(), len: 1 }, ..text("") };
    let endless = CoarsenValue { text: CoarsenText { len: usize::MAX, ..text("a").text }, ..text("") };
    let cases = [
        (vec![number(1)], CoarsenStatus::Columns, "the play has 1 values, and the policy reads 2 columns"),
        (vec![], CoarsenStatus::Columns, "has 0 values"),
        (vec![MISSING; 9], CoarsenStatus::Columns, "has 9 values"),
        (
            vec![text("secret"), MISSING],
            CoarsenStatus::Type,
            "`duration_ms` holds text, and field `duration`",
        ),
        (vec![MISSING, flag(true)], CoarsenStatus::Type, "`codec` holds yes or no"),
        (vec![MISSING, bad_text], CoarsenStatus::Utf8, "column `codec`: text is not UTF-8"),
        (vec![MISSING, null_text], CoarsenStatus::Pointer, "column `codec`: text: the pointer is null"),
        (vec![MISSING, endless], CoarsenStatus::Pointer, "no memory can hold so many"),
        (
            vec![CoarsenValue { kind: 4, ..MISSING }, MISSING],
            CoarsenStatus::Argument,
            "column `duration_ms`: the kind 4 is none of",
        ),
    ];
    for (values, status, reason) in cases {
        let mut sent = untouched();
        let found = generalize(&policy, &values, CoarsenContent::Personal, &on, TODAY, &mut sent);
        assert_eq!(found, (status, 0), "{reason}");
        assert!(last_error().contains(reason) && !last_error().contains("secret"), "{}", last_error());
        assert!(sent.iter().all(|one| one.representative == 4711));
        if values.len() == 2 {
            let found = generalize(&policy, &values, CoarsenContent::Personal, &off, TODAY, &mut sent);
            assert_eq!(found, (CoarsenStatus::Ok, 0), "an opted-out play can't be wrong");
        }
    }
    // The array is too short for some play: said on the first.
    let values = [number(1), MISSING];
    let found = generalize(&policy, &values, CoarsenContent::Personal, &off, TODAY, &mut untouched()[..1]);
    assert_eq!(found, (CoarsenStatus::Capacity, 0));
    assert!(last_error().contains("room for 1, and of a play of this policy up to 2 leave"));
    for day in [CoarsenDay { month: 2, day: 30, ..TODAY }, CoarsenDay { year: 10_000, ..TODAY }] {
        let found = generalize(&policy, &values, CoarsenContent::Personal, &on, day, &mut untouched());
        assert_eq!(found, (CoarsenStatus::Argument, 0));
        assert!(last_error().contains("the calendar has no "), "{}", last_error());
    }
}

/// Null, misaligned and foreign arguments, one at a time.
#[test]
fn a_pointer_to_nowhere_is_refused() {
    let (policy, consent) = (load(TWO), allow(&["playback"]));
    let (values, mut sent, mut len) = ([number(1), MISSING], [NOTHING; 2], 0usize);
    let play = CoarsenPlay { values: values.as_ptr(), len: 2, content: 0 };
    let crooked = ptr::without_provenance::<CoarsenPlay>(9);
    let none = CoarsenPlay { values: ptr::null(), ..play };
    let foreign = CoarsenPlay { content: 2, ..play };
    let (p, c, s, l) = (policy.0.cast_const(), consent.0.cast_const(), sent.as_mut_ptr(), &raw mut len);
    for (policy, play, consent, sent, len, status) in [
        (ptr::null(), &raw const play, c, s, l, CoarsenStatus::Pointer),
        (p, ptr::null(), c, s, l, CoarsenStatus::Pointer),
        (p, crooked, c, s, l, CoarsenStatus::Pointer),
        (p, &raw const none, c, s, l, CoarsenStatus::Pointer),
        (p, &raw const play, c, ptr::null_mut(), l, CoarsenStatus::Pointer),
        (p, &raw const play, c, s, ptr::null_mut(), CoarsenStatus::Pointer),
        (p, &raw const foreign, c, s, l, CoarsenStatus::Argument),
        (p, &raw const play, ptr::null(), s, l, CoarsenStatus::Ok),
        (p, &raw const play, c, s, l, CoarsenStatus::Ok),
    ] {
        // SAFETY: each pointer is null, misaligned or leads to what it should.
        assert_eq!(unsafe { coarsen_generalize(policy, play, consent, TODAY, sent, 2, len) }, status);
    }
    assert_eq!(len, 2);
    // SAFETY: null is let be or refused.
    unsafe {
        coarsen_policy_free(ptr::null_mut());
        coarsen_consent_free(ptr::null_mut());
        assert_eq!(coarsen_policy_load(c"".as_ptr(), 0, ptr::null_mut()), CoarsenStatus::Pointer);
        let mut place = ptr::dangling_mut();
        assert_eq!(coarsen_policy_load(ptr::null(), 5, &mut place), CoarsenStatus::Pointer);
        assert!(place.is_null());
        assert_eq!(coarsen_consent_allow(ptr::null_mut(), c"a".as_ptr(), 1), CoarsenStatus::Pointer);
        assert_eq!(coarsen_consent_allow(consent.0, ptr::null(), 1), CoarsenStatus::Pointer);
        assert_eq!(coarsen_consent_allow(consent.0, c"\xff".as_ptr(), 1), CoarsenStatus::Utf8);
        assert_eq!(coarsen_consent_clear(ptr::null_mut()), CoarsenStatus::Pointer);
        assert_eq!(coarsen_policy_column_count(ptr::null()), 0);
        assert_eq!(coarsen_policy_column(ptr::null(), c"a".as_ptr(), 1), -1);
        assert_eq!(coarsen_policy_column(policy.0, ptr::null(), 1), -1);
        assert_eq!(coarsen_policy_column_name(ptr::null(), 0).len, 0);
        assert_eq!(coarsen_policy_capacity(ptr::null()), 0);
    }
}

#[test]
fn what_is_cleared_is_off() {
    let (policy, consent) = (load(TWO), allow(&["playback"]));
    let (values, mut sent) = ([number(1), MISSING], [NOTHING; 2]);
    let mut len = || generalize(&policy, &values, CoarsenContent::Personal, &consent, TODAY, &mut sent).1;
    assert_eq!(len(), 2);
    // SAFETY: a consent of the library that nothing else uses.
    assert_eq!(unsafe { coarsen_consent_clear(consent.0) }, CoarsenStatus::Ok);
    assert_eq!(len(), 0);
}
