//! `edges:A,B,..`: cuts at explicit places. Logs and ladders are tables of cuts as well.

use super::{Bucket, Partition, RoundingError};

/// A strictly rising list of edges above 0; 0 and infinity are implied.
///
/// Finding a bucket is a binary search, O(log edges).
///
/// ```
/// use coarsen::rounding::{Bucket, Cuts, Partition};
/// let cuts = Cuts::new(vec![20, 45])?;
/// assert_eq!(cuts.bucket(20), Bucket { from: 20, to: Some(45) });
/// assert_eq!(cuts.bucket(45), Bucket { from: 45, to: None });
/// # Ok::<(), coarsen::rounding::RoundingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cuts(Vec<u64>);

impl Cuts {
    /// # Errors
    /// [`RoundingError::NoEdge`] for an empty list, [`RoundingError::Edges`] where it doesn't rise.
    pub fn new(edges: Vec<u64>) -> Result<Self, RoundingError> {
        if edges.is_empty() {
            return Err(RoundingError::NoEdge { why: "the list is empty" });
        }
        let mut before = 0;
        for &at in &edges {
            if at <= before {
                return Err(RoundingError::Edges { at, before });
            }
            before = at;
        }
        Ok(Self(edges))
    }

    /// The edges, without the implied 0 and infinity.
    pub fn edges(&self) -> &[u64] {
        &self.0
    }
}

impl Partition for Cuts {
    #[inline]
    fn bucket(&self, value: u64) -> Bucket {
        let above = self.0.partition_point(|&edge| edge <= value);
        let from = if above == 0 { 0 } else { self.0[above - 1] };
        Bucket { from, to: self.0.get(above).copied() }
    }
}
