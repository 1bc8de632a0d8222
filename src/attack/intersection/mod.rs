//! A7, the intersection: several fields of one play that bound one another.
//!
//! A file of `d` ms at `b` bit/s has `floor(d b / 8000)` bytes, and so many leave as a play of all of it is sent. Whoever
//! sees that number, exact or rounded, beside the rounded duration and bit rate keeps the candidates that fit all three;
//! an exact size alone defeats any rounding of the other two. Two attackers do so: one whose catalogue holds the very
//! file, with its size, and one who has another encode, so that for him the duration alone is the title's: a size in
//! `[s, s')` and a bit rate in `[r, r')` leave the durations from `8000 s / (r' - 1)` up to `8000 s' / r`, in exact
//! integers. Of a play that ends early the bytes that were sent tell as much of the bit rate ([`sent`]). Two versions of one
//! policy intersect too: `coarsen policy diff` judges that.

mod sent;

use std::num::NonZeroU32;

use rayon::prelude::*;
use serde::Serialize;

pub use sent::{PLAYED, Sent, sent};

use crate::catalogue::Catalogue;
use crate::classes::{Classes, Inside, Key};
use crate::rounding::{Bucket, Partition, Rounding};

/// Bits in a byte times milliseconds in a second.
const UNIT: u128 = 8_000;

/// How many files and titles are left to one who looks for a file, each file equally likely.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Candidates {
    /// Mean number of files that fit what is seen.
    pub mean_files: f64,
    /// Share of the files that nothing else fits.
    pub one_file: f64,
    /// Share of the files that nothing but their title fits.
    pub one_title: f64,
}

/// What is left when certain fields are seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Left {
    /// To one whose catalogue holds the very file, with all its fields.
    pub all: Candidates,
    /// To one who matches the duration alone, within what the other numbers leave of it.
    pub duration: Candidates,
    /// To one who matches the bit rate alone, likewise.
    pub bitrate: Candidates,
}

/// What is left when the size is seen as well.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WithSize {
    /// How the size in bytes is rounded.
    pub size: String,
    /// What is left.
    #[serde(flatten)]
    pub left: Left,
    /// Mean files that fit all, over those without the size: 1 where it adds nothing.
    pub shrinkage: f64,
}

/// What the size gives away beside what leaves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Intersection {
    /// Files whose size is known; of the others the missing size is seen.
    pub sized_files: u64,
    /// Without the size.
    pub before: Left,
    /// With the size, rounding by rounding.
    pub with: Vec<WithSize>,
}

/// The bytes of a file of that duration in ms and bit rate in bit/s: `floor(d b / 8000)`.
///
/// ```
/// // Ninety minutes at 5 Mbps.
/// assert_eq!(coarsen::attack::intersection::bytes(5_400_000, 5_000_000), 3_375_000_000);
/// ```
pub const fn bytes(duration_ms: u32, bitrate_bps: u32) -> u64 {
    // A product of two numbers under 2^32.
    duration_ms as u64 * bitrate_bps as u64 / UNIT as u64
}

/// The values of one factor that a size in `size` and the other factor in `other` leave: the least and the most, `None`
/// where there is no most. Nothing at all where the least is above the most.
///
/// ```
/// use coarsen::attack::intersection::factor;
/// use coarsen::rounding::Bucket;
/// // From 3 to 4 GB, at 4 to 5 Mbps.
/// let size = Bucket { from: 3_000_000_000, to: Some(4_000_000_000) };
/// let rate = Bucket { from: 4_000_000, to: Some(5_000_000) };
/// assert_eq!(factor(size, rate), (4_800_001, Some(7_999_999)));
/// // At any rate from 4 Mbps, and at any at all.
/// assert_eq!(factor(size, Bucket { to: None, ..rate }), (0, Some(7_999_999)));
/// assert_eq!(factor(size, Bucket::ALL), (0, None));
/// ```
pub fn factor(size: Bucket, other: Bucket) -> (u128, Option<u128>) {
    // floor(x y / 8000) >= s exactly if x y >= 8000 s, and floor(x y / 8000) < s' exactly if x y < 8000 s'.
    let least = match other.to {
        Some(to) if to > 1 => (UNIT * u128::from(size.from)).div_ceil(u128::from(to - 1)),
        // Of 0 come no bytes, whatever the factor.
        Some(_) if size.from > 0 => u128::MAX,
        _ => 0,
    };
    let most = size.to.filter(|_| other.from > 0);
    (least, most.map(|to| (UNIT * u128::from(to) - 1) / u128::from(other.from)))
}

