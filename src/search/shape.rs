//! Shapes: which fields leave together.

use serde::Serialize;

use crate::catalogue::SideField;
use crate::rounding::Rounding;

/// A ping before its widths are chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PingShape {
    /// Its name.
    pub name: &'static str,
    /// The question that it answers, as a sentence.
    pub purpose: &'static str,
    /// Whether it carries the duration.
    pub duration: bool,
    /// Whether it carries the bit rate.
    pub bitrate: bool,
    /// The side fields that it carries.
    pub by: Vec<&'static str>,
    /// The fields of the player and of the playback that its questions ask for, by their names in the policy to start
    /// from. They describe no file, but for those that are derived from its numbers and rounded as they are.
    pub reports: Vec<&'static str>,
}

/// A way to part the fields into pings that can't be linked to one another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shape {
    /// Its name.
    pub name: &'static str,
    /// What it is, as a phrase.
    pub about: &'static str,
    /// Its pings.
    pub pings: Vec<PingShape>,
}

impl Shape {
    /// The names of the shapes.
    pub const NAMES: [&'static str; 3] = ["joint", "bare", "split"];

    /// The three shapes that a study compares.
    pub fn all() -> [Self; 3] {
        let play = PingShape::play;
        [
            Self {
                name: "joint",
                about: "one ping, every side field",
                pings: vec![play(&SideField::REPORTED)],
            },
            Self { name: "bare", about: "one ping, no side field", pings: vec![play(&[])] },
            Self {
                name: "split",
                about: "one ping per question, not linkable",
                pings: vec![
                    PingShape {
                        name: "stalls",
                        purpose: "Stall rates by bit rate, codec and resolution of the file.",
                        duration: false,
                        bitrate: true,
                        by: vec!["resolution", "video_codec"],
                        reports: vec!["platform", "stalls"],
                    },
                    PingShape {
                        name: "speed",
                        purpose: "Server speed by bit rate, codec and resolution of the file.",
                        duration: false,
                        bitrate: true,
                        by: vec!["resolution", "video_codec"],
                        reports: vec!["hardware", "transcode_speed"],
                    },
                    PingShape {
                        name: "length",
                        purpose: "Completion by length of the title.",
                        duration: true,
                        bitrate: false,
                        by: Vec::new(),
                        reports: vec!["played", "stalled", "startup"],
                    },
                    PingShape::of_names(
                        "startup",
                        "Start-up time by container of the file, delivery and platform.",
                        &["container"],
                        &["platform", "delivery", "startup"],
                    ),
                    PingShape::of_names(
                        "formats",
                        "Which formats of file a device plays directly.",
                        &["container", "video_codec", "audio_codec"],
                        &["device", "delivery"],
                    ),
                    PingShape::of_names(
                        "media",
                        "Types of media by platform and device.",
                        &["kind"],
                        &["platform", "device"],
                    ),
                ],
            },
        ]
    }

    /// The shape of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|shape| shape.name == name)
    }
}

impl PingShape {
    /// One ping for all questions, with these side fields.
    pub fn play(by: &[SideField]) -> Self {
        Self {
            name: "play",
            purpose: "Stalls, server speed and completion by length and bit rate of the file.",
            duration: true,
            bitrate: true,
            by: by.iter().map(|field| field.name()).collect(),
            reports: vec![
                "platform",
                "device",
                "hardware",
                "delivery",
                "stalls",
                "stalled",
                "startup",
                "transcode_speed",
                "played",
            ],
        }
    }

    /// A ping that tells names of the file and neither of its numbers.
    fn of_names(
        name: &'static str,
        purpose: &'static str,
        by: &[&'static str],
        reports: &[&'static str],
    ) -> Self {
        Self { name, purpose, duration: false, bitrate: false, by: by.to_vec(), reports: reports.to_vec() }
    }

    /// Whether it carries a number, whose rounding can be coarser. A ping that carries none leaves as it is or not at all.
    pub fn carries_number(&self) -> bool {
        self.duration || self.bitrate
    }

    /// The roundings that the ping tries of a list: all of them, drop among them, or drop alone where it lacks
    /// the attribute.
    pub(super) fn candidates(carries: bool, list: &[Rounding]) -> Vec<&Rounding> {
        list.iter().filter(|rounding| carries || rounding.is_drop()).collect()
    }
}
