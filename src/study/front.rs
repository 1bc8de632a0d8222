//! The frontier of a sweep, against what plays tell that a candidate costs, or else against distortion.

use super::error::StudyError;
use super::results::{FrontierAxis, Point, Standing};
use crate::catalogue::SideField;
use crate::classes::{Cells, Generalization};
use crate::policy::Limits;
use crate::search::{
    Diagnosis, Grid, PingShape, SearchError, ShapeChoice, SweepRow, Traffic, Worth, breaches, evaluate_for,
    frontier,
};
use crate::utility::power::Family;

/// See the module.
pub(super) struct Front {
    pub axis: FrontierAxis,
    pub points: Vec<Point>,
    /// Candidate by candidate of the sweep, where plays tell.
    pub traffic: Option<Vec<Traffic>>,
}

/// A grid, the sets of side fields, and the rows of their sweep.
type Swept<'a> = (&'a Grid, &'a [Vec<SideField>], &'a [SweepRow]);

impl Front {
    /// `faults` is what plays tell, with the families that they show at all; or why they tell nothing.
    ///
    /// # Errors
    /// [`SearchError::Power`] and [`SearchError::Policy`], where what leaves can't be looked at.
    pub fn new(
        cells: &Cells<'_>,
        (grid, by, rows): Swept<'_>,
        shown: &ShapeChoice,
        limits: &Limits,
        faults: Result<(&Diagnosis<'_>, Vec<Family>), String>,
    ) -> Result<Self, StudyError> {
        let (diagnosis, families) = match faults {
            Ok(faults) => faults,
            Err(why) => {
                let points: Vec<(f64, f64)> =
                    rows.iter().map(|row| (row.distortion, row.reid_title_uniform)).collect();
                let points = frontier(&points).into_iter().map(|at| point(&rows[at], None)).collect();
                return Ok(Self { axis: FrontierAxis::Distortion { why }, points, traffic: None });
            }
        };
        let traffic = diagnosis.traffic_of_grid(grid, by)?;
        let found = |(at, traffic): (usize, &Traffic)| traffic.of_all().map(|ratio| (at, ratio));
        let found: Vec<(usize, f64)> = traffic.iter().enumerate().filter_map(found).collect();
        let points: Vec<(f64, f64)> =
            found.iter().map(|&(at, ratio)| (ratio, rows[at].reid_title_uniform)).collect();
        let on: Vec<(usize, f64)> = frontier(&points).into_iter().map(|place| found[place]).collect();
        let pairs = grid.len();
        let generalization = |at: usize| Generalization {
            duration: grid.durations[at % pairs / grid.bitrates.len()].clone(),
            bitrate: grid.bitrates[at % grid.bitrates.len()].clone(),
            by: by[at / pairs].clone(),
            other: Vec::new(),
        };
        let of = |generalization: &Generalization| {
            let ping = PingShape::play(&generalization.by);
            diagnosis.traffic(&[(&ping, generalization)])
        };
        let shown =
            shown.worth.as_ref().and_then(|worth| Some((worth, worth.traffic().of_all()?, worst(shown))));
        let shown = shown.map(|(worth, ratio, rate)| {
            let beats = |&&(at, other): &&(usize, f64)| {
                let named = rows[at].reid_title_uniform;
                other <= ratio && named <= rate && (other < ratio || named < rate)
            };
            let beating = on.iter().filter(beats).map(|&(at, _)| generalization(at));
            standing(cells, beating, worth, limits, diagnosis)
        });
        let axis = FrontierAxis::SampleSizeRatio {
            families,
            left_out: (traffic.len() - found.len()) as u64,
            keep: of(&Generalization::keep(cells.catalogue()))?,
            drop: of(&Generalization::drop())?,
            shown: shown.transpose()?,
        };
        let points = on.into_iter().map(|(at, ratio)| point(&rows[at], Some(ratio))).collect();
        Ok(Self { axis, points, traffic: Some(traffic) })
    }
}

/// Why candidates that cost no more, and name no more, weren't chosen in place of a shape of that worth.
fn standing(
    cells: &Cells<'_>,
    beating: impl Iterator<Item = Generalization>,
    worth: &Worth,
    limits: &Limits,
    diagnosis: &Diagnosis<'_>,
) -> Result<Standing, SearchError> {
    let mut standing = Standing { beaten_by: 0, over_limits: 0, losing_more: 0 };
    for generalization in beating {
        standing.beaten_by += 1;
        if !breaches(limits, &evaluate_for(cells, &generalization, limits).measures).is_empty() {
            standing.over_limits += 1;
            continue;
        }
        let ping = PingShape::play(&generalization.by);
        if diagnosis.worth(&[(&ping, &generalization)])?.lost > worth.lost {
            standing.losing_more += 1;
        }
    }
    Ok(standing)
}

/// The share of the files named by title from the ping that gives away the most.
fn worst(shape: &ShapeChoice) -> f64 {
    let rates = shape.pings.iter().map(|ping| &ping.found.evaluation().measures.reidentification);
    rates.map(|rates| rates.title.uniform).fold(0.0, f64::max)
}

fn point(row: &SweepRow, sample_size_ratio: Option<f64>) -> Point {
    Point {
        duration: row.duration.clone(),
        bitrate: row.bitrate.clone(),
        by: row.by.clone(),
        title_uniform: row.reid_title_uniform,
        distortion: row.distortion,
        sample_size_ratio,
    }
}