/// Counts what is left without the size and with each of its roundings; `None` where no file has a bit rate, and so none
/// a size. `classes` are those of the key on the same files. A file in a box of the key leaves as the one symbol, so
/// nobody sees its size. O(roundings x files log files).
pub fn intersection(classes: &Classes<'_>, key: Key<'_>, sizes: &[Rounding]) -> Option<Intersection> {
    let seen = Seen::new(classes, key)?;
    let before = seen.left(None);
    let with = sizes.iter().map(|rounding| {
        let left = seen.left(Some(rounding));
        let shrinkage = left.all.mean_files / before.all.mean_files;
        WithSize { size: rounding.to_string(), left, shrinkage }
    });
    let with = with.collect();
    Some(Intersection { sized_files: seen.size.iter().flatten().count() as u64, before, with })
}

/// What is seen of each file.
struct Seen<'a> {
    catalogue: &'a Catalogue,
    key: Key<'a>,
    class: Vec<u32>,
    /// The files in boxes.
    boxed: Vec<bool>,
    size: Vec<Option<u64>>,
    durations: Line,
    rates: Line,
}

impl<'a> Seen<'a> {
    fn new(classes: &Classes<'a>, key: Key<'a>) -> Option<Self> {
        let catalogue = classes.catalogue();
        let rates = catalogue.bitrate_bps()?;
        let inside = Inside::of(key.other, catalogue);
        let boxed: Vec<bool> = (0..catalogue.files()).map(|file| inside.holds(file)).collect();
        let size_of =
            |(&duration, rate): (&u32, &Option<NonZeroU32>)| Some(bytes(duration, rate.as_ref()?.get()));
        let size: Vec<Option<u64>> = catalogue.duration_ms().iter().zip(rates).map(size_of).collect();
        size.iter().any(Option::is_some).then_some(())?;
        let title = catalogue.title();
        let open = |file: &usize| !boxed[*file];
        let files = || (0..catalogue.files()).filter(open);
        let durations = Line::new(files().map(|file| (catalogue.duration_ms()[file], title[file])).collect());
        let known = files().filter_map(|file| Some((rates[file]?.get(), title[file])));
        let rates = Line::new(known.collect());
        Some(Self { catalogue, key, class: classes.numbers(), boxed, size, durations, rates })
    }

