//! Places drawn in proportion to their weight.

use rand::RngExt;

use crate::catalogue::stream::Stream;

/// Weights that places are drawn by, as their running sums.
pub(super) struct Drawn(Vec<u64>);

impl Drawn {
    /// From the weight of each place. O(places).
    pub fn new(weights: impl IntoIterator<Item = u64>) -> Self {
        let running = |sum: &mut u64, weight| {
            *sum += weight;
            Some(*sum)
        };
        Self(weights.into_iter().scan(0, running).collect())
    }

    /// The sum of all weights: nothing can be drawn where it is 0.
    pub fn total(&self) -> u64 {
        self.0.last().copied().unwrap_or(0)
    }

    /// A place. O(log places).
    pub fn draw(&self, random: &mut Stream) -> usize {
        let at = random.random_range(0..self.total());
        self.0.partition_point(|&sum| sum <= at)
    }
}
