//! What a table of a release lets one see of a family's columns.

use super::base::Base;
use super::family::{Family, Response};
use super::look::Seen;
use crate::telemetry::plays::{Column, Number};
use crate::utility::above_zero;
use crate::utility::release::{NumberColumn, Release, Table};

/// The table in which most of the columns leave that tell where a fault of the family strikes, the first of equals, among
/// those in which one of them leaves beside what shows it.
pub(super) fn table<'r, 'a>(release: &'r Release<'a>, family: Family) -> Option<&'r Table<'a>> {
    let shows = |table: &&Table| family.shown_by().iter().any(|&number| table.number(number).is_some());
    let tells = |table: &Table| columns(family).filter(|&column| table.holds(column)).count();
    let tables = release.tables().iter().filter(shows).map(|table| (tells(table), table));
    // Of equals `max_by_key` takes the last.
    tables.rev().max_by_key(|(tells, _)| *tells).filter(|(tells, _)| *tells > 0).map(|(_, table)| table)
}

/// The columns that tell where a fault strikes.
pub(super) fn columns(family: Family) -> impl Iterator<Item = Column> {
    let texts = family.categories().iter().map(|&text| Column::Text(text));
    texts.chain(family.number().map(Column::Number))
}

/// O(plays).
pub(super) fn seen<'t>(base: &Base, table: &'t Table<'_>) -> Seen<'t> {
    let family = base.family;
    let columns: Vec<&NumberColumn<'_>> =
        family.shown_by().iter().filter_map(|&number| table.number(number)).collect();
    let response = |play: usize| {
        base.responses[play]?;
        let shown = columns.iter().find_map(|column| shown(column, play, family.response()));
        shown.filter(|_| table.leaves(play))
    };
    let responses = (0..table.plays()).map(response).collect();
    let number = family.number().and_then(|number| table.number(number));
    let number = number.map(|number| (0..table.plays()).map(|play| place(number, play)).collect());
    let categories = family.categories().iter().filter_map(|&text| table.text(text));
    Seen {
        categories: categories.map(|texts| texts.codes()).collect(),
        number,
        responses,
        speed: speed(table),
    }
}

/// The value of a play, or the lower end of its bucket.
fn place(number: &NumberColumn<'_>, play: usize) -> Option<u64> {
    number.bucket(play).map(|bucket| bucket.from).or_else(|| number.get(play))
}

/// Whether surely more than 0 leaves, or the logarithm of what leaves.
fn shown(column: &NumberColumn<'_>, play: usize, response: Response) -> Option<f64> {
    match response {
        Response::Share => place(column, play).map(|least| f64::from(u8::from(least > 0))),
        Response::Mean => column.for_log(play).map(log),
    }
}

/// What leaves of a speed, as a logarithm. A bucket that no play has shown yet is taken for the one below it, or else for
/// the first.
fn speed<'t>(table: &'t Table<'_>) -> Box<dyn Fn(u32) -> f64 + Sync + 't> {
    let Some(column) = table.number(Number::TranscodeSpeedPermille) else { return Box::new(|_| 0.0) };
    let (Some(buckets), Some(standing)) = (column.buckets(), column.standing()) else {
        return Box::new(|speed| log(u64::from(speed)));
    };
    let told = buckets.iter().zip(standing).map(|(bucket, told)| log(above_zero(*told, Some(*bucket))));
    let logs: Vec<f64> = told.collect();
    Box::new(move |speed| {
        let above = buckets.partition_point(|bucket| bucket.from <= u64::from(speed));
        logs.get(above.saturating_sub(1)).copied().unwrap_or_default()
    })
}

/// Of 0 it is that of 1.
fn log(told: u64) -> f64 {
    libm::log(told.max(1) as f64)
}
