//! How many files of a real catalogue attackers name, width by width.

use serde::Serialize;

use super::scene::{Scene, Told};
use super::{Ends, all};
use crate::attack::Prior;
use crate::classes::{Cells, Generalization};
use crate::rounding::Rounding;
use crate::search::SearchError;
use crate::study::StudyError;
use crate::study::sources::Named;
use crate::units::Dimension;

/// Widths of the duration, which leaves alone.
pub const WIDTHS: [&str; 4] = ["floor:1s", "floor:10s", "floor:1min", "floor:5min"];

/// What an attacker finds on a catalogue whose durations alone leave, rounded to a width.
#[derive(Clone, Debug, Serialize)]
pub struct OnFiles {
    /// The catalogue.
    pub catalogue: String,
    /// Its files.
    pub files: usize,
    /// The attacker, and which of its figures.
    pub attacker: &'static str,
    /// See [`Attacked::part`](super::Attacked::part).
    pub part: &'static str,
    /// What is found.
    pub finds: &'static str,
    /// The condition.
    pub at: String,
    /// What the rates are shares of.
    pub of: Of,
    /// The share, by width.
    pub rates: Vec<(&'static str, f64)>,
    /// The share by who sees nothing.
    pub control: f64,
}

/// What a rate is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Of {
    /// Files.
    Files,
    /// Stretches of linked plays.
    Stretches,
}

/// Attackers who name files, or the series of stretches.
const NAMING: [&str; 7] =
    ["linkage", "noisy", "partial", "sequence", "known-library", "arrival", "open-world"];

/// Lets the attackers that name files loose on a catalogue, at each width. What has nothing to attack there is left out.
///
/// # Errors
/// As [`all`].
pub(in crate::study) fn on_files(
    named: &Named,
    (draws, seed): (u64, u64),
    false_alarm: f64,
) -> Result<Vec<OnFiles>, StudyError> {
    let catalogue = &named.catalogue;
    let cells = Cells::new(catalogue);
    let ends = Ends::new(&cells);
    let scene = |width: &str| {
        let duration = Rounding::parse(width, Dimension::Duration).map_err(SearchError::from)?;
        let told = Told::One(Box::new(Generalization { duration, ..Generalization::drop() }));
        let told = (width.to_owned(), told, Vec::new());
        Ok(Scene::new(told, &ends, (draws, seed)).in_brief())
    };
    let scenes: Vec<Scene<'_>> = WIDTHS.into_iter().map(scene).collect::<Result<_, StudyError>>()?;
    let mut found: Vec<OnFiles> = Vec::new();
    for attacked in all(&scenes, |name| NAMING.contains(&name), false_alarm, &|| {})?.found {
        let width = WIDTHS.into_iter().find(|width| *width == attacked.sees);
        let (Some(width), Some(rate)) = (width, attacked.rate(Prior::Uniform)) else { continue };
        match found.iter_mut().find(|held| held.attacker == attacked.attacker) {
            Some(held) if held.part == attacked.part => held.rates.push((width, rate.rate)),
            // The first part is the one that attackers are compared by.
            Some(_) => {}
            None => found.push(OnFiles {
                catalogue: named.name.clone(),
                files: catalogue.files(),
                attacker: attacked.attacker,
                part: attacked.part,
                finds: attacked.finds,
                at: attacked.steps.get(attacked.headline).map_or_else(String::new, |step| step.at.clone()),
                of: if attacked.attacker == "sequence" { Of::Stretches } else { Of::Files },
                rates: vec![(width, rate.rate)],
                control: rate.control,
            }),
        }
    }
    Ok(found)
}
