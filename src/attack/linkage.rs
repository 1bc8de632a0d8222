//! A1, the linkage attacker: holds the catalogue, sees what one play emits, guesses the likeliest.

use super::bayes::Guesser;
use super::{Prior, Target, Trial};
use crate::catalogue::Catalogue;
use crate::catalogue::stream::Stream;
use crate::classes::Key;

/// An attacker that has studied a catalogue.
pub struct Attacker<'a> {
    guesser: Guesser<'a>,
    files: Vec<u32>,
}

impl<'a> Attacker<'a> {
    /// Studies the catalogue: for every thing that could be seen, the target with the most weight.
    /// O(files), by hashing; nothing is shared with the closed form.
    pub fn study(catalogue: &'a Catalogue, key: Key<'a>, target: Target, prior: Prior) -> Self {
        let files: Vec<u32> = (0..catalogue.files() as u32).collect();
        let secret = match target {
            Target::File => files.clone(),
            Target::Title => catalogue.title().to_vec(),
        };
        Self { guesser: Guesser::study(catalogue, key, secret, prior), files }
    }

    /// Draws plays by the prior, guesses each, counts.
    pub fn run(&self, draws: u64, random: &mut Stream) -> Trial {
        // Every checked catalogue has a file that weighs something.
        self.guesser.run(&self.files, draws, random).unwrap_or_else(|| Trial::new(0, 0))
    }
}
