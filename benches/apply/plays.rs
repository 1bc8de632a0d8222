//! Plays of ten fields, nine in ten with consent, and a policy for them.

use std::fs::File;
use std::path::Path;

use coarsen::policy::Policy;
use coarsen::rounding::{Partition, Rounding};
use coarsen::units::Dimension;
use polars::prelude::{
    BooleanChunked, Column, DataFrame, IntoColumn, NewChunkedArray, ParquetCompression, ParquetWriter,
    StringChunked, UInt64Chunked,
};

/// The column of the switch.
pub const CONSENT: &str = "consent_playback";

const NUMBERS: [(&str, &str, &str); 7] = [
    ("duration_ms", "duration", "floor:5min+top:3h"),
    ("played_ms", "duration", "floor:5min+top:3h"),
    ("bitrate_bps", "bitrate", "log:2"),
    ("delivered_bps", "bitrate", "floor:500kbps"),
    ("startup_ms", "duration", "edges:1s,2s,5s,10s"),
    ("stalls", "integer", "edges:1,2,5"),
    ("stalled_ms", "duration", "nearest:10s"),
];
const RESOLUTIONS: [&str; 5] = ["480p", "576p", "720p", "1080p", "2160p"];
const CODECS: [&str; 4] = ["h264", "hevc", "av1", "mpeg2"];

/// The policy.
pub fn policy() -> Policy {
    let mut text = "schema = \"coarsen.policy/1\"\nname = \"bench\"\nversion = 1\n".to_owned();
    let categories = [("resolution", "category"), ("video_codec", "category"), ("direct", "flag")];
    let categories = categories.into_iter().map(|(name, kind)| (name, kind, "keep"));
    for (name, kind, rounding) in NUMBERS.into_iter().chain(categories) {
        text += &format!(
            "[[field]]\nname = \"{name}\"\ntype = \"{kind}\"\nrounding = \"{rounding}\"\nconsent = \"playback\"\n\
             purpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n"
        );
    }
    Policy::from_toml(&text).expect("a policy")
}

/// A rounded column as a peer needs it, found once.
pub struct Rounded {
    pub name: &'static str,
    pub how: How,
}

/// The arithmetic of a column.
pub enum How {
    /// To the middle of the multiple below; from the top on, the top.
    Floor { width: u64, top: Option<u64> },
    /// To the nearest multiple; below the first cut, the middle of what lies there.
    Nearest { width: u64 },
    /// Lower edge and midpoint of every bucket.
    Buckets(Vec<(u64, u64)>),
}

/// Every rounded column.
pub fn rounded() -> Vec<Rounded> {
    let rounded = |(name, kind, text): (&'static str, &str, &str)| {
        let dimension = match kind {
            "duration" => Dimension::Duration,
            "bitrate" => Dimension::Bitrate,
            _ => Dimension::Integer,
        };
        let rounding = Rounding::parse(text, dimension).expect("a rounding");
        let how = match rounding.width() {
            Some(width) if text.starts_with("floor") => How::Floor { width, top: rounding.coding().top() },
            Some(width) => How::Nearest { width },
            None => How::Buckets(rounding.buckets().map(|b| (b.from, b.midpoint())).collect()),
        };
        Rounded { name, how }
    };
    NUMBERS.into_iter().map(rounded).collect()
}

/// Plays of one row group.
fn plays(from: u64, rows: u64) -> DataFrame {
    let mixed = |row: u64, salt: u64| {
        let x = (row ^ salt << 56).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let x = (x ^ x >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
        x ^ x >> 32
    };
    let tops = [12_000_000, 12_000_000, 40_000_000, 40_000_000, 20_000, 8, 60_000];
    let all = from..from + rows;
    let mut columns: Vec<Column> = NUMBERS
        .iter()
        .zip(tops)
        .enumerate()
        .map(|(salt, ((name, ..), top))| {
            let values = all.clone().map(|row| mixed(row, salt as u64) % top);
            UInt64Chunked::from_iter_values((*name).into(), values).into_column()
        })
        .collect();
    let text = |name: &str, salt: u64, of: &'static [&'static str]| {
        let values = all.clone().map(|row| of[(mixed(row, salt) % of.len() as u64) as usize]);
        StringChunked::from_iter_values(name.into(), values).into_column()
    };
    columns.push(text("resolution", 8, &RESOLUTIONS));
    columns.push(text("video_codec", 9, &CODECS));
    let flags = |name: &str, salt: u64, of: u64| {
        BooleanChunked::from_iter_values(name.into(), all.clone().map(|row| mixed(row, salt) % of > 0))
            .into_column()
    };
    columns.push(flags("direct", 10, 3));
    columns.push(flags(CONSENT, 11, 10));
    DataFrame::new(rows as usize, columns).expect("a frame")
}

/// So many plays, so many in a row group.
pub fn write(path: &Path, rows: u64, in_group: u64) {
    let file = File::create(path).expect("a file");
    let schema = plays(0, 1).schema().clone();
    let writer = ParquetWriter::new(file).with_compression(ParquetCompression::Snappy);
    let mut writer = writer.batched(&schema).expect("a writer");
    let mut from = 0;
    while from < rows {
        let group = in_group.min(rows - from);
        writer.write_batch(&plays(from, group)).expect("written");
        from += group;
    }
    writer.finish().expect("a footer");
}
