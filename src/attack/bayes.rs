//! The attacker that runs behind several others: studies a catalogue, sees what one play emits, guesses the likeliest.

use std::borrow::Cow;
use std::collections::HashMap;

use super::seen::{Seen, Sight};
use super::{Prior, Trial};
use crate::catalogue::Catalogue;
use crate::catalogue::Drawn;
use crate::catalogue::stream::Stream;
use crate::classes::Key;

/// How many it names where it may name several.
pub(super) const GUESSES: usize = 3;

/// An attacker that has studied a catalogue in order to name a secret of each file.
pub(super) struct Guesser<'a> {
    catalogue: &'a Catalogue,
    sight: Sight<'a>,
    secret: Cow<'a, [u32]>,
    prior: Prior,
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

impl<'a> Guesser<'a> {
    /// Studies the catalogue: for every thing that could be seen, the three secrets with the most weight.
    /// O(files), by hashing; nothing is shared with the closed forms.
    pub fn study(catalogue: &'a Catalogue, key: Key<'a>, secret: Cow<'a, [u32]>, prior: Prior) -> Self {
        let sight = Sight::new(catalogue, key);
        let mut weights: HashMap<(Seen, u32), u64> = HashMap::new();
        for file in 0..catalogue.files() {
            *weights.entry((sight.see(file), secret[file])).or_default() += prior.weight(catalogue, file);
        }
        let mut candidates: HashMap<Seen, Vec<(u64, u32)>> = HashMap::new();
        for ((seen, secret), weight) in weights {
            candidates.entry(seen).or_default().push((weight, secret));
        }
        let best = |(seen, mut candidates): (Seen, Vec<(u64, u32)>)| {
            // Among equals the lowest number, so that a run can be repeated.
            candidates.sort_unstable_by_key(|&(weight, secret)| (std::cmp::Reverse(weight), secret));
            (seen, candidates.into_iter().take(GUESSES).map(|(_, secret)| secret).collect())
        };
        let guesses = candidates.into_iter().map(best).collect();
        Self { catalogue, sight, secret, prior, guesses }
    }

    /// Draws plays of these files by the prior, guesses each, counts. `None` where none of them is ever played.
    pub fn run(&self, files: &[u32], draws: u64, random: &mut Stream) -> Option<Ranked> {
        let weight = |&file: &u32| self.prior.weight(self.catalogue, file as usize);
        let drawn = Drawn::new(files.iter().map(weight));
        if drawn.total() == 0 {
            return None;
        }
        let (mut first, mut any) = (0, 0);
        for _ in 0..draws {
            let file = files[drawn.draw(random)] as usize;
            let guesses = self.guesses.get(&self.sight.see(file)).map_or(&[][..], Vec::as_slice);
            let place = guesses.iter().position(|&guess| guess == self.secret[file]);
            first += u64::from(place == Some(0));
            any += u64::from(place.is_some());
        }
        Some(Ranked { top1: Trial::new(draws, first), top3: Trial::new(draws, any) })
    }
}
