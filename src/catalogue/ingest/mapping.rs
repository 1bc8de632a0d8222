//! The columns of a catalogue, and how those of a table become them.

use super::maps::{Maps, Wanted};
use crate::catalogue::CatalogueError;
use crate::units::Dimension;

/// The columns of a catalogue by their own names.
const OURS: [&str; 14] = [
    "file_id",
    "title_id",
    "series_id",
    "kind",
    "genre",
    "duration_ms",
    "bitrate_bps",
    "width",
    "height",
    "resolution",
    "video_codec",
    "audio_codec",
    "container",
    "popularity",
];

/// Our columns, and what their numbers count.
fn ours() -> Vec<(&'static str, Option<Dimension>)> {
    let dimension = |name| match name {
        "duration_ms" => Some(Dimension::Duration),
        "bitrate_bps" => Some(Dimension::Bitrate),
        _ => None,
    };
    OURS.map(|name| (name, dimension(name))).to_vec()
}

/// How the columns of a table become those of a catalogue.
///
/// ```
/// use coarsen::catalogue::ingest::Mapping;
/// let mapping = Mapping::parse(["length=duration_ms:s"], ["notes"])?;
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Mapping {
    maps: Maps,
    kind: Option<String>,
}

/// Every column has our name.
impl Default for Mapping {
    fn default() -> Self {
        Self { maps: Maps::new(ours()), kind: None }
    }
}

impl Mapping {
    /// From the texts of `--map` and `--ignore`. The unit stands for the input's; it is ms or bit/s where absent.
    ///
    /// # Errors
    /// [`CatalogueError::Mapping`]: no `=`, a column that is not ours, a unit for a column without one,
    /// two mappings to or from one column, an unknown unit.
    pub fn parse<M, I>(
        maps: impl IntoIterator<Item = M>,
        ignored: impl IntoIterator<Item = I>,
    ) -> Result<Self, CatalogueError>
    where
        M: AsRef<str>,
        I: AsRef<str>,
    {
        Ok(Self { maps: Maps::parse(ours(), maps, ignored)?, kind: None })
    }

    /// The kind of every row, for a table that has no such column.
    pub fn with_kind(mut self, kind: Option<String>) -> Self {
        self.kind = kind;
        self
    }

    pub(super) fn kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }

    /// The columns to read of a table with that header: every one is ours, mapped or ignored, every required
    /// one is there, and none stands twice.
    pub(super) fn plan(&self, from: &str, header: &[String]) -> Result<Vec<Wanted>, CatalogueError> {
        let wanted = self.maps.plan(from, header)?;
        let mapping = |text: &str, problem| CatalogueError::Mapping { text: text.to_owned(), problem };
        let has = |ours| wanted.iter().any(|column| column.ours == ours);
        let missing = |column| CatalogueError::MissingColumn { from: from.to_owned(), column };
        match self.kind() {
            Some(kind) if has("kind") => {
                let problem = format!("{from} has a column `kind`; leave out one of them (--ignore kind)");
                return Err(mapping(&format!("--kind {kind}"), problem));
            }
            Some(kind) if kind.trim().is_empty() => {
                return Err(mapping("--kind", "the name is empty; give one such as movie".to_owned()));
            }
            None if !has("kind") => return Err(missing("kind")),
            _ => {}
        }
        match ["title_id", "duration_ms"].into_iter().find(|ours| !has(ours)) {
            Some(ours) => Err(missing(ours)),
            None => Ok(wanted),
        }
    }
}
