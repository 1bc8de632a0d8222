//! The open world through a channel: the attacker's catalogue lacks titles, or holds decoys, and it speaks when 95 % sure.
//!
//! Who knows how often each output is reported ([`Doubt::Counts`]) knows how much of it its catalogue lacks, whether what
//! leaves is a bucket or drawn. [`Doubt::Coverage`] has no meaning here: it learns what is missing in classes of k titles
//! from classes of k + 1, and through a channel every title lies in many outputs, in part.
//!
//! # Laws
//! - `stochastic:1ms` after any rounding is that rounding.
//! - Without decoys the precision is at least 0.95 at any coverage.
//! - The abstaining gain is at most that of the rounding before the channel. What is spoken and right may be more.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::attacker::likely;
use super::placed::Placed;
use super::spread::{Alike, ROW};
use super::{MOST_TERMS, Through, TooFine};
use crate::anonymity::Confident;
use crate::attack::heaviest::{Sums, bound};
use crate::attack::open_world::{self, COVERAGES, DECOYS, Doubt, OpenWorld, Ran, Row, Stated, World};
use crate::attack::{Prior, Trial};
use crate::catalogue::Drawn;
use crate::catalogue::stream::{Stream, stream};
use crate::classes::{Cells, Classes, Generalization};

/// An attacker whose catalogue isn't the world.
pub struct Speaker<'t, 'a> {
    through: &'t Through<'a>,
    parts: Vec<Placed<u32>>,
    bound: usize,
}

/// What an output holds.
#[derive(Clone, Copy, Default)]
struct Held {
    listed: f64,
    played: f64,
    top: f64,
    /// What of it is played.
    right: f64,
}

impl Held {
    /// Whether the largest title holds 95 % of it; a share of exactly that may miss it by the last bits of two sums.
    fn is_sure(self) -> bool {
        self.top > 0.0 && 20.0 * self.top >= 19.0 * self.listed.max(self.played) * (1.0 - 1e-12)
    }
}

impl<'t, 'a> Speaker<'t, 'a> {
    /// Studies the catalogue. O(files log files).
    ///
    /// # Errors
    /// [`TooFine`] where the files that each output may be of are too many for all of the worlds that are asked after.
    pub fn study(through: &'t Through<'a>) -> Result<Self, TooFine> {
        let parts: Vec<Placed<u32>> =
            through.parts().iter().map(|part| Placed::files(through, part)).collect();
        let terms = parts.iter().map(Placed::terms).fold(0, u64::saturating_add);
        // Every world under both priors.
        let most = MOST_TERMS / (2 * COVERAGES.len() * DECOYS.len()) as u64;
        if terms > most {
            return Err(TooFine { terms, most });
        }
        Ok(Self { through, parts, bound: bound(through.catalogue().title()) })
    }

    /// What the attacker achieves who speaks at a posterior of 0.95 and knows how often each output is reported; `None`
    /// where nothing is ever played. O(probabilities summed).
    pub fn stated(&self, world: &World, prior: Prior) -> Option<Stated> {
        let of = |held: Held| {
            if held.is_sure() { [held.played, held.played, held.right] } else { [held.played, 0.0, 0.0] }
        };
        let [_, spoken, right] = self.sum(world, prior, of);
        let files = 0..self.through.catalogue().files() as u32;
        let played = files.filter(|&file| self.role(world, file).is_played());
        let plays = played.map(|file| u128::from(self.weight(prior, file))).sum::<u128>() as f64;
        let share = |part: f64, of: f64| (of > 0.0).then(|| (part / of).min(1.0));
        Some(Stated {
            spoken: share(spoken, plays)?,
            precision: share(right, spoken),
            recall: share(right, plays)?,
        })
    }

    /// As [`abstaining_gain`](open_world::abstaining_gain) of classes. O(probabilities summed).
    pub fn abstaining_gain(&self) -> Confident {
        let known = World::draw(self.through.catalogue(), 100, 0, 0);
        let of = |held: Held| [held.played, (held.top - 19.0 * (held.listed - held.top)).max(0.0), 0.0];
        let [uniform, popularity] = Prior::ALL.map(|prior| {
            let files = 0..self.through.catalogue().files() as u32;
            let all = files.map(|file| u128::from(self.weight(prior, file))).sum::<u128>() as f64;
            let [_, gain, _] = self.sum(&known, prior, of);
            (gain / all).min(1.0)
        });
        Confident { uniform, popularity }
    }

    /// Draws plays of what is played, and speaks where it is sure, trying every file that is likely. `None` where nothing
    /// is played. O(files + draws x files that are likely).
    pub fn run(&self, world: &World, prior: Prior, draws: u64, random: &mut Stream) -> Option<Ran> {
        let catalogue = self.through.catalogue();
        let files = 0..catalogue.files() as u32;
        let played = |file| if self.role(world, file).is_played() { self.weight(prior, file) } else { 0 };
        let drawn = Drawn::new(files.map(played));
        if drawn.total() == 0 {
            return None;
        }
        let part_of = self.through.part_of();
        let play = |_| {
            let file = drawn.draw(random);
            let part = part_of[file];
            let channel = self.through.parts()[part as usize].channel;
            ((part, channel.sample(self.through.values()[file], random)), catalogue.title()[file])
        };
        let plays: Vec<((u32, i64), u32)> = (0..draws).map(play).collect();
        let mut seen: Vec<(u32, i64)> = plays.iter().map(|&(seen, _)| seen).collect();
        seen.sort_unstable();
        seen.dedup();
        let named: Vec<Option<u32>> =
            seen.par_iter().map(|&(part, output)| self.name(world, prior, part, output)).collect();
        let (mut spoken, mut right) = (0, 0);
        for (of, title) in &plays {
            let Some(named) = seen.binary_search(of).ok().and_then(|place| named[place]) else { continue };
            spoken += 1;
            right += u64::from(named == *title);
        }
        Some(Ran { precision: Trial::new(spoken, right), recall: Trial::new(draws, right) })
    }

