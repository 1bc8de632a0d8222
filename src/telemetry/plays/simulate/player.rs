//! A player with a buffer: what a viewer sees of a link that is too slow, now and then.
//!
//! The file comes in segments of [`SEGMENT_MS`], one request after another, at most [`BUFFER`] of them ahead of what is
//! shown. Playing begins when the first has come, stands still when the next hasn't, and goes on when it has. Of a
//! transcode a segment can't be fetched before it is made.
//!
//! # Laws
//! 1. On the same trace from the same moment, a faster link, a faster transcoder or a smaller rate never shows any segment
//!    later: start-up and stalls **together** never grow, as long as nobody gives up. (Stalls alone can: a fast link may
//!    begin before an outage that a slow one sits through as start-up.)
//! 2. A link that never carries less than the file needs never stalls, and is not stepped through
//!    ([`Player::never_stalls`]).

use super::traces::{Link, Moment};

/// How long a segment lasts.
pub(super) const SEGMENT_MS: u32 = 4_000;
/// Segments that may lie ready beyond the one that is shown.
const BUFFER: usize = 15;
/// After so long without data players give up.
pub(super) const TIMEOUT_MS: u64 = 60_000;

/// What is fetched, and how it is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Player {
    /// Bits per s of what is shown.
    pub rate_bps: u64,
    /// From the request until the first bit can be made, in ms.
    pub opening_ms: u64,
    /// Speed of transcoding in thousandths of the speed of playing; `None` where nothing is transcoded.
    pub speed_permille: Option<u64>,
    /// After so long without data it gives up, in ms.
    pub timeout_ms: u64,
}

/// What the viewer would have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Viewer {
    /// How much of the file they want to see, in ms of it, if nothing stalls.
    pub wants_ms: u32,
    /// How long they wait for the first picture, in ms.
    pub patience_ms: u64,
    /// By how many ms of the file each ms of a stall shortens what they want to see.
    pub annoyance: u64,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// Until the first picture; `None` where there was none.
    pub startup_ms: Option<u64>,
    /// What was shown, in ms of the file.
    pub played_ms: u32,
    pub stalls: u32,
    pub stalled_ms: u64,
    /// The player gave up.
    pub timed_out: bool,
    /// When it was over.
    pub end: Moment,
}

impl Player {
    /// Bits of a segment that lasts so many ms, rounded up.
    fn bits(&self, ms: u32) -> u64 {
        (self.rate_bps * u64::from(ms)).div_ceil(1_000)
    }

    /// Whether a link of that rate at the least can't but keep up: each segment comes within the time that the one before
    /// it is shown, latency and rounding to whole ms included.
    fn never_stalls(&self, link: &Link<'_>) -> bool {
        let spent = link.trace().latency_ms() + 1;
        let left = u64::from(SEGMENT_MS).saturating_sub(spent);
        self.speed_permille.is_none() && link.slowest_bps() * left >= 1_000 * self.bits(SEGMENT_MS)
    }

    /// Plays a file that lasts `duration_ms` from a moment on. O(segments + steps of the trace), O(1) where nothing can
    /// stall.
    pub fn play(&self, link: &mut Link<'_>, from: Moment, duration_ms: u32, viewer: Viewer) -> Shown {
        if !self.never_stalls(link) {
            return self.step(link, from, duration_ms, viewer);
        }
        let first = link.arrival(from + self.opening_ms, self.bits(SEGMENT_MS.min(duration_ms)));
        match self.begin(from, first, viewer) {
            Err(shown) => shown,
            Ok(startup) => {
                let played_ms = viewer.wants_ms.min(duration_ms);
                let end = first + u64::from(played_ms);
                Shown { startup_ms: Some(startup), played_ms, end, ..Shown::default() }
            }
        }
    }

