//! Side fields told more coarsely.

use std::collections::HashMap;

use super::error::shown;
use super::{Catalogue, CatalogueError, Category, Hierarchy, SideField};
use crate::rounding::{Groups, Partition, Rounding};

/// What a column was before it was told more coarsely, as far as its loss depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Coarser {
    /// For each name of the column, how many of the catalogue's original names it stands for.
    leaves: Vec<u64>,
    /// Whether one name stands for everything, missing values too.
    all: bool,
}

impl Coarser {
    fn raw(column: &Category) -> Self {
        let mut leaves = vec![0; column.names().len()];
        for &code in column.codes().iter().filter(|&&code| code != Category::MISSING) {
            leaves[usize::from(code)] = 1;
        }
        Self { leaves, all: false }
    }

    fn loss(&self, column: &Category) -> f64 {
        let others = self.leaves.iter().sum::<u64>().saturating_sub(1);
        if self.all || others == 0 {
            return f64::from(u8::from(self.all));
        }
        let of_code = |&code: &u16| self.leaves.get(usize::from(code)).map_or(0, |&n| n.saturating_sub(1));
        let lost: u128 = column.codes().iter().map(|code| u128::from(of_code(code))).sum();
        lost as f64 / (u128::from(others) * column.len() as u128) as f64
    }
}

impl Catalogue {
    /// The catalogue with side fields told at a level of a hierarchy. At the last level nothing is told: the column
    /// holds one name throughout, and a generalization should leave the field out. O(files).
    ///
    /// # Errors
    /// [`CatalogueError::Mapping`] for a field that the catalogue lacks, for a value that its hierarchy lacks, a level
    /// that it lacks, and for `kind` and `genre`, which measures are told by.
    ///
    /// ```
    /// use coarsen::catalogue::{Catalogue, Columns, Hierarchy, SideField};
    /// let column = |names: [&str; 3]| names.map(Some).into_iter().collect();
    /// let catalogue = Catalogue::new(Columns {
    ///     title: vec![0, 1, 2],
    ///     duration_ms: vec![61_000, 62_000, 130_000],
    ///     side: [
    ///         (SideField::Kind, column(["clip"; 3])),
    ///         (SideField::Resolution, column(["480p", "576p", "1080p"])),
    ///     ]
    ///     .into(),
    ///     ..Columns::default()
    /// })?;
    /// let tiers = Hierarchy::builtin(SideField::Resolution)?;
    /// let coarser = catalogue.with_levels(&[(SideField::Resolution, &tiers, 1)])?;
    /// assert_eq!(coarser.side(SideField::Resolution).expect("it stays").get(0), Some("SD"));
    /// // Two files of three are told one of two names that SD stands for, out of three.
    /// assert_eq!(coarser.side_loss(SideField::Resolution), (0.5 + 0.5 + 0.0) / 3.0);
    /// # Ok::<(), coarsen::catalogue::CatalogueError>(())
    /// ```
    pub fn with_levels(&self, levels: &[(SideField, &Hierarchy, usize)]) -> Result<Self, CatalogueError> {
        let mut coarser = self.clone();
        for &(field, hierarchy, level) in levels {
            let all = level + 1 == hierarchy.levels();
            coarser.recode(field, all, |names| {
                let names = hierarchy.names_at(names, level)?;
                Ok(names.into_iter().map(|name| name.map(str::to_owned)).collect())
            })?;
        }
        Ok(coarser)
    }

    /// The catalogue with one side field told in groups; a missing value stays missing. O(files).
    ///
    /// # Errors
    /// [`CatalogueError::Mapping`] for a field that the catalogue lacks, and for `kind` and `genre`.
    pub fn with_groups(&self, field: SideField, groups: &Groups) -> Result<Self, CatalogueError> {
        let mut coarser = self.clone();
        coarser.recode(field, false, |names| {
            Ok(names.iter().map(|name| Some(groups.name(name).to_owned())).chain([None]).collect())
        })?;
        Ok(coarser)
    }

