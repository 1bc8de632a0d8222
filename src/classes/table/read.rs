//! Reading a class table that an engine made.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use super::{ClassTable, ClassTableError, NumberSums, Stated, TableClass};
use crate::catalogue::ingest::{Format, Texts, texts};
use crate::catalogue::{CatalogueError, SideField, TopTitle, harmless};
use crate::classes::Class;
use crate::rounding::Bucket;

/// The rows of the file, by column.
struct Rows<'a> {
    from: &'a str,
    texts: Texts,
}

impl Rows<'_> {
    fn column(&self, name: &str) -> Result<&[Option<String>], ClassTableError> {
        let place = self.texts.header.iter().position(|column| column == name);
        place
            .map(|place| self.texts.columns[place].as_slice())
            .ok_or_else(|| ClassTableError::Missing { from: self.from.to_owned(), column: name.to_owned() })
    }

    fn refuse(&self, row: usize, column: &str, problem: String) -> ClassTableError {
        let (from, column) = (self.from.to_owned(), column.to_owned());
        ClassTableError::Cell { from, row: row + 1, column, problem }
    }

    /// A whole number, where the cell holds one.
    fn some<T: FromStr>(&self, row: usize, name: &str) -> Result<Option<T>, ClassTableError> {
        let Some(text) = &self.column(name)?[row] else { return Ok(None) };
        let number = text.parse().map_err(|_| {
            let shown: String = text.chars().take(40).collect();
            self.refuse(row, name, format!("`{}` is no whole number, or too large a one", harmless(&shown)))
        });
        number.map(Some)
    }

    fn number<T: FromStr>(&self, row: usize, name: &str) -> Result<T, ClassTableError> {
        self.some(row, name)?.ok_or_else(|| self.refuse(row, name, "the cell is empty".to_owned()))
    }

    /// The text that stands in every row.
    fn constant(&self, name: &str) -> Result<&str, ClassTableError> {
        let column = self.column(name)?;
        if let Some(row) = column.iter().position(|cell| *cell != column[0]) {
            return Err(self.refuse(row, name, "the cell differs from the first row's".to_owned()));
        }
        column[0].as_deref().ok_or_else(|| self.refuse(0, name, "the cell is empty".to_owned()))
    }

    fn all<T: FromStr>(&self, name: &str) -> Result<T, ClassTableError> {
        self.constant(name)?;
        self.number(0, name)
    }

    fn numbers(&self, row: usize, name: &str, other: bool) -> Result<NumberSums, ClassTableError> {
        let of = |what: &str| format!("{name}_{what}");
        let files: u64 = self.number(row, &of("files"))?;
        if files > u64::from(self.number::<u32>(row, "files")?) {
            return Err(self.refuse(row, &of("files"), "more files than the class has".to_owned()));
        }
        if other || files == 0 {
            return Ok(NumberSums { files, ..NumberSums::default() });
        }
        let (from, to): (u64, Option<u64>) = (self.number(row, &of("from"))?, self.some(row, &of("to"))?);
        if to.is_some_and(|to| to <= from) {
            return Err(self.refuse(row, &of("to"), format!("the bucket ends at or below {from}")));
        }
        let sums = NumberSums {
            bucket: Some(Bucket { from, to }),
            files,
            sum: self.number(row, &of("sum"))?,
            squares: self.number(row, &of("squares"))?,
            error: self.number(row, &of("error"))?,
        };
        if impossible(&sums, from) {
            let problem = "no values of 1 to 4294967295 add up to the sums of this row".to_owned();
            return Err(self.refuse(row, &of("squares"), problem));
        }
        Ok(sums)
    }
}

impl ClassTable {
    /// Reads a Parquet or CSV file. O(rows).
    ///
    /// # Errors
    /// [`ClassTableError`]: no such file, no row, a column that isn't there, a cell that doesn't hold what it should.
    pub fn read(path: &Path) -> Result<Self, ClassTableError> {
        let format = Format::of(path)?;
        let bytes =
            std::fs::read(path).map_err(|source| CatalogueError::Io { path: path.to_owned(), source })?;
        Self::from_bytes(&path.display().to_string(), &bytes, format)
    }

