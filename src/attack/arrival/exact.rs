//! The Bayes attacker's success as a closed form over classes, where there is one.

use rayon::prelude::*;

use super::Sending;
use super::kernel::Kernel;
use crate::attack::{Prior, Target};
use crate::catalogue::Catalogue;
use crate::classes::Classes;

/// Pairs of a file and something that is seen of it, at most, where all of them are listed; or so many of each file.
const MOST_PAIRS: u64 = 1_000_000;
const MOST_OF_ONE: u64 = 4;

/// How often the Bayes attacker names the target who sees the class and when two reports of a completed play arrive,
/// under the uniform prior and under popularity.
///
/// - Where the files of each target in a class are of one length (as a file is), it is the likeliest of its class for
///   one range of times, as masses are log-concave: O(files log files log lag), without batches.
/// - Where few things can be seen (batches, no lag, a small catalogue) they are listed: O(pairs log pairs), pairs being
///   files x (1 + 2 lags / batch).
/// - `None` otherwise: what several files have together may be likeliest in many ranges.
///
/// # Laws
/// - Without any lag it is A1 on what is released joined with the duration as it is.
/// - Never less than A1 on what is released, and by r / (longest lag + 1) more at most, r being the longest range of
///   durations in a class: lags without end leave A1.
/// - Nested coarsening never raises it. Nor does a delay on top of jitter, without batches a delay of a whole multiple of
///   (delay + 1) ms, or a batch that is a whole multiple. Among other lags the longer one may tell more, and so may a
///   delay before a batch.
///
/// ```
/// use coarsen::attack::Target;
/// use coarsen::attack::arrival::{Sending, success};
/// use coarsen::catalogue::{Catalogue, Columns, SideField};
/// use coarsen::classes::{Cells, Classes, Generalization};
/// let catalogue = Catalogue::new(Columns {
///     title: vec![0, 1],
///     duration_ms: vec![60_000, 90_000],
///     side: [(SideField::Kind, ["clip"; 2].map(Some).into_iter().collect())].into(),
///     ..Columns::default()
/// })?;
/// let cells = Cells::new(&catalogue);
/// // Nothing is released, and the gap of 30 s shows through 1 s of jitter.
/// let classes = Classes::group(&cells, Generalization::drop().key());
/// let at_once = success(&classes, Target::Title, Sending::new(1_000, 0, 0).unwrap()).unwrap();
/// assert!(at_once.iter().all(|right| (right - 1.0).abs() < 1e-12));
/// // Through batches of 1 h it hardly does: 1 min crosses a full hour once in 60, 90 s once in 40.
/// let batches = success(&classes, Target::Title, Sending::new(1_000, 0, 3_600_000).unwrap()).unwrap();
/// assert!((batches[0] - (0.5 + (1.0 / 40.0 - 1.0 / 60.0) / 2.0)).abs() < 1e-12);
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
pub fn success(classes: &Classes<'_>, target: Target, sending: Sending) -> Option<[f64; 2]> {
    let kernel = Kernel::new(sending);
    let catalogue = classes.catalogue();
    let by_range = if kernel.step() == 1 { ranges(classes, target, &kernel) } else { None };
    by_range.or_else(|| few(catalogue.files() as u64, &kernel).then(|| listed(classes, target, &kernel))?)
}

/// Whether what can be seen of so many files is few enough to be listed.
pub(in crate::attack) fn few(files: u64, kernel: &Kernel) -> bool {
    let of_one = (2 * kernel.reach() / kernel.step() + 1) as u64;
    of_one <= MOST_OF_ONE || of_one.saturating_mul(files) <= MOST_PAIRS
}

