//! The catalogues of a study.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::config::Source;
use super::error::StudyError;
use crate::catalogue::ingest::{Mapping, hex, read, to_parquet};
use crate::catalogue::synthetic::{Recipe, synthesize};
use crate::catalogue::{Catalogue, CatalogueError};

/// A catalogue with its name and hash.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its name in the report.
    pub name: String,
    /// Where it comes from.
    pub origin: String,
    /// SHA-256 of its file; of the Parquet file that `catalogue synth` writes, for a recipe.
    pub sha256: String,
    /// The catalogue.
    pub catalogue: Catalogue,
}

/// Reads or makes a catalogue.
///
/// # Errors
/// [`StudyError::Catalogue`].
pub fn load(source: &Source, seed: u64) -> Result<Named, StudyError> {
    match (&source.recipe, &source.file) {
        (Some(recipe), _) => {
            let titles = source.titles.unwrap_or(0);
            let catalogue = synthesize(&recipe_of(recipe)?, titles, seed)?;
            let sha256 = hex(&Sha256::digest(to_parquet(&catalogue)?));
            let name = source.name.clone().unwrap_or_else(|| format!("synthetic {recipe}"));
            Ok(Named {
                name,
                origin: format!("recipe {recipe}, {titles} titles, seed {seed}"),
                sha256,
                catalogue,
            })
        }
        (None, Some(file)) => {
            let mapping = Mapping::parse(&source.map, &source.ignore)?.with_kind(source.kind.clone());
            let table = read(file, &mapping)?;
            let origin = file.display().to_string();
            let name = source.name.clone().unwrap_or_else(|| origin.clone());
            Ok(Named { name, origin, sha256: table.sha256, catalogue: table.catalogue })
        }
        (None, None) => {
            Err(CatalogueError::Empty { from: "a source without recipe and file".to_owned() }.into())
        }
    }
}

/// A recipe that ships with the program, or one from a file.
fn recipe_of(name: &str) -> Result<Recipe, CatalogueError> {
    if Path::new(name).extension().is_none_or(|extension| extension != "toml") {
        return Recipe::builtin(name);
    }
    let path = Path::new(name);
    let text = std::fs::read_to_string(path)
        .map_err(|source| CatalogueError::Io { path: path.to_owned(), source })?;
    Recipe::from_toml(name, &text)
}

/// The files of each kind alone, with the kind's name.
pub(super) fn kinds_alone(catalogue: &Catalogue) -> Vec<(String, Catalogue)> {
    let of_kind = |kind: &str| Some((kind.to_owned(), catalogue.of_kind(kind)?));
    let kinds = catalogue.kinds();
    if kinds.len() < 2 { Vec::new() } else { kinds.into_iter().filter_map(of_kind).collect() }
}
