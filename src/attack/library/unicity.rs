//! Unicity: how many servers a few of their values single out.
//!
//! Source: de Montjoye, Hidalgo, Verleysen and Blondel 2013, *Unique in the crowd*. Points are position free: the
//! attacker knows that a server holds p files, not when it played them.

use rand::seq::index::sample;
use rayon::prelude::*;
use serde::Serialize;

use super::super::interval::wilson_of;
use crate::catalogue::stream::stream;

/// The numbers of points that are always shown, rising.
pub const POINTS: [u32; 7] = [1, 2, 3, 4, 5, 8, 12];

/// How many servers so many points single out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Unicity {
    /// Points that the attacker knows.
    pub points: u32,
    /// Servers with at least so many.
    pub servers: u64,
    /// Servers with fewer, which count nowhere.
    pub left_out: u64,
    /// Draws of points, over all these servers.
    pub draws: u64,
    /// Those that no other server holds too.
    pub unique: u64,
    /// unique / draws: the mean over servers; 0 without draws.
    pub rate: f64,
    /// Lower end of the 95 % Wilson interval, over servers.
    pub low: f64,
    /// Upper end of it.
    pub high: f64,
}

impl Unicity {
    /// Of that many draws of so many servers, with the rate and its interval.
    pub(in crate::attack) fn of(points: u32, servers: u64, left_out: u64, draws: u64, unique: u64) -> Self {
        let rate = if draws == 0 { 0.0 } else { unique as f64 / draws as f64 };
        let (low, high) = if draws == 0 { (0.0, 1.0) } else { wilson_of(servers as f64, rate) };
        Self { points, servers, left_out, draws, unique, rate, low, high }
    }
}

/// For each of [`POINTS`], the share of servers that p of their points single out. `sets` are each server's points,
/// each once; `released` is the value that leaves of a point. Points are drawn before they are rounded, uniformly
/// without replacement, so that the same points are asked of every rounding: where one merges the values of another,
/// no draw becomes unique.
///
/// O(sets + servers x draws x 12 x servers / 64), by one bit a server for each value that any holds.
///
/// ```
/// use coarsen::attack::library::unicity;
/// // The servers hold 1, 2, 9 and 1, 2; of two points of the first, two pairs of three name it.
/// let sets = [vec![1, 2, 9], vec![1, 2]];
/// let found = unicity(&sets, &(0..10).collect::<Vec<u32>>(), 3_000, 1);
/// assert!((found[1].rate - 1.0 / 3.0).abs() < 0.03);
/// // 1 and 2 merged: no more than before, as the points were drawn before.
/// assert_eq!(unicity(&sets, &[0, 1, 1, 3, 4, 5, 6, 7, 8, 9], 3_000, 1)[1], found[1]);
/// ```
///
/// # Panics
/// Where a point has no released value.
pub fn unicity(sets: &[Vec<u32>], released: &[u32], draws: u32, seed: u64) -> Vec<Unicity> {
    let holders = Holders::of(sets, released);
    let counts: Vec<[u32; POINTS.len()]> = (0..sets.len())
        .into_par_iter()
        .map_init(
            || vec![0; holders.words],
            |left, server| holders.unique(&sets[server], released, draws, seed, server, left),
        )
        .collect();
    let of_points = |(at, &points): (usize, &u32)| {
        let servers = sets.iter().filter(|set| set.len() >= points as usize).count() as u64;
        let unique: u64 = counts.iter().map(|counts| u64::from(counts[at])).sum();
        let draws = servers * u64::from(draws);
        Unicity::of(points, servers, sets.len() as u64 - servers, draws, unique)
    };
    POINTS.iter().enumerate().map(of_points).collect()
}

/// The share of servers that one point singles out, as a closed form: the mean over servers of the share of their
/// points whose value no other server releases. `None` where no server has a point. O(points log points).
pub fn unicity_of_one(sets: &[Vec<u32>], released: &[u32]) -> Option<f64> {
    let mut held: Vec<(u32, u32)> = Vec::new();
    for (server, set) in sets.iter().enumerate() {
        held.extend(set.iter().map(|&point| (released[point as usize], server as u32)));
    }
    held.par_sort_unstable();
    let mut alone = vec![0u64; sets.len()];
    for of_value in held.chunk_by(|a, b| a.0 == b.0) {
        if let (Some(first), Some(last)) = (of_value.first(), of_value.last())
            && first.1 == last.1
        {
            alone[first.1 as usize] += of_value.len() as u64;
        }
    }
    let shares = sets.iter().zip(alone).filter(|(set, _)| !set.is_empty());
    let shares: Vec<f64> = shares.map(|(set, alone)| alone as f64 / set.len() as f64).collect();
    (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64)
}

/// Which servers hold each value, a bit each.
struct Holders {
    words: usize,
    /// The place of each value that any server holds.
    place: Vec<u32>,
    bits: Vec<u64>,
}

impl Holders {
    fn of(sets: &[Vec<u32>], released: &[u32]) -> Self {
        const NONE: u32 = u32::MAX;
        let words = sets.len().div_ceil(64);
        let values = released.iter().max().map_or(0, |&most| most as usize + 1);
        let mut place = vec![NONE; values];
        let mut bits = Vec::new();
        for (server, set) in sets.iter().enumerate() {
            for &point in set {
                let place = &mut place[released[point as usize] as usize];
                if *place == NONE {
                    *place = (bits.len() / words) as u32;
                    bits.resize(bits.len() + words, 0);
                }
                bits[*place as usize * words + server / 64] |= 1 << (server % 64);
            }
        }
        Self { words, place, bits }
    }

    fn who(&self, value: u32) -> &[u64] {
        let from = self.place[value as usize] as usize * self.words;
        &self.bits[from..from + self.words]
    }

    /// How many of the draws of a server no other server meets, for each number of points; the first p of a draw of
    /// more points are a draw of p.
    fn unique(
        &self,
        set: &[u32],
        released: &[u32],
        draws: u32,
        seed: u64,
        server: usize,
        left: &mut [u64],
    ) -> [u32; POINTS.len()] {
        let mut unique = [0; POINTS.len()];
        let mut random = stream(seed, "unicity", server as u64);
        let most = set.len().min(POINTS[POINTS.len() - 1] as usize);
        for _ in 0..draws {
            left.fill(u64::MAX);
            let (mut known, mut alone) = (0, false);
            for point in sample(&mut random, set.len(), most) {
                known += 1;
                if !alone {
                    let who = self.who(released[set[point] as usize]);
                    left.iter_mut().zip(who).for_each(|(left, who)| *left &= who);
                    alone = left.iter().map(|word| word.count_ones()).sum::<u32>() == 1;
                }
                if let Some(at) = POINTS.iter().position(|&points| points == known) {
                    unique[at] += u32::from(alone);
                }
            }
        }
        unique
    }
}
