//! The modules that `coarsen policy rust` writes tell what their policies tell.
//!
//! `UPDATE_GENERATED=1` writes those in the folder beside this file anew.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use coarsen::policy::{Consent, Content, Field, FieldType, Generalized, Play, Policy, Sent, Value};
use coarsen::rounding::{Partition, Rounding};
use proptest::prelude::*;

use crate::draw::{CODECS, consent, day};

const EVERY: &str = include_str!("generated/every.toml");
const TEN: &str = include_str!("generated/ten.toml");
const PLAYBACK: &str = include_str!("../../datasets/policies/playback.toml");

#[allow(dead_code, reason = "a module is whole, whatever is used of it")]
mod every {
    include!("generated/every.rs");
}

#[allow(dead_code, reason = "a module is whole, whatever is used of it")]
mod ten {
    include!("generated/ten.rs");
}

#[allow(dead_code, reason = "a module is whole, whatever is used of it")]
mod playback {
    include!("generated/playback.rs");
}

/// What the names of the policies become, where that isn't the name.
const IDENTS: [(&str, &str); 6] = [
    ("log-1", "log_1"),
    ("log-2", "log_2"),
    ("log-16", "log_16"),
    ("480p", "n480p"),
    ("type", "type_"),
    ("self", "self_"),
];

fn ident(name: &str) -> String {
    let known = IDENTS.iter().find(|(of, _)| *of == name);
    known.map_or_else(|| name.to_lowercase(), |(_, ident)| (*ident).to_owned())
}

fn camel(name: &str) -> String {
    name.split(['_', '-']).map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

/// What a module's `Pings` show where this leaves.
pub fn shown(policy: &Policy, sent: Generalized<'_>) -> String {
    let leaving: BTreeMap<&str, _> = sent.pings().map(|ping| (ping.name(), ping)).collect();
    let mut pings = Vec::new();
    for name in policy.pings() {
        let fields: Vec<&Field> = policy.fields_of(name).filter(|field| field.is_emitted()).collect();
        let Some(first) = fields.first() else { continue };
        let gate = |field: &Field| (field.consent.clone(), field.content, field.expires);
        let is_mixed = fields.iter().any(|field| gate(field) != gate(first));
        let is_boxed = policy.others().iter().any(|other| other.ping() == name);
        let told = leaving.get(name).map_or("None".to_owned(), |ping| {
            if ping.is_other() {
                return "Some(Other)".to_owned();
            }
            let told = |field: &&Field| {
                let sent = ping.fields().find(|(other, _)| std::ptr::eq(*other, *field));
                let told = sent.map(|(_, sent)| match sent {
                    Sent::Missing => "None".to_owned(),
                    Sent::Number { representative, .. } => format!("Some({representative})"),
                    Sent::Text(text) => format!("Some({text:?})"),
                    Sent::Flag(flag) => format!("Some({flag})"),
                });
                let told = match (told, is_mixed) {
                    (Some(told), true) => format!("Some({told})"),
                    (told, _) => told.unwrap_or_else(|| "None".to_owned()),
                };
                format!("{}: {told}", ident(&field.name))
            };
            let told: Vec<String> = fields.iter().map(told).collect();
            let told = format!("{}Ping {{ {} }}", camel(name), told.join(", "));
            if is_boxed { format!("Some(Fields({told}))") } else { format!("Some({told})") }
        });
        pings.push(format!("{}: {told}", ident(name)));
    }
    format!("Pings {{ {} }}", pings.join(", "))
}

/// The columns that a module reads: those of which something can leave.
pub fn read(policy: &Policy) -> impl Iterator<Item = usize> {
    let is_read = |column: &String| policy.fields().iter().any(|f| f.is_emitted() && f.column() == column);
    (0..policy.columns().len()).filter(move |at| is_read(&policy.columns()[*at]))
}

/// A value as a module wants it.
trait Held<'v> {
    fn held(value: Value<'v>) -> Self;
}

impl Held<'_> for Option<u64> {
    fn held(value: Value<'_>) -> Self {
        if let Value::Number(number) = value { Some(number) } else { None }
    }
}

