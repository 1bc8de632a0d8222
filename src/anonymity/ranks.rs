//! What ranks a candidate in a sweep, gathered class by class as cheaply as it can be.
//!
//! [`Tally`](super::Tally) gathers every measure of one generalization; a sweep of thousands keeps to the columns of its
//! table. Both hold exact integers, and tests hold them equal.

use super::Spread;
use super::measures::{budget, share};
use super::sizes::k_within;
use super::sums::Sums;
use crate::catalogue::Catalogue;
use crate::classes::{Class, Gather};

/// Class sizes alone.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Classes by size.
    sizes: Sums,
}

/// Sizes, distinct titles, and what the likeliest file and title weigh.
#[derive(Clone, Debug, Default)]
pub struct Ranks {
    counts: Counts,
    /// Where titles are repeated: files by titles, and off again by files.
    by_titles: Sums,
    top_file_weight: u64,
    /// By how much repeated titles raise what plain classes hold.
    more_title_files: u64,
    more_title_weight: u64,
    more_confident_files: u64,
    more_over_20: i64,
    confident_weight: u64,
    over_80_weight: u64,
}

/// What the sizes of the classes tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CountFigures {
    /// Number of classes.
    pub classes: u64,
    /// Files of the smallest class.
    pub k_files: u32,
    /// The same, a share of the files aside.
    pub k_files_budget: u32,
    /// Share of the files alone in their class.
    pub unique_files: f64,
    /// File re-identification, uniform prior: classes over files.
    pub reid_file_uniform: f64,
    /// How the files are spread over class sizes.
    pub spread: Spread,
}

/// What titles and weights tell; see [`Measures`](super::Measures) for the definitions.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names are those of the sweep's columns, described in the README")]
pub struct TitleFigures {
    pub k_titles: u32,
    pub k_titles_budget: u32,
    pub unique_titles: f64,
    pub reid_file_popularity: f64,
    pub reid_title_uniform: f64,
    pub reid_title_popularity: f64,
    pub confident_title_uniform: f64,
    pub confident_title_popularity: f64,
    pub largest_over_20_files: f64,
    pub largest_over_80_plays: f64,
}

impl Counts {
    /// The figures, with that share of the files aside. O(sizes that occur, sorted).
    pub fn figures(&self, catalogue: &Catalogue, exposed_share: f64) -> CountFigures {
        let files = catalogue.files() as u64;
        let sizes = self.sizes.rising();
        let classes = sizes.iter().map(|&(_, count)| count as u64).sum();
        let amounts = sizes.iter().map(|&(size, count)| (size, u64::from(size) * count as u64));
        CountFigures {
            classes,
            k_files: amounts.clone().next().map_or(0, |(size, _)| size),
            k_files_budget: k_within(amounts.clone(), budget(exposed_share, files)).unwrap_or(0),
            unique_files: share(self.sizes.of_near(1) as u64, files),
            reid_file_uniform: share(classes, files),
            spread: Spread::of(amounts),
        }
    }
}

impl Gather for Counts {
    const FULL: bool = false;

    fn empty(&self) -> Self {
        Self::default()
    }

    fn merge(&mut self, other: &Self) {
        self.sizes.take(&other.sizes);
    }

    #[inline]
    fn plain(&mut self, files: u32, _: u64, _: u64) {
        self.sizes.add(files, 1);
    }

    fn class(&mut self, class: &Class) {
        self.sizes.add(class.files, 1);
    }
}

impl Ranks {
    /// What the sizes tell.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// A class of that weight whose likeliest title weighs `top`.
    #[inline]
    fn weigh(&mut self, weight: u64, top: u64) {
        // top >= share x weight, said of the rest, so that nothing overflows.
        let rest = weight - top;
        if rest <= weight / 4 && rest <= weight / 5 {
            self.over_80_weight += weight;
            if rest <= weight / 20 {
                self.confident_weight += weight;
            }
        }
    }

    /// The figures, with that share of the files aside. O(sizes that occur).
    pub fn figures(&self, catalogue: &Catalogue, exposed_share: f64) -> TitleFigures {
        let (files, plays) = (catalogue.files() as u64, catalogue.top_title().all_weight);
        let mut by_titles = self.by_titles.clone();
        let (mut classes, mut over_20) = (0, self.more_over_20);
        for (size, count) in self.counts.sizes.rising() {
            let amount = i64::from(size) * count;
            by_titles.add(size, amount);
            classes += count as u64;
            over_20 += if size <= 5 { amount } else { 0 };
        }
        let by_titles = by_titles.rising();
        let by_titles = || by_titles.iter().map(|&(titles, sum)| (titles, sum as u64));
        let alone = self.counts.sizes.of_near(1) as u64;
        TitleFigures {
            k_titles: by_titles().next().map_or(0, |(titles, _)| titles),
            k_titles_budget: k_within(by_titles(), budget(exposed_share, files)).unwrap_or(0),
            unique_titles: share(
                by_titles().take_while(|&(titles, _)| titles < 2).map(|(_, n)| n).sum(),
                files,
            ),
            reid_file_popularity: share(self.top_file_weight, plays),
            reid_title_uniform: share(classes + self.more_title_files, files),
            reid_title_popularity: share(self.top_file_weight + self.more_title_weight, plays),
            confident_title_uniform: share(alone + self.more_confident_files, files),
            confident_title_popularity: share(self.confident_weight, plays),
            largest_over_20_files: share(over_20 as u64, files),
            largest_over_80_plays: share(self.over_80_weight, plays),
        }
    }
}

impl Gather for Ranks {
    const FULL: bool = true;

    fn empty(&self) -> Self {
        Self::default()
    }

    fn merge(&mut self, other: &Self) {
        self.counts.merge(&other.counts);
        self.by_titles.take(&other.by_titles);
        self.top_file_weight += other.top_file_weight;
        self.more_title_files += other.more_title_files;
        self.more_title_weight += other.more_title_weight;
        self.more_confident_files += other.more_confident_files;
        self.more_over_20 += other.more_over_20;
        self.confident_weight += other.confident_weight;
        self.over_80_weight += other.over_80_weight;
    }

    #[inline]
    fn plain(&mut self, files: u32, weight: u64, top: u64) {
        self.counts.sizes.add(files, 1);
        self.top_file_weight += top;
        self.weigh(weight, top);
    }

    fn class(&mut self, class: &Class) {
        let files = u64::from(class.files);
        if class.titles == class.files {
            return self.plain(class.files, class.weight, class.top_file_weight);
        }
        self.counts.sizes.add(class.files, 1);
        self.by_titles.add(class.files, -i64::from(class.files));
        self.by_titles.add(class.titles, i64::from(class.files));
        self.top_file_weight += class.top_file_weight;
        self.weigh(class.weight, class.top_title_weight);
        self.more_title_files += u64::from(class.top_title_files) - 1;
        self.more_title_weight += class.top_title_weight - class.top_file_weight;
        let top = u64::from(class.top_title_files);
        if top * 20 >= files * 19 {
            self.more_confident_files += files;
        }
        let as_plain = if files <= 5 { files as i64 } else { 0 };
        self.more_over_20 += if top * 5 >= files { files as i64 } else { 0 } - as_plain;
    }
}
