//! What a channel tells apart, and how likely each of it is given outputs.

use crate::attack::channel::{Channel, Geometric};

/// What is less likely than the likeliest by this factor, as a natural logarithm, is left out: with weights of up to
/// 2^62 it still lies far below the last bit of a sum.
const NEGLIGIBLE: f64 = 110.0;

/// The places of a channel that files lie at, with the titles of each: values of one place give every output alike.
pub(super) struct Places {
    channel: Channel,
    /// Rising, each with where its entries end.
    places: Vec<(i64, usize)>,
    /// The titles of each place, rising, each with its weight there.
    entries: Vec<(u32, u64)>,
}

impl Places {
    /// Of the duration, title and weight of each file. O(files log files).
    pub fn of(channel: Channel, files: impl Iterator<Item = (u64, u32, u64)>) -> Self {
        let place = |(duration, title, weight): (u64, u32, u64)| (channel.place(duration), title, weight);
        let mut keyed: Vec<(i64, u32, u64)> = files.map(place).collect();
        keyed.sort_unstable();
        let (mut places, mut entries) = (Vec::new(), Vec::new());
        for of_place in keyed.chunk_by(|a, b| a.0 == b.0) {
            for same in of_place.chunk_by(|a, b| a.1 == b.1) {
                entries.push((same[0].1, same.iter().map(|&(.., weight)| weight).sum()));
            }
            places.push((of_place[0].0, entries.len()));
        }
        Self { channel, places, entries }
    }

    /// The title with the largest sum of weight x factor over these places, and that sum; `scratch` holds a zero for
    /// each title, and does so again.
    pub fn heaviest(
        &self,
        places: impl Iterator<Item = (usize, f64)> + Clone,
        scratch: &mut [f64],
    ) -> Option<(u32, f64)> {
        for (place, factor) in places.clone() {
            for &(title, weight) in self.of_place(place) {
                scratch[title as usize] += weight as f64 * factor;
            }
        }
        let mut best: Option<(u32, f64)> = None;
        for &(title, _) in places.flat_map(|(place, _)| self.of_place(place)) {
            let sum = std::mem::take(&mut scratch[title as usize]);
            if best.is_none_or(|(held, most)| sum > most || (sum == most && title < held)) {
                best = Some((title, sum));
            }
        }
        best
    }

    fn of_place(&self, place: usize) -> &[(u32, u64)] {
        let start = if place == 0 { 0 } else { self.places[place - 1].1 };
        &self.entries[start..self.places[place].1]
    }

    /// The places that outputs are likely from, each with the logarithm of its likelihood but for a constant.
    pub fn likely(&self, outputs: &[(i64, u64)]) -> Vec<(usize, f64)> {
        match self.channel {
            Channel::Stochastic(of) => {
                let (Some(&(low, _)), Some(&(high, _))) = (outputs.first(), outputs.last()) else {
                    return Vec::new();
                };
                // A value yields multiples less than one width from it.
                let width = i128::from(of.width);
                let (above, below) = (i128::from(high - 1) * width, i128::from(low + 1) * width);
                let start = self.places.partition_point(|&(place, _)| i128::from(place) <= above);
                let end = self.places.partition_point(|&(place, _)| i128::from(place) < below);
                let log = |place: usize| {
                    let value = self.places[place].0 as u64;
                    let of_one = |&(output, times): &(i64, u64)| {
                        times as f64 * libm::log(of.probability(value, output))
                    };
                    outputs.iter().map(of_one).sum::<f64>()
                };
                (start..end.max(start)).map(|place| (place, log(place))).collect()
            }
            Channel::Noise(of) => self.likely_noise(of, outputs),
            Channel::Response(of) => {
                let times = |place: usize| {
                    let found = outputs.binary_search_by_key(&self.places[place].0, |&(output, _)| output);
                    found.map_or(0, |at| outputs[at].1)
                };
                (0..self.places.len())
                    .map(|place| (place, of.epsilon.value() * times(place) as f64))
                    .collect()
            }
        }
    }

    fn likely_noise(&self, of: Geometric, outputs: &[(i64, u64)]) -> Vec<(usize, f64)> {
        let log = |place: usize| {
            let at = self.places[place].0;
            let away = |&(output, times): &(i64, u64)| times as f64 * output.abs_diff(at) as f64;
            -of.epsilon.value() * outputs.iter().map(away).sum::<f64>()
        };
        // It falls to both sides of a median of the outputs, ever faster.
        let times: u64 = outputs.iter().map(|&(_, times)| times).sum();
        let mut upto = 0;
        let median = outputs.iter().find(|&&(_, times_of_one)| {
            upto += times_of_one;
            2 * upto >= times
        });
        let middle =
            self.places.partition_point(|&(place, _)| median.is_some_and(|&(output, _)| place < output));
        let near = [middle.checked_sub(1), Some(middle).filter(|&place| place < self.places.len())];
        let most = near.into_iter().flatten().map(log).fold(f64::NEG_INFINITY, f64::max);
        let likely = |&(_, log): &(usize, f64)| log >= most - NEGLIGIBLE;
        let scored = |place: usize| (place, log(place));
        let before: Vec<(usize, f64)> = (0..middle).rev().map(scored).take_while(likely).collect();
        before.into_iter().rev().chain((middle..self.places.len()).map(scored).take_while(likely)).collect()
    }

    /// The largest weight of one title at each place, summed. O(files).
    pub fn largest_over_places(&self) -> u64 {
        let best = |place: usize| self.of_place(place).iter().map(|&(_, weight)| weight).max().unwrap_or(0);
        (0..self.places.len()).map(best).sum()
    }
}
