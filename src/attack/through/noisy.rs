//! A2 through a channel: the attacker's copy isn't the one that was played, and the length of that one is drawn.
//!
//! The model of copies is that of [`noisy`](crate::attack::noisy). The channel draws from the rounded length of the *played*
//! copy, so that a file yields an output with the sum, over modes and over lengths that draw alike, of both chances. The
//! attacker is the exact posterior of that. Boxes that leave as `other` aren't credited, as there.
//!
//! The interval form keeps whatever a mode's interval admits at any length that can have yielded the output. Of stochastic
//! rounding those lie within a width of it. Noise and response yield every output from every length, so that it would keep
//! every file: there is none.
//!
//! # Laws
//! - `stochastic:1ms` after any rounding is that rounding.
//! - Of the same encode alone it is A1 through the channel.
//! - No rate of the exact posterior rises above that of the rounding before the channel.

use std::borrow::Cow;

use rayon::prelude::*;
use serde::Serialize;
use thiserror::Error;

use super::TooFine;
use super::lengths::{alike, outputs};
use super::spread::{Alike, Spread};
use crate::attack::channel::Channel;
use crate::attack::heaviest::{Sums, bound};
use crate::attack::noisy::closed::{best_of, own, reached};
use crate::attack::noisy::index::{Index, Rest};
use crate::attack::noisy::run::{Hits, Sight, judge, kept};
use crate::attack::noisy::{Settings, SettingsError, targets};
use crate::attack::{Prior, Target, Trial};
use crate::catalogue::Drawn;
use crate::catalogue::stream::Stream;
use crate::classes::{Cells, Key};
use crate::rounding::Bucket;

/// Lengths that draw apart, at most.
const MOST_CELLS: usize = 1 << 16;
/// Chances that are summed up for a closed form, at most, and for all plays of a run.
const MOST_PAIRS: u64 = 1 << 26;
const MOST_RUN: u64 = 1 << 30;
/// Plays of a run, at least: where not even so many can be judged, none is.
const FEWEST: u64 = 50;

/// An attacker who sees a drawn length of a copy that it doesn't hold.
pub struct Copied<'a> {
    index: Index<'a>,
    targets: Vec<Target>,
    names: Vec<Cow<'a, [u32]>>,
    channel: Channel,
    /// Lengths that draw alike, and what each draws from.
    cells: Vec<(Bucket, u64)>,
    /// The cells by number: which are likely behind an output.
    spread: Spread,
    /// Plays that can be judged in a run.
    affordable: u64,
}

/// Why copies can't be judged through a channel.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CopiedError {
    /// The mixture of modes.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Lengths that draw apart.
    #[error(transparent)]
    TooFine(#[from] TooFine),
}

/// What the attackers achieved on the same drawn plays at one level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DrawnCopies {
    /// The exact posterior over modes and lengths.
    pub bayes: Trial,
    /// How sure it was of what it named, on average: what it hopes to be right at.
    pub sure: f64,
    /// The interval form; `None` where every output can be of every file.
    #[serde(flatten)]
    pub by_interval: Option<ByInterval>,
    /// Who takes every copy for the same encode, and weighs files by their own chance of the output.
    pub ignoring: Trial,
}

/// What the interval form achieved.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ByInterval {
    /// Named by the prior among what it keeps.
    pub interval: Trial,
    /// How often the truth is among those.
    pub interval_recall: Trial,
    /// Files that it keeps, on average.
    pub interval_candidates: f64,
    /// How often the truth is among the files that may be seen so themselves.
    pub ignoring_recall: Trial,
}

/// What is seen of a play: the kin of its title, the output, and the rest.
type Seen = (u32, i64, Rest);

