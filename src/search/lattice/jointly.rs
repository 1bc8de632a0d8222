//! Levels of side fields and widths of the numbers, chosen together.

use rayon::prelude::*;

use super::super::{Candidates, PingShape, SearchError, Shape, ShapeChoice, recommend_shape};
use super::{Lattice, Levels};
use crate::catalogue::{Catalogue, Hierarchy, SideField};
use crate::classes::Cells;
use crate::policy::Limits;

/// Levels with the widths that lose least beside them.
#[derive(Clone, Debug)]
pub struct Jointly {
    /// The level of each field, in the order of the hierarchies.
    pub levels: Levels,
    /// The widths; its ping carries the fields that leave.
    pub choice: ShapeChoice,
    /// The catalogue as it is told.
    pub catalogue: Catalogue,
}

/// One ping of duration, bit rate and these side fields: the levels and widths with the least distortion that meet every
/// limit together, and how many combinations of levels there were; `None` where nothing holds.
///
/// Exact: the widths are chosen anew beside every combination, as finer side fields ask for coarser numbers, and a limit
/// on a dominated share may hold beside fine fields and not beside coarse ones, so that no combination rules another
/// out. Of equal ones the first in the order of [`Lattice`]. O(combinations x a search), on all threads.
///
/// # Errors
/// [`SearchError::Catalogue`] as [`Catalogue::with_levels`], [`SearchError::Lattice`] for too many combinations.
pub fn jointly(
    catalogue: &Catalogue,
    ping: &PingShape,
    hierarchies: &[(SideField, &Hierarchy)],
    candidates: &Candidates,
    limits: &Limits,
    done: &(dyn Fn() + Sync),
) -> Result<(Option<Jointly>, usize), SearchError> {
    let lattice = Lattice::new(hierarchies.iter().map(|(_, hierarchy)| hierarchy.levels()).collect())?;
    let combinations: Vec<Levels> = (0..lattice.nodes()).map(|index| lattice.levels(index)).collect();
    let at = |levels: &Levels| {
        let chosen: Vec<_> = hierarchies
            .iter()
            .zip(levels)
            .map(|(&(field, hierarchy), &level)| (field, hierarchy, level))
            .collect();
        let told = catalogue.with_levels(&chosen)?;
        let leaving = chosen.iter().filter(|(_, hierarchy, level)| level + 1 < hierarchy.levels());
        let ping = PingShape { by: leaving.map(|(field, ..)| field.name()).collect(), ..ping.clone() };
        let (name, about) = ("bare with side fields", "one ping, side fields as finely as the limits allow");
        let shape = Shape { name, about, pings: vec![ping] };
        let choice = recommend_shape(&Cells::new(&told), &shape, candidates, limits, &|| ());
        done();
        Ok((choice.holds().then_some(choice.distortion), choice))
    };
    let found: Vec<(Option<f64>, ShapeChoice)> =
        combinations.par_iter().map(at).collect::<Result<_, SearchError>>()?;
    let all = combinations.len();
    let holding = found
        .into_iter()
        .zip(combinations)
        .filter_map(|((loss, choice), levels)| Some((loss?, choice, levels)));
    let best = holding.min_by(|a, b| a.0.total_cmp(&b.0));
    let Some((_, choice, levels)) = best else { return Ok((None, all)) };
    let chosen: Vec<_> = hierarchies
        .iter()
        .zip(&levels)
        .map(|(&(field, hierarchy), &level)| (field, hierarchy, level))
        .collect();
    Ok((Some(Jointly { catalogue: catalogue.with_levels(&chosen)?, choice, levels }), all))
}
