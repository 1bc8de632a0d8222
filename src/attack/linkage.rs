//! A1, the linkage attacker: holds the catalogue, sees what one play emits, guesses the likeliest.

use std::collections::HashMap;

use rand::RngExt;

use super::{Prior, Target, Trial};
use crate::catalogue::stream::Stream;
use crate::catalogue::{Catalogue, Category};
use crate::classes::{Inside, Key};

/// What one play emits: the bucket's lower edge or a missing value, and the codes of the side fields.
/// `None` is the symbol `other`: an output like any other (minimality).
type Seen = Option<(u64, Option<u64>, Vec<u16>)>;

/// An attacker that has studied a catalogue.
pub struct Attacker<'a> {
    catalogue: &'a Catalogue,
    key: Key<'a>,
    target: Target,
    prior: Prior,
    inside: Inside<'a>,
    guess: HashMap<Seen, u32>,
}

impl<'a> Attacker<'a> {
    /// Studies the catalogue: for every thing that could be seen, the target with the most weight.
    /// O(files), by hashing; nothing is shared with the closed form.
    pub fn study(catalogue: &'a Catalogue, key: Key<'a>, target: Target, prior: Prior) -> Self {
        let inside = Inside::of(key.other, catalogue);
        let mut attacker = Self { catalogue, key, target, prior, inside, guess: HashMap::new() };
        let mut weights: HashMap<(Seen, u32), u64> = HashMap::new();
        for file in 0..catalogue.files() {
            *weights.entry((attacker.see(file), attacker.name(file))).or_default() += attacker.weight(file);
        }
        let mut best: HashMap<Seen, (u64, u32)> = HashMap::new();
        for ((seen, name), weight) in weights {
            let held = best.entry(seen).or_insert((weight, name));
            // Among equals the lowest number, so that a run can be repeated.
            if weight > held.0 || (weight == held.0 && name < held.1) {
                *held = (weight, name);
            }
        }
        attacker.guess = best.into_iter().map(|(seen, (_, name))| (seen, name)).collect();
        attacker
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

    fn name(&self, file: usize) -> u32 {
        match self.target {
            Target::File => file as u32,
            Target::Title => self.catalogue.title()[file],
        }
    }

    fn weight(&self, file: usize) -> u64 {
        match self.prior {
            Prior::Uniform => 1,
            Prior::Popularity => self.catalogue.weight()[file],
        }
    }

    /// Draws plays by the prior, guesses each, counts.
    pub fn run(&self, draws: u64, random: &mut Stream) -> Trial {
        let sums: Vec<u64> = (0..self.catalogue.files())
            .scan(0, |sum, file| {
                *sum += self.weight(file);
                Some(*sum)
            })
            .collect();
        let total = sums.last().copied().unwrap_or(0);
        let mut hits = 0;
        for _ in 0..draws {
            let at = random.random_range(0..total.max(1));
            let file = sums.partition_point(|&sum| sum <= at).min(sums.len() - 1);
            hits += u64::from(self.guess.get(&self.see(file)) == Some(&self.name(file)));
        }
        Trial::new(draws, hits)
    }
}
