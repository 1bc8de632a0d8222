//! A3 through a channel: the played time is rounded, drawn, and told, not how long the file is.
//!
//! The played time follows the completion model of [`partial`](crate::attack::partial). Lengths of plays that draw alike
//! are one cell. The plays of a file end evenly over two ranges of lengths, so that sums over cells, made once for each
//! output, give what each file yields. One play is asked after: of several, a memoized channel would have to say whether
//! two lengths of one file are drawn for once or twice. Boxes that leave as `other` aren't credited, as there.
//!
//! # Laws
//! - `stochastic:1ms` after any rounding is that rounding.
//! - No rate rises above that of the rounding before the channel, nor falls below that of what leaves beside it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rayon::prelude::*;

use super::lengths::{alike, outputs};
use super::spread::{Alike, Spread};
use super::{MOST_TERMS, TooFine};
use crate::attack::channel::Channel;
use crate::attack::heaviest::{Sums, bound};
use crate::attack::partial::{Settings, SettingsError, TARGETS, Watch, without_duration};
use crate::attack::{Prior, Trial};
use crate::catalogue::stream::Stream;
use crate::catalogue::{Catalogue, Drawn};
use crate::classes::{Cells, Key};
use crate::rounding::Partition;

/// Cells, at most.
const MOST_CELLS: usize = 1 << 20;

/// An attacker who sees one drawn played time, and knows how far people watch.
///
/// ```
/// use coarsen::attack::Prior;
/// use coarsen::attack::channel::Randomized;
/// use coarsen::attack::through::Watcher;
/// use coarsen::catalogue::{Catalogue, Columns, SideField};
/// use coarsen::classes::{Cells, Generalization};
/// use coarsen::rounding::Rounding;
/// use coarsen::units::Dimension;
/// let catalogue = Catalogue::new(Columns {
///     title: vec![0, 1],
///     duration_ms: vec![3_000_000, 6_000_000],
///     side: [(SideField::Kind, ["movie"; 2].map(Some).into_iter().collect())].into(),
///     ..Columns::default()
/// })?;
/// let cells = Cells::new(&catalogue);
/// let duration = Rounding::parse("floor:50min", Dimension::Duration)?;
/// let rounded = Generalization { duration, ..Generalization::drop() };
/// let drawn: Randomized = "stochastic:100min".parse()?;
/// let watcher = Watcher::study(&cells, rounded.key(), drawn.channel, 60_000)?;
/// // Who stops anywhere leaves 0, or in the second half of the long one 100 min half the time.
/// let [_, title] = watcher.closed_form(0.0, Prior::Uniform)?;
/// assert!((title - 0.625).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Watcher<'a> {
    catalogue: &'a Catalogue,
    duration: &'a dyn Partition,
    channel: Channel,
    names: [Cow<'a, [u32]>; TARGETS.len()],
    bounds: [usize; TARGETS.len()],
    /// The files that what leaves beside it doesn't tell apart.
    parts: Vec<Vec<u32>>,
    part_of: Vec<u32>,
    /// Lengths of plays that draw alike, rising from 0: the first, and what is drawn from.
    cells: Vec<(u64, u64)>,
    /// What is drawn of them.
    spread: Spread,
    /// For each file where its tail begins and where it has ended, each with its cell.
    ends: Vec<[(u32, u64); 2]>,
    tail_ms: u32,
}

/// Of one output: for each cell the chances of all lengths before it, summed up, and that of each of its own.
struct Chances(Vec<(f64, f64)>);

impl<'a> Watcher<'a> {
    /// Studies the catalogue; a play that is completed ends within the last `tail_ms`, and the last tenth of the file.
    /// O(files log files + cells log longest).
    ///
    /// # Errors
    /// [`TooFine`] where the lengths that draw apart, times the outputs, are too many: a duration that is kept as it is,
    /// through stochastic rounding, say.
    pub fn study(cells: &Cells<'a>, key: Key<'a>, channel: Channel, tail_ms: u32) -> Result<Self, TooFine> {
        let catalogue = cells.catalogue();
        let rest = without_duration(cells, key);
        let names = TARGETS.map(|target| target.names(catalogue));
        let longest = catalogue.duration_ms().iter().copied().max().map_or(0, u64::from);
        let cells = alike(longest, key.duration, channel, MOST_CELLS)?;
        // Any share will do: the tail doesn't hang on it.
        let watch = Watch { completion: 0.0, tail_ms };
        let placed = |end: u64| (cells.partition_point(|&(from, _)| from <= end) as u32 - 1, end);
        let of_file = |&duration: &u32| [watch.tail_from(duration), u64::from(duration) + 1].map(placed);
        let ends = catalogue.duration_ms().iter().map(of_file).collect();
        let watcher = Self {
            catalogue,
            duration: key.duration,
            channel,
            bounds: names.each_ref().map(|names| bound(names)),
            names,
            parts: rest.iter().map(<[u32]>::to_vec).collect(),
            part_of: rest.numbers(),
            spread: outputs(channel, cells.iter().map(|&(_, value)| value)),
            cells,
            ends,
            tail_ms,
        };
        let each = (watcher.cells.len() + TARGETS.len() * catalogue.files()) as u64;
        let terms = watcher.spread.output_count().saturating_mul(each);
        if terms > MOST_TERMS { Err(TooFine { terms, most: MOST_TERMS }) } else { Ok(watcher) }
    }

