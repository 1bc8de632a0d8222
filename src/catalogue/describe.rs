//! What a catalogue looks like before any rounding, kind by kind, beside the real one of that kind.

use std::collections::HashMap;
use std::num::NonZeroU32;

use rand::seq::index::sample;
use serde::Serialize;

use super::real::Real;
use super::stream::stream;
use super::{Catalogue, CatalogueError};

/// Widths at which uniqueness is shown, in ms.
const WIDTHS: [u32; 4] = [1_000, 10_000, 60_000, 300_000];
/// Percentiles that are shown; 0 and 100 are the smallest and the largest.
pub const PERCENTILES: [usize; 9] = [0, 1, 5, 25, 50, 75, 95, 99, 100];

/// What a catalogue looks like.
#[derive(Clone, Debug, Serialize)]
pub struct Description {
    /// Files in all.
    pub files: usize,
    /// Titles in all.
    pub titles: u32,
    /// Kind by kind, in the order of their names.
    pub kinds: Vec<KindDescription>,
}

/// What the files of one kind look like.
#[derive(Clone, Debug, Serialize)]
pub struct KindDescription {
    /// The kind.
    pub kind: String,
    /// The catalogue that the figures are of: `this`, or the name of a real one.
    pub of: String,
    /// Files of the kind.
    pub files: usize,
    /// Titles of the kind.
    pub titles: u32,
    /// [`PERCENTILES`] of the duration, in ms.
    pub duration_ms: Vec<u32>,
    /// The same of the bit rate in bit/s, over the files that have one.
    pub bitrate_bps: Option<Vec<u32>>,
    /// Share of the durations that are whole multiples.
    pub heaps: Vec<HeapShare>,
    /// Files compared, which is the same number on both sides.
    pub compared: usize,
    /// Uniqueness of that many files, drawn without replacement.
    pub uniqueness: Vec<Uniqueness>,
    /// Largest gap between the distribution functions of duration of this and the real files, 0..1.
    pub distance_to_real: Option<f64>,
    /// The real files of the same kind.
    pub real: Option<Box<KindDescription>>,
}

/// Share of the durations that are whole multiples of a step.
#[derive(Clone, Debug, Serialize)]
pub struct HeapShare {
    /// The step in ms.
    pub multiple_of_ms: u32,
    /// Share of the files, 0..1.
    pub share: f64,
}

/// How unique floored durations are.
#[derive(Clone, Debug, Serialize)]
pub struct Uniqueness {
    /// The width in ms.
    pub width_ms: u32,
    /// Share of the files alone in their bucket; `None` below the precision of the data.
    pub unique_share: Option<f64>,
    /// Buckets over files: the chance to name the file right; `None` below the precision of the data.
    pub mean_risk: Option<f64>,
}

/// Describes every kind beside the real catalogues that hold it, at equal size. O(n log n).
///
/// # Errors
/// None with kinds that occur; [`CatalogueError::Empty`] otherwise.
pub fn describe(catalogue: &Catalogue, real: &[Real], seed: u64) -> Result<Description, CatalogueError> {
    let mut names = catalogue.kinds();
    names.sort_unstable();
    let mut kinds = Vec::new();
    for kind in names {
        let here = of_kind(catalogue, kind)?;
        let there = real.iter().find(|real| real.catalogue.kinds().contains(&kind));
        let there =
            there.map(|real| of_kind(&real.catalogue, kind).map(|files| (real, files))).transpose()?;
        let compared = there.as_ref().map_or(here.files(), |(_, there)| there.files().min(here.files()));
        let mut description = one(&here, kind, "this", compared, 1, seed);
        if let Some((real, files)) = &there {
            description.distance_to_real = Some(distance(&here.durations, &files.durations));
            description.real = Some(Box::new(one(files, kind, real.name, compared, real.precision_ms, seed)));
        }
        kinds.push(description);
    }
    Ok(Description { files: catalogue.files(), titles: catalogue.titles(), kinds })
}

