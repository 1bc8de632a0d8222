//! Genre as the sensitive attribute: what is learned without naming the title.

use serde::Serialize;

use super::{closeness, diversity};
use crate::catalogue::SideField;
use crate::classes::Classes;

/// Diversity and closeness of genre over all classes; a missing genre is a genre of its own.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Genre {
    /// Fewest genres in a class: [`diversity::distinct`].
    pub distinct_l: u32,
    /// Smallest [`diversity::entropy`] of a class.
    pub entropy_l: f64,
    /// Largest [`closeness::equal`] of a class; the whole is every file of the catalogue.
    pub t_closeness: f64,
    /// Share of the files in classes of a single genre.
    pub homogeneous_share: f64,
}

/// Genre over all classes; `None` where the catalogue has no genre. O(files log files).
pub fn genre(classes: &Classes<'_>) -> Option<Genre> {
    let genre = classes.catalogue().side(SideField::Genre)?;
    let files = classes.catalogue().files();
    let mut whole = vec![0u32; genre.levels()];
    (0..files).for_each(|row| whole[genre.index(row)] += 1);

    let mut result =
        Genre { distinct_l: u32::MAX, entropy_l: f64::INFINITY, t_closeness: 0.0, homogeneous_share: 0.0 };
    let mut homogeneous = 0;
    let mut codes: Vec<usize> = Vec::new();
    for class in classes.iter() {
        // Only the genres of the class: a catalogue may have tens of thousands.
        codes.clear();
        codes.extend(class.iter().map(|&file| genre.index(file as usize)));
        codes.sort_unstable();
        let (counts, of_whole): (Vec<u32>, Vec<u32>) =
            codes.chunk_by(|a, b| a == b).map(|same| (same.len() as u32, whole[same[0]])).unzip();
        let distance = closeness::equal_over(&counts, &of_whole, class.len() as u128, files as u128);
        result.distinct_l = result.distinct_l.min(diversity::distinct(&counts));
        result.entropy_l = result.entropy_l.min(diversity::entropy(&counts));
        result.t_closeness = result.t_closeness.max(distance);
        homogeneous += if counts.len() == 1 { class.len() } else { 0 };
    }
    result.homogeneous_share = homogeneous as f64 / files as f64;
    Some(result)
}
