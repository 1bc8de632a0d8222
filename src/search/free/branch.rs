//! Branch and bound over the cuts of the bit rate, from the lowest up, the best bound first.
//!
//! A node is a beginning of a choice: the lowest bit-rate buckets. Its bound lets those share one set of duration edges
//! and the others have their own (see [`Dual`](super::dual::Dual)); a whole choice is solved exactly. What is left
//! open when the nodes run out bounds the optimum from below, whatever their number.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use super::choice::{Best, for_rates};
use super::dual::Priced;
use super::joint::{Joint, Rates};
use super::path::TINY;

/// How many nodes are looked at together, whatever the number of threads.
const TOGETHER: usize = 64;

/// A beginning that is not yet ruled out.
#[derive(Debug, PartialEq)]
struct Open {
    bound: f64,
    path: Vec<u16>,
}

impl Eq for Open {}

/// The least bound is the greatest; of equal ones the longer, then the lower cuts.
impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        let bound = other.bound.total_cmp(&self.bound);
        bound.then(self.path.len().cmp(&other.path.len())).then_with(|| other.path.cmp(&self.path))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// How a search ended.
pub(super) struct Searched {
    /// No choice that cuts the bit rate loses less (side fields aside), except the best known.
    pub bound: f64,
    /// Beginnings extended and whole choices solved.
    pub nodes: u64,
}

/// Betters the best until it is proved or `most` nodes were looked at. `done` is told of every node.
pub(super) fn search(
    joint: &Joint,
    priced: &Priced,
    prices: &[f64],
    best: &mut Best,
    most: u64,
    done: &(dyn Fn() + Sync),
) -> Searched {
    let last = joint.bitrate_arcs.0 - 1;
    let mut open = BinaryHeap::from([Open { bound: priced.bound, path: vec![0] }]);
    // The least bound of the whole choices that took too many labels.
    let (mut nodes, mut unsolved) = (0, f64::INFINITY);
    loop {
        let room = (most - nodes).min(TOGETHER as u64) as usize;
        let mut taken = Vec::with_capacity(room);
        while taken.len() < room && open.peek().is_some_and(|node| node.bound < best.loss() - TINY) {
            taken.extend(open.pop());
        }
        if taken.is_empty() {
            // The open node with the least bound, where any is left under the best.
            let bound = open.peek().map_or(f64::INFINITY, |node| node.bound);
            return Searched { bound: bound.min(unsolved), nodes };
        }
        nodes += taken.len() as u64;
        let cutoff = best.loss();
        let results: Vec<_> = taken
            .into_par_iter()
            .map(|node| {
                done();
                let whole = node.path.last().is_some_and(|&at| usize::from(at) == last);
                if whole {
                    let path = node.path.iter().map(|&at| usize::from(at)).collect();
                    let (choice, bound) = for_rates(joint, Rates::Cut(path), cutoff, &mut prices.to_vec());
                    (choice, bound.max(node.bound), Vec::new())
                } else {
                    (None, f64::INFINITY, extend(joint, priced, &node, cutoff))
                }
            })
            .collect();
        for (choice, bound, children) in results {
            unsolved = unsolved.min(bound);
            if let Some(choice) = choice.filter(|choice| choice.loss < best.loss() - TINY) {
                best.choice = Some(choice);
            }
            open.extend(children);
        }
    }
}

/// Every beginning with one bucket more whose bound lies below the cutoff.
fn extend(joint: &Joint, priced: &Priced, node: &Open, cutoff: f64) -> Vec<Open> {
    let arcs = joint.bitrate_arcs;
    let (mut shared, mut lost) = (priced.missing.clone(), 0.0);
    for step in node.path.windows(2) {
        let arc = arcs.at(usize::from(step[0]), usize::from(step[1]));
        lost += joint.bitrates.of[arc];
        shared.iter_mut().zip(&priced.rows[arc]).for_each(|(sum, price)| *sum += price);
    }
    let from = node.path.last().map_or(0, |&at| usize::from(at));
    let (mut sum, mut scratch) = (Vec::with_capacity(shared.len()), Vec::new());
    let mut children = Vec::new();
    for to in from + 1..arcs.0 {
        let arc = arcs.at(from, to);
        let lost = lost + joint.bitrates.of[arc];
        sum.clear();
        sum.extend(shared.iter().zip(&priced.rows[arc]).map(|(a, b)| a + b));
        let least = joint.duration_arcs.least(&sum, &mut scratch);
        let bound = (lost + least + priced.to_go[to] - priced.spent).max(node.bound);
        if bound < cutoff - TINY {
            let path = node.path.iter().copied().chain([to as u16]).collect();
            children.push(Open { bound, path });
        }
    }
    children
}
