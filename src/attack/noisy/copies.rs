//! The model of copies: how likely each mode makes a copy of a file that falls into a bucket, and copies drawn by it.

use rand::RngExt;

use super::Settings;
use super::index::{Index, Rest};
use crate::catalogue::stream::Stream;
use crate::rounding::Bucket;

/// The share of the whole numbers from `center - reach` to `center + reach` that lie in the bucket.
pub(super) fn within(center: u64, reach: u64, bucket: Bucket) -> f64 {
    let (from, end) = (center - reach, center + reach + 1);
    let end_inside = bucket.to.map_or(end, |to| to.min(end));
    end_inside.saturating_sub(from.max(bucket.from)) as f64 / (end - from) as f64
}

/// `value x times / over`, to the nearest.
pub(super) fn scaled(value: u64, times: u32, over: u32) -> u64 {
    // Both factors are under 2^32.
    (value * u64::from(times) + u64::from(over) / 2) / u64::from(over)
}

impl Settings {
    /// How far the duration of a copy can lie off.
    pub(super) fn reach(&self, duration: u64) -> u64 {
        u64::from(self.tolerance_ms).min(duration)
    }

    /// How far its bit rate can lie off.
    pub(super) fn rate_reach(&self, rate: u64) -> u64 {
        rate / u64::from(self.rate_parts)
    }

    /// The longest trim of a file.
    pub(super) fn most_trimmed(&self, duration: u64) -> u64 {
        u64::from(self.longest_trim_ms).min(duration / 2)
    }

    /// How likely a trim leaves a duration in the bucket. In closed form: a trim is shorter than k ms with a chance of
    /// `h(k) / h(longest + 1)`, where `h(k) = k / (scale + k)`.
    pub(super) fn trimmed_into(&self, duration: u64, bucket: Bucket) -> f64 {
        let most = self.most_trimmed(duration);
        if duration < bucket.from {
            return 0.0;
        }
        let from = bucket.to.map_or(0, |to| (duration + 1).saturating_sub(to));
        let end = (duration - bucket.from).min(most) + 1;
        if from >= end {
            return 0.0;
        }
        (self.tail(end) - self.tail(from)) / self.tail(most + 1)
    }

    fn tail(&self, ms: u64) -> f64 {
        ms as f64 / (u64::from(self.trim_scale_ms) + ms) as f64
    }

    /// A trim, by inverting that chance.
    fn draw_trim(&self, duration: u64, random: &mut Stream) -> u64 {
        let most = self.most_trimmed(duration);
        let chance = random.random_range(0..1u64 << 53) as f64 / (1u64 << 53) as f64 * self.tail(most + 1);
        let ms = f64::from(self.trim_scale_ms) * chance / (1.0 - chance);
        // The last bit may lead past the longest.
        (ms as u64).min(most)
    }
}

/// What was played instead of the attacker's copy.
pub(in crate::attack) struct Copy {
    pub kin: u32,
    pub duration: u64,
    pub rest: Rest,
}

impl Index<'_> {
    /// Draws the copy that was played where the attacker holds that file.
    pub fn draw_copy(&self, file: u32, random: &mut Stream) -> Copy {
        let settings = self.settings;
        let (kin, duration) = (self.kin(file), u64::from(self.durations[file as usize]));
        let around = |center: u64, reach: u64, random: &mut Stream| {
            random.random_range(center - reach..=center + reach)
        };
        let mut at = random.random_range(0..settings.total());
        let mut is = |weight: u32| {
            let is = at < u64::from(weight);
            at = at.wrapping_sub(u64::from(weight));
            is
        };
        if is(settings.same) {
            return Copy { kin, duration, rest: self.rest(file) };
        }
        if is(settings.remux) {
            let duration = around(duration, settings.reach(duration), random);
            let rate = self.rate(file).map(|rate| around(rate, settings.rate_reach(rate), random));
            return Copy { kin, duration, rest: self.rest_of(rate, file) };
        }
        if is(settings.other_cut) {
            let others = self.cuts(file);
            let own = others.iter().position(|&other| other == file).unwrap_or(0);
            let played = match others.len() {
                1 => file,
                // Any but itself.
                files => others[(own + random.random_range(1..files)) % files],
            };
            return Copy {
                kin: self.kin(played),
                duration: u64::from(self.durations[played as usize]),
                rest: self.rest(played),
            };
        }
        let rest = self.rest(random.random_range(0..self.durations.len() as u32));
        if is(settings.trimmed) {
            return Copy { kin, duration: duration - settings.draw_trim(duration, random), rest };
        }
        let speed = settings.speeds.iter().find(|speed| is(speed.weight));
        // The weights sum to the total, so there is one.
        let center = speed.map_or(duration, |speed| scaled(duration, speed.times, speed.over));
        Copy { kin, duration: around(center, settings.reach(center), random), rest }
    }
}
