//! A preview says of every field that it leaves or why not.

use coarsen::policy::{Columns, JsonPlay, Policy, Reason, Withheld};
use proptest::prelude::*;

use crate::draw::{DAYS, consent, day, play, policy, switches};
use crate::json::{COLUMNS, line, written};

proptest! {
    /// Each field has a value in a line or a reason, never both; and the lines are the bytes that leave.
    #[test]
    fn every_field_leaves_or_has_its_reason(
        policy in policy(), play in play(), switches in switches(), as_of in proptest::sample::select(&DAYS[..]),
    ) {
        let policy = Policy::from_toml(&policy.toml()).unwrap();
        let (consent, today, columns) = (consent(&switches), day(as_of), Columns::default());
        let text = line(&play, &COLUMNS, &switches);
        let read = JsonPlay::read(text.as_bytes()).unwrap();
        let held = read.values(&policy, &consent, today).unwrap();
        let preview = policy.preview(&held, &consent, today, columns).unwrap();

        let values = held.values();
        let shape = held.play(&values);
        let bytes: String = preview.sent.iter().map(|sent| sent.line.as_str()).collect();
        prop_assert_eq!(bytes, written(&policy, &shape, &consent, today, columns));

        let mut reasons = preview.not_sent.iter();
        for name in policy.pings() {
            let sent = preview.sent.iter().find(|sent| sent.ping == name);
            let sent: serde_json::Map<_, _> = sent.map_or_else(Default::default, |sent| {
                serde_json::from_str(&sent.line).unwrap()
            });
            let boxed = sent.get("other") == Some(&true.into());
            for field in policy.fields_of(name) {
                let withheld = policy.withheld(field, &shape, &consent, today);
                if withheld.is_none() && sent.get(&field.name).is_some_and(|value| !value.is_null()) {
                    continue;
                }
                let reason = reasons.next().unwrap();
                prop_assert_eq!((&reason.ping, &reason.field), (&field.ping, &field.name));
                let fits = match (&reason.reason, withheld) {
                    (Reason::ConsentOff { switch }, Some(Withheld::Consent)) => *switch == field.consent,
                    (Reason::Expired { since }, Some(Withheld::Expired)) => *since == field.expires && *since <= today,
                    (Reason::OtherContent { only }, Some(Withheld::Content)) => *only != play.content,
                    (Reason::Dropped, Some(Withheld::Dropped)) => field.rounding == "drop",
                    (Reason::OtherBox { when }, None) => {
                        boxed && policy.others().iter().any(|other| other.ping() == name && other.when == *when)
                    }
                    (Reason::NoValue, None) => !boxed && sent[&field.name].is_null(),
                    _ => false,
                };
                prop_assert!(fits, "{:?} {:?}", reason, withheld);
            }
        }
        prop_assert!(reasons.next().is_none());
    }
}

/// Of two boxes the one that the play lies in is named, of the ping in question.
#[test]
fn the_box_is_named() {
    let field = |ping: &str| {
        format!(
            "[[field]]\nping = \"{ping}\"\nname = \"duration\"\ntype = \"duration\"\nrounding = \"floor:1h\"\n\
             consent = \"playback\"\npurpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n"
        )
    };
    let boxed = |ping: &str, range: &str| {
        format!("[[other]]\nping = \"{ping}\"\nwhen = {{ duration = \"{range}\" }}\n")
    };
    let text = [
        "schema = \"coarsen.policy/1\"\nname = \"boxes\"\nversion = 1\n".to_owned(),
        field("a"),
        field("b"),
        boxed("b", "..1h"),
        boxed("a", "5h.."),
        boxed("a", "3h..4h"),
    ]
    .concat();
    let policy = Policy::from_toml(&text).unwrap();
    let (today, on) = (day("2026-11-24"), consent(&["playback"]));
    let named = |line: &str| {
        let read = JsonPlay::read(line.as_bytes()).unwrap();
        let held = read.values(&policy, &on, today).unwrap();
        let preview = policy.preview(&held, &on, today, Columns::default()).unwrap();
        let sent: String = preview.sent.iter().map(|sent| sent.line.as_str()).collect();
        let reasons: Vec<String> =
            preview.not_sent.iter().map(|field| format!("{}: {}", field.ping, field.reason)).collect();
        (sent, reasons)
    };
    let (sent, reasons) = named("{\"duration\": 11000000}");
    assert_eq!(sent, "{\"other\":true}\n{\"duration\":12600000,\"other\":false}\n");
    assert_eq!(reasons, ["a: the play lies in the [[other]] box duration = \"3h..4h\""]);
    let (sent, reasons) = named("{\"duration\": 0}");
    assert_eq!(sent, "{\"duration\":1800000,\"other\":false}\n{\"other\":true}\n");
    assert_eq!(reasons, ["b: the play lies in the [[other]] box duration = \"..1h\""]);
    let (_, reasons) = named("{}");
    assert_eq!(reasons, ["a: the play has no value: null is sent", "b: the play has no value: null is sent"]);
}
