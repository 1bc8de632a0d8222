//! The files that somebody asks after.

use rand::seq::index::sample;
use serde::Serialize;

use super::super::Prior;
use crate::catalogue::Catalogue;
use crate::catalogue::stream::stream;
use crate::classes::Classes;

/// What sort of file is asked after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sought {
    /// The most popular files.
    Popular,
    /// Files of the less popular half, each equally likely.
    Niche,
    /// Files that no other has the raw values of, each equally likely: a copy that leaked before its release is one.
    Unique,
    /// The files that what leaves hides worst: those whose bucket others play least.
    Exposed,
}

impl Sought {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::Popular, Self::Niche, Self::Unique, Self::Exposed];

    /// So many files of that sort, or all where there are fewer; of equals those of the lowest number.
    /// O(files log files).
    pub fn files(
        self,
        released: &Classes<'_>,
        baseline: &Classes<'_>,
        prior: Prior,
        most: u32,
        seed: u64,
    ) -> Vec<u32> {
        let catalogue = released.catalogue();
        let drawn = |from: Vec<u32>| {
            let mut random = stream(seed, &format!("membership {self:?}"), 0);
            let picked = sample(&mut random, from.len(), from.len().min(most as usize));
            picked.into_iter().map(|at| from[at]).collect()
        };
        let mut files: Vec<u32> = (0..catalogue.files() as u32).collect();
        let weight = |&file: &u32| catalogue.weight()[file as usize];
        match self {
            Self::Popular => files.sort_by_key(|file| std::cmp::Reverse(weight(file))),
            Self::Niche => {
                files.sort_by_key(weight);
                files.truncate(files.len().div_ceil(2));
                return drawn(files);
            }
            Self::Unique => {
                let alone = |class: &[u32]| if let [file] = *class { Some(file) } else { None };
                return drawn(baseline.iter().filter_map(alone).collect());
            }
            Self::Exposed => {
                let others = Others::of(released, prior);
                files.sort_by_key(|&file| others.in_bucket(catalogue, file));
            }
        }
        files.truncate(most as usize);
        files
    }
}

/// How much the files of each bucket are played, and all files.
pub(super) struct Others {
    bucket: Vec<u32>,
    weight: Vec<u64>,
    all: u64,
    prior: Prior,
}

impl Others {
    /// O(files).
    pub fn of(classes: &Classes<'_>, prior: Prior) -> Self {
        let catalogue = classes.catalogue();
        let sum = |files: &[u32]| files.iter().map(|&file| prior.weight(catalogue, file as usize)).sum();
        let weight: Vec<u64> = classes.iter().map(sum).collect();
        Self { bucket: classes.numbers(), all: weight.iter().sum(), weight, prior }
    }

    /// The weight of the other files of a file's bucket.
    fn in_bucket(&self, catalogue: &Catalogue, file: u32) -> u64 {
        self.weight[self.bucket[file as usize] as usize] - self.prior.weight(catalogue, file as usize)
    }

    /// The share of the plays of all other files that fall into its bucket; 0 where there are none.
    pub fn share(&self, catalogue: &Catalogue, file: u32) -> f64 {
        match self.all - self.prior.weight(catalogue, file as usize) {
            0 => 0.0,
            all => self.in_bucket(catalogue, file) as f64 / all as f64,
        }
    }
}