    /// What is left where the size is told so, or not at all.
    fn left(&self, size: Option<&Rounding>) -> Left {
        let told: Vec<Option<Bucket>> = self.size.iter().map(|bytes| Some(size?.bucket((*bytes)?))).collect();
        let numbers = told.iter().zip(&self.boxed).map(|(told, boxed)| match (told, boxed) {
            (Some(bucket), false) => (1, bucket.from),
            _ => (0, 0),
        });
        let keyed: Vec<(u32, (u8, u64))> = self.class.iter().copied().zip(numbers).collect();
        let all = Groups::new(&keyed, self.catalogue.title());
        // Of a file in a box nothing but that is seen, whatever one matches.
        let in_boxes = Groups::new(&self.boxed, self.catalogue.title());
        let matched = |line: &Line, within: &(dyn Fn(usize) -> Option<(u128, Option<u128>)> + Sync)| {
            let of = |file: usize| match (self.boxed[file], within(file)) {
                (true, _) => in_boxes.of(file),
                // Nothing is known of its number, so it fits whatever has none.
                (false, None) => all.of(file),
                (false, Some((least, most))) => line.between(least, most),
            };
            mean((0..self.catalogue.files()).into_par_iter().map(of).collect())
        };
        let (duration, bitrate) = (self.key.duration, self.key.bitrate);
        let of_duration = |file: usize| duration.bucket(u64::from(self.catalogue.duration_ms()[file]));
        let of_rate = |file: usize| {
            let rate = self.catalogue.bitrate_bps().and_then(|rates| rates[file]);
            rate.map(|rate| bitrate.bucket(u64::from(rate.get())))
        };
        let narrowed = |own: Bucket, size: Option<Bucket>, other: Option<Bucket>| {
            let (least, most) = size.zip(other).map_or((0, None), |(size, other)| factor(size, other));
            let own_most = own.to.map(|to| u128::from(to) - 1);
            let most = [most, own_most].into_iter().flatten().min();
            (least.max(u128::from(own.from)), most)
        };
        Left {
            all: mean((0..self.catalogue.files()).into_par_iter().map(|file| all.of(file)).collect()),
            duration: matched(&self.durations, &|file| {
                Some(narrowed(of_duration(file), told[file], of_rate(file)))
            }),
            bitrate: matched(&self.rates, &|file| {
                Some(narrowed(of_rate(file)?, told[file], Some(of_duration(file))))
            }),
        }
    }
}

/// The candidates of one file: how many, and whether they are of one title.
type Fits = (u64, bool);

fn mean(fits: Vec<Fits>) -> Candidates {
    let files = fits.len() as f64;
    let (mut sum, mut one_file, mut one_title) = (0u128, 0u64, 0u64);
    for (candidates, is_one_title) in fits {
        sum += u128::from(candidates);
        one_file += u64::from(candidates == 1);
        one_title += u64::from(is_one_title);
    }
    Candidates {
        mean_files: sum as f64 / files,
        one_file: one_file as f64 / files,
        one_title: one_title as f64 / files,
    }
}

/// Files by what is seen of them.
struct Groups {
    of: Vec<u32>,
    fits: Vec<Fits>,
}

impl Groups {
    fn new<K: Ord + Copy + Send + Sync>(keys: &[K], title: &[u32]) -> Self {
        let mut order: Vec<u32> = (0..keys.len() as u32).collect();
        order.par_sort_unstable_by_key(|&file| (keys[file as usize], title[file as usize]));
        let mut groups = Self { of: vec![0; keys.len()], fits: Vec::new() };
        for same in order.chunk_by(|&a, &b| keys[a as usize] == keys[b as usize]) {
            same.iter().for_each(|&file| groups.of[file as usize] = groups.fits.len() as u32);
            let name = |file: Option<&u32>| file.map(|&file| title[file as usize]);
            groups.fits.push((same.len() as u64, name(same.first()) == name(same.last())));
        }
        groups
    }

    fn of(&self, file: usize) -> Fits {
        self.fits[self.of[file] as usize]
    }
}

/// Numbers in order with their titles.
struct Line {
    values: Vec<u32>,
    /// For each place the first one behind it that bears another title.
    same_title_to: Vec<u32>,
}

impl Line {
    fn new(mut of: Vec<(u32, u32)>) -> Self {
        of.par_sort_unstable();
        let mut same_title_to = vec![of.len() as u32; of.len()];
        for place in (1..of.len()).rev() {
            let same = of[place - 1].1 == of[place].1;
            same_title_to[place - 1] = if same { same_title_to[place] } else { place as u32 };
        }
        Self { values: of.into_iter().map(|(value, _)| value).collect(), same_title_to }
    }

    /// Those from the least to the most. O(log values).
    fn between(&self, least: u128, most: Option<u128>) -> Fits {
        let from = self.values.partition_point(|&value| u128::from(value) < least);
        let to = most.map_or(self.values.len(), |most| {
            self.values.partition_point(|&value| u128::from(value) <= most)
        });
        let one_title = self.same_title_to.get(from).is_some_and(|&end| from < to && to <= end as usize);
        (to.saturating_sub(from) as u64, one_title)
    }
}