    /// What it says of an output: nothing, or a title.
    fn name(&self, world: &World, prior: Prior, part: u32, output: i64) -> Option<u32> {
        let channel = self.through.parts()[part as usize].channel;
        let (mut listed, mut played): (BTreeMap<u32, f64>, f64) = (BTreeMap::new(), 0.0);
        for &file in likely(channel, self.through.values(), &self.parts[part as usize].items, output) {
            let chance = channel.probability(self.through.values()[file as usize], output);
            let (role, held) = (self.role(world, file), self.weight(prior, file) as f64 * chance);
            played += if role.is_played() { held } else { 0.0 };
            if role.is_listed() {
                *listed.entry(self.through.catalogue().title()[file as usize]).or_default() += held;
            }
        }
        let all = listed.values().sum();
        let (title, top) =
            listed.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        Held { listed: all, played, top, right: 0.0 }.is_sure().then_some(title)
    }

    fn role(&self, world: &World, file: u32) -> open_world::Role {
        world.roles[self.through.catalogue().title()[file as usize] as usize]
    }

    fn weight(&self, prior: Prior, file: u32) -> u64 {
        prior.weight(self.through.catalogue(), file as usize)
    }

    /// Sums up what is made of each output.
    fn sum(&self, world: &World, prior: Prior, of: impl Fn(Held) -> [f64; 3] + Sync) -> [f64; 3] {
        let mut all = [0.0; 3];
        for (placed, part) in self.parts.iter().zip(self.through.parts()) {
            let row = |sums: &mut Sums, outputs: &[Alike]| {
                let mut row = [0.0; 3];
                for alike in outputs {
                    let mut held = Held::default();
                    for &file in placed.likely(alike.output) {
                        let chance =
                            part.channel.probability(self.through.values()[file as usize], alike.output);
                        let (role, weight) =
                            (self.role(world, file), self.weight(prior, file) as f64 * chance);
                        held.played += if role.is_played() { weight } else { 0.0 };
                        if role.is_listed() {
                            held.listed += weight;
                            sums.add(self.through.catalogue().title()[file as usize], weight);
                        }
                    }
                    if let Some((title, top)) = sums.heaviest() {
                        let played = world.roles[title as usize].is_played();
                        (held.top, held.right) = (top, if played { top } else { 0.0 });
                    }
                    sums.clear();
                    row.iter_mut().zip(of(held)).for_each(|(row, part)| *row += alike.times * part);
                }
                row
            };
            let outputs = placed.spread.outputs();
            let rows: Vec<[f64; 3]> =
                outputs.par_chunks(ROW).map_init(|| Sums::new(self.bound), row).collect();
            rows.iter().for_each(|row| all.iter_mut().zip(row).for_each(|(all, part)| *all += part));
        }
        all
    }
}

/// As [`open_world`](open_world::open_world()) of classes, with [`Doubt::Counts`] alone. O(worlds x probabilities summed).
///
/// # Errors
/// [`TooFine`].
pub fn open_world(
    through: &Through<'_>,
    raw: &Cells<'_>,
    draws: u64,
    seed: u64,
) -> Result<OpenWorld, TooFine> {
    let catalogue = through.catalogue();
    let nothing = Classes::group(raw, Generalization::drop().key());
    let everything = Classes::group(raw, Generalization::keep(raw.catalogue()).key());
    let speaker = Speaker::study(through)?;
    let mut rows = Vec::new();
    for decoys in DECOYS {
        for prior in Prior::ALL {
            for coverage in COVERAGES {
                let world = World::draw(catalogue, coverage, decoys, seed);
                let of = |classes: &Classes<'_>| open_world::stated(classes, &world, Doubt::Counts, prior);
                let name = format!("open world drawn {decoys} {prior:?}");
                let mut random = stream(seed, &name, u64::from(coverage));
                let ran = speaker.run(&world, prior, draws, &mut random);
                let found = (ran, speaker.stated(&world, prior), of(&nothing), of(&everything));
                let (Some(ran), Some(closed_form), Some(control), Some(baseline)) = found else { continue };
                rows.push(Row {
                    coverage_percent: coverage,
                    decoys_percent: decoys,
                    prior,
                    doubt: Doubt::Counts,
                    ran,
                    closed_form,
                    control,
                    baseline,
                });
            }
        }
    }
    let abstaining_gain = [
        speaker.abstaining_gain(),
        open_world::abstaining_gain(&nothing),
        open_world::abstaining_gain(&everything),
    ];
    Ok(OpenWorld { rows, abstaining_gain })
}
