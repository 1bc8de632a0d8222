//! What a pair of pings comes to on a catalogue.

use std::collections::BTreeSet;

use serde::Serialize;

use super::pairs::Pair;
use super::side::Side;
use crate::anonymity::Measures;
use crate::classes::{Cells, Classes, Told};
use crate::policy::{About, Field, Limits};
use crate::search::breach::{measured, raise};
use crate::search::justify::numbers;
use crate::search::settings::settings;
use crate::search::verify::is_of_a_file;
use crate::search::{Margin, Outcome, SearchError, margins};

/// What the join of two pings comes to.
#[derive(Clone, Debug, Serialize)]
pub struct JudgedJoin {
    /// Whether the join meets the limits.
    pub outcome: Outcome,
    /// Whether the new ping tells nothing of a file, so that there is nothing to join.
    pub tells_nothing: bool,
    /// What leaves and the catalogue lacks.
    pub marginal: Vec<&'static str>,
    /// Fields that read what a catalogue holds, and are said to be about something else: no class key has them.
    pub misplaced: Vec<String>,
    /// Every value of the join that a limit bounds, at its worst over what may leave.
    pub margins: Vec<Margin>,
    /// The old ping alone, where there is one.
    pub old: Option<JoinFigures>,
    /// The new ping alone.
    pub new: JoinFigures,
    /// Both.
    pub join: JoinFigures,
}

/// The figures of one ping, or of a join.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct JoinFigures {
    /// Classes.
    pub classes: u64,
    /// Titles per class, all but the exposed share of the files aside.
    pub k_titles: u32,
    /// Series or albums per class, likewise.
    pub k_series: u32,
    /// Share of the files in classes under the limits.
    pub exposed_share: f64,
    /// Title re-identification under the uniform prior.
    pub title_uniform: f64,
}

impl JudgedJoin {
    /// Whether the join gives nothing away that the limits forbid.
    pub fn holds(&self) -> bool {
        self.outcome == Outcome::Holds
    }
}

impl JoinFigures {
    fn of(measures: &Measures) -> Self {
        let budget = measures.k_within_budget.first();
        Self {
            classes: measures.classes,
            k_titles: measures.k_titles_budget(),
            k_series: budget.map_or(measures.k.series, |budget| budget.series),
            exposed_share: measures.exposed.files,
            title_uniform: measures.reidentification.title.uniform,
        }
    }
}

/// The join of a pair on a catalogue.
pub(super) fn judged(pair: &Pair<'_>, cells: &Cells<'_>, limits: &Limits) -> Result<JudgedJoin, SearchError> {
    let sides: Vec<Side<'_>> = pair.old.into_iter().chain([pair.new]).collect();
    let told: Vec<Told> = sides.iter().map(|side| side.told(None)).collect::<Result<_, _>>()?;
    let mut marginal: Vec<&str> = told.iter().flat_map(|told| told.missing_in(cells.catalogue())).collect();
    marginal.sort_unstable();
    marginal.dedup();
    let misplaced: BTreeSet<String> =
        sides.iter().zip(&told).flat_map(|(side, told)| misplaced(side, told)).collect();
    let numbers: Vec<Vec<u32>> =
        told.iter().map(|told| numbers(cells, told)).collect::<Result<_, SearchError>>()?;
    let both = joined(cells, &numbers, limits);
    // No figure of a ping alone is an attacker's.
    let tallied = limits.without_attacks();
    let figures = |of| JoinFigures::of(&joined(cells, std::slice::from_ref(of), &tallied));
    let alone: Vec<JoinFigures> = numbers.iter().map(figures).collect();
    let tells_nothing = pair.new.told(None)?.attributes() == 0;
    let mut found = if tells_nothing { Vec::new() } else { margins(limits, &both) };
    if !tells_nothing {
        worsen(&mut found, &sides, cells, limits)?;
    }
    let outcome = if found.iter().any(|margin| !margin.holds()) {
        Outcome::Breaks
    } else if misplaced.is_empty() && (marginal.is_empty() || tells_nothing) {
        Outcome::Holds
    } else {
        Outcome::Marginal
    };
    let [.., new] = alone.as_slice() else { return Err(SearchError::NoValue) };
    Ok(JudgedJoin {
        outcome,
        tells_nothing,
        marginal,
        misplaced: misplaced.into_iter().collect(),
        margins: found,
        old: pair.old.and(alone.first().copied()),
        new: *new,
        join: JoinFigures::of(&both),
    })
}

/// Raises each value to its worst over the parts of both pings that may leave, where anything of the new one does.
fn worsen(
    found: &mut [Margin],
    sides: &[Side<'_>],
    cells: &Cells<'_>,
    limits: &Limits,
) -> Result<(), SearchError> {
    let fields: Vec<Vec<&Field>> = sides.iter().map(|side| side.counted().collect()).collect();
    let pings: Vec<&str> = sides.iter().map(|side| side.ping).collect();
    let mut seen = vec![leaving(&fields, &|_| true)];
    for setting in settings(&fields.concat(), &pings.join(" with "))? {
        let names = leaving(&fields, &|field| setting.allows(field));
        let nothing_new = names.last().is_none_or(Vec::is_empty);
        if nothing_new || seen.contains(&names) {
            continue;
        }
        seen.push(names);
        let told: Vec<Told> = sides.iter().map(|side| side.told(Some(&setting))).collect::<Result<_, _>>()?;
        if told.last().is_some_and(|new| new.attributes() > 0) {
            let numbers: Vec<Vec<u32>> =
                told.iter().map(|told| numbers(cells, told)).collect::<Result<_, SearchError>>()?;
            raise(found, margins(limits, &joined(cells, &numbers, limits)), &setting.shown());
        }
    }
    Ok(())
}

/// The names of the fields that leave, side by side.
fn leaving<'f>(fields: &[Vec<&'f Field>], allows: &dyn Fn(&Field) -> bool) -> Vec<Vec<&'f str>> {
    let names = |fields: &Vec<&'f Field>| {
        fields.iter().filter(|field| allows(field)).map(|field| field.name.as_str()).collect()
    };
    fields.iter().map(names).collect()
}

/// The fields that read a column which a catalogue holds, and describe no file by their own account.
fn misplaced(side: &Side<'_>, told: &Told) -> Vec<String> {
    let in_no_key = |field: &&Field| {
        let derived = told.derived.iter().any(|derived| derived.field == field.name);
        field.about != About::Media && !derived && is_of_a_file(field.column())
    };
    side.counted().filter(in_no_key).map(|field| field.name.clone()).collect()
}

/// The measures of the files that none of these tells apart.
fn joined(cells: &Cells<'_>, numbers: &[Vec<u32>], limits: &Limits) -> Measures {
    measured(&Classes::joined(cells.catalogue(), numbers.iter().cloned()), limits)
}