    /// How long the first picture took, or what came of it where the viewer or the player didn't wait.
    fn begin(&self, from: Moment, first: Moment, viewer: Viewer) -> Result<u64, Shown> {
        let startup = first - from;
        let waits = viewer.patience_ms.min(self.timeout_ms);
        if startup <= waits {
            return Ok(startup);
        }
        Err(Shown { timed_out: waits == self.timeout_ms, end: from + waits, ..Shown::default() })
    }

    /// Segment by segment.
    fn step(&self, link: &mut Link<'_>, from: Moment, duration_ms: u32, viewer: Viewer) -> Shown {
        let opened = from + self.opening_ms;
        let made = |ms: u64| match self.speed_permille {
            Some(speed) => opened + (ms * 1_000).div_ceil(speed.max(1)),
            None => opened,
        };
        let length = |at: u32| SEGMENT_MS.min(duration_ms - at);
        let mut wants = u64::from(viewer.wants_ms.min(duration_ms));
        let first_ms = length(0);
        let mut arrived = link.arrival(made(u64::from(first_ms)), self.bits(first_ms));
        let startup = match self.begin(from, arrived, viewer) {
            Err(shown) => return shown,
            Ok(startup) => startup,
        };
        let mut shown = Shown { startup_ms: Some(startup), ..Shown::default() };
        // All segments but the last are alike.
        let (whole, last_ms) = (link.recorded(self.bits(SEGMENT_MS)), duration_ms % SEGMENT_MS);
        let rest = link.recorded(self.bits(last_ms));
        // When each of the last segments began to be shown.
        let mut begun = [arrived; BUFFER];
        let (mut at, mut now, mut place) = (0u32, arrived, 0usize);
        loop {
            let ms = length(at);
            // The viewer leaves within this segment, or the file ends with it.
            if wants <= u64::from(at + ms) {
                shown.played_ms = wants as u32;
                shown.end = now + (wants - u64::from(at));
                return shown;
            }
            let next = at + ms;
            let due = now + u64::from(ms);
            let next_ms = length(next);
            // There is room for another once the segment so many places before has begun.
            place = (place + 1) % BUFFER;
            let room = begun[place];
            let start = arrived.max(room).max(made(u64::from(next) + u64::from(next_ms)));
            arrived = link.arrival_of(start, if next_ms == SEGMENT_MS { whole } else { rest });
            if arrived > due {
                let stall = arrived - due;
                // While it stalls, what they want to see shrinks to where they are.
                let bears = match viewer.annoyance {
                    0 => u64::MAX,
                    annoyance => (wants - u64::from(next)).div_ceil(annoyance),
                };
                let waits = bears.min(self.timeout_ms);
                shown.stalls += 1;
                if stall >= waits {
                    shown.stalled_ms += waits;
                    shown.played_ms = next;
                    shown.timed_out = waits == self.timeout_ms;
                    shown.end = due + waits;
                    return shown;
                }
                shown.stalled_ms += stall;
                wants -= stall * viewer.annoyance;
            }
            now = due.max(arrived);
            begun[place] = now;
            at = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::traces::Trace;
    use super::*;
    use proptest::prelude::*;

    fn trace() -> impl Strategy<Value = Trace> {
        prop::collection::vec((100u32..9_000, prop_oneof![1 => Just(0), 4 => 0u32..3_000]), 1..12)
            .prop_filter_map("something is carried", |steps| Trace::new(&steps, 20))
    }

    /// A viewer who waits for everything.
    const PATIENT: Viewer = Viewer { wants_ms: u32::MAX, patience_ms: u64::MAX, annoyance: 0 };

    fn player(rate_bps: u64, speed: Option<u64>) -> Player {
        Player { rate_bps, opening_ms: 100, speed_permille: speed, timeout_ms: TIMEOUT_MS }
    }

    proptest! {
        #[test]
        fn what_a_viewer_sees_adds_up(
            trace in trace(), permille in 1u32..5_000, from in 0u64..90_000, duration in 1u32..400_000, wants in 1u32..500_000,
            rate in 1u64..4_000_000, speed in prop::option::of(100u64..4_000), patience in 0u64..90_000, annoyance in 0u64..8,
        ) {
            let viewer = Viewer { wants_ms: wants, patience_ms: patience, annoyance };
            let shown = player(rate, speed).play(&mut Link::new(&trace, permille), from, duration, viewer);
            prop_assert!(shown.played_ms <= wants.min(duration));
            prop_assert!(u64::from(shown.stalls) <= shown.stalled_ms, "{:?}", shown);
            let startup = shown.startup_ms.unwrap_or(patience.min(TIMEOUT_MS));
            prop_assert_eq!(shown.end, from + startup + u64::from(shown.played_ms) + shown.stalled_ms);
            prop_assert!(shown.startup_ms.is_some() || (shown.played_ms, shown.stalls) == (0, 0));
            if shown.stalls == 0 && shown.startup_ms.is_some() {
                prop_assert_eq!(shown.played_ms, wants.min(duration));
            }
        }

        #[test]
        fn a_faster_link_or_transcoder_or_a_smaller_rate_shows_nothing_later(
            trace in trace(), permille in 1u32..3_000, more in 0u32..3_000, from in 0u64..90_000, duration in 1u32..300_000,
            rate in 1u64..2_000_000, less in 0u64..1_000_000, speed in 200u64..2_000, faster in 0u64..2_000, transcodes: bool,
        ) {
            let end = |permille, rate, speed: u64| {
                let player = Player { timeout_ms: u64::MAX, ..player(rate, transcodes.then_some(speed)) };
                player.play(&mut Link::new(&trace, permille), from, duration, PATIENT).end
            };
            let last = end(permille, rate, speed);
            prop_assert!(end(permille + more, rate, speed) <= last);
            prop_assert!(end(permille, rate.saturating_sub(less).max(1), speed) <= last);
            prop_assert!(end(permille, rate, speed + faster) <= last);
        }

        #[test]
        fn what_cannot_stall_is_as_if_it_had_been_stepped(
            trace in trace(), permille in 1u32..60_000, from in 0u64..90_000, duration in 1u32..400_000, wants in 1u32..500_000,
            rate in 1u64..300_000, patience in 0u64..90_000, annoyance in 0u64..8,
        ) {
            let viewer = Viewer { wants_ms: wants, patience_ms: patience, annoyance };
            let (player, mut link) = (player(rate, None), Link::new(&trace, permille));
            let stepped = player.step(&mut link.clone(), from, duration, viewer);
            prop_assert_eq!(player.play(&mut link.clone(), from, duration, viewer), stepped);
            if player.never_stalls(&link) {
                prop_assert_eq!(player.step(&mut link, from, duration, viewer).stalls, 0);
            }
        }
    }

    /// Half a segment's rate: the second segment is due at 4 s and needs 8 s, and so on.
    #[test]
    fn a_link_of_half_the_rate_stands_still_half_the_time() {
        let trace = Trace::new(&[(1_000, 500)], 0).expect("a trace");
        let player =
            Player { rate_bps: 1_000_000, opening_ms: 0, speed_permille: None, timeout_ms: TIMEOUT_MS };
        let shown = player.play(&mut Link::new(&trace, 1_000), 0, 20_000, PATIENT);
        assert_eq!((shown.startup_ms, shown.stalls, shown.stalled_ms), (Some(8_000), 4, 16_000));
        // Who minds each second by five wants but 4 s after 3.2 s of the first stall: 20 s - 5 x 3.2 s.
        let viewer = Viewer { annoyance: 5, ..PATIENT };
        let shown = player.play(&mut Link::new(&trace, 1_000), 0, 20_000, viewer);
        assert_eq!((shown.played_ms, shown.stalls, shown.stalled_ms), (4_000, 1, 3_200));
    }
}
