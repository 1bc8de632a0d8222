//! Catalogues grown by titles that they don't have.

use super::SearchError;
use crate::catalogue::Catalogue;
use crate::catalogue::synthetic::{Recipe, synthesize};

/// The most files of a grown catalogue.
pub const MOST_FILES: usize = 1_000_000;

/// A catalogue together with made titles, two and ten times as many titles in all, each with its name. Where that would
/// be over [`MOST_FILES`], as many of the made titles as fit, and the name says so; none where the catalogue alone is as
/// large. O(files made).
///
/// # Errors
/// [`SearchError::Catalogue`] where the titles can't be made or joined.
pub fn grow(
    catalogue: &Catalogue,
    name: &str,
    recipe: &Recipe,
    seed: u64,
) -> Result<Vec<(String, Catalogue)>, SearchError> {
    let room = MOST_FILES.saturating_sub(catalogue.files());
    let mut grown = Vec::new();
    for (i, times) in [2u64, 10].into_iter().enumerate() {
        // A title has a file at least, so more titles than there is room for need not be made.
        let wanted = u64::from(catalogue.titles()) * (times - 1);
        let titles = wanted.min(room as u64);
        if titles == 0 {
            continue;
        }
        // Apart from the seeds of the catalogue and of a study's judges.
        let made = synthesize(recipe, titles as u32, seed.wrapping_add(2_000 + i as u64))?;
        let cut = made.sample_titles(room, seed, i as u64);
        let capped = titles < wanted || cut.is_some();
        let joined = Catalogue::join(catalogue, cut.as_ref().unwrap_or(&made))?;
        let capped = if capped { format!(", capped at {MOST_FILES} files") } else { String::new() };
        grown.push((format!("{times} times the titles, by {name}{capped}"), joined));
    }
    Ok(grown)
}
