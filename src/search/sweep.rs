//! Every candidate of a grid.

use rayon::prelude::*;
use serde::Serialize;

use super::Grid;
use crate::anonymity::{Brief, Distortion, Measures, Tally, Thresholds, axis_loss};
use crate::catalogue::SideField;
use crate::classes::{Cells, Classes, Generalization, Rows};
use crate::rounding::Partition;
use crate::units::Dimension;

/// One generalization with its measures and its loss.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// What was evaluated.
    pub generalization: Generalization,
    /// Its anonymity.
    pub measures: Measures,
    /// Its loss.
    pub distortion: Distortion,
}

/// Evaluates one generalization by grouping the files. O(files log files).
pub fn evaluate(
    cells: &Cells<'_>,
    generalization: &Generalization,
    thresholds: Thresholds,
    budgets: &[f64],
) -> Evaluation {
    let mut tally = Tally::new(thresholds, cells.catalogue().kind().levels());
    Classes::group(cells, generalization.key()).visit(&mut tally);
    Evaluation {
        measures: Measures::of(tally, cells.catalogue(), budgets),
        distortion: Distortion::of(cells, generalization),
        generalization: generalization.clone(),
    }
}

/// One row of a sweep, in the columns' order.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the columns are described in the README")]
pub struct SweepRow {
    pub duration: String,
    pub bitrate: String,
    pub duration_width_ms: Option<u64>,
    pub bitrate_width_bps: Option<u64>,
    pub by: String,
    pub classes: u64,
    pub k_files: u32,
    pub k_titles: u32,
    pub k_files_budget: u32,
    pub k_titles_budget: u32,
    pub k_series: u32,
    pub unique_files: f64,
    pub unique_titles: f64,
    pub reid_file_uniform: f64,
    pub reid_file_popularity: f64,
    pub reid_title_uniform: f64,
    pub reid_title_popularity: f64,
    pub confident_title_uniform: f64,
    pub confident_title_popularity: f64,
    pub largest_over_20_files: f64,
    pub largest_over_80_plays: f64,
    pub duration_mae_ms: Option<f64>,
    pub bitrate_mae_bps: Option<f64>,
    pub distortion: f64,
}

impl SweepRow {
    /// The row of an evaluation whose first budget is the sweep's.
    pub fn of(evaluation: &Evaluation) -> Self {
        let Evaluation { generalization, measures, distortion } = evaluation;
        let by: Vec<&str> = generalization.by.iter().map(|field| field.name()).collect();
        let largest = |share: f64| measures.largest_title.iter().find(|l| l.at_least == share);
        Self {
            duration: generalization.duration.to_string(),
            bitrate: generalization.bitrate.to_string(),
            duration_width_ms: generalization.duration.width(),
            bitrate_width_bps: generalization.bitrate.width(),
            by: by.join(","),
            classes: measures.classes,
            k_files: measures.k.files,
            k_titles: measures.k.titles,
            k_files_budget: measures.k_within_budget.first().map_or(measures.k.files, |b| b.files),
            k_titles_budget: measures.k_titles_budget(),
            k_series: measures.k.series,
            unique_files: measures.unique_share.files,
            unique_titles: measures.unique_share.titles,
            reid_file_uniform: measures.reidentification.file.uniform,
            reid_file_popularity: measures.reidentification.file.popularity,
            reid_title_uniform: measures.reidentification.title.uniform,
            reid_title_popularity: measures.reidentification.title.popularity,
            confident_title_uniform: measures.confident_title.uniform,
            confident_title_popularity: measures.confident_title.popularity,
            largest_over_20_files: largest(0.2).map_or(0.0, |l| l.files),
            largest_over_80_plays: largest(0.8).map_or(0.0, |l| l.plays),
            duration_mae_ms: distortion.duration.mean_abs_error,
            bitrate_mae_bps: distortion.bitrate.mean_abs_error,
            distortion: distortion.total,
        }
    }
}

/// Evaluates every pair of the grid for every set of side fields, in the grid's order, on all threads.
/// `done` is told each time a number of candidates is finished. O(candidates x files).
pub fn sweep(
    cells: &Cells<'_>,
    grid: &Grid,
    by: &[Vec<SideField>],
    exposed_share: f64,
    done: &(dyn Fn(u64) + Sync),
) -> Vec<SweepRow> {
    let loss = |partition: &dyn Partition, axis, dimension| axis_loss(axis, partition, dimension);
    let bitrates: Vec<_> = grid
        .bitrates
        .par_iter()
        .map(|rounding| (rounding, loss(rounding, cells.bitrate(), Dimension::Bitrate)))
        .collect();
    let jobs: Vec<_> = by.iter().flat_map(|by| grid.durations.iter().map(move |d| (by, d))).collect();
    let rows: Vec<Vec<SweepRow>> = jobs
        .par_iter()
        .map(|(by, duration)| {
            let rows = Rows::new(cells, *duration, by);
            let duration_loss = loss(*duration, cells.duration(), Dimension::Duration);
            let one = |(bitrate, bitrate_loss): &(&crate::rounding::Rounding, _)| {
                let mut tally = Brief(Tally::new(Thresholds::default(), 0));
                rows.visit(*bitrate, &mut tally);
                SweepRow::of(&Evaluation {
                    generalization: Generalization {
                        duration: (*duration).clone(),
                        bitrate: (*bitrate).clone(),
                        by: (*by).clone(),
                    },
                    measures: Measures::of(tally.0, cells.catalogue(), &[exposed_share]),
                    distortion: Distortion::join(cells.catalogue(), duration_loss, *bitrate_loss, by),
                })
            };
            let evaluated = bitrates.iter().map(one).collect();
            done(bitrates.len() as u64);
            evaluated
        })
        .collect();
    rows.into_iter().flatten().collect()
}
