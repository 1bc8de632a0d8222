//! What could be changed of a ping.

use std::sync::OnceLock;

use super::scene::words;
use crate::anonymity::Distortion;
use crate::attack::side_fields::leave_one_out;
use crate::catalogue::{Catalogue, Hierarchy, SideField};
use crate::classes::{Cells, Classes, Generalization};
use crate::rounding::Rounding;
use crate::study::results::Ping;
use crate::units::Dimension;

/// A change of what leaves, in words.
pub(in crate::study) struct Variant<'a> {
    pub change: String,
    pub generalization: Generalization,
    /// The distortion that it adds.
    pub loss: f64,
    /// The catalogue as it is told, where a side field is told more coarsely.
    told: Option<Box<Catalogue>>,
    classes: OnceLock<Classes<'a>>,
}

impl<'a> Variant<'a> {
    /// Its classes, grouped once.
    pub fn classes(&self, cells: &Cells<'a>) -> &Classes<'a> {
        let key = self.generalization.key();
        self.classes.get_or_init(|| match &self.told {
            None => Classes::group(cells, key),
            Some(told) => {
                let numbers = Classes::group(&Cells::new(told), key).numbers();
                Classes::joined(cells.catalogue(), [numbers])
            }
        })
    }

    /// What is found on the catalogue as it is told.
    pub fn on<T>(&self, cells: &Cells<'_>, find: impl FnOnce(&Cells<'_>, &Generalization) -> T) -> T {
        match &self.told {
            None => find(cells, &self.generalization),
            Some(told) => find(&Cells::new(told), &self.generalization),
        }
    }
}

/// Each number one step coarser, each side field one level of its built-in hierarchy coarser, and each field left out.
pub(in crate::study) fn variants<'a>(
    cells: &Cells<'a>,
    ping: &Ping,
    chosen: &Generalization,
) -> Vec<Variant<'a>> {
    let before = Distortion::of(cells, chosen).total;
    let plain = |change: String, generalization: Generalization| {
        let loss = Distortion::of(cells, &generalization).total - before;
        Variant { change, generalization, loss, told: None, classes: OnceLock::new() }
    };
    let mut found = Vec::new();
    for neighbor in ping.neighbors.iter().filter(|neighbor| neighbor.step == "coarser") {
        let mut generalization = chosen.clone();
        let (rounding, field, dimension) = match neighbor.attribute.as_str() {
            "duration" => (&mut generalization.duration, "duration", Dimension::Duration),
            "bitrate" => (&mut generalization.bitrate, "bit rate", Dimension::Bitrate),
            _ => continue,
        };
        // A rounding as it was written is read again.
        let Ok(wider) = Rounding::parse(&neighbor.rounding, dimension) else { continue };
        if !wider.is_drop() {
            *rounding = wider;
            found.push(plain(format!("{field} {}", neighbor.rounding), generalization));
        }
    }
    found.extend(chosen.by.iter().filter_map(|&field| coarser(cells, chosen, field, before)));
    let without = leave_one_out(cells.catalogue(), chosen).into_iter();
    found.extend(
        without
            .map(|(field, generalization)| plain(format!("without the {}", words(&field)), generalization)),
    );
    found
}

/// A side field at the first level of its built-in hierarchy that merges any of its names; `None` where it has none, and
/// where a box asks for a name that would be gone.
fn coarser<'a>(
    cells: &Cells<'a>,
    chosen: &Generalization,
    field: SideField,
    before: f64,
) -> Option<Variant<'a>> {
    if chosen.other.iter().any(|corner| corner.side.iter().any(|(of, _)| *of == field)) {
        return None;
    }
    let hierarchy = Hierarchy::builtin(field).ok()?;
    let at = |level| cells.catalogue().with_levels(&[(field, &hierarchy, level)]).ok();
    let told = (1..hierarchy.levels() - 1).filter_map(at).find(|told| told.side_loss(field) > 0.0)?;
    let names = told.side(field)?.names().join(", ");
    let of = |told: &Catalogue| {
        let Distortion { duration, bitrate, .. } = Distortion::of(cells, chosen);
        Distortion::join(told, duration, bitrate, &chosen.by).total
    };
    let loss = if chosen.other.is_empty() {
        of(&told) - before
    } else {
        Distortion::of(&Cells::new(&told), chosen).total - before
    };
    let change = format!("{} as {names}", words(field.name()));
    let (generalization, told) = (chosen.clone(), Some(Box::new(told)));
    Some(Variant { change, generalization, loss, told, classes: OnceLock::new() })
}
