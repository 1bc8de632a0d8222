//! Why not one step finer, and what one step coarser would lose.

use serde::Serialize;

use super::breach::{Breach, breaches, evaluate_for};
use super::recommend::PingChoice;
use super::space::ordered;
use super::{Candidates, SweepRow, mended};
use crate::catalogue::SideField;
use crate::classes::{Cells, Generalization};
use crate::policy::Limits;
use crate::rounding::{Coding, Family, Rounding};

/// A generalization one step from the chosen one.
#[derive(Clone, Debug, Serialize)]
pub struct Neighbor {
    /// The ping.
    pub ping: String,
    /// The attribute that differs.
    pub attribute: String,
    /// `finer` or `coarser`.
    pub step: &'static str,
    /// The attribute's rounding there.
    pub rounding: String,
    /// What leaves there.
    #[serde(skip)]
    pub generalization: Generalization,
    /// Its figures.
    pub row: SweepRow,
    /// The limits that it breaks, the worst first.
    pub breaches: Vec<Breach>,
    /// Boxes of joint buckets that leave as `other` there, where the choice might have any.
    #[serde(skip_serializing_if = "is_zero")]
    pub boxes: usize,
    /// Why it was not chosen although it breaks none and is finer.
    pub note: Option<&'static str>,
}

fn is_zero(boxes: &usize) -> bool {
    *boxes == 0
}

/// The neighbors of a choice: for each number the next finer and the next coarser candidate of the same
/// coding, and without each end's coding; for each side field kept or dropped the other way. Where the choice might have
/// boxes of joint buckets, each neighbor has those that mend it, if any do.
pub fn neighbors(
    cells: &Cells<'_>,
    choice: &PingChoice,
    candidates: &Candidates,
    limits: &Limits,
) -> Vec<Neighbor> {
    let chosen = &choice.found.evaluation().generalization;
    let mut found = Vec::new();
    let mut add = |attribute: &str, step, rounding: String, generalization: Generalization| {
        // Its own boxes, not those of the choice: they lie on other buckets.
        let generalization = Generalization { other: Vec::new(), ..generalization };
        let mend = || mended(cells, &generalization, limits, choice.most_other);
        let mended = if choice.most_other > 0 { mend() } else { None };
        let plain = || evaluate_for(cells, &generalization, limits);
        let evaluation = mended.unwrap_or_else(plain);
        let breaches = breaches(limits, &evaluation.measures);
        let unasked = step == "finer" && breaches.is_empty() && rounding == "keep";
        found.push(Neighbor {
            ping: choice.ping.name.to_owned(),
            attribute: attribute.to_owned(),
            step,
            rounding,
            breaches,
            boxes: evaluation.generalization.other.len(),
            generalization: evaluation.generalization.clone(),
            note: unasked.then_some("the ping's question doesn't ask for it"),
            row: SweepRow::of(&evaluation),
        });
    };
    let numbers = [
        ("duration", cells.duration(), choice.ping.duration, &candidates.durations, &chosen.duration),
        (
            "bitrate",
            cells.bitrate(),
            choice.ping.bitrate && cells.catalogue().bitrate_bps().is_some(),
            &candidates.bitrates,
            &chosen.bitrate,
        ),
    ];
    for (name, axis, carries, list, rounding) in numbers {
        if !carries {
            continue;
        }
        let with = |rounding: &Rounding| match name {
            "duration" => Generalization { duration: rounding.clone(), ..chosen.clone() },
            _ => Generalization { bitrate: rounding.clone(), ..chosen.clone() },
        };
        let alike: Vec<(&Rounding, f64)> =
            ordered(axis, true, list).into_iter().filter(|(other, _)| same_family(other, rounding)).collect();
        let Some(at) = alike.iter().position(|(other, _)| *other == rounding) else { continue };
        let here = alike[at].1;
        let any_finer = || {
            // The finest of its kind: the next of any kind that loses less.
            ordered(axis, true, list).into_iter().find(|(_, ncp)| *ncp < here)
        };
        let finer = alike[at..].iter().find(|(_, ncp)| *ncp < here).copied().or_else(any_finer);
        if let Some((finer, _)) = finer {
            add(name, "finer", finer.to_string(), with(finer));
        }
        let coarser =
            alike[..at].iter().rev().find(|(_, ncp)| *ncp > here).map(|(coarser, _)| (*coarser).clone());
        if !rounding.is_drop() {
            let coarser = coarser.unwrap_or_else(|| Rounding::drop(rounding.dimension()));
            add(name, "coarser", coarser.to_string(), with(&coarser));
        }
        for freed in uncoded(rounding) {
            add(name, "finer", freed.to_string(), with(&freed));
        }
    }
    let mut fields = cells.catalogue().reported();
    fields.extend(&chosen.by);
    fields.sort_unstable();
    fields.dedup();
    for field in fields {
        let mut by: Vec<SideField> = chosen.by.clone();
        let (step, text) = match by.iter().position(|kept| *kept == field) {
            Some(at) => {
                by.remove(at);
                ("coarser", "drop")
            }
            None => {
                by.push(field);
                by.sort_unstable();
                ("finer", "keep")
            }
        };
        add(field.name(), step, text.to_owned(), Generalization { by, ..chosen.clone() });
    }
    found
}

/// Whether one is a step from the chosen other: the same family, and for equal widths the same coding. A ladder has
/// no step of its own kind, so any rounding by a table counts; and from drop every rounding is a step.
fn same_family(a: &Rounding, chosen: &Rounding) -> bool {
    match (a.family(), chosen.family()) {
        (_, Family::Drop) => true,
        (Family::Floor(_), Family::Floor(_)) => a.coding() == chosen.coding(),
        (Family::Log(_), Family::Log(_)) => true,
        (Family::Edges(_) | Family::Ladder(_), Family::Edges(_) | Family::Ladder(_)) => true,
        _ => false,
    }
}

/// The rounding without its bottom coding, and without its top coding.
fn uncoded(rounding: &Rounding) -> Vec<Rounding> {
    let (coding, dimension) = (rounding.coding(), rounding.dimension());
    let mut freed = Vec::new();
    for (bottom, top) in [(None, coding.top()), (coding.bottom(), None)] {
        let less = Coding::new(bottom, top).ok().filter(|less| *less != coding);
        let rounding = less.and_then(|less| Rounding::new(dimension, rounding.family().clone(), less).ok());
        freed.extend(rounding);
    }
    freed
}
