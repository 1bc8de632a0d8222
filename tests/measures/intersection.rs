//! The attacker who sees the size too, against his definition: each candidate asked whether it fits.

use coarsen::attack::intersection::{Candidates, Intersection, Left, bytes, factor, intersection, sent};
use coarsen::catalogue::{Catalogue, Columns, SideField};
use coarsen::classes::{Cells, Classes, Corner, Generalization, Inside, Numbers};
use coarsen::rounding::{Bucket, Partition, Rounding};
use coarsen::units::Dimension;
use proptest::prelude::*;

type Row = (u32, u32, Option<u32>);

fn catalogue(rows: &[Row]) -> Catalogue {
    Catalogue::new(Columns {
        title: rows.iter().map(|row| row.0).collect(),
        duration_ms: rows.iter().map(|row| row.1).collect(),
        bitrate_bps: Some(rows.iter().map(|row| row.2).collect()),
        side: [(SideField::Kind, rows.iter().map(|_| Some("clip")).collect())].into(),
        ..Columns::default()
    })
    .expect("a catalogue")
}

fn attack(
    catalogue: &Catalogue,
    generalization: &Generalization,
    sizes: &[Rounding],
) -> Option<Intersection> {
    let cells = Cells::new(catalogue);
    let classes = Classes::group(&cells, generalization.key());
    intersection(&classes, generalization.key(), sizes)
}

fn size(row: &Row) -> Option<u64> {
    row.2.map(|rate| u64::from(row.1) * u64::from(rate) / 8_000)
}

/// What is left by the definition: every candidate asked, for every file.
fn naive(rows: &[Row], catalogue: &Catalogue, leaving: &Generalization, rounding: Option<&Rounding>) -> Left {
    let inside = Inside::of(&leaving.other, catalogue);
    let boxed: Vec<bool> = (0..rows.len()).map(|file| inside.holds(file)).collect();
    let told_rate = |rate: Option<u32>| match leaving.bitrate.is_drop() {
        true => None,
        false => Some(rate.map(|rate| leaving.bitrate.bucket(u64::from(rate)))),
    };
    let told_size = |row: &Row| rounding.map(|rounding| size(row).map(|bytes| rounding.bucket(bytes)));
    let told_duration = |duration: u32| leaving.duration.bucket(u64::from(duration));
    let seen = |row: &Row| (told_duration(row.1), told_rate(row.2), told_size(row));
    let all = |a: usize, b: usize| seen(&rows[a]) == seen(&rows[b]);
    // Whether the sizes from the least value of the other's bucket up to its most, if any, reach this one's bucket.
    let possible = |own: u32, other: Bucket, size: Bucket| {
        let product = |other: u64| u64::from(own) * other / 8_000;
        let reaches = other.to.is_none_or(|to| product(to - 1) >= size.from);
        reaches && size.to.is_none_or(|to| product(other.from) < to)
    };
    let duration = |a: usize, b: usize| {
        let fits = told_duration(rows[a].1) == told_duration(rows[b].1);
        let narrow = told_size(&rows[a]).flatten().zip(rows[a].2);
        fits && narrow
            .is_none_or(|(size, rate)| possible(rows[b].1, leaving.bitrate.bucket(u64::from(rate)), size))
    };
    let rate = |a: usize, b: usize| {
        let Some(own) = rows[a].2 else { return all(a, b) };
        let Some(candidate) = rows[b].2 else { return false };
        let bucket = |rate| leaving.bitrate.bucket(u64::from(rate));
        let narrow = told_size(&rows[a]).flatten();
        bucket(own) == bucket(candidate)
            && narrow.is_none_or(|size| possible(candidate, told_duration(rows[a].1), size))
    };
    let counted = |fits: &dyn Fn(usize, usize) -> bool| {
        let files = rows.len() as f64;
        let (mut sum, mut one_file, mut one_title) = (0, 0, 0);
        for a in 0..rows.len() {
            let fits = |b: &usize| boxed[a] == boxed[*b] && (boxed[a] || fits(a, *b));
            let candidates: Vec<usize> = (0..rows.len()).filter(fits).collect();
            assert!(candidates.contains(&a), "the file fits what is seen of it");
            sum += candidates.len();
            one_file += usize::from(candidates.len() == 1);
            one_title += usize::from(candidates.iter().all(|&b| rows[b].0 == rows[a].0));
        }
        Candidates {
            mean_files: sum as f64 / files,
            one_file: one_file as f64 / files,
            one_title: one_title as f64 / files,
        }
    };
    Left { all: counted(&all), duration: counted(&duration), bitrate: counted(&rate) }
}

