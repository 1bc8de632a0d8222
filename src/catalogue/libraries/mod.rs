//! Libraries: what each of many servers owns of a catalogue.
//!
//! | | |
//! | --- | --- |
//! | size | log-normal in titles: median 500, and 95 % within 50 to 5,000; what falls outside is drawn again. No server owns more than half of the titles, so a small catalogue has smaller servers ([`Libraries::most_titles`]) |
//! | taste | of the pairs of a kind and a genre, a quarter is liked, each by a coin of its own; who likes none likes all |
//! | library | series or albums are drawn without replacement, in proportion to popularity, and sixteen times as often where they are liked |
//! | whole series | a series that is drawn is owned whole; the last one that fits is owned in part, its first titles |
//! | one file | of a title with several encodes one is owned, drawn by popularity |
//!
//! The popularity of a series is the mean of its titles', so that a title of a long series is owned about as often as
//! any other of its popularity. What nobody plays, nobody owns. Sizes are those of personal libraries; the shares of the
//! taste are assumptions.
//!
//! # Laws
//! Every library is a function of the catalogue, the weights, the seed and its number alone: of more servers, the first
//! are the same.

mod remaining;
mod shelf;

use rand::RngExt;
use rayon::prelude::*;
use thiserror::Error;

use self::remaining::Remaining;
use self::shelf::Shelf;
use super::Catalogue;
use super::drawn::Drawn;
use super::stream::{Stream, stream};
use super::synthetic::draw::normal;

/// The smallest and the largest library, in titles.
pub const SIZES: [u32; 2] = [50, 5_000];
/// The median of the log-normal, and the deviation of its logarithm: [`SIZES`] lie two deviations out.
const MEDIAN: f64 = 500.0;
const DEVIATION: f64 = std::f64::consts::LN_10 / 2.0;
/// How much more often what is liked is drawn.
const LIKING: u32 = 16;
/// One of so many pairs of a kind and a genre is liked.
const LIKED: u32 = 4;

/// How popular a file is, by its row. Over a catalogue the sum must be under 2^62.
pub type Weight<'a> = &'a (dyn Fn(usize) -> u64 + Sync);

/// Why there can be no libraries.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LibrariesError {
    /// A catalogue that is hardly larger than a library.
    #[error(
        "the catalogue has {found} titles that anybody plays, and servers need at least {needed}: the smallest library has \
         half as many"
    )]
    FewTitles {
        /// Titles with any weight.
        found: usize,
        /// Twice the smallest library.
        needed: usize,
    },
}

/// What servers own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Libraries {
    files: Vec<Vec<u32>>,
    most: u32,
}

impl Libraries {
    /// Draws that many. O(files log files + titles owned x log series).
    ///
    /// # Errors
    /// [`LibrariesError::FewTitles`].
    ///
    /// ```
    /// use coarsen::catalogue::libraries::Libraries;
    /// use coarsen::catalogue::synthetic::{Recipe, synthesize};
    /// let catalogue = synthesize(&Recipe::builtin("mixed")?, 400, 1)?;
    /// let libraries = Libraries::draw(&catalogue, &|file| catalogue.weight()[file], 20, 1)?;
    /// assert_eq!((libraries.files().len(), libraries.most_titles()), (20, 200));
    /// assert!(libraries.files().iter().all(|files| (50..=200).contains(&files.len())));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn draw(
        catalogue: &Catalogue,
        weight: Weight<'_>,
        servers: u32,
        seed: u64,
    ) -> Result<Self, LibrariesError> {
        let shelf = Shelf::of(catalogue, weight);
        let (found, needed) = (shelf.titles(), 2 * SIZES[0] as usize);
        if found < needed {
            return Err(LibrariesError::FewTitles { found, needed });
        }
        let most = SIZES[1].min((found / 2) as u32);
        let remaining = Remaining::new((0..shelf.series()).map(|series| shelf.weight(series)));
        let one = |remaining: &mut Remaining, server: u32| {
            let mut random = stream(seed, "servers library", u64::from(server));
            library(&shelf, remaining, most, &mut random)
        };
        let files = (0..servers).into_par_iter().map_init(|| remaining.clone(), one).collect();
        Ok(Self { files, most })
    }

    /// The files of each server, rising.
    pub fn files(&self) -> &[Vec<u32>] {
        &self.files
    }

    /// The largest library that could be drawn, in titles: 5,000, or half of those that anybody plays.
    pub fn most_titles(&self) -> u32 {
        self.most
    }
}

/// One library; what is taken is put back.
fn library(shelf: &Shelf, remaining: &mut Remaining, most: u32, random: &mut Stream) -> Vec<u32> {
    let size = size(most, random) as usize;
    let mut liked: Vec<bool> = (0..shelf.tastes()).map(|_| random.random_range(0..LIKED) == 0).collect();
    if !liked.contains(&true) {
        liked.fill(true);
    }
    let (mut files, mut taken) = (Vec::with_capacity(size), Vec::new());
    // A library is at most half of all titles, so something is always left.
    while files.len() < size && remaining.total() > 0 {
        let series = remaining.draw(random);
        if !liked[shelf.taste(series)] && random.random_range(0..LIKING) > 0 {
            continue;
        }
        remaining.take(series, shelf.weight(series));
        taken.push(series);
        for title in shelf.titles_of(series).take(size - files.len()) {
            let of_title = shelf.files_of(title);
            let encode = match of_title {
                [_] => 0,
                _ => Drawn::new(of_title.iter().map(|&(_, weight)| weight)).draw(random),
            };
            files.push(of_title[encode].0);
        }
    }
    taken.into_iter().for_each(|series| remaining.put(series, shelf.weight(series)));
    files.sort_unstable();
    files
}

/// A size in titles.
fn size(most: u32, random: &mut Stream) -> u32 {
    loop {
        let size = libm::round(MEDIAN * libm::exp(DEVIATION * normal(random)));
        if size >= f64::from(SIZES[0]) && size <= f64::from(most) {
            return size as u32;
        }
    }
}
