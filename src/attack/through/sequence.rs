//! A4 through a channel: linked plays of a season or an album, each of which left as an output that was drawn.
//!
//! A server plays each file of a stretch once, so that a memoized channel and a fresh one draw alike. Given a stretch the
//! outputs are independent: its likelihood is the product of their probabilities, summed over the files that may be
//! missing. The attacker holds the exact posterior over all stretches and names the series that holds the most. How often
//! it is right is a sum over every row of outputs that can leave, as many as outputs to the power of plays: that is made
//! for one play alone ([`Bingers::first_play`]), and for more the plays that were drawn tell it, with how sure the attacker
//! was of each. Without their order the likelihood of plays is a permanent, which nobody can sum up: that order isn't asked.
//!
//! # Laws
//! - One linked play is A1 through the channel at the level of the series.
//! - No stretch is named more often than by who sees the rounding before the channel.
//! - On average the attacker is right as often as it is sure.

use std::collections::BTreeMap;

use rand::RngExt;
use rayon::prelude::*;
use thiserror::Error;

use super::attacker::likely;
use super::spread::{Entry, Spread};
use super::{MOST_TERMS, Through};
use crate::attack::channel::Logarithms;
use crate::attack::sequence::{Order, Runs};
use crate::attack::{Prior, Trial};
use crate::catalogue::Drawn;
use crate::catalogue::stream::Stream;

/// More stretches to weigh than anybody waits for.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "weighing {draws} stretches of plays takes {terms} probabilities, and {most} are the most: draw {affordable} of them \
     at most"
)]
pub struct TooMany {
    /// Stretches drawn.
    pub draws: u64,
    /// Probabilities to multiply.
    pub terms: u64,
    /// The most.
    pub most: u64,
    /// How many stretches are about as many as that.
    pub affordable: u64,
}

/// What an attacker achieved who weighs every stretch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recognized {
    /// Series named right.
    pub trial: Trial,
    /// How sure it was of what it named, on average: the same rate in expectation, with less noise.
    pub sure: f64,
}

/// An attacker who knows the runs of a catalogue, of which the duration leaves through a channel.
pub struct Bingers<'t, 'a> {
    through: &'t Through<'a>,
    runs: &'t Runs,
    part_of: Vec<u32>,
    /// Where each file stands in the runs.
    place_of: Vec<u32>,
    /// Files of each part by rising value.
    rising: Vec<Vec<u32>>,
    /// Of the channel of each part.
    chances: Vec<Logarithms>,
}

/// What is seen of one play: what leaves beside the duration, and the output.
type Play = (u32, i64);

/// Where a stretch begins, and its plays as they are seen.
type Stretch = (u32, Vec<Play>);

impl<'t, 'a> Bingers<'t, 'a> {
    /// Studies the catalogue. O(files log files).
    pub fn study(through: &'t Through<'a>, runs: &'t Runs) -> Self {
        let mut place_of = vec![0; runs.files().len()];
        (0..).zip(runs.files()).for_each(|(place, &file)| place_of[file as usize] = place);
        let rising = |part: &super::Part| {
            let mut files = part.files.clone();
            files.sort_unstable_by_key(|&file| (through.values()[file as usize], file));
            files
        };
        Self {
            through,
            runs,
            part_of: through.part_of(),
            place_of,
            rising: through.parts().iter().map(rising).collect(),
            chances: through.parts().iter().map(|part| part.channel.logarithms()).collect(),
        }
    }

    /// How often who sees the first play alone of a stretch that long names the series, as a closed form; `None` where
    /// nobody plays any. With a stretch of one it is all that one play tells. O(files log files + probabilities summed).
    pub fn first_play(&self, stretch: u32, prior: Prior) -> Option<f64> {
        let catalogue = self.through.catalogue();
        let starts = |&&file: &&u32| self.runs.left()[self.place_of[file as usize] as usize] >= stretch;
        let entry = |&file: &u32| Entry {
            value: self.through.values()[file as usize],
            name: catalogue.series()[file as usize],
            weight: prior.weight(catalogue, file as usize),
        };
        let of_part = |part: &super::Part| {
            let entries = part.files.iter().filter(starts).map(entry).filter(|entry| entry.weight > 0);
            Spread::of(part.channel, entries).told().top1
        };
        let right: Vec<f64> = self.through.parts().par_iter().map(of_part).collect();
        let starts = self.runs.starts(stretch).map(|start| self.weight(start, prior));
        let all = starts.map(u128::from).sum::<u128>();
        (all > 0).then(|| (right.iter().sum::<f64>() / all as f64).min(1.0))
    }

