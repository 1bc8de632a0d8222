//! Values in exact, readable units.

use crate::units::Dimension;

/// A value with at most two decimals in the largest unit that holds it exactly: `87.5 min`, `2.5 Mbps`. What it says
/// is exact: [`Dimension::parse`] reads the value back.
pub(super) fn exact(dimension: Dimension, value: u64) -> String {
    let fits = |&&(_, size): &&(&str, u64)| {
        size > 1 && value >= size && (u128::from(value) * 100) % u128::from(size) == 0
    };
    let Some(&(unit, size)) = dimension.units().iter().find(fits) else { return dimension.human(value) };
    let hundredths = u128::from(value % size) * 100 / u128::from(size);
    let decimals = format!(".{hundredths:02}");
    format!("{}{} {unit}", value / size, decimals.trim_end_matches('0').trim_end_matches('.'))
}

/// A length of time in hours, minutes, seconds and milliseconds; other values as [`exact`].
pub(super) fn spelled(dimension: Dimension, value: u64) -> String {
    if dimension != Dimension::Duration || value == 0 {
        return exact(dimension, value);
    }
    let mut rest = value;
    let mut parts = Vec::new();
    for &(unit, size) in dimension.units() {
        if rest >= size {
            parts.push(format!("{} {unit}", rest / size));
            rest %= size;
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_read_like_a_person_writes_them() {
        let texts = [0, 450, 12_500, 5_250_000, 5_400_000, 86_400_000].map(|v| exact(Dimension::Duration, v));
        assert_eq!(texts, ["0 ms", "450 ms", "12.5 s", "87.5 min", "1.5 h", "24 h"]);
        assert_eq!(exact(Dimension::Bitrate, 2_500_000), "2.5 Mbps");
        assert_eq!(exact(Dimension::Bitrate, 524_287), "524287 bps");
        assert_eq!(exact(Dimension::Integer, 1_000), "1000");
        assert_eq!(spelled(Dimension::Duration, 5_423_007), "1 h 30 min 23 s 7 ms");
    }

    proptest! {
        #[test]
        fn what_it_says_is_exact(
            value in prop_oneof![any::<u64>(), 0..100_000_000u64, (0..1_000_000u64).prop_map(|v| v * 600)],
            dimension in proptest::sample::select(&[Dimension::Duration, Dimension::Bitrate, Dimension::Integer][..]),
        ) {
            prop_assert_eq!(dimension.parse(&exact(dimension, value)), Ok(value));
            if dimension == Dimension::Duration {
                let parts: Vec<String> =
                    spelled(dimension, value).split(' ').collect::<Vec<_>>().chunks(2).map(|p| p.join(" ")).collect();
                let sum: u64 = parts.iter().map(|part| dimension.parse(part).expect("a quantity")).sum();
                prop_assert_eq!(sum, value);
            }
        }
    }
}
