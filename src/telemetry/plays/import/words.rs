//! What words of histories mean: kinds, codecs, containers, resolutions.
//!
//! Only words of these tables get into a play, so that nothing that somebody typed can. A word that none lists is a
//! missing value, and counted.

/// Words, in lower case, each with its meaning.
type Table = [(&'static str, &'static str)];

/// Item types of Jellyfin. Live television, books and photos are no kind of play that is measured here.
const ITEM_TYPES: &Table = &[
    ("movie", "movie"),
    ("episode", "episode"),
    ("audio", "track"),
    ("musicvideo", "clip"),
    ("trailer", "clip"),
    ("video", "home"),
];

/// Media types of Tautulli.
const MEDIA_TYPES: &Table =
    &[("movie", "movie"), ("episode", "episode"), ("track", "track"), ("clip", "clip")];

const VIDEO_CODECS: &Table = &[
    ("av1", "av1"),
    ("avc", "h264"),
    ("avc1", "h264"),
    ("dvvideo", "dvvideo"),
    ("h263", "h263"),
    ("h264", "h264"),
    ("h265", "hevc"),
    ("hevc", "hevc"),
    ("mjpeg", "mjpeg"),
    ("mpeg1video", "mpeg1video"),
    ("mpeg2video", "mpeg2video"),
    ("mpeg4", "mpeg4"),
    ("msmpeg4v2", "msmpeg4v2"),
    ("msmpeg4v3", "msmpeg4v3"),
    ("theora", "theora"),
    ("vc1", "vc1"),
    ("vp8", "vp8"),
    ("vp9", "vp9"),
    ("wmv1", "wmv1"),
    ("wmv2", "wmv2"),
    ("wmv3", "wmv3"),
];

const AUDIO_CODECS: &Table = &[
    ("aac", "aac"),
    ("ac3", "ac3"),
    ("ac4", "ac4"),
    ("alac", "alac"),
    ("ape", "ape"),
    ("dca", "dts"),
    ("dca-ma", "dts"),
    ("dts", "dts"),
    ("eac3", "eac3"),
    ("flac", "flac"),
    ("mlp", "mlp"),
    ("mp2", "mp2"),
    ("mp3", "mp3"),
    ("opus", "opus"),
    ("pcm", "pcm"),
    ("pcm_s16le", "pcm_s16le"),
    ("pcm_s24le", "pcm_s24le"),
    ("truehd", "truehd"),
    ("vorbis", "vorbis"),
    ("wavpack", "wavpack"),
    ("wmav2", "wmav2"),
];

const CONTAINERS: &Table = &[
    ("3gp", "3gp"),
    ("aac", "aac"),
    ("avi", "avi"),
    ("flac", "flac"),
    ("m2ts", "m2ts"),
    ("m4a", "m4a"),
    ("m4v", "m4v"),
    ("matroska", "mkv"),
    ("mka", "mka"),
    ("mkv", "mkv"),
    ("mov", "mov"),
    ("mp3", "mp3"),
    ("mp4", "mp4"),
    ("mpeg", "mpeg"),
    ("mpegts", "ts"),
    ("mpg", "mpg"),
    ("ogg", "ogg"),
    ("opus", "opus"),
    ("ts", "ts"),
    ("vob", "vob"),
    ("wav", "wav"),
    ("webm", "webm"),
];

/// Resolutions as Plex and Tautulli write them. Without `i` or `p` lines are taken as progressive, which a policy's
/// groups don't tell apart; `sd` is anything below 480 lines, so none.
const RESOLUTIONS: &Table = &[
    ("144p", "144p"),
    ("240", "240p"),
    ("240p", "240p"),
    ("360", "360p"),
    ("360p", "360p"),
    ("480", "480p"),
    ("480i", "480i"),
    ("480p", "480p"),
    ("540p", "540p"),
    ("576", "576p"),
    ("576i", "576i"),
    ("576p", "576p"),
    ("720", "720p"),
    ("720p", "720p"),
    ("1080", "1080p"),
    ("1080i", "1080i"),
    ("1080p", "1080p"),
    ("1440p", "1440p"),
    ("2k", "1440p"),
    ("4k", "2160p"),
    ("2160", "2160p"),
    ("2160p", "2160p"),
    ("8k", "4320p"),
    ("4320p", "4320p"),
];

/// What encodes: names of ffmpeg's hardware encoders. VA-API drives chips of several makers, so it names none.
const ENCODERS: &Table = &[
    ("amf", "amf"),
    ("nvenc", "nvenc"),
    ("qsv", "quicksync"),
    ("rkmpp", "rkmpp"),
    ("v4l2m2m", "v4l2"),
    ("videotoolbox", "videotoolbox"),
];

fn look_up(table: &'static Table, word: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)).map(|(_, meaning)| *meaning)
}

pub(super) fn item_type(word: &str) -> Option<&'static str> {
    look_up(ITEM_TYPES, word)
}

pub(super) fn media_type(word: &str) -> Option<&'static str> {
    look_up(MEDIA_TYPES, word)
}

pub(super) fn video_codec(word: &str) -> Option<&'static str> {
    look_up(VIDEO_CODECS, word)
}

pub(super) fn audio_codec(word: &str) -> Option<&'static str> {
    look_up(AUDIO_CODECS, word)
}

/// Of several names for one format, as in `mov,mp4,m4a`, none says which it is.
pub(super) fn container(word: &str) -> Option<&'static str> {
    look_up(CONTAINERS, word)
}

pub(super) fn resolution(word: &str) -> Option<&'static str> {
    look_up(RESOLUTIONS, word)
}

pub(super) fn encoder(word: &str) -> Option<&'static str> {
    look_up(ENCODERS, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_any_case() {
        assert_eq!(video_codec("HEVC"), Some("hevc"));
        assert_eq!(audio_codec("dca-ma"), Some("dts"));
        assert_eq!(resolution("4K"), Some("2160p"));
        assert_eq!(encoder("vaapi"), None);
        assert_eq!(container("mov,mp4,m4a,3gp,3g2,mj2"), None);
    }

    #[test]
    fn tables_name_each_word_once_and_in_lower_case() {
        for table in [ITEM_TYPES, MEDIA_TYPES, VIDEO_CODECS, AUDIO_CODECS, CONTAINERS, RESOLUTIONS, ENCODERS]
        {
            for (at, (word, _)) in table.iter().enumerate() {
                assert_eq!(*word, word.to_ascii_lowercase());
                assert!(table[..at].iter().all(|(other, _)| other != word), "{word} stands twice");
            }
        }
    }
}
