//! Lengths that draw alike: what is rounded to one bucket, or to buckets that a channel counts as one.

use super::spread::{Entry, Spread};
use super::{MOST_TERMS, TooFine};
use crate::attack::channel::Channel;
use crate::rounding::Partition;

/// Lengths up to the longest that draw alike, rising from 0: the first, and what is drawn from. Places never fall as
/// lengths rise. O(cells log longest).
///
/// # Errors
/// [`TooFine`] where there are more cells than `most`.
pub(super) fn alike(
    longest: u64,
    duration: &dyn Partition,
    channel: Channel,
    most: usize,
) -> Result<Vec<(u64, u64)>, TooFine> {
    let place = |length: u64| channel.place(duration.bucket(length).from);
    let (mut cells, mut from) = (Vec::new(), 0);
    while from <= longest {
        if cells.len() == most {
            return Err(TooFine { terms: MOST_TERMS + 1, most: MOST_TERMS });
        }
        cells.push((from, duration.bucket(from).from));
        // The first length that draws otherwise, or one past the longest.
        let (here, mut low, mut high) = (place(from), from, longest + 1);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if place(middle) == here { low = middle } else { high = middle }
        }
        from = high;
    }
    Ok(cells)
}

/// The outputs of such cells, by number, from what each draws from. O(cells log cells).
pub(super) fn outputs(channel: Channel, values: impl Iterator<Item = u64>) -> Spread {
    Spread::of(channel, (0..).zip(values).map(|(name, value)| Entry { value, name, weight: 1 }))
}
