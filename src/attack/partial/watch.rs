//! The completion model: how long one play of a file lasts.

use rand::RngExt;

use crate::catalogue::stream::Stream;
use crate::rounding::Bucket;

/// Of the plays a share ends within the tail, each ms equally likely; the others anywhere from 0 to the whole duration.
#[derive(Clone, Copy)]
pub(in crate::attack) struct Watch {
    pub completion: f64,
    pub tail_ms: u32,
}

impl Watch {
    /// The tail of a file; the place where it begins never falls as durations rise.
    fn tail(self, duration: u32) -> u64 {
        u64::from(self.tail_ms.min(duration / 10))
    }

    /// Where the tail begins: what ends before tells of the duration only that it is longer.
    pub fn tail_from(self, duration: u32) -> u64 {
        u64::from(duration) - self.tail(duration)
    }

    /// How likely a play lasts less than that. Exact counts, one division each.
    pub fn below(self, duration: u32, end: u64) -> f64 {
        let lengths = u64::from(duration) + 1;
        let tail = self.tail(duration) + 1;
        let completed = end.saturating_sub(self.tail_from(duration)).min(tail);
        self.completion * (completed as f64 / tail as f64)
            + (1.0 - self.completion) * (end.min(lengths) as f64 / lengths as f64)
    }

    /// How likely a play ends in the bucket.
    pub fn within(self, duration: u32, bucket: Bucket) -> f64 {
        let lengths = u64::from(duration) + 1;
        let end = bucket.to.map_or(lengths, |to| to.min(lengths));
        let anywhere = end.saturating_sub(bucket.from);
        let tail_from = self.tail_from(duration);
        let completed = end.saturating_sub(bucket.from.max(tail_from));
        self.completion * (completed as f64 / (self.tail(duration) + 1) as f64)
            + (1.0 - self.completion) * (anywhere as f64 / lengths as f64)
    }

    /// How long one play lasts.
    pub fn draw(self, duration: u32, random: &mut Stream) -> u64 {
        const UNIT: u64 = 1 << 53;
        let completed = (random.random_range(0..UNIT) as f64) < self.completion * UNIT as f64;
        let from = if completed { self.tail_from(duration) } else { 0 };
        random.random_range(from..=u64::from(duration))
    }
}

/// By multiplying, so that it is the same on every machine.
pub(super) fn power(value: f64, exponent: u32) -> f64 {
    (0..exponent).fold(1.0, |product, _| product * value)
}
