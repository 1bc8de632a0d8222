//! What a ping tells, and its error against the representative that it emits.

use coarsen::anonymity::Distortion;
use coarsen::catalogue::{Catalogue, Columns, SideField};
use coarsen::classes::{Bearing, Cells, Told};
use coarsen::policy::{Policy, Standing};
use coarsen::rounding::{Partition, Rounding};
use coarsen::telemetry::plays::Number;
use coarsen::units::Dimension;
use proptest::prelude::*;

fn policy(fields: &[&str]) -> Policy {
    let rest = "consent = \"playback\"\npurpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n";
    let fields: String = fields.iter().map(|field| format!("[[field]]\n{rest}{field}\n")).collect();
    let head = "schema = \"coarsen.policy/1\"\nname = \"p\"\nversion = 1\n";
    Policy::from_toml(&format!("{head}{fields}")).expect("a policy")
}

fn told(fields: &[&str]) -> Told {
    Told::of(&policy(fields), "play", &|_| true).expect("a ping")
}

const DURATION: &str = "name = \"duration\"\ntype = \"duration\"\nrounding = \"floor:10min\"";
const BITRATE: &str = "name = \"bitrate\"\ntype = \"bitrate\"\nrounding = \"log:1\"";
const CODEC: &str = "name = \"video_codec\"\ntype = \"category\"\nrounding = \"groups:new=hevc|av1\"";

