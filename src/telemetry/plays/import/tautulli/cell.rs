//! The cells that are selected of the three tables, in one place.

pub(super) const HISTORY: &str = "session_history";
pub(super) const METADATA: &str = "session_history_metadata";
pub(super) const MEDIA: &str = "session_history_media_info";

/// A cell of a selected row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Started,
    Stopped,
    Paused,
    RatingKey,
    MediaType,
    Product,
    Platform,
    Device,
    Player,
    TitleRatingKey,
    TitleMediaType,
    TitleDuration,
    Duration,
    Bitrate,
    StreamBitrate,
    FullResolution,
    Resolution,
    VideoCodec,
    AudioCodec,
    Container,
    Decision,
    VideoDecision,
    AudioDecision,
    Encoder,
    InHardware,
}

impl Cell {
    /// Each with its table and column, in the order of the enum.
    pub const ALL: [(Self, &'static str, &'static str); 25] = [
        (Self::Started, HISTORY, "started"),
        (Self::Stopped, HISTORY, "stopped"),
        (Self::Paused, HISTORY, "paused_counter"),
        (Self::RatingKey, HISTORY, "rating_key"),
        (Self::MediaType, HISTORY, "media_type"),
        (Self::Product, HISTORY, "product"),
        (Self::Platform, HISTORY, "platform"),
        (Self::Device, HISTORY, "device"),
        (Self::Player, HISTORY, "player"),
        (Self::TitleRatingKey, METADATA, "rating_key"),
        (Self::TitleMediaType, METADATA, "media_type"),
        (Self::TitleDuration, METADATA, "duration"),
        (Self::Duration, MEDIA, "duration"),
        (Self::Bitrate, MEDIA, "bitrate"),
        (Self::StreamBitrate, MEDIA, "stream_bitrate"),
        (Self::FullResolution, MEDIA, "video_full_resolution"),
        (Self::Resolution, MEDIA, "video_resolution"),
        (Self::VideoCodec, MEDIA, "video_codec"),
        (Self::AudioCodec, MEDIA, "audio_codec"),
        (Self::Container, MEDIA, "container"),
        (Self::Decision, MEDIA, "transcode_decision"),
        (Self::VideoDecision, MEDIA, "video_decision"),
        (Self::AudioDecision, MEDIA, "audio_decision"),
        (Self::Encoder, MEDIA, "transcode_hw_encode"),
        (Self::InHardware, MEDIA, "transcode_hw_encoding"),
    ];

    /// The name of its column.
    pub const fn column(self) -> &'static str {
        Self::ALL[self as usize].2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_in_their_order() {
        for (place, (cell, ..)) in Cell::ALL.into_iter().enumerate() {
            assert_eq!(cell as usize, place);
        }
    }
}
