//! What a partition loses of one number.

use super::{Distribution, absolute, certainty, squared};
use crate::rounding::RoundingError;
use crate::search::SearchError;
use crate::units::Dimension;

/// What a bucket costs. The loss of a partition is the sum over its buckets.
///
/// All three obey the quadrangle inequality c(a, c) + c(b, d) <= c(a, d) + c(b, c), a <= b <= c <= d, and splitting a
/// bucket raises none:
///
/// - `Squared` and `Absolute` are of the form c(S) = min over y of the sum of l(x, y) over the files of S, with l rising in
///   |x - y|. Splitting: the y of the whole serves both parts. Quadrangle: let u be best for [a, d) and v for [b, c),
///   v within the values of [b, c). If u <= v, give u to [a, c) and v to [b, d). Against the right side only the files of
///   [c, d) change hands, from u to v; they lie at or above v >= u, so each is no farther from v. If u > v, give v to
///   [a, c) and u to [b, d): only the files of [a, b) change hands, from u to v, and lie at or below v < u. The best y of
///   each part can only be better.
/// - `Certainty` is files times width: with w and t of [a, b), [b, c), [c, d) the sides differ by w1 t3 + w3 t1 >= 0, and
///   splitting saves w1 t2 + w2 t1.
///
/// The open last bucket of `Certainty` costs its files the whole range and breaks the quadrangle inequality, not the
/// splitting; the algorithms weigh the last mark apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Sum over the files of (x - mean of the bucket)^2, in squared base units.
    Squared,
    /// Sum over the files of |x - median of the bucket|, in base units.
    Absolute,
    /// Sum over the files of the NCP of their bucket, between its edges, on the public range of the dimension: 0 to
    /// 4 h, linear; 16 kbps to 128 Mbps, logarithmic. The first bucket begins at 0, the last is open and costs 1 a file.
    /// A bucket of a single integer counts as its width; [`axis_loss`](crate::anonymity::axis_loss) counts 0 there.
    Certainty(Dimension),
}

impl Loss {
    /// Whether the place of an edge inside a gap matters.
    pub(super) fn sees_edges(self) -> bool {
        matches!(self, Self::Certainty(_))
    }

    /// Of the partition with these edges on a reference. O(values + edges).
    ///
    /// Whole parts are summed in integers: the result is exact to a few units in its last place.
    ///
    /// # Errors
    /// [`RoundingError::Edges`] where the edges don't rise strictly from above 0.
    ///
    /// ```
    /// use coarsen::search::optimal::{Distribution, Loss};
    /// use coarsen::units::Dimension;
    /// let reference = Distribution::new(vec![(0, 0), (3_600_000, 1), (3_600_001, 2), (3_600_005, 3)])?;
    /// assert_eq!(Loss::Absolute.of(&reference, &[3_600_000])?, 5.0);
    /// // One file of an hour's bucket out of four, three of the open one.
    /// assert_eq!(Loss::Certainty(Dimension::Duration).of(&reference, &[3_600_000])?, 0.25 + 3.0);
    /// # Ok::<(), coarsen::search::SearchError>(())
    /// ```
    pub fn of(self, distribution: &Distribution, edges: &[u64]) -> Result<f64, SearchError> {
        let mut before = 0;
        for &at in edges {
            if at <= before {
                return Err(RoundingError::Edges { at, before }.into());
            }
            before = at;
        }
        let values = distribution.values();
        let places: Vec<usize> =
            edges.iter().map(|&edge| values.partition_point(|&value| value < edge)).collect();
        Ok(self.at(distribution, edges, &places))
    }

    /// As [`Loss::of`], of rising edges whose places among the values are known.
    pub(super) fn at(self, distribution: &Distribution, edges: &[u64], places: &[usize]) -> f64 {
        let ends = [distribution.values().len()];
        let places: Vec<usize> = [0].iter().chain(places).chain(&ends).copied().collect();
        match self {
            Self::Squared => squared::total(distribution, &places),
            Self::Absolute => absolute::total(distribution, &places),
            Self::Certainty(dimension) => {
                let below = distribution.files_below();
                let files: Vec<u64> = places.iter().map(|&place| below[place]).collect();
                certainty::total(edges, &files, dimension)
            }
        }
    }
}
