//! What a play holds: its columns, each with its unit, in one place.
//!
//! A column that a policy may list is named as in `datasets/policies/playback.toml`, so that this policy applies to
//! plays as they are. Units stand in the names. What is not known is missing, never 0.

use crate::units::Dimension;

/// A column of text.
///
/// Categories are open: an import may hold other names than those listed here, which are what the policy groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Text {
    /// The server that reports: any name, the same for all its plays.
    Server,
    /// `movie`, `episode`, `track`, `clip`, `talk`, `home`: the kind of the file that is played.
    Kind,
    /// `480p`, `576p`, `720p`, `1080p`, `2160p`: of the file, not of what arrives; missing where there is no picture.
    Resolution,
    /// `h264`, `hevc`, `mpeg2video`, `mpeg4`, `vp9`, `av1`: of the file; missing where there is no picture.
    VideoCodec,
    /// `aac`, `mp3`, `ac3`, `eac3`, `dts`, `truehd`, `flac`, `opus`, `vorbis`: of the file.
    AudioCodec,
    /// `mkv`, `mp4`, `mov`, `avi`, `mp3`, `flac`, ..: of the file.
    Container,
    /// `windows`, `macos`, `linux`, `android`, `ios`, `web`, `tizen`, `webos`, `roku`, `androidtv`, `tvos`, `firetv`,
    /// `playstation`, `xbox`: what the player runs on.
    Platform,
    /// `phone`, `tablet`, `desktop`, `laptop`, `tv`, `box`, `stick`, `console`, `speaker`: what it is.
    Device,
    /// `software`, `quicksync`, `nvenc`, `amf`, `videotoolbox`, `v4l2`, `rkmpp`: what the server transcodes with.
    Hardware,
    /// `direct play` (the file as it is), `remux` (in another container), `transcode`.
    Delivery,
    /// One button or feature that was used in the play: `play`, `pause`, `seek`, `stop`, `skip_intro`, `skip_credits`,
    /// `subtitles_on`, `subtitles_off`, `audio_track`, `quality`, `search`, `download`, `cast`.
    Event,
    /// What ended the play against the viewer's will: `timeout`, `reset`, `name`, `decoder`, `unsupported`,
    /// `transcoder_start`, `transcoder_exit`, ..; missing where nothing did.
    Error,
    /// The version of the server, such as `1.11`.
    ServerVersion,
    /// `stable`, `beta`: where the server takes its next version from.
    UpdateChannel,
    /// `linked`, `unlinked` (it never had one), `expired`, `refused`: how the server's account stood when it was last
    /// checked. Never the account itself.
    AccountState,
}

/// A column of whole numbers from 0 to 2^32 - 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Number {
    /// The file that was played, as its catalogue numbers it: the ground truth. No policy lists it.
    FileId,
    /// The title that was played, as its catalogue numbers it: the ground truth. No policy lists it.
    TitleId,
    /// How long the file lasts, in ms.
    DurationMs,
    /// How much of the file was played, in ms of the file; at most `duration_ms` where it is played but once.
    PlayedMs,
    /// Bit rate of the whole file, in bit/s.
    BitrateBps,
    /// Bit rate at which what was played arrived at the player, in bit/s: the file's, or that of the transcode.
    DeliveredBps,
    /// Speed of transcoding the picture in thousandths of the speed of playing: 1000 keeps up just so. Missing where no
    /// picture is transcoded.
    TranscodeSpeedPermille,
    /// From the press of the button to the first picture or sound, in ms; missing where there never was any.
    StartupMs,
    /// How often playback stood still after it had begun, for want of data.
    Stalls,
    /// How long it stood still, all stalls together, in ms.
    StalledMs,
}

/// A column of consent: what the server has switched on, the name of the switch after `consent_`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Switch {
    /// The plays themselves.
    Playback,
    /// What fails.
    Crash,
    /// Buttons and features.
    Features,
}

/// A column of a play.
///
/// ```
/// use coarsen::telemetry::plays::{Column, Number};
/// assert_eq!(Column::named("played_ms"), Some(Column::Number(Number::PlayedMs)));
/// assert_eq!(Column::Number(Number::PlayedMs).unit(), Some("ms"));
/// assert_eq!(Column::named("user"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// Of text.
    Text(Text),
    /// Of numbers.
    Number(Number),
    /// Of consent.
    Switch(Switch),
}

impl Text {
    /// Every column of text, in the order of the enum.
    pub const ALL: [Self; 15] = [
        Self::Server,
        Self::Kind,
        Self::Resolution,
        Self::VideoCodec,
        Self::AudioCodec,
        Self::Container,
        Self::Platform,
        Self::Device,
        Self::Hardware,
        Self::Delivery,
        Self::Event,
        Self::Error,
        Self::ServerVersion,
        Self::UpdateChannel,
        Self::AccountState,
    ];

