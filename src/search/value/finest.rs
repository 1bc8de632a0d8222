//! The finest candidates that hold.

use crate::search::breach::Breach;
use crate::search::space::Space;

/// The places of the candidates that break nothing and that no other of them refines, and how many were asked.
///
/// Durations are walked from fine to coarse, bit rates of each from coarse to fine. Two prunings, both exact: where a
/// limit that no coarsening can worsen is broken, every refinement breaks it; and what a holding candidate refines is
/// not among the finest.
pub(super) fn finest(
    space: &Space<'_>,
    breaches: &mut dyn FnMut((usize, usize)) -> Vec<Breach>,
    done: &(dyn Fn() + Sync),
) -> (Vec<(usize, usize)>, u64) {
    let mut held: Vec<(usize, usize)> = Vec::new();
    let mut asked = 0;
    for duration in (0..space.durations.len()).rev() {
        let finer: Vec<(usize, usize)> = held
            .iter()
            .copied()
            .filter(|(other, _)| *other != duration && space.duration_refines(*other, duration))
            .collect();
        let mut dead = vec![false; space.bitrates.len()];
        let mut here: Vec<usize> = Vec::new();
        for bitrate in 0..space.bitrates.len() {
            let refines = |other: usize| other == bitrate || space.bitrate_refines(other, bitrate);
            if dead[bitrate] || finer.iter().any(|(_, other)| refines(*other)) {
                continue;
            }
            let broken = breaches((duration, bitrate));
            asked += 1;
            done();
            if broken.is_empty() {
                here.push(bitrate);
            } else if broken.iter().any(|breach| breach.monotone) {
                (0..dead.len())
                    .filter(|fine| space.bitrate_refines(*fine, bitrate))
                    .for_each(|fine| dead[fine] = true);
            }
        }
        let coarser = |bitrate: &usize| {
            here.iter().any(|other| other != bitrate && space.bitrate_refines(*other, *bitrate))
        };
        held.extend(here.iter().filter(|bitrate| !coarser(bitrate)).map(|bitrate| (duration, *bitrate)));
    }
    // Two durations that cut alike were merged, so that no two candidates refine one another.
    let refined = |&(duration, bitrate): &(usize, usize)| {
        held.iter().any(|&(fine, rate)| {
            (fine, rate) != (duration, bitrate)
                && (fine == duration || space.duration_refines(fine, duration))
                && (rate == bitrate || space.bitrate_refines(rate, bitrate))
        })
    };
    let finest = held.iter().copied().filter(|at| !refined(at)).collect();
    (finest, asked)
}
