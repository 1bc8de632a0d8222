//! What is imported.

use std::path::PathBuf;

use crate::catalogue::CatalogueError;
use crate::catalogue::ingest::Maps;
use crate::telemetry::plays::Column;
use crate::units::Dimension;

/// A kind of history.
#[derive(Clone, Debug)]
pub enum Source {
    /// The export of Jellyfin's Playback Reporting: nine columns separated by tabs, without a header. Rows are lines,
    /// counted from 1.
    JellyfinReporting,
    /// The database of Tautulli, `tautulli.db`. A row is known by its `id` in `session_history`.
    Tautulli,
    /// A table of plays: Parquet, CSV or JSON lines by its ending. Rows are counted from 1, without the header; of JSON
    /// lines they are lines.
    Table(Mapping),
}

/// How the columns of a table become those of plays ([`Column`]). One that isn't ours is mapped or ignored.
///
/// ```
/// use coarsen::telemetry::plays::import::Mapping;
/// assert!(Mapping::parse(["watched_s=played_ms:s", "kbps=bitrate_bps:kbps"], ["user"]).is_ok());
/// assert!(Mapping::parse(["watched=played"], [""; 0]).is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Mapping(pub(super) Maps);

impl Mapping {
    /// From texts like `THEIRS=OURS` or `THEIRS=OURS:UNIT`, and the names of columns to leave out. The unit is that of
    /// the input; where absent, it is ours.
    ///
    /// # Errors
    /// [`CatalogueError::Mapping`]: no `=`, a column that is not ours, a unit for a column without one, two mappings to or
    /// from one column, an unknown unit.
    pub fn parse<M, I>(
        maps: impl IntoIterator<Item = M>,
        ignored: impl IntoIterator<Item = I>,
    ) -> Result<Self, CatalogueError>
    where
        M: AsRef<str>,
        I: AsRef<str>,
    {
        let ours = Column::all().map(|column| (column.name(), dimension(column))).collect();
        Maps::parse(ours, maps, ignored).map(Self)
    }
}

/// What a column counts, where it may come in another unit.
pub(super) fn dimension(column: Column) -> Option<Dimension> {
    match column.unit() {
        Some("ms") => Some(Dimension::Duration),
        Some("bit/s") => Some(Dimension::Bitrate),
        _ => None,
    }
}

/// What else is asked of an import.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The name of the server, for every play. Where absent it is `1` for a history of one server; of a table it is the
    /// column `server`, and missing without one.
    pub server: Option<String>,
    /// A CSV for rows that are no play: file, row, column, reason; never the value. Without it, the first one ends the
    /// import.
    pub refused: Option<PathBuf>,
}