impl<'v> Held<'v> for Option<&'v str> {
    fn held(value: Value<'v>) -> Self {
        if let Value::Text(text) = value { Some(text) } else { None }
    }
}

impl Held<'_> for Option<bool> {
    fn held(value: Value<'_>) -> Self {
        if let Value::Flag(flag) = value { Some(flag) } else { None }
    }
}

/// What a module tells of a play, given its columns and switches in order.
macro_rules! told_by {
    ($told:ident, $module:ident, [$($column:ident)*], [$($switch:ident = $name:literal)*]) => {
        fn $told(policy: &Policy, play: &Play<'_>, consent: &Consent, [year, month, day]: [u16; 3]) -> String {
            let mut read = read(policy).map(|at| play.values()[at]);
            let typed = $module::Play { $($column: Held::held(read.next().unwrap())),* };
            assert!(read.next().is_none());
            let content = match play.content() {
                Content::Personal => $module::Content::Personal,
                Content::Provided => $module::Content::Provided,
            };
            let consent = $module::Consent { $($switch: consent.allows($name)),* };
            let today = $module::Day::new(year, month as u8, day as u8);
            format!("{:?}", $module::generalize(&typed, content, &consent, today))
        }
    };
}

told_by!(
    by_every,
    every,
    [keep kept_coded floor floor_coded nearest ceil wide half few one some dense log_1 log_2 log_16 bits bits_coded digits
    digits_coded one_bucket log top digits_top edges_top bitrate type_ n480p lue4nge container],
    [playback = "playback" own_switch = "own-switch" crash = "crash"]
);
told_by!(
    by_playback,
    playback,
    [bitrate_bps resolution video_codec platform delivered_bps stalls stalled_ms hardware delivery transcode_speed_permille duration_ms played_ms startup_ms container audio_codec device kind error event server_version update_channel account_state],
    [playback = "playback" crash = "crash" features = "features"]
);
told_by!(
    by_ten,
    ten,
    [duration played direct bitrate stalls resolution codec speed start platform],
    [playback = "playback"]
);

/// A value for each column: most near an edge of a rounding, or a name that the policy knows.
fn values(Case { policy, roundings }: &Case, draws: &[(u8, u64)]) -> Vec<Value<'static>> {
    let value = |at: usize| {
        let (how, seed) = draws[at % draws.len()];
        let column = &policy.columns()[at];
        let of_column: Vec<usize> =
            (0..policy.fields().len()).filter(|at| policy.fields()[*at].column() == column).collect();
        let of = of_column[seed as usize % of_column.len()];
        let field = &policy.fields()[of];
        match (how % 8, field.kind) {
            (0, _) => Value::Missing,
            (_, FieldType::Flag) => Value::Flag(seed % 2 == 0),
            (1, FieldType::Category) => Value::Text(CODECS[seed as usize % CODECS.len()]),
            (_, FieldType::Category) => {
                let groups = field.parsed_groups().unwrap();
                let of_groups =
                    groups.iter().flat_map(|groups| groups.groups()).flat_map(|(_, values)| values);
                let names: Vec<String> =
                    of_groups.cloned().chain(["mkv", "a\"b", "all", ""].map(str::to_owned)).collect();
                Value::Text(names[seed as usize % names.len()].clone().leak())
            }
            (1, _) => Value::Number(seed),
            (2, _) => Value::Number([0, u64::MAX, u64::MAX - 1, 1][seed as usize % 4]),
            (how, _) => {
                let rounding = roundings[of].as_ref().unwrap();
                let near = seed >> (seed % 64);
                let bucket = if seed & 1 << 63 == 0 {
                    rounding.bucket(near)
                } else {
                    rounding.buckets().take(1 + seed as usize % 6).last().unwrap()
                };
                Value::Number(match how {
                    3 | 4 => bucket.from,
                    5 => bucket.from.saturating_sub(1),
                    6 => bucket.to.unwrap_or(u64::MAX),
                    _ => near,
                })
            }
        }
    };
    (0..policy.columns().len()).map(value).collect()
}