/// Sums over classes in their order, as shares of all weight.
fn shares(classes: &Classes<'_>, of_class: impl Fn(&[u32]) -> Option<[f64; 2]> + Sync) -> Option<[f64; 2]> {
    let catalogue = classes.catalogue();
    let all: Vec<&[u32]> = classes.iter().collect();
    let hits: Option<Vec<[f64; 2]>> = all.par_iter().map(|files| of_class(files)).collect();
    let hits = hits?;
    Some([0, 1].map(|prior| {
        let sum: f64 = hits.iter().map(|hits| hits[prior]).sum();
        let whole = [catalogue.files() as u64, catalogue.top_title().all_weight][prior];
        sum / whole as f64
    }))
}

/// Weights of a file under both priors.
fn weights(catalogue: &Catalogue, file: u32) -> [f64; 2] {
    Prior::ALL.map(|prior| prior.weight(catalogue, file as usize) as f64)
}

/// A file, or several of one target, length and value.
#[derive(Clone, Copy)]
pub(in crate::attack) struct Weighed {
    pub name: u32,
    pub length: i64,
    /// What a channel draws from, where one does: a function of the length wherever [`by_length`] is asked.
    pub value: u64,
    /// Under both priors.
    pub weights: [f64; 2],
}

impl Weighed {
    pub fn of(catalogue: &Catalogue, names: &[u32], value: u64, file: u32) -> Self {
        let length = i64::from(catalogue.duration_ms()[file as usize]);
        Self { name: names[file as usize], length, value, weights: weights(catalogue, file) }
    }
}

/// One thing that may be seen of one file: its place, the target, and its probability times each weight.
type Pair = (i64, u32, [f64; 2]);

fn listed(classes: &Classes<'_>, target: Target, kernel: &Kernel) -> Option<[f64; 2]> {
    let catalogue = classes.catalogue();
    let names = target.names(catalogue);
    shares(classes, |files| {
        Some(list(files.iter().map(|&file| Weighed::of(catalogue, &names, 0, file)), kernel))
    })
}

/// What the likeliest of each time hold together, time by time. O(pairs log pairs).
pub(in crate::attack) fn list(files: impl Iterator<Item = Weighed>, kernel: &Kernel) -> [f64; 2] {
    let (reach, step) = (kernel.reach(), kernel.step());
    let mut pairs: Vec<Pair> = Vec::new();
    for Weighed { name, length, weights, .. } in files {
        let from = (length - reach + step - 1).div_euclid(step);
        for place in from..=(length + reach).div_euclid(step) {
            let mass = kernel.mass(place * step - length);
            pairs.push((place, name, weights.map(|weight| weight * mass)));
        }
    }
    pairs.sort_by_key(|&(place, name, _)| (place, name));
    let mut hits = [0.0; 2];
    for seen in pairs.chunk_by(|a, b| a.0 == b.0) {
        let mut best = [0.0f64; 2];
        for same in seen.chunk_by(|a, b| a.1 == b.1) {
            for (prior, best) in best.iter_mut().enumerate() {
                *best = best.max(same.iter().map(|pair| pair.2[prior]).sum());
            }
        }
        hits.iter_mut().zip(best).for_each(|(hits, best)| *hits += best);
    }
    hits
}

/// `None` where a target has files of several lengths in one class.
fn ranges(classes: &Classes<'_>, target: Target, kernel: &Kernel) -> Option<[f64; 2]> {
    let catalogue = classes.catalogue();
    let names = target.names(catalogue);
    shares(classes, |files| {
        let lengths = by_length(files.iter().map(|&file| Weighed::of(catalogue, &names, 0, file)).collect())?;
        Some([0, 1].map(|prior| won(lengths.iter().map(|of| (of.length, of.weights[prior])), kernel)))
    })
}

/// The heaviest target of each length under each prior, by rising length; `None` where a target has several lengths.
/// O(files log files).
pub(in crate::attack) fn by_length(mut named: Vec<Weighed>) -> Option<Vec<Weighed>> {
    named.sort_by_key(|of| (of.name, of.length));
    let mut lengths: Vec<Weighed> = Vec::with_capacity(named.len());
    for same in named.chunk_by(|a, b| a.name == b.name) {
        if same[0].length != same[same.len() - 1].length {
            return None;
        }
        let weights = [0, 1].map(|prior| same.iter().map(|of| of.weights[prior]).sum());
        lengths.push(Weighed { weights, ..same[0] });
    }
    lengths.sort_by_key(|of| of.length);
    let heaviest = |same: &[Weighed]| Weighed {
        weights: [0, 1].map(|prior| same.iter().map(|of| of.weights[prior]).fold(0.0, f64::max)),
        ..same[0]
    };
    Some(lengths.chunk_by(|a, b| a.length == b.length).map(heaviest).collect())
}

