//! Names and roundings as a person reads them.

use super::numbers::{count, counted, percent_beside, percent_exact};
use crate::rounding::{Family, Rounding};
use crate::search::{Breach, SweepRow, Traffic};
use crate::study::Results;
use crate::units::Dimension;
use crate::utility::{power, two_digits};

/// A rounding in words: `rounded down to 5 min, everything from 3 h alike`.
pub(super) fn rounding(text: &str, dimension: Dimension) -> String {
    let Ok(rounding) = Rounding::parse(text, dimension) else { return text.to_owned() };
    let human = |value| dimension.human(value);
    let phase = |value| if value == 0 { String::new() } else { format!(" offset by {}", human(value)) };
    let mut words = match rounding.family() {
        Family::Keep => "not rounded".to_owned(),
        Family::Drop => "not sent".to_owned(),
        Family::Floor(f) => format!("rounded down to {}{}", human(f.width()), phase(f.phase())),
        Family::Nearest(f) => format!("rounded to the nearest {}{}", human(f.width()), phase(f.phase())),
        Family::Ceil(f) => format!("rounded up to {}{}", human(f.width()), phase(f.phase())),
        Family::Log(f) if f.per_doubling() == 1 => "one bucket per doubling".to_owned(),
        Family::Log(f) => format!("{} buckets per doubling", f.per_doubling()),
        Family::Bits(f) => format!("{} significant bits", f.bits()),
        Family::Digits(f) => format!("{} significant digits", f.digits()),
        Family::Edges(f) => {
            format!("cut at {}", and(&f.edges().iter().map(|&e| human(e)).collect::<Vec<_>>()))
        }
        Family::Ladder(f) => format!("snapped down to the ladder {}", plain(f.name())),
    };
    let coding = rounding.coding();
    if let Some(bottom) = coding.bottom() {
        words += &format!(", everything under {} alike", human(bottom));
    }
    if let Some(top) = coding.top() {
        words += &format!(", everything from {} alike", human(top));
    }
    words
}

/// What a fault of a family is.
pub(super) fn fault(family: power::Family) -> &'static str {
    match family {
        power::Family::Stalls => "stalls in a band of bit rates",
        power::Family::Speed => "slow transcodes",
        power::Family::LongTitles => "stalls in long titles",
    }
}

/// What it takes to find faults.
pub(super) fn traffic(taken: Traffic) -> String {
    match taken.of_all() {
        Some(ratio) => format!("{} times the traffic", two_digits(ratio)),
        None => format!("{} of faults never found", counted(taken.faults_lost, "kind")),
    }
}

/// A rounding in as few letters as an axis has room for.
pub(super) fn short_rounding(text: &str, dimension: Dimension) -> String {
    let Ok(rounding) = Rounding::parse(text, dimension) else { return text.to_owned() };
    let human = |value| dimension.human(value);
    let mut short = match rounding.family() {
        Family::Keep => "exact".to_owned(),
        Family::Drop => "not sent".to_owned(),
        Family::Floor(f) if f.phase() == 0 => human(f.width()),
        Family::Log(f) => format!("{} per doubling", f.per_doubling()),
        Family::Edges(f) => match f.edges() {
            [only] => format!("cut at {}", human(*only)),
            edges => {
                let ends = (edges.first().copied().unwrap_or(0), edges.last().copied().unwrap_or(0));
                format!("{} cuts {}..{}", edges.len(), human(ends.0), human(ends.1))
            }
        },
        Family::Ladder(f) => plain(f.name()),
        _ => return text.to_owned(),
    };
    let coding = rounding.coding();
    if let Some(bottom) = coding.bottom() {
        short += &format!(", <{}", human(bottom));
    }
    if let Some(top) = coding.top() {
        short += &format!(", {}+", human(top));
    }
    short
}

/// What a ping sends: `duration (rounded down to 5 min) and resolution`.
pub(super) fn sent(row: &SweepRow) -> String {
    let numbers =
        [("duration", &row.duration, Dimension::Duration), ("bit rate", &row.bitrate, Dimension::Bitrate)];
    let numbers = numbers.into_iter().filter(|(_, text, _)| *text != "drop");
    let numbers = numbers.map(|(name, text, dimension)| format!("{name} ({})", rounding(text, dimension)));
    let parts: Vec<String> = numbers.chain(each_field(&row.by)).collect();
    if parts.is_empty() { "nothing".to_owned() } else { and(&parts) }
}

/// The names of the fields that a ping sends.
pub(super) fn emitted(row: &SweepRow) -> Vec<&str> {
    let numbers = [("duration", &row.duration), ("bitrate", &row.bitrate)];
    let numbers = numbers.into_iter().filter(|(_, rounding)| *rounding != "drop").map(|(name, _)| name);
    numbers.chain(row.by.split(',').filter(|name| !name.is_empty())).collect()
}

