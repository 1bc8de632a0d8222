//! A8, averaging: one file is played again and again, and each play is rounded at random.
//!
//! Fresh draws of one value average out: the mean of n errs by 1/sqrt(n) of what one errs, and in the end the file is
//! as well known as if nothing had been drawn. Memoized draws tell after a thousand plays what they told after one.

mod places;

use std::collections::BTreeMap;

use rand::Rng;
use rayon::prelude::*;
use serde::Serialize;

use self::places::Places;
use super::channel::{Memo, Memory, Randomized};
use super::{Prior, Trial};
use crate::catalogue::Catalogue;
use crate::catalogue::Drawn;
use crate::catalogue::stream::stream;

/// The numbers of plays after which the attacker guesses.
pub const PLAYS: [u32; 4] = [1, 10, 100, 1_000];

/// Outputs of noise that a closed form sums over, at most: a minute or so of work.
pub const MOST_OUTPUTS: i64 = 1 << 22;

/// An attacker that has studied a catalogue, knows the channel and whether it is memoized, and names titles.
pub struct Attacker<'a> {
    catalogue: &'a Catalogue,
    randomized: Randomized,
    prior: Prior,
    drawn: Drawn,
    places: Places,
}

/// What the attacker achieved after so many plays of one file.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Averaged {
    /// Plays of the one file.
    pub plays: u32,
    /// Titles named right, over files drawn by the prior.
    #[serde(flatten)]
    pub trial: Trial,
    /// Root mean square error in ms of the mean output; `None` where outputs estimate no number.
    pub error_ms: Option<f64>,
    /// What it is by the variances of the channel: falls as 1/sqrt(plays) where draws are fresh.
    pub expected_error_ms: Option<f64>,
}

impl<'a> Attacker<'a> {
    /// Studies the catalogue. O(files log files).
    pub fn study(catalogue: &'a Catalogue, randomized: Randomized, prior: Prior) -> Self {
        let weight = |file: usize| prior.weight(catalogue, file);
        let drawn = Drawn::new((0..catalogue.files()).map(weight));
        let file = |file: usize| (catalogue.duration_ms()[file], catalogue.title()[file], weight(file));
        let files = (0..catalogue.files()).map(file);
        let places = Places::of(randomized.channel, catalogue.titles() as usize, files);
        Self { catalogue, randomized, prior, drawn, places }
    }

    /// Draws files by the prior, and for each as many plays as the largest number; guesses after each number of plays,
    /// which must rise. Each draw has a stream of its own, so results don't depend on the number of threads.
    /// O(draws x (plays + what is likely)).
    pub fn run(&self, draws: u32, plays: &[u32], seed: u64) -> Vec<Averaged> {
        let runs: Vec<Vec<(bool, f64)>> = (0..draws)
            .into_par_iter()
            .map_init(|| self.places.scratch(), |scratch, draw| self.one(draw, plays, seed, scratch))
            .collect();
        let expected = self.mean_variance();
        let after = |(at, &plays): (usize, &u32)| {
            let hits = runs.iter().filter(|run| run[at].0).count();
            let squares: f64 = runs.iter().map(|run| run[at].1 * run[at].1).sum();
            let drawn = if self.randomized.memory == Memory::Fresh { f64::from(plays) } else { 1.0 };
            Averaged {
                plays,
                trial: Trial::new(u64::from(draws), hits as u64),
                error_ms: expected.map(|_| libm::sqrt(squares / f64::from(draws.max(1)))),
                expected_error_ms: expected.map(|variance| libm::sqrt(variance / drawn)),
            }
        };
        plays.iter().enumerate().map(after).collect()
    }

    /// Plays one file; after each number of plays whether its title is named right, and the error of the mean.
    fn one(&self, draw: u32, plays: &[u32], seed: u64, scratch: &mut [f64]) -> Vec<(bool, f64)> {
        let channel = self.randomized.channel;
        let mut random = stream(seed, "averaging", u64::from(draw));
        let file = self.drawn.draw(&mut random);
        let value = u64::from(self.catalogue.duration_ms()[file]);
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
            let right = self.guess(&outputs, scratch) == Some(self.catalogue.title()[file]);
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
    fn guess(&self, outputs: &BTreeMap<i64, u64>, scratch: &mut [f64]) -> Option<u32> {
        // Who knows that all plays repeat one draw counts it once.
        let memoized = self.randomized.memory == Memory::Memoized;
        let outputs: Vec<(i64, u64)> =
            outputs.iter().map(|(&output, &times)| (output, if memoized { 1 } else { times })).collect();
        let likely = self.places.likely(&outputs);
        let most = likely.iter().map(|&(_, log)| log).fold(f64::NEG_INFINITY, f64::max);
        let factor = |(place, log): &(usize, f64)| (*place, libm::exp(log - most));
        let (title, _) = self.places.heaviest(likely.iter().map(factor), scratch)?;
        Some(title)
    }

    /// Mean over plays of the variance of one output, in ms^2.
    fn mean_variance(&self) -> Option<f64> {
        let of_file = |file: usize| {
            let value = u64::from(self.catalogue.duration_ms()[file]);
            let deviation = self.randomized.channel.deviation(value)?;
            Some(self.prior.weight(self.catalogue, file) as f64 * deviation * deviation)
        };
        let sum: Option<f64> = (0..self.catalogue.files()).map(of_file).sum();
        Some(sum? / self.drawn.total() as f64)
    }

    /// How often the title is named right after one play, as a closed form: the sum over outputs of the largest
    /// weight x probability that one title holds. Memoized, it is the same after any number of plays. `None` where
    /// noise has over [`MOST_OUTPUTS`] outputs to sum over: a larger unit has fewer.
    /// O(outputs x files that each is likely from).
    pub fn after_one_play(&self) -> Option<f64> {
        Some(self.places.largest_over_outputs()? / self.drawn.total() as f64)
    }

    /// How often it is named right after endless fresh plays: everything that the channel tells apart is known.
    /// O(files).
    pub fn after_endless_plays(&self) -> f64 {
        self.places.largest_over_places() as f64 / self.drawn.total() as f64
    }
}
