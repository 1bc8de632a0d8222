//! Numbers for stretches of symbols: equal numbers exactly for equal symbols, so nothing can collide.
//!
//! By rank doubling, as suffix arrays are built (Karp, Miller and Rosenberg 1972): the name of a stretch of L symbols
//! is the rank of the names of its first P and its last P, where P is at least half of L; they may overlap.

use rayon::prelude::*;

use super::Order;
use super::runs::Runs;

/// No stretch begins here, as the run ends before.
const NONE: u32 = u32::MAX;

/// The names of the stretches of one length.
pub(super) struct Names {
    plays: u32,
    gaps: u32,
    /// For each place, for each gap.
    names: Vec<u32>,
}

impl Names {
    /// Of the symbols by place. O(places x gaps x log plays) sorted pairs, gaps being the plays where one file is
    /// missing and 1 where none is.
    pub fn new(runs: &Runs, symbols: &[u32], order: Order, plays: u32) -> Self {
        let mut names = Self { plays: 1, gaps: 1, names: symbols.to_vec() };
        while names.plays < plays {
            names = names.longer(runs, order, plays.min(2 * names.plays));
        }
        names
    }

    /// The name of the plays of the stretch that begins there, without the file at `gap`; a gap of 0 is none.
    pub fn of(&self, place: u32, gap: u32) -> u32 {
        self.names[(place * self.gaps + gap) as usize]
    }

    /// At most twice as long.
    fn longer(&self, runs: &Runs, order: Order, plays: u32) -> Self {
        let (left, gaps) = (runs.left(), order.gaps(plays).end);
        let offset = plays - self.plays;
        let halves = |slot: u32| {
            let (place, gap) = (slot / gaps, slot % gaps);
            if left[place as usize] < plays + u32::from(gap > 0) {
                return None;
            }
            let first = self.of(place, if gap < self.plays { gap } else { 0 });
            let last = match gap {
                0 => self.of(place + offset, 0),
                _ if gap <= offset => self.of(place + offset + 1, 0),
                _ => self.of(place + offset, gap - offset),
            };
            Some((u64::from(first) << 32 | u64::from(last), slot))
        };
        let slots = left.len() as u32 * gaps;
        let mut pairs: Vec<(u64, u32)> = (0..slots).into_par_iter().filter_map(halves).collect();
        pairs.par_sort_unstable();
        let mut names = vec![NONE; slots as usize];
        for (name, same) in pairs.chunk_by(|a, b| a.0 == b.0).enumerate() {
            same.iter().for_each(|&(_, slot)| names[slot as usize] = name as u32);
        }
        Self { plays, gaps, names }
    }
}

/// The names of the stretches that begin at these places as multisets: equal for the same symbols in any order.
/// O(places x plays), and as many comparisons of stretches as it takes to sort them.
pub(super) fn shuffled(symbols: &[u32], starts: &[u32], plays: u32) -> Vec<u32> {
    let plays = plays as usize;
    let mut rows = vec![0u32; starts.len() * plays];
    rows.par_chunks_mut(plays).zip(starts).for_each(|(row, &start)| {
        row.copy_from_slice(&symbols[start as usize..start as usize + plays]);
        row.sort_unstable();
    });
    let row = |at: u32| &rows[at as usize * plays..(at as usize + 1) * plays];
    let mut order: Vec<u32> = (0..starts.len() as u32).collect();
    order.par_sort_unstable_by(|&a, &b| row(a).cmp(row(b)));
    let mut names = vec![0; starts.len()];
    for (name, same) in order.chunk_by(|&a, &b| row(a) == row(b)).enumerate() {
        same.iter().for_each(|&at| names[at as usize] = name as u32);
    }
    names
}
