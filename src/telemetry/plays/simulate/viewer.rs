//! Viewers: how much they want to see, what they bear, and what they press.
//!
//! | | |
//! | --- | --- |
//! | to the end | a share of the plays, [`Settings::completion`](super::Settings::completion); of films and episodes, half of those end in the credits, the last 5 % |
//! | leaving early | log-normal after a median of 8.5 min: 37, 53 and 75 % within 5, 10 and 25 min, as in the PowerInfo study; songs are skipped after a median of 20 s. Who would leave after the end sees it |
//! | start-up | nobody leaves within 2 s; 5.8 % of all leave with each further second (Krishnan and Sitaraman) |
//! | stalls | standing still for 1 % of a title's length makes them see 5 % of it less (the same): each ms costs 5 |
//! | buttons | they pause and seek by chance, and want subtitles, another quality after a stall, and to skip; how many find the button is the platform's |

use rand::RngExt;

use super::clients::Client;
use super::player::{Shown, Viewer};
use super::source::Source;
use crate::catalogue::stream::Stream;
use crate::catalogue::synthetic::draw::{exponential, happens, normal, unit};

const LEAVES_MS: f64 = 8.5 * 60_000.0;
const LEAVES_DEVIATION: f64 = 1.6;
const SKIPS_MS: f64 = 20_000.0;
const SKIPS_DEVIATION: f64 = 1.2;
const IN_CREDITS: f64 = 0.5;
const CREDITS: f64 = 0.05;
const NOBODY_LEAVES_MS: f64 = 2_000.0;
const LEAVE_PER_MS: f64 = 0.058 / 1_000.0;
const ANNOYANCE: u64 = 5;
/// Between two pauses, and two seeks, of one viewer, in ms of the file.
const PAUSE_MS: f64 = 75.0 * 60_000.0;
const SEEK_MS: f64 = 90.0 * 60_000.0;
/// Of plays that are chosen, so many were searched for.
const SEARCHED: f64 = 0.2;

/// What a viewer has in mind. The draws are the same whatever comes of it.
pub(super) fn intends(source: &Source<'_>, completion: f64, random: &mut Stream) -> (Viewer, bool) {
    let duration = source.duration_ms;
    let to_end = happens(random, completion);
    let (quantile, waits) = (normal(random), unit(random));
    let (in_credits, part) = (happens(random, IN_CREDITS), unit(random));
    let wants_ms = match (to_end, source.kind) {
        (true, "movie" | "episode") if in_credits => duration - (f64::from(duration) * CREDITS * part) as u32,
        (true, _) => duration,
        (false, "track") => leaves(SKIPS_MS * libm::exp(SKIPS_DEVIATION * quantile), duration),
        (false, _) => leaves(LEAVES_MS * libm::exp(LEAVES_DEVIATION * quantile), duration),
    };
    let patience_ms = (NOBODY_LEAVES_MS + waits / LEAVE_PER_MS) as u64;
    (Viewer { wants_ms, patience_ms, annoyance: ANNOYANCE }, to_end)
}

fn leaves(at: f64, duration: u32) -> u32 {
    (at as u32).clamp(1, duration)
}

/// One of the buttons that were pressed, each as likely as any other.
struct Pressed<'r> {
    random: &'r mut Stream,
    chosen: Option<&'static str>,
    count: u32,
}

impl Pressed<'_> {
    fn press(&mut self, button: &'static str) {
        self.count += 1;
        if self.random.random_range(0..self.count) == 0 {
            self.chosen = Some(button);
        }
    }

    fn happens(&mut self, probability: f64) -> bool {
        happens(self.random, probability)
    }

    /// Presses the button if the platform lets them find it; who can't skip seeks.
    fn looks_for(&mut self, client: &Client, button: &'static str) {
        if self.happens(client.platform.finds) {
            self.press(button);
        } else if button.starts_with("skip") {
            self.press("seek");
        }
    }

    /// By chance, once in so many ms.
    fn now_and_then(&mut self, button: &'static str, played_ms: u32, mean_ms: f64) {
        let mut at = exponential(self.random, mean_ms);
        while at < f64::from(played_ms) {
            self.press(button);
            at += exponential(self.random, mean_ms);
        }
    }
}

/// The button that a play reports, if any was pressed. `chosen` tells whether somebody started it, rather than the play
/// before it; `to_end` whether the end was wanted.
pub(super) fn presses(
    source: &Source<'_>,
    client: &Client,
    shown: &Shown,
    chosen: bool,
    to_end: bool,
    random: &mut Stream,
) -> Option<&'static str> {
    let mut pressed = Pressed { random, chosen: None, count: 0 };
    if chosen {
        if pressed.happens(SEARCHED) {
            pressed.press("search");
        }
        if client.device == "phone" && pressed.happens(0.03) {
            pressed.press("cast");
        }
        pressed.press("play");
    }
    if shown.startup_ms.is_none() {
        return pressed.chosen;
    }
    let played = shown.played_ms;
    if source.picture.is_some() {
        if client.reads && pressed.happens(0.6) {
            pressed.looks_for(client, "subtitles_on");
        } else if pressed.happens(0.03) {
            pressed.looks_for(client, "subtitles_off");
        }
        if pressed.happens(0.02) {
            pressed.looks_for(client, "audio_track");
        }
        if shown.stalls > 0 && pressed.happens(0.3) {
            pressed.looks_for(client, "quality");
        }
        if source.kind == "episode" && played > 90_000 && pressed.happens(0.5) {
            pressed.looks_for(client, "skip_intro");
        }
        let in_credits = f64::from(played) > f64::from(source.duration_ms) * (1.0 - CREDITS);
        if source.kind == "episode" && in_credits && pressed.happens(0.4) {
            pressed.looks_for(client, "skip_credits");
        }
    }
    if matches!(client.device, "phone" | "tablet") && pressed.happens(0.01) {
        pressed.press("download");
    }
    pressed.now_and_then("pause", played, PAUSE_MS);
    pressed.now_and_then("seek", played, SEEK_MS);
    if !to_end && played < source.duration_ms {
        pressed.press("stop");
    }
    pressed.chosen
}
