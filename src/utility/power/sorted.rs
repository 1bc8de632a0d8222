//! Plays in the order of a number, to tell what any rounding of it costs without looking at a play.
//!
//! A fault strikes plays that are neighbors in the order of [`Base`], where the number rises, and roundings keep the order of
//! numbers. So cells are stretches of that order, and sums from its start tell all that a [`Look`] counts play by play.

use std::collections::HashMap;
use std::ops::Range;

use super::base::Base;
use super::cells::{Cells, firsts};
use super::fault::Fault;
use super::hit::{Hit, Struck};
use super::look::{Hits, Look, Seen};
use super::machine::Machine;
use super::sums::Sums;
use crate::rounding::{Partition, Rounding};

/// What leaves of plays beside a number, in the order of that number as it is.
pub(super) struct Sorted<'b> {
    base: &'b Base,
    faults: &'b [Fault],
    /// All plays, also those of which nothing leaves.
    plays: usize,
    /// The number of every play, each once, rising.
    values: Vec<u64>,
    groups: Vec<Group>,
    /// The group of each of the base's.
    group_of: Vec<usize>,
    /// How many plays before each place of the base's order leave, and what a fault adds to them.
    before: Vec<(u32, Sums)>,
    /// What a fault adds for each time that it is added.
    times: Vec<f64>,
}

/// The number of plays and what they respond.
type Told = Vec<(Option<u64>, f64)>;

/// The plays of the same categories, as far as those leave.
#[derive(Default)]
struct Group {
    categories: [u32; 2],
    /// The numbers of those that leave, rising.
    values: Vec<u64>,
    /// What they respond: the sums before each, and of all.
    before: Vec<Sums>,
    /// The same of those that leave without a number.
    without: Sums,
}

impl<'b> Sorted<'b> {
    /// From what is seen where the number leaves as it is, and the faults at some size. O(plays log plays).
    pub(super) fn new(base: &'b Base, faults: &'b [Fault], seen: Seen<'_>, size: f64) -> Self {
        let numbers: Vec<Option<u64>> =
            seen.number.clone().unwrap_or_else(|| vec![None; seen.responses.len()]);
        let mut values: Vec<u64> = numbers.iter().flatten().copied().collect();
        values.sort_unstable();
        values.dedup();

        let mut place_of: HashMap<[u32; 2], usize> = HashMap::new();
        let mut standing: Vec<([u32; 2], Told)> = Vec::new();
        let categories: Vec<&[u32]> = seen.categories.clone();
        let group = |play: usize| {
            let mut group = [0; 2];
            for (code, codes) in group.iter_mut().zip(&categories) {
                *code = codes[play];
            }
            group
        };
        for (play, (number, response)) in numbers.iter().zip(&seen.responses).enumerate() {
            let Some(response) = response else { continue };
            let next = standing.len();
            let place = *place_of.entry(group(play)).or_insert(next);
            if place == next {
                standing.push((group(play), Vec::new()));
            }
            standing[place].1.push((*number, *response));
        }
        standing.sort_unstable_by_key(|(categories, _)| *categories);
        let groups: Vec<Group> =
            standing.into_iter().map(|(categories, plays)| Group::new(categories, plays)).collect();
        let group_of = base.groups.iter().map(|places| {
            let categories = group(base.order[places.start] as usize);
            groups.partition_point(|group| group.categories < categories)
        });
        let group_of = group_of.collect();

        let plays = seen.responses.len();
        let leaves: Vec<bool> = seen.responses.iter().map(Option::is_some).collect();
        let look = Look::new(base, seen);
        let mut before = Vec::with_capacity(base.order.len() + 1);
        before.push((0, Sums::default()));
        let (mut count, mut added) = (0, Sums::default());
        for (at, &play) in base.order.iter().enumerate() {
            if leaves[play as usize] {
                count += 1;
                added += look.add(base, at, size);
            }
            before.push((count, added));
        }
        let times = faults.iter().map(|fault| look.times(fault, size)).collect();
        Self { base, faults, plays, values, groups, group_of, before, times }
    }