    /// The column's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Kind => "kind",
            Self::Resolution => "resolution",
            Self::VideoCodec => "video_codec",
            Self::AudioCodec => "audio_codec",
            Self::Container => "container",
            Self::Platform => "platform",
            Self::Device => "device",
            Self::Hardware => "hardware",
            Self::Delivery => "delivery",
            Self::Event => "event",
            Self::Error => "error",
            Self::ServerVersion => "server_version",
            Self::UpdateChannel => "update_channel",
            Self::AccountState => "account_state",
        }
    }
}

impl Number {
    /// Every column of numbers, in the order of the enum.
    pub const ALL: [Self; 10] = [
        Self::FileId,
        Self::TitleId,
        Self::DurationMs,
        Self::PlayedMs,
        Self::BitrateBps,
        Self::DeliveredBps,
        Self::TranscodeSpeedPermille,
        Self::StartupMs,
        Self::Stalls,
        Self::StalledMs,
    ];

    /// The column's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FileId => "file_id",
            Self::TitleId => "title_id",
            Self::DurationMs => "duration_ms",
            Self::PlayedMs => "played_ms",
            Self::BitrateBps => "bitrate_bps",
            Self::DeliveredBps => "delivered_bps",
            Self::TranscodeSpeedPermille => "transcode_speed_permille",
            Self::StartupMs => "startup_ms",
            Self::Stalls => "stalls",
            Self::StalledMs => "stalled_ms",
        }
    }

    /// The dimension of its unit; a plain integer for ids, counts and thousandths.
    pub const fn dimension(self) -> Dimension {
        match self {
            Self::DurationMs | Self::PlayedMs | Self::StartupMs | Self::StalledMs => Dimension::Duration,
            Self::BitrateBps | Self::DeliveredBps => Dimension::Bitrate,
            Self::FileId | Self::TitleId | Self::TranscodeSpeedPermille | Self::Stalls => Dimension::Integer,
        }
    }

    /// The number of a file that it is or is derived from, and as which it is rounded: the duration for what was played, the
    /// bit rate for what was delivered; `None` for what tells of no file.
    pub const fn rounded_as(self) -> Option<Dimension> {
        match self {
            Self::DurationMs | Self::PlayedMs => Some(Dimension::Duration),
            Self::BitrateBps | Self::DeliveredBps => Some(Dimension::Bitrate),
            _ => None,
        }
    }

    /// The unit, `None` for ids and counts.
    pub const fn unit(self) -> Option<&'static str> {
        match self {
            Self::FileId | Self::TitleId | Self::Stalls => None,
            Self::DurationMs | Self::PlayedMs | Self::StartupMs | Self::StalledMs => Some("ms"),
            Self::BitrateBps | Self::DeliveredBps => Some("bit/s"),
            Self::TranscodeSpeedPermille => Some("1/1000 of the speed of playing"),
        }
    }
}

impl Switch {
    /// Every switch, in the order of the enum.
    pub const ALL: [Self; 3] = [Self::Playback, Self::Crash, Self::Features];

    /// The column's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Playback => "consent_playback",
            Self::Crash => "consent_crash",
            Self::Features => "consent_features",
        }
    }

    /// The switch as policies name it.
    pub const fn switch(self) -> &'static str {
        match self {
            Self::Playback => "playback",
            Self::Crash => "crash",
            Self::Features => "features",
        }
    }
}

impl Column {
    /// Every column, in the order in which tables hold them.
    pub fn all() -> impl Iterator<Item = Self> {
        let text = |text: &Text| Self::Text(*text);
        let (server, others) = Text::ALL.split_at(1);
        let ids_and_times = Number::ALL.into_iter().map(Self::Number);
        let switches = Switch::ALL.into_iter().map(Self::Switch);
        server.iter().map(text).chain(switches).chain(ids_and_times).chain(others.iter().map(text))
    }

    /// The column of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|column| column.name() == name)
    }

    /// The column's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text(text) => text.name(),
            Self::Number(number) => number.name(),
            Self::Switch(switch) => switch.name(),
        }
    }

    /// Whether it tells of the file that is played: an attribute of it, or a number that is derived from one.
    pub const fn is_of_file(self) -> bool {
        match self {
            Self::Text(text) => matches!(
                text,
                Text::Kind | Text::Resolution | Text::VideoCodec | Text::AudioCodec | Text::Container
            ),
            Self::Number(number) => number.rounded_as().is_some(),
            Self::Switch(_) => false,
        }
    }

    /// Whether it tells of the server alone, and would be the same whatever is played.
    pub const fn is_of_server(self) -> bool {
        matches!(
            self,
            Self::Text(Text::Server | Text::ServerVersion | Text::UpdateChannel | Text::AccountState)
        )
    }

    /// The unit, `None` where it has none.
    pub const fn unit(self) -> Option<&'static str> {
        match self {
            Self::Number(number) => number.unit(),
            Self::Text(_) | Self::Switch(_) => None,
        }
    }
}
