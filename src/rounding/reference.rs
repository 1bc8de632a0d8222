//! Edges taken from a reference catalogue: `quantile:N` and `atleast:N`.

use std::collections::HashSet;

use super::{Cuts, RoundingError};

/// The values of a reference catalogue, sorted, each with the title that bears it.
///
/// ```
/// use coarsen::rounding::Reference;
/// let reference = Reference::new(vec![(30, 0), (10, 1), (20, 2), (40, 3)]);
/// assert_eq!(reference.quantile(2)?.edges(), [21]);
/// assert_eq!(reference.at_least(2)?.edges(), [30]);
/// # Ok::<(), coarsen::rounding::RoundingError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reference(Vec<(u64, u32)>);

impl Reference {
    /// From (value, title) pairs in any order. O(n log n).
    pub fn new(mut pairs: Vec<(u64, u32)>) -> Self {
        pairs.sort_unstable();
        Self(pairs)
    }

    /// Equal depth: bucket i of q ends with the smallest value v at which F(v) >= i/q.
    ///
    /// Edges lie just above such values; ties are never split, so buckets may merge and none is
    /// promised a size.
    ///
    /// # Errors
    /// [`RoundingError::NoEdge`] where all values fall in one bucket, [`RoundingError::Range`] for q < 2
    /// or over `u32::MAX`.
    pub fn quantile(&self, q: u64) -> Result<Cuts, RoundingError> {
        check("quantiles", 2, q)?;
        let n = self.0.len() as u128;
        let mut edges = Vec::new();
        let mut reached = 0;
        for (i, pair) in self.0.windows(2).enumerate() {
            let (value, next) = (pair[0].0, pair[1].0);
            if value < next {
                // Of the q quantiles, ⌊F(v) · q⌋ are reached at v: an edge lies above v if the value before reached fewer.
                let now = (i as u128 + 1) * u128::from(q) / n;
                if now > reached {
                    edges.push(value + 1);
                }
                reached = now;
            }
        }
        Cuts::new(edges)
            .map_err(|_| RoundingError::NoEdge { why: "the reference has too few distinct values" })
    }

    /// Greedy: a bucket closes once it holds at least k distinct titles and the value changes; a short
    /// last bucket joins the one before. The simplest cut that promises k titles per bucket on the reference.
    ///
    /// # Errors
    /// [`RoundingError::NoEdge`] where the reference holds fewer than 2k titles to part, and
    /// [`RoundingError::Range`] for k = 0 or over `u32::MAX`.
    pub fn at_least(&self, k: u64) -> Result<Cuts, RoundingError> {
        check("titles", 1, k)?;
        let mut edges = Vec::new();
        let mut titles = HashSet::new();
        let mut before = None;
        for &(value, title) in &self.0 {
            if before.is_some_and(|b| b != value) && titles.len() as u64 >= k {
                edges.push(value);
                titles.clear();
            }
            titles.insert(title);
            before = Some(value);
        }
        if (titles.len() as u64) < k {
            edges.pop();
        }
        Cuts::new(edges)
            .map_err(|_| RoundingError::NoEdge { why: "the reference holds too few titles to part" })
    }
}

fn check(what: &'static str, min: u64, value: u64) -> Result<(), RoundingError> {
    let max = u64::from(u32::MAX);
    if (min..=max).contains(&value) { Ok(()) } else { Err(RoundingError::Range { what, min, max, value }) }
}