/// The files of one kind, as far as they are shown: less than their catalogue would take.
struct Files {
    /// Rising, in ms.
    durations: Vec<u32>,
    /// Rising, in bit/s; files without one are left out.
    rates: Vec<u32>,
    titles: u32,
}

impl Files {
    fn files(&self) -> usize {
        self.durations.len()
    }
}

fn of_kind(catalogue: &Catalogue, kind: &str) -> Result<Files, CatalogueError> {
    let of_kind = |row: &usize| catalogue.kind().get(*row) == Some(kind);
    let rows = || (0..catalogue.files()).filter(of_kind);
    let mut durations: Vec<u32> = rows().map(|row| catalogue.duration_ms()[row]).collect();
    if durations.is_empty() {
        return Err(CatalogueError::Empty { from: kind.to_owned() });
    }
    durations.sort_unstable();
    let rates = catalogue.bitrate_bps().unwrap_or_default();
    let mut rates: Vec<u32> =
        rows().filter_map(|row| rates.get(row).copied().flatten()).map(NonZeroU32::get).collect();
    rates.sort_unstable();
    let mut held = vec![false; catalogue.titles() as usize];
    rows().for_each(|row| held[catalogue.title()[row] as usize] = true);
    let titles = held.into_iter().filter(|&held| held).count() as u32;
    Ok(Files { durations, rates, titles })
}

fn one(
    files: &Files,
    kind: &str,
    of: &str,
    compared: usize,
    precision_ms: u32,
    seed: u64,
) -> KindDescription {
    let Files { durations, rates, titles } = files;
    let heap = |step: u32| {
        let on = durations.iter().filter(|d| d.is_multiple_of(step)).count();
        HeapShare { multiple_of_ms: step, share: on as f64 / durations.len() as f64 }
    };
    let mut random = stream(seed, "describe", 0);
    let drawn = sample(&mut random, durations.len(), compared);
    let drawn: Vec<u32> = drawn.iter().map(|i| durations[i]).collect();
    KindDescription {
        kind: kind.to_owned(),
        of: of.to_owned(),
        files: files.files(),
        titles: *titles,
        duration_ms: percentiles(durations),
        bitrate_bps: (!rates.is_empty()).then(|| percentiles(rates)),
        heaps: [1_000, 60_000, 300_000, 600_000].map(heap).to_vec(),
        compared,
        uniqueness: WIDTHS.map(|width| uniqueness(&drawn, width, precision_ms)).to_vec(),
        distance_to_real: None,
        real: None,
    }
}

fn percentiles(sorted: &[u32]) -> Vec<u32> {
    PERCENTILES.iter().filter_map(|&percent| at_percent(sorted, percent)).collect()
}

/// Nearest rank: the smallest value with at least so many percent of all at or below it; `None` of nothing.
pub(crate) fn at_percent(sorted: &[u32], percent: usize) -> Option<u32> {
    sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1)).copied()
}

fn uniqueness(durations: &[u32], width_ms: u32, precision_ms: u32) -> Uniqueness {
    if width_ms < precision_ms {
        return Uniqueness { width_ms, unique_share: None, mean_risk: None };
    }
    let mut buckets: HashMap<u32, u32> = HashMap::new();
    durations.iter().for_each(|d| *buckets.entry(d / width_ms).or_default() += 1);
    let alone = buckets.values().filter(|&&size| size == 1).count();
    let n = durations.len() as f64;
    Uniqueness { width_ms, unique_share: Some(alone as f64 / n), mean_risk: Some(buckets.len() as f64 / n) }
}

/// The Kolmogorov-Smirnov distance of two samples, each rising: sup |F - G|.
fn distance(a: &[u32], b: &[u32]) -> f64 {
    let below = |sorted: &[u32], value| sorted.partition_point(|&x| x <= value) as f64 / sorted.len() as f64;
    a.iter().chain(b).map(|&value| (below(a, value) - below(b, value)).abs()).fold(0.0, f64::max)
}
