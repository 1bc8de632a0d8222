//! The files as the search sees them: by place on one axis, in groups that never share a class.

use std::ops::Range;

use crate::classes::Cells;

/// One file.
#[derive(Clone, Copy, Debug)]
pub(super) struct File {
    /// The number of its (group, title).
    pub title: u32,
    /// The number of its (group, series).
    pub series: u32,
    pub group: u32,
    pub kind: u32,
    pub weight: u64,
    /// Its atom on the axis.
    pub atom: u32,
    /// Its atom on the other axis.
    pub other: u32,
}

/// The files by rising atom.
#[derive(Clone, Debug)]
pub(super) struct Files {
    pub files: Vec<File>,
    pub titles: usize,
    pub series: usize,
    pub groups: usize,
    pub kinds: usize,
    /// Atoms on the axis.
    pub atoms: usize,
}

impl Files {
    /// Collapses a catalogue: `atom`, `other` and `group` by file, `atoms` and `groups` bounds on them.
    /// O(files log files).
    pub fn new(
        cells: &Cells<'_>,
        (atom, atoms): (&[u32], usize),
        other: &[u32],
        (group, groups): (&[u32], usize),
    ) -> Self {
        let catalogue = cells.catalogue();
        let (title, titles) = pairs(group, groups, catalogue.title());
        let (series, all_series) = pairs(group, groups, catalogue.series());
        let kind = catalogue.kind();
        let mut files: Vec<File> = (0..catalogue.files())
            .map(|row| File {
                title: title[row],
                series: series[row],
                group: group[row],
                kind: kind.index(row) as u32,
                weight: catalogue.weight()[row],
                atom: atom[row],
                other: other[row],
            })
            .collect();
        files.sort_by_key(|file| file.atom);
        Self { files, titles, series: all_series, groups, kinds: kind.levels(), atoms }
    }

    /// Those alone whose other atom lies in a range.
    pub fn within(&self, others: Range<u32>) -> Self {
        let files = self.files.iter().filter(|file| others.contains(&file.other)).copied().collect();
        Self { files, ..*self }
    }
}

/// One number a (group, id), and a bound on it.
pub(super) fn pairs(group: &[u32], groups: usize, ids: &[u32]) -> (Vec<u32>, usize) {
    if groups == 1 {
        return (ids.to_vec(), ids.iter().max().map_or(0, |&id| id as usize + 1));
    }
    let joined = || group.iter().zip(ids).map(|(&group, &id)| u64::from(group) << 32 | u64::from(id));
    let mut present: Vec<u64> = joined().collect();
    present.sort_unstable();
    present.dedup();
    let number = |pair: u64| present.binary_search(&pair).unwrap_or_default() as u32;
    (joined().map(number).collect(), present.len())
}