    /// The catalogue with a side field of whole numbers, such as `width`, told in buckets, each by its lower edge; a
    /// missing value stays missing. O(files).
    ///
    /// # Errors
    /// [`CatalogueError::Mapping`] for a field that the catalogue lacks, for a value that is no whole number, and for
    /// `kind` and `genre`.
    ///
    /// ```
    /// use coarsen::catalogue::{Catalogue, Columns, SideField};
    /// use coarsen::rounding::Rounding;
    /// use coarsen::units::Dimension;
    /// let column = |names: [&str; 2]| names.map(Some).into_iter().collect();
    /// let catalogue = Catalogue::new(Columns {
    ///     title: vec![0, 1],
    ///     duration_ms: vec![61_000, 62_000],
    ///     side: [(SideField::Kind, column(["clip"; 2])), (SideField::Width, column(["1912", "1920"]))].into(),
    ///     ..Columns::default()
    /// })?;
    /// let rounding = Rounding::parse("floor:100", Dimension::Integer).unwrap();
    /// let told = catalogue.with_buckets(SideField::Width, &rounding)?;
    /// assert_eq!(told.side(SideField::Width).expect("it stays").names(), ["1900"]);
    /// # Ok::<(), coarsen::catalogue::CatalogueError>(())
    /// ```
    pub fn with_buckets(&self, field: SideField, rounding: &Rounding) -> Result<Self, CatalogueError> {
        let mut coarser = self.clone();
        coarser.recode(field, false, |names| {
            let bucket = |name: &String| match name.parse::<u64>() {
                Ok(value) => Ok(Some(rounding.bucket(value).from.to_string())),
                Err(_) => Err(CatalogueError::Mapping {
                    text: field.name().to_owned(),
                    problem: format!(
                        "`{}` is no whole number, and {rounding} rounds numbers; tell the field in groups, or keep \
                         or drop it",
                        shown(name)
                    ),
                }),
            };
            names.iter().map(bucket).chain([Ok(None)]).collect()
        })?;
        Ok(coarser)
    }

    /// What is lost of a side field that was told more coarsely: for each file (names that its name stands for - 1)
    /// / (names - 1), on average, where the names are those that the catalogue held before. 0 for a column as it
    /// was and for a missing value, 1 at the last level of a hierarchy. Source: Iyengar 2002.
    pub fn side_loss(&self, field: SideField) -> f64 {
        self.coarser.get(&field).map_or(0.0, |(_, loss)| *loss)
    }

    /// Gives a column the names that `rename` makes of its own: one for each, and last one for missing values.
    fn recode(
        &mut self,
        field: SideField,
        all: bool,
        rename: impl FnOnce(&[String]) -> Result<Vec<Option<String>>, CatalogueError>,
    ) -> Result<(), CatalogueError> {
        let refuse = |problem: &str| CatalogueError::Mapping {
            text: field.name().to_owned(),
            problem: problem.to_owned(),
        };
        if [SideField::Kind, SideField::Genre].contains(&field) {
            return Err(refuse(
                "measures are told by it, so it is kept or dropped, never told more coarsely",
            ));
        }
        let column = self.side.get(&field).ok_or_else(|| {
            refuse("the catalogue has no such column; leave the field out, or give one that has it")
        })?;
        let before = match self.coarser.remove(&field) {
            Some((before, _)) => before,
            None => Coarser::raw(column),
        };
        let renamed = rename(column.names())?;
        let (mut names, mut leaves): (Vec<String>, Vec<u64>) = (Vec::new(), Vec::new());
        let mut seen: HashMap<String, u16> = HashMap::new();
        let mut code_of = Vec::with_capacity(renamed.len());
        for (at, name) in renamed.into_iter().enumerate() {
            // There are at most as many new names as old ones, whose codes fit, or one where all are missing.
            let code = name.map_or(Category::MISSING, |name| {
                *seen.entry(name).or_insert_with_key(|name| {
                    names.push(name.clone());
                    leaves.push(0);
                    (names.len() - 1) as u16
                })
            });
            if let Some(leaves) = leaves.get_mut(usize::from(code)) {
                *leaves += before.leaves.get(at).copied().unwrap_or(0);
            }
            code_of.push(code);
        }
        let codes = (0..column.len()).map(|row| code_of[column.index(row)]).collect();
        let column = Category::from_codes(codes, names)
            .ok_or_else(|| refuse("the names of the hierarchy fill over 65,535 codes; use fewer"))?;
        let coarser = Coarser { leaves, all: all || before.all };
        let loss = coarser.loss(&column);
        self.side.insert(field, column);
        self.coarser.insert(field, (coarser, loss));
        Ok(())
    }

    /// What is coarser, on other rows of the same columns.
    pub(super) fn coarser_of(
        &self,
        side: &std::collections::BTreeMap<SideField, Category>,
    ) -> std::collections::BTreeMap<SideField, (Coarser, f64)> {
        let on_rows = |(field, (coarser, _)): (&SideField, &(Coarser, f64))| {
            (*field, (coarser.clone(), coarser.loss(&side[field])))
        };
        self.coarser.iter().map(on_rows).collect()
    }
}
