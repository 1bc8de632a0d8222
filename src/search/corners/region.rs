//! Boxes of joint buckets that hold no file outside the sparse ones.

use super::cells::Joint;
use crate::catalogue::Catalogue;
use crate::classes::{Corner, Numbers};
use crate::rounding::{Bucket, Partition};

/// A box by bucket numbers, ends included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    duration: (usize, usize),
    /// The bucket of missing values stands alone.
    bitrate: (usize, usize),
    /// For each side field the indices of its values.
    side: Vec<Vec<usize>>,
}

/// Counts the dense joint buckets of any box, those that hold files and aren't sparse.
pub struct Dense<'j, 'g> {
    joint: &'j Joint<'g>,
    /// For each combination the counts of all smaller buckets, one row and column wider than the buckets.
    sums: Vec<Vec<u32>>,
}

impl<'j, 'g> Dense<'j, 'g> {
    /// Of these sparse cells, by place in [`Joint::cells`].
    pub fn of(joint: &'j Joint<'g>, sparse: &[bool]) -> Self {
        let (durations, rates) = (joint.durations.len(), joint.rates());
        let width = rates + 1;
        let mut sums = vec![vec![0u32; (durations + 1) * width]; joint.combinations.len()];
        for (cell, _) in joint.cells.iter().zip(sparse).filter(|(_, sparse)| !**sparse) {
            let [combination, d, b] = cell.at;
            sums[combination][(d + 1) * width + b + 1] = 1;
        }
        for sums in &mut sums {
            for d in 1..=durations {
                for b in 1..=rates {
                    let at = d * width + b;
                    sums[at] = sums[at] + sums[at - 1] + sums[at - width] - sums[at - width - 1];
                }
            }
        }
        Self { joint, sums }
    }

    fn none_in(&self, region: &Region) -> bool {
        let width = self.joint.rates() + 1;
        let ((d0, d1), (b0, b1)) = (region.duration, region.bitrate);
        let (top, bottom) = ((d1 + 1) * width, d0 * width);
        let in_one =
            |sums: &[u32]| sums[top + b1 + 1] + sums[bottom + b0] - sums[top + b0] - sums[bottom + b1 + 1];
        let combinations = self.joint.combinations.iter().zip(&self.sums);
        combinations.filter(|(values, _)| region.has(values)).all(|(_, sums)| in_one(sums) == 0)
    }

    /// The box around one joint bucket, grown while it takes in sparse or empty ones alone: bucket by bucket to both
    /// sides of the duration and of the bit rate in turn, then by the values that each side field has beside it.
    pub fn grow(&self, at: [usize; 3], writable: &[Vec<bool>]) -> Region {
        let joint = self.joint;
        let [combination, d, b] = at;
        let side = joint.combinations[combination].iter().map(|&value| vec![value]).collect();
        let mut region = Region { duration: (d, d), bitrate: (b, b), side };
        let rated = b < joint.bitrates.len();
        loop {
            let before = region.clone();
            let ((d0, d1), (b0, b1)) = (region.duration, region.bitrate);
            self.try_grow(&mut region, |r| r.duration.1 = d1 + 1, d1 + 1 < joint.durations.len());
            self.try_grow(&mut region, |r| r.duration.0 = d0.wrapping_sub(1), d0 > 0);
            self.try_grow(&mut region, |r| r.bitrate.1 = b1 + 1, rated && b1 + 1 < joint.bitrates.len());
            self.try_grow(&mut region, |r| r.bitrate.0 = b0.wrapping_sub(1), rated && b0 > 0);
            if region == before {
                break;
            }
        }
        for (field, writable) in writable.iter().enumerate() {
            for value in (0..writable.len()).filter(|&value| writable[value]) {
                let new = !region.side[field].contains(&value);
                self.try_grow(&mut region, |r| r.side[field].push(value), new);
            }
            region.side[field].sort_unstable();
        }
        region
    }

    fn try_grow(&self, region: &mut Region, grow: impl FnOnce(&mut Region), possible: bool) {
        if !possible {
            return;
        }
        let mut grown = region.clone();
        grow(&mut grown);
        if self.none_in(&grown) {
            *region = grown;
        }
    }
}

impl Region {
    fn has(&self, combination: &[usize]) -> bool {
        self.side.iter().zip(combination).all(|(values, value)| values.contains(value))
    }

    /// Whether the joint bucket lies in the box.
    pub fn holds(&self, joint: &Joint<'_>, [combination, d, b]: [usize; 3]) -> bool {
        let within = |(from, to): (usize, usize), at| from <= at && at <= to;
        within(self.duration, d) && within(self.bitrate, b) && self.has(&joint.combinations[combination])
    }

    /// The box by values. Its ends move out to the next buckets that hold files or to the end of the line, so that it
    /// takes in files that the catalogue doesn't have yet.
    pub fn corner(&self, joint: &Joint<'_>, catalogue: &Catalogue) -> Corner {
        let generalization = joint.generalization;
        let duration = numbers(&generalization.duration, &joint.durations, self.duration, false);
        let bitrate = if self.bitrate.0 == joint.bitrates.len() {
            if joint.missing { Numbers::Missing } else { Numbers::Any }
        } else {
            numbers(&generalization.bitrate, &joint.bitrates, self.bitrate, joint.missing)
        };
        let named = generalization.by.iter().filter_map(|&field| Some((field, catalogue.side(field)?)));
        // A field of which every value lies in the box isn't named, so that new values do too.
        let side = named.zip(&self.side).filter(|((_, column), values)| values.len() < column.levels());
        let side = side.map(|((field, column), values)| {
            (field, values.iter().map(|&value| column.names().get(value).cloned()).collect())
        });
        Corner { duration, bitrate, side: side.collect() }
    }
}

/// The range of these buckets, whose smallest values are known; nothing asked where that is every value.
fn numbers(partition: &dyn Partition, firsts: &[u64], (from, to): (usize, usize), missing: bool) -> Numbers {
    let after = |bucket: usize| partition.bucket(firsts[bucket]).to;
    let low = if from == 0 { 0 } else { after(from - 1).unwrap_or(0) };
    let high = firsts.get(to + 1).map(|&value| partition.bucket(value).from);
    if low == 0 && high.is_none() && !missing {
        return Numbers::Any;
    }
    Numbers::In(Bucket { from: low, to: high })
}
