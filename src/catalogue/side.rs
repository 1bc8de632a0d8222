//! The side fields: what else a play can report of a file.

use std::fmt;
use std::str::FromStr;

use super::CatalogueError;

/// A categorical attribute of a file. Width and height count as categories: they are matched, not rounded.
///
/// ```
/// use coarsen::catalogue::SideField;
/// assert_eq!("video_codec".parse::<SideField>()?, SideField::VideoCodec);
/// assert_eq!(SideField::Resolution.to_string(), "resolution");
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SideField {
    /// `kind`: movie, episode, track, ...
    Kind,
    /// `genre`.
    Genre,
    /// `width` in pixels.
    Width,
    /// `height` in pixels.
    Height,
    /// `resolution`: 480p, 720p, ...
    Resolution,
    /// `video_codec`.
    VideoCodec,
    /// `audio_codec`.
    AudioCodec,
    /// `container`.
    Container,
}

impl SideField {
    /// Every side field.
    pub const ALL: [Self; 8] = [
        Self::Kind,
        Self::Genre,
        Self::Width,
        Self::Height,
        Self::Resolution,
        Self::VideoCodec,
        Self::AudioCodec,
        Self::Container,
    ];

    /// Those that a play reports besides duration and bit rate: resolution, codecs, container.
    pub const REPORTED: [Self; 4] = [Self::Resolution, Self::VideoCodec, Self::AudioCodec, Self::Container];

    /// The column's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Genre => "genre",
            Self::Width => "width",
            Self::Height => "height",
            Self::Resolution => "resolution",
            Self::VideoCodec => "video_codec",
            Self::AudioCodec => "audio_codec",
            Self::Container => "container",
        }
    }
}

impl fmt::Display for SideField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SideField {
    type Err = CatalogueError;

    fn from_str(name: &str) -> Result<Self, CatalogueError> {
        let found = Self::ALL.into_iter().find(|field| field.name() == name.trim());
        found.ok_or_else(|| CatalogueError::UnknownSideField {
            name: name.to_owned(),
            known: Self::ALL.map(Self::name).join(", "),
        })
    }
}
