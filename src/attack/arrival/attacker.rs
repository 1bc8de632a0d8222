//! The attacker that runs: sees what a play emits and when its two reports arrive, and works out the exact posterior.

use std::collections::HashMap;

use rand::RngExt;
use rayon::prelude::*;
use serde::Serialize;

use super::Sending;
use super::group::{Candidate, Group};
use super::kernel::Kernel;
use crate::attack::channel::Channel;
use crate::attack::seen::{Seen, Sight};
use crate::attack::{Prior, Trial};
use crate::catalogue::Catalogue;
use crate::catalogue::Drawn;
use crate::catalogue::stream::{Stream, stream};
use crate::classes::Key;

/// Candidates that are weighed in one run, about: where plays have many, fewer plays are drawn.
const CANDIDATES: u64 = 5_000_000;

/// Plays that are drawn at least, where as many are wanted.
const LEAST_DRAWS: u64 = 500;

/// Parts of a run, each with a stream of its own: fixed, so that threads change nothing.
const PARTS: u64 = 32;

/// An attacker that has studied a catalogue.
pub struct Attacker<'a> {
    catalogue: &'a Catalogue,
    groups: Vec<Group>,
    group_of: Vec<u32>,
    /// What is drawn from, for each file, where a channel draws.
    values: Vec<u64>,
    /// How often who sees no arrivals names file and title, by prior.
    without: [[f64; 2]; 2],
}

/// What the attacker achieved on one target.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Met {
    /// Named right.
    pub trial: Trial,
    /// Its posterior of what it named, on average over the plays: a closer estimate of its success than its hits. How
    /// sure it would have been without arrivals, whose average is known exactly, serves as a control variate.
    pub certainty: f64,
    /// The same without the control variate: play by play, what the hits hope to be.
    pub sure: f64,
}

/// What the attacker achieved.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ran {
    /// On the file.
    pub file: Met,
    /// On the title.
    pub title: Met,
}

/// Sums over plays.
#[derive(Clone, Copy, Default)]
struct Sums {
    hits: u64,
    sure: f64,
    without: f64,
    both: f64,
    without_squared: f64,
}

impl<'a> Attacker<'a> {
    /// Studies the catalogue by hashing; nothing is shared with the closed form. O(files log files).
    pub fn study(catalogue: &'a Catalogue, key: Key<'a>) -> Self {
        let sight = Sight::new(catalogue, key);
        let mut number: HashMap<Seen, u32> = HashMap::new();
        let group_of = (0..catalogue.files()).map(|file| {
            let next = number.len() as u32;
            *number.entry(sight.see(file)).or_insert(next)
        });
        let (group_of, values) = (group_of.collect(), vec![0; catalogue.files()]);
        let mut attacker = Self::of_groups(catalogue, group_of, |_| None, values, [[0.0; 2]; 2]);
        attacker.without = Prior::ALL.map(|prior| attacker.mean_without(prior));
        attacker
    }

    /// The same where files are grouped by number, from 0 without a gap; `channel` is that of a group, and `values` what
    /// it draws from. `without` is how often who sees no arrivals names file and title, by prior. O(files log files).
    pub(in crate::attack) fn of_groups(
        catalogue: &'a Catalogue,
        group_of: Vec<u32>,
        channel: impl Fn(u32) -> Option<Channel>,
        values: Vec<u64>,
        without: [[f64; 2]; 2],
    ) -> Self {
        let count = group_of.iter().max().map_or(0, |&last| last + 1);
        let mut groups: Vec<Group> = (0..count).map(|number| Group::through(channel(number))).collect();
        let mut titles: HashMap<(u32, u32), u32> = HashMap::new();
        for (file, &group) in group_of.iter().enumerate() {
            let of = &mut groups[group as usize];
            let title = *titles.entry((group, catalogue.title()[file])).or_insert(of.titles as u32);
            of.titles = of.titles.max(title as usize + 1);
            of.files.push(Candidate {
                length: i64::from(catalogue.duration_ms()[file]),
                file: file as u32,
                title,
                plays: Prior::Popularity.weight(catalogue, file) as f64,
                value: values[file],
            });
        }
        groups.par_iter_mut().for_each(Group::finish);
        Self { catalogue, groups, group_of, values, without }
    }

