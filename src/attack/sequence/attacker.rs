//! The sequence attacker that really runs: it draws stretches, looks for them in the whole catalogue, guesses, counts.

use std::collections::HashMap;

use rand::RngExt;

use super::super::seen::{Seen, Sight};
use super::super::{Prior, Trial};
use super::{Order, Runs};
use crate::catalogue::Catalogue;
use crate::catalogue::Drawn;
use crate::catalogue::stream::Stream;
use crate::classes::Key;

/// An attacker that knows the catalogue's runs and what each file emits.
pub struct Binger<'a> {
    catalogue: &'a Catalogue,
    runs: &'a Runs,
    /// What the file at each place emits, as a number.
    emits: Vec<u32>,
}

impl<'a> Binger<'a> {
    /// Looks at every file once. O(files), by hashing; nothing is shared with the closed form but the runs.
    pub fn study(catalogue: &'a Catalogue, key: Key<'_>, runs: &'a Runs) -> Self {
        let sight = Sight::new(catalogue, key);
        let mut numbers: HashMap<Seen, u32> = HashMap::new();
        let mut number = |&file: &u32| {
            let next = numbers.len() as u32;
            *numbers.entry(sight.see(file as usize)).or_insert(next)
        };
        let emits = runs.files().iter().map(&mut number).collect();
        Self { catalogue, runs, emits }
    }

    /// Draws so many stretches by the prior and names the series of each. `None` where no run is long enough, for no
    /// play, and where nobody plays any of them.
    ///
    /// What was drawn is looked for in one pass over the catalogue, so the memory is that of the draws.
    /// O(files x plays) in order, O(files x plays²) where one file is missing.
    pub fn run(
        &self,
        order: Order,
        plays: u32,
        prior: Prior,
        draws: u64,
        random: &mut Stream,
    ) -> Option<Trial> {
        let starts: Vec<u32> = self.runs.starts(order.stretch(plays)).collect();
        let weight = |&start: &u32| prior.weight(self.catalogue, self.runs.files()[start as usize] as usize);
        let places = Drawn::new(starts.iter().map(weight));
        if places.total() == 0 || plays == 0 {
            return None;
        }

        // What was seen, and how often each series was behind it.
        let mut drawn: HashMap<Vec<u32>, HashMap<u32, u64>> = HashMap::new();
        for _ in 0..draws {
            let start = starts[places.draw(random)];
            let gap = random.random_range(order.gaps(plays));
            let mut word = Vec::new();
            self.read(order, plays, start, gap, &mut word);
            *drawn.entry(word).or_default().entry(self.series(start)).or_default() += 1;
        }
        let mut weights: HashMap<&[u32], HashMap<u32, u128>> = HashMap::new();
        let mut word = Vec::new();
        for &start in &starts {
            let weight = weight(&start);
            for gap in order.gaps(plays) {
                self.read(order, plays, start, gap, &mut word);
                if let Some((word, _)) = drawn.get_key_value(&word) {
                    let of_series = weights.entry(word).or_default();
                    *of_series.entry(self.series(start)).or_default() += u128::from(weight);
                }
            }
        }
        let hits_of = |(word, behind): (&Vec<u32>, &HashMap<u32, u64>)| {
            let of_series = weights.get(word.as_slice())?;
            // Among equals the lowest number, so that a run can be repeated.
            let guess =
                of_series.iter().max_by_key(|&(&series, &weight)| (weight, std::cmp::Reverse(series)))?;
            behind.get(guess.0).copied()
        };
        Some(Trial::new(draws, drawn.iter().filter_map(hits_of).sum()))
    }

    fn series(&self, place: u32) -> u32 {
        self.catalogue.series()[self.runs.files()[place as usize] as usize]
    }

    /// What is seen of the stretch that begins there.
    fn read(&self, order: Order, plays: u32, start: u32, gap: u32, word: &mut Vec<u32>) {
        let stretch = plays + u32::from(gap > 0);
        word.clear();
        let seen = (0..stretch).filter(|&at| gap == 0 || at != gap);
        word.extend(seen.map(|at| self.emits[(start + at) as usize]));
        if order == Order::Shuffled {
            word.sort_unstable();
        }
    }
}