    /// Draws so many stretches by the prior, and the output of each play, and names the series of each. `None` where no
    /// run is long enough, where nobody plays any, for no play, and without their order.
    ///
    /// O(draws x stretches x plays), where a stretch counts that may have yielded the one output that fewest files may
    /// have. So a few thousand albums take some seconds for a thousand draws, and
    /// less through a channel that draws nearby.
    ///
    /// # Errors
    /// [`TooMany`].
    pub fn run(
        &self,
        order: Order,
        plays: u32,
        prior: Prior,
        draws: u64,
        random: &mut Stream,
    ) -> Result<Option<Recognized>, TooMany> {
        if plays == 0 || order == Order::Shuffled {
            return Ok(None);
        }
        let starts: Vec<u32> = self.runs.starts(order.stretch(plays)).collect();
        let drawn = Drawn::new(starts.iter().map(|&start| self.weight(start, prior)));
        if drawn.total() == 0 {
            return Ok(None);
        }
        let gaps = order.gaps(plays);
        let mut seen: Vec<Stretch> = Vec::new();
        for _ in 0..draws {
            let start = starts[drawn.draw(random)];
            let gap = random.random_range(gaps.clone());
            let offsets = (0..plays + u32::from(gap > 0)).filter(|&at| gap == 0 || at != gap);
            let plays: Vec<Play> = offsets.map(|at| self.leaves(start + at, random)).collect();
            seen.push((start, plays));
        }
        let few: Vec<(u32, &[u32])> = seen.iter().map(|(_, plays)| self.fewest(order, plays)).collect();
        let terms =
            few.iter().map(|(_, files)| files.len() as u64).sum::<u64>().saturating_mul(u64::from(plays));
        if terms > MOST_TERMS {
            let affordable = (draws as f64 * MOST_TERMS as f64 / terms as f64) as u64;
            return Err(TooMany { draws, terms, most: MOST_TERMS, affordable });
        }
        let judge = |((start, plays), (at, files)): (&Stretch, (u32, &[u32]))| {
            let (guess, sure) = self.guess(order, prior, plays, at, files)?;
            Some((guess == self.series(*start), sure))
        };
        let judged: Vec<Option<(bool, f64)>> = seen.par_iter().zip(few).map(judge).collect();
        let hits = judged.iter().flatten().filter(|(right, _)| *right).count() as u64;
        let sure = judged.iter().flatten().map(|(_, sure)| sure).sum::<f64>() / draws.max(1) as f64;
        Ok(Some(Recognized { trial: Trial::new(draws, hits), sure }))
    }

    fn series(&self, place: u32) -> u32 {
        self.through.catalogue().series()[self.runs.files()[place as usize] as usize]
    }

    fn weight(&self, place: u32, prior: Prior) -> u64 {
        prior.weight(self.through.catalogue(), self.runs.files()[place as usize] as usize)
    }

    fn leaves(&self, place: u32, random: &mut Stream) -> Play {
        let file = self.runs.files()[place as usize] as usize;
        let part = self.part_of[file];
        let channel = self.through.parts()[part as usize].channel;
        (part, channel.sample(self.through.values()[file], random))
    }

    /// The play that fewest files are likely behind, by its place in the stretch, and those files. Where one is missing
    /// only the first and the last play have a place.
    fn fewest(&self, order: Order, plays: &[Play]) -> (u32, &[u32]) {
        let last = plays.len() - 1;
        let placed = (0..plays.len()).filter(|&at| order == Order::InOrder || at == 0 || at == last);
        let of = |at: usize| {
            let (part, output) = plays[at];
            let channel = self.through.parts()[part as usize].channel;
            let late = u32::from(order == Order::OneMissing && at > 0);
            (at as u32 + late, likely(channel, self.through.values(), &self.rising[part as usize], output))
        };
        placed.map(of).min_by_key(|(_, files)| files.len()).unwrap_or((0, &[]))
    }

    /// The series that holds the most, of equals the lowest, and the share that it holds.
    fn guess(
        &self,
        order: Order,
        prior: Prior,
        plays: &[Play],
        at: u32,
        files: &[u32],
    ) -> Option<(u32, f64)> {
        let left = self.runs.left();
        let stretch = order.stretch(plays.len() as u32);
        let mut weighed: Vec<(u32, f64)> = Vec::new();
        for &file in files {
            let place = self.place_of[file as usize];
            let Some(start) = place.checked_sub(at) else { continue };
            // Of the same run exactly if as many more files are left.
            let same_run = left[start as usize] == left[place as usize] + at;
            let weight =
                if same_run && left[start as usize] >= stretch { self.weight(start, prior) } else { 0 };
            if weight > 0 {
                let likelihood = self.likelihood(order, plays, start);
                weighed.push((self.series(start), likelihood + libm::log(weight as f64)));
            }
        }
        let most = weighed.iter().map(|&(_, log)| log).fold(f64::NEG_INFINITY, f64::max);
        if most == f64::NEG_INFINITY {
            return None;
        }
        let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
        weighed.iter().for_each(|&(series, log)| *sums.entry(series).or_default() += libm::exp(log - most));
        let all: f64 = sums.values().sum();
        let best = sums.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        Some((best.0, best.1 / all))
    }

    /// How likely the stretch that begins there shows these plays, as a natural logarithm.
    fn likelihood(&self, order: Order, plays: &[Play], start: u32) -> f64 {
        let of = |at: usize, late: u32| {
            let file = self.runs.files()[(start + at as u32 + late) as usize] as usize;
            let (part, output) = plays[at];
            if self.part_of[file] != part {
                return f64::NEG_INFINITY;
            }
            self.chances[part as usize].of(self.through.values()[file], output)
        };
        let gaps = order.gaps(plays.len() as u32);
        if gaps.start == 0 {
            return (0..plays.len()).map(|at| of(at, 0)).sum();
        }
        // Before the gap as in order, and one later behind it.
        let mut behind = vec![0.0; plays.len() + 1];
        (1..plays.len()).rev().for_each(|at| behind[at] = behind[at + 1] + of(at, 1));
        let mut logs = Vec::with_capacity(plays.len());
        let mut before = 0.0;
        for (at, behind) in behind[1..plays.len()].iter().enumerate() {
            before += of(at, 0);
            logs.push(before + behind);
        }
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if most == f64::NEG_INFINITY {
            return most;
        }
        most + libm::log(logs.iter().map(|log| libm::exp(log - most)).sum::<f64>())
    }
}
