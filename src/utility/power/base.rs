//! The plays as they are, in the order in which faults are drawn from them.

use std::ops::Range;

use super::family::{Family, Response};
use crate::telemetry::plays::{Number, Plays, Texts};

/// What faults are drawn from: the plays whose columns of the family are all there, by group, number and row.
#[derive(Clone, Debug)]
pub(super) struct Base {
    pub(super) family: Family,
    /// What each play of the table responds: whether it stalls (0 or 1), or its speed.
    pub(super) responses: Vec<Option<u32>>,
    /// Rows of the table.
    pub(super) order: Vec<u32>,
    /// The number of each play of `order`, 0 where the family has none.
    pub(super) values: Vec<u32>,
    /// The places of each group in `order`.
    pub(super) groups: Vec<Range<usize>>,
}

impl Base {
    /// O(plays log plays).
    pub(super) fn new(plays: &Plays, family: Family) -> Self {
        let responses = responses(plays, family);
        let codes: Vec<&[u32]> =
            family.categories().iter().map(|&column| plays.text(column).codes()).collect();
        let number = family.number().map(|column| plays.number(column));
        let key = |play: usize| {
            let mut group = [0; 2];
            for (code, codes) in group.iter_mut().zip(&codes) {
                *code = codes[play];
            }
            let there = !group.contains(&Texts::MISSING) && responses[play].is_some();
            let value = number.map_or(Some(0), |number| number[play])?;
            there.then_some((group, value, play as u32))
        };
        let mut keys: Vec<([u32; 2], u32, u32)> = (0..plays.len()).filter_map(key).collect();
        keys.sort_unstable();
        let mut groups: Vec<Range<usize>> = Vec::new();
        for same in keys.chunk_by(|a, b| a.0 == b.0) {
            let from = groups.last().map_or(0, |group| group.end);
            groups.push(from..from + same.len());
        }
        Self {
            family,
            responses,
            order: keys.iter().map(|key| key.2).collect(),
            values: keys.iter().map(|key| key.1).collect(),
            groups,
        }
    }

    /// The response of the play at a place of `order`.
    pub(super) fn response(&self, at: usize) -> u32 {
        self.responses[self.order[at] as usize].unwrap_or_default()
    }
}

/// Whether each play stalls, as its count of stalls says or else the time for which it stood still; or its speed, of
/// which 0 is none.
fn responses(plays: &Plays, family: Family) -> Vec<Option<u32>> {
    match family.response() {
        Response::Share => {
            let columns = plays.number(Number::Stalls).iter().zip(plays.number(Number::StalledMs));
            columns.map(|(stalls, stalled)| stalls.or(*stalled).map(|value| u32::from(value > 0))).collect()
        }
        Response::Mean => {
            let speeds = plays.number(Number::TranscodeSpeedPermille).iter();
            speeds.map(|speed| speed.filter(|&speed| speed > 0)).collect()
        }
    }
}
