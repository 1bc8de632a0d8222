//! Who plays: platforms, what they can play, and how they are reached.
//!
//! Shares and abilities are assumptions about what is in use, each in one table; nothing else of a play is stated by
//! platform. What follows of them (transcodes, stalls, buttons not found) is left to the mechanism.

use rand::RngExt;

use super::by_share;
use super::source::Source;
use super::traces::Network;
use crate::catalogue::stream::Stream;
use crate::catalogue::synthetic::draw::{happens, normal};

/// Names, each with the share of clients that have it.
type Shares = &'static [(&'static str, f64)];

/// A platform.
#[derive(Debug)]
pub(super) struct Platform {
    /// As the column `platform` names it.
    pub name: &'static str,
    /// Of 100 clients so many.
    share: u32,
    devices: Shares,
    video: Shares,
    audio: Shares,
    containers: &'static [&'static str],
    /// From the press of the button to the first request, and from the first data to the first picture, in ms.
    pub opening_ms: u64,
    /// The share of its players that choose the rung of a transcode anew for each segment; the others keep what was set.
    /// Assumed: browsers and televisions usually do, programs of their own on a computer seldom.
    adapts: f64,
    /// How many of those who want a button find it: subtitles, quality, skipping.
    pub finds: f64,
}

const BROWSER: Shares = &[("h264", 1.0), ("vp9", 0.9), ("av1", 0.7), ("hevc", 0.3)];
const COMPUTER: Shares =
    &[("h264", 1.0), ("hevc", 0.8), ("vp9", 0.95), ("av1", 0.5), ("mpeg4", 1.0), ("mpeg2video", 1.0)];
const POCKET: Shares = &[("h264", 1.0), ("hevc", 0.95), ("vp9", 0.8), ("av1", 0.3), ("mpeg4", 0.6)];
const APPLE: Shares = &[("h264", 1.0), ("hevc", 1.0), ("av1", 0.1), ("mpeg4", 0.3)];
const TV: Shares =
    &[("h264", 1.0), ("hevc", 0.95), ("vp9", 0.9), ("av1", 0.3), ("mpeg2video", 0.8), ("mpeg4", 0.4)];
const STICK: Shares = &[("h264", 1.0), ("hevc", 0.9), ("vp9", 0.9), ("av1", 0.3), ("mpeg4", 0.3)];
const CONSOLE: Shares = &[("h264", 1.0), ("hevc", 0.6), ("vp9", 0.3), ("mpeg2video", 0.5)];

const PLAIN_SOUND: Shares = &[("aac", 1.0), ("mp3", 1.0), ("flac", 0.9), ("opus", 0.8), ("vorbis", 0.8)];
const APPLE_SOUND: Shares = &[("aac", 1.0), ("mp3", 1.0), ("flac", 1.0), ("ac3", 0.9), ("eac3", 0.9)];
const CINEMA_SOUND: Shares = &[
    ("aac", 1.0),
    ("mp3", 1.0),
    ("mp2", 0.8),
    ("flac", 0.8),
    ("opus", 0.6),
    ("vorbis", 0.6),
    ("ac3", 1.0),
    ("eac3", 0.95),
    ("dts", 0.35),
    ("truehd", 0.12),
];

const FEW: &[&str] = &["mp4", "m4v", "m4a", "mov", "mp3", "flac", "ogg", "webm"];
const APPLE_FILES: &[&str] = &["mp4", "m4v", "m4a", "mov", "mp3", "flac"];
const MANY: &[&str] =
    &["mp4", "m4v", "m4a", "mov", "mp3", "flac", "ogg", "webm", "mkv", "mka", "avi", "mpeg", "ts", "m2ts"];
const MOST: &[&str] = &["mp4", "m4v", "m4a", "mov", "mp3", "flac", "ogg", "webm", "mkv", "mka", "ts", "m2ts"];

