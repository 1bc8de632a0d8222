//! The side fields of a catalogue: the least lossy levels that meet the limits.

use super::super::breach::{Breach, breaches, evaluate_for};
use super::super::{Evaluation, SearchError};
use super::optimum::{Answer, Known, pruned};
use super::{Lattice, Levels};
use crate::anonymity::Distortion;
use crate::catalogue::{Catalogue, Hierarchy, SideField};
use crate::classes::{Cells, Generalization};
use crate::policy::Limits;

/// The chosen levels of some side fields.
#[derive(Clone, Debug)]
pub struct SideLevels {
    /// The level of each field, in the order of the hierarchies.
    pub levels: Levels,
    /// The measures and the loss there; a field at its last level is dropped.
    pub evaluation: Evaluation,
}

/// One combination of levels on a catalogue: what is measured, and the limits that break, the worst first. The
/// duration, the bit rate and all other side fields leave as the generalization says. O(files log files).
///
/// # Errors
/// [`SearchError::Catalogue`] as [`Catalogue::with_levels`].
pub fn at_levels(
    catalogue: &Catalogue,
    generalization: &Generalization,
    hierarchies: &[(SideField, &Hierarchy)],
    levels: &[usize],
    limits: &Limits,
) -> Result<(SideLevels, Vec<Breach>), SearchError> {
    let chosen: Vec<(SideField, &Hierarchy, usize)> = hierarchies
        .iter()
        .zip(levels)
        .map(|(&(field, hierarchy), &level)| (field, hierarchy, level))
        .collect();
    let coarser = catalogue.with_levels(&chosen)?;
    let mut by = generalization.by.clone();
    by.retain(|field| hierarchies.iter().all(|(of, _)| of != field));
    by.extend(chosen.iter().filter(|(_, h, level)| level + 1 < h.levels()).map(|(field, ..)| *field));
    by.sort_unstable();
    let generalization = Generalization { by, ..generalization.clone() };
    let evaluation = evaluate_for(&Cells::new(&coarser), &generalization, limits);
    let broken = breaches(limits, &evaluation.measures);
    Ok((SideLevels { levels: levels.to_vec(), evaluation }, broken))
}

/// The levels of the side fields with the least distortion that meet every limit, and how many combinations were
/// asked; `None` where none meets them. The roundings of duration and bit rate, and the side fields without a
/// hierarchy, leave as the generalization says. Of equal ones the first in the order of [`Lattice`].
///
/// Exact: the loss is separable and known beforehand; and where a limit breaks that no coarsening can worsen,
/// every combination of finer levels breaks it as well, because levels are nested. O(asked x files log files).
///
/// # Errors
/// [`SearchError::Catalogue`] as [`Catalogue::with_levels`], [`SearchError::Lattice`] for too many combinations.
///
/// ```
/// use coarsen::catalogue::synthetic::{Recipe, synthesize};
/// use coarsen::catalogue::{Hierarchy, SideField};
/// use coarsen::classes::Generalization;
/// use coarsen::policy::Limits;
/// use coarsen::search::lattice::side_levels;
/// let catalogue = synthesize(&Recipe::builtin("video")?, 2_000, 1)?;
/// let hierarchy = Hierarchy::builtin(SideField::Resolution)?;
/// let mut limits = Limits::default();
/// limits.set("exposed_share=0.01")?;
/// let (found, asked) =
///     side_levels(&catalogue, &Generalization::drop(), &[(SideField::Resolution, &hierarchy)], &limits)?;
/// assert!(asked <= 3 && found.is_some_and(|found| found.levels[0] < 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn side_levels(
    catalogue: &Catalogue,
    generalization: &Generalization,
    hierarchies: &[(SideField, &Hierarchy)],
    limits: &Limits,
) -> Result<(Option<SideLevels>, u64), SearchError> {
    let lattice = Lattice::new(hierarchies.iter().map(|(_, hierarchy)| hierarchy.levels()).collect())?;
    let tallied = limits.without_attacks();
    let Distortion { duration, bitrate, .. } = Distortion::of(&Cells::new(catalogue), generalization);
    let mut losses: Vec<Vec<f64>> = Vec::new();
    for &(field, hierarchy) in hierarchies {
        let at = |level| Ok(catalogue.with_levels(&[(field, hierarchy, level)])?.side_loss(field));
        losses.push((0..hierarchy.levels()).map(at).collect::<Result<_, SearchError>>()?);
    }
    let known = |levels: &[usize]| {
        let of_side = |side: SideField| match hierarchies.iter().position(|(field, _)| *field == side) {
            Some(at) => losses[at][levels[at]],
            None if generalization.by.contains(&side) => catalogue.side_loss(side),
            None => 1.0,
        };
        Known::Loss(Distortion::join_with(catalogue, duration, bitrate, &of_side).total)
    };
    let (found, asked) = pruned(&lattice, known, |levels| {
        let at = |limits: &Limits| at_levels(catalogue, generalization, hierarchies, levels, limits);
        let (mut found, mut broken) = at(&tallied)?;
        // Attackers are dear, and decide only where all else holds.
        if broken.is_empty() && tallied != *limits {
            (found, broken) = at(limits)?;
        }
        Ok::<_, SearchError>(Answer {
            holds: broken.is_empty(),
            loss: found.evaluation.distortion.total,
            none_finer: broken.iter().any(|breach| breach.monotone),
            finer_at_least: 0.0,
            coarser_at_least: 0.0,
        })
    })?;
    let again = |levels: &[usize]| at_levels(catalogue, generalization, hierarchies, levels, limits);
    let found = found.map(|optimum| again(&optimum.levels)).transpose()?;
    Ok((found.map(|(found, _)| found), asked))
}
