//! `--map THEIRS=OURS[:UNIT]` and `--ignore THEIRS`.

use crate::catalogue::CatalogueError;
use crate::catalogue::error::shown;
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

/// How the columns of a table become those of a catalogue.
///
/// ```
/// use coarsen::catalogue::ingest::Mapping;
/// let mapping = Mapping::parse(["length=duration_ms:s"], ["notes"])?;
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    maps: Vec<Map>,
    ignored: Vec<String>,
    kind: Option<String>,
}

#[derive(Clone, Debug)]
struct Map {
    theirs: String,
    ours: &'static str,
    scale: u64,
}

/// What a column of the input becomes.
enum Target {
    Ours { name: &'static str, scale: u64 },
    Ignored,
    Unknown,
}

/// A column of the input that is read.
pub(super) struct Wanted {
    /// Its place in the input.
    pub place: usize,
    /// Our name of it.
    pub ours: &'static str,
    /// The size of its unit in base units.
    pub scale: u64,
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
        let mut mapping = Self {
            ignored: ignored.into_iter().map(|name| name.as_ref().to_owned()).collect(),
            ..Self::default()
        };
        for text in maps {
            let text = text.as_ref();
            let fail = |problem: String| CatalogueError::Mapping { text: text.to_owned(), problem };
            let split = text.rsplit_once('=').filter(|(theirs, _)| !theirs.is_empty());
            let (theirs, target) =
                split.ok_or_else(|| fail("write it like THEIRS=OURS or THEIRS=OURS:UNIT".to_owned()))?;
            let (name, unit) =
                target.split_once(':').map_or((target, None), |(name, unit)| (name, Some(unit)));
            let ours = OURS.iter().find(|ours| **ours == name);
            let ours = *ours.ok_or_else(|| fail(format!("`{name}` is none of ours: {}", OURS.join(", "))))?;
            let dimension = match ours {
                "duration_ms" => Some(Dimension::Duration),
                "bitrate_bps" => Some(Dimension::Bitrate),
                _ => None,
            };
            let scale = match (dimension, unit) {
                (_, None) => 1,
                (Some(dimension), Some(unit)) => {
                    dimension.unit(unit).map_err(|error| fail(error.to_string()))?
                }
                (None, Some(_)) => return Err(fail(format!("`{ours}` has no unit; leave it out"))),
            };
            if mapping.maps.iter().any(|map| map.ours == ours) {
                return Err(fail(format!(
                    "`{ours}` is mapped twice; keep one, whose unit holds for every row"
                )));
            }
            if mapping.maps.iter().any(|map| map.theirs == theirs)
                || mapping.ignored.iter().any(|i| i == theirs)
            {
                return Err(fail(format!("`{theirs}` is mapped or ignored twice")));
            }
            mapping.maps.push(Map { theirs: theirs.to_owned(), ours, scale });
        }
        Ok(mapping)
    }

    /// The kind of every row, for a table that has no such column.
    pub fn with_kind(mut self, kind: Option<String>) -> Self {
        self.kind = kind;
        self
    }

    pub(super) fn kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }

    fn target(&self, theirs: &str) -> Target {
        if let Some(map) = self.maps.iter().find(|map| map.theirs == theirs) {
            return Target::Ours { name: map.ours, scale: map.scale };
        }
        if self.ignored.iter().any(|name| name == theirs) {
            return Target::Ignored;
        }
        // A column that another one is mapped onto is no longer ours by its name.
        match OURS.iter().find(|ours| **ours == theirs) {
            Some(name) if self.maps.iter().all(|map| map.ours != *name) => Target::Ours { name, scale: 1 },
            _ => Target::Unknown,
        }
    }

    /// The columns to read of a table with that header: every one is ours, mapped or ignored, every required
    /// one is there, and none stands twice.
    pub(super) fn plan(&self, from: &str, header: &[String]) -> Result<Vec<Wanted>, CatalogueError> {
        let mapping = |text: &str, problem| CatalogueError::Mapping { text: text.to_owned(), problem };
        let mut named = self.maps.iter().map(|map| &map.theirs).chain(&self.ignored);
        if let Some(name) = named.find(|name| !header.contains(name)) {
            let columns: Vec<String> = header.iter().map(|column| shown(column)).collect();
            let columns = columns.join(", ");
            return Err(mapping(
                name,
                format!("there is no such column in {from}; its columns are {columns}"),
            ));
        }
        let table = |problem| CatalogueError::Table { from: from.to_owned(), problem };
        let mut wanted: Vec<Wanted> = Vec::new();
        for (place, theirs) in header.iter().enumerate() {
            if header[..place].contains(theirs) {
                let name = shown(theirs);
                return Err(table(format!(
                    "column `{name}` stands twice in the header; rename or remove one"
                )));
            }
            match self.target(theirs) {
                Target::Ours { name, scale } => wanted.push(Wanted { place, ours: name, scale }),
                Target::Ignored => {}
                Target::Unknown => {
                    let (from, column) = (from.to_owned(), shown(theirs));
                    return Err(CatalogueError::UnknownColumn { from, column, known: OURS.join(", ") });
                }
            }
        }
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
