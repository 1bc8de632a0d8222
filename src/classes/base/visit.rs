//! The inner loops: the classes of one row under one candidate.

use super::atoms::Number;
use super::block::{Block, Group, Item, Pair, Row, Sums};
use crate::classes::Class;

/// Something that is shown every class of one candidate once, in no promised order.
pub trait Gather: Send {
    /// Whether it wants weights and titles; where not, [`Gather::plain`] alone is called, with weights of 0.
    const FULL: bool;

    /// The same thing before any class was shown.
    fn empty(&self) -> Self;

    /// Takes over what the other was shown.
    fn merge(&mut self, other: &Self);

    /// A class in which no title occurs twice: so many files, their weight, and the largest of a file.
    fn plain(&mut self, files: u32, weight: u64, top: u64);

    /// Any class; its `series` are not counted, and 0.
    fn class(&mut self, class: &Class);
}

/// One inner rounding over the atoms.
pub(super) struct Candidate<'a, N> {
    pub starts: &'a [u32],
    pub bucket: N,
    pub span: u32,
}

/// What titles at several atoms change in each bucket of a row.
#[derive(Default)]
pub(super) struct Scratch {
    changes: Vec<Change>,
}

#[derive(Clone, Copy, Default)]
struct Change {
    /// Atoms beyond the first of their title.
    extra: u32,
    top_title_files: u32,
    top_title_weight: u64,
}

impl Change {
    #[inline]
    fn add(&mut self, extra: u32, files: u32, weight: u64) {
        self.extra += extra;
        self.top_title_files = self.top_title_files.max(files);
        self.top_title_weight = self.top_title_weight.max(weight);
    }
}

/// Shows the classes of the row.
pub(super) fn row<G: Gather, N: Number>(
    block: &Block,
    row: &Row,
    candidate: &Candidate<'_, N>,
    gatherer: &mut G,
    scratch: &mut Scratch,
) {
    let bucket = candidate.bucket;
    let (first, last) = (bucket.of(row.first_atom), bucket.of(row.last_atom));
    if first == last {
        return if G::FULL { gatherer.class(&row.whole) } else { gatherer.plain(row.whole.files, 0, 0) };
    }
    if !G::FULL {
        return each(block, row, candidate, (first, last), |_, entries| {
            gatherer.plain(block.before[entries.end].files - block.before[entries.start].files, 0, 0);
        });
    }
    let class = |entries: std::ops::Range<usize>| {
        let (from, to) = (block.before[entries.start], block.before[entries.end]);
        let sums = Sums {
            files: to.files - from.files,
            extra: to.extra - from.extra,
            weight: to.weight - from.weight,
        };
        (sums, block.top(entries))
    };
    // Atoms that lie a whole bucket apart share none.
    let (pairs, groups) = (&block.pairs[row.pairs.clone()], &block.groups[row.groups.clone()]);
    let pairs = &pairs[..pairs.partition_point(|pair| pair.gap() < candidate.span)];
    let groups = &groups[..groups.partition_point(|group| group.gap < candidate.span)];
    if scratch.fill(pairs, (groups, &block.items), bucket, (first, last)) {
        each(block, row, candidate, (first, last), |number, entries| {
            let change = scratch.changes[number as usize];
            let (sums, tops) = class(entries);
            if sums.extra + change.extra == 0 {
                return gatherer.plain(sums.files, sums.weight, tops.file);
            }
            let mut class = sums.class(tops);
            class.titles -= change.extra;
            class.top_title_files = class.top_title_files.max(change.top_title_files);
            class.top_title_weight = class.top_title_weight.max(change.top_title_weight);
            gatherer.class(&class);
        });
    } else {
        each(block, row, candidate, (first, last), |_, entries| {
            let (sums, tops) = class(entries);
            match sums.extra {
                0 => gatherer.plain(sums.files, sums.weight, tops.file),
                _ => gatherer.class(&sums.class(tops)),
            }
        });
    }
}

/// Calls with the number of each class of the row, from 0 on with gaps, and its entries.
#[inline]
fn each<N: Number>(
    block: &Block,
    row: &Row,
    candidate: &Candidate<'_, N>,
    (first, last): (u32, u32),
    mut show: impl FnMut(u32, std::ops::Range<usize>),
) {
    // Fewer buckets than entries: jump from cut to cut.
    if ((last - first) as usize) < row.entries.len() {
        let (table, atoms) = (&block.table[row.table..], &block.atom[row.entries.clone()]);
        let starts = &candidate.starts[first as usize + 1..=last as usize];
        let mut from = 0;
        for (number, &start) in starts.iter().enumerate() {
            let mut to = table[((start - row.first_atom) >> row.shift) as usize] as usize;
            while atoms[to] < start {
                to += 1;
            }
            if to > from {
                show(number as u32, row.entries.start + from..row.entries.start + to);
                from = to;
            }
        }
        return show(last - first, row.entries.start + from..row.entries.end);
    }
    let bucket = |entry: usize| candidate.bucket.of(block.atom[entry]);
    let (mut from, mut held) = (row.entries.start, first);
    for entry in row.entries.start + 1..row.entries.end {
        let next = bucket(entry);
        if next != held {
            show(held - first, from..entry);
            (from, held) = (entry, next);
        }
    }
    show(held - first, from..row.entries.end);
}

impl Scratch {
    /// Notes what the titles change bucket by bucket; whether they change anything.
    fn fill<N: Number>(
        &mut self,
        pairs: &[Pair],
        (groups, items): (&[Group], &[Item]),
        bucket: N,
        (first, last): (u32, u32),
    ) -> bool {
        if pairs.is_empty() && groups.is_empty() {
            return false;
        }
        self.changes.clear();
        self.changes.resize((last - first) as usize + 1, Change::default());
        let mut any = false;
        for pair in pairs {
            let number = bucket.of(pair.low);
            if number == bucket.of(pair.high) {
                self.changes[(number - first) as usize].add(pair.extra, pair.files, pair.weight);
                any = true;
            }
        }
        for group in groups {
            let items = &items[group.items.clone()];
            let mut held = (bucket.of(items[0].atom), 0, items[0].files, items[0].weight);
            for item in &items[1..] {
                let number = bucket.of(item.atom);
                if number == held.0 {
                    held = (number, held.1 + 1, held.2 + item.files, held.3 + item.weight);
                    continue;
                }
                if held.1 > 0 {
                    self.changes[(held.0 - first) as usize].add(held.1, held.2, held.3);
                    any = true;
                }
                held = (number, 0, item.files, item.weight);
            }
            if held.1 > 0 {
                self.changes[(held.0 - first) as usize].add(held.1, held.2, held.3);
                any = true;
            }
        }
        any
    }
}