    /// Draws completed plays by the prior and the lags of both reports of each, guesses, counts. Not more plays than
    /// wanted, and fewer where each has many candidates, [`Trial::draws`] says how many. O(draws x candidates).
    ///
    /// ```
    /// use coarsen::attack::Prior;
    /// use coarsen::attack::arrival::{Attacker, Sending};
    /// use coarsen::catalogue::{Catalogue, Columns, SideField};
    /// use coarsen::classes::Generalization;
    /// let catalogue = Catalogue::new(Columns {
    ///     title: vec![0, 1],
    ///     duration_ms: vec![60_000, 90_000],
    ///     side: [(SideField::Kind, ["clip"; 2].map(Some).into_iter().collect())].into(),
    ///     ..Columns::default()
    /// })?;
    /// let nothing = Generalization::drop();
    /// let attacker = Attacker::study(&catalogue, nothing.key());
    /// let ran = attacker.run(Sending::new(1_000, 0, 0).unwrap(), Prior::Uniform, 100, 1);
    /// assert_eq!((ran.title.trial.hits, ran.title.certainty), (100, 1.0));
    /// # Ok::<(), coarsen::catalogue::CatalogueError>(())
    /// ```
    pub fn run(&self, sending: Sending, prior: Prior, draws: u64, seed: u64) -> Ran {
        let kernel = Kernel::new(sending);
        let draws = draws.min((CANDIDATES / self.candidates(&kernel, prior)).max(LEAST_DRAWS));
        let drawn = Drawn::new((0..self.catalogue.files()).map(|file| prior.weight(self.catalogue, file)));
        let of_part = |part: u64| {
            let mut random = stream(seed, &format!("arrival {sending} {prior:?}"), part);
            let mut sums = [Sums::default(); 2];
            let (mut joint, mut known) = (Vec::new(), HashMap::new());
            for _ in 0..draws * (part + 1) / PARTS - draws * part / PARTS {
                let file = drawn.draw(&mut random) as u32;
                let length = i64::from(self.catalogue.duration_ms()[file as usize]);
                let time = arrives(length, sending, &mut random);
                let group = &self.groups[self.group_of[file as usize] as usize];
                let output = group
                    .channel
                    .map_or(0, |channel| channel.sample(self.values[file as usize], &mut random));
                let guess = group.guess((time, output), &kernel, prior, &mut joint);
                // Of equal outputs it is the same, and there are few of those that are costly.
                let of_output = known.entry((self.group_of[file as usize], output));
                let without = *of_output.or_insert_with(|| group.without(output, prior));
                let title = |file: u32| self.catalogue.title()[file as usize];
                let right = [guess.file == file, title(guess.of_title) == title(file)];
                for (target, sums) in sums.iter_mut().enumerate() {
                    sums.add(right[target], guess.sure[target], without[target]);
                }
            }
            sums
        };
        let parts: Vec<[Sums; 2]> = (0..PARTS).into_par_iter().map(of_part).collect();
        let without = self.without[prior as usize];
        let [file, title] = [0, 1].map(|target| {
            let all = parts.iter().fold(Sums::default(), |all, part| all.plus(part[target]));
            Met {
                trial: Trial::new(draws, all.hits),
                certainty: all.certainty(draws, without[target]),
                sure: all.sure / draws.max(1) as f64,
            }
        });
        Ran { file, title }
    }

    /// How sure who sees no arrivals is of file and title, on average over plays, where nothing is drawn.
    fn mean_without(&self, prior: Prior) -> [f64; 2] {
        let (mut sums, mut whole) = ([0.0; 2], 0.0);
        for group in &self.groups {
            let weight: f64 = group.files.iter().map(|candidate| candidate.weight(prior)).sum();
            whole += weight;
            let of_group = group.without(0, prior);
            sums = [sums[0] + weight * of_group[0], sums[1] + weight * of_group[1]];
        }
        sums.map(|sum| sum / whole)
    }

    /// Candidates of a play, on average, at least 1: those within reach of its length.
    fn candidates(&self, kernel: &Kernel, prior: Prior) -> u64 {
        let (mut all, mut whole) = (0.0, 0.0);
        for group in &self.groups {
            let (mut from, mut to) = (0, 0);
            for candidate in &group.files {
                let until = candidate.length + kernel.reach();
                to += group.files[to..].iter().take_while(|other| other.length <= until).count();
                let since = candidate.length - kernel.reach();
                from += group.files[from..].iter().take_while(|other| other.length < since).count();
                let weight = candidate.weight(prior);
                all += weight * (to - from) as f64;
                whole += weight;
            }
        }
        // A float that is too large becomes the largest number.
        ((all / whole) as u64).max(1)
    }
}

impl Sums {
    fn add(&mut self, right: bool, sure: f64, without: f64) {
        let of = Self {
            hits: right.into(),
            sure,
            without,
            both: sure * without,
            without_squared: without * without,
        };
        *self = self.plus(of);
    }

    fn plus(self, other: Self) -> Self {
        Self {
            hits: self.hits + other.hits,
            sure: self.sure + other.sure,
            without: self.without + other.without,
            both: self.both + other.both,
            without_squared: self.without_squared + other.without_squared,
        }
    }

    /// The mean posterior, less what chance had it above or below by the plays that were drawn: a regression on how
    /// sure the same plays leave who sees no arrivals, of which `without` is the expectation. Never less than that, as
    /// nobody is the worse for seeing more, and never more than 1.
    fn certainty(&self, draws: u64, without: f64) -> f64 {
        let n = draws.max(1) as f64;
        let (sure, seen) = (self.sure / n, self.without / n);
        let variance = self.without_squared / n - seen * seen;
        let slope = if variance > 1e-12 { (self.both / n - sure * seen) / variance } else { 0.0 };
        (sure - slope * (seen - without)).clamp(without.min(1.0), 1.0)
    }
}

/// When the second report arrives after the first; in batches, by how many of them times their length.
fn arrives(length: i64, Sending { jitter_ms, delay_ms, batch_ms }: Sending, random: &mut Stream) -> i64 {
    let mut lag = |most: u64| random.random_range(0..=most) as i64 - random.random_range(0..=most) as i64;
    let apart = length + lag(delay_ms);
    if batch_ms == 0 {
        return apart + lag(jitter_ms);
    }
    let batch = batch_ms as i64;
    (random.random_range(0..batch) + apart).div_euclid(batch) * batch
}
