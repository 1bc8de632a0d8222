//! Which rung the next segment of a transcode is asked for in, where the player adapts.
//!
//! | | assumed | why |
//! | --- | --- | --- |
//! | estimate | bits over ms of the last [`WINDOW`] downloads, the harmonic mean of their throughputs by bits | a fast download after a slow one can't outweigh it |
//! | margin | a rung takes at most 750 thousandths of it | so that the largest scenes don't empty the buffer; ExoPlayer has had 700 to 750 |
//! | low mark | below 10 s ahead: down at once, to what the estimate carries | two and a half segments, of which one may be on the way already |
//! | high mark | from 20 s ahead: up by one rung, if the estimate carries a higher one | as long as five segments last, from which the estimate comes |
//! | between | stays | a full buffer is there to sit through what is slow |
//!
//! ExoPlayer ships with marks of 10 s to go up and 25 s to go down; ours are of that size, and chosen. A throughput is
//! counted from when the server has the segment: a transcoder that is slow isn't taken for a slow link.
//!
//! # Laws
//! 1. More throughput, more buffer or a higher rung now never makes the next rung lower.
//! 2. It never climbs more than a rung at once, never above the ladder, and stays where nothing has been seen.

use super::quality::Quality;

/// Downloads that an estimate comes from.
pub(super) const WINDOW: usize = 5;
/// Of what the link carried, in thousandths, a rung or a file may take so much.
pub(super) const MARGIN_PERMILLE: u64 = 750;
/// Ms ahead of what is shown, below which it goes down.
pub(super) const LOW_MS: u64 = 10_000;
/// Ms ahead of what is shown, from which on it goes up.
pub(super) const HIGH_MS: u64 = 20_000;

/// The last downloads: bits, and the ms they took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    last: [(u64, u64); WINDOW],
    next: usize,
    bits: u64,
    ms: u64,
}

impl Seen {
    /// Another download. O(1).
    pub fn add(&mut self, bits: u64, ms: u64) {
        let (old_bits, old_ms) = std::mem::replace(&mut self.last[self.next], (bits, ms));
        self.next = (self.next + 1) % WINDOW;
        self.bits = self.bits - old_bits + bits;
        self.ms = self.ms - old_ms + ms;
    }

    /// Whether what was seen carries a rate with the margin.
    fn carries(&self, rate_bps: u64) -> bool {
        u128::from(rate_bps) * u128::from(self.ms) <= u128::from(MARGIN_PERMILLE) * u128::from(self.bits)
    }

    /// The rung of the next segment, by the one of the last and the ms that lie ready. `rungs` go from the lowest rate to
    /// the highest. O(rungs).
    pub fn next_rung(&self, rungs: &[Quality], now: usize, ready_ms: u64) -> usize {
        if self.ms == 0 {
            return now;
        }
        if ready_ms < LOW_MS {
            let carried = rungs[..=now].iter().rposition(|rung| self.carries(rung.rate_bps));
            return carried.unwrap_or(0);
        }
        let above = rungs.get(now + 1);
        let climbs = ready_ms >= HIGH_MS && above.is_some_and(|rung| self.carries(rung.rate_bps));
        now + usize::from(climbs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rungs() -> impl Strategy<Value = Vec<Quality>> {
        prop::collection::btree_set(100_000u64..9_000_000, 1..=9).prop_map(|rates| {
            rates.into_iter().map(|rate_bps| Quality { rate_bps, speed_permille: Some(2_000) }).collect()
        })
    }

    fn downloads() -> impl Strategy<Value = Vec<(u64, u64)>> {
        prop::collection::vec((1u64..40_000_000, 1u64..20_000), 0..12)
    }

    fn seen(downloads: &[(u64, u64)]) -> Seen {
        let mut seen = Seen::default();
        downloads.iter().for_each(|&(bits, ms)| seen.add(bits, ms));
        seen
    }

    /// As the table tells it: no running sums, and a rung that is wanted first.
    fn naive(downloads: &[(u64, u64)], rungs: &[Quality], now: usize, ready_ms: u64) -> usize {
        let last = &downloads[downloads.len().saturating_sub(WINDOW)..];
        let (bits, ms) = last.iter().fold((0u128, 0u128), |(bits, ms), download| {
            (bits + u128::from(download.0), ms + u128::from(download.1))
        });
        if last.is_empty() {
            return now;
        }
        // 1,000 x bits / ms bit/s, of which 750 thousandths.
        let carried = |rung: usize| {
            u128::from(rungs[rung].rate_bps) * ms * 1_000 <= bits * 1_000 * u128::from(MARGIN_PERMILLE)
        };
        let wanted = (0..rungs.len()).filter(|&rung| carried(rung)).max().unwrap_or(0);
        match () {
            () if wanted < now && ready_ms < LOW_MS => wanted,
            () if wanted > now && ready_ms >= HIGH_MS => now + 1,
            () => now,
        }
    }

    proptest! {
        #[test]
        fn the_rung_is_the_one_of_the_table(
            rungs in rungs(), downloads in downloads(), now: prop::sample::Index, ready in 0u64..70_000,
        ) {
            let now = now.index(rungs.len());
            let next = seen(&downloads).next_rung(&rungs, now, ready);
            prop_assert_eq!(next, naive(&downloads, &rungs, now, ready));
            prop_assert!(next < rungs.len() && next <= now + 1);
        }

        #[test]
        fn what_is_better_never_chooses_a_lower_rung(
            rungs in rungs(), downloads in downloads(), now: prop::sample::Index, higher: prop::sample::Index,
            ready in 0u64..70_000, more in 0u64..30_000, less_ms in prop::collection::vec(0u64..9_000, 12),
        ) {
            let now = now.index(rungs.len());
            let rung = seen(&downloads).next_rung(&rungs, now, ready);
            // The same bits in no more time.
            let faster: Vec<(u64, u64)> =
                downloads.iter().zip(&less_ms).map(|(&(bits, ms), &less)| (bits, ms.saturating_sub(less).max(1))).collect();
            prop_assert!(seen(&faster).next_rung(&rungs, now, ready) >= rung);
            prop_assert!(seen(&downloads).next_rung(&rungs, now, ready + more) >= rung);
            let higher = now + higher.index(rungs.len() - now);
            prop_assert!(seen(&downloads).next_rung(&rungs, higher, ready) >= rung);
        }
    }

    #[test]
    fn the_marks_hold_to_the_ms() {
        let rungs =
            [1_000_000, 2_000_000, 4_000_000].map(|rate_bps| Quality { rate_bps, speed_permille: None });
        // 2,000,000 bit/s with the margin: 8,000,000 bits in 3,000 ms.
        let next = |ms, now, ready| seen(&[(8_000_000, ms)]).next_rung(&rungs, now, ready);
        assert_eq!((next(3_000, 1, 0), next(3_001, 1, LOW_MS - 1), next(3_001, 1, LOW_MS)), (1, 0, 1));
        assert_eq!(
            (next(3_000, 0, HIGH_MS), next(3_000, 0, HIGH_MS - 1), next(3_001, 0, HIGH_MS)),
            (1, 0, 0)
        );
        // Up one by one, down at once, and not below the lowest.
        assert_eq!((next(1, 0, 60_000), next(6_000, 2, 0), next(60_000, 2, 0)), (1, 0, 0));
    }
}
