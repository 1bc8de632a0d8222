//! Rows as they are drawn, and the columns they become.

use std::collections::BTreeMap;

use super::plan::Names;
use crate::catalogue::{Category, Columns, SideField};

/// One file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) title: u32,
    pub(super) series: Option<u32>,
    pub(super) duration_ms: u32,
    pub(super) bitrate_bps: Option<u32>,
    pub(super) popularity: f64,
    pub(super) kind: u16,
    pub(super) genre: u16,
    /// Width and height.
    pub(super) frame: Option<(u16, u16)>,
    pub(super) resolution: Option<u16>,
    pub(super) video_codec: Option<u16>,
    pub(super) audio_codec: u16,
    pub(super) container: u16,
}

/// The columns of all rows in order. `None` if a code has no name, which a plan never draws.
pub(super) fn columns(parts: &[Vec<Row>], names: Names) -> Option<Columns> {
    fn column<T>(parts: &[Vec<Row>], value: impl Fn(&Row) -> T) -> Vec<T> {
        let mut column = Vec::with_capacity(parts.iter().map(Vec::len).sum());
        column.extend(parts.iter().flatten().map(value));
        column
    }
    let side = |names: Vec<String>, value: fn(&Row) -> Option<u16>| {
        Category::from_codes(column(parts, |row| value(row).unwrap_or(Category::MISSING)), names)
    };
    let side = BTreeMap::from([
        (SideField::Kind, side(names.kind, |row| Some(row.kind))?),
        (SideField::Genre, side(names.genre, |row| Some(row.genre))?),
        (SideField::Width, side(names.width, |row| Some(row.frame?.0))?),
        (SideField::Height, side(names.height, |row| Some(row.frame?.1))?),
        (SideField::Resolution, side(names.resolution, |row| row.resolution)?),
        (SideField::VideoCodec, side(names.video_codec, |row| row.video_codec)?),
        (SideField::AudioCodec, side(names.audio_codec, |row| Some(row.audio_codec))?),
        (SideField::Container, side(names.container, |row| Some(row.container))?),
    ]);
    Some(Columns {
        title: column(parts, |row| row.title),
        series: Some(column(parts, |row| row.series)),
        duration_ms: column(parts, |row| row.duration_ms),
        bitrate_bps: Some(column(parts, |row| row.bitrate_bps)),
        popularity: Some(column(parts, |row| row.popularity)),
        side,
    })
}
