//! What of a file decides how it is delivered.

use crate::catalogue::{Catalogue, Category, SideField};

/// A picture in motion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Picture<'a> {
    pub codec: Option<&'a str>,
    pub width: u32,
    pub height: u32,
    pub frames_per_s: u32,
    pub rate_bps: u64,
}

impl Picture<'_> {
    pub fn pixels_per_s(&self) -> f64 {
        f64::from(self.width) * f64::from(self.height) * f64::from(self.frames_per_s)
    }
}

/// One file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    pub kind: &'a str,
    pub duration_ms: u32,
    /// As the catalogue states it.
    pub bitrate_bps: Option<u32>,
    /// What flows: the stated rate, or a usual one of such a file.
    pub rate_bps: u64,
    pub resolution: Option<&'a str>,
    pub video_codec: Option<&'a str>,
    pub audio_codec: Option<&'a str>,
    pub container: Option<&'a str>,
    /// Missing for sound alone.
    pub picture: Option<Picture<'a>>,
}

/// Frames by name: where the catalogue has no width and height.
const FRAMES: [(&str, [u32; 2], u64); 7] = [
    ("480p", [720, 480], 2_000_000),
    ("576p", [720, 576], 2_000_000),
    ("720p", [1_280, 720], 3_000_000),
    ("1080p", [1_920, 1_080], 6_000_000),
    ("1440p", [2_560, 1_440], 10_000_000),
    ("2160p", [3_840, 2_160], 16_000_000),
    ("4320p", [7_680, 4_320], 60_000_000),
];
/// A picture of which nothing is known.
const UNKNOWN: ([u32; 2], u64) = ([1_920, 1_080], 6_000_000);
/// Sound of which nothing is known.
const SOUND_BPS: u64 = 256_000;

impl<'a> Source<'a> {
    /// The file in that row of a catalogue. What has a video codec, a resolution or a frame has a picture; where the
    /// catalogue has none of these columns, so has everything but tracks.
    pub fn of(catalogue: &'a Catalogue, file: usize) -> Self {
        let side = |field| catalogue.side(field).and_then(|column: &Category| column.get(file));
        let kind = side(SideField::Kind).unwrap_or_default();
        let (resolution, video_codec) = (side(SideField::Resolution), side(SideField::VideoCodec));
        let pixels =
            |field| side(field).and_then(|text| text.parse::<u32>().ok()).filter(|&pixels| pixels > 0);
        let frame = pixels(SideField::Width).zip(pixels(SideField::Height)).map(|(w, h)| [w, h]);
        let tells = [SideField::Resolution, SideField::VideoCodec, SideField::Width];
        let is_told = tells.into_iter().any(|field| catalogue.side(field).is_some());
        let moves = match is_told {
            true => resolution.is_some() || video_codec.is_some() || frame.is_some(),
            false => kind != "track",
        };
        let named = FRAMES.iter().find(|(name, _, _)| resolution == Some(name));
        let (usual, usual_bps) = named.map_or(UNKNOWN, |&(_, frame, rate)| (frame, rate));
        let bitrate_bps = catalogue.bitrate_bps().and_then(|rates| rates[file]).map(|rate| rate.get());
        let rate_bps = bitrate_bps.map_or(if moves { usual_bps } else { SOUND_BPS }, u64::from);
        let [width, height] = frame.unwrap_or(usual);
        let frames_per_s = if matches!(kind, "movie" | "episode") { 24 } else { 30 };
        Self {
            kind,
            duration_ms: catalogue.duration_ms()[file],
            bitrate_bps,
            rate_bps,
            resolution,
            video_codec,
            audio_codec: side(SideField::AudioCodec),
            container: side(SideField::Container),
            picture: moves.then_some(Picture { codec: video_codec, width, height, frames_per_s, rate_bps }),
        }
    }
}
