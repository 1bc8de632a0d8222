//! A12, the known library: the attacker knows that the file lies in a library of so many titles.
//!
//! The most realistic strong attacker: the library is known from metadata look-ups, from reports sent before
//! rounding, or from a shared list.
//!
//! Which libraries are drawn depends on the titles, their number and the seed alone, never on the rounding: so under
//! nested coarsening no rate rises, for whoever sees less names no more in any of the libraries.

use rand::seq::index::sample;
use rayon::prelude::*;
use serde::Serialize;

use super::interval::mean_within;
use crate::catalogue::Catalogue;
use crate::catalogue::stream::stream;
use crate::classes::Classes;

/// The library sizes that are always shown, in titles.
pub const SIZES: [u32; 4] = [100, 300, 1_000, 3_000];

/// Title re-identification inside libraries of one size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct KnownLibrary {
    /// Titles in the library.
    pub titles: u32,
    /// Libraries drawn.
    pub libraries: u32,
    /// Mean over the libraries of the chance to name the title of one of its files, each equally likely.
    pub title_uniform: f64,
    /// Lower end of the 95 % interval of the mean over all such libraries: Wilson's of the count that scatters as these do.
    pub low: f64,
    /// Upper end of it.
    pub high: f64,
}

/// Draws libraries of that many titles, each equally likely, and lets the attacker of A1 work inside each.
/// `None` where the catalogue has no more titles than that, and for none.
/// O(files + libraries x files of a library).
pub fn known_library(classes: &Classes<'_>, titles: u32, libraries: u32, seed: u64) -> Option<KnownLibrary> {
    Shelves::of(classes.catalogue()).known(classes, titles, libraries, seed)
}

/// The files of each title, for whoever asks about many roundings of one catalogue.
#[derive(Clone, Debug)]
pub struct Shelves {
    /// By title.
    files: Vec<u32>,
    /// Where each title begins, and the end.
    starts: Vec<u32>,
}

impl Shelves {
    /// Those of a catalogue. O(files).
    pub fn of(catalogue: &Catalogue) -> Self {
        let title = catalogue.title();
        let mut starts = vec![0u32; catalogue.titles() as usize + 1];
        title.iter().for_each(|&title| starts[title as usize + 1] += 1);
        (1..starts.len()).for_each(|i| starts[i] += starts[i - 1]);
        let (mut next, mut files) = (starts.clone(), vec![0; title.len()]);
        for (file, &title) in (0..).zip(title) {
            let place = &mut next[title as usize];
            files[*place as usize] = file;
            *place += 1;
        }
        Self { files, starts }
    }

    /// How many titles there are.
    fn titles(&self) -> u32 {
        self.starts.len() as u32 - 1
    }

    /// The same as [`known_library`]: the classes must be of the same titles. O(files + libraries x files of a library).
    pub fn known(
        &self,
        classes: &Classes<'_>,
        titles: u32,
        libraries: u32,
        seed: u64,
    ) -> Option<KnownLibrary> {
        if titles == 0 || titles >= self.titles() || libraries == 0 {
            return None;
        }
        let class_of = classes.numbers();
        let rate = |library: u32| {
            let mut files: Vec<u64> = Vec::new();
            for title in self.drawn(titles, library, seed) {
                let seen = |&file: &u32| u64::from(class_of[file as usize]) << 32 | title as u64;
                files.extend(self.of_title(title).iter().map(seen));
            }
            files.sort_unstable();
            let best_of = |class: &[u64]| class.chunk_by(|a, b| a == b).map(<[_]>::len).max().unwrap_or(0);
            let hits: usize = files.chunk_by(|a, b| a >> 32 == b >> 32).map(best_of).sum();
            hits as f64 / files.len() as f64
        };
        let rates: Vec<f64> = (0..libraries).into_par_iter().map(rate).collect();
        let (title_uniform, [low, high]) = mean_within(&rates);
        Some(KnownLibrary { titles, libraries, title_uniform, low, high })
    }

    /// The titles of a library: they depend on their number and the seed alone.
    fn drawn(&self, titles: u32, library: u32, seed: u64) -> impl Iterator<Item = usize> {
        let mut random = stream(seed, "known library", u64::from(titles) << 32 | u64::from(library));
        sample(&mut random, self.titles() as usize, titles as usize).into_iter()
    }

    fn of_title(&self, title: usize) -> &[u32] {
        &self.files[self.starts[title] as usize..self.starts[title + 1] as usize]
    }

    /// The files of a library; `None` where there are no more titles than that, and for none.
    pub(super) fn library(&self, titles: u32, library: u32, seed: u64) -> Option<Vec<u32>> {
        let legal = titles > 0 && titles < self.titles();
        let files = || self.drawn(titles, library, seed).flat_map(|title| self.of_title(title));
        legal.then(|| files().copied().collect())
    }
}
