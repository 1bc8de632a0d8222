//! A1, the linkage attacker: holds the catalogue, sees what one play emits, guesses the likeliest.

use super::bayes::Guesser;
use super::{Prior, Target, Trial};
use crate::catalogue::Catalogue;
use crate::catalogue::stream::Stream;
use crate::classes::Key;

pub use super::bayes::Ranked;

/// An attacker that has studied a catalogue.
pub struct Attacker<'a> {
    guesser: Guesser<'a>,
    files: Vec<u32>,
}

impl<'a> Attacker<'a> {
    /// Studies the catalogue: for every thing that could be seen, the three targets with the most weight.
    /// O(files), by hashing; nothing is shared with the closed form.
    pub fn study(catalogue: &'a Catalogue, key: Key<'a>, target: Target, prior: Prior) -> Self {
        let guesser = Guesser::study(catalogue, key, target.names(catalogue), prior);
        Self { guesser, files: (0..catalogue.files() as u32).collect() }
    }

    /// Draws plays by the prior, guesses each, counts.
    pub fn run(&self, draws: u64, random: &mut Stream) -> Trial {
        self.run_ranked(draws, random).top1
    }

    /// The same plays, with one guess and with three.
    pub fn run_ranked(&self, draws: u64, random: &mut Stream) -> Ranked {
        // Every checked catalogue has a file that weighs something.
        let none = Ranked { top1: Trial::new(0, 0), top3: Trial::new(0, 0) };
        self.guesser.run(&self.files, draws, random).unwrap_or(none)
    }
}