impl<'a> Copied<'a> {
    /// Studies the catalogue. Boxes of the key are not credited. O(files log files + cells x kin log files).
    ///
    /// # Errors
    /// [`CopiedError`] for a mixture that makes no attacker, and where over 2^16 lengths draw apart, as they do where the
    /// duration is kept before stochastic rounding.
    pub fn study(
        cells: &Cells<'a>,
        key: Key<'a>,
        settings: &'a Settings,
        channel: Channel,
    ) -> Result<Self, CopiedError> {
        settings.check()?;
        let index = Index::new(cells, key, settings);
        let targets = targets(cells.catalogue());
        let names = targets.iter().map(|target| target.names(cells.catalogue())).collect();
        let alike = alike(index.longest_copy(), key.duration, channel, MOST_CELLS)?;
        let end = |at: usize| alike.get(at + 1).map(|&(from, _)| from);
        let cell = |(at, &(from, value)): (usize, &(u64, u64))| (Bucket { from, to: end(at) }, value);
        let cells: Vec<(Bucket, u64)> = alike.iter().enumerate().map(cell).collect();
        let spread = outputs(channel, cells.iter().map(|&(_, value)| value));
        let reencoded = |&(bucket, _): &(Bucket, u64)| {
            let of_kin = |kin| index.reencoded(kin, bucket).map(|places| places.len() as u64).sum::<u64>();
            (0..index.kins()).map(of_kin).sum::<u64>()
        };
        let (all, most) = reach(&spread, &cells.par_iter().map(reencoded).collect::<Vec<u64>>());
        // Plays of one output share what they cost, but for who has their rest.
        let of_output = if all <= MOST_RUN { u64::MAX } else { MOST_RUN / most.max(1) };
        let affordable = of_output.min(MOST_RUN / index.durations.len().max(1) as u64);
        if affordable < FEWEST {
            return Err(TooFine { terms: most.saturating_mul(FEWEST), most: MOST_RUN }.into());
        }
        Ok(Self { index, targets, names, channel, cells, spread, affordable })
    }

    /// File, title, and series where the catalogue tells it.
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// Draws plays by the prior, a copy of each, and what the channel makes of its length; names each, counts; one result a
    /// target. Fewer plays where each costs much. O(draws x files in reach). The same on any number of threads.
    pub fn run(&self, prior: Prior, draws: u64, random: &mut Stream) -> Vec<DrawnCopies> {
        let (index, draws) = (&self.index, draws.min(self.affordable));
        let catalogue = index.catalogue;
        let drawn = Drawn::new((0..catalogue.files()).map(|file| prior.weight(catalogue, file)));
        let mut plays: Vec<(Seen, u32)> = Vec::new();
        for _ in 0..draws {
            let file = drawn.draw(random) as u32;
            let copy = index.draw_copy(file, random);
            let output = self.channel.sample(index.duration.bucket(copy.duration).from, random);
            plays.push(((copy.kin, output, copy.rest), file));
        }
        plays.sort_unstable();
        let alike: Vec<&[(Seen, u32)]> = plays.chunk_by(|(a, _), (b, _)| (a.0, a.1) == (b.0, b.1)).collect();
        let judge = |scratch: &mut Scratch, plays: &&[(Seen, u32)]| self.judge(prior, scratch, plays);
        let found: Vec<(Vec<Hits>, u64)> = alike.par_iter().map_init(|| self.scratch(), judge).collect();
        let candidates: u64 = found.iter().map(|(_, kept)| kept).sum();
        let of_target = |at: usize| {
            let hits = found.iter().fold(Hits::default(), |sum, (hits, _)| sum.plus(hits[at]));
            let trial = |hits| Trial::new(draws, hits);
            let by_interval = ByInterval {
                interval: trial(hits.interval),
                interval_recall: trial(hits.interval_recall),
                interval_candidates: candidates as f64 / draws.max(1) as f64,
                ignoring_recall: trial(hits.ignoring_recall),
            };
            DrawnCopies {
                bayes: trial(hits.bayes),
                sure: hits.sure / draws.max(1) as f64,
                by_interval: self.has_intervals().then_some(by_interval),
                ignoring: trial(hits.ignoring),
            }
        };
        (0..self.targets.len()).map(of_target).collect()
    }

    /// How often each target is named by the exact posterior, in closed form: uniform, and by popularity. `None` where over
    /// 2^26 chances would be summed up. O(chances).
    pub fn closed_form(&self) -> Option<Vec<[f64; 2]>> {
        let (index, outputs) = (&self.index, self.spread.outputs());
        let mut held = Vec::with_capacity(self.cells.len());
        for &(bucket, _) in &self.cells {
            let of_kin = |kin| reached(index, kin, bucket, MOST_PAIRS as usize);
            held.push((0..index.kins()).map(of_kin).sum::<Option<usize>>()? as u64);
        }
        if reach(&self.spread, &held).0 > MOST_PAIRS {
            return None;
        }
        let of_output = |scratch: &mut Scratch, &Alike { output, times, .. }: &Alike| {
            let mut best = vec![[0.0; 2]; self.targets.len()];
            for kin in 0..index.kins() {
                let reencoded = self.reencoded(kin, output, &mut scratch.files);
                let mut shown: Vec<(Rest, u32, f64)> = Vec::new();
                for (bucket, chance) in self.behind(output) {
                    let own = own(index, kin, bucket).into_iter();
                    shown.extend(own.map(|(rest, file, weight)| (rest, file, weight * chance)));
                }
                shown.sort_by_key(|&(rest, ..)| rest);
                for ((best, names), sums) in best.iter_mut().zip(&self.names).zip(&mut scratch.names) {
                    for (best, prior) in best.iter_mut().zip(Prior::ALL) {
                        *best += times * best_of(index, names, prior, &mut sums[0], &reencoded, &shown);
                    }
                }
            }
            best
        };
        let found: Vec<Vec<[f64; 2]>> = outputs.par_iter().map_init(|| self.scratch(), of_output).collect();
        let of_target = |at: usize| {
            Prior::ALL.map(|prior| {
                let files = 0..index.catalogue.files();
                let all =
                    files.map(|file| u128::from(prior.weight(index.catalogue, file))).sum::<u128>() as f64;
                let sum: f64 = found.iter().map(|best| best[at][prior as usize]).sum();
                (sum / all / index.settings.total() as f64).min(1.0)
            })
        };
        Some((0..self.targets.len()).map(of_target).collect())
    }

