//! Both axes at once: what every rectangle (a bucket of the duration x a bucket of the bit rate) uses of the budgets.
//!
//! Loss and uses are sums over rectangles, so with this table no further look at the files is needed: the problem that
//! remains on one axis, the other being fixed, is a sum of rows of the table.

use rayon::prelude::*;

use super::arcs::Arcs;
use super::budget::Budget;
use super::files::Files;
use super::grid::Places;
use super::path::Problem;
use super::uses::uses;
use crate::anonymity::{AxisLoss, Distortion, Thresholds, ncp};
use crate::catalogue::SideField;
use crate::classes::{Axis, Cells};

/// The loss of the buckets of one axis, weighted as in the total of [`Distortion`].
#[derive(Clone, Debug)]
pub(super) struct Losses {
    /// Of every arc.
    pub of: Vec<f64>,
    /// Of one file in each arc.
    pub of_one: Vec<f64>,
}

impl Losses {
    /// `weight` is the axis's share of the total.
    pub fn new(axis: &Axis, places: &Places, weight: f64) -> Self {
        let atoms = places.atoms(axis);
        let mut below = vec![0u64; places.len()];
        axis.counts()
            .iter()
            .zip(&atoms)
            .for_each(|(&count, &atom)| below[atom as usize + 1] += u64::from(count));
        (1..below.len()).for_each(|place| below[place] += below[place - 1]);
        let files = below[below.len() - 1];
        let one = |(from, to)| {
            let share = weight * ncp(places.bucket(from, to), places.dimension);
            // Where no file has a value nothing can be lost of it but that it is dropped.
            if files == 0 { 0.0 } else { share / files as f64 }
        };
        let arcs = Arcs(places.len());
        let of_one: Vec<f64> = arcs.all().map(one).collect();
        let of =
            arcs.all().zip(&of_one).map(|((from, to), one)| one * (below[to] - below[from]) as f64).collect();
        Self { of, of_one }
    }
}

/// The weights of the total: of the dropped side fields, the duration and the bit rate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weights {
    pub side: f64,
    pub duration: f64,
    pub bitrate: f64,
}

impl Weights {
    pub fn of(cells: &Cells<'_>, by: &[SideField]) -> Self {
        let axis = |ncp| AxisLoss { ncp, ..AxisLoss::DROPPED };
        let total = |d, b| Distortion::join(cells.catalogue(), axis(d), axis(b), by).total;
        let side = total(0.0, 0.0);
        Self { side, duration: total(1.0, 0.0) - side, bitrate: total(0.0, 1.0) - side }
    }
}

/// How the bit rate is cut: the places of a path, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rates {
    /// Nothing is emitted, not even that a value is missing.
    Drop,
    /// The places, 0 and infinity among them.
    Cut(Vec<usize>),
}

/// The whole problem as tables.
pub(super) struct Joint {
    pub duration_arcs: Arcs,
    pub bitrate_arcs: Arcs,
    pub durations: Losses,
    pub bitrates: Losses,
    pub weights: Weights,
    pub budgets: Vec<u64>,
    /// By bit-rate arc: what each duration arc uses there.
    pub rows: Vec<Vec<u64>>,
    /// Of the files without a bit rate, which are a bucket of their own, where there are any.
    pub missing: Option<Vec<u64>>,
    /// Of all files, the bit rate being dropped.
    pub dropped: Vec<u64>,
    /// Files by bit-rate atom (those without one last) and duration atom.
    pub counts: Vec<Vec<u32>>,
}

