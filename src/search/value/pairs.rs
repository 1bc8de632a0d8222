//! The choice of both widths of a ping that carries both numbers.
//!
//! Too many pairs of roundings hold that refine none of each other for every pair to be asked every question. But a family of
//! faults looks at one number at most, so a table for each number tells what every pair costs those who look for them, and
//! the limits alone have to be asked pair by pair. The questions then judge between the pairs that came out best, and the one
//! of least distortion.

use super::diagnosis::Parts;
use super::{Diagnosis, SearchError, Traffic, Worth};
use crate::classes::Cells;
use crate::policy::Limits;
use crate::rounding::Rounding;
use crate::search::breach::evaluate_for;
use crate::search::recommend::{AskLimits, recommend_ping};
use crate::search::shape::PingShape;
use crate::search::space::{Choosable, Space};
use crate::search::{Candidates, Found, PingChoice};
use crate::units::Dimension;

/// Pairs that the questions are asked of, beside the one of least distortion: the last that were the best so far.
const FINALISTS: usize = 4;

/// A pair by its places, what it costs and what its widths lose.
#[derive(Clone, Copy)]
struct Pair {
    at: (usize, usize),
    traffic: Traffic,
    ncp: f64,
}

/// The pair of most value among the finalists; where none holds, the nearest.
///
/// The coarsest pairs come first. One that costs no less than the best so far isn't asked, nor is one that refines a pair
/// that breaks a limit which no coarsening can worsen.
/// O(plays log plays + (durations + bit rates) x faults x places² + asked x files + finalists x questions x plays).
pub(super) fn choose(
    cells: &Cells<'_>,
    ping: &PingShape,
    candidates: &Candidates,
    limits: &Limits,
    (diagnosis, parts): (&Diagnosis<'_>, &Parts),
    done: &(dyn Fn() + Sync),
) -> Result<PingChoice, SearchError> {
    let least_distortion = recommend_ping(cells, ping, candidates, limits, done);
    let space = Space::new(cells, ping, candidates);
    let (bests, asked) = bests(cells, ping, &space, limits, (diagnosis, parts), done)?;
    let evaluated = |pair: &Pair| evaluate_for(cells, &space.at(pair.at), limits);
    let finalists = bests.iter().rev().take(FINALISTS).map(evaluated);
    let mut best: Option<(Worth, f64, Found)> = None;
    let by_distortion = Some(&least_distortion.found).filter(|found| found.holds()).cloned();
    for found in finalists.map(Found::Holds).chain(by_distortion) {
        let evaluation = found.evaluation();
        let worth = diagnosis.worth_of((ping, &evaluation.generalization), parts)?;
        let total = evaluation.distortion.total;
        let better = best
            .as_ref()
            .is_none_or(|(least, loss, _)| worth.compare(least).then(total.total_cmp(loss)).is_lt());
        if better {
            best = Some((worth, total, found));
        }
    }
    let asked = least_distortion.asked + asked;
    Ok(match best {
        Some((.., found)) => PingChoice { found, asked, most_other: 0, ..least_distortion },
        None => PingChoice { asked, ..least_distortion },
    })
}

/// Every pair that held and cost less than those before it, the best last, and how many pairs were asked.
fn bests(
    cells: &Cells<'_>,
    ping: &PingShape,
    space: &Space<'_>,
    limits: &Limits,
    (diagnosis, parts): (&Diagnosis<'_>, &Parts),
    done: &(dyn Fn() + Sync),
) -> Result<(Vec<Pair>, u64), SearchError> {
    let traffic = |number: Option<Dimension>, of: &[Choosable<'_>]| {
        let roundings: Vec<&Rounding> = of.iter().map(|choosable| choosable.rounding).collect();
        diagnosis.traffic_by((ping, &space.by), parts, number, &roundings)
    };
    let of_durations = traffic(Some(Dimension::Duration), &space.durations)?;
    let of_bitrates = traffic(Some(Dimension::Bitrate), &space.bitrates)?;
    // What looks at neither is the same of every pair, and still moves where a step of the ratio ends.
    let of_names = traffic(None, &[])?.into_iter().fold(Traffic::NOTHING, Traffic::with);

    let (durations, rates) = (space.durations.len(), space.bitrates.len());
    let finer = |count: usize, refines: &dyn Fn(usize, usize) -> bool| -> Vec<Vec<usize>> {
        (0..count).map(|coarse| (0..count).filter(|&fine| refines(fine, coarse)).collect()).collect()
    };
    let finer_durations = finer(durations, &|fine, coarse| space.duration_refines(fine, coarse));
    let finer_rates = finer(rates, &|fine, coarse| space.bitrate_refines(fine, coarse));
    let mut dead = vec![false; durations * rates];
    let mut ask = AskLimits::new(cells, limits);
    let (mut bests, mut asked): (Vec<Pair>, u64) = (Vec::new(), 0);
    for (d, duration) in space.durations.iter().enumerate() {
        for (b, bitrate) in space.bitrates.iter().enumerate() {
            let traffic = of_durations[d].with(of_bitrates[b]).with(of_names);
            let pair = Pair { at: (d, b), traffic, ncp: duration.loss.ncp + bitrate.loss.ncp };
            let better = bests.last().is_none_or(|best: &Pair| {
                pair.traffic.compare(&best.traffic).then(pair.ncp.total_cmp(&best.ncp)).is_lt()
            });
            if dead[d * rates + b] || !better {
                continue;
            }
            let broken = ask.breaches(space, pair.at);
            asked += 1;
            done();
            if broken.is_empty() {
                bests.push(pair);
            } else if broken.iter().any(|breach| breach.monotone) {
                for &fine in &finer_durations[d] {
                    finer_rates[b].iter().for_each(|&rate| dead[fine * rates + rate] = true);
                }
            }
        }
    }
    Ok((bests, asked))
}
