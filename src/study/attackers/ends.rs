//! The two ends between which every attacker lies: who sees nothing, and who sees raw values. Found once for a catalogue.

use super::servers_named::Homes;
use crate::attack::sequence::{LENGTHS, Linked, Order, Recognition, Runs};
use crate::classes::{Cells, Classes, Generalization};

/// See the module.
pub(in crate::study) struct Ends<'a> {
    pub cells: &'a Cells<'a>,
    pub nothing: Classes<'a>,
    pub everything: Classes<'a>,
    /// The seasons and albums.
    pub runs: Runs,
    linked: Vec<((Order, u32), AtEnds)>,
    /// The servers whose libraries are known.
    pub(super) homes: Homes<'a>,
}

/// How often linked plays are named by each.
#[derive(Clone, Copy)]
pub(super) struct AtEnds {
    /// Of a stretch of that length, by who sees one play and nothing of it.
    pub control: Option<Recognition>,
    pub baseline: Option<Recognition>,
}

impl<'a> Ends<'a> {
    pub fn new(cells: &'a Cells<'a>) -> Self {
        let catalogue = cells.catalogue();
        let nothing = Classes::group(cells, Generalization::drop().key());
        let everything = Classes::group(cells, Generalization::keep(catalogue).key());
        let runs = Runs::of(catalogue);
        let [blind, raw] = [&nothing, &everything].map(|classes| Linked::new(classes, &runs));
        let of = |order: Order, plays: u32| AtEnds {
            control: blind.recognition(Order::InOrder, 1, order.stretch(plays)),
            baseline: raw.recognition(order, plays, order.stretch(plays)),
        };
        let all = Order::ALL.into_iter().flat_map(|order| LENGTHS.map(|plays| (order, plays)));
        let linked = all.map(|(order, plays)| ((order, plays), of(order, plays))).collect();
        Self { cells, nothing, everything, runs, linked, homes: Homes::default() }
    }

    /// Of so many linked plays, one of [`LENGTHS`].
    pub(super) fn linked(&self, order: Order, plays: u32) -> Option<AtEnds> {
        self.linked.iter().find(|(of, _)| *of == (order, plays)).map(|(_, found)| *found)
    }
}
