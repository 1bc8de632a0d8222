//! The two ends between which every attacker lies: who sees nothing, and who sees raw values. Found once for a catalogue.

use super::library::periods_of;
use super::servers_named::Homes;
use crate::attack::library::Periods;
use crate::attack::sequence::{LENGTHS, Linked, Order, Recognition, Runs};
use crate::classes::{Cells, Classes, Generalization};

/// See the module.
pub(in crate::study) struct Ends<'a> {
    pub cells: &'a Cells<'a>,
    pub nothing: Classes<'a>,
    pub everything: Classes<'a>,
    /// The seasons and albums.
    pub runs: Runs,
    /// Servers and their plays, where they were drawn for all pings at once, or why none could be.
    pub(super) periods: Option<Result<Periods, String>>,
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
        let both = [&nothing, &everything].map(|classes| Linked::new(classes, &runs));
        let of = |order: Order, plays: u32| at_ends(&both, order, plays);
        let all = Order::ALL.into_iter().flat_map(|order| LENGTHS.map(|plays| (order, plays)));
        let linked = all.map(|(order, plays)| ((order, plays), of(order, plays))).collect();
        Self { cells, nothing, everything, runs, periods: None, linked, homes: Homes::default() }
    }

    /// Draws the servers that all pings are asked of, so that each doesn't draw the same ones.
    pub fn with_servers(self, draws: u64, seed: u64) -> Self {
        let periods = Some(periods_of(self.cells.catalogue(), draws, seed));
        Self { periods, ..self }
    }

    /// Of so many linked plays: kept for [`LENGTHS`], found anew for others.
    pub(super) fn linked(&self, order: Order, plays: u32) -> AtEnds {
        let kept = self.linked.iter().find(|(of, _)| *of == (order, plays));
        kept.map_or_else(
            || {
                let both = [&self.nothing, &self.everything].map(|classes| Linked::new(classes, &self.runs));
                at_ends(&both, order, plays)
            },
            |(_, found)| *found,
        )
    }
}

fn at_ends([blind, raw]: &[Linked<'_>; 2], order: Order, plays: u32) -> AtEnds {
    AtEnds {
        control: blind.recognition(Order::InOrder, 1, order.stretch(plays)),
        baseline: raw.recognition(order, plays, order.stretch(plays)),
    }
}
