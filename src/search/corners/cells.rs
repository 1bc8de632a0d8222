//! The joint buckets of one candidate, each with its class and what it would lose.

use std::collections::HashMap;

use crate::anonymity::{Distortion, Thresholds, ncp};
use crate::catalogue::{Catalogue, SideField};
use crate::classes::{Axis, Cells, Class, Generalization, KindShare, Rows, Visit};
use crate::policy::Limits;
use crate::rounding::{Bucket, Partition, Rounding};

use super::super::breach::thresholds;

/// The most joint buckets that there may be.
const MOST_POSSIBLE: u64 = 1 << 22;

/// A joint bucket that holds files.
#[derive(Clone, Debug)]
pub struct Cell {
    pub class: Class,
    pub kinds: Vec<KindShare>,
    /// Its combination of side fields, its duration bucket and its bit-rate bucket.
    pub at: [usize; 3],
    /// What the total loss rises by if it leaves as `other`.
    pub cost: f64,
}

/// The non-empty joint buckets of a candidate, and where they lie.
pub struct Joint<'g> {
    pub generalization: &'g Generalization,
    pub cells: Vec<Cell>,
    /// Values of each side field by index, [`Category::index`](crate::catalogue::Category::index), of every combination
    /// that occurs.
    pub combinations: Vec<Vec<usize>>,
    /// The smallest value of each bucket that holds any, rising.
    pub durations: Vec<u64>,
    /// Likewise; a missing value has the bucket after the last.
    pub bitrates: Vec<u64>,
    /// Whether a bit rate is missing in some file, and its bucket not that of every other.
    pub missing: bool,
    /// For each file the place of its joint bucket in `cells`.
    pub cell_of: Vec<u32>,
}

impl Joint<'_> {
    /// How many bit-rate buckets there are, the one of missing values among them.
    pub fn rates(&self) -> usize {
        self.bitrates.len() + usize::from(self.missing)
    }

    /// The place of a joint bucket among all possible ones.
    pub fn place(&self, [combination, duration, bitrate]: [usize; 3]) -> usize {
        (combination * self.durations.len() + duration) * self.rates() + bitrate
    }
}

impl<'g> Joint<'g> {
    /// Those of a candidate whose rows these are. `None` where there may be too many. O(files).
    pub fn of(cells: &Cells<'_>, rows: &Rows<'_, '_>, generalization: &'g Generalization) -> Option<Self> {
        let catalogue = cells.catalogue();
        let (duration, _) = cells.duration().buckets(&generalization.duration);
        let (bitrate, rates) = cells.bitrate().buckets(&generalization.bitrate);
        let columns: Vec<_> = generalization.by.iter().filter_map(|&field| catalogue.side(field)).collect();
        let mut known: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut combinations = Vec::new();
        let mut of_file = Vec::with_capacity(catalogue.files());
        for file in 0..catalogue.files() {
            let values: Vec<usize> = columns.iter().map(|column| column.index(file)).collect();
            let next = known.len();
            of_file.push(*known.entry(values).or_insert_with_key(|values| {
                combinations.push(values.clone());
                next
            }));
        }
        let durations = firsts(cells.duration(), &duration);
        // Under drop a missing value is like any other.
        let dropped = generalization.bitrate.is_drop();
        let bitrates = if dropped { vec![0] } else { firsts(cells.bitrate(), &bitrate) };
        let missing = rates as usize > bitrates.len();
        let possible = (combinations.len() * durations.len()) as u64 * u64::from(rates);
        if possible > MOST_POSSIBLE {
            return None;
        }
        let mut joint = Joint {
            generalization,
            cells: Vec::new(),
            combinations,
            durations,
            bitrates,
            missing,
            cell_of: Vec::new(),
        };
        let at = |file: usize| {
            let d = duration[cells.duration().rank()[file] as usize] as usize;
            let b = bitrate[cells.bitrate().rank()[file] as usize] as usize;
            [of_file[file], d, b]
        };
        let costs = Costs::of(cells, generalization);
        let mut collect =
            Collect { at: &at, costs: &costs, kinds: catalogue.kind().levels(), file: 0, cells: Vec::new() };
        rows.visit(&generalization.bitrate, &mut collect);
        joint.cells = collect.cells;
        let mut places = vec![0u32; possible as usize];
        for (number, cell) in joint.cells.iter().enumerate() {
            places[joint.place(cell.at)] = number as u32;
        }
        joint.cell_of = (0..catalogue.files()).map(|file| places[joint.place(at(file))]).collect();
        Some(joint)
    }
}

/// The smallest value of each bucket, by its number.
fn firsts(axis: &Axis, numbers: &[u32]) -> Vec<u64> {
    let mut firsts: Vec<u64> = Vec::new();
    for (&value, &number) in axis.values().iter().zip(numbers) {
        if firsts.len() == number as usize {
            firsts.push(u64::from(value));
        }
    }
    firsts
}

struct Collect<'c, A> {
    at: &'c A,
    costs: &'c Costs<'c>,
    kinds: usize,
    file: u32,
    cells: Vec<Cell>,
}

impl<A: Fn(usize) -> [usize; 3]> Visit for Collect<'_, A> {
    fn class(&mut self, class: &Class, kinds: &[KindShare]) {
        let file = self.file as usize;
        let cost = f64::from(class.files) * self.costs.of_file(file);
        self.cells.push(Cell { class: *class, kinds: kinds.to_vec(), at: (self.at)(file), cost });
    }

    fn single(&mut self, weight: u64, kind: usize) {
        let mut kinds = vec![KindShare::default(); self.kinds];
        kinds[kind] = KindShare { files: 1, best_titles: 1 };
        self.class(&Class::of_one(weight), &kinds);
    }

    fn at(&mut self, file: u32) {
        self.file = file;
    }
}

