//! Small random catalogues with many ties.

use std::collections::BTreeMap;

use coarsen::anonymity::{Measures, Tally, Thresholds};
use coarsen::catalogue::{Catalogue, Category, Columns, SideField};
use coarsen::classes::{Cells, Classes, Corner, Generalization, Numbers};
use coarsen::rounding::{Bucket, Partition, Rounding};
use coarsen::units::Dimension;
use proptest::prelude::*;

/// One file as drawn; kind and genre follow from the title.
#[derive(Clone, Debug)]
pub struct File {
    pub title: u32,
    pub series: Option<u32>,
    pub duration: u32,
    pub bitrate: Option<u32>,
    pub resolution: Option<u8>,
    pub popularity: u8,
}

fn file() -> impl Strategy<Value = File> {
    let bitrate = prop_oneof![1 => Just(None), 6 => (1u32..24).prop_map(|b| Some(b * 250_000))];
    let resolution = prop_oneof![1 => Just(None), 4 => (0u8..3).prop_map(Some)];
    let series = prop_oneof![1 => Just(None), 2 => (0u32..5).prop_map(Some)];
    (0u32..14, series, 1u32..60, bitrate, resolution, 0u8..6).prop_map(
        |(title, series, duration, bitrate, resolution, popularity)| File {
            title,
            series,
            duration: duration * 30_000,
            bitrate,
            resolution,
            popularity,
        },
    )
}

pub fn files() -> impl Strategy<Value = Vec<File>> {
    prop::collection::vec(file(), 1..60)
}

pub fn catalogue(files: &[File]) -> Catalogue {
    const KINDS: [&str; 3] = ["movie", "episode", "track"];
    const GENRES: [&str; 3] = ["drama", "comedy", "rock"];
    const RESOLUTIONS: [&str; 3] = ["480p", "720p", "1080p"];
    let names = |name: &dyn Fn(&File) -> Option<&'static str>| files.iter().map(name).collect::<Category>();
    Catalogue::new(Columns {
        title: files.iter().map(|file| file.title).collect(),
        series: Some(files.iter().map(|file| file.series).collect()),
        duration_ms: files.iter().map(|file| file.duration).collect(),
        bitrate_bps: Some(files.iter().map(|file| file.bitrate).collect()),
        popularity: Some(files.iter().map(|file| f64::from(file.popularity)).collect()),
        side: BTreeMap::from([
            (SideField::Kind, names(&|file| Some(KINDS[file.title as usize % 3]))),
            (SideField::Genre, names(&|file| (file.title % 5 > 0).then(|| GENRES[file.title as usize % 3]))),
            (SideField::Resolution, names(&|file| file.resolution.map(|r| RESOLUTIONS[usize::from(r)]))),
        ]),
    })
    .expect("a legal catalogue")
}

/// Generalizations from fine to coarse; the second of a pair is a nested coarsening of the first.
pub fn nested_pair() -> impl Strategy<Value = (Generalization, Generalization)> {
    let durations = prop::sample::subsequence(
        vec![
            "keep",
            "floor:1min",
            "floor:2min",
            "floor:4min",
            "floor:4min+top:16min",
            "floor:8min+top:16min",
            "drop",
        ],
        2,
    );
    let bitrates = prop::sample::subsequence(
        vec![
            "keep",
            "floor:250kbps",
            "floor:500kbps",
            "floor:1Mbps",
            "edges:1Mbps,3Mbps",
            "edges:3Mbps",
            "drop",
        ],
        2,
    );
    let by = prop_oneof![
        Just((vec![SideField::Resolution], vec![SideField::Resolution])),
        Just((vec![SideField::Resolution], vec![])),
        Just((vec![], vec![])),
        Just((vec![SideField::Kind, SideField::Resolution], vec![SideField::Resolution])),
    ];
    (durations, bitrates, by).prop_map(|(durations, bitrates, (fine, coarse))| {
        let of = |i: usize, by| Generalization {
            duration: Rounding::parse(durations[i], Dimension::Duration).expect("a rounding"),
            bitrate: Rounding::parse(bitrates[i], Dimension::Bitrate).expect("a rounding"),
            by,
            other: Vec::new(),
        };
        (of(0, fine), of(1, coarse))
    })
}

/// A box of whole buckets: two values of each number, and some resolutions.
pub type Ends = ((u32, u32), Option<(u32, u32)>, Option<Vec<Option<usize>>>);

pub fn ends() -> impl Strategy<Value = Ends> {
    let rates = prop::option::weighted(0.6, (1u32..24, 1u32..24));
    let values = vec![None, Some(0), Some(1), Some(2)];
    ((1u32..60, 1u32..60), rates, prop::option::of(prop::sample::subsequence(values, 1..3)))
}

/// The box as this generalization can have it: what doesn't leave isn't named.
pub fn corner(generalization: &Generalization, ((d0, d1), rates, resolutions): &Ends) -> Corner {
    let whole = |rounding: &Rounding, (a, b): (u32, u32), unit: u32| {
        let (from, to) = (u64::from(a.min(b) * unit), u64::from(a.max(b) * unit));
        Numbers::In(Bucket { from: rounding.bucket(from).from, to: rounding.bucket(to).to })
    };
    let mut corner =
        Corner { duration: whole(&generalization.duration, (*d0, *d1), 30_000), ..Corner::default() };
    if !generalization.bitrate.is_drop() {
        corner.bitrate = rates.map_or(Numbers::Missing, |ends| whole(&generalization.bitrate, ends, 250_000));
    }
    if let Some(values) = resolutions
        && generalization.by.contains(&SideField::Resolution)
    {
        let name = |value: &Option<usize>| value.map(|value| ["480p", "720p", "1080p"][value].to_owned());
        corner.side.push((SideField::Resolution, values.iter().map(name).collect()));
    }
    corner
}

/// A generalization with none to two boxes.
pub fn with_corners() -> impl Strategy<Value = Generalization> {
    (nested_pair(), prop::collection::vec(ends(), 0..3)).prop_map(|((mut generalization, _), ends)| {
        generalization.other = ends.iter().map(|ends| corner(&generalization, ends)).collect();
        generalization
    })
}

pub const THRESHOLDS: Thresholds = Thresholds { k_titles: 4, k_series: 3 };

pub fn measure(catalogue: &Catalogue, generalization: &Generalization) -> Measures {
    let cells = Cells::new(catalogue);
    let mut tally = Tally::new(THRESHOLDS, catalogue.kind().levels());
    Classes::group(&cells, generalization.key()).visit(&mut tally);
    Measures::of(tally, catalogue, &[0.0, 0.1])
}
