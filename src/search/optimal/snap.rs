//! The optimum among readable edges, and what readability costs.

use super::form::{Optimum, faster, optimum, solve};
use super::marks::Marks;
use super::{Distribution, Loss};
use crate::search::SearchError;

/// The optimum among the partitions that cut at allowed edges alone. Exact, by the same search on fewer cuts.
///
/// Edges that part no values are passed over; of several in one gap the highest is taken, unless another costs less
/// ([`Loss::Certainty`]). O(values + edges x log window).
///
/// ```
/// use coarsen::search::optimal::{Distribution, Loss, snapped};
/// let values = [1, 2, 3, 10, 11, 12, 13, 30, 31, 32];
/// let reference = Distribution::new(values.iter().zip(0..).map(|(&value, title)| (value, title)).collect())?;
/// let found = snapped(&reference, 3, Loss::Squared, &[5, 10, 15, 20, 25, 30])?;
/// assert_eq!((found.edges(), found.loss()), (&[10, 30][..], 9.0));
/// let found = snapped(&reference, 3, Loss::Squared, &[12, 30])?;
/// assert_eq!(found.edges(), [30]);
/// # Ok::<(), coarsen::search::SearchError>(())
/// ```
///
/// # Errors
/// [`SearchError::Titles`] for k = 0 or over the titles there are; `RoundingError::Edges` where the allowed edges don't
/// rise strictly.
pub fn snapped(
    distribution: &Distribution,
    k: u32,
    loss: Loss,
    allowed: &[u64],
) -> Result<Optimum, SearchError> {
    let marks = Marks::allowed(distribution, k, loss, allowed)?;
    Ok(solve(distribution, &marks, loss, faster(&marks, loss)))
}

/// The optimum with any edges beside the one with allowed edges.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// Any integer may be an edge.
    pub free: Optimum,
    /// Only allowed edges.
    pub snapped: Optimum,
}

impl Price {
    /// The loss that the allowed edges add. Never below 0 but for rounding: each snapped partition is a free one too.
    pub fn added(&self) -> f64 {
        self.snapped.loss() - self.free.loss()
    }

    /// That as a share of the free loss; 0 where nothing is added, infinite where the free loss is 0.
    pub fn relative(&self) -> f64 {
        if self.added() == 0.0 { 0.0 } else { self.added() / self.free.loss() }
    }
}

/// What it costs to cut at allowed edges alone.
///
/// # Errors
/// As [`snapped`].
pub fn snap_price(
    distribution: &Distribution,
    k: u32,
    loss: Loss,
    allowed: &[u64],
) -> Result<Price, SearchError> {
    Ok(Price { free: optimum(distribution, k, loss)?, snapped: snapped(distribution, k, loss, allowed)? })
}

/// Multiples of a step (ms) below 24 h; none for a step of 0.
///
/// ```
/// use coarsen::search::optimal::readable_durations;
/// assert_eq!(readable_durations(300_000)[..2], [300_000, 600_000]);
/// ```
pub fn readable_durations(step_ms: u64) -> Vec<u64> {
    const DAY_MS: u64 = 86_400_000;
    (1..).map_while(|i| step_ms.checked_mul(i).filter(|&edge| 0 < edge && edge < DAY_MS)).collect()
}

/// Bit rates of one digit, 1, 2 or 5 times a power of ten, from 10 kbps to 100 Mbps, in bit/s.
pub fn readable_rates() -> Vec<u64> {
    let powers = (4..8).map(|power| 10u64.pow(power));
    powers.flat_map(|power| [power, 2 * power, 5 * power]).chain([100_000_000]).collect()
}
