//! How the columns of a table become columns of ours: `--map THEIRS=OURS[:UNIT]` and `--ignore THEIRS`.

use crate::catalogue::CatalogueError;
use crate::catalogue::error::shown;
use crate::units::Dimension;

/// Columns of ours, and what becomes them. What a table needs besides is for whoever plans it to say.
#[derive(Clone, Debug)]
pub(crate) struct Maps {
    /// Our names, and what their numbers count where they may come in another unit.
    ours: Vec<(&'static str, Option<Dimension>)>,
    maps: Vec<Map>,
    ignored: Vec<String>,
}

#[derive(Clone, Debug)]
struct Map {
    theirs: String,
    ours: &'static str,
    scale: u64,
}

/// What a column of the input becomes.
pub(crate) enum Target {
    /// One of ours, in a unit of that many base units.
    Ours {
        name: &'static str,
        scale: u64,
    },
    Ignored,
    Unknown,
}

/// A column of the input that is read.
pub(crate) struct Wanted {
    /// Its place in the input.
    pub place: usize,
    /// Our name of it.
    pub ours: &'static str,
    /// The size of its unit in base units.
    pub scale: u64,
}

impl Maps {
    /// Every column has our name.
    pub fn new(ours: Vec<(&'static str, Option<Dimension>)>) -> Self {
        Self { ours, maps: Vec::new(), ignored: Vec::new() }
    }

    /// From the texts of `--map` and `--ignore`. The unit stands for the input's; it is the base unit where absent.
    ///
    /// # Errors
    /// [`CatalogueError::Mapping`]: no `=`, a column that is not ours, a unit for a column without one,
    /// two mappings to or from one column, an unknown unit.
    pub fn parse<M, I>(
        ours: Vec<(&'static str, Option<Dimension>)>,
        maps: impl IntoIterator<Item = M>,
        ignored: impl IntoIterator<Item = I>,
    ) -> Result<Self, CatalogueError>
    where
        M: AsRef<str>,
        I: AsRef<str>,
    {
        let mut these = Self::new(ours);
        these.ignored.extend(ignored.into_iter().map(|name| name.as_ref().to_owned()));
        for text in maps {
            let text = text.as_ref();
            let fail = |problem: String| CatalogueError::Mapping { text: text.to_owned(), problem };
            let split = text.rsplit_once('=').filter(|(theirs, _)| !theirs.is_empty());
            let (theirs, target) =
                split.ok_or_else(|| fail("write it like THEIRS=OURS or THEIRS=OURS:UNIT".to_owned()))?;
            let (name, unit) =
                target.split_once(':').map_or((target, None), |(name, unit)| (name, Some(unit)));
            let ours = these.ours.iter().find(|(ours, _)| *ours == name);
            let none = || fail(format!("`{name}` is none of ours: {}", these.known()));
            let &(ours, dimension) = ours.ok_or_else(none)?;
            let scale = match (dimension, unit) {
                (_, None) => 1,
                (Some(dimension), Some(unit)) => {
                    dimension.unit(unit).map_err(|error| fail(error.to_string()))?
                }
                (None, Some(_)) => return Err(fail(format!("`{ours}` has no unit; leave it out"))),
            };
            if these.maps.iter().any(|map| map.ours == ours) {
                return Err(fail(format!(
                    "`{ours}` is mapped twice; keep one, whose unit holds for every row"
                )));
            }
            if these.maps.iter().any(|map| map.theirs == theirs) || these.ignored.iter().any(|i| i == theirs)
            {
                return Err(fail(format!("`{theirs}` is mapped or ignored twice")));
            }
            these.maps.push(Map { theirs: theirs.to_owned(), ours, scale });
        }
        Ok(these)
    }

    /// Our names, by comma.
    pub fn known(&self) -> String {
        self.ours.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// The names of the input's columns that are mapped or ignored.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        self.maps.iter().map(|map| &map.theirs).chain(&self.ignored).map(String::as_str)
    }

    /// What a column of the input becomes.
    pub fn target(&self, theirs: &str) -> Target {
        if let Some(map) = self.maps.iter().find(|map| map.theirs == theirs) {
            return Target::Ours { name: map.ours, scale: map.scale };
        }
        if self.ignored.iter().any(|name| name == theirs) {
            return Target::Ignored;
        }
        // A column that another one is mapped onto is no longer ours by its name.
        match self.ours.iter().find(|(ours, _)| *ours == theirs) {
            Some((name, _)) if self.maps.iter().all(|map| map.ours != *name) => {
                Target::Ours { name, scale: 1 }
            }
            _ => Target::Unknown,
        }
    }

    /// The columns to read of a table with that header: every one is ours, mapped or ignored, and none stands twice.
    ///
    /// # Errors
    /// [`CatalogueError::Mapping`], [`CatalogueError::UnknownColumn`], [`CatalogueError::Table`].
    pub fn plan(&self, from: &str, header: &[String]) -> Result<Vec<Wanted>, CatalogueError> {
        if let Some(name) = self.named().find(|name| !header.iter().any(|column| column == name)) {
            let columns: Vec<String> = header.iter().map(|column| shown(column)).collect();
            let columns = columns.join(", ");
            let problem = format!("there is no such column in {from}; its columns are {columns}");
            return Err(CatalogueError::Mapping { text: name.to_owned(), problem });
        }
        let mut wanted: Vec<Wanted> = Vec::new();
        for (place, theirs) in header.iter().enumerate() {
            if header[..place].contains(theirs) {
                let name = shown(theirs);
                let problem = format!("column `{name}` stands twice in the header; rename or remove one");
                return Err(CatalogueError::Table { from: from.to_owned(), problem });
            }
            match self.target(theirs) {
                Target::Ours { name, scale } => wanted.push(Wanted { place, ours: name, scale }),
                Target::Ignored => {}
                Target::Unknown => {
                    let (from, column) = (from.to_owned(), shown(theirs));
                    return Err(CatalogueError::UnknownColumn { from, column, known: self.known() });
                }
            }
        }
        Ok(wanted)
    }
}