    /// Reads a table that is in memory already; `from` names it in errors.
    ///
    /// # Errors
    /// As [`ClassTable::read`].
    pub fn from_bytes(from: &str, bytes: &[u8], format: Format) -> Result<Self, ClassTableError> {
        let rows = Rows { from, texts: texts(from, bytes, format)? };
        let count = rows.column("files")?.len();
        if count == 0 {
            return Err(CatalogueError::Empty { from: from.to_owned() }.into());
        }
        let told: Stated = serde_json::from_str(rows.constant("generalization")?).map_err(|error| {
            rows.refuse(0, "generalization", format!("not what a class table states ({error})"))
        })?;
        let number = |row, name, emitted: bool, other| match emitted {
            true => rows.numbers(row, name, other).map(Some),
            false => Ok(None),
        };
        let emitted =
            |rounding: &str, name: &str| rounding != "drop" && told.has.iter().any(|has| has == name);
        let duration = emitted(&told.duration, "duration");
        let bitrate = emitted(&told.bitrate, "bitrate");
        let class = |row: usize| {
            let other = match told.other {
                0 => false,
                _ => rows.number::<u8>(row, "other")? == 1,
            };
            let class = Class {
                files: rows.number(row, "files")?,
                titles: rows.number(row, "titles")?,
                series: rows.number(row, "series")?,
                weight: rows.number(row, "weight")?,
                top_file_weight: rows.number(row, "top_file_weight")?,
                top_title_files: rows.number(row, "top_title_files")?,
                top_title_weight: rows.number(row, "top_title_weight")?,
            };
            if let Some((column, problem)) = contradiction(&class) {
                return Err(rows.refuse(row, column, problem.to_owned()));
            }
            let duration = number(row, "duration", duration, other)?;
            let bitrate = number(row, "bitrate", bitrate, other)?;
            Ok(TableClass { class, other, duration, bitrate })
        };
        let classes: Vec<TableClass> = (0..count).map(class).collect::<Result<_, ClassTableError>>()?;
        let weights = classes.iter().try_fold(0u64, |sum, class| sum.checked_add(class.class.weight));
        let all_weight = weights.filter(|&sum| sum < 1 << 62).ok_or_else(|| {
            rows.refuse(
                0,
                "weight",
                "the weights add up to 2^62 or more, where sums are no longer exact".to_owned(),
            )
        })?;
        let files: u64 = classes.iter().map(|class| u64::from(class.class.files)).sum();
        let mut side_loss = BTreeMap::new();
        for name in told.groups.keys().filter(|name| !told.lacks.contains(name)) {
            let field: SideField = name.parse()?;
            let names: u64 = rows.all(&format!("{name}_names"))?;
            let coarse: u128 = rows.all(&format!("{name}_coarse"))?;
            let others = names.saturating_sub(1);
            let whole = u128::from(others) * u128::from(files);
            side_loss.insert(field, if others == 0 { 0.0 } else { coarse as f64 / whole as f64 });
        }
        Ok(Self {
            titles: rows.all("all_titles")?,
            top_title: TopTitle {
                files: rows.all("all_top_title_files")?,
                weight: rows.all("all_top_title_weight")?,
                all_weight,
            },
            classes,
            told,
            side_loss,
        })
    }
}

/// Whether no values have these sums: then their squares are fewer than their mean's, or more than the largest's.
fn impossible(sums: &NumberSums, from: u64) -> bool {
    const MOST: u128 = u32::MAX as u128;
    let files = u128::from(sums.files);
    let bounds = sums.sum <= files * MOST && sums.squares <= files * MOST * MOST;
    !bounds
        || sums.sum < files * u128::from(from)
        || files * sums.squares < sums.sum * sums.sum
        || sums.error > files << u64::BITS
}

/// What no class can be.
fn contradiction(class: &Class) -> Option<(&'static str, &'static str)> {
    let Class { files, titles, series, weight, top_file_weight, top_title_files, top_title_weight } = *class;
    if files == 0 {
        return Some(("files", "a class without a file"));
    }
    if !(1..=files).contains(&titles) {
        return Some(("titles", "a class has at least one title, and at most one a file"));
    }
    if !(1..=files).contains(&series) {
        return Some(("series", "a class has at least one series, and at most one a file"));
    }
    if !(1..=files - titles + 1).contains(&top_title_files) {
        return Some(("top_title_files", "more files than the other titles leave, or none"));
    }
    if top_file_weight > top_title_weight || top_title_weight > weight {
        return Some((
            "top_title_weight",
            "a file weighs more than its title, or a title more than the class",
        ));
    }
    None
}
