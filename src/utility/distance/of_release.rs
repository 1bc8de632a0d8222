//! The distances of all that leaves.

use serde::Serialize;

use super::{Distance, Scale};
use crate::telemetry::plays::{Column, Number, Plays};
use crate::utility::{Finding, Release, Table, Why};

/// The fields that are compared, with the scale of each.
const FIELDS: [(Number, Scale); 4] = [
    (Number::DurationMs, Scale::Linear),
    (Number::PlayedMs, Scale::Linear),
    (Number::BitrateBps, Scale::Octaves),
    (Number::DeliveredBps, Scale::Octaves),
];

/// How far a field that leaves lies from its raw values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldDistance {
    /// The field's column.
    pub column: &'static str,
    /// The unit of Wasserstein-1.
    pub unit: &'static str,
    /// The ping that it leaves in; the first of several.
    pub ping: Option<String>,
    /// How far, over the plays of which both are there.
    pub distance: Finding<Distance>,
}

/// Of durations and bit rates, each in the first table that holds it. O(plays log plays).
///
/// ```
/// use coarsen::telemetry::plays::{Number, Plays, Row};
/// use coarsen::utility::{Release, distance::of_release};
/// let mut row = Row::default();
/// row[Number::DurationMs] = Some(5_423_000);
/// let plays: Plays = [row].into_iter().collect();
/// let fields = of_release(&plays, &Release::raw(&plays));
/// assert_eq!((fields[0].column, fields[0].unit), ("duration_ms", "ms"));
/// assert_eq!(fields[0].distance.found().unwrap().wasserstein, 0.0);
/// assert!(fields[1].distance.found().is_none());
/// ```
pub fn of_release(plays: &Plays, release: &Release<'_>) -> Vec<FieldDistance> {
    let asked = |number: Number| {
        let raw = plays.number(number).iter().enumerate();
        raw.filter(|(_, value)| value.is_some()).any(|(play, _)| release.leaves(play))
    };
    let of_field = |(number, scale): (Number, Scale)| {
        let table = release.holding(&[Column::Number(number)]);
        FieldDistance {
            column: number.name(),
            unit: if scale == Scale::Octaves { "doublings" } else { number.unit().unwrap_or("") },
            ping: table.map(|table| table.name().to_owned()),
            distance: if asked(number) {
                distance(plays, table, number, scale)
            } else {
                Finding::Unasked { why: Why::NoPlays }
            },
        }
    };
    FIELDS.into_iter().map(of_field).collect()
}

fn distance(plays: &Plays, table: Option<&Table<'_>>, number: Number, scale: Scale) -> Finding<Distance> {
    let raw = plays.number(number);
    let Some((table, column)) = table.and_then(|table| Some((table, table.number(number)?))) else {
        return Finding::Lost { why: Why::Apart };
    };
    let pairs = (0..plays.len()).filter(|&play| table.leaves(play)).filter_map(|play| {
        let released = match scale {
            Scale::Linear => column.get(play),
            Scale::Octaves => column.for_log(play),
        };
        Some((u64::from(raw[play]?), released?))
    });
    match Distance::of(pairs, scale) {
        Some(distance) => Finding::Found(distance),
        None => Finding::Lost { why: Why::NoPlays },
    }
}
