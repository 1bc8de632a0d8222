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
        let play = |by| PingShape {
            name: "play",
            purpose: "Stalls, server speed and completion by length and bit rate of the file.",
            duration: true,
            bitrate: true,
            by,
        };
        [
            Self {
                name: "joint",
                about: "one ping, every side field",
                pings: vec![play(SideField::REPORTED.map(SideField::name).to_vec())],
            },
            Self { name: "bare", about: "one ping, no side field", pings: vec![play(Vec::new())] },
            Self {
                name: "split",
                about: "one ping per question, not linkable",
                pings: vec![
                    PingShape {
                        name: "stalls",
                        purpose: "Stall rates by bit rate and resolution of the file.",
                        duration: false,
                        bitrate: true,
                        by: vec!["resolution"],
                    },
                    PingShape {
                        name: "speed",
                        purpose: "Server speed by bit rate, codec and resolution of the file.",
                        duration: false,
                        bitrate: true,
                        by: vec!["resolution", "video_codec"],
                    },
                    PingShape {
                        name: "length",
                        purpose: "Completion by length of the title.",
                        duration: true,
                        bitrate: false,
                        by: Vec::new(),
                    },
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
    /// The roundings that the ping tries of a list: all of them, drop among them, or drop alone where it lacks
    /// the attribute.
    pub(super) fn candidates(carries: bool, list: &[Rounding]) -> Vec<&Rounding> {
        list.iter().filter(|rounding| carries || rounding.is_drop()).collect()
    }
}
