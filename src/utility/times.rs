//! Drawing with replacement.

use rand::RngExt;

use crate::catalogue::stream::Stream;

/// How often each of so many comes up in as many draws with replacement. O(count).
pub(super) fn times(count: usize, random: &mut Stream) -> Vec<u32> {
    let mut times = vec![0; count];
    (0..count).for_each(|_| times[random.random_range(0..count)] += 1);
    times
}
