//! The cells in which plays stand: groups, and places in order within each.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

/// The most values or buckets of a number that are scanned each by itself: more are joined by the grid of their family.
pub(super) const MOST_PLACES: usize = 64;

/// Cell by cell, those of a group adjacent and in the order of their places. Cells without plays don't exist.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    of: Vec<u32>,
    groups: Vec<Range<usize>>,
    count: usize,
}

impl Cells {
    /// The cell of a play that leaves nothing.
    pub(super) const NONE: u32 = u32::MAX;

    /// By a group and a place per play, `None` where it doesn't leave. O(plays).
    pub(super) fn new<Group: Copy + Ord + Hash>(keys: &[Option<(Group, u32)>]) -> Self {
        // Coded as they come, then anew in their order: every play is looked up once.
        let mut codes: HashMap<(Group, u32), u32> = HashMap::new();
        let mut coded = |key: &Option<(Group, u32)>| {
            let Some(key) = key else { return Self::NONE };
            let next = codes.len() as u32;
            *codes.entry(*key).or_insert(next)
        };
        let mut of: Vec<u32> = keys.iter().map(&mut coded).collect();
        let mut sorted: Vec<((Group, u32), u32)> = codes.into_iter().collect();
        sorted.sort_unstable();
        let mut ranks = vec![0; sorted.len()];
        for (rank, (_, code)) in sorted.iter().enumerate() {
            ranks[*code as usize] = rank as u32;
        }
        of.iter_mut().filter(|code| **code != Self::NONE).for_each(|code| *code = ranks[*code as usize]);
        let mut groups: Vec<Range<usize>> = Vec::new();
        for same in sorted.chunk_by(|((group, _), _), ((next, _), _)| group == next) {
            let from = groups.last().map_or(0, |group| group.end);
            groups.push(from..from + same.len());
        }
        Self { of, groups, count: sorted.len() }
    }

    /// The cells of each group, where nobody asks for the cell of a play.
    pub(super) fn of_groups(groups: Vec<Range<usize>>, count: usize) -> Self {
        Self { of: Vec::new(), groups, count }
    }

    /// The cell of each play, or [`Cells::NONE`].
    pub(super) fn of(&self) -> &[u32] {
        &self.of
    }

    /// The cells of each group.
    pub(super) fn groups(&self) -> &[Range<usize>] {
        &self.groups
    }

    /// How many cells there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }
}

/// The place of each value among those present: its rank while there are at most [`MOST_PLACES`] different ones, else that of
/// its cell of a grid that rises with the values. Equal values share a place, and a larger one never comes before a smaller;
/// `None` comes first, apart from them. O(n log n).
pub(super) fn places(values: &[Option<u64>], grid: impl Fn(u64) -> u64) -> Vec<u32> {
    let mut sorted: Vec<u64> = values.iter().flatten().copied().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let firsts = firsts(sorted, grid);
    let place = |value: u64| firsts.partition_point(|&first| first <= value) as u32;
    values.iter().map(|value| value.map_or(0, place)).collect()
}

/// The first value of each place, so that the last at or below a value begins its place; from the values present, each once
/// and rising. O(values).
pub(super) fn firsts(mut values: Vec<u64>, grid: impl Fn(u64) -> u64) -> Vec<u64> {
    if values.len() > MOST_PLACES {
        values.dedup_by_key(|value| grid(*value));
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_by_group_and_place() {
        let cells = Cells::new(&[Some((7, 2)), None, Some((3, 9)), Some((7, 1)), Some((7, 2))]);
        assert_eq!(cells.of(), [2, Cells::NONE, 0, 1, 2]);
        assert_eq!((cells.groups(), cells.count()), (&[0..1, 1..3][..], 3));
    }

    #[test]
    fn few_values_keep_their_own_place_and_many_share_them() {
        assert_eq!(places(&[Some(30), None, Some(10), Some(30)], |_| 0), [2, 0, 1, 2]);
        let many: Vec<Option<u64>> = (0..6_400).map(Some).collect();
        let places = places(&many, |value| value / 100);
        assert!(places.is_sorted());
        for place in 1..=64 {
            assert_eq!(places.iter().filter(|&&p| p == place).count(), 100, "{place}");
        }
    }
}
