//! Policies that somebody or something has damaged: read or refused, never a panic.

use coarsen::policy::Policy;
use proptest::prelude::*;

const SHIPPED: [&str; 3] = [
    include_str!("../../datasets/policies/playback.toml"),
    include_str!("../../datasets/policies/playback-joint.toml"),
    include_str!("../vectors/policies/ledger.toml"),
];

/// One damage. Places are taken modulo what there is.
#[derive(Clone, Debug)]
enum Damage {
    Byte(usize, u8),
    Insert(usize, u8),
    Cut(usize),
    Drop(usize),
    Twice(usize),
    Swap(usize, usize),
    /// The words of one line after the `=` of another.
    Graft(usize, usize),
    /// Another number wherever digits begin.
    Number(usize, u64),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = || 0usize..1 << 20;
    let byte = || prop_oneof![any::<u8>(), proptest::sample::select(&b"\"'[]{}=#.,:|+@-0eE\n\0\xff"[..])];
    prop_oneof![
        (at(), byte()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        (at(), byte()).prop_map(|(at, byte)| Damage::Insert(at, byte)),
        at().prop_map(Damage::Cut),
        at().prop_map(Damage::Drop),
        at().prop_map(Damage::Twice),
        (at(), at()).prop_map(|(a, b)| Damage::Swap(a, b)),
        (at(), at()).prop_map(|(a, b)| Damage::Graft(a, b)),
        (at(), prop_oneof![Just(0), Just(1), Just(u64::MAX), any::<u64>()])
            .prop_map(|(at, n)| Damage::Number(at, n)),
    ]
}

fn damaged(mut text: Vec<u8>, damage: &Damage) -> Vec<u8> {
    if text.is_empty() {
        return text;
    }
    let bytes = text.len();
    let mut lines: Vec<Vec<u8>> = text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let count = lines.len();
    match *damage {
        Damage::Byte(at, byte) => text[at % bytes] = byte,
        Damage::Insert(at, byte) => text.insert(at % bytes, byte),
        Damage::Cut(at) => text.truncate(at % bytes),
        Damage::Number(at, number) => {
            let digits = |byte: &u8| byte.is_ascii_digit();
            let begins: Vec<usize> =
                (0..bytes).filter(|at| digits(&text[*at]) && !(*at > 0 && digits(&text[at - 1]))).collect();
            if let Some(&begin) = begins.get(at % begins.len().max(1)) {
                let end = begin + text[begin..].iter().take_while(|byte| digits(byte)).count();
                text.splice(begin..end, number.to_string().into_bytes());
            }
        }
        Damage::Drop(at) => _ = lines.remove(at % count),
        Damage::Twice(at) => lines.insert(at % count, lines[at % count].clone()),
        Damage::Swap(a, b) => lines.swap(a % count, b % count),
        Damage::Graft(a, b) => {
            let after = |line: &[u8]| line.iter().position(|byte| *byte == b'=').map(|at| at + 1);
            if let (Some(to), Some(from)) = (after(&lines[a % count]), after(&lines[b % count])) {
                let graft = lines[b % count][from..].to_vec();
                lines[a % count].splice(to.., graft);
            }
        }
    }
    match damage {
        Damage::Drop(_) | Damage::Twice(_) | Damage::Swap(..) | Damage::Graft(..) => lines.concat(),
        _ => text,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_damaged_policy_is_read_or_refused(
        shipped in proptest::sample::select(&SHIPPED[..]), damages in proptest::collection::vec(damage(), 1..5),
    ) {
        let bytes = damages.iter().fold(shipped.as_bytes().to_vec(), damaged);
        let text = String::from_utf8_lossy(&bytes);
        match Policy::from_toml(&text) {
            // What is read is whole: every field has its place in what a play is read from.
            Ok(policy) => {
                prop_assert!(!policy.fields().is_empty());
                prop_assert!(policy.fields().iter().all(|field| policy.columns().iter().any(|c| c == field.column())));
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}

/// The damages do damage: some are refused, and some are read.
#[test]
fn damages_of_both_kinds() {
    let read = |damage: Damage| {
        let bytes = damaged(SHIPPED[0].as_bytes().to_vec(), &damage);
        Policy::from_toml(&String::from_utf8_lossy(&bytes)).is_ok()
    };
    let dropped: Vec<bool> = (0..SHIPPED[0].lines().count()).map(|line| read(Damage::Drop(line))).collect();
    assert!(dropped.contains(&true) && dropped.contains(&false));
    assert!(!read(Damage::Cut(40)));
}
