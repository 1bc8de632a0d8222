//! The attacker that runs behind several others: studies a catalogue, sees what one play emits, guesses the likeliest.

use std::collections::HashMap;

use rand::RngExt;

use super::seen::{Seen, Sight};
use super::{Prior, Trial};
use crate::catalogue::Catalogue;
use crate::catalogue::stream::Stream;
use crate::classes::Key;

/// An attacker that has studied a catalogue in order to name a secret of each file.
pub(super) struct Guesser<'a> {
    catalogue: &'a Catalogue,
    sight: Sight<'a>,
    secret: Vec<u32>,
    prior: Prior,
    guess: HashMap<Seen, u32>,
}

impl<'a> Guesser<'a> {
    /// Studies the catalogue: for every thing that could be seen, the secret with the most weight.
    /// O(files), by hashing; nothing is shared with the closed forms.
    pub fn study(catalogue: &'a Catalogue, key: Key<'a>, secret: Vec<u32>, prior: Prior) -> Self {
        let sight = Sight::new(catalogue, key);
        let mut guesser = Self { catalogue, sight, secret, prior, guess: HashMap::new() };
        let mut weights: HashMap<(Seen, u32), u64> = HashMap::new();
        for file in 0..catalogue.files() {
            *weights.entry((guesser.sight.see(file), guesser.secret[file])).or_default() +=
                guesser.weight(file);
        }
        let mut best: HashMap<Seen, (u64, u32)> = HashMap::new();
        for ((seen, secret), weight) in weights {
            let held = best.entry(seen).or_insert((weight, secret));
            // Among equals the lowest number, so that a run can be repeated.
            if weight > held.0 || (weight == held.0 && secret < held.1) {
                *held = (weight, secret);
            }
        }
        guesser.guess = best.into_iter().map(|(seen, (_, secret))| (seen, secret)).collect();
        guesser
    }

    fn weight(&self, file: usize) -> u64 {
        self.prior.weight(self.catalogue, file)
    }

    /// Draws plays of these files by the prior, guesses each, counts. `None` where none of them is ever played.
    pub fn run(&self, files: &[u32], draws: u64, random: &mut Stream) -> Option<Trial> {
        let sums: Vec<u64> = files
            .iter()
            .scan(0, |sum, &file| {
                *sum += self.weight(file as usize);
                Some(*sum)
            })
            .collect();
        let total = sums.last().copied().filter(|&total| total > 0)?;
        let mut hits = 0;
        for _ in 0..draws {
            let at = random.random_range(0..total);
            let file = files[sums.partition_point(|&sum| sum <= at)] as usize;
            hits += u64::from(self.guess.get(&self.sight.see(file)) == Some(&self.secret[file]));
        }
        Some(Trial::new(draws, hits))
    }
}
