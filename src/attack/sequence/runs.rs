//! Series and albums as a server holds them.

use rayon::prelude::*;

use crate::catalogue::Catalogue;

/// Every file of a catalogue, run by run. A run is, of each title of a series that has so many files there, the first
/// file, or the second, and so on, in the order of the rows; so each file lies in one run, and a series whose titles
/// have one file each is one run.
///
/// ```
/// use coarsen::attack::sequence::Runs;
/// use coarsen::catalogue::{Catalogue, Columns, SideField};
/// // Two episodes in two encodes each, and a movie.
/// let catalogue = Catalogue::new(Columns {
///     title: vec![0, 0, 1, 1, 2],
///     series: Some(vec![Some(0), Some(0), Some(0), Some(0), None]),
///     duration_ms: vec![1_000; 5],
///     side: [(SideField::Kind, ["clip"; 5].map(Some).into_iter().collect())].into(),
///     ..Columns::default()
/// })?;
/// let runs = Runs::of(&catalogue);
/// assert_eq!(runs.files(), [0, 2, 1, 3, 4]);
/// assert_eq!(runs.left(), [2, 1, 2, 1, 1]);
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Runs {
    files: Vec<u32>,
    left: Vec<u32>,
}

impl Runs {
    /// O(files log files).
    pub fn of(catalogue: &Catalogue) -> Self {
        let (title, series) = (catalogue.title(), catalogue.series());
        let rows = 0..catalogue.files() as u32;
        let mut by_title: Vec<(u64, u32)> =
            rows.into_par_iter().map(|row| (pair(series[row as usize], title[row as usize]), row)).collect();
        by_title.par_sort_unstable();
        let mut by_run: Vec<(u64, u32)> = Vec::with_capacity(by_title.len());
        for same_title in by_title.chunk_by(|a, b| a.0 == b.0) {
            let of_run =
                |(nth, &(_, row)): (usize, &(u64, u32))| (pair(series[row as usize], nth as u32), row);
            by_run.extend(same_title.iter().enumerate().map(of_run));
        }
        by_run.par_sort_unstable();
        let runs = by_run.chunk_by(|a, b| a.0 == b.0);
        let left = runs.flat_map(|run| (1..=run.len() as u32).rev()).collect();
        Self { files: by_run.into_iter().map(|(_, row)| row).collect(), left }
    }

    /// The files, run by run; where a file stands here is its place.
    pub fn files(&self) -> &[u32] {
        &self.files
    }

    /// For each place how many files of its run are left, itself included.
    pub fn left(&self) -> &[u32] {
        &self.left
    }

    /// The longest run.
    pub fn longest(&self) -> u32 {
        self.left.iter().copied().max().unwrap_or(0)
    }

    /// The places where a stretch of so many files begins.
    pub(in crate::attack) fn starts(&self, stretch: u32) -> impl Iterator<Item = u32> + '_ {
        (0..self.left.len() as u32).filter(move |&place| self.left[place as usize] >= stretch)
    }
}

fn pair(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}
