//! The attacker that really runs: it counts plays of servers that play from the whole catalogue, and judges each.

use std::collections::HashMap;

use rayon::prelude::*;

use super::super::seen::{Seen, Sight};
use super::super::{Prior, Trial, poisson};
use super::Threshold;
use crate::catalogue::Catalogue;
use crate::catalogue::Drawn;
use crate::catalogue::stream::stream;
use crate::catalogue::synthetic::draw::unit;
use crate::classes::Key;

/// What leaves of each file as a number, by looking at each; nothing is shared with the closed forms.
pub(super) fn emitted(catalogue: &Catalogue, key: Key<'_>) -> Vec<u32> {
    let sight = Sight::new(catalogue, key);
    let mut numbers: HashMap<Seen, u32> = HashMap::new();
    let mut number = |file: usize| {
        let next = numbers.len() as u32;
        *numbers.entry(sight.see(file)).or_insert(next)
    };
    (0..catalogue.files()).map(&mut number).collect()
}

/// Servers that play from the whole catalogue by a prior.
pub(super) struct Crowd<'a> {
    emitted: &'a [u32],
    drawn: Drawn,
    plays: f64,
    repeats: f64,
}

/// What was said of servers without the file, and of the same with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Said {
    pub false_alarms: Trial,
    pub right: Trial,
}

impl<'a> Crowd<'a> {
    /// Of a catalogue whose files leave as these numbers. O(files).
    pub fn of(catalogue: &Catalogue, emitted: &'a [u32], prior: Prior, plays: f64, repeats: f64) -> Self {
        let drawn = Drawn::new((0..catalogue.files()).map(|file| prior.weight(catalogue, file)));
        Self { emitted, drawn, plays, repeats }
    }

    /// Draws so many servers for each target, without and with it, and judges both at each threshold of the target.
    /// A server of its own for each, so that judgements are independent. O(servers x plays x log files).
    pub fn run(&self, name: &str, targets: &[(u32, Vec<Threshold>)], servers: u32, seed: u64) -> Vec<Said> {
        let each = targets.len() as u64 * u64::from(servers);
        let judge = |server: u64| -> Vec<[bool; 2]> {
            let (target, thresholds) = &targets[(server % targets.len() as u64) as usize];
            let mut random = stream(seed, name, server);
            let bucket = self.emitted[*target as usize];
            let mut without = 0;
            for _ in 0..poisson::draw(self.plays, &mut random) {
                // Who doesn't hold it plays another file.
                let file = self.drawn.draw_but(*target as usize, &mut random);
                without += u64::from(self.emitted[file] == bucket);
            }
            let with = without + poisson::draw(self.repeats, &mut random);
            let mut says = |threshold: &Threshold| {
                let draw = unit(&mut random);
                [without, with].map(|count| threshold.says(count, draw))
            };
            thresholds.iter().map(&mut says).collect()
        };
        let judged: Vec<Vec<[bool; 2]>> = (0..each).into_par_iter().map(judge).collect();
        counted(&judged, targets.first().map_or(0, |(_, thresholds)| thresholds.len()))
    }
}

/// Threshold by threshold, of servers that were judged without the file and with it.
pub(super) fn counted(judged: &[Vec<[bool; 2]>], thresholds: usize) -> Vec<Said> {
    let of_threshold = |at: usize| {
        let count = |which: usize| judged.iter().filter(|said| said[at][which]).count() as u64;
        let trial = |which| Trial::new(judged.len() as u64, count(which));
        Said { false_alarms: trial(0), right: trial(1) }
    };
    (0..thresholds).map(of_threshold).collect()
}
