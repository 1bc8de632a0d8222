//! Places drawn in proportion to their weight.

use rand::RngExt;

use super::stream::Stream;

/// Weights that places are drawn by, as their running sums.
pub(crate) struct Drawn(Vec<u64>);

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

    /// A place other than that one, which must not hold all the weight. O(log places).
    pub fn draw_but(&self, place: usize, random: &mut Stream) -> usize {
        let before = place.checked_sub(1).map_or(0, |before| self.0[before]);
        let weight = self.0[place] - before;
        let at = random.random_range(0..self.total() - weight);
        let at = if at < before { at } else { at + weight };
        self.0.partition_point(|&sum| sum <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::stream::stream;
    use proptest::prelude::*;

    proptest! {
        /// As if that place weighed nothing.
        #[test]
        fn one_place_can_be_left_out(weights in prop::collection::vec(0u64..4, 1..20), place: prop::sample::Index, seed: u64) {
            let place = place.index(weights.len());
            let mut others = weights.clone();
            others[place] = 0;
            let (all, others) = (Drawn::new(weights), Drawn::new(others));
            prop_assume!(others.total() > 0);
            let (mut ours, mut theirs) = (stream(seed, "drawn", 0), stream(seed, "drawn", 0));
            for _ in 0..20 {
                prop_assert_eq!(all.draw_but(place, &mut ours), others.draw(&mut theirs));
            }
        }
    }
}
