//! Both numbers are drawn alike: where durations and bit rates change places, every attacker that takes a channel on
//! either finds the same.

use coarsen::attack::averaging::Attacker as Averager;
use coarsen::attack::channel::{Draws, Memory, Randomized, Subject};
use coarsen::attack::homogeneity::Secret;
use coarsen::attack::library::Settings;
use coarsen::attack::membership::{Settings as Held, Sought, drawn};
use coarsen::attack::open_world::World;
use coarsen::attack::sequence::{Order, Runs};
use coarsen::attack::side_fields::{SideFields, side_fields_through};
use coarsen::attack::through::{
    Bingers, DrawnServers, Speaker, Through, fingerprint, homogeneity, known_library, level, suppression,
};
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::Catalogue;
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Cells, Corner, Generalization};
use proptest::prelude::*;
use serde_json::Value;

use crate::some::{File, catalogue, files, with_corners};

/// Channels whose widths are of use in ms and in bit/s: durations and rates of [`files`] lie in 1 s and in 250 kbps to
/// some millions of both.
fn channel(text: &str) -> Randomized {
    text.parse::<Randomized>().expect("a channel")
}

fn channels() -> impl Strategy<Value = Randomized> {
    let written = vec!["stochastic:420s", "stochastic:60s", "noise:1@1min", "noise:3@10min", "response:1@1h"];
    prop::sample::select(written).prop_map(channel)
}

/// Files that all have a bit rate.
fn rated() -> impl Strategy<Value = Vec<File>> {
    let rate = |file: File| File { bitrate: Some(file.bitrate.unwrap_or(1_750_000)), ..file };
    files().prop_map(move |files| files.into_iter().map(rate).collect())
}

fn swapped(files: &[File]) -> Vec<File> {
    let swap = |file: &File| File {
        duration: file.bitrate.expect("a rate"),
        bitrate: Some(file.duration),
        ..file.clone()
    };
    files.iter().map(swap).collect()
}

fn swapped_key(of: &Generalization) -> Generalization {
    let corner = |of: &Corner| Corner { duration: of.bitrate, bitrate: of.duration, side: of.side.clone() };
    Generalization {
        duration: of.bitrate.clone(),
        bitrate: of.duration.clone(),
        by: of.by.clone(),
        other: of.other.iter().map(corner).collect(),
    }
}

/// That two trees are the same but for the last bits of numbers.
fn same(path: &str, a: &Value, b: &Value) -> Result<(), TestCaseError> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().expect("a number"), b.as_f64().expect("a number"));
            prop_assert!((a - b).abs() <= 1e-9 * a.abs().max(1.0), "{path}: {a} and {b}");
        }
        (Value::Array(a), Value::Array(b)) => {
            prop_assert_eq!(a.len(), b.len());
            let mut each = a.iter().zip(b).enumerate();
            each.try_for_each(|(at, (a, b))| same(&format!("{path}.{at}"), a, b))?;
        }
        (Value::Object(a), Value::Object(b)) => {
            prop_assert!(a.keys().eq(b.keys()));
            let mut each = a.iter().zip(b.values());
            each.try_for_each(|((name, a), b)| same(&format!("{path}.{name}"), a, b))?;
        }
        (a, b) => prop_assert_eq!(a, b, "{}", path),
    }
    Ok(())
}

/// What the attackers find who see one play, or several of one library or series.
fn found(catalogue: &Catalogue, of: &Generalization, randomized: Randomized, seed: u64) -> Value {
    let cells = Cells::new(catalogue);
    let draws = Draws::from(randomized);
    let through = Through::new(&cells, of.key(), draws).expect("few outputs");
    let levels: Vec<_> = Target::ALL.iter().map(|&target| level(&through, target)).collect();
    let shares: Vec<_> = Secret::ALL.iter().map(|&secret| homogeneity(&through, secret)).collect();
    let library = known_library(&through, catalogue.titles() / 2, 20, seed).expect("few outputs");
    let averagers = Prior::ALL.map(|prior| Averager::of_key(&cells, of.key(), randomized, prior));
    let averaged = averagers.map(|attacker| (attacker.after_one_play(), attacker.after_endless_plays()));
    let (speaker, world) = (Speaker::study(&through).expect("few"), World::draw(catalogue, 50, 50, seed));
    let stated = Prior::ALL.map(|prior| speaker.stated(&world, prior));
    let runs = Runs::of(catalogue);
    let bingers = Bingers::study(&through, &runs);
    let linked = [(Order::InOrder, 2), (Order::OneMissing, 2)].map(|(order, plays)| {
        let mut random = stream(seed, "swapped", 0);
        let ran = bingers.run(order, plays, Prior::Popularity, 100, &mut random).expect("few stretches");
        (bingers.first_play(2, Prior::Uniform), ran.map(|ran| ran.sure))
    });
    let signals = suppression(&cells, of, draws).expect("few outputs");
    let numbers = |level: &[coarsen::attack::levels::Level; 2]| {
        level.map(|of| [of.top1, of.top3, of.entropy_bits, of.expected_candidates, of.single_candidate])
    };
    serde_json::json!({
        "levels": levels.iter().map(numbers).collect::<Vec<_>>(),
        "homogeneity": shares.iter().map(|found| serde_json::to_value(found).expect("JSON")).collect::<Vec<_>>(),
        "library": library.map(|found| found.0.title_uniform),
        "averaged": averaged,
        "stated": stated.map(|stated| stated.map(|stated| (stated.spoken, stated.recall))),
        "linked": linked,
        "signals": signals.iter().map(|of| (of.named.uniform, of.named.popularity, of.without.uniform)).collect::<Vec<_>>(),
    })
}

