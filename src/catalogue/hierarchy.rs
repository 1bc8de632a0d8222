//! Hierarchies: a name, and what it becomes step by step as it is told more coarsely.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::{CatalogueError, SideField, error::shown};
use crate::rounding::{Groups, RoundingError};

/// A generalization hierarchy of names in ARX's form: each value with its name at every level.
///
/// Level 0 is the value itself; at the last level all values bear one name, `*` by custom, so that nothing is told.
///
/// # Laws
/// 1. **Nested**: two values that share a name at one level share one at every level above. Coarser levels then only
///    merge classes, and no risk rises.
/// 2. **Total**: a missing value stays missing, a value of its own, below the last level, and is one with all others
///    there. A value that isn't listed is an error in a hierarchy that was read; in a built-in one it is itself at
///    level 0, [`Groups::OTHER`] in between, and one with all others at the last level.
///
/// ```
/// use coarsen::catalogue::Hierarchy;
/// let tiers = Hierarchy::from_csv("480p;SD;*\n576p;SD;*\n1080p;HD;*\n", "tiers.csv")?;
/// assert_eq!(tiers.levels(), 3);
/// assert_eq!(tiers.name(Some("576p"), 1)?, Some("SD"));
/// assert_eq!((tiers.name(None, 1)?, tiers.name(None, 2)?), (None, Some("*")));
/// assert!(tiers.name(Some("4320p"), 1).is_err());
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hierarchy {
    from: String,
    rows: Vec<Vec<String>>,
    row_of: HashMap<String, usize>,
    levels: usize,
    others: bool,
}

const BUILTINS: [(SideField, &str); 4] = [
    (SideField::Resolution, include_str!("../../datasets/hierarchies/resolution.csv")),
    (SideField::VideoCodec, include_str!("../../datasets/hierarchies/video_codec.csv")),
    (SideField::AudioCodec, include_str!("../../datasets/hierarchies/audio_codec.csv")),
    (SideField::Container, include_str!("../../datasets/hierarchies/container.csv")),
];