/// A file that is the likeliest from some time on.
struct Owner {
    length: i64,
    weight: f64,
    from: i64,
}

/// What the likeliest gain together: an envelope of curves of which any two cross once, from the shortest file on.
pub(in crate::attack) fn won(lengths: impl Iterator<Item = (i64, f64)>, kernel: &Kernel) -> f64 {
    let mut owners: Vec<Owner> = Vec::new();
    for (length, weight) in lengths.filter(|&(_, weight)| weight > 0.0) {
        let mut from = i64::MIN;
        while let Some(last) = owners.last() {
            from = overtakes(last, length, weight, kernel);
            if from > last.from {
                break;
            }
            owners.pop();
            from = i64::MIN;
        }
        owners.push(Owner { length, weight, from });
    }
    let ends = owners.iter().skip(1).map(|owner| owner.from - 1).chain([i64::MAX]);
    let won = |(owner, end): (&Owner, i64)| {
        let up_to = |time: i64| kernel.up_to(time.saturating_sub(owner.length));
        let before = if owner.from == i64::MIN { 0.0 } else { up_to(owner.from - 1) };
        owner.weight * (up_to(end) - before)
    };
    owners.iter().zip(ends).map(won).sum()
}

/// The first time at which a longer file is likelier than the one before it. It is one at the latest where it can
/// just be seen, since the other no longer can.
fn overtakes(last: &Owner, length: i64, weight: f64, kernel: &Kernel) -> i64 {
    let (mut low, mut high) = (length - kernel.reach(), length + kernel.reach());
    while low < high {
        let time = low + (high - low) / 2;
        if weight * kernel.mass(time - length) > last.weight * kernel.mass(time - last.length) {
            high = time;
        } else {
            low = time + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Columns, SideField};
    use crate::classes::{Cells, Generalization};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        /// The target that owns a range of times against every time and every file.
        #[test]
        fn ranges_are_what_is_listed(
            files in prop::collection::vec((0u32..12, 1u32..400, 0u8..9), 1..30),
            jitter_ms in 0u64..60, delay_ms in 0u64..300,
        ) {
            // Of each title the length of its first file, so that titles have one.
            let first = |title: u32| files.iter().find(|file| file.0 == title).expect("a file").1;
            let kinds = files.iter().map(|file| Some(["a", "b"][file.0 as usize % 2]));
            let catalogue = Catalogue::new(Columns {
                title: files.iter().map(|file| file.0).collect(),
                duration_ms: files.iter().map(|file| first(file.0)).collect(),
                popularity: Some(files.iter().map(|file| f64::from(file.2)).collect()),
                side: [(SideField::Kind, kinds.collect())].into(),
                ..Columns::default()
            }).expect("a legal catalogue");
            let cells = Cells::new(&catalogue);
            let by_kind = Generalization { by: vec![SideField::Kind], ..Generalization::drop() };
            let kernel = Kernel::new(Sending::new(jitter_ms, delay_ms, 0).expect("short"));
            for generalization in [Generalization::drop(), by_kind] {
                let classes = Classes::group(&cells, generalization.key());
                for target in [Target::File, Target::Title] {
                    let listed = listed(&classes, target, &kernel).expect("always");
                    let ranges = ranges(&classes, target, &kernel).expect("one length");
                    for (listed, ranges) in listed.into_iter().zip(ranges) {
                        prop_assert!((listed - ranges).abs() < 1e-11, "{target:?}: {listed} {ranges}");
                    }
                }
            }
        }
    }
}