/// The side fields that no swap renames.
fn sides(found: SideFields) -> Vec<(String, f64, f64)> {
    let all = found.leaving.iter().chain(&found.further);
    let kept = all.filter(|of| !["duration", "bitrate", "bit rate"].contains(&of.field.as_str()));
    kept.map(|of| (of.field.clone(), of.with.uniform, of.without.uniform)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn whoever_sees_single_plays_finds_the_same(
        files in rated(), generalization in with_corners(), of_duration in channels(), seed: u64,
    ) {
        let of_bitrate = Randomized { subject: Subject::Bitrate, ..of_duration };
        let (here, there) = (catalogue(&files), catalogue(&swapped(&files)));
        let key = swapped_key(&generalization);
        same(
            "",
            &found(&here, &generalization, of_bitrate, seed),
            &found(&there, &key, of_duration, seed),
        )?;
        let sides = |catalogue: &Catalogue, of: &Generalization, draws: Randomized| {
            sides(side_fields_through(&Cells::new(catalogue), of, draws).expect("few outputs"))
        };
        let (here, there) = (sides(&here, &generalization, of_bitrate), sides(&there, &key, of_duration));
        prop_assert_eq!(here.len(), there.len());
        for (here, there) in here.iter().zip(&there) {
            prop_assert_eq!(&here.0, &there.0);
            prop_assert!((here.1 - there.1).abs() < 1e-9 && (here.2 - there.2).abs() < 1e-9, "{here:?} {there:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]

    #[test]
    fn whoever_sees_servers_finds_the_same(
        files in prop::collection::vec(rated(), 6), generalization in with_corners(), of_duration in channels(), seed: u64,
    ) {
        let mut files: Vec<File> = files.into_iter().flatten().cycle().take(260).collect();
        // Two files a title.
        (0u32..).zip(&mut files).for_each(|(row, file)| {
            file.title = row / 2;
            file.popularity += 1;
        });
        let of_bitrate = Randomized { subject: Subject::Bitrate, ..of_duration };
        let here = (catalogue(&files), generalization.clone(), of_bitrate);
        let there = (catalogue(&swapped(&files)), swapped_key(&generalization), of_duration);
        let [here, there] = [here, there].map(|(catalogue, of, randomized)| {
            let cells = Cells::new(&catalogue);
            let through = Through::new(&cells, of.key(), randomized).expect("few outputs");
            let linked = |memory| {
                let settings = Settings { servers: 30, plays: 40, draws: 50 };
                let found = fingerprint((&through, memory), (&cells, &cells), of.key(), settings, seed);
                // Beside them stand partitions, of which ties are broken by the order of classes.
                let of_prior = |of: &DrawnServers| {
                    serde_json::json!([of.unicity, of.named_by_one, of.linkage])
                };
                found.expect("titles").by_prior.iter().map(of_prior).collect::<Vec<_>>()
            };
            let settings = Held { servers: 30, draws: 100, plays: 25.0, repeats: 3.0, targets: 3 };
            let held = drawn(&cells, of.key(), &through, &cells, settings, seed).expect("titles");
            // Among files that are equally exposed, which are asked after hangs on the order of classes.
            let fixed = held.tried.iter().filter(|of| matches!(of.sought, Sought::Popular | Sought::Niche));
            let curves = fixed.map(|tried| {
                let closed: Vec<f64> = tried.curve.iter().map(|point| point.closed_form).collect();
                (tried.targets, tried.area, closed)
            });
            serde_json::json!([
                linked(Memory::Memoized),
                linked(Memory::Fresh),
                curves.collect::<Vec<_>>(),
            ])
        });
        same("", &here, &there)?;
    }
}
