//! Unicity through a channel: how well a few drawn points name the server.
//!
//! The attacker knows which files every server holds, and sees p drawn durations of distinct files of one. Any server may be
//! it alike. It weighs each by the product, over points, of the mean chance that one of its files yields that point: exact of
//! points drawn with replacement, and of p distinct files of a library of many the same but for p / files of it. As each file
//! is drawn once, it is the same whether draws are memoized or not.
//!
//! Where nothing is drawn, a server is *unique* if no other can have yielded the points, as in
//! [`unicity`](crate::attack::library::unicity). Noise and response yield everything from everything, and then the share
//! that is *named*, and named for *sure*, at a posterior of 0.95, say what that one no longer does.
//!
//! # Laws
//! - `stochastic:1ms` after any rounding singles out, draw by draw, whom that rounding does.
//! - Of one point the share that is named is never more than that of the rounding before the channel.

use rand::seq::index::sample;
use rayon::prelude::*;
use serde::Serialize;

use super::outputs::{Output, Outputs};
use super::placed::Placed;
use super::spread::{Alike, Entry, Spread};
use super::{MOST_TERMS, Through, TooFine};
use crate::attack::Trial;
use crate::attack::heaviest::Sums;
use crate::attack::library::{POINTS, Unicity};
use crate::catalogue::stream::stream;

/// Chances that are kept, one of a server and an output each, at most: some hundred MB.
const MOST_KEPT: u64 = 1 << 24;

/// How well so many drawn points name the server.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DrawnUnicity {
    /// Servers and draws, and those that no other server can have yielded: whose chance isn't less by a factor of e^110.
    #[serde(flatten)]
    pub unicity: Unicity,
    /// Draws whose server was the likeliest, of equals the one of the lowest number.
    pub named: Trial,
    /// Its posterior of the server that it named, on average.
    pub sure: f64,
    /// Draws at which that was 0.95 at least.
    pub confident: Trial,
    /// Those of them that were named right.
    pub confident_right: Trial,
}

/// Sums over the draws of a server.
#[derive(Clone, Copy, Default)]
struct Counts {
    unique: u64,
    named: u64,
    sure: f64,
    confident: u64,
    right: u64,
}

/// For each of [`POINTS`], how well p drawn points of distinct files name the server. `sets` are the files of each server,
/// each once. The files are drawn as [`unicity`](crate::attack::library::unicity) draws them; fewer times where many outputs
/// were seen. O(outputs seen x places likely x servers + draws x points x servers).
///
/// # Errors
/// [`TooFine`], where not even one draw of each server can be judged.
///
/// # Panics
/// Where there is no such file.
pub fn drawn_unicity(
    through: &Through<'_>,
    sets: &[Vec<u32>],
    draws: u32,
    seed: u64,
) -> Result<Vec<DrawnUnicity>, TooFine> {
    let holdings = Holdings::of(through, sets);
    let outputs = Outputs::of(through);
    let mut draws = draws;
    let (seen, distinct) = loop {
        let seen: Vec<Vec<Vec<Output>>> = (0..sets.len())
            .into_par_iter()
            .map(|server| points(&outputs, &sets[server], draws, seed, server))
            .collect();
        let mut distinct: Vec<Output> = seen.iter().flatten().flatten().copied().collect();
        distinct.par_sort_unstable();
        distinct.dedup();
        let terms = distinct.iter().map(|&output| holdings.likely(output).len() as u64).sum::<u64>();
        let kept = terms.min(distinct.len() as u64 * sets.len() as u64);
        if terms <= MOST_TERMS && kept <= MOST_KEPT {
            break (seen, distinct);
        }
        if draws <= 1 {
            return Err(TooFine { terms: terms.max(MOST_TERMS + 1), most: MOST_TERMS });
        }
        draws /= 2;
    };
    let logs = |sums: &mut Sums, &output: &Output| {
        let mut chances = holdings.chances(output, sums);
        chances.iter_mut().for_each(|(_, chance)| *chance = libm::log(*chance));
        chances
    };
    let logs: Vec<Vec<(u32, f64)>> = distinct.par_iter().map_init(|| Sums::new(sets.len()), logs).collect();
    let of_server = |left: &mut Vec<f64>, (server, draws): (usize, &Vec<Vec<Output>>)| {
        let mut counts = [Counts::default(); POINTS.len()];
        for points in draws {
            left.fill(0.0);
            for (known, output) in (1..).zip(points) {
                if let Ok(place) = distinct.binary_search(output) {
                    learn(left, &logs[place]);
                }
                if let Some(at) = POINTS.iter().position(|&points| points == known) {
                    counts[at].add(left, server);
                }
            }
        }
        counts
    };
    let found: Vec<[Counts; POINTS.len()]> = seen
        .par_iter()
        .enumerate()
        .map(|of| (of.0, of.1))
        .map_init(|| vec![0.0; sets.len()], of_server)
        .collect();
    let of_points = |(at, &points): (usize, &u32)| {
        let servers = sets.iter().filter(|set| set.len() >= points as usize).count() as u64;
        let sum = found.iter().fold(Counts::default(), |sum, counts| sum.plus(counts[at]));
        let (left_out, draws) = (sets.len() as u64 - servers, servers * u64::from(draws));
        DrawnUnicity {
            unicity: Unicity::of(points, servers, left_out, draws, sum.unique),
            named: Trial::new(draws, sum.named),
            sure: if draws == 0 { 0.0 } else { sum.sure / draws as f64 },
            confident: Trial::new(draws, sum.confident),
            confident_right: Trial::new(sum.confident, sum.right),
        }
    };
    Ok(POINTS.iter().enumerate().map(of_points).collect())
}

