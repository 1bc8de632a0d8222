//! A8, averaging: one file is played again and again, and each play is rounded at random.
//!
//! Fresh draws of one value average out: the mean of n errs by 1/sqrt(n) of what one errs, and in the end the file is
//! as well known as if nothing had been drawn. Memoized draws tell after a thousand plays what they told after one.

mod fixed;
mod places;

pub use fixed::fixed;

use std::collections::BTreeMap;

use rand::Rng;
use rayon::prelude::*;
use serde::Serialize;

use self::places::Places;
use super::channel::{Memo, Memory, Randomized};
use super::through::Through;
use super::{Prior, Trial};
use crate::catalogue::Catalogue;
use crate::catalogue::Drawn;
use crate::catalogue::stream::stream;
use crate::classes::{Cells, Generalization, Key};

/// The numbers of plays after which the attacker guesses.
pub const PLAYS: [u32; 4] = [1, 10, 100, 1_000];

/// An attacker that has studied a catalogue, knows the channel and whether it is memoized, and names titles.
pub struct Attacker<'a> {
    catalogue: &'a Catalogue,
    through: Through<'a>,
    randomized: Randomized,
    prior: Prior,
    drawn: Drawn,
    /// The number of the part of each file.
    part_of: Vec<u32>,
    places: Vec<Places>,
}

/// What the attacker achieved after so many plays of one file.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Averaged {
    /// Plays of the one file.
    pub plays: u32,
    /// Titles named right, over files drawn by the prior.
    #[serde(flatten)]
    pub trial: Trial,
    /// Root mean square error of the mean output, in ms or bit/s; `None` where outputs estimate no number.
    pub error: Option<f64>,
    /// What it is by the variances of the channel: falls as 1/sqrt(plays) where draws are fresh.
    pub expected_error: Option<f64>,
}

/// What runs came to after each of so many plays: of each whether the title was named right, and the error of the mean.
fn came_to(runs: &[Vec<(bool, f64)>], plays: &[u32]) -> Vec<Averaged> {
    let draws = runs.len() as u64;
    let after = |(at, &plays): (usize, &u32)| {
        let hits = runs.iter().filter(|run| run[at].0).count();
        let squares: f64 = runs.iter().map(|run| run[at].1 * run[at].1).sum();
        Averaged {
            plays,
            trial: Trial::new(draws, hits as u64),
            error: Some(libm::sqrt(squares / draws.max(1) as f64)),
            expected_error: None,
        }
    };
    plays.iter().enumerate().map(after).collect()
}

impl<'a> Attacker<'a> {
    /// Studies the catalogue, of which the number that is drawn leaves alone. O(files log files).
    pub fn study(catalogue: &'a Catalogue, randomized: Randomized, prior: Prior) -> Self {
        let kept = Generalization { by: Vec::new(), ..Generalization::keep(catalogue) };
        let nothing = Generalization::drop();
        let alone = randomized.subject.other().beside(kept.key(), &nothing);
        Self::of_key(&Cells::new(catalogue), alone, randomized, prior)
    }

    /// Studies what leaves by this key, one number drawn after it is rounded: every play of a file shows the rest
    /// alike. O(files log files).
    pub fn of_key(cells: &Cells<'a>, key: Key<'_>, randomized: Randomized, prior: Prior) -> Self {
        Self::of(Through::unchecked(cells, key, randomized), randomized, prior)
    }

    fn of(through: Through<'a>, randomized: Randomized, prior: Prior) -> Self {
        let catalogue = through.catalogue();
        let weight = |file: usize| prior.weight(catalogue, file);
        let drawn = Drawn::new((0..catalogue.files()).map(weight));
        let mut part_of = vec![0; catalogue.files()];
        let mut places = Vec::new();
        for (number, part) in (0..).zip(through.parts()) {
            part.files.iter().for_each(|&file| part_of[file as usize] = number);
            let file = |&file: &u32| {
                let file = file as usize;
                (through.values()[file], catalogue.title()[file], weight(file))
            };
            places.push(Places::of(part.channel, part.files.iter().map(file)));
        }
        Self { catalogue, through, randomized, prior, drawn, part_of, places }
    }

