//! Numbers as a person reads them, each with its unit.

use crate::units::Dimension;

/// A share with three digits that tell something: `12.3 %`, `0.0451 %`, `99.97 %`; never rounded to 0 or 100.
pub(super) fn percent(share: f64) -> String {
    with_digits(share, 0)
}

/// A share beside the limit that it breaks, with as many digits as it takes to tell them apart.
pub(super) fn percent_beside(share: f64, limit: f64) -> String {
    let exact = percent_exact(limit);
    let value = |more| with_digits(share, more);
    let same = |text: &String| {
        text.trim_end_matches(" %").parse::<f64>().ok() == exact.trim_end_matches(" %").parse().ok()
    };
    (0..6).map(value).find(|text| share == limit || !same(text)).unwrap_or_else(|| value(6))
}

fn with_digits(share: f64, more: usize) -> String {
    let p = share * 100.0;
    if p == 0.0 || p == 100.0 {
        return format!("{p:.0} %");
    }
    if p > 0.0 && p < 0.0001 {
        return "under 0.0001 %".to_owned();
    }
    if (99.995..100.0).contains(&p) {
        return "over 99.99 %".to_owned();
    }
    let size = p.abs();
    let decimals = match size {
        _ if (99.9..100.0).contains(&size) => 2,
        _ if size >= 9.995 => 1,
        _ if size >= 0.995 => 2,
        _ if size >= 0.0995 => 3,
        _ => 4,
    };
    format!("{p:.*} %", decimals + more)
}

/// A mean share with its interval, all to the decimals that its width leaves: `22.9 (22.5 to 23.3) %`.
pub(super) fn percent_within(share: f64, [low, high]: [f64; 2]) -> String {
    let m = (high - low) * 50.0;
    let decimals = [(0.95, 0), (0.095, 1), (0.0095, 2), (0.00095, 3)]
        .iter()
        .find(|&&(from, _)| m >= from)
        .map_or(4, |&(_, d)| d);
    let [share, low, high] = [share, low, high].map(|share| format!("{:.decimals$}", share * 100.0));
    format!("{share} ({low} to {high}) %")
}

/// A share that somebody set, such as a limit: `0.1 %`.
pub(super) fn percent_exact(share: f64) -> String {
    let text = format!("{:.6}", share * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A difference of shares: `+1.2 points`.
pub(super) fn points(difference: f64) -> String {
    let p = difference * 100.0;
    if p.abs() < 0.005 { "0 points".to_owned() } else { format!("{p:+.2} points") }
}

/// A whole number in groups of three.
pub(super) fn count(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(u64::MAX).to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// So many of a thing: `1 file`, `20 files`. The plural has an s.
pub(super) fn counted(number: impl TryInto<u64>, thing: &str) -> String {
    let text = count(number);
    let plural = if text == "1" || thing.ends_with('s') { "" } else { "s" };
    format!("{text} {thing}{plural}")
}

/// A mean error in base units, with the unit that suits its size: `2.1 min`, `31 kbps`.
pub(super) fn about(value: f64, dimension: Dimension) -> String {
    let units: &[(&str, f64)] = match dimension {
        Dimension::Duration => &[("min", 60_000.0), ("s", 1_000.0), ("ms", 1.0)],
        Dimension::Bitrate => &[("Mbps", 1e6), ("kbps", 1e3), ("bps", 1.0)],
        Dimension::Integer => &[("", 1.0)],
    };
    let last = units[units.len() - 1];
    let (unit, size) = units.iter().copied().find(|&(_, size)| value >= size).unwrap_or(last);
    let scaled = value / size;
    let decimals = usize::from(scaled < 99.5 && value != 0.0);
    format!("{scaled:.decimals$} {unit}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_keep_what_tells() {
        let texts = [0.0, 1.0, 0.99995, 0.99972, 0.1234, 0.0451, 0.00041, 1e-9, 0.999999].map(percent);
        assert_eq!(
            texts,
            [
                "0 %",
                "100 %",
                "over 99.99 %",
                "99.97 %",
                "12.3 %",
                "4.51 %",
                "0.0410 %",
                "under 0.0001 %",
                "over 99.99 %"
            ]
        );
    }

    #[test]
    fn a_broken_limit_never_looks_kept() {
        assert_eq!(percent_beside(0.001_000_4, 0.001), "0.10004 %");
        assert_eq!(percent_beside(0.2, 0.001), "20.0 %");
    }

    #[test]
    fn an_interval_sets_the_decimals() {
        assert_eq!(percent_within(0.2291, [0.2249, 0.2333]), "22.9 (22.5 to 23.3) %");
        assert_eq!(percent_within(0.2291, [0.2162, 0.242]), "23 (22 to 24) %");
        assert_eq!(percent_within(1.0, [0.963, 1.0]), "100 (96 to 100) %");
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!([count(999u32), count(1_000u32), count(12_345_678u32)], ["999", "1,000", "12,345,678"]);
        assert_eq!([counted(1u32, "file"), counted(0u32, "file")], ["1 file", "0 files"]);
    }

    #[test]
    fn errors_have_the_unit_of_their_size() {
        assert_eq!(about(121_646.0, Dimension::Duration), "2.0 min");
        assert_eq!(about(30_944.8, Dimension::Bitrate), "30.9 kbps");
        assert_eq!(about(0.0, Dimension::Duration), "0 ms");
    }

    #[test]
    fn set_values_stay_as_set() {
        assert_eq!(
            [percent_exact(0.001), percent_exact(0.05), percent_exact(1.0)],
            ["0.1 %", "5 %", "100 %"]
        );
    }
}
