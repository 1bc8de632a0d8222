//! A player with a buffer: what a viewer sees of a link that is too slow, now and then.
//!
//! The file comes in segments of [`SEGMENT_MS`], one request after another, at most [`BUFFER`] of them ahead of what is
//! shown. Playing begins when the first has come, stands still when the next hasn't, and goes on when it has. Of a
//! transcode a segment can't be fetched before it is made. Where there are several qualities, the player asks for each
//! segment in the one that the [rule](super::rate_rule) chooses when there is room for it; another one than before has the
//! transcoder start anew there.
//!
//! # Laws
//! 1. In one quality, on the same trace from the same moment, a faster link, a faster transcoder or a smaller rate never
//!    shows any segment later: start-up and stalls **together** never grow, as long as nobody gives up. (Stalls alone can:
//!    a fast link may begin before an outage that a slow one sits through as start-up.) Who adapts has no such law: a
//!    faster link lets them climb, and what they have climbed to may come too late of an outage.
//! 2. In one quality, a link that never carries less than the file's largest segments need never stalls, and is not stepped
//!    through ([`Player::never_stalls`]).
//! 3. Who adapts plays as who keeps a quality, as long as the rule has them stay.

use super::quality::{Qualities, ShownIn};
use super::rate_rule::Seen;
use super::segments::{Sizes, bits};
use super::traces::{Link, Moment};
use super::transcoder::Transcoder;

/// How long a segment lasts.
pub(super) const SEGMENT_MS: u32 = 4_000;
/// Segments that may lie ready beyond the one that is shown.
const BUFFER: usize = 15;
/// After so long without data players give up.
pub(super) const TIMEOUT_MS: u64 = 60_000;

/// What is fetched, and how it is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Player<'a> {
    /// What it may be shown in.
    pub qualities: Qualities,
    /// The one of the first segment.
    pub began: usize,
    /// How large each segment is.
    pub sizes: Sizes<'a>,
    /// From the press of the button to the request, in ms.
    pub opening_ms: u64,
    /// Until the server can send or make anything, in ms: at first, and after each change of quality.
    pub setup_ms: u64,
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
    /// The same by quality.
    pub in_quality: ShownIn,
    pub stalls: u32,
    pub stalled_ms: u64,
    /// The player gave up.
    pub timed_out: bool,
    /// When it was over.
    pub end: Moment,
}

impl Player<'_> {
    /// Whether a link of that rate at the least can't but keep up: each segment, be it the largest, comes within the time
    /// that the one before it is shown, latency and rounding to whole ms included.
    fn never_stalls(&self, link: &Link<'_>) -> bool {
        let [only] = self.qualities.all() else { return false };
        let spent = link.trace().latency_ms() + 1;
        let left = u64::from(SEGMENT_MS).saturating_sub(spent);
        let largest = bits(only.rate_bps, SEGMENT_MS, self.sizes.largest());
        only.speed_permille.is_none() && link.slowest_bps() * left >= 1_000 * largest
    }

    /// Plays a file that lasts `duration_ms` from a moment on. O(segments x qualities + steps of the trace), O(1) where
    /// nothing can stall.
    pub fn play(&self, link: &mut Link<'_>, from: Moment, duration_ms: u32, viewer: Viewer) -> Shown {
        if !self.never_stalls(link) {
            return self.step(link, from, duration_ms, viewer);
        }
        let opened = from + self.opening_ms + self.setup_ms;
        let rate_bps = self.qualities.all()[self.began].rate_bps;
        let size = { self.sizes }.next();
        let first = link.arrival(opened, bits(rate_bps, SEGMENT_MS.min(duration_ms), size));
        match self.begin(from, first, viewer) {
            Err(shown) => shown,
            Ok(startup) => {
                let played_ms = viewer.wants_ms.min(duration_ms);
                let end = first + u64::from(played_ms);
                let mut shown = Shown { startup_ms: Some(startup), played_ms, end, ..Shown::default() };
                shown.in_quality[self.began] = played_ms;
                shown
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
        let rungs = self.qualities.all();
        let (mut rung, mut sizes, mut seen) = (self.began, self.sizes, Seen::default());
        let opened = from + self.opening_ms + self.setup_ms;
        let mut transcoder = Transcoder::new(opened, 0, rungs[rung].speed_permille);
        let length = |at: u32| SEGMENT_MS.min(duration_ms - at);
        let mut wants = u64::from(viewer.wants_ms.min(duration_ms));
        let first_ms = length(0);
        let start = transcoder.made(u64::from(first_ms));
        let first = bits(rungs[rung].rate_bps, first_ms, sizes.next());
        let mut arrived = link.arrival(start, first);
        seen.add(first, arrived - start);
        let startup = match self.begin(from, arrived, viewer) {
            Err(shown) => return shown,
            Ok(startup) => startup,
        };
        let mut shown = Shown { startup_ms: Some(startup), ..Shown::default() };
        // When each of the last segments began to be shown.
        let mut begun = [arrived; BUFFER];
        let (mut at, mut now, mut place) = (0u32, arrived, 0usize);
        loop {
            let ms = length(at);
            // The viewer leaves within this segment, or the file ends with it.
            if wants <= u64::from(at + ms) {
                let left_ms = (wants - u64::from(at)) as u32;
                shown.in_quality[rung] += left_ms;
                shown.played_ms = wants as u32;
                shown.end = now + u64::from(left_ms);
                return shown;
            }
            shown.in_quality[rung] += ms;
            let next = at + ms;
            let due = now + u64::from(ms);
            let next_ms = length(next);
            // There is room for another once the segment so many places before has begun.
            place = (place + 1) % BUFFER;
            let asks = arrived.max(begun[place]);
            if rungs.len() > 1 {
                let chosen = seen.next_rung(rungs, rung, due - asks);
                if chosen != rung {
                    rung = chosen;
                    transcoder = Transcoder::new(asks + self.setup_ms, next, rungs[rung].speed_permille);
                }
            }
            let start = asks.max(transcoder.made(u64::from(next) + u64::from(next_ms)));
            let bits = bits(rungs[rung].rate_bps, next_ms, sizes.next());
            arrived = link.arrival(start, bits);
            if rungs.len() > 1 {
                seen.add(bits, arrived - start);
            }
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
mod tests;
