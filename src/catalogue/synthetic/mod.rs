//! Synthetic catalogues, drawn by a recipe.
//!
//! A recipe says which kinds of title there are, how long they are, how they come in series or albums,
//! how many files a title has and how those are encoded ([`Recipe`]); [`synthesize`] draws a catalogue
//! from it. The built-in recipes lie in `datasets/recipes`, each figure with its origin.

mod check;
pub(crate) mod draw;
mod encodes;
mod plan;
mod popularity;
mod recipe;
mod rows;
#[cfg(test)]
mod tests;
mod titles;

use rayon::prelude::*;

use self::plan::Plan;
use self::popularity::Ranks;
use super::stream::{Stream, stream};
use super::{Catalogue, CatalogueError};

pub use recipe::{Cuts, Encode, Kind, Length, Per, Popularity, Recipe, Series, Shape, Shares, Trims};

/// The most titles that one catalogue can have.
pub const MOST_TITLES: u32 = 50_000_000;

/// Draws a catalogue of exactly that many titles, each with one file or more.
///
/// The same recipe, number and seed give the same catalogue on any machine and any number of threads; two
/// that differ in the recipe's name, the number or the seed are independent, so that one can judge another.
/// Rows are ordered by kind as in the recipe, then by series, title and file. Durations are in whole ms;
/// bit rates in bit/s, whole multiples of [`Recipe::bitrate_step_bps`]. O(files).
///
/// # Errors
/// [`CatalogueError::Recipe`]: a figure of the recipe out of its range, no title, or over [`MOST_TITLES`].
///
/// ```
/// use coarsen::catalogue::synthetic::{Recipe, synthesize};
/// let catalogue = synthesize(&Recipe::builtin("mixed")?, 500, 1)?;
/// assert_eq!(catalogue.titles(), 500);
/// assert!(catalogue.files() > 500);
/// assert_eq!(catalogue.kinds(), ["movie", "episode", "track", "talk", "clip", "home"]);
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
pub fn synthesize(recipe: &Recipe, titles: u32, seed: u64) -> Result<Catalogue, CatalogueError> {
    let refuse = |problem| CatalogueError::Recipe { from: recipe.name.clone(), problem };
    check::check(recipe).map_err(refuse)?;
    if !(1..=MOST_TITLES).contains(&titles) {
        return Err(refuse(format!("{titles} titles can't be drawn; ask for 1 to {MOST_TITLES}")));
    }
    let streams = Streams { recipe: &recipe.name, titles, seed };
    let plan = Plan::new(recipe, titles, &streams).map_err(refuse)?;
    let ranks = Ranks::new(recipe.popularity, titles, &mut streams.get("ranks", 0));
    let parts: Vec<_> = plan
        .jobs
        .par_iter()
        .map(|job| titles::files(recipe, &plan.kinds[job.kind], job, &ranks, &streams))
        .collect();
    let columns = rows::columns(&parts, plan.names)
        .ok_or_else(|| refuse("a name has no code; this is a defect of the program, report it".to_owned()))?;
    drop(parts);
    Catalogue::new(columns)
}

/// The streams of one catalogue.
struct Streams<'a> {
    recipe: &'a str,
    titles: u32,
    seed: u64,
}

impl Streams<'_> {
    fn get(&self, what: &str, index: u64) -> Stream {
        stream(self.seed, &format!("synthetic/{}/{}/{what}", self.recipe, self.titles), index)
    }
}