/// How often one drawn point names the server, as a closed form: any of those with a file may be it alike. `None` where none
/// has one, or too many chances would be summed up. O(outputs x places likely x servers).
///
/// # Panics
/// As [`drawn_unicity`].
pub fn named_by_one(through: &Through<'_>, sets: &[Vec<u32>]) -> Option<f64> {
    let holdings = Holdings::of(through, sets);
    let terms = holdings.parts.iter().flatten().map(Placed::terms).fold(0, u64::saturating_add);
    let servers = sets.iter().filter(|set| !set.is_empty()).count();
    if terms > MOST_TERMS / 8 || servers == 0 {
        return None;
    }
    let mut right = 0.0;
    for (part, placed) in (0..).zip(&holdings.parts) {
        let Some(placed) = placed else { continue };
        let best = |sums: &mut Sums, &Alike { output, times, .. }: &Alike| {
            let chances = holdings.chances((part, output), sums);
            times * chances.into_iter().map(|(_, chance)| chance).fold(0.0, f64::max)
        };
        let outputs = placed.spread.outputs();
        let best: Vec<f64> = outputs.par_iter().map_init(|| Sums::new(sets.len()), best).collect();
        right += best.iter().sum::<f64>();
    }
    Some((right / servers as f64).min(1.0))
}

/// The drawn points of each draw of a server, in their order.
fn points(outputs: &Outputs<'_, '_>, set: &[u32], draws: u32, seed: u64, server: usize) -> Vec<Vec<Output>> {
    let mut random = stream(seed, "unicity", server as u64);
    let mut noise = stream(seed, "unicity drawn", server as u64);
    let most = set.len().min(POINTS[POINTS.len() - 1] as usize);
    let draw = |_| {
        let of_draw = sample(&mut random, set.len(), most).into_iter();
        of_draw.map(|point| outputs.draw(set[point], &mut noise)).collect()
    };
    (0..draws).map(draw).collect()
}

/// Takes one more point into account; who isn't told of can't be it. Both are logarithms. O(servers).
fn learn(left: &mut [f64], of_point: &[(u32, f64)]) {
    let mut from = 0;
    for &(server, log) in of_point {
        left[from..server as usize].fill(f64::NEG_INFINITY);
        left[server as usize] += log;
        from = server as usize + 1;
    }
    left[from..].fill(f64::NEG_INFINITY);
}

impl Counts {
    fn add(&mut self, left: &[f64], server: usize) {
        let best = left.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let named = left.iter().position(|&log| log == best);
        // Of numbers so far below the best nothing is left in the sum.
        let all: f64 = left.iter().map(|&log| if log == best { 1.0 } else { libm::exp(log - best) }).sum();
        let (right, sure) = (named == Some(server), 1.0 / all);
        let alone = left.iter().filter(|&&log| log > f64::NEG_INFINITY).count() == 1;
        let confident = sure >= 0.95;
        *self = self.plus(Self {
            unique: alone.into(),
            named: right.into(),
            sure,
            confident: confident.into(),
            right: (confident && right).into(),
        });
    }

    fn plus(self, other: Self) -> Self {
        Self {
            unique: self.unique + other.unique,
            named: self.named + other.named,
            sure: self.sure + other.sure,
            confident: self.confident + other.confident,
            right: self.right + other.right,
        }
    }
}

/// What a server holds at one place: its share of the server's files.
struct Held {
    value: u64,
    server: u32,
    share: f64,
}

/// The files of servers, part by part and place by place; `None` for a part of which nobody holds a file.
struct Holdings<'t, 'a> {
    through: &'t Through<'a>,
    parts: Vec<Option<Placed<Held>>>,
}

impl<'t, 'a> Holdings<'t, 'a> {
    fn of(through: &'t Through<'a>, sets: &[Vec<u32>]) -> Self {
        let part_of = through.part_of();
        let mut held: Vec<Vec<(i64, u32, u64)>> = vec![Vec::new(); through.parts().len()];
        for (server, set) in (0..).zip(sets) {
            for &file in set {
                let (part, value) = (part_of[file as usize] as usize, through.values()[file as usize]);
                held[part].push((through.parts()[part].channel.place(value), server, value));
            }
        }
        let placed = |(part, mut held): (usize, Vec<(i64, u32, u64)>)| {
            held.sort_unstable();
            let channel = through.parts()[part].channel;
            let entries = held.iter().map(|&(_, name, value)| Entry { value, name, weight: 1 });
            let spread = Spread::of(channel, entries);
            let same = held.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
            let of_place = |same: &[(i64, u32, u64)]| {
                let (_, server, value) = same[0];
                Held { value, server, share: same.len() as f64 / sets[server as usize].len() as f64 }
            };
            let items: Vec<Held> = same.map(of_place).collect();
            (!items.is_empty()).then(|| Placed::new(spread, items, |held| channel.place(held.value)))
        };
        let parts = held.into_par_iter().enumerate().map(placed).collect();
        Self { through, parts }
    }

    /// What an output is likely of.
    fn likely(&self, (part, output): Output) -> &[Held] {
        self.parts[part as usize].as_ref().map_or(&[], |placed| placed.likely(output))
    }

    /// How likely a file of each server yields the output, of those that may have it, by rising number.
    fn chances(&self, output: Output, sums: &mut Sums) -> Vec<(u32, f64)> {
        let channel = self.through.parts()[output.0 as usize].channel;
        for held in self.likely(output) {
            sums.add(held.server, held.share * channel.probability(held.value, output.1));
        }
        let mut chances = sums.take();
        chances.sort_unstable_by_key(|&(server, _)| server);
        chances
    }
}
