//! The attacker that runs behind several others: studies a catalogue, sees what one play emits, guesses the likeliest.

use std::collections::HashMap;

use rand::RngExt;

use super::{Prior, Trial};
use crate::catalogue::stream::Stream;
use crate::catalogue::{Catalogue, Category};
use crate::classes::{Inside, Key};

/// What one play emits: the bucket's lower edge or a missing value, and the codes of the side fields.
/// `None` is the symbol `other`: an output like any other (minimality).
type Seen = Option<(u64, Option<u64>, Vec<u16>)>;

/// An attacker that has studied a catalogue in order to name a secret of each file.
pub(super) struct Guesser<'a> {
    catalogue: &'a Catalogue,
    key: Key<'a>,
    secret: Vec<u32>,
    prior: Prior,
    inside: Inside<'a>,
    guess: HashMap<Seen, u32>,
}

impl<'a> Guesser<'a> {
    /// Studies the catalogue: for every thing that could be seen, the secret with the most weight.
    /// O(files), by hashing; nothing is shared with the closed forms.
    pub fn study(catalogue: &'a Catalogue, key: Key<'a>, secret: Vec<u32>, prior: Prior) -> Self {
        let inside = Inside::of(key.other, catalogue);
        let mut guesser = Self { catalogue, key, secret, prior, inside, guess: HashMap::new() };
        let mut weights: HashMap<(Seen, u32), u64> = HashMap::new();
        for file in 0..catalogue.files() {
            *weights.entry((guesser.see(file), guesser.secret[file])).or_default() += guesser.weight(file);
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

    fn see(&self, file: usize) -> Seen {
        if self.inside.holds(file) {
            return None;
        }
        let duration = self.key.duration.bucket(u64::from(self.catalogue.duration_ms()[file])).from;
        let nothing = self.key.bitrate.bucket(0).to.is_none();
        let rate = self.catalogue.bitrate_bps().and_then(|rates| rates[file]).filter(|_| !nothing);
        let rate = rate.map(|rate| self.key.bitrate.bucket(u64::from(rate.get())).from);
        let side = self.key.by.iter().filter_map(|&field| self.catalogue.side(field));
        Some((duration, rate, side.map(|column: &Category| column.codes()[file]).collect()))
    }

    fn weight(&self, file: usize) -> u64 {
        match self.prior {
            Prior::Uniform => 1,
            Prior::Popularity => self.catalogue.weight()[file],
        }
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
            hits += u64::from(self.guess.get(&self.see(file)) == Some(&self.secret[file]));
        }
        Some(Trial::new(draws, hits))
    }
}