    /// Whether lengths that can have yielded an output lie within an interval.
    fn has_intervals(&self) -> bool {
        matches!(self.channel, Channel::Stochastic(_))
    }

    /// The lengths that are likely behind an output, each with its chance of it.
    fn behind(&self, output: i64) -> impl Iterator<Item = (Bucket, f64)> {
        let cells = self.cells[self.spread.likely(output)].iter();
        cells.map(move |&(bucket, value)| (bucket, self.channel.probability(value, output)))
    }

    /// Files of which a copy of another encode may yield the output: weight of the mode times its chance.
    fn reencoded(&self, kin: u32, output: i64, files: &mut Sums) -> Vec<(u32, f64)> {
        for (bucket, chance) in self.behind(output) {
            self.index.each_reencoded(kin, bucket, |file, weight| files.add(file, weight * chance));
        }
        files.take()
    }

    /// Judges plays of one kin and output; and the files kept by the interval form, over all plays.
    fn judge(&self, prior: Prior, scratch: &mut Scratch, plays: &[(Seen, u32)]) -> (Vec<Hits>, u64) {
        let index = &self.index;
        let (kin, output, _) = plays[0].0;
        let reencoded = self.reencoded(kin, output, &mut scratch.files);
        let of_rest = |plays: &[(Seen, u32)]| {
            let played = plays.iter().map(|&(_, file)| file).collect();
            let mut sight = Sight::of(index, plays[0].0.2, played);
            self.behind(output).for_each(|(bucket, chance)| sight.may_be(index, kin, bucket, chance));
            sight
        };
        let sights: Vec<Sight> = plays.chunk_by(|a, b| a.0 == b.0).map(of_rest).collect();
        let cells = &self.cells[self.spread.likely(output)];
        let whole = cells.first().zip(cells.last()).filter(|_| self.has_intervals());
        let whole = whole.map(|((first, _), (last, _))| Bucket { from: first.from, to: last.to });
        let kept = whole.map(|whole| kept(index, kin, whole));
        let hits = judge(index, &self.names, prior, &mut scratch.names, &reencoded, kept.as_deref(), &sights);
        (hits, kept.map_or(0, |kept| kept.len() as u64) * plays.len() as u64)
    }

    fn scratch(&self) -> Scratch {
        let names = self.names.iter().map(|names| [(); 2].map(|()| Sums::new(bound(names))));
        Scratch { files: Sums::new(self.index.durations.len()), names: names.collect() }
    }
}

/// What all outputs are likely of, added up, and what one is of at most, where each cell holds so much: more than any limit
/// where there are too many outputs. O(cells + outputs log cells).
fn reach(spread: &Spread, held: &[u64]) -> (u64, u64) {
    if spread.terms() == u64::MAX {
        return (u64::MAX, u64::MAX);
    }
    let mut before = vec![0u64];
    for held in held {
        before.push(before[before.len() - 1].saturating_add(*held));
    }
    let of_output = |alike: &Alike| {
        let cells = spread.likely(alike.output);
        before[cells.end] - before[cells.start]
    };
    let of_outputs = spread.outputs().iter().map(of_output).collect::<Vec<u64>>();
    (of_outputs.iter().fold(0, |sum, &of| sum.saturating_add(of)), of_outputs.into_iter().max().unwrap_or(0))
}

/// Sums that are kept from one output to the next: by file, and of each target by name.
struct Scratch {
    files: Sums,
    names: Vec<[Sums; 2]>,
}
