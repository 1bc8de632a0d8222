//! What a generalization loses: error against the representative, and normalized certainty penalty (NCP).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalogue::{Catalogue, SideField};
use crate::classes::{Axis, Cells, ClassTable, Generalization, Inside, NumberSums, Stated, TableClass};
use crate::policy::Standing;
use crate::rounding::{Bucket, Partition, Rounding};
use crate::units::Dimension;

/// The weights of the attributes in the total, by name.
pub const WEIGHTS: [(&str, f64); 6] = [
    ("duration", 1.0),
    ("bitrate", 1.0),
    ("resolution", 0.5),
    ("video_codec", 0.25),
    ("audio_codec", 0.25),
    ("container", 0.25),
];

/// The public ranges on which NCP is measured: duration 0 to 4 h, linear ...
const LONGEST_MS: u64 = 14_400_000;
/// ... and bit rate 16 kbps to 128 Mbps, on a log scale.
const RATES_BPS: (u64, u64) = (16_000, 128_000_000);

/// What is lost of one number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AxisLoss {
    /// Mean absolute error against the representative (the midpoint, of an open bucket its lower edge, unless the
    /// policy says otherwise), in base units, over the files that have a value; `None` where nothing is emitted or no file has one.
    pub mean_abs_error: Option<f64>,
    /// Mean squared error, likewise, in base units squared.
    pub mean_squared_error: Option<f64>,
    /// Mean NCP, 0 (kept) to 1 (dropped, or in an open bucket).
    pub ncp: f64,
}

impl AxisLoss {
    /// Of what is not emitted.
    pub const DROPPED: Self = Self { mean_abs_error: None, mean_squared_error: None, ncp: 1.0 };

    /// The same where of all the files with a value only some emit it: those in a box lose it.
    fn with_lost(self, emitting: f64, all: f64) -> Self {
        let ncp = if all > 0.0 { (self.ncp * emitting + (all - emitting)) / all } else { self.ncp };
        Self { ncp, ..self }
    }
}

/// What a generalization loses.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Distortion {
    /// The weighted mean of the NCP of every attribute that the catalogue has, 0..1; a side field counts 0
    /// where it is kept, 1 where it is dropped, and [`Catalogue::side_loss`] where it is told more coarsely.
    pub total: f64,
    /// Of the duration.
    #[serde(serialize_with = "in_ms")]
    pub duration: AxisLoss,
    /// Of the bit rate.
    #[serde(serialize_with = "in_bps")]
    pub bitrate: AxisLoss,
    /// Share of the files that leave as `other` and so lose every attribute: NCP 1 for each, and no representative,
    /// so that the mean errors are over the files that emit one. 0 without boxes.
    #[serde(rename = "other_share", skip_serializing_if = "is_none")]
    pub other: f64,
}

fn is_none(share: &f64) -> bool {
    *share == 0.0
}

fn in_ms<S: serde::Serializer>(loss: &AxisLoss, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Shape {
        mean_abs_error_ms: Option<f64>,
        mean_squared_error_ms2: Option<f64>,
        ncp: f64,
    }
    let (mean_abs_error_ms, mean_squared_error_ms2) = (loss.mean_abs_error, loss.mean_squared_error);
    Shape { mean_abs_error_ms, mean_squared_error_ms2, ncp: loss.ncp }.serialize(serializer)
}

fn in_bps<S: serde::Serializer>(loss: &AxisLoss, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Shape {
        mean_abs_error_bps: Option<f64>,
        mean_squared_error_bps2: Option<f64>,
        ncp: f64,
    }
    let (mean_abs_error_bps, mean_squared_error_bps2) = (loss.mean_abs_error, loss.mean_squared_error);
    Shape { mean_abs_error_bps, mean_squared_error_bps2, ncp: loss.ncp }.serialize(serializer)
}

impl Distortion {
    /// Of a generalization on a catalogue, against midpoints. O(distinct values), or O(files) with boxes.
    pub fn of(cells: &Cells<'_>, generalization: &Generalization) -> Self {
        Self::against(cells, generalization, [Standing::Midpoint; 2])
    }

