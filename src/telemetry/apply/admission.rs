//! What may leave of a play, known from its consent and content alone: found once for each pair of them.

use std::collections::HashMap;

use super::consent::Switchboard;
use crate::policy::{Content, Day, Play, Policy, Withheld};

/// What may leave of plays of one consent and content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Ping by ping, whether each rule's field leaves.
    pub leaves: Vec<Vec<bool>>,
    /// For each column of the policy, whether any field that leaves reads it.
    pub reads: Vec<bool>,
}

impl Pattern {
    /// Whether nothing leaves.
    pub fn is_withheld(&self) -> bool {
        !self.reads.contains(&true)
    }
}

/// Patterns by consent and content. A policy of many switches could have more of them than memory, so they are forgotten
/// between batches once they are many.
#[derive(Debug)]
pub(super) struct Admission<'p> {
    policy: &'p Policy,
    board: Switchboard,
    as_of: Day,
    places: HashMap<(u64, Content), u32>,
    pub patterns: Vec<Pattern>,
    consents: HashMap<u64, Allowed>,
    /// What was asked of late, by the last bits of the consent: most plays are alike in it.
    late_consents: [Option<(u64, Allowed)>; LATE],
    late_places: [Option<((u64, Content), u32)>; LATE],
}

/// What a consent allows, whatever the play.
#[derive(Clone, Copy, Debug)]
struct Allowed {
    /// Whether the switch of any field is on.
    any: bool,
    /// Whether the content decides what leaves.
    by_content: bool,
}

/// A power of two.
const LATE: usize = 16;

/// Patterns that are kept from one batch to the next.
const MOST: usize = 4096;

impl<'p> Admission<'p> {
    pub fn new(policy: &'p Policy, board: Switchboard, as_of: Day) -> Self {
        Self {
            policy,
            board,
            as_of,
            places: HashMap::new(),
            patterns: Vec::new(),
            consents: HashMap::new(),
            late_consents: [None; LATE],
            late_places: [None; LATE],
        }
    }

    pub fn board(&self) -> &Switchboard {
        &self.board
    }

    pub fn as_of(&self) -> Day {
        self.as_of
    }

    /// Whether the switch of any field is on: a play without is opted out, and nothing else of it is looked at.
    pub fn consents(&mut self, on: u64) -> bool {
        self.allowed(on).any
    }

    /// Whether the content of a play of that consent decides what leaves of it.
    pub fn asks_content(&mut self, on: u64) -> bool {
        self.allowed(on).by_content
    }

    fn allowed(&mut self, on: u64) -> Allowed {
        let slot = on as usize % LATE;
        if let Some((_, allowed)) = self.late_consents[slot].filter(|(late, _)| *late == on) {
            return allowed;
        }
        if self.consents.len() > MOST {
            self.consents.clear();
        }
        let allowed = *self.consents.entry(on).or_insert_with(|| {
            let consent = self.board.consent(on);
            let any = self.policy.fields().iter().any(|field| consent.allows(&field.consent));
            Allowed { any, by_content: any && self.policy.asks_content(&consent, self.as_of) }
        });
        self.late_consents[slot] = Some((on, allowed));
        allowed
    }

    /// Forgets patterns that no batch refers to.
    pub fn begin_batch(&mut self) {
        if self.patterns.len() > MOST {
            self.places.clear();
            self.patterns.clear();
            self.late_places = [None; LATE];
        }
    }

    /// The place of the pattern of that consent and content.
    pub fn place(&mut self, on: u64, content: Content) -> u32 {
        let slot = (on as usize ^ content as usize) % LATE;
        if let Some((_, place)) = self.late_places[slot].filter(|(late, _)| *late == (on, content)) {
            return place;
        }
        let place = self.places.get(&(on, content)).copied().unwrap_or_else(|| {
            let place = self.patterns.len() as u32;
            self.patterns.push(self.pattern(on, content));
            self.places.insert((on, content), place);
            place
        });
        self.late_places[slot] = Some(((on, content), place));
        place
    }

    fn pattern(&self, on: u64, content: Content) -> Pattern {
        let (consent, play) = (self.board.consent(on), Play::new(&[]).of(content));
        let mut reads = vec![false; self.policy.columns().len()];
        let of_ping = |ping: &&str| {
            let rules = self.policy.rules(ping).map(|rule| {
                let withheld: Option<Withheld> =
                    self.policy.withheld(rule.field(), &play, &consent, self.as_of);
                reads[rule.column()] |= withheld.is_none();
                withheld.is_none()
            });
            rules.collect()
        };
        let leaves = self.policy.pings().iter().map(of_ping).collect();
        Pattern { leaves, reads }
    }
}
