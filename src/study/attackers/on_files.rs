//! How many files of a real catalogue attackers name, width by width.

use serde::Serialize;

use super::scene::{Scene, Told};
use super::{ATTACKERS, Known};
use crate::attack::Prior;
use crate::classes::{Cells, Classes, Generalization};
use crate::rounding::Rounding;
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

/// Lets the attackers that name files loose on a catalogue, at each width. A part that has nothing to attack there is
/// left out.
pub(in crate::study) fn on_files(named: &Named, draws: u64, seed: u64) -> Result<Vec<OnFiles>, StudyError> {
    let catalogue = &named.catalogue;
    let cells = Cells::new(catalogue);
    let nothing = Classes::group(&cells, Generalization::drop().key());
    let everything = Classes::group(&cells, Generalization::keep(catalogue).key());
    let mut found: Vec<OnFiles> = Vec::new();
    for width in WIDTHS {
        let duration =
            Rounding::parse(width, Dimension::Duration).map_err(crate::search::SearchError::from)?;
        let generalization = Generalization { duration, ..Generalization::drop() };
        let told = (width.to_owned(), Told::One(Box::new(generalization)), Vec::new());
        let scene = Scene::new(told, &cells, (&nothing, &everything), (draws, seed));
        for Known { name, run, .. } in ATTACKERS.iter().filter(|known| NAMING.contains(&known.name)) {
            let Ok(parts) = run(&scene) else { continue };
            // The first part is the one that attackers are compared by.
            let Some(part) = parts.into_iter().next() else { continue };
            let Some(step) = part.steps.get(part.headline) else { continue };
            let Some(rate) = step.rate(Prior::Uniform) else { continue };
            match found.iter_mut().find(|held| held.attacker == *name) {
                Some(held) => held.rates.push((width, rate.rate)),
                None => found.push(OnFiles {
                    catalogue: named.name.clone(),
                    files: catalogue.files(),
                    attacker: name,
                    part: part.part,
                    finds: part.finds,
                    at: step.at.clone(),
                    of: if *name == "sequence" { Of::Stretches } else { Of::Files },
                    rates: vec![(width, rate.rate)],
                    control: rate.control,
                }),
            }
        }
    }
    Ok(found)
}