    /// The same against what stands for a bucket of the duration and of the bit rate. The errors depend on it; NCP,
    /// and so the total, doesn't.
    pub fn against(cells: &Cells<'_>, generalization: &Generalization, standing: [Standing; 2]) -> Self {
        let Generalization { duration, bitrate, by, other } = generalization;
        let axis_loss = |axis: &Axis, partition: &Rounding, dimension: Dimension| {
            let of = standing[usize::from(dimension == Dimension::Bitrate)];
            axis_loss_against(axis, partition, dimension, of)
        };
        if other.is_empty() {
            let duration = axis_loss(cells.duration(), duration, Dimension::Duration);
            let bitrate = axis_loss(cells.bitrate(), bitrate, Dimension::Bitrate);
            return Self::join(cells.catalogue(), duration, bitrate, by);
        }
        let catalogue = cells.catalogue();
        let inside = Inside::of(other, catalogue);
        let gone: Vec<usize> = (0..catalogue.files()).filter(|&file| inside.holds(file)).collect();
        let left = |axis: &Axis, partition: &Rounding, dimension| {
            let emitting = axis.without(&gone);
            let loss = axis_loss(&emitting, partition, dimension);
            let files = |axis: &Axis| axis.moments(0..axis.values().len()).files as f64;
            loss.with_lost(files(&emitting), files(axis))
        };
        let duration = left(cells.duration(), duration, Dimension::Duration);
        let bitrate = left(cells.bitrate(), bitrate, Dimension::Bitrate);
        let lost = gone.len() as f64 / catalogue.files() as f64;
        let side = |field| match by.contains(&field) {
            true => lost + (1.0 - lost) * catalogue.side_loss(field),
            false => 1.0,
        };
        Self { other: lost, ..Self::join_with(catalogue, duration, bitrate, &side) }
    }

    /// Of the classes of a table: what [`Distortion::of`] says of their catalogue. O(classes log classes).
    pub fn of_table(table: &ClassTable) -> Self {
        let Stated { duration, bitrate, by, has, .. } = &table.told;
        let of =
            |rounding: &str, dimension, numbers: &dyn Fn(&TableClass) -> Option<NumberSums>| match rounding {
                "drop" => AxisLoss::DROPPED,
                _ => table_loss(table, dimension, numbers),
            };
        let duration = of(duration, Dimension::Duration, &|class| class.duration);
        let bitrate = of(bitrate, Dimension::Bitrate, &|class| class.bitrate);
        let gone: u64 =
            table.classes.iter().filter(|class| class.other).map(|class| u64::from(class.class.files)).sum();
        let lost = gone as f64 / table.files() as f64;
        let side = |field: SideField| match by.iter().any(|name| name == field.name()) {
            true => lost + (1.0 - lost) * table.side_loss.get(&field).copied().unwrap_or(0.0),
            false => 1.0,
        };
        let weights = WEIGHTS.into_iter().filter(|(name, _)| has.iter().any(|has| has == name));
        Self { other: lost, ..Self::join_over(weights, duration, bitrate, &side) }
    }

    /// The total of losses that are known already: it is separable, so a sweep computes each loss once.
    pub fn join(catalogue: &Catalogue, duration: AxisLoss, bitrate: AxisLoss, by: &[SideField]) -> Self {
        let side = |field| if by.contains(&field) { catalogue.side_loss(field) } else { 1.0 };
        Self::join_with(catalogue, duration, bitrate, &side)
    }

    /// The same where the loss of each side field is known, 0 kept as it is to 1 dropped.
    pub fn join_with(
        catalogue: &Catalogue,
        duration: AxisLoss,
        bitrate: AxisLoss,
        side: &dyn Fn(SideField) -> f64,
    ) -> Self {
        Self::join_over(Self::weights(catalogue), duration, bitrate, side)
    }

