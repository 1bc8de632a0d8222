//! Quantities and their units, exactly.

use coarsen::units::{BitsPerSecond, Dimension, Millis, UnitError};
use proptest::prelude::*;

use super::sketch::{dimension, number};

/// Units and their sizes, from the largest.
fn units(dimension: Dimension) -> &'static [(&'static str, u64)] {
    match dimension {
        Dimension::Duration => &[("h", 60 * 60 * 1_000), ("min", 60 * 1_000), ("s", 1_000), ("ms", 1)],
        Dimension::Bitrate => &[("Mbps", 1_000 * 1_000), ("kbps", 1_000), ("bps", 1)],
        Dimension::Integer => &[("", 1)],
    }
}

/// The largest unit of which all are multiples, as the printed text must use it.
fn unit_of(dimension: Dimension, values: &[u64]) -> (&'static str, u64) {
    let units = units(dimension);
    let fits = |size: u64| values.iter().all(|v| v % size == 0) && values.iter().any(|&v| v > 0);
    *units.iter().find(|u| fits(u.1)).unwrap_or(&units[units.len() - 1])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn every_number_is_read_back(value in number(), dimension in dimension()) {
        let (compact, human) = (dimension.compact(value), dimension.human(value));
        prop_assert_eq!(dimension.parse(&compact), Ok(value), "{}", compact);
        prop_assert_eq!(dimension.parse(&human), Ok(value), "{}", human);
        let (unit, size) = unit_of(dimension, &[value]);
        prop_assert_eq!(compact, format!("{}{unit}", value / size));
        prop_assert_eq!(human, format!("{} {unit}", value / size).trim_end().to_owned());
    }

    #[test]
    fn every_quantity_is_read_back(value in number()) {
        prop_assert_eq!(Millis(value).to_string().parse(), Ok(Millis(value)));
        prop_assert_eq!(BitsPerSecond(value).to_string().parse(), Ok(BitsPerSecond(value)));
    }

    #[test]
    fn a_range_is_printed_in_one_unit(a in number(), b in number(), dimension in dimension()) {
        prop_assume!(a != b);
        let (from, to) = (a.min(b), a.max(b));
        let (unit, size) = unit_of(dimension, &[from, to]);
        let text = dimension.human_range(from, Some(to));
        prop_assert_eq!(text, format!("{}-{} {unit}", from / size, to / size).trim_end().to_owned());
        let open = dimension.human_range(from, None);
        prop_assert_eq!(dimension.parse(open.strip_prefix("from ").unwrap()), Ok(from));
    }

    /// Against (whole + decimals) · size in wide integers: whole, fractional, or too large.
    #[test]
    fn decimals_are_exact_or_refused(
        whole in prop_oneof![number(), 0..100u64],
        decimals in "[0-9]{0,3}|[0-9]{1,18}|[05]{1,25}0{0,4}",
        dimension in dimension(),
        unit in 0..4usize,
        space in "[ ]{0,2}",
    ) {
        let all = units(dimension);
        let (unit, size) = all[unit % all.len()];
        let point = if decimals.is_empty() { "" } else { "." };
        let text = format!("{whole}{point}{decimals}{space}{unit}");
        let trimmed = decimals.trim_end_matches('0');
        let expected = if trimmed.len() > 20 {
            None // no unit is divisible that often
        } else {
            let scale = 10u128.pow(trimmed.len() as u32);
            let numerator = trimmed.parse::<u128>().unwrap_or(0) * u128::from(size);
            (numerator % scale == 0).then(|| u128::from(whole) * u128::from(size) + numerator / scale)
        };
        let read = dimension.parse(&text);
        match expected.map(u64::try_from) {
            None => prop_assert!(matches!(read, Err(UnitError::NotWhole { .. })), "{text}: {read:?}"),
            Some(Err(_)) => prop_assert!(matches!(read, Err(UnitError::TooLarge { .. })), "{text}: {read:?}"),
            Some(Ok(value)) => prop_assert_eq!(read, Ok(value), "{}", text),
        }
    }

    #[test]
    fn no_text_breaks_the_reader(
        text in prop_oneof![any::<String>(), "[0-9.]{0,24} ?[a-zM]{0,5}"],
        dimension in dimension(),
    ) {
        if let Ok(value) = dimension.parse(&text) {
            prop_assert_eq!(dimension.parse(&dimension.compact(value)), Ok(value));
        }
    }
}

#[test]
fn every_unit_has_its_size_and_no_other_dimension() {
    let all = [Dimension::Duration, Dimension::Bitrate, Dimension::Integer];
    for (dimension, unit, size) in all.iter().flat_map(|d| units(*d).iter().map(move |u| (d, u.0, u.1))) {
        assert_eq!(dimension.unit(unit), Ok(size));
        for other in all.iter().filter(|other| *other != dimension) {
            assert!(other.unit(unit).is_err(), "{unit} in {other:?}");
        }
    }
}

#[test]
fn zero_and_the_largest_are_printed_in_the_base_unit() {
    assert_eq!(Dimension::Duration.compact(0), "0ms");
    assert_eq!(Dimension::Bitrate.human(u64::MAX), "18446744073709551615 bps");
    assert_eq!(Dimension::Integer.human(0), "0");
}
