//! How many plays may share one identifier.

use serde::Serialize;

use crate::attack::sequence::{Linked, Named, Order, Runs};
use crate::classes::{Cells, Classes, Generalization};
use crate::policy::MOST_PLAYS;

/// How many plays of one ping, or of all pings of a play joined, may share one identifier.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IdentifierPlays {
    /// The ping; `None` for all pings of a play joined.
    pub ping: Option<String>,
    /// The most plays under one identifier: so many in a row, and any fewer, name at most the share of the series, every
    /// stretch equally likely. 0 where one play alone names more.
    pub plays: u32,
    /// Whether even the most plays that were tried name no more, so that more might hold too.
    pub at_least: bool,
    /// What so many plays in a row come to, from 1 on, as far as a series has so many titles.
    pub named: Vec<NamedSeries>,
}

/// How often so many linked plays name the series.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct NamedSeries {
    /// Plays in a row, in order.
    pub plays: u32,
    /// Share of the stretches whose series is named right, each equally likely.
    pub uniform: f64,
    /// The same where a stretch is played as often as its first file; `None` where nobody plays any.
    pub popularity: Option<f64>,
}

/// The most plays that may share one identifier so that the sequence attacker names at most the share (0..1) of the
/// series, for each ping and, where there are several, for all of them joined. Every number up to
/// [`MOST_PLAYS`] is counted, by the closed form. `None` where no series of the catalogue has two titles, so that there
/// is nothing to link. O(pings x files log files).
///
/// ```
/// use coarsen::catalogue::synthetic::{Recipe, synthesize};
/// use coarsen::classes::{Cells, Generalization};
/// use coarsen::search::identifier_plays;
/// let catalogue = synthesize(&Recipe::builtin("music")?, 500, 1)?;
/// let nothing = [("play".to_owned(), Generalization::drop())];
/// let found = identifier_plays(&Cells::new(&catalogue), &nothing, 0.9).expect("albums");
/// assert!(found[0].plays == 12 && found[0].at_least);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn identifier_plays(
    cells: &Cells<'_>,
    pings: &[(String, Generalization)],
    share: f64,
) -> Option<Vec<IdentifierPlays>> {
    let runs = Runs::of(cells.catalogue());
    if runs.longest() < 2 {
        return None;
    }
    let of = |ping: Option<&str>, classes: &Classes<'_>| {
        let linked = Linked::new(classes, &runs);
        let named = |plays: u32| {
            let found = linked.recognition(Order::InOrder, plays, plays)?;
            let right = |named: Named| named.right;
            let popularity = found.popularity.map(right);
            Some(NamedSeries { plays, uniform: found.uniform.right, popularity })
        };
        let named: Vec<NamedSeries> = (1..=MOST_PLAYS).map_while(named).collect();
        // Where no series is that long, more plays of one add nothing.
        let over = named.iter().find(|named| named.uniform > share).map(|named| named.plays);
        IdentifierPlays {
            ping: ping.map(str::to_owned),
            plays: over.map_or(MOST_PLAYS, |plays| plays - 1),
            at_least: over.is_none(),
            named,
        }
    };
    let alone = |(ping, generalization): &(String, Generalization)| {
        of(Some(ping), &Classes::group(cells, generalization.key()))
    };
    let mut found: Vec<IdentifierPlays> = pings.iter().map(alone).collect();
    if pings.len() > 1 {
        let generalizations: Vec<Generalization> = pings.iter().map(|(_, of)| of.clone()).collect();
        found.push(of(None, &Classes::linked(cells, &generalizations)));
    }
    Some(found)
}
