//! What servers can own: series with their titles, titles with their files.

use super::Weight;
use crate::catalogue::{Catalogue, SideField};

/// The files that anybody plays, series by series, title by title, in the order of the catalogue's rows.
pub(super) struct Shelf {
    /// The files, and the weight of each.
    files: Vec<(u32, u64)>,
    /// Where each title begins in `files`, and the end of the last.
    titles: Vec<usize>,
    /// Where each series begins in `titles`, and the end of the last.
    series: Vec<usize>,
    /// What of each series a taste can like, below `tastes`.
    taste: Vec<u32>,
    tastes: usize,
}

impl Shelf {
    /// A title lies in the series of its first file, and has the kind and the genre of it. O(files log files).
    pub fn of(catalogue: &Catalogue, weight: Weight<'_>) -> Self {
        let played = || {
            (0..catalogue.files()).filter_map(|file| {
                let weight = weight(file);
                (weight > 0).then_some((file as u32, weight))
            })
        };
        let mut first = vec![u32::MAX; catalogue.titles() as usize];
        for (file, _) in played() {
            let first = &mut first[catalogue.title()[file as usize] as usize];
            *first = (*first).min(file);
        }
        let first_of = |&(file, _): &(u32, u64)| first[catalogue.title()[file as usize] as usize];
        let series_of = |file: &(u32, u64)| catalogue.series()[first_of(file) as usize];
        let mut files: Vec<(u32, u64)> = played().collect();
        files.sort_unstable_by_key(|file| (series_of(file), first_of(file), file.0));

        let (mut titles, mut series, mut liked) = (Vec::new(), Vec::new(), Vec::new());
        for (at, file) in files.iter().enumerate() {
            let before = at.checked_sub(1).map(|before| &files[before]);
            if before.map(series_of) != Some(series_of(file)) {
                series.push(titles.len());
                let first = first_of(file) as usize;
                let genre = catalogue.side(SideField::Genre).map_or(0, |genre| genre.index(first));
                liked.push((catalogue.kind().index(first), genre));
            }
            if before.map(first_of) != Some(first_of(file)) {
                titles.push(at);
            }
        }
        series.push(titles.len());
        titles.push(files.len());
        let mut tastes = liked.clone();
        tastes.sort_unstable();
        tastes.dedup();
        let taste = liked.iter().map(|of| tastes.partition_point(|other| other < of) as u32).collect();
        Self { files, titles, series, taste, tastes: tastes.len() }
    }

    /// How many titles there are.
    pub fn titles(&self) -> usize {
        self.titles.len() - 1
    }

    /// How many series.
    pub fn series(&self) -> usize {
        self.series.len() - 1
    }

    /// How many pairs of a kind and a genre.
    pub fn tastes(&self) -> usize {
        self.tastes
    }

    /// The pair of a series.
    pub fn taste(&self, series: usize) -> usize {
        self.taste[series] as usize
    }

    /// The titles of a series.
    pub fn titles_of(&self, series: usize) -> std::ops::Range<usize> {
        self.series[series]..self.series[series + 1]
    }

    /// The files of a title, each with its weight.
    pub fn files_of(&self, title: usize) -> &[(u32, u64)] {
        &self.files[self.titles[title]..self.titles[title + 1]]
    }

    /// The mean weight of the titles of a series, at least 1.
    pub fn weight(&self, series: usize) -> u64 {
        let titles = self.titles_of(series);
        let files = &self.files[self.titles[titles.start]..self.titles[titles.end]];
        let sum: u64 = files.iter().map(|&(_, weight)| weight).sum();
        (sum / titles.len() as u64).max(1)
    }
}
