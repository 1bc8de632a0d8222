//! The attackers that limits ask for, with what they know of one catalogue.
//!
//! They are dearer than a tally, so a search asks them only of what meets every other limit. No nested coarsening raises
//! any of their rates (post-processing): the stretches and the libraries are the same whatever is rounded.

use super::breach::Margin;
use crate::anonymity::Attacked;
use crate::attack::known_library::{KnownLibrary, Shelves};
use crate::attack::sequence::{Linked, Order, Recognition, Runs};
use crate::catalogue::Catalogue;
use crate::classes::Classes;
use crate::policy::{AttackLimit, Limits};

/// Libraries that a limit's attacker draws, the same for every rounding.
pub const LIBRARIES: u32 = 100;

/// The seed of the libraries: a limit must come to the same whoever asks.
const SEED: u64 = 1;

/// Attackers as they stand before anything leaves.
#[derive(Clone, Debug)]
pub(super) struct Attackers {
    /// With what is allowed; those on libraries first, as they are the cheapest.
    asked: Vec<(AttackLimit, f64)>,
    /// The control: nothing is seen, of each number of linked plays that is asked.
    blind: Vec<(u32, Option<Recognition>)>,
    runs: Option<Runs>,
    shelves: Option<Shelves>,
    titles: u32,
}

impl Attackers {
    /// Those of the limits on a catalogue. O(files log files), nothing where no limit asks for an attacker.
    pub fn of(catalogue: &Catalogue, limits: &Limits) -> Self {
        let asked: Vec<(AttackLimit, f64)> = limits.attacks().collect();
        let mut plays: Vec<u32> = asked.iter().filter_map(|(attack, _)| linked_plays(*attack)).collect();
        plays.sort_unstable();
        plays.dedup();
        let on_libraries = asked.iter().any(|(attack, _)| linked_plays(*attack).is_none());
        let runs = (!plays.is_empty()).then(|| Runs::of(catalogue));
        let mut blind = Vec::new();
        if let Some(runs) = &runs {
            // Of no grouping, one class.
            let all = Classes::joined(catalogue, []);
            let linked = Linked::new(&all, runs);
            blind.extend(plays.into_iter().map(|plays| (plays, in_order(&linked, plays))));
        }
        let shelves = on_libraries.then(|| Shelves::of(catalogue));
        Self { asked, blind, runs, shelves, titles: catalogue.titles() }
    }

    /// Whether no limit asks for any.
    pub fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// What each of them comes to. O(files log files) for each number of linked plays, and O(files + libraries x files
    /// of a library) for each size of a library.
    pub fn attacked(&self, classes: &Classes<'_>) -> Vec<Attacked> {
        self.run(classes).collect()
    }

    /// The first limit that doesn't hold; those on libraries are asked first, as they are the cheapest. The costs are
    /// those of [`Attackers::attacked`], up to there.
    pub fn first_broken(&self, classes: &Classes<'_>) -> Option<Margin> {
        let allowed = self.asked.iter().map(|(_, allowed)| *allowed);
        let mut margins = self.run(classes).zip(allowed).map(|(found, allowed)| margin(&found, allowed));
        margins.find(|margin| !margin.holds())
    }

    /// Each as it is wanted.
    fn run<'s>(&'s self, classes: &'s Classes<'_>) -> impl Iterator<Item = Attacked> + 's {
        let mut linked: Option<Linked<'_>> = None;
        // Both priors of one number of plays come of one count.
        let mut counted: Vec<(u32, Option<Recognition>)> = Vec::new();
        self.asked.iter().map(move |&(attack, _)| match attack {
            AttackLimit::KnownLibrary { titles } => {
                let shelves = self.shelves.as_ref();
                let found = shelves.and_then(|shelves| shelves.known(classes, titles, LIBRARIES, SEED));
                self.library(attack, titles, found)
            }
            AttackLimit::Sequence { plays } | AttackLimit::SequencePlays { plays } => {
                let held = counted.iter().find(|(of, _)| *of == plays).map(|(_, found)| *found);
                let found = held.unwrap_or_else(|| {
                    let found = self.runs.as_ref().and_then(|runs| {
                        in_order(linked.get_or_insert_with(|| Linked::new(classes, runs)), plays)
                    });
                    counted.push((plays, found));
                    found
                });
                self.sequence(attack, plays, found)
            }
        })
    }

    fn library(&self, attack: AttackLimit, titles: u32, found: Option<KnownLibrary>) -> Attacked {
        let reason = || format!("the catalogue has {} titles, and the library alone {titles}", self.titles);
        Attacked {
            limit: attack.to_string(),
            right: found.map(|found| found.title_uniform),
            blind: None,
            interval: found.map(|found| [found.low, found.high]),
            not_applicable: found.is_none().then(reason),
        }
    }

    fn sequence(&self, attack: AttackLimit, plays: u32, found: Option<Recognition>) -> Attacked {
        let by_plays = matches!(attack, AttackLimit::SequencePlays { .. });
        let right = |found: Recognition| match by_plays {
            true => found.popularity.map(|named| named.right),
            false => Some(found.uniform.right),
        };
        let blind = self.blind.iter().find(|(of, _)| *of == plays).and_then(|(_, blind)| *blind);
        let reason = match found {
            None => format!("no series or album has {plays} titles in a row"),
            Some(_) => format!("nobody plays any series or album of {plays} titles"),
        };
        let right_of = found.and_then(right);
        Attacked {
            limit: attack.to_string(),
            right: right_of,
            blind: blind.and_then(right),
            interval: None,
            not_applicable: right_of.is_none().then_some(reason),
        }
    }
}

fn linked_plays(attack: AttackLimit) -> Option<u32> {
    match attack {
        AttackLimit::Sequence { plays } | AttackLimit::SequencePlays { plays } => Some(plays),
        AttackLimit::KnownLibrary { .. } => None,
    }
}

fn in_order(linked: &Linked<'_>, plays: u32) -> Option<Recognition> {
    linked.recognition(Order::InOrder, plays, plays)
}

/// The margin of every limit that asks for an attacker, in the order of their names. One whose attacker didn't run
/// counts as always named right, so that it can't pass unseen.
pub(super) fn margins(limits: &Limits, attackers: &[Attacked]) -> Vec<Margin> {
    let of = |(attack, allowed): (AttackLimit, f64)| {
        let limit = attack.to_string();
        match attackers.iter().find(|found| found.limit == limit) {
            Some(found) => margin(found, allowed),
            None => Margin::new(
                &limit,
                "the attacker didn't run, so all counts as named".to_owned(),
                1.0,
                allowed,
                true,
            ),
        }
    };
    limits.attacks().map(of).collect()
}

fn margin(found: &Attacked, allowed: f64) -> Margin {
    let Attacked { limit, right, blind, interval, not_applicable } = found;
    let of = |share: &f64| format!("{share:.6}");
    let (attacker, at) = limit.split_once('@').unwrap_or((limit, ""));
    let mut what = match attacker {
        "known-library" => format!("titles named right in a known library of {at} titles"),
        "sequence_plays" => format!("series named right by {at} linked plays in order, popularity prior"),
        _ => format!("series named right by {at} linked plays in order, every stretch equally likely"),
    };
    if let Some(blind) = blind {
        what.push_str(&format!(" (blind guess {})", of(blind)));
    }
    if let Some([low, high]) = interval {
        what.push_str(&format!(" (mean of {LIBRARIES} libraries, 95 % within {} to {})", of(low), of(high)));
    }
    let mut margin = Margin::new(limit, what, right.unwrap_or(0.0), allowed, true);
    margin.not_applicable.clone_from(not_applicable);
    margin
}