    fn join_over(
        weights: impl Iterator<Item = (&'static str, f64)>,
        duration: AxisLoss,
        bitrate: AxisLoss,
        side: &dyn Fn(SideField) -> f64,
    ) -> Self {
        let (mut lost, mut all) = (0.0, 0.0);
        for (name, weight) in weights {
            let ncp = match name {
                "duration" => duration.ncp,
                "bitrate" => bitrate.ncp,
                name => name.parse().map_or(1.0, side),
            };
            lost += weight * ncp;
            all += weight;
        }
        Self { total: lost / all, duration, bitrate, other: 0.0 }
    }

    /// The attributes that the catalogue has, with their weights.
    pub fn weights(catalogue: &Catalogue) -> impl Iterator<Item = (&'static str, f64)> + '_ {
        WEIGHTS.into_iter().filter(|(name, _)| Self::has(catalogue, name))
    }

    fn has(catalogue: &Catalogue, name: &str) -> bool {
        match name {
            "duration" => true,
            "bitrate" => catalogue.bitrate_bps().is_some(),
            side => side.parse().is_ok_and(|field| catalogue.side(field).is_some()),
        }
    }
}

/// The loss of one number under one partition, against midpoints. Errors are summed in whole numbers, exactly.
/// O(buckets log values), and never more than O(values).
pub fn axis_loss(axis: &Axis, partition: &dyn Partition, dimension: Dimension) -> AxisLoss {
    axis_loss_against(axis, partition, dimension, Standing::Midpoint)
}

/// The same against what stands for a bucket.
fn axis_loss_against(
    axis: &Axis,
    partition: &dyn Partition,
    dimension: Dimension,
    standing: Standing,
) -> AxisLoss {
    let values = axis.values();
    let mut sums = LossSums::new(dimension, standing);
    let ends = axis.cuts(partition).into_iter().map(|rank| rank as usize).filter(|&rank| rank < values.len());
    let mut from = 0;
    for to in ends.chain([values.len()]) {
        let Some(&first) = values.get(from) else { break };
        let bucket = partition.bucket(u64::from(first));
        let stands = standing.of(bucket);
        let below = from + values[from..to].partition_point(|&value| u64::from(value) < stands);
        let (low, high) = (axis.moments(from..below), axis.moments(below..to));
        let m = u128::from(stands);
        sums.add(&NumberSums {
            bucket: Some(bucket),
            files: low.files + high.files,
            sum: low.sum + high.sum,
            squares: low.squares + high.squares,
            error: m * u128::from(low.files) - low.sum + (high.sum - m * u128::from(high.files)),
        });
        from = to;
    }
    sums.loss(partition.bucket(0).to.is_none())
}

/// The same of a number that leaves, from the classes of a table.
fn table_loss(
    table: &ClassTable,
    dimension: Dimension,
    numbers: &dyn Fn(&TableClass) -> Option<NumberSums>,
) -> AxisLoss {
    // In the order of the buckets, so that the order of the rows doesn't matter.
    let mut by_bucket: BTreeMap<Bucket, NumberSums> = BTreeMap::new();
    let (mut all, mut emitting) = (0, 0);
    for of_class in table.classes.iter().filter_map(numbers) {
        all += of_class.files;
        let Some(bucket) = of_class.bucket else { continue };
        emitting += of_class.files;
        let sums =
            by_bucket.entry(bucket).or_insert(NumberSums { bucket: Some(bucket), ..NumberSums::default() });
        sums.files += of_class.files;
        sums.sum += of_class.sum;
        sums.squares += of_class.squares;
        sums.error += of_class.error;
    }
    let mut sums = LossSums::new(dimension, Standing::Midpoint);
    by_bucket.values().for_each(|bucket| sums.add(bucket));
    let loss = sums.loss(false);
    if table.told.other == 0 { loss } else { loss.with_lost(emitting as f64, all as f64) }
}

/// Representatives below this have exact squared errors: 2^47 squared, times 2^32 files, fits 128 bits.
const EXACT: u128 = 1 << 47;

/// The loss of a number, bucket by bucket from the lowest.
struct LossSums {
    dimension: Dimension,
    standing: Standing,
    error: u128,
    squares: u128,
    /// Squared errors that are too large to be exact.
    far: f64,
    penalty: f64,
    files: u64,
}

impl LossSums {
    fn new(dimension: Dimension, standing: Standing) -> Self {
        Self { dimension, standing, error: 0, squares: 0, far: 0.0, penalty: 0.0, files: 0 }
    }

    fn add(&mut self, of: &NumberSums) {
        let Some(bucket) = of.bucket else { return };
        let (m, files) = (u128::from(self.standing.of(bucket)), of.files);
        self.error += of.error;
        if m < EXACT {
            self.squares += of.squares + m * m * u128::from(files) - 2 * m * of.sum;
        } else {
            // So far above every value that they are all equally far from it.
            self.far += (m as f64) * (m as f64) * files as f64;
        }
        self.penalty += ncp(bucket, self.dimension) * files as f64;
        self.files += files;
    }

    /// `all`: whether one bucket holds the line, so that nothing is emitted.
    fn loss(&self, all: bool) -> AxisLoss {
        if self.files == 0 {
            return AxisLoss {
                mean_abs_error: None,
                mean_squared_error: None,
                ncp: f64::from(u8::from(all)),
            };
        }
        let mean = |sum: f64| (!all).then(|| sum / self.files as f64);
        AxisLoss {
            mean_abs_error: mean(self.error as f64),
            mean_squared_error: mean(self.squares as f64 + self.far),
            ncp: self.penalty / self.files as f64,
        }
    }
}

/// The share of the public range that a bucket covers: 0 for a single value, 1 for an open bucket. A bucket inside
/// another never covers more.
pub fn ncp(bucket: Bucket, dimension: Dimension) -> f64 {
    let Some(to) = bucket.to else { return 1.0 };
    if to - bucket.from == 1 {
        return 0.0;
    }
    (public_scale(to, dimension) - public_scale(bucket.from, dimension)) / public_span(dimension)
}

/// Where a value lies on the public scale of its dimension: milliseconds up to 4 h for a duration (and for a plain
/// number), binary logarithm between 16 kbps and 128 Mbps for a bit rate. Values outside are drawn to the nearer end.
pub fn public_scale(value: u64, dimension: Dimension) -> f64 {
    match dimension {
        Dimension::Bitrate => libm::log2(value.clamp(RATES_BPS.0, RATES_BPS.1) as f64),
        Dimension::Duration | Dimension::Integer => value.min(LONGEST_MS) as f64,
    }
}

/// The length of the public range on that scale; an NCP is a share of it.
pub fn public_span(dimension: Dimension) -> f64 {
    public_scale(u64::MAX, dimension) - public_scale(0, dimension)
}
