//! The real catalogues that ship with the program; see `datasets/README.md` for what they are.

use super::ingest::{Format, Mapping, Table, read_bytes};
use super::{Catalogue, CatalogueError};

/// A real catalogue.
#[derive(Clone, Debug)]
pub struct Real {
    /// Its short name: talks, music or films.
    pub name: &'static str,
    /// Where it comes from, with its licence.
    pub credit: &'static str,
    /// Its durations are whole multiples of this many ms.
    pub precision_ms: u32,
    /// The catalogue.
    pub catalogue: Catalogue,
    /// SHA-256 of the file.
    pub sha256: String,
}

struct Source {
    name: &'static str,
    credit: &'static str,
    precision_ms: u32,
    bytes: &'static [u8],
    maps: &'static [&'static str],
    ignored: &'static [&'static str],
    /// The kind by our name, where the source has another.
    kind: Option<&'static str>,
}

const SOURCES: [Source; 3] = [
    Source {
        name: "talks",
        credit: "conference talks, pyvideo (CC0 1.0)",
        precision_ms: 1_000,
        bytes: include_bytes!("../../datasets/real/talks_pyvideo.parquet"),
        maps: &["duration_s=duration_ms:s", "collection=series_id"],
        ignored: &["size_bytes"],
        kind: None,
    },
    Source {
        name: "music",
        credit: "rock and hip-hop tracks, Free Music Archive metadata by Defferrard, Benzi, Vandergheynst and Bresson (CC BY 4.0)",
        precision_ms: 1_000,
        bytes: include_bytes!("../../datasets/real/music_fma_rock_hiphop.parquet"),
        maps: &["duration_s=duration_ms:s", "bitrate_kbps=bitrate_bps:kbps"],
        ignored: &["favorites", "kind"],
        kind: Some("track"),
    },
    Source {
        name: "films",
        credit: "films, Wikidata (CC0 1.0)",
        precision_ms: 60_000,
        bytes: include_bytes!("../../datasets/real/films_wikidata.parquet"),
        maps: &["duration_s=duration_ms:s"],
        ignored: &["year"],
        kind: None,
    },
];

/// All real catalogues.
///
/// # Errors
/// None with the files as shipped; the error of [`read_bytes`] otherwise.
///
/// ```
/// let real = coarsen::catalogue::real::all()?;
/// assert_eq!(real.iter().map(|real| real.catalogue.files()).sum::<usize>(), 49_929);
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
pub fn all() -> Result<Vec<Real>, CatalogueError> {
    let read = |source: &Source| {
        let kind = source.kind.map(str::to_owned);
        let mapping = Mapping::parse(source.maps, source.ignored)?.with_kind(kind);
        let Table { catalogue, sha256 } = read_bytes(source.name, source.bytes, Format::Parquet, &mapping)?;
        let Source { name, credit, precision_ms, .. } = *source;
        Ok(Real { name, credit, precision_ms, catalogue, sha256 })
    };
    SOURCES.iter().map(read).collect()
}
