//! The rows of a sweep.

use serde::Serialize;

use super::sweep::Evaluation;
use crate::anonymity::{AxisLoss, CountFigures, Counts, Distortion, Ranks, TitleFigures};
use crate::catalogue::{Catalogue, SideField};
use crate::classes::Gather;
use crate::rounding::Rounding;

/// One value of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Text.
    Text(&'a str),
    /// A count of files, titles or series in one class.
    Small(u32),
    /// Any other count.
    Count(u64),
    /// A count that may be absent.
    MaybeCount(Option<u64>),
    /// A measure.
    Number(f64),
    /// A measure that may be absent.
    MaybeNumber(Option<f64>),
}

/// A row of a table: names and values, always the same names in the same order.
pub trait Tabular {
    /// The columns.
    fn cells(&self) -> Vec<(&'static str, Cell<'_>)>;
}

macro_rules! cell {
    ($($kind:ty => $cell:ident),*) => {
        $(impl From<&$kind> for Cell<'_> {
            fn from(value: &$kind) -> Self {
                Self::$cell(*value)
            }
        })*
    };
}
cell!(u32 => Small, u64 => Count, Option<u64> => MaybeCount, f64 => Number, Option<f64> => MaybeNumber);

impl<'a> From<&'a String> for Cell<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

macro_rules! row {
    ($(#[$attribute:meta])* $name:ident { $($field:ident: $kind:ty,)* }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[allow(missing_docs, reason = "the columns are described in the README")]
        pub struct $name {
            $(pub $field: $kind,)*
        }

        impl Tabular for $name {
            fn cells(&self) -> Vec<(&'static str, Cell<'_>)> {
                vec![$((stringify!($field), Cell::from(&self.$field)),)*]
            }
        }
    };
}

row! {
    /// One row of a sweep, in the columns' order.
    SweepRow {
        duration: String,
        bitrate: String,
        duration_width_ms: Option<u64>,
        bitrate_width_bps: Option<u64>,
        by: String,
        classes: u64,
        k_files: u32,
        k_titles: u32,
        k_files_budget: u32,
        k_titles_budget: u32,
        k_series: u32,
        unique_files: f64,
        unique_titles: f64,
        reid_file_uniform: f64,
        reid_file_popularity: f64,
        reid_title_uniform: f64,
        reid_title_popularity: f64,
        confident_title_uniform: f64,
        confident_title_popularity: f64,
        largest_over_20_files: f64,
        largest_over_80_plays: f64,
        duration_mae_ms: Option<f64>,
        bitrate_mae_bps: Option<f64>,
        distortion: f64,
        duration_mse_ms2: Option<f64>,
        bitrate_mse_bps2: Option<f64>,
        files_in_1: u64,
        files_in_2_3: u64,
        files_in_4_7: u64,
        files_in_8_15: u64,
        files_in_16_31: u64,
        files_in_32_63: u64,
        files_in_64_127: u64,
        files_in_128_up: u64,
    }
}

row! {
    /// One row of a sweep of sizes alone: the columns of [`SweepRow`] that need neither titles nor weights.
    CountRow {
        duration: String,
        bitrate: String,
        duration_width_ms: Option<u64>,
        bitrate_width_bps: Option<u64>,
        by: String,
        classes: u64,
        k_files: u32,
        k_files_budget: u32,
        unique_files: f64,
        reid_file_uniform: f64,
        duration_mae_ms: Option<f64>,
        bitrate_mae_bps: Option<f64>,
        distortion: f64,
        duration_mse_ms2: Option<f64>,
        bitrate_mse_bps2: Option<f64>,
        files_in_1: u64,
        files_in_2_3: u64,
        files_in_4_7: u64,
        files_in_8_15: u64,
        files_in_16_31: u64,
        files_in_32_63: u64,
        files_in_64_127: u64,
        files_in_128_up: u64,
    }
}

/// A candidate of a sweep before it is measured.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) duration: (&'a Rounding, AxisLoss),
    pub(super) bitrate: (&'a Rounding, AxisLoss),
    pub(super) by: &'a [SideField],
    /// The share of the files that may lie in smaller classes than k within the budget.
    pub(super) exposed_share: f64,
    /// Whether all files of a title are of one series.
    pub(super) one_series_a_title: bool,
}

/// What a sweep gathers of a candidate, and the row that it becomes.
pub trait Measured: Gather + Default + Clone {
    /// The name of its set of columns.
    const NAME: &'static str;

    /// The row.
    type Row: Tabular + Send;

    /// The row; `k_series` is called where no bound settles the fewest series of a class.
    fn row(&self, asked: &Asked<'_>, k_series: impl FnOnce() -> u32) -> Self::Row;
}

fn names(by: &[SideField]) -> String {
    by.iter().map(|field| field.name()).collect::<Vec<_>>().join(",")
}

impl Asked<'_> {
    fn distortion(&self) -> Distortion {
        Distortion::join(self.catalogue, self.duration.1, self.bitrate.1, self.by)
    }
}

impl Measured for Counts {
    const NAME: &'static str = "counts";
    type Row = CountRow;

    fn row(&self, asked: &Asked<'_>, _: impl FnOnce() -> u32) -> CountRow {
        let counts = self.figures(asked.catalogue, asked.exposed_share);
        let loss = asked.distortion();
        CountRow {
            duration: asked.duration.0.to_string(),
            bitrate: asked.bitrate.0.to_string(),
            duration_width_ms: asked.duration.0.width(),
            bitrate_width_bps: asked.bitrate.0.width(),
            by: names(asked.by),
            classes: counts.classes,
            k_files: counts.k_files,
            k_files_budget: counts.k_files_budget,
            unique_files: counts.unique_files,
            reid_file_uniform: counts.reid_file_uniform,
            duration_mae_ms: loss.duration.mean_abs_error,
            bitrate_mae_bps: loss.bitrate.mean_abs_error,
            distortion: loss.total,
            duration_mse_ms2: loss.duration.mean_squared_error,
            bitrate_mse_bps2: loss.bitrate.mean_squared_error,
            files_in_1: counts.spread.files_in_1,
            files_in_2_3: counts.spread.files_in_2_3,
            files_in_4_7: counts.spread.files_in_4_7,
            files_in_8_15: counts.spread.files_in_8_15,
            files_in_16_31: counts.spread.files_in_16_31,
            files_in_32_63: counts.spread.files_in_32_63,
            files_in_64_127: counts.spread.files_in_64_127,
            files_in_128_up: counts.spread.files_in_128_up,
        }
    }
}

impl Measured for Ranks {
    const NAME: &'static str = "all";
    type Row = SweepRow;

    fn row(&self, asked: &Asked<'_>, k_series: impl FnOnce() -> u32) -> SweepRow {
        let counts = self.counts().figures(asked.catalogue, asked.exposed_share);
        let titles = self.figures(asked.catalogue, asked.exposed_share);
        // A class of one file is one of one series, and so is a class of one title where titles have one each.
        let one = counts.k_files < 2 || titles.k_titles < 2 && asked.one_series_a_title;
        let k_series = if one { 1 } else { k_series() };
        SweepRow::join(
            (asked.duration.0, asked.bitrate.0, asked.by),
            &counts,
            &titles,
            k_series,
            &asked.distortion(),
        )
    }
}

impl SweepRow {
    /// The row of an evaluation whose first budget is the sweep's.
    pub fn of(evaluation: &Evaluation) -> Self {
        let Evaluation { generalization, measures, distortion } = evaluation;
        let largest = |share: f64| measures.largest_title.iter().find(|l| l.at_least == share);
        let counts = CountFigures {
            classes: measures.classes,
            k_files: measures.k.files,
            k_files_budget: measures.k_within_budget.first().map_or(measures.k.files, |b| b.files),
            unique_files: measures.unique_share.files,
            reid_file_uniform: measures.reidentification.file.uniform,
            spread: measures.files_in,
        };
        let titles = TitleFigures {
            k_titles: measures.k.titles,
            k_titles_budget: measures.k_titles_budget(),
            unique_titles: measures.unique_share.titles,
            reid_file_popularity: measures.reidentification.file.popularity,
            reid_title_uniform: measures.reidentification.title.uniform,
            reid_title_popularity: measures.reidentification.title.popularity,
            confident_title_uniform: measures.confident_title.uniform,
            confident_title_popularity: measures.confident_title.popularity,
            largest_over_20_files: largest(0.2).map_or(0.0, |l| l.files),
            largest_over_80_plays: largest(0.8).map_or(0.0, |l| l.plays),
        };
        let of = (&generalization.duration, &generalization.bitrate, &generalization.by[..]);
        Self::join(of, &counts, &titles, measures.k.series, distortion)
    }

    fn join(
        (duration, bitrate, by): (&Rounding, &Rounding, &[SideField]),
        counts: &CountFigures,
        titles: &TitleFigures,
        k_series: u32,
        loss: &Distortion,
    ) -> Self {
        Self {
            duration: duration.to_string(),
            bitrate: bitrate.to_string(),
            duration_width_ms: duration.width(),
            bitrate_width_bps: bitrate.width(),
            by: names(by),
            classes: counts.classes,
            k_files: counts.k_files,
            k_titles: titles.k_titles,
            k_files_budget: counts.k_files_budget,
            k_titles_budget: titles.k_titles_budget,
            k_series,
            unique_files: counts.unique_files,
            unique_titles: titles.unique_titles,
            reid_file_uniform: counts.reid_file_uniform,
            reid_file_popularity: titles.reid_file_popularity,
            reid_title_uniform: titles.reid_title_uniform,
            reid_title_popularity: titles.reid_title_popularity,
            confident_title_uniform: titles.confident_title_uniform,
            confident_title_popularity: titles.confident_title_popularity,
            largest_over_20_files: titles.largest_over_20_files,
            largest_over_80_plays: titles.largest_over_80_plays,
            duration_mae_ms: loss.duration.mean_abs_error,
            bitrate_mae_bps: loss.bitrate.mean_abs_error,
            distortion: loss.total,
            duration_mse_ms2: loss.duration.mean_squared_error,
            bitrate_mse_bps2: loss.bitrate.mean_squared_error,
            files_in_1: counts.spread.files_in_1,
            files_in_2_3: counts.spread.files_in_2_3,
            files_in_4_7: counts.spread.files_in_4_7,
            files_in_8_15: counts.spread.files_in_8_15,
            files_in_16_31: counts.spread.files_in_16_31,
            files_in_32_63: counts.spread.files_in_32_63,
            files_in_64_127: counts.spread.files_in_64_127,
            files_in_128_up: counts.spread.files_in_128_up,
        }
    }
}