    /// The machine and the hits of a [`Look`] to which the number leaves so rounded.
    /// O((groups + faults) x places x log plays).
    pub(super) fn rounded(&self, rounding: &Rounding) -> (Machine, Hits) {
        let mut buckets: Vec<u64> = Vec::new();
        let mut rest = &self.values[..];
        while let Some(&value) = rest.first() {
            let bucket = rounding.bucket(value);
            buckets.push(bucket.from);
            rest = &rest[rest.partition_point(|&value| bucket.contains(value))..];
        }
        let firsts = firsts(buckets, |value| self.base.family.grid(value));
        let last = firsts.len();
        // Where each place begins, and what ends the last.
        let begins = |place: usize| firsts.get(place).copied();

        let (mut sums, mut ranges) = (Vec::<Sums>::new(), Vec::<Range<usize>>::new());
        // The cell of each place of each group.
        let mut cells = vec![usize::MAX; self.groups.len() * last];
        for (number, group) in self.groups.iter().enumerate() {
            let from = sums.len();
            let mut start = 0;
            for place in 0..last {
                let end = begins(place + 1)
                    .map_or(group.values.len(), |next| group.values.partition_point(|&value| value < next));
                if end > start {
                    cells[number * last + place] = sums.len();
                    sums.push(group.before[end] - group.before[start]);
                }
                start = end;
            }
            if sums.len() > from {
                ranges.push(from..sums.len());
            }
            if group.without.plays > 0.0 {
                ranges.push(sums.len()..sums.len() + 1);
                sums.push(group.without);
            }
        }
        let count = sums.len();
        let cell_of = |group: usize, place: usize| cells[group * last + place];
        let hit = |fault: &Fault, times: f64| self.hit(fault, times, &firsts, &cell_of);
        let hits = self.faults.iter().zip(&self.times).map(|(fault, times)| hit(fault, *times)).collect();
        let machine = Machine {
            response: self.base.family.response(),
            cells: Cells::of_groups(ranges, count),
            sums,
            plays: self.plays as f64,
        };
        (machine, Hits::each(hits))
    }

    fn hit(&self, fault: &Fault, times: f64, firsts: &[u64], cell_of: &dyn Fn(usize, usize) -> usize) -> Hit {
        let mut cells: Vec<Struck> = Vec::new();
        let groups = self.base.groups.iter().zip(&self.group_of);
        for (places, &group) in
            groups.filter(|(places, _)| places.start < fault.plays.end && fault.plays.start < places.end)
        {
            let (mut at, end) = (places.start.max(fault.plays.start), places.end.min(fault.plays.end));
            while at < end {
                let value = u64::from(self.base.values[at]);
                let place = firsts.partition_point(|&first| first <= value) - 1;
                let next = firsts.get(place + 1).map_or(end, |&next| {
                    at + self.base.values[at..end].partition_point(|&value| u64::from(value) < next)
                });
                let ((before, less), (until, more)) = (self.before[at], self.before[next]);
                if until > before {
                    let (plays, more) = (f64::from(until - before), (more - less).times(times));
                    cells.push(Struck { cell: cell_of(group, place), plays, more });
                }
                at = next;
            }
        }
        // Groups that leave alike share cells.
        cells.sort_by_key(|struck| struck.cell);
        cells.dedup_by(|next, kept| {
            let same = next.cell == kept.cell;
            if same {
                kept.plays += next.plays;
                kept.more += next.more;
            }
            same
        });
        let plays = cells.iter().map(|struck| struck.plays).sum();
        Hit { cells, plays }
    }
}

impl Group {
    fn new(categories: [u32; 2], mut plays: Told) -> Self {
        // By number and then by response, so that the order of rows never matters.
        plays.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut group = Self { categories, before: vec![Sums::default()], ..Self::default() };
        for (number, response) in plays {
            match number {
                None => group.without += Sums::of(response),
                Some(number) => {
                    let sums = group.before[group.before.len() - 1] + Sums::of(response);
                    group.values.push(number);
                    group.before.push(sums);
                }
            }
        }
        group
    }
}
