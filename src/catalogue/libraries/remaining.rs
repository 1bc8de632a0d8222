//! Weights that shrink as places are taken: drawing without replacement.

use rand::RngExt;

use crate::catalogue::stream::Stream;

/// Weights of places, as a Fenwick tree: what is taken can be put back.
#[derive(Clone)]
pub(super) struct Remaining {
    /// At i (from 1), the sum of the places from i - (lowest bit of i) to i - 1.
    sums: Vec<u64>,
    total: u64,
}

impl Remaining {
    /// From the weight of each place. O(places).
    pub fn new(weights: impl Iterator<Item = u64>) -> Self {
        let mut sums: Vec<u64> = std::iter::once(0).chain(weights).collect();
        let total = sums.iter().sum();
        for i in 1..sums.len() {
            let above = i + (i & i.wrapping_neg());
            if above < sums.len() {
                sums[above] += sums[i];
            }
        }
        Self { sums, total }
    }

    /// The sum of what is left: nothing can be drawn where it is 0.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// A place, in proportion to its weight. O(log places).
    pub fn draw(&self, random: &mut Stream) -> usize {
        let mut at = random.random_range(0..self.total);
        let mut place = 0;
        let mut step = self.sums.len().next_power_of_two();
        while step > 0 {
            if let Some(&sum) = self.sums.get(place + step)
                && sum <= at
            {
                at -= sum;
                place += step;
            }
            step /= 2;
        }
        place
    }

    /// Takes that much away from a place. O(log places).
    pub fn take(&mut self, place: usize, weight: u64) {
        self.total -= weight;
        self.each(place, |sum| *sum -= weight);
    }

    /// Puts it back. O(log places).
    pub fn put(&mut self, place: usize, weight: u64) {
        self.total += weight;
        self.each(place, |sum| *sum += weight);
    }

    fn each(&mut self, place: usize, change: impl Fn(&mut u64)) {
        let mut i = place + 1;
        while let Some(sum) = self.sums.get_mut(i) {
            change(sum);
            i += i & i.wrapping_neg();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::stream::stream;
    use proptest::prelude::*;

    proptest! {
        /// Every number that can be drawn leads to the place whose weight covers it, whatever was taken before.
        #[test]
        fn places_are_drawn_by_what_is_left(weights in prop::collection::vec(0u64..4, 1..40), taken in prop::collection::vec(any::<bool>(), 40), seed: u64) {
            let mut remaining = Remaining::new(weights.iter().copied());
            let whole = remaining.clone();
            let mut left = weights.clone();
            for place in (0..weights.len()).filter(|&place| taken[place]) {
                remaining.take(place, weights[place]);
                left[place] = 0;
            }
            prop_assert_eq!(remaining.total(), left.iter().sum::<u64>());
            if remaining.total() > 0 {
                let (mut ours, mut theirs) = (stream(seed, "remaining", 0), stream(seed, "remaining", 0));
                for _ in 0..20 {
                    let at = theirs.random_range(0..remaining.total());
                    let covers = |&place: &usize| left[..=place].iter().sum::<u64>() > at;
                    prop_assert_eq!(Some(remaining.draw(&mut ours)), (0..left.len()).find(covers));
                }
            }
            for place in (0..weights.len()).filter(|&place| taken[place]) {
                remaining.put(place, weights[place]);
            }
            prop_assert_eq!(remaining.sums, whole.sums);
        }
    }
}
