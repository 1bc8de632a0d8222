//! `coarsen recommend --shape bare --hierarchy FIELD[=FILE.csv]`: side fields told as finely as the limits allow.

use std::path::Path;

use coarsen::catalogue::{Catalogue, Hierarchy, SideField};
use coarsen::policy::Limits;
use coarsen::search::lattice::jointly;
use coarsen::search::{Candidates, PingShape, ShapeChoice};
use coarsen::study::Progress;
use serde::Serialize;

use crate::failure::Failure;
use crate::output;
use crate::progress::Bar;

#[derive(clap::Args)]
pub struct HierarchyArgs {
    /// With --shape bare: a side field that leaves as finely as pays, widths and levels being chosen together: as it is,
    /// at a level of its hierarchy (codec, family; resolution, tier), or not at all. A CSV in ARX's form (a row a value, a
    /// column a level, no header), or the built-in hierarchy where none is named; repeatable.
    #[arg(long, value_name = "FIELD[=FILE.csv]")]
    hierarchy: Vec<String>,
}

/// The hierarchies that were asked for.
pub struct Hierarchies(Vec<(SideField, Hierarchy)>);

/// A choice whose side fields are told at some levels, with the catalogue as it is told.
pub struct Told {
    pub catalogue: Catalogue,
    pub choice: ShapeChoice,
    /// How each field leaves, as a policy writes it.
    pub roundings: Vec<(SideField, String)>,
    levels: Vec<usize>,
}

#[derive(Serialize)]
pub struct Summary<'a> {
    /// How each field leaves.
    fields: std::collections::BTreeMap<&'static str, &'a str>,
    /// Combinations of levels, each with the widths that lose least beside it.
    combinations: usize,
}

impl HierarchyArgs {
    /// Whether the user asks for it.
    pub fn is_asked(&self) -> bool {
        !self.hierarchy.is_empty()
    }

    /// Reads the hierarchies.
    ///
    /// # Errors
    /// Another shape than bare, an unknown field, one that is named twice, a file that can't be read.
    pub fn read(&self, shape: &str) -> Result<Hierarchies, Failure> {
        if self.is_asked() && shape != "bare" {
            let mend = "add `--shape bare`, to whose widths the side fields are added";
            return Err(Failure::Input(format!("--hierarchy goes with --shape bare alone: {mend}")));
        }
        let mut found: Vec<(SideField, Hierarchy)> = Vec::new();
        for text in &self.hierarchy {
            let (name, file) = text.split_once('=').map_or((text.as_str(), None), |(n, f)| (n, Some(f)));
            let field: SideField = name.parse().map_err(Failure::input)?;
            if found.iter().any(|(held, _)| *held == field) {
                return Err(Failure::Input(format!("--hierarchy names `{field}` twice: leave one out")));
            }
            let hierarchy = match file {
                Some(file) => Hierarchy::read(Path::new(file)),
                None => Hierarchy::builtin(field),
            };
            found.push((field, hierarchy.map_err(Failure::input)?));
        }
        Ok(Hierarchies(found))
    }
}

impl Hierarchies {
    fn pairs(&self) -> Vec<(SideField, &Hierarchy)> {
        self.0.iter().map(|(field, hierarchy)| (*field, hierarchy)).collect()
    }

    /// The side fields and the widths that lose least together; `None` where no hierarchy is asked.
    pub fn tell(
        &self,
        catalogue: &Catalogue,
        bare: &PingShape,
        candidates: &Candidates,
        limits: &Limits,
        bar: &Bar,
    ) -> Result<Option<Told>, Failure> {
        if self.0.is_empty() {
            return Ok(None);
        }
        if let Some((field, _)) = self.0.iter().find(|(field, _)| catalogue.side(*field).is_none()) {
            let mend = "leave its --hierarchy out, or give a catalogue that has the column";
            return Err(Failure::Input(format!("the catalogue has no `{field}`: {mend}")));
        }
        bar.stage("levels", Some(self.combinations() as u64));
        let found = jointly(catalogue, bare, &self.pairs(), candidates, limits, &|| bar.advance(1));
        // Where something holds, it does without any side field.
        let Some(found) = found.map_err(Failure::input)?.0 else { return Ok(None) };
        let mut roundings = Vec::new();
        for ((field, hierarchy), &level) in self.pairs().iter().zip(&found.levels) {
            roundings.push((
                *field,
                match level {
                    0 => "keep".to_owned(),
                    level if level + 1 == hierarchy.levels() => "drop".to_owned(),
                    level => hierarchy.groups(level).map_err(Failure::input)?.to_string(),
                },
            ));
        }
        Ok(Some(Told { catalogue: found.catalogue, choice: found.choice, roundings, levels: found.levels }))
    }

    fn combinations(&self) -> usize {
        self.0.iter().map(|(_, hierarchy)| hierarchy.levels()).product()
    }

    fn recode(&self, catalogue: &Catalogue, levels: &[usize]) -> Result<Catalogue, Failure> {
        let known = self.0.iter().zip(levels).filter(|((field, _), _)| catalogue.side(*field).is_some());
        let levels: Vec<_> = known.map(|((field, hierarchy), &level)| (*field, hierarchy, level)).collect();
        catalogue.with_levels(&levels).map_err(Failure::input)
    }

    /// Another catalogue, told likewise.
    pub fn told_of(&self, told: &Told, catalogue: &Catalogue) -> Result<Catalogue, Failure> {
        self.recode(catalogue, &told.levels)
    }

    /// What was chosen, for JSON.
    pub fn summary<'a>(&self, told: &'a Told) -> Summary<'a> {
        Summary {
            fields: told.roundings.iter().map(|(field, text)| (field.name(), text.as_str())).collect(),
            combinations: self.combinations(),
        }
    }

    /// What was chosen, as a table.
    pub fn render(&self, told: &Told) -> String {
        let summary = self.summary(told);
        let rows: Vec<Vec<String>> =
            told.roundings.iter().map(|(field, text)| vec![field.to_string(), text.clone()]).collect();
        format!(
            "\nSide fields: of {} combinations of levels, each with its own widths, the least lossy that holds\n{}",
            summary.combinations,
            output::table(&["field", "leaves as"], &rows)
        )
    }
}
