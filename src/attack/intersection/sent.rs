//! Bytes that were sent of a play that ends early.
//!
//! A play of `p` ms at `b` bit/s sends `floor(p b / 8000)` bytes, of a play of the whole file its size. Beside a rounded
//! played duration that exact number bounds the bit rate: of the candidates that fit what else leaves those are kept of
//! which some play within the bucket, and no longer than they last, sends just so much.

use std::num::NonZeroU32;

use rand::seq::index::sample;
use rayon::prelude::*;
use serde::Serialize;

use super::{Candidates, Fits, bytes, factor, mean};
use crate::catalogue::Catalogue;
use crate::catalogue::stream::stream;
use crate::classes::{Classes, Inside, Key};
use crate::rounding::Bucket;

/// Where plays are taken to end, in thousandths of the file.
pub const PLAYED: [u32; 3] = [100, 500, 1_000];

/// What is left of plays that end after some share of the file.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Sent {
    /// The share that is played, in thousandths of the file.
    pub played_permille: u32,
    /// Plays: of one file each, drawn where there are more.
    pub plays: u64,
    /// With the played duration, rounded as the duration is, beside what leaves.
    pub before: Candidates,
    /// With the bytes as well.
    pub with: Candidates,
    /// Mean files that fit with the bytes, over those without: 1 where they add nothing.
    pub shrinkage: f64,
}

/// Counts what is left of plays that end after each of these shares, in thousandths up to 1000, each file equally likely to
/// be played; `None` where no file has a bit rate. A file in a box of the key leaves as the one symbol, so that no play of
/// it is asked. Of more files than `draws` so many are drawn. O(shares x draws x files of a class).
///
/// ```
/// use coarsen::attack::intersection::sent;
/// use coarsen::catalogue::{Catalogue, Columns, SideField};
/// use coarsen::classes::{Cells, Classes, Generalization};
/// let catalogue = Catalogue::new(Columns {
///     title: vec![0, 1],
///     duration_ms: vec![5_400_000; 2],
///     bitrate_bps: Some(vec![Some(4_000_000), Some(8_000_000)]),
///     side: [(SideField::Kind, ["movie"; 2].map(Some).into_iter().collect())].into(),
///     ..Columns::default()
/// })?;
/// let (cells, nothing) = (Cells::new(&catalogue), Generalization::drop());
/// let classes = Classes::group(&cells, nothing.key());
/// // Half of the larger is all of the smaller; without a played duration nobody can tell.
/// let [half] = sent(&classes, nothing.key(), &[500], 10, 1).unwrap()[..] else { unreachable!() };
/// assert_eq!((half.plays, half.with.mean_files), (2, 2.0));
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
pub fn sent(
    classes: &Classes<'_>,
    key: Key<'_>,
    played_permille: &[u32],
    draws: u64,
    seed: u64,
) -> Option<Vec<Sent>> {
    let catalogue = classes.catalogue();
    let rates = catalogue.bitrate_bps()?;
    let inside = Inside::of(key.other, catalogue);
    let asked = |file: &usize| rates[*file].is_some() && !inside.holds(*file);
    let asked: Vec<usize> = (0..catalogue.files()).filter(asked).collect();
    if asked.is_empty() {
        return None;
    }
    let draws = usize::try_from(draws).unwrap_or(usize::MAX);
    let played: Vec<usize> = if draws < asked.len() {
        let mut random = stream(seed, "bytes sent", 0);
        sample(&mut random, asked.len(), draws).into_iter().map(|at| asked[at]).collect()
    } else {
        asked
    };
    let class_of = classes.numbers();
    let members: Vec<&[u32]> = classes.iter().collect();
    let of_share = |&permille: &u32| {
        let fits: Vec<(Fits, Fits)> = played
            .par_iter()
            .filter_map(|&file| {
                let rate = rates[file]?.get();
                let shown = (u64::from(catalogue.duration_ms()[file]) * u64::from(permille) / 1_000) as u32;
                let seen = Seen { played: key.duration.bucket(u64::from(shown)), bytes: bytes(shown, rate) };
                let class = members[class_of[file] as usize];
                let without = |other: usize| seen.played.from <= u64::from(catalogue.duration_ms()[other]);
                let with = |other: usize| seen.fits(catalogue.duration_ms()[other], rates[other]);
                Some((left(catalogue, class, without), left(catalogue, class, with)))
            })
            .collect();
        let (before, with): (Vec<Fits>, Vec<Fits>) = fits.into_iter().unzip();
        let plays = with.len() as u64;
        let (before, with) = (mean(before), mean(with));
        let shrinkage = with.mean_files / before.mean_files;
        Sent { played_permille: permille, plays, before, with, shrinkage }
    };
    Some(played_permille.iter().map(of_share).collect())
}

/// What is seen of a play beside what leaves.
struct Seen {
    played: Bucket,
    bytes: u64,
}

impl Seen {
    /// Whether a play of a file of that length and rate may have been it.
    fn fits(&self, duration_ms: u32, rate: Option<NonZeroU32>) -> bool {
        let Some(rate) = rate.map(|rate| u64::from(rate.get())) else { return false };
        let exactly = |number: u64| Bucket { from: number, to: Some(number + 1) };
        let (least, most) = factor(exactly(self.bytes), exactly(rate));
        let longest = self.played.to.map(|to| u128::from(to) - 1);
        let most = [most, longest, Some(u128::from(duration_ms))].into_iter().flatten().min();
        most.is_some_and(|most| least.max(u128::from(self.played.from)) <= most)
    }
}

fn left(catalogue: &Catalogue, class: &[u32], fits: impl Fn(usize) -> bool) -> Fits {
    let (mut count, mut first, mut is_one_title) = (0, None, true);
    for title in
        class.iter().filter(|&&file| fits(file as usize)).map(|&file| catalogue.title()[file as usize])
    {
        count += 1;
        is_one_title &= *first.get_or_insert(title) == title;
    }
    (count, is_one_title && count > 0)
}