    /// How often file and title are named, in closed form. O(outputs x (cells + files)).
    ///
    /// # Errors
    /// [`SettingsError`] for a completion rate that is no share.
    pub fn closed_form(&self, completion: f64, prior: Prior) -> Result<[f64; TARGETS.len()], SettingsError> {
        self.check(completion)?;
        let of_output = |sums: &mut [Sums; TARGETS.len()], &Alike { output, times, .. }: &Alike| {
            let chances = self.chances(output);
            let mut held = [0.0; TARGETS.len()];
            for files in &self.parts {
                for (target, best) in
                    self.heaviest(files, &chances, completion, prior, sums).into_iter().enumerate()
                {
                    held[target] += times * best.map_or(0.0, |(_, held)| held);
                }
            }
            held
        };
        let scratch = || self.bounds.map(Sums::new);
        let held: Vec<[f64; TARGETS.len()]> =
            self.spread.outputs().par_iter().map_init(scratch, of_output).collect();
        let files = 0..self.catalogue.files();
        let all = files.map(|file| u128::from(prior.weight(self.catalogue, file))).sum::<u128>() as f64;
        Ok([0, 1].map(|target| (held.iter().map(|held| held[target]).sum::<f64>() / all).min(1.0)))
    }

    /// Draws files by the prior and a play of each, names the file and the title, counts.
    /// O(draws + outputs seen x (cells + files)).
    ///
    /// # Errors
    /// As [`Watcher::closed_form`].
    pub fn run(
        &self,
        completion: f64,
        prior: Prior,
        draws: u64,
        random: &mut Stream,
    ) -> Result<[Trial; TARGETS.len()], SettingsError> {
        self.check(completion)?;
        let watch = Watch { completion, tail_ms: self.tail_ms };
        let drawn = Drawn::new((0..self.catalogue.files()).map(|file| prior.weight(self.catalogue, file)));
        let play = |_| {
            let file = drawn.draw(random);
            let played = watch.draw(self.catalogue.duration_ms()[file], random);
            let output = self.channel.sample(self.duration.bucket(played).from, random);
            (self.part_of[file], output, file)
        };
        let plays: Vec<(u32, i64, usize)> = (0..draws).map(play).collect();
        let seen: BTreeSet<(u32, i64)> = plays.iter().map(|&(part, output, _)| (part, output)).collect();
        let seen: Vec<(u32, i64)> = seen.into_iter().collect();
        let judge = |sums: &mut [Sums; TARGETS.len()], &(part, output): &(u32, i64)| {
            let chances = self.chances(output);
            let best = self.heaviest(&self.parts[part as usize], &chances, completion, prior, sums);
            best.map(|best| best.map(|(name, _)| name))
        };
        let guesses: Vec<[Option<u32>; TARGETS.len()]> =
            seen.par_iter().map_init(|| self.bounds.map(Sums::new), judge).collect();
        let mut hits = [0; TARGETS.len()];
        for &(part, output, file) in &plays {
            let Ok(place) = seen.binary_search(&(part, output)) else { continue };
            for (target, hits) in hits.iter_mut().enumerate() {
                *hits += u64::from(guesses[place][target] == Some(self.names[target][file]));
            }
        }
        Ok(hits.map(|hits| Trial::new(draws, hits)))
    }

    fn check(&self, completion: f64) -> Result<(), SettingsError> {
        Settings { completion: vec![completion], plays: vec![1], tail_ms: self.tail_ms }.check()
    }

    /// What each name holds at most of what an output may come from.
    fn heaviest(
        &self,
        files: &[u32],
        chances: &Chances,
        completion: f64,
        prior: Prior,
        sums: &mut [Sums; TARGETS.len()],
    ) -> [Option<(u32, f64)>; TARGETS.len()] {
        for &file in files {
            let weight = prior.weight(self.catalogue, file as usize) as f64;
            let held = weight * self.chance(file, chances, completion);
            for (sums, names) in sums.iter_mut().zip(&self.names) {
                sums.add(names[file as usize], held);
            }
        }
        sums.each_mut().map(|sums| {
            let best = sums.heaviest();
            sums.clear();
            best
        })
    }

    /// How likely a play of the file yields the output.
    fn chance(&self, file: u32, Chances(chances): &Chances, completion: f64) -> f64 {
        let [tail, end] = self.ends[file as usize];
        let before = |(cell, end): (u32, u64)| {
            let ((before, one), (from, _)) = (chances[cell as usize], self.cells[cell as usize]);
            before + one * (end - from) as f64
        };
        let (to_tail, to_end) = (before(tail), before(end));
        let completed = (to_end - to_tail).max(0.0) / (end.1 - tail.1) as f64;
        completion * completed + (1.0 - completion) * to_end / end.1 as f64
    }

    fn chances(&self, output: i64) -> Chances {
        let mut before = 0.0;
        let of_cell = |(at, &(from, value)): (usize, &(u64, u64))| {
            let one = self.channel.probability(value, output);
            let so_far = before;
            before += one * self.cells.get(at + 1).map_or(0.0, |&(to, _)| (to - from) as f64);
            (so_far, one)
        };
        Chances(self.cells.iter().enumerate().map(of_cell).collect())
    }
}
