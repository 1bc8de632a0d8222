//! The attacker that runs: studies what its catalogue holds, sees plays of the whole world, speaks when it is sure.

use std::collections::HashMap;

use serde::Serialize;

use super::doubt::{Held, Missing};
use super::{Doubt, World};
use crate::attack::seen::{Seen, Sight};
use crate::attack::{Prior, Trial};
use crate::catalogue::Catalogue;
use crate::catalogue::Drawn;
use crate::catalogue::stream::Stream;
use crate::classes::Key;

/// What each file of a world emits, as numbers.
pub struct Attacker<'a> {
    catalogue: &'a Catalogue,
    seen: Vec<u32>,
    sights: usize,
}

/// What an attacker who ran achieved.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ran {
    /// Right, of the plays at which it spoke.
    pub precision: Trial,
    /// Spoke and was right, of all plays drawn.
    pub recall: Trial,
}

impl<'a> Attacker<'a> {
    /// Looks at every file, by hashing; nothing is shared with the closed form. O(files).
    pub fn study(catalogue: &'a Catalogue, key: Key<'a>) -> Self {
        let sight = Sight::new(catalogue, key);
        let mut numbers: HashMap<Seen, u32> = HashMap::new();
        let mut number = |file| {
            let next = numbers.len() as u32;
            *numbers.entry(sight.see(file)).or_insert(next)
        };
        let seen = (0..catalogue.files()).map(&mut number).collect();
        Self { catalogue, seen, sights: numbers.len() }
    }

    /// Draws plays of what is played, and speaks where the posterior of a listed title is at least 0.95. `None` where
    /// nothing is played. O(files + draws log files).
    pub fn run(
        &self,
        world: &World,
        doubt: Doubt,
        prior: Prior,
        draws: u64,
        random: &mut Stream,
    ) -> Option<Ran> {
        let title = self.catalogue.title();
        let role = |file: usize| world.roles[title[file] as usize];
        let weight = |file: usize| prior.weight(self.catalogue, file);
        let files = 0..self.catalogue.files();
        let drawn =
            Drawn::new(files.clone().map(|file| if role(file).is_played() { weight(file) } else { 0 }));
        if drawn.total() == 0 {
            return None;
        }
        let mut held = vec![Held::default(); self.sights];
        let mut top = vec![u32::MAX; self.sights];
        let mut of_title: HashMap<(u32, u32), u64> = HashMap::new();
        for file in files {
            let seen = self.seen[file] as usize;
            if role(file).is_played() {
                held[seen].played += weight(file);
            }
            if role(file).is_listed() {
                *of_title.entry((self.seen[file], title[file])).or_default() += weight(file);
            }
        }
        for ((seen, title), weight) in of_title {
            let held = &mut held[seen as usize];
            held.titles += 1;
            held.listed += weight;
            // Of two that are equally likely neither is sure, so it doesn't matter which one stays.
            if weight > held.top {
                held.top = weight;
                top[seen as usize] = title;
            }
        }
        let missing = Missing::learn(world.coverage_percent, held.iter().copied());
        let sure: Vec<bool> = held.iter().map(|&held| missing.is_sure(held, doubt)).collect();
        let (mut spoken, mut right) = (0, 0);
        for _ in 0..draws {
            let file = drawn.draw(random);
            let seen = self.seen[file] as usize;
            spoken += u64::from(sure[seen]);
            right += u64::from(sure[seen] && top[seen] == title[file]);
        }
        Some(Ran { precision: Trial::new(spoken, right), recall: Trial::new(draws, right) })
    }
}
