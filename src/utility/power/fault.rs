//! Faults, drawn at random.

use std::ops::Range;

use rand::RngExt;

use super::base::Base;
use super::counts::inside;
use super::family::Family;
use crate::catalogue::stream::{Stream, stream};

/// How many draws in a row may fall on plays in which nothing can go wrong before a family is given up.
const TRIES: u32 = 10_000;
/// The band of a fault holds between these shares of its group's plays.
const BAND: [f64; 2] = [0.1, 0.5];
/// Long titles last longer than a length between these, in ms.
const LONG: [u32; 2] = [3_600_000, 10_800_000];

/// Where one fault strikes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    /// The plays it strikes, as places in [`Base::order`].
    pub(super) plays: Range<usize>,
    /// The share of them that stall without it; 0 of a family of speed.
    pub(super) stalling: f64,
}

/// So many faults, each of a stream of its own; `None` where the plays hold none that could be found. A fault of stalls
/// strikes where some plays stall already and some don't: else there is nothing to multiply.
///
/// O(faults x plays that they strike).
pub(super) fn faults(base: &Base, count: u32, seed: u64) -> Option<Vec<Fault>> {
    (0..count).map(|replica| fault(base, &mut stream(seed, "power fault", u64::from(replica)))).collect()
}

fn fault(base: &Base, random: &mut Stream) -> Option<Fault> {
    if base.order.is_empty() {
        return None;
    }
    (0..TRIES).find_map(|_| match base.family {
        Family::Stalls => band(base, random).and_then(|plays| stalling(base, plays)),
        Family::LongTitles => stalling(base, long(base, random)),
        Family::Speed => Some(Fault { plays: group(base, random), stalling: 0.0 }),
    })
}

/// A group, drawn by its plays.
fn group(base: &Base, random: &mut Stream) -> Range<usize> {
    let at = random.random_range(0..base.order.len() as u64) as usize;
    base.groups[base.groups.partition_point(|group| group.end <= at)].clone()
}

/// A run of a group's plays by their number, as far as to take in all that share the number of one of them.
fn band(base: &Base, random: &mut Stream) -> Option<Range<usize>> {
    let group = group(base, random);
    let share = BAND[0] + (BAND[1] - BAND[0]) * inside(random);
    let wanted = (share * group.len() as f64).ceil() as usize;
    let from = group.start + random.random_range(0..=(group.len() - wanted) as u64) as usize;
    let values = &base.values[group.clone()];
    let (low, high) = (base.values[from], base.values[from + wanted - 1]);
    let from = group.start + values.partition_point(|&value| value < low);
    let to = group.start + values.partition_point(|&value| value <= high);
    let held = (to - from) as f64 / group.len() as f64;
    (BAND[0]..=BAND[1]).contains(&held).then_some(from..to)
}

/// The plays of titles over a random length.
fn long(base: &Base, random: &mut Stream) -> Range<usize> {
    let length = random.random_range(LONG[0]..LONG[1]);
    base.values.partition_point(|&value| value <= length)..base.values.len()
}

fn stalling(base: &Base, plays: Range<usize>) -> Option<Fault> {
    let stalled = plays.clone().filter(|&at| base.response(at) > 0).count();
    let stalling = stalled as f64 / plays.len() as f64;
    (stalled > 0 && stalled < plays.len()).then_some(Fault { plays, stalling })
}
