//! What every candidate of a sweep costs those who look for faults, without asking every candidate.
//!
//! A family of faults looks at one number at most, and at names. What it takes to find it in a ping that carries both numbers
//! therefore depends on the rounding of its own number, and on which names of the file leave: a table per family, by those two,
//! tells every pair of the grid.

use rayon::prelude::*;

use super::{Diagnosis, Traffic};
use crate::catalogue::SideField;
use crate::rounding::Rounding;
use crate::search::shape::PingShape;
use crate::search::{Grid, SearchError};
use crate::telemetry::plays::{Column, Text};
use crate::units::Dimension;
use crate::utility::power::Family;

/// The expected ratios of one family, by set of side fields and by place in the list of its number's roundings.
struct Table {
    family: Family,
    /// Which row tells each set of side fields.
    row_of: Vec<usize>,
    rows: Vec<Vec<Option<f64>>>,
}

impl Diagnosis<'_> {
    /// What each candidate of a sweep costs, in the sweep's order: set by set of side fields, duration by duration, bit rate by
    /// bit rate. As [`Diagnosis::traffic`] says of one ping with everything that the questions ask of the player.
    /// O(sets x (plays log plays + (durations + bit rates) x faults x places²)).
    ///
    /// # Errors
    /// [`SearchError::Power`] and [`SearchError::Policy`], as of one ping.
    pub fn traffic_of_grid(&self, grid: &Grid, by: &[Vec<SideField>]) -> Result<Vec<Traffic>, SearchError> {
        let tables: Vec<Table> = (0..self.faults().len())
            .map(|family| self.table(family, grid, by))
            .collect::<Result<_, SearchError>>()?;
        let mut found = Vec::with_capacity(by.len() * grid.len());
        for set in 0..by.len() {
            for duration in 0..grid.durations.len() {
                for bitrate in 0..grid.bitrates.len() {
                    let of = |traffic: Traffic, table: &Table| {
                        traffic.and(table.rows[table.row_of[set]][table.place(duration, bitrate)])
                    };
                    found.push(tables.iter().fold(Traffic::NOTHING, of));
                }
            }
        }
        Ok(found)
    }

    fn table(&self, place: usize, grid: &Grid, by: &[Vec<SideField>]) -> Result<Table, SearchError> {
        let family = self.faults()[place].0;
        // Sets that tell the family the same share their row.
        let told: Vec<Vec<SideField>> = by.iter().map(|by| told(family, by)).collect();
        let mut different: Vec<&Vec<SideField>> = Vec::new();
        let row_of = told.iter().map(|told| {
            different.iter().position(|other| *other == told).unwrap_or_else(|| {
                different.push(told);
                different.len() - 1
            })
        });
        let row_of: Vec<usize> = row_of.collect();
        let numbers: Vec<&Rounding> = match dimension(family) {
            Some(Dimension::Duration) => grid.durations.iter().collect(),
            _ => grid.bitrates.iter().collect(),
        };
        let row = |by: &&Vec<SideField>| self.expected(place, &PingShape::play(by), by, &numbers);
        let rows = different.par_iter().map(row).collect::<Result<_, SearchError>>()?;
        Ok(Table { family, row_of, rows })
    }
}

impl Table {
    /// The place in a row of a pair of the grid.
    fn place(&self, duration: usize, bitrate: usize) -> usize {
        match dimension(self.family) {
            None => 0,
            Some(Dimension::Duration) => duration,
            Some(_) => bitrate,
        }
    }
}

/// The number that a family looks at.
pub(super) fn dimension(family: Family) -> Option<Dimension> {
    family.number().and_then(|number| number.rounded_as())
}

/// The side fields of a set that a family looks at.
fn told(family: Family, by: &[SideField]) -> Vec<SideField> {
    let looks = |field: &&SideField| {
        let is = |text: &Text| Column::Text(*text).is_of_file() && text.name() == field.name();
        family.categories().iter().any(is)
    };
    by.iter().filter(looks).copied().collect()
}