#[rustfmt::skip]
const PLATFORMS: [Platform; 14] = [
    Platform { name: "web", share: 14, devices: &[("laptop", 0.6), ("desktop", 0.4)], video: BROWSER, audio: PLAIN_SOUND, containers: FEW, opening_ms: 350, adapts: 0.9, finds: 0.85 },
    Platform { name: "windows", share: 7, devices: &[("desktop", 0.6), ("laptop", 0.4)], video: COMPUTER, audio: CINEMA_SOUND, containers: MANY, opening_ms: 300, adapts: 0.4, finds: 0.9 },
    Platform { name: "macos", share: 4, devices: &[("laptop", 0.75), ("desktop", 0.25)], video: COMPUTER, audio: CINEMA_SOUND, containers: MANY, opening_ms: 280, adapts: 0.4, finds: 0.9 },
    Platform { name: "linux", share: 2, devices: &[("desktop", 0.6), ("laptop", 0.4)], video: COMPUTER, audio: CINEMA_SOUND, containers: MANY, opening_ms: 300, adapts: 0.3, finds: 0.95 },
    Platform { name: "android", share: 17, devices: &[("phone", 0.75), ("tablet", 0.2), ("speaker", 0.05)], video: POCKET, audio: PLAIN_SOUND, containers: MOST, opening_ms: 420, adapts: 0.6, finds: 0.7 },
    Platform { name: "ios", share: 14, devices: &[("phone", 0.7), ("tablet", 0.3)], video: APPLE, audio: APPLE_SOUND, containers: APPLE_FILES, opening_ms: 330, adapts: 0.7, finds: 0.75 },
    Platform { name: "androidtv", share: 12, devices: &[("box", 0.55), ("tv", 0.45)], video: TV, audio: CINEMA_SOUND, containers: MOST, opening_ms: 700, adapts: 0.8, finds: 0.6 },
    Platform { name: "tizen", share: 7, devices: &[("tv", 1.0)], video: TV, audio: CINEMA_SOUND, containers: MOST, opening_ms: 900, adapts: 0.85, finds: 0.5 },
    Platform { name: "webos", share: 6, devices: &[("tv", 1.0)], video: TV, audio: CINEMA_SOUND, containers: MOST, opening_ms: 850, adapts: 0.85, finds: 0.5 },
    Platform { name: "roku", share: 6, devices: &[("stick", 0.7), ("tv", 0.3)], video: STICK, audio: CINEMA_SOUND, containers: &["mp4", "m4v", "m4a", "mov", "mp3", "flac", "mkv", "mka"], opening_ms: 1_000, adapts: 0.9, finds: 0.45 },
    Platform { name: "firetv", share: 4, devices: &[("stick", 0.85), ("tv", 0.15)], video: STICK, audio: CINEMA_SOUND, containers: MOST, opening_ms: 950, adapts: 0.8, finds: 0.55 },
    Platform { name: "tvos", share: 4, devices: &[("box", 1.0)], video: APPLE, audio: APPLE_SOUND, containers: APPLE_FILES, opening_ms: 450, adapts: 0.85, finds: 0.65 },
    Platform { name: "playstation", share: 1, devices: &[("console", 1.0)], video: CONSOLE, audio: PLAIN_SOUND, containers: FEW, opening_ms: 800, adapts: 0.6, finds: 0.5 },
    Platform { name: "xbox", share: 2, devices: &[("console", 1.0)], video: CONSOLE, audio: CINEMA_SOUND, containers: MANY, opening_ms: 700, adapts: 0.6, finds: 0.5 },
];

/// Of clients so many stand in another household than the server.
const ELSEWHERE: f64 = 0.2;
/// Of those, so many behind a slow line.
const SLOW_LINE: f64 = 0.25;
/// Of the evenings of a phone or tablet, so many are on the way; of those, so many on 3G.
const ON_THE_WAY: f64 = 0.25;
const ON_3G: f64 = 0.1;
/// Of clients, so many claim one codec that they can't play after all.
const CLAIMS_TOO_MUCH: f64 = 0.01;

/// A network that a client is reached by: traces of that set, by so many thousandths.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    pub network: Network,
    pub permille: u32,
}