impl Joint {
    /// O(bit-rate places^2 x duration places x files), on all threads; memory: 8 bytes a rectangle and budget.
    pub fn new(
        cells: &Cells<'_>,
        by: &[SideField],
        (durations, bitrates): (&Places, &Places),
        budgets: &[Budget],
        thresholds: Thresholds,
    ) -> Self {
        let weights = Weights::of(cells, by);
        let (duration_arcs, bitrate_arcs) = (Arcs(durations.len()), Arcs(bitrates.len()));
        let atoms = by_file(cells.duration(), durations);
        let rates = by_file(cells.bitrate(), bitrates);
        let (groups, bound) = cells.combinations(by);
        let files = Files::new(cells, (&atoms, durations.len() - 1), &rates, (&groups, bound as usize));
        let missing = bitrates.len() as u32 - 1;
        let mut counts = vec![vec![0; durations.len() - 1]; bitrates.len()];
        files.files.iter().for_each(|file| counts[file.other as usize][file.atom as usize] += 1);
        let row = |others| uses(&files.within(others), budgets, thresholds);
        let cuts = bitrates.len() > 2;
        let rows = if cuts {
            let arcs: Vec<_> = bitrate_arcs.all().collect();
            arcs.into_par_iter().map(|(from, to)| row(from as u32..to as u32)).collect()
        } else {
            Vec::new()
        };
        let mut bitrate_losses = Losses::new(cells.bitrate(), bitrates, weights.bitrate);
        // Without a cut the bit rate is dropped: that is no path here.
        bitrate_losses.of[bitrate_arcs.at(0, bitrates.len() - 1)] = f64::INFINITY;
        Self {
            duration_arcs,
            bitrate_arcs,
            durations: Losses::new(cells.duration(), durations, weights.duration),
            bitrates: bitrate_losses,
            weights,
            budgets: budgets.iter().map(|budget| budget.most).collect(),
            rows,
            missing: (cuts && cells.bitrate().missing() > 0).then(|| row(missing..missing + 1)),
            dropped: row(0..missing + 1),
            counts,
        }
    }

    /// Whether the bit rate can be cut.
    pub fn cuts(&self) -> bool {
        !self.rows.is_empty()
    }

    /// What is lost of the bit rate.
    pub fn rate_loss(&self, rates: &Rates) -> f64 {
        match rates {
            Rates::Drop => self.weights.bitrate,
            Rates::Cut(path) => {
                path.windows(2).map(|step| self.bitrates.of[self.bitrate_arcs.at(step[0], step[1])]).sum()
            }
        }
    }

    /// What is lost of the duration.
    pub fn duration_loss(&self, path: &[usize]) -> f64 {
        path.windows(2).map(|step| self.durations.of[self.duration_arcs.at(step[0], step[1])]).sum()
    }

    /// The choice of duration edges for that bit rate.
    pub fn durations_given(&self, rates: &Rates) -> Problem {
        let uses = match rates {
            Rates::Drop => self.dropped.clone(),
            Rates::Cut(path) => {
                let mut sum = self.missing.clone().unwrap_or_else(|| vec![0; self.dropped.len()]);
                for step in path.windows(2) {
                    let row = &self.rows[self.bitrate_arcs.at(step[0], step[1])];
                    sum.iter_mut().zip(row).for_each(|(sum, uses)| *sum += uses);
                }
                sum
            }
        };
        Problem {
            arcs: self.duration_arcs,
            loss: self.durations.of.clone(),
            uses,
            budgets: self.budgets.clone(),
        }
    }

    /// The choice of bit-rate edges, at least one, for those duration edges. `None` where the files without a bit
    /// rate overdraw a budget on their own.
    pub fn bitrates_given(&self, durations: &[usize]) -> Option<Problem> {
        let m = self.budgets.len();
        let along = |row: &Vec<u64>| {
            let mut sum = vec![0; m];
            for step in durations.windows(2) {
                let arc = self.duration_arcs.at(step[0], step[1]);
                sum.iter_mut().zip(&row[arc * m..]).for_each(|(sum, uses)| *sum += uses);
            }
            sum
        };
        let missing = self.missing.as_ref().map_or_else(|| vec![0; m], along);
        let left = self.budgets.iter().zip(&missing).map(|(budget, used)| budget.checked_sub(*used));
        Some(Problem {
            arcs: self.bitrate_arcs,
            loss: self.bitrates.of.clone(),
            budgets: left.collect::<Option<_>>()?,
            uses: self.rows.iter().flat_map(along).collect(),
        })
    }
}

/// The atom of each file.
pub(super) fn by_file(axis: &Axis, places: &Places) -> Vec<u32> {
    let atoms = places.atoms(axis);
    axis.rank().iter().map(|&rank| atoms[rank as usize]).collect()
}