fn numbers(dimension: Dimension, most: u64) -> impl Strategy<Value = Rounding> {
    let unit = if dimension == Dimension::Duration { "ms" } else { "" };
    let unit = if dimension == Dimension::Bitrate { "bps" } else { unit };
    prop_oneof![
        1 => Just("drop".to_owned()),
        1 => Just("keep".to_owned()),
        4 => (2..most, prop::option::of(1..most)).prop_map(move |(width, top)| {
            let top = top.map_or(String::new(), |top| format!("+top:{top}{unit}"));
            format!("floor:{width}{unit}{top}")
        }),
    ]
    .prop_map(move |text| Rounding::parse(&text, dimension).expect("a rounding"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn candidates_are_those_that_fit(
        rows in prop::collection::vec((0..6u32, 1..4_000u32, prop::option::weighted(0.8, 1..9_000u32)), 1..16),
        duration in numbers(Dimension::Duration, 3_000),
        bitrate in numbers(Dimension::Bitrate, 6_000),
        size in numbers(Dimension::Integer, 900),
        boxed in prop::option::of((1..4_000u64, 1..4_000u64)),
    ) {
        // Titles are numbered without a gap.
        let titles: std::collections::BTreeSet<u32> = rows.iter().map(|row| row.0).collect();
        let number = |title: u32| titles.iter().position(|&known| known == title).expect("it is among them") as u32;
        let rows: Vec<Row> = rows.iter().map(|row| (number(row.0), row.1, row.2)).collect();
        let corner = |(from, width)| Corner {
            duration: Numbers::In(Bucket { from, to: Some(from + width) }),
            ..Corner::default()
        };
        let other = boxed.into_iter().map(corner).collect();
        let generalization = Generalization { duration, bitrate, by: Vec::new(), other };
        let catalogue = catalogue(&rows);
        let found = attack(&catalogue, &generalization, std::slice::from_ref(&size));
        let sized = rows.iter().filter(|row| row.2.is_some()).count();
        prop_assert_eq!(found.is_some(), sized > 0);
        if let Some(found) = found {
            prop_assert_eq!(found.sized_files, sized as u64);
            prop_assert_eq!(found.before, naive(&rows, &catalogue, &generalization, None));
            prop_assert_eq!(found.with[0].left, naive(&rows, &catalogue, &generalization, Some(&size)));
            // Seeing more never leaves more.
            prop_assert!(found.with[0].shrinkage <= 1.0);
            prop_assert!(found.with[0].left.all.one_title >= found.before.all.one_title);
        }
    }

    /// Exactly the values of which some value of the other bucket makes such a size.
    #[test]
    fn a_factor_is_bounded_exactly(
        size in (0..400u64, 1..300u64), other in (0..3_000u64, 1..2_000u64), x in 0..6_000u64,
    ) {
        let size = Bucket { from: size.0, to: Some(size.0 + size.1) };
        let other = Bucket { from: other.0, to: Some(other.0 + other.1) };
        let (least, most) = factor(size, other);
        let inside = least <= u128::from(x) && most.is_none_or(|most| u128::from(x) <= most);
        let makes = (other.from..other.from + 2_000).take_while(|y| other.contains(*y)).any(|y| size.contains(x * y / 8_000));
        // The bounds are of real multiples: what makes one lies inside, and what doesn't only where products skip.
        prop_assert!(!makes || inside, "{x} in {least}..={most:?}");
        let lowest = x * other.from / 8_000;
        let highest = x * (other.from.max(other.to.expect("an end") - 1)) / 8_000;
        let meets = lowest < size.to.expect("an end") && highest >= size.from;
        prop_assert_eq!(inside, meets, "{} in {}..={:?}", x, least, most);
    }
}

#[test]
fn an_exact_size_defeats_any_rounding_of_the_other_two() {
    // Files as they come: durations to the ms, rates to the bit/s, two titles to each duration.
    let rows: Vec<Row> =
        (0..200u32).map(|i| (i, 5_400_000 + i / 2 * 613, Some(4_000_000 + i * 7_919 % 100_003))).collect();
    let catalogue = catalogue(&rows);
    let keep = Rounding::parse("keep", Dimension::Integer).expect("a rounding");
    let found = attack(&catalogue, &Generalization::drop(), &[keep]).expect("sizes");
    assert_eq!((found.before.all.mean_files, found.before.all.one_file), (200.0, 0.0));
    assert_eq!(found.with[0].left.all.one_file, 1.0);
    assert_eq!(found.with[0].shrinkage, 1.0 / 200.0);
    assert_eq!(bytes(u32::MAX, u32::MAX), 2_305_843_008_139_952);
}

proptest! {
    /// Every candidate asked for every length it may have been played for, one by one.
    #[test]
    fn bytes_of_a_play_that_ends_early_leave_who_might_have_sent_them(
        rows in prop::collection::vec((0u32..4, 1u32..90, prop::option::weighted(0.8, 1u32..40_000)), 1..14),
        duration in prop::sample::select(&["keep", "floor:20ms", "log:1", "edges:30ms", "drop"][..]),
        bitrate in prop::sample::select(&["keep", "floor:10kbps", "drop"][..]),
        permille in 1u32..=1_000,
    ) {
        let catalogue = catalogue(&rows);
        let leaving = Generalization {
            duration: Rounding::parse(duration, Dimension::Duration).unwrap(),
            bitrate: Rounding::parse(bitrate, Dimension::Bitrate).unwrap(),
            ..Generalization::drop()
        };
        let cells = Cells::new(&catalogue);
        let classes = Classes::group(&cells, leaving.key());
        let found = sent(&classes, leaving.key(), &[permille], 1_000, 1);
        let rate = |row: &Row| row.2.map(u64::from);
        let told_rate = |row: &Row| match leaving.bitrate.is_drop() {
            true => None,
            false => Some(rate(row).map(|rate| leaving.bitrate.bucket(rate))),
        };
        let told = |row: &Row| (leaving.duration.bucket(u64::from(row.1)), told_rate(row));
        let played: Vec<&Row> = rows.iter().filter(|row| row.2.is_some()).collect();
        prop_assert_eq!(found.is_none(), played.is_empty());
        let Some(found) = found else { return Ok(()) };
        let fits = |of: &Row, by_bytes: bool| -> Vec<&Row> {
            let shown = u64::from(of.1) * u64::from(permille) / 1_000;
            let bucket = leaving.duration.bucket(shown);
            let bytes = shown * rate(of).unwrap() / 8_000;
            let might = |other: &&Row| {
                (0..=u64::from(other.1)).any(|played| {
                    let sends = || rate(other).is_some_and(|rate| played * rate / 8_000 == bytes);
                    leaving.duration.bucket(played) == bucket && (!by_bytes || sends())
                })
            };
            rows.iter().filter(|other| told(other) == told(of)).filter(might).collect()
        };
        for (by_bytes, ours) in [(false, found[0].before), (true, found[0].with)] {
            let left: Vec<Vec<&Row>> = played.iter().map(|row| fits(row, by_bytes)).collect();
            let share = |of: &dyn Fn(&Vec<&Row>) -> bool| {
                left.iter().filter(|left| of(left)).count() as f64 / left.len() as f64
            };
            prop_assert!(left.iter().all(|left| !left.is_empty()), "the play itself fits");
            let files: usize = left.iter().map(Vec::len).sum();
            prop_assert_eq!(ours.mean_files, files as f64 / left.len() as f64);
            prop_assert_eq!(ours.one_file, share(&|left| left.len() == 1));
            prop_assert_eq!(ours.one_title, share(&|left| left.iter().all(|row| row.0 == left[0].0)));
        }
        prop_assert!(found[0].shrinkage <= 1.0);
    }
}