/// One client of a server.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub platform: &'static Platform,
    pub device: &'static str,
    video: Vec<&'static str>,
    audio: Vec<&'static str>,
    /// A codec that it claims, and fails at.
    fails_at: Option<&'static str>,
    usual: Reach,
    /// Whether it chooses the rung of a transcode anew for each segment.
    pub adapts: bool,
    /// Whether its viewer reads subtitles.
    pub reads: bool,
}

impl Client {
    /// Draws a client.
    pub fn draw(random: &mut Stream) -> Self {
        let platform = by_share(&PLATFORMS, |platform| platform.share, random);
        let device = one(platform.devices, random);
        let mut has = |names: Shares| -> Vec<&'static str> {
            names.iter().filter(|(_, share)| happens(random, *share)).map(|(name, _)| *name).collect()
        };
        let (video, audio) = (has(platform.video), has(platform.audio));
        let fails_at = happens(random, CLAIMS_TOO_MUCH).then(|| video[random.random_range(0..video.len())]);
        let usual = match (happens(random, ELSEWHERE), happens(random, SLOW_LINE)) {
            // At home: what a house's own network carries, many times its line.
            (false, _) => reach(Network::Fixed, 12.0, 0.5, random),
            (true, false) => reach(Network::Fixed, 1.5, 0.5, random),
            (true, true) => reach(Network::FixedSlow, 1.2, 0.3, random),
        };
        let reads = happens(random, 0.3);
        let adapts = happens(random, platform.adapts);
        Self { platform, device, video, audio, fails_at, usual, adapts, reads }
    }

    /// How it is reached on one evening.
    pub fn reach(&self, random: &mut Stream) -> Reach {
        let moves = matches!(self.device, "phone" | "tablet");
        match moves && happens(random, ON_THE_WAY) {
            false => self.usual,
            true if happens(random, ON_3G) => reach(Network::Mobile3g, 1.0, 0.2, random),
            true => reach(Network::Mobile4g, 1.0, 0.3, random),
        }
    }

    /// Whether it has a screen.
    pub fn has_screen(&self) -> bool {
        self.device != "speaker"
    }

    /// Whether it says that it can show the picture; what is not known is tried.
    pub fn shows(&self, source: &Source<'_>) -> bool {
        source.video_codec.is_none_or(|codec| self.video.contains(&codec))
    }

    /// Whether it says that it can play the sound.
    pub fn sounds(&self, source: &Source<'_>) -> bool {
        source.audio_codec.is_none_or(|codec| self.audio.contains(&codec))
    }

    /// Whether it opens the container.
    pub fn opens(&self, source: &Source<'_>) -> bool {
        source.container.is_none_or(|container| self.platform.containers.contains(&container))
    }

    /// Whether it fails at a picture that it said it could show.
    pub fn fails_at(&self, source: &Source<'_>) -> bool {
        self.fails_at.is_some() && self.fails_at == source.video_codec
    }
}

/// A set of traces, scaled log-normally about a median, to a thousandth at least and a thousandfold at most.
fn reach(network: Network, median: f64, deviation: f64, random: &mut Stream) -> Reach {
    let permille = 1_000.0 * median * libm::exp(deviation * normal(random));
    Reach { network, permille: permille.clamp(1.0, 1e6) as u32 }
}

/// One of these, by their shares, which sum to 1.
fn one(names: Shares, random: &mut Stream) -> &'static str {
    let mut at = crate::catalogue::synthetic::draw::unit(random);
    let mut drawn = "";
    for (name, share) in names {
        drawn = name;
        if at < *share {
            break;
        }
        at -= share;
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole() {
        assert_eq!(PLATFORMS.iter().map(|platform| platform.share).sum::<u32>(), 100);
        for platform in &PLATFORMS {
            let devices: f64 = platform.devices.iter().map(|(_, share)| share).sum();
            assert!((devices - 1.0).abs() < 1e-9, "{}", platform.name);
            assert!((0.0..=1.0).contains(&platform.adapts), "{}", platform.name);
            // What every client can play is what transcodes are made in.
            assert!(platform.video.contains(&("h264", 1.0)) && platform.audio.contains(&("aac", 1.0)));
        }
    }
}