#[test]
fn origins_are_followed_to_the_file() {
    let played = "name = \"played\"\ntype = \"duration\"\nrounding = \"floor:20min\"\nabout = \"session\"\n\
                  derived_from = [\"duration\"]";
    let watched = "name = \"watched\"\ntype = \"duration\"\nrounding = \"floor:15min\"\nabout = \"session\"\n\
                   derived_from = [\"played\"]";
    let found = told(&[watched, DURATION, played]);
    let judged: Vec<(&str, Bearing)> = found.derived.iter().map(|d| (d.field.as_str(), d.judged)).collect();
    assert_eq!(judged, [("watched", Bearing::Joined), ("played", Bearing::Nested)]);
    assert_eq!(found.duration.to_string(), "floor:10min joined with floor:15min");
    assert!(found.derived.iter().all(|derived| derived.origins == ["duration"]));

    // A share of two durations, and a name that a codec is given: some function of them.
    let share = "name = \"share\"\ntype = \"integer\"\nrounding = \"floor:10\"\nabout = \"session\"\n\
                 derived_from = [\"watched\", \"duration\"]";
    let found = told(&[watched, DURATION, played, share]);
    assert_eq!((found.duration.to_string().as_str(), found.derived[2].judged), ("keep", Bearing::Unrounded));
    let family = "name = \"family\"\ntype = \"category\"\nrounding = \"groups:old=avc\"\nabout = \"session\"\n\
                  derived_from = [\"video_codec\"]";
    assert_eq!(told(&[CODEC]).coarser.len(), 1);
    let found = told(&[CODEC, family]);
    assert_eq!((found.by, found.coarser.len()), (vec![SideField::VideoCodec], 0));

    // What is derived from what describes no file tells nothing of one.
    let stalls = "name = \"stalls\"\ntype = \"integer\"\nrounding = \"keep\"\nabout = \"session\"";
    let rate = "name = \"stall_rate\"\ntype = \"integer\"\nrounding = \"keep\"\nabout = \"session\"\n\
                derived_from = [\"stalls\"]";
    assert_eq!(told(&[stalls, rate, BITRATE]).attributes(), 1);
    assert_eq!(told(&[stalls, rate]).attributes(), 0);
    // In a circle, too.
    let circle = |name: &str, of: &str| {
        format!(
            "name = \"{name}\"\ntype = \"integer\"\nrounding = \"keep\"\nabout = \"session\"\nderived_from = [\"{of}\"]"
        )
    };
    assert_eq!(told(&[&circle("a", "b"), &circle("b", "a")]).attributes(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Errors against each representative are those of their definition, and so is the loss, which doesn't change.
    #[test]
    fn errors_are_against_what_is_emitted(
        durations in prop::collection::vec(1..20_000u32, 1..60),
        width in 1..3_000u64,
        top in prop::option::of(3_000..30_000u64),
        standing in prop_oneof![Just(Standing::Midpoint), Just(Standing::Lower), (30_000..90_000u64).prop_map(Standing::Open)],
    ) {
        let catalogue = Catalogue::new(Columns {
            title: (0..durations.len() as u32).collect(),
            side: [(SideField::Kind, durations.iter().map(|_| Some("clip")).collect())].into(),
            duration_ms: durations.clone(),
            ..Columns::default()
        }).expect("a catalogue");
        let coded = top.map_or(String::new(), |top| format!("+top:{top}ms"));
        let text = format!("floor:{width}ms{coded}");
        let rounding = Rounding::parse(&text, Dimension::Duration).expect("a rounding");
        let written = match standing {
            Standing::Midpoint => String::new(),
            Standing::Lower => "representative = \"lower\"".to_owned(),
            Standing::Open(value) => {
                let open = rounding.bucket(u64::MAX).from;
                // Only the open bucket of a top coding is as low as that.
                let value = if top.is_some() { value } else { open };
                format!("representative = {{ \"{open}ms\" = \"{value}ms\" }}")
            }
        };
        let field = format!("name = \"duration\"\ntype = \"duration\"\nrounding = \"{text}\"\n{written}");
        let told = told(&[&field]);
        let generalization = told.generalization().expect("one rounding");
        let cells = Cells::new(&catalogue);
        let found = Distortion::against(&cells, &generalization, told.standing);
        let emitted = |value: u64| {
            let bucket = rounding.bucket(value);
            match (standing, bucket.to) {
                (Standing::Lower, _) | (Standing::Midpoint, None) => bucket.from,
                (Standing::Open(value), None) if top.is_some() => value,
                (Standing::Open(_), None) => bucket.from,
                (_, Some(to)) => (bucket.from + to) / 2,
            }
        };
        let apart = |&value: &u32| u64::from(value).abs_diff(emitted(u64::from(value)));
        let files = durations.len() as f64;
        let mean = durations.iter().map(apart).sum::<u64>() as f64 / files;
        let squared = durations.iter().map(|value| apart(value).pow(2)).sum::<u64>() as f64 / files;
        prop_assert_eq!(found.duration.mean_abs_error, Some(mean));
        prop_assert_eq!(found.duration.mean_squared_error, Some(squared));
        prop_assert_eq!(found.total, Distortion::of(&cells, &generalization).total);
    }
}

/// The columns of plays that are rounded as a file's number, and aren't it, follow from it whatever a policy leaves unsaid.
#[test]
fn what_follows_from_a_file_is_judged_as_if_the_policy_said_so() {
    let of_file = Number::ALL.iter().filter(|number| number.rounded_as().is_some());
    let follow: Vec<&Number> =
        of_file.filter(|number| ![Number::DurationMs, Number::BitrateBps].contains(number)).collect();
    assert_eq!(follow.len(), 2, "{follow:?}");
    for number in Number::ALL.iter().filter(|number| number.dimension() != Dimension::Integer) {
        let (kind, origin) = match number.dimension() {
            Dimension::Duration => ("duration", DURATION),
            _ => ("bitrate", BITRATE),
        };
        let field = |derived: &str| {
            let column = number.name();
            format!(
                "name = \"n\"\ncolumn = \"{column}\"\ntype = \"{kind}\"\nrounding = \"keep\"\nabout = \"session\"\n{derived}"
            )
        };
        let silent = told(&[origin, &field("")]);
        let said = told(&[origin, &field(&format!("derived_from = [\"{kind}\"]"))]);
        let key = |told: &Told| (told.duration.to_string(), told.bitrate.to_string(), told.derived.clone());
        assert_eq!(follow.contains(&number), key(&silent) == key(&said), "{number:?}: {silent:?}");
    }
}