/// What one file adds to the total loss by leaving as `other`.
struct Costs<'c> {
    duration: Vec<f64>,
    bitrate: Vec<f64>,
    duration_rank: &'c [u32],
    bitrate_rank: &'c [u32],
    side: f64,
}

impl<'c> Costs<'c> {
    fn of(cells: &'c Cells<'_>, generalization: &Generalization) -> Self {
        let catalogue = cells.catalogue();
        let all: f64 = Distortion::weights(catalogue).map(|(_, weight)| weight).sum();
        let weight = |wanted: &str| {
            let found = Distortion::weights(catalogue).find(|(name, _)| *name == wanted);
            found.map_or(0.0, |(_, weight)| weight) / all
        };
        let kept = |field: &SideField| weight(field.name());
        let rates: u64 = cells.bitrate().counts().iter().map(|&count| u64::from(count)).sum();
        let files = catalogue.files() as f64;
        Self {
            duration: kept_of(cells.duration(), &generalization.duration, weight("duration") / files),
            bitrate: kept_of(
                cells.bitrate(),
                &generalization.bitrate,
                weight("bitrate") / (rates as f64).max(1.0),
            ),
            duration_rank: cells.duration().rank(),
            bitrate_rank: cells.bitrate().rank(),
            side: generalization.by.iter().map(kept).sum::<f64>() / files,
        }
    }

    fn of_file(&self, file: usize) -> f64 {
        let duration = self.duration[self.duration_rank[file] as usize];
        self.side + duration + self.bitrate[self.bitrate_rank[file] as usize]
    }
}

/// For each rank what a file still keeps of the number, times the weight; nothing for a missing value.
fn kept_of(axis: &Axis, rounding: &Rounding, weight: f64) -> Vec<f64> {
    let mut kept = Vec::with_capacity(axis.values().len() + 1);
    let mut held = None;
    for &value in axis.values() {
        let value = u64::from(value);
        let (bucket, share) = match held {
            Some((bucket, share)) if Bucket::contains(bucket, value) => (bucket, share),
            _ => {
                let bucket = rounding.bucket(value);
                (bucket, weight * (1.0 - ncp(bucket, rounding.dimension())))
            }
        };
        held = Some((bucket, share));
        kept.push(share);
    }
    kept.push(0.0);
    kept
}

/// What any boxes for the candidate add to its loss at the least: the files, and the plays, over the exposed share must
/// leave their classes, the cheapest first, in parts where need be. The second figure is by files alone, and so holds
/// for refinements too: a class that one parts has files of one cost, but of different weights.
/// O(files + classes log classes).
pub fn least_loss(
    cells: &Cells<'_>,
    rows: &Rows<'_, '_>,
    generalization: &Generalization,
    limits: &Limits,
) -> (f64, f64) {
    if limits.get("k_titles").or(limits.get("k_series")).is_none() {
        return (0.0, 0.0);
    }
    let costs = Costs::of(cells, generalization);
    let mut exposed = Exposed { thresholds: thresholds(limits), costs: &costs, file: 0, found: Vec::new() };
    rows.visit(&generalization.bitrate, &mut exposed);
    let mut found = exposed.found;
    let share = limits.get("exposed_share").unwrap_or(0.0);
    let catalogue: &Catalogue = cells.catalogue();
    let mut least = |amount: fn(&(f64, u64, u64)) -> u64, whole: u64| {
        let sum: u64 = found.iter().map(amount).sum();
        // A hair less, as the limit is compared in floats.
        let mut need = sum as f64 - share * whole as f64 - 1e-9 * whole as f64;
        let per_unit = |cell: &(f64, u64, u64)| cell.0 * cell.1 as f64 / amount(cell) as f64;
        found.sort_by(|a, b| per_unit(a).total_cmp(&per_unit(b)));
        let mut lost = 0.0;
        for cell in found.iter().filter(|cell| amount(cell) > 0) {
            if need <= 0.0 {
                break;
            }
            let part = (need / amount(cell) as f64).min(1.0);
            lost += cell.0 * cell.1 as f64 * part;
            need -= amount(cell) as f64;
        }
        lost
    };
    let by_files = least(|cell| cell.1, catalogue.files() as u64);
    let by_plays = least(|cell| cell.2, catalogue.top_title().all_weight);
    (by_files.max(by_plays), by_files)
}

/// Of each exposed class what a file of it costs, its files and its weight.
struct Exposed<'c> {
    thresholds: Thresholds,
    costs: &'c Costs<'c>,
    file: u32,
    found: Vec<(f64, u64, u64)>,
}

impl Visit for Exposed<'_> {
    const KINDS: bool = false;

    fn class(&mut self, class: &Class, _: &[KindShare]) {
        if class.titles < self.thresholds.k_titles || class.series < self.thresholds.k_series {
            let cost = self.costs.of_file(self.file as usize);
            self.found.push((cost, u64::from(class.files), class.weight));
        }
    }

    fn single(&mut self, weight: u64, _: usize) {
        self.class(&Class::of_one(weight), &[]);
    }

    fn at(&mut self, file: u32) {
        self.file = file;
    }
}