/// A policy with the roundings of its fields. Read once: in a debug build that takes longer than a hundred plays.
struct Case {
    policy: Policy,
    roundings: Vec<Option<Rounding>>,
}

static CASES: LazyLock<[Case; 3]> = LazyLock::new(|| {
    [EVERY, PLAYBACK, TEN].map(|text| {
        let policy = Policy::from_toml(text).unwrap();
        let roundings = policy.fields().iter().map(|field| field.parsed_rounding().unwrap()).collect();
        Case { policy, roundings }
    })
});

const SWITCHES: [&str; 4] = ["playback", "crash", "own-switch", "features"];
const DAYS: [[u16; 3]; 5] = [[2026, 11, 24], [2026, 11, 25], [2031, 12, 30], [2031, 12, 31], [2032, 1, 1]];

type By = fn(&Policy, &Play<'_>, &Consent, [u16; 3]) -> String;

proptest! {
    /// Of every play, every content, every switch and every day.
    #[test]
    fn a_module_tells_what_its_policy_tells(
        draws in proptest::collection::vec((any::<u8>(), any::<u64>()), 40),
        switches in proptest::sample::subsequence(&SWITCHES[..], 0..=4),
        provided in any::<bool>(),
        on in proptest::sample::select(&DAYS[..]),
    ) {
        let consent = consent(&switches);
        let [year, month, of_month] = on;
        let as_of = day(&format!("{year:04}-{month:02}-{of_month:02}"));
        for (case, by) in CASES.iter().zip([by_every as By, by_playback, by_ten]) {
            let (policy, values) = (&case.policy, values(case, &draws));
            let play = Play::new(&values).of(if provided { Content::Provided } else { Content::Personal });
            let wanted = shown(policy, policy.generalize(&play, &consent, as_of).unwrap());
            prop_assert_eq!(by(policy, &play, &consent, on), wanted);
        }
    }

    /// The buckets that a module tells are those of the roundings.
    #[test]
    fn a_module_tells_the_buckets(draws in proptest::collection::vec((any::<u8>(), any::<u64>()), 40)) {
        let Case { policy, roundings } = &CASES[0];
        let values = values(&CASES[0], &draws);
        for (at, (ping, name, bucket_of)) in BUCKETS.iter().enumerate() {
            let is_it = |field: &Field| field.ping == *ping && field.name == *name;
            let of = policy.fields().iter().position(is_it).unwrap();
            let rounding = roundings[of].as_ref().unwrap();
            let column = policy.fields()[of].column();
            let column = policy.columns().iter().position(|other| other == column).unwrap();
            for value in [values[column], values[at % 20]] {
                if let Value::Number(number) = value {
                    let told = bucket_of(number);
                    let bucket = rounding.bucket(number);
                    prop_assert_eq!((told.from, told.to), (bucket.from, bucket.to), "{} of {}", number, rounding);
                }
            }
        }
    }
}

type BucketOf = fn(u64) -> every::Bucket;

const BUCKETS: [(&str, &str, BucketOf); 30] = [
    ("every", "keep", every::EveryPing::bucket_of_keep),
    ("every", "kept_coded", every::EveryPing::bucket_of_kept_coded),
    ("every", "floor", every::EveryPing::bucket_of_floor),
    ("every", "floor_coded", every::EveryPing::bucket_of_floor_coded),
    ("every", "nearest", every::EveryPing::bucket_of_nearest),
    ("every", "ceil", every::EveryPing::bucket_of_ceil),
    ("every", "wide", every::EveryPing::bucket_of_wide),
    ("every", "half", every::EveryPing::bucket_of_half),
    ("every", "few", every::EveryPing::bucket_of_few),
    ("every", "one", every::EveryPing::bucket_of_one),
    ("every", "some", every::EveryPing::bucket_of_some),
    ("every", "dense", every::EveryPing::bucket_of_dense),
    ("every", "log-1", every::EveryPing::bucket_of_log_1),
    ("every", "log-2", every::EveryPing::bucket_of_log_2),
    ("every", "log-16", every::EveryPing::bucket_of_log_16),
    ("every", "bits", every::EveryPing::bucket_of_bits),
    ("every", "bits_coded", every::EveryPing::bucket_of_bits_coded),
    ("every", "digits", every::EveryPing::bucket_of_digits),
    ("every", "digits_coded", every::EveryPing::bucket_of_digits_coded),
    ("every", "one_bucket", every::EveryPing::bucket_of_one_bucket),
    ("lower", "floor", every::LowerPing::bucket_of_floor),
    ("lower", "few", every::LowerPing::bucket_of_few),
    ("lower", "bits", every::LowerPing::bucket_of_bits),
    ("lower", "log", every::LowerPing::bucket_of_log),
    ("lower", "top", every::LowerPing::bucket_of_top),
    ("lower", "digits_top", every::LowerPing::bucket_of_digits_top),
    ("lower", "edges_top", every::LowerPing::bucket_of_edges_top),
    ("ladder", "bitrate", every::LadderPing::bucket_of_bitrate),
    ("mixed", "self", every::MixedPing::bucket_of_self_),
    ("play", "Stalls", every::PlayPing::bucket_of_stalls),
];

#[test]
fn every_number_has_its_bucket() {
    let policy = &CASES[0].policy;
    let is_number = |field: &&Field| field.is_emitted() && field.kind.dimension().is_some();
    assert_eq!(policy.fields().iter().filter(is_number).count(), BUCKETS.len());
}

/// A play through a module allocates nothing.
#[test]
fn a_module_allocates_nothing() {
    let plays: Vec<every::Play<'_>> = (0..10_000u64)
        .map(|seed| every::Play {
            floor: Some(seed * 7_777),
            log_16: Some(seed * 5_555),
            digits: Some(seed),
            few: Some(seed % 9),
            type_: Some(["h264", "hevc", "vp9"][seed as usize % 3]),
            container: (!seed.is_multiple_of(3)).then_some("mkv"),
            ..every::Play::default()
        })
        .collect();
    let consent = every::Consent { playback: true, own_switch: true, crash: false };
    let mut seen = 0u64;
    let counted = allocation_counter::measure(|| {
        for play in &plays {
            let sent =
                every::generalize(play, every::Content::Personal, &consent, every::Day::new(2026, 11, 24));
            seen += u64::from(sent.play == Some(every::Boxed::Other));
            seen += sent.every.and_then(|ping| ping.log_16).unwrap_or_default() % 7;
        }
    });
    assert!(seen > 0);
    assert_eq!((counted.count_total, counted.bytes_total), (0, 0));
}

/// What stands in the folder is what the program writes, policy by policy.
#[cfg(feature = "harness")]
#[test]
fn the_modules_are_those_of_their_policies() {
    use coarsen::policy::rust::{Origin, module};
    use coarsen::search::canonical_hash;

    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, of, text, hash) in [
        ("every", "tests/client/generated/every.toml", EVERY, every::POLICY),
        ("ten", "tests/client/generated/ten.toml", TEN, ten::POLICY),
        ("playback", "datasets/policies/playback.toml", PLAYBACK, playback::POLICY),
    ] {
        let policy = Policy::from_toml(text).unwrap();
        let origin =
            Origin { hash: canonical_hash(&policy).unwrap(), command: format!("coarsen policy rust {of}") };
        let written = module(&policy, &origin).unwrap();
        let place = root.join(format!("tests/client/generated/{name}.rs"));
        if std::env::var_os("UPDATE_GENERATED").is_some() {
            std::fs::write(&place, &written).unwrap();
        } else {
            assert_eq!(origin.hash, hash, "{of} changed: run this test with UPDATE_GENERATED=1");
        }
        assert!(
            written == std::fs::read_to_string(&place).unwrap(),
            "{name}.rs is another: UPDATE_GENERATED=1"
        );
    }
}
