//! The exact Bayes attacker in closed form: the sum, over everything that can be seen, of the most that one name holds.
//!
//! A copy of another encode is told with the rest of any file, so of everything that can be seen at one
//! duration most holds `share of the rest x A`, where `A` is one sum for all rests; only rests that a copy of the same
//! encode, a remux or another cut shows there hold something of their own. So each bucket costs what is in its reach, not
//! that times the rests.

use std::borrow::Cow;

use rayon::prelude::*;

use super::index::{Index, Rest};
use crate::attack::heaviest::{Sums, bound};
use crate::attack::{Prior, Target};
use crate::rounding::Bucket;

/// Pairs of a file and a bucket that are summed, at most: some seconds of work.
const MOST_PAIRS: usize = 1 << 26;
/// Buckets of the duration, at most.
const MOST_BUCKETS: usize = 1 << 16;

/// How often each target is named, uniform and by popularity; `None` where the buckets are too fine for it: there are
/// over 2^16, or over 2^26 pairs of a file and a bucket that its copies reach. O(pairs log pairs).
pub(super) fn closed_form(index: &Index<'_>, targets: &[Target]) -> Option<Vec<[f64; 2]>> {
    let catalogue = index.catalogue;
    let tasks = tasks(index)?;
    let names: Vec<Cow<'_, [u32]>> = targets.iter().map(|target| target.names(catalogue)).collect();
    let scratch = || names.iter().map(|names| [(); 2].map(|()| Sums::new(bound(names)))).collect::<Vec<_>>();
    let of_task = |sums: &mut Vec<[Sums; 2]>, &(kin, bucket): &(u32, Bucket)| {
        let mut reencoded: Vec<(u32, f64)> = Vec::new();
        index.each_reencoded(kin, bucket, |file, weight| reencoded.push((file, weight)));
        let own = own(index, kin, bucket);
        let best = |at: usize, prior: Prior, sums: &mut Sums| {
            best_of(index, &names[at], prior, sums, &reencoded, &own)
        };
        let of_target = |(at, sums): (usize, &mut [Sums; 2])| {
            let [uniform, popularity] = sums;
            [best(at, Prior::Uniform, uniform), best(at, Prior::Popularity, popularity)]
        };
        sums.iter_mut().enumerate().map(of_target).collect::<Vec<[f64; 2]>>()
    };
    let found: Vec<Vec<[f64; 2]>> = tasks.par_iter().map_init(scratch, of_task).collect();
    let all = Prior::ALL.map(|prior| {
        (0..catalogue.files()).map(|file| u128::from(prior.weight(catalogue, file))).sum::<u128>() as f64
    });
    let of_target = |at: usize| {
        [0, 1].map(|prior| {
            let sum: f64 = found.iter().map(|of_task| of_task[at][prior]).sum();
            sum / all[prior] / index.settings.total() as f64
        })
    };
    Some((0..targets.len()).map(of_target).collect())
}

/// Every kin with every bucket that some copy reaches.
fn tasks(index: &Index<'_>) -> Option<Vec<(u32, Bucket)>> {
    let most = index.longest_copy();
    let (mut buckets, mut next) = (Vec::new(), Some(0));
    while let Some(value) = next.filter(|&value| value <= most) {
        if buckets.len() == MOST_BUCKETS {
            return None;
        }
        let bucket = index.duration.bucket(value);
        buckets.push(bucket);
        next = bucket.to;
    }
    let (mut tasks, mut pairs) = (Vec::new(), 0usize);
    for kin in 0..index.kins() {
        for &bucket in &buckets {
            let reached = reached(index, kin, bucket, MOST_PAIRS - pairs)?;
            pairs += reached;
            if reached > 0 {
                tasks.push((kin, bucket));
            }
        }
    }
    Some(tasks)
}

/// Pairs of a file and what copies of it show there, if at most so many.
pub(in crate::attack) fn reached(index: &Index<'_>, kin: u32, bucket: Bucket, most: usize) -> Option<usize> {
    let lasting = index.lasting(kin, bucket);
    let mut own = lasting.len();
    if index.settings.other_cut > 0 {
        own += index.of_kin(kin)[lasting].iter().map(|&file| index.cuts(file).len()).sum::<usize>();
    }
    if index.settings.remux > 0 {
        for &file in &index.of_kin(kin)[index.remuxed(kin, bucket)] {
            own += index.remux_rate_count(file, most + 1);
            if own > most {
                return None;
            }
        }
    }
    let reached = own + index.reencoded(kin, bucket).map(|places| places.len()).sum::<usize>();
    (reached <= most).then_some(reached)
}

/// What copies of the same encode, remuxes and other cuts show there: the rest, the file, and weight of the mode times
/// chance; by rest.
pub(in crate::attack) fn own(index: &Index<'_>, kin: u32, bucket: Bucket) -> Vec<(Rest, u32, f64)> {
    let (settings, files) = (index.settings, index.of_kin(kin));
    let mut own = Vec::new();
    for &played in &files[index.lasting(kin, bucket)] {
        let rest = index.rest(played);
        own.push((rest, played, f64::from(settings.same)));
        if settings.other_cut > 0 {
            index.each_cut_for(played, &mut |file, weight| own.push((rest, file, weight)));
        }
    }
    if settings.remux > 0 {
        for &file in &files[index.remuxed(kin, bucket)] {
            let weight = f64::from(settings.remux) * index.remux_lasts(file, bucket);
            let side = index.rest(file).1;
            let rates = index.remux_rates(file).into_iter();
            own.extend(rates.map(|(rate, chance)| ((rate, side), file, weight * chance)));
        }
    }
    // Stable, so that sums run in the order of the files.
    own.sort_by_key(|&(rest, ..)| rest);
    own
}

/// The sum, over all rests, of the most that one name holds.
pub(in crate::attack) fn best_of(
    index: &Index<'_>,
    names: &[u32],
    prior: Prior,
    common: &mut Sums,
    reencoded: &[(u32, f64)],
    own: &[(Rest, u32, f64)],
) -> f64 {
    let weight = |file: u32| prior.weight(index.catalogue, file as usize) as f64;
    for &(file, chance) in reencoded {
        common.add(names[file as usize], chance * weight(file));
    }
    let most = common.heaviest().map_or(0.0, |(_, held)| held);
    // Files whose rest nothing shows here but copies of another encode.
    let (mut others, mut best) = (index.catalogue.files() as u32, 0.0);
    let mut of_name: Vec<(u32, f64)> = Vec::new();
    for same in own.chunk_by(|a, b| a.0 == b.0) {
        let told = index.told(same[0].0);
        let share = index.share(told);
        others -= told;
        of_name.clear();
        of_name.extend(same.iter().map(|&(_, file, chance)| (names[file as usize], chance * weight(file))));
        of_name.sort_by_key(|&(name, _)| name);
        let held = of_name.chunk_by(|a, b| a.0 == b.0).map(|of_name| {
            let own: f64 = of_name.iter().map(|&(_, held)| held).sum();
            own + share * common.get(of_name[0].0)
        });
        best += held.fold(share * most, f64::max);
    }
    best += index.share(others) * most;
    common.clear();
    best
}
