//! A1, the linkage attacker: holds the catalogue, sees what one play emits, guesses the likeliest.

use std::borrow::Cow;
use std::collections::HashMap;

use rand::RngExt;

use super::seen::{Seen, Sight};
use super::{Prior, Target, Trial};
use crate::catalogue::Catalogue;
use crate::catalogue::stream::Stream;
use crate::classes::Key;

/// How many it names where it may name several.
const GUESSES: usize = 3;

/// An attacker that has studied a catalogue.
pub struct Attacker<'a> {
    catalogue: &'a Catalogue,
    sight: Sight<'a>,
    prior: Prior,
    name: Cow<'a, [u32]>,
    /// The likeliest, in order.
    guesses: HashMap<Seen, Vec<u32>>,
}

/// What the same plays achieve with one guess and with three.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// Named right with one guess.
    pub top1: Trial,
    /// One of three guesses was right.
    pub top3: Trial,
}

impl<'a> Attacker<'a> {
    /// Studies the catalogue: for every thing that could be seen, the three targets with the most weight.
    /// O(files), by hashing; nothing is shared with the closed form.
    pub fn study(catalogue: &'a Catalogue, key: Key<'a>, target: Target, prior: Prior) -> Self {
        let (sight, name) = (Sight::new(catalogue, key), target.names(catalogue));
        let mut weights: HashMap<(Seen, u32), u64> = HashMap::new();
        for file in 0..catalogue.files() {
            *weights.entry((sight.see(file), name[file])).or_default() += prior.weight(catalogue, file);
        }
        let mut candidates: HashMap<Seen, Vec<(u64, u32)>> = HashMap::new();
        for ((seen, name), weight) in weights {
            candidates.entry(seen).or_default().push((weight, name));
        }
        let best = |(seen, mut candidates): (Seen, Vec<(u64, u32)>)| {
            // Among equals the lowest number, so that a run can be repeated.
            candidates.sort_unstable_by_key(|&(weight, name)| (std::cmp::Reverse(weight), name));
            (seen, candidates.into_iter().take(GUESSES).map(|(_, name)| name).collect())
        };
        Self { catalogue, sight, prior, name, guesses: candidates.into_iter().map(best).collect() }
    }

    /// Draws plays by the prior, guesses each, counts.
    pub fn run(&self, draws: u64, random: &mut Stream) -> Trial {
        self.run_ranked(draws, random).top1
    }

    /// The same plays, with one guess and with three.
    pub fn run_ranked(&self, draws: u64, random: &mut Stream) -> Ranked {
        let sums: Vec<u64> = (0..self.catalogue.files())
            .scan(0, |sum, file| {
                *sum += self.prior.weight(self.catalogue, file);
                Some(*sum)
            })
            .collect();
        let total = sums.last().copied().unwrap_or(0);
        let (mut first, mut any) = (0, 0);
        for _ in 0..draws {
            let at = random.random_range(0..total.max(1));
            let file = sums.partition_point(|&sum| sum <= at).min(sums.len() - 1);
            let guesses = self.guesses.get(&self.sight.see(file)).map_or(&[][..], Vec::as_slice);
            let place = guesses.iter().position(|&guess| guess == self.name[file]);
            first += u64::from(place == Some(0));
            any += u64::from(place.is_some());
        }
        Ranked { top1: Trial::new(draws, first), top3: Trial::new(draws, any) }
    }
}
