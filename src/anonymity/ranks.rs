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

/// Sizes below this are counted in an array: what is larger is rare, even among ten million files.
const SMALL: usize = 4_096;

/// Class sizes alone.
#[derive(Clone, Debug)]
pub struct Counts {
    small: [u32; SMALL],
    /// Classes by size, from there on.
    large: Sums,
}

/// Sizes, distinct titles, and what the likeliest file and title weigh.
#[derive(Clone, Debug)]
pub struct Ranks {
    counts: Counts,
    /// Where titles are repeated: files by titles, and off again by files.
    by_titles: Box<[i64; SMALL]>,
    many_titles: Sums,
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

impl Default for Counts {
    fn default() -> Self {
        Self { small: [0; SMALL], large: Sums::default() }
    }
}

impl Counts {
    #[inline]
    fn add(&mut self, files: u32) {
        match self.small.get_mut(files as usize) {
            Some(count) => *count += 1,
            None => self.large.add(files, 1),
        }
    }

    fn take(&mut self, other: &Self) {
        self.small.iter_mut().zip(&other.small).for_each(|(mine, theirs)| *mine += theirs);
        self.large.take(&other.large);
    }

    /// Each size that occurs with the number of its classes, rising.
    fn rising(&self) -> impl Iterator<Item = (u32, u64)> + Clone + use<'_> {
        let small = self.small.iter().enumerate().map(|(size, &count)| (size as u32, u64::from(count)));
        small
            .filter(|&(_, count)| count > 0)
            .chain(self.large.rising().map(|(size, count)| (size, count as u64)))
    }

    /// The figures, with that share of the files aside. O(sizes that occur, sorted).
    pub fn figures(&self, catalogue: &Catalogue, exposed_share: f64) -> CountFigures {
        let files = catalogue.files() as u64;
        let sizes: Vec<(u32, u64)> = self.rising().collect();
        let classes = sizes.iter().map(|&(_, count)| count).sum();
        let amounts = sizes.iter().map(|&(size, count)| (size, u64::from(size) * count));
        CountFigures {
            classes,
            k_files: amounts.clone().next().map_or(0, |(size, _)| size),
            k_files_budget: k_within(amounts.clone(), budget(exposed_share, files)).unwrap_or(0),
            unique_files: share(u64::from(self.small[1]), files),
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
        self.take(other);
    }

    #[inline]
    fn plain(&mut self, files: u32, _: u64, _: u64) {
        self.add(files);
    }

    fn class(&mut self, class: &Class) {
        self.add(class.files);
    }
}

impl Default for Ranks {
    fn default() -> Self {
        Self {
            counts: Counts::default(),
            by_titles: Box::new([0; SMALL]),
            many_titles: Sums::default(),
            top_file_weight: 0,
            more_title_files: 0,
            more_title_weight: 0,
            more_confident_files: 0,
            more_over_20: 0,
            confident_weight: 0,
            over_80_weight: 0,
        }
    }
}

impl Ranks {
    /// What the sizes tell.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Files that leave those of so many titles, or come to them.
    fn move_titles(&mut self, titles: u32, files: i64) {
        match self.by_titles.get_mut(titles as usize) {
            Some(sum) => *sum += files,
            None => self.many_titles.add(titles, files),
        }
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
        let mut small = self.by_titles.clone();
        let mut large = self.many_titles.clone();
        let (mut classes, mut over_20) = (0, self.more_over_20);
        for (size, count) in self.counts.large.rising() {
            large.add(size, i64::from(size) * count);
            classes += count as u64;
        }
        for (size, &count) in self.counts.small.iter().enumerate() {
            let amount = size as i64 * i64::from(count);
            small[size] += amount;
            classes += u64::from(count);
            over_20 += if size <= 5 { amount } else { 0 };
        }
        let small = small.iter().enumerate().map(|(titles, &sum)| (titles as u32, sum));
        let small = small.filter(|&(_, sum)| sum != 0);
        let by_titles = || small.clone().chain(large.rising()).map(|(titles, sum)| (titles, sum as u64));
        let alone = u64::from(self.counts.small[1]);
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
        self.counts.take(&other.counts);
        self.by_titles.iter_mut().zip(other.by_titles.iter()).for_each(|(mine, theirs)| *mine += theirs);
        self.many_titles.take(&other.many_titles);
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
        self.counts.add(files);
        self.top_file_weight += top;
        self.weigh(weight, top);
    }

    fn class(&mut self, class: &Class) {
        let files = u64::from(class.files);
        if class.titles == class.files {
            return self.plain(class.files, class.weight, class.top_file_weight);
        }
        self.counts.add(class.files);
        self.move_titles(class.files, -i64::from(class.files));
        self.move_titles(class.titles, i64::from(class.files));
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
