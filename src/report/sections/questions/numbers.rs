//! What is left of the numbers.

use super::{joined, or_none};
use crate::report::document::{Cell, Table, number, text};
use crate::report::numbers::{about, count, percent};
use crate::study::Diagnostics;
use crate::units::Dimension::{Bitrate, Duration};
use crate::utility::{Finding, two_digits};

fn why<T>(finding: &Finding<T>) -> String {
    match finding {
        Finding::Found(_) => String::new(),
        Finding::Lost { why } => format!("lost: {why}"),
        Finding::Unasked { why } => format!("untested: {why}"),
    }
}

pub(super) fn distance(found: &Diagnostics) -> Table {
    let row = |field: &crate::utility::distance::FieldDistance| {
        let ping = field.ping.as_deref().map_or_else(Cell::none, Cell::from);
        let (name, dimension) = match field.column {
            "duration_ms" => ("duration", Duration),
            "played_ms" => ("played duration", Duration),
            "bitrate_bps" => ("bit rate", Bitrate),
            "delivered_bps" => ("delivered bit rate", Bitrate),
            other => (other, Bitrate),
        };
        let moved = |distance: f64| match dimension {
            Duration => about(distance, Duration),
            _ => format!("{} {}", two_digits(distance), field.unit),
        };
        let cells = match &field.distance {
            Finding::Found(distance) => vec![moved(distance.wasserstein).into(), percent(distance.ks).into()],
            other => vec![why(other).into(), Cell::none()],
        };
        joined(vec![name.into(), ping], cells)
    };
    Table {
        caption: "How far the distribution of what leaves lies from that of the raw numbers. Wasserstein-1: how far a \
                  number must be moved, on average, to make one of the other. KS: the largest distance of the two \
                  cumulative shares; a release in steps is at least as far off as half its largest step, so that no \
                  rounding should be ranked by it alone."
            .to_owned(),
        columns: vec![text("Number"), text("Ping"), number("Wasserstein-1"), number("KS")],
        rows: found.distance.iter().map(row).collect(),
    }
}

pub(super) fn information(found: &Diagnostics) -> Table {
    let row = |question: &crate::utility::information::Question| {
        let (target, field) = (question.target.words(), question.field.words());
        let ping = question.ping.as_deref().map_or_else(Cell::none, Cell::from);
        let cells = match &question.retained {
            Finding::Found(retained) => vec![
                format!("{:.4} bits", retained.raw_bits).into(),
                format!("{:.4} bits", retained.bias_bits).into(),
                or_none(retained.ratio.map(percent)),
            ],
            other => vec![why(other).into(), Cell::none(), Cell::none()],
        };
        joined(vec![target.into(), field.into(), ping], cells)
    };
    Table {
        caption: "What a number alone tells of a play: mutual information, of raw values in up to 128 bins of equal \
                  depth, and the share of it that is left. Counts make bits of chance: about as many as stand under “of it chance” of \
                  the raw ones, fewer of what is left, so that the share that is left is told too low."
            .to_owned(),
        columns: vec![
            text("Of"),
            text("Told by"),
            text("Ping"),
            number("Raw"),
            number("Of it chance"),
            number("Left"),
        ],
        rows: found.information.iter().map(row).collect(),
    }
}

pub(super) fn speed(found: &Diagnostics) -> String {
    let speeds = match &found.speed {
        Finding::Found(speeds) => speeds,
        other => return format!("How the speed of transcoding falls with the bit rate: {}.", why(other)),
    };
    let within = |figure: Option<f64>, within: &Option<crate::utility::speed::Interval>| {
        let figure = figure.map_or("unknown".to_owned(), |figure| format!("{figure:.3}"));
        let ends = within.as_ref().map(|within| format!(" ({:.3} to {:.3})", within.low, within.high));
        format!("{figure}{}", ends.unwrap_or_default())
    };
    let wrong = |of: Option<f64>| of.map_or("unknown".to_owned(), percent);
    format!(
        "How the speed of transcoding falls with the bit rate, in {} transcoded plays (ordinary least squares of its \
         logarithm on hardware, codec, resolution and doublings of the bit rate): the slope is {} times the raw one, and the \
         error of predicting raw plays of servers held out {} times that of the raw fit. Whether a transcode keeps up is \
         told wrong of {} of them, and of {} with raw plays.",
        count(speeds.plays as u64),
        within(speeds.attenuation, &speeds.attenuation_within),
        within(speeds.error_ratio, &speeds.error_ratio_within),
        wrong(speeds.released.wrong),
        wrong(speeds.raw.wrong),
    )
}
