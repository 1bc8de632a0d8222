//! Intervals from resampling servers.

use rayon::prelude::*;
use serde::Serialize;

use super::Judging;
use super::cells::Cells;
use crate::catalogue::stream::stream;
use crate::utility::times::times;

/// A figure and its 95 % interval: the 2.5 and 97.5 % points of the resamples, none where there is one server.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The figure itself.
    pub figure: f64,
    /// The lower end.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

/// What the resamples came to.
pub(super) struct Resamples {
    /// The mean error of each, rising.
    pub errors: Vec<f64>,
    /// The answer of each cell in each.
    cells: Vec<Vec<Option<f64>>>,
}

impl Interval {
    /// Around the figure itself: the resamples of a distance lie above it more often than below, and an interval that
    /// leaves out its own figure would say nothing.
    pub(super) fn of(figure: f64, rising: Option<&Vec<f64>>) -> Self {
        let ends = rising.and_then(|rising| ends(rising));
        Self {
            figure,
            low: ends.map(|(low, _)| low.min(figure)),
            high: ends.map(|(_, high)| high.max(figure)),
        }
    }
}

/// The 2.5 and 97.5 % points of figures that rise: the smallest that so many don't exceed.
fn ends(rising: &[f64]) -> Option<(f64, f64)> {
    let at = |permille: usize| rising.get((rising.len() * permille).div_ceil(1_000).max(1) - 1).copied();
    Some((at(25)?, at(975)?))
}

impl Resamples {
    /// The interval of a cell's answer; `None` where no resample tells it.
    pub fn of_cell(&self, cell: usize) -> Option<(f64, f64)> {
        let mut told: Vec<f64> = self.cells.iter().filter_map(|cells| cells[cell]).collect();
        told.sort_by(f64::total_cmp);
        ends(&told)
    }
}

/// The resamples of a question; `None` where there are fewer than two servers, or none is asked for.
pub(super) fn errors(cells: &Cells, judging: &Judging, question: &str) -> Option<Resamples> {
    let servers = cells.servers();
    if servers < 2 || judging.resamples == 0 {
        return None;
    }
    let resample = |number: u32| {
        let mut random = stream(judging.seed, &format!("utility resample {question}"), u64::from(number));
        let times = times(servers, &mut random);
        let sums = cells.sums(|server| i64::from(times[server as usize]));
        let answers = sums.answered.iter().map(|answered| answered.figure()).collect();
        (sums.mean_error(), answers)
    };
    let drawn: Vec<(Option<f64>, Vec<Option<f64>>)> =
        (0..judging.resamples).into_par_iter().map(resample).collect();
    let mut errors: Vec<f64> = drawn.iter().filter_map(|(error, _)| *error).collect();
    errors.sort_by(f64::total_cmp);
    Some(Resamples { errors, cells: drawn.into_iter().map(|(_, cells)| cells).collect() })
}
