//! A12, the known library: the attacker knows that the file lies in a library of so many titles.
//!
//! The most realistic strong attacker: the library is known from metadata look-ups, from reports sent before
//! rounding, or from a shared list.

use rand::seq::index::sample;
use rayon::prelude::*;
use serde::Serialize;

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
    /// Half-width of the 95 % interval of that mean.
    pub margin: f64,
}

/// Draws libraries of that many titles, each equally likely, and lets the attacker of A1 work inside each.
/// `None` where the catalogue has no more titles than that. O(libraries x files of a library).
pub fn known_library(classes: &Classes<'_>, titles: u32, libraries: u32, seed: u64) -> Option<KnownLibrary> {
    let catalogue = classes.catalogue();
    if titles >= catalogue.titles() || libraries == 0 {
        return None;
    }
    let class_of = classes.numbers();
    let mut of_title: Vec<(u32, u32)> =
        catalogue.title().iter().zip(&class_of).map(|(&title, &class)| (title, class)).collect();
    of_title.par_sort_unstable();
    let mut starts = vec![0usize; catalogue.titles() as usize + 1];
    of_title.iter().for_each(|&(title, _)| starts[title as usize + 1] += 1);
    (1..starts.len()).for_each(|i| starts[i] += starts[i - 1]);

    let rate = |library: u32| {
        let mut random = stream(seed, "known library", u64::from(titles) << 32 | u64::from(library));
        let drawn = sample(&mut random, catalogue.titles() as usize, titles as usize);
        let mut files: Vec<(u32, u32)> = Vec::new();
        for title in drawn.iter() {
            files.extend(of_title[starts[title]..starts[title + 1]].iter().map(|&(t, class)| (class, t)));
        }
        files.sort_unstable();
        let best_of = |class: &[(u32, u32)]| class.chunk_by(|a, b| a == b).map(<[_]>::len).max().unwrap_or(0);
        let hits: usize = files.chunk_by(|a, b| a.0 == b.0).map(best_of).sum();
        hits as f64 / files.len() as f64
    };
    let rates: Vec<f64> = (0..libraries).into_par_iter().map(rate).collect();
    let n = f64::from(libraries);
    let mean = rates.iter().sum::<f64>() / n;
    let variance = rates.iter().map(|rate| (rate - mean) * (rate - mean)).sum::<f64>() / (n - 1.0).max(1.0);
    let margin = super::interval::Z95 * (variance / n).sqrt();
    Some(KnownLibrary { titles, libraries, title_uniform: mean, margin })
}