impl Hierarchy {
    /// Reads a hierarchy: one line per value, its names from level 0 on, no header. The columns are parted by
    /// semicolons where the first line holds one, else by commas. `from` names the text in messages. O(text).
    ///
    /// # Errors
    /// [`CatalogueError::Value`] with the row, the level and the mend: rows of different lengths, an empty name, a
    /// value that stands twice, levels that aren't nested, several names at the last level;
    /// [`CatalogueError::Table`] for no row at all, fewer than two columns, or broken quotes.
    pub fn from_csv(text: &str, from: &str) -> Result<Self, CatalogueError> {
        let text = text.trim_start_matches('\u{feff}');
        let broken = |problem: String| CatalogueError::Table { from: from.to_owned(), problem };
        let first = text.lines().next().unwrap_or_default();
        let delimiter = if first.contains(';') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let mut rows: Vec<Vec<String>> = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| broken(error.to_string()))?;
            rows.push(record.iter().map(str::to_owned).collect());
        }
        let levels = rows.first().map_or(0, Vec::len);
        if levels < 2 {
            let needs = "a hierarchy needs a line per value with at least two columns: the value, and `*`";
            return Err(broken(needs.to_owned()));
        }
        let mut hierarchy =
            Self { from: from.to_owned(), rows, row_of: HashMap::new(), levels, others: false };
        hierarchy.check()?;
        Ok(hierarchy)
    }

    /// Reads a hierarchy from a file; see [`Hierarchy::from_csv`].
    ///
    /// # Errors
    /// [`CatalogueError::Io`] where the file can't be read as UTF-8 text, and those of [`Hierarchy::from_csv`].
    pub fn read(path: &Path) -> Result<Self, CatalogueError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| CatalogueError::Io { path: path.to_owned(), source })?;
        Self::from_csv(&text, &path.display().to_string())
    }

    /// The built-in hierarchy of a side field: resolution to SD, HD and UHD; video codec to its generation; audio
    /// codec and container to their family. Any name may be asked of it, see the second law.
    ///
    /// # Errors
    /// [`CatalogueError::Mapping`] for a field that has none.
    pub fn builtin(field: SideField) -> Result<Self, CatalogueError> {
        let found = BUILTINS.iter().find(|(of, _)| *of == field);
        let (_, text) = found.ok_or_else(|| CatalogueError::Mapping {
            text: field.name().to_owned(),
            problem: format!(
                "there is no built-in hierarchy of it; give a CSV file, or one of {}",
                BUILTINS.map(|(field, _)| field.name()).join(", ")
            ),
        })?;
        Ok(Self { others: true, ..Self::from_csv(text, field.name())? })
    }

    /// Levels, level 0 among them: at least 2.
    pub fn levels(&self) -> usize {
        self.levels
    }

    /// The file or field that it was read from, for messages.
    pub fn source(&self) -> &str {
        &self.from
    }

    /// The values that it lists, in its order.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|names| names[0].as_str())
    }

    /// The name of a value at a level; `None` is the missing value. O(1).
    ///
    /// # Errors
    /// [`CatalogueError::Mapping`] for a value that isn't listed (not in a built-in hierarchy), or a level that isn't
    /// below [`Hierarchy::levels`].
    pub fn name<'a>(
        &'a self,
        value: Option<&'a str>,
        level: usize,
    ) -> Result<Option<&'a str>, CatalogueError> {
        let refuse = |text: &str, problem: String| CatalogueError::Mapping { text: shown(text), problem };
        if level >= self.levels {
            let problem = format!("{} has the levels 0 to {}, not {level}", self.from, self.levels - 1);
            return Err(refuse(value.unwrap_or_default(), problem));
        }
        let all = level == self.levels - 1;
        let Some(value) = value else { return Ok(all.then(|| self.any())) };
        match self.row_of.get(value) {
            Some(&row) => Ok(Some(&self.rows[row][level])),
            None if !self.others => {
                let problem =
                    format!("the hierarchy {} lacks this value; add a line for it", shown(&self.from));
                Err(refuse(value, problem))
            }
            None if level == 0 => Ok(Some(value)),
            None if all => Ok(Some(self.any())),
            None => Ok(Some(Groups::OTHER)),
        }
    }

    /// The names of some values at one level, in their order, and last that of the missing value.
    ///
    /// # Errors
    /// As [`Hierarchy::name`].
    pub fn names_at<'a>(
        &'a self,
        values: &'a [String],
        level: usize,
    ) -> Result<Vec<Option<&'a str>>, CatalogueError> {
        let all = values.iter().map(|value| Some(value.as_str())).chain([None]);
        all.map(|value| self.name(value, level)).collect()
    }

    /// The groups that a policy ships for a level between the first and the last: a value that isn't listed, or whose
    /// name is [`Groups::OTHER`], is in none of them.
    ///
    /// # Errors
    /// [`RoundingError::Groups`] for names that a policy can't hold, and where every value is in no group;
    /// a level that the hierarchy lacks has no groups either.
    pub fn groups(&self, level: usize) -> Result<Groups, RoundingError> {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for names in &self.rows {
            let Some(name) = names.get(level).filter(|name| *name != Groups::OTHER) else { continue };
            match groups.iter_mut().find(|(group, _)| group == name) {
                Some((_, values)) => values.push(names[0].clone()),
                None => groups.push((name.clone(), vec![names[0].clone()])),
            }
        }
        Groups::new(groups)
    }

    /// The one name of the last level.
    fn any(&self) -> &str {
        &self.rows[0][self.levels - 1]
    }

    fn check(&mut self) -> Result<(), CatalogueError> {
        let refuse = |row: usize, level: usize, problem: String, mend: &'static str| CatalogueError::Value {
            from: shown(&self.from),
            row: row + 1,
            column: format!("level {level}"),
            problem,
            mend,
        };
        // Above a name stands one name: parents[level] holds it, with the row that said so.
        let mut parents: Vec<HashMap<&str, (&str, usize)>> = vec![HashMap::new(); self.levels];
        let mut seen: HashSet<&str> = HashSet::new();
        let mut row_of = HashMap::new();
        for (row, names) in self.rows.iter().enumerate() {
            if names.len() != self.levels {
                let problem = format!("{} columns, where the first row has {}", names.len(), self.levels);
                let mend = "give every row a name at every level";
                return Err(refuse(row, names.len().min(self.levels), problem, mend));
            }
            if let Some(level) = names.iter().position(String::is_empty) {
                let mend = "name it; a missing value needs no row";
                return Err(refuse(row, level, "an empty name".to_owned(), mend));
            }
            if !seen.insert(&names[0]) {
                let problem = format!("`{}` stands twice", shown(&names[0]));
                return Err(refuse(row, 0, problem, "remove one of the rows"));
            }
            row_of.insert(names[0].clone(), row);
            for (level, pair) in names.windows(2).enumerate() {
                let (name, parent) = (pair[0].as_str(), pair[1].as_str());
                let (first, said) = *parents[level].entry(name).or_insert((parent, row));
                if first != parent {
                    let [name, first, parent] = [name, first, parent].map(shown);
                    let problem =
                        format!("`{name}` becomes `{parent}` here and `{first}` in row {}", said + 1);
                    let mend = "let values that share a name share all coarser names";
                    return Err(refuse(row, level + 1, problem, mend));
                }
            }
            let (any, first) = (&names[self.levels - 1], &self.rows[0][self.levels - 1]);
            if any != first {
                let problem = format!("`{}`, where row 1 has `{}`", shown(any), shown(first));
                let mend = "let the last level be one name for all, such as `*`";
                return Err(refuse(row, self.levels - 1, problem, mend));
            }
        }
        self.row_of = row_of;
        Ok(())
    }
}