/// The share of the files that the k of titles sets aside: the first of its budgets.
pub(super) fn set_aside(results: &Results) -> String {
    let pings = results.shapes.iter().flat_map(|shape| &shape.pings);
    let mut budgets = pings.filter_map(|ping| ping.measures.k_within_budget.first());
    percent_exact(budgets.next().map_or(0.0, |budget| budget.exposed_share))
}

fn each_field(by: &str) -> impl Iterator<Item = String> {
    by.split(',').filter(|name| !name.is_empty()).map(field)
}

/// Side fields, separated by commas, in words.
pub(super) fn fields(by: &str) -> String {
    let names: Vec<String> = each_field(by).collect();
    if names.is_empty() { "none".to_owned() } else { and(&names) }
}

/// A field's name in words.
pub(super) fn field(name: &str) -> String {
    match name {
        "bitrate" | "bitrate_bps" => "bit rate".to_owned(),
        "duration_ms" => "duration".to_owned(),
        "played_ms" => "played duration".to_owned(),
        "delivered_bps" => "delivered bit rate".to_owned(),
        other => plain(other),
    }
}

fn plain(name: &str) -> String {
    name.replace('_', " ")
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn and(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A breach with its figures: `0.212 % of the files in classes under .. (at most 0.1 %)`.
pub(super) fn breach(breach: &Breach) -> String {
    let Breach { limit, what, value, allowed, .. } = breach;
    if limit == "title_popularity_gain" {
        return format!("{value:.2} {what} (at most {allowed} times)");
    }
    let of = if what.starts_with("titles") { " of " } else { " of the " };
    format!("{}{of}{what} (at most {})", percent_beside(*value, *allowed), percent_exact(*allowed))
}

/// A limit in words with its value.
pub(super) fn limit(name: &str, value: f64) -> String {
    let share = percent_exact(value);
    match name.split_once('@') {
        Some(("largest_title_share", at)) => {
            format!("at most {share} of the files in classes where one title holds {} or more", at_share(at))
        }
        Some(("largest_title_share_plays", at)) => {
            format!("at most {share} of the plays in classes where one title holds {} or more", at_share(at))
        }
        Some(("sequence", at)) => {
            format!("at most {share} of the series or albums named by {at} linked plays in order")
        }
        Some(("sequence_plays", at)) => {
            format!("at most {share} of the plays in series or albums named by {at} linked plays in order")
        }
        Some(("known-library", at)) => {
            format!("at most {share} of the files named by title in a known library of {at} titles")
        }
        _ => match name {
            "k_titles" => format!("at least {} different titles in a class", count(value as u64)),
            "k_series" => format!("at least {} different series or albums in a class", count(value as u64)),
            "exposed_share" => format!("at most {share} of the files, and of the plays, in smaller classes"),
            "title_uniform" => {
                format!("at most {share} of the files named by title, overall and for each kind")
            }
            "title_popularity" => format!("at most {share} of the plays named by title"),
            "title_popularity_gain" => {
                format!("at most {value} times as many plays named by title as blindly")
            }
            other => format!("{} at most {value}", plain(other)),
        },
    }
}

fn at_share(at: &str) -> String {
    at.parse().map_or_else(|_| at.to_owned(), percent_exact)
}

/// The text with a capital at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roundings_read_like_sentences() {
        let duration = |text| rounding(text, Dimension::Duration);
        assert_eq!(
            duration("floor:5min+bottom:5min+top:3h"),
            "rounded down to 5 min, everything under 5 min alike, everything from 3 h alike"
        );
        assert_eq!(duration("keep"), "not rounded");
        let rate = |text| rounding(text, Dimension::Bitrate);
        assert_eq!(rate("edges:1Mbps,2Mbps,8Mbps"), "cut at 1 Mbps, 2 Mbps and 8 Mbps");
        assert_eq!(rate("log:1"), "one bucket per doubling");
        assert_eq!(rate("<script>"), "<script>");
        assert_eq!(short_rounding("edges:1Mbps,2Mbps,8Mbps", Dimension::Bitrate), "3 cuts 1 Mbps..8 Mbps");
        assert_eq!(short_rounding("floor:10min+top:2h", Dimension::Duration), "10 min, 2 h+");
    }

    #[test]
    fn breaches_state_value_and_limit() {
        let what = "files in classes under 20 titles or 5 series".to_owned();
        let found =
            Breach { limit: "exposed_share".to_owned(), what, value: 0.0021, allowed: 0.001, monotone: true };
        assert_eq!(
            breach(&found),
            "0.210 % of the files in classes under 20 titles or 5 series (at most 0.1 %)"
        );
    }
}
