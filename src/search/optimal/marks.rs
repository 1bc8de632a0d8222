//! The places where a cut may lie, and what they imply.

use std::borrow::Cow;

use super::{Distribution, Loss};
use crate::search::SearchError;

/// Mark 0 is the beginning of the line, the last mark its end, and those between are the edges that a cut may take.
pub(super) struct Marks<'a> {
    /// The edge of mark t is `edges[t - 1]`.
    edges: Cow<'a, [u64]>,
    /// For each mark, the first value at or over it (an index).
    pub at: Vec<u32>,
    /// For each mark i, e(i): the least mark such that k titles lie between; past the last mark where there is none.
    /// One entry more than there are marks, so that e(e(i)) can always be looked up.
    pub ends: Vec<u32>,
}

impl<'a> Marks<'a> {
    /// Every integer edge that an optimum could need.
    ///
    /// Where the loss doesn't see the edge (only which values share a bucket), that is one a gap: the value above it.
    /// Certainty is linear in the place of an edge inside a gap, hence least at an end of it: both ends are marks.
    pub fn free(distribution: &'a Distribution, k: u32, loss: Loss) -> Result<Self, SearchError> {
        let values = distribution.values();
        if !loss.sees_edges() {
            let at = (0..=values.len() as u32).collect();
            return Self::of(distribution, Cow::Borrowed(&values[1..]), at, k);
        }
        let mut edges = Vec::with_capacity(2 * values.len());
        for pair in values.windows(2) {
            edges.push(pair[0] + 1);
            if pair[1] > pair[0] + 1 {
                edges.push(pair[1]);
            }
        }
        let at = places(values, &edges);
        Self::of(distribution, Cow::Owned(edges), at, k)
    }

    /// The allowed edges alone, those that part nothing left out. Of several in one gap the highest stays, and the lowest
    /// too where the loss sees edges.
    pub fn allowed(
        distribution: &'a Distribution,
        k: u32,
        loss: Loss,
        allowed: &[u64],
    ) -> Result<Self, SearchError> {
        if let Some(pair) = allowed.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(crate::rounding::RoundingError::Edges { at: pair[1], before: pair[0] }.into());
        }
        let values = distribution.values();
        let (first, last) = (values[0], values[values.len() - 1]);
        let parting =
            allowed.iter().copied().filter(|&edge| first < edge && edge <= last).collect::<Vec<_>>();
        let at = places(values, &parting);
        let gap = &at[1..at.len() - 1];
        let ends_gap = |t: usize| gap.get(t + 1) != Some(&gap[t]);
        let begins_gap = |t: usize| t == 0 || gap[t - 1] != gap[t];
        let stays = |t: usize| ends_gap(t) || loss.sees_edges() && begins_gap(t);
        let edges: Vec<u64> = (0..parting.len()).filter(|&t| stays(t)).map(|t| parting[t]).collect();
        let at = places(values, &edges);
        Self::of(distribution, Cow::Owned(edges), at, k)
    }

    fn of(
        distribution: &Distribution,
        edges: Cow<'a, [u64]>,
        at: Vec<u32>,
        k: u32,
    ) -> Result<Self, SearchError> {
        let titles = distribution.titles();
        if k == 0 || k > titles {
            return Err(SearchError::Titles { k, titles });
        }
        let ends = distribution.ends(&at, k);
        Ok(Self { edges, at, ends })
    }

    /// The last mark.
    pub fn last(&self) -> usize {
        self.at.len() - 1
    }

    /// Where the bucket from mark i stops being needed: e(e(i)), at most the last mark.
    pub fn reach(&self, i: usize) -> usize {
        (self.ends[self.ends[i] as usize] as usize).min(self.last())
    }

    /// Whether an optimal bucket may begin at mark i and go to the end of the line.
    pub fn may_be_last(&self, i: usize) -> bool {
        let end = self.ends[i] as usize;
        end <= self.last() && self.ends[end] as usize > self.last()
    }

    /// The edge of an inner mark.
    pub fn edge(&self, mark: usize) -> u64 {
        self.edges[mark - 1]
    }

    /// Where a mark lies: 0 for the first and the end of the line for the last.
    pub fn place(&self, mark: usize) -> u64 {
        if mark == 0 { 0 } else { self.edges.get(mark - 1).copied().unwrap_or(u64::MAX) }
    }
}

/// For the beginning, each edge and the end: the first value at or over it. O(values + edges).
fn places(values: &[u64], edges: &[u64]) -> Vec<u32> {
    let mut at = Vec::with_capacity(edges.len() + 2);
    at.push(0);
    let mut next = 0;
    for &edge in edges {
        next += values[next..].iter().take_while(|&&value| value < edge).count();
        at.push(next as u32);
    }
    at.push(values.len() as u32);
    at
}