    /// Draws files by the prior, and for each as many plays as the largest number; guesses after each number of plays,
    /// which must rise. Each draw has a stream of its own, so results don't depend on the number of threads.
    /// O(draws x (plays + what is likely)).
    pub fn run(&self, draws: u32, plays: &[u32], seed: u64) -> Vec<Averaged> {
        let runs: Vec<Vec<(bool, f64)>> = (0..draws)
            .into_par_iter()
            .map_init(
                || vec![0.0; self.catalogue.titles() as usize],
                |scratch, draw| self.one(draw, plays, seed, scratch),
            )
            .collect();
        let expected = self.mean_variance();
        let after = |averaged: Averaged| {
            let fresh = self.randomized.memory == Memory::Fresh;
            let drawn = if fresh { f64::from(averaged.plays) } else { 1.0 };
            Averaged {
                error: averaged.error.filter(|_| expected.is_some()),
                expected_error: expected.map(|variance| libm::sqrt(variance / drawn)),
                ..averaged
            }
        };
        came_to(&runs, plays).into_iter().map(after).collect()
    }

    /// Plays one file; after each number of plays whether its title is named right, and the error of the mean.
    fn one(&self, draw: u32, plays: &[u32], seed: u64, scratch: &mut [f64]) -> Vec<(bool, f64)> {
        let mut random = stream(seed, "averaging", u64::from(draw));
        let file = self.drawn.draw(&mut random);
        let part = self.part_of[file] as usize;
        let channel = self.through.parts()[part].channel;
        let value = self.through.values()[file];
        let mut memo = Memo { secret: [0; 32], file: file as u64, version: 1 };
        random.fill_bytes(&mut memo.secret);
        let (mut outputs, mut sum, mut played) = (BTreeMap::new(), 0i128, 0);
        let mut found = Vec::new();
        for &plays in plays {
            while played < plays {
                let output = match self.randomized.memory {
                    Memory::Fresh => channel.sample(value, &mut random),
                    Memory::Memoized => channel.sample(value, &mut memo.stream()),
                };
                *outputs.entry(output).or_insert(0) += 1;
                sum += i128::from(output);
                played += 1;
            }
            let right = self.guess(part, &outputs, scratch) == Some(self.catalogue.title()[file]);
            let mean = sum as f64 / f64::from(plays);
            let error = match (channel.step(), channel.tends_to(value)) {
                (Some(step), Some(true_value)) => mean * step as f64 - true_value,
                _ => 0.0,
            };
            found.push((right, error));
        }
        found
    }

    /// The likeliest title given how often each output came; of equals the lowest. `None` where no file yields them.
    fn guess(&self, part: usize, outputs: &BTreeMap<i64, u64>, scratch: &mut [f64]) -> Option<u32> {
        // Who knows that all plays repeat one draw counts it once.
        let memoized = self.randomized.memory == Memory::Memoized;
        let outputs: Vec<(i64, u64)> =
            outputs.iter().map(|(&output, &times)| (output, if memoized { 1 } else { times })).collect();
        let likely = self.places[part].likely(&outputs);
        let most = likely.iter().map(|&(_, log)| log).fold(f64::NEG_INFINITY, f64::max);
        let factor = |(place, log): &(usize, f64)| (*place, libm::exp(log - most));
        let (title, _) = self.places[part].heaviest(likely.iter().map(factor), scratch)?;
        Some(title)
    }

    /// Mean over plays of the variance of one output, in squared base units.
    fn mean_variance(&self) -> Option<f64> {
        let of_file = |file: usize| {
            let channel = self.through.parts()[self.part_of[file] as usize].channel;
            let deviation = channel.deviation(self.through.values()[file])?;
            Some(self.prior.weight(self.catalogue, file) as f64 * deviation * deviation)
        };
        let sum: Option<f64> = (0..self.catalogue.files()).map(of_file).sum();
        Some(sum? / self.drawn.total() as f64)
    }

    /// How often the title is named right after one play, as a closed form: the sum over outputs of the largest
    /// weight x probability that one title holds. Memoized, it is the same after any number of plays. `None` where the
    /// outputs are too many, see [`TooFine`](super::through::TooFine).
    pub fn after_one_play(&self) -> Option<f64> {
        self.through.check().ok()?;
        Some(self.through.title_named(self.prior))
    }

    /// How often it is named right after endless fresh plays: everything that the channel tells apart is known.
    /// O(files).
    pub fn after_endless_plays(&self) -> f64 {
        self.places.iter().map(Places::largest_over_places).sum::<u64>() as f64 / self.drawn.total() as f64
    }
}
