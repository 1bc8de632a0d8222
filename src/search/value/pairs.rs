//! The choice of both widths of a ping that carries both numbers.
//!
//! Too many pairs of roundings hold that refine none of each other for every pair to be asked every question. But a family of
//! faults looks at one number at most, so a table for each number tells what every pair costs those who look for them, and
//! the limits alone have to be asked pair by pair. The questions then judge between the pairs that came out best, and the one
//! of least distortion; and, as most questions look at one number as well, between the pairs that mix the widths of these.

use super::diagnosis::Parts;
use super::{Diagnosis, SearchError, Traffic, Worth};
use crate::classes::Cells;
use crate::policy::Limits;
use crate::rounding::Rounding;
use crate::search::breach::evaluate_for;
use crate::search::recommend::{AskLimits, recommend_of};
use crate::search::shape::PingShape;
use crate::search::space::{Answer, Ask, Choosable, Space};
use crate::search::{Found, PingChoice};
use crate::units::Dimension;

/// Pairs that the questions are asked of, beside the one of least distortion: the last that were the best so far.
const FINALISTS: usize = 4;

/// Pairs of a duration of one of these and a bit rate of another that the questions are asked of as well: those that hold at
/// the least cost to who looks for faults.
const MIXED: usize = 8;

/// Asks limits, and remembers who held them: each was the best so far.
struct Bests<'c, 'a> {
    limits: AskLimits<'c, 'a>,
    held: Vec<(usize, usize)>,
}

impl Ask for Bests<'_, '_> {
    fn ask(&mut self, space: &Space<'_>, at: (usize, usize), widths: f64, least: Option<f64>) -> Answer {
        let answer = self.limits.ask(space, at, widths, least);
        if answer.loss.is_some() {
            self.held.push(at);
        }
        answer
    }
}

/// A pair that the questions were asked of.
struct Judged {
    worth: Worth,
    distortion: f64,
    found: Found,
}

impl Judged {
    fn is_better_than(&self, other: &Self) -> bool {
        self.worth.compare(&other.worth).then(self.distortion.total_cmp(&other.distortion)).is_lt()
    }
}

/// The pair of most value among the finalists and what mixes them; where none holds, the nearest.
///
/// O(plays log plays + (durations + bit rates) x faults x places² + asked x files + finalists x questions x plays).
pub(super) fn choose(
    cells: &Cells<'_>,
    ping: &PingShape,
    space: &Space<'_>,
    limits: &Limits,
    (diagnosis, parts): (&Diagnosis<'_>, &Parts),
    done: &(dyn Fn() + Sync),
) -> Result<PingChoice, SearchError> {
    let least_distortion = recommend_of(cells, ping, space, limits, done);
    if !least_distortion.found.holds() {
        return Ok(least_distortion);
    }
    let ranks = ranks(ping, space, (diagnosis, parts))?;
    let rank = |(duration, bitrate): (usize, usize)| ranks[duration * space.bitrates.len() + bitrate] as f64;
    let mut bests = Bests { limits: AskLimits::new(cells, limits), held: Vec::new() };
    let walked = space.walk_by(&rank, &mut bests, None, done);
    let judge = |found: Found| {
        let evaluation = found.evaluation();
        let worth = diagnosis.worth_of((ping, &evaluation.generalization), parts)?;
        Ok::<_, SearchError>(Judged { worth, distortion: evaluation.distortion.total, found })
    };
    let evaluated = |at: (usize, usize)| Found::Holds(evaluate_for(cells, &space.at(at), limits));
    let mut finalists: Vec<(usize, usize)> = bests.held.iter().rev().take(FINALISTS).copied().collect();
    let mut best = judge(least_distortion.found.clone())?;
    let mut keep_better = |judged: Judged| {
        if judged.is_better_than(&best) {
            best = judged;
        }
    };
    for &at in &finalists {
        keep_better(judge(evaluated(at))?);
    }
    finalists.extend(space.place(&least_distortion.found.evaluation().generalization));
    let mut asked = least_distortion.asked + walked.asked;
    let mut ask_limits = AskLimits::new(cells, limits);
    let holds = |&at: &(usize, usize)| {
        asked += 1;
        ask_limits.breaches(space, at).is_empty()
    };
    for at in mixed(&finalists, &rank).into_iter().filter(holds).take(MIXED) {
        keep_better(judge(evaluated(at))?);
    }
    Ok(PingChoice { found: best.found, asked, ..least_distortion })
}

/// Every other pair of a duration and a bit rate of these, by rank.
fn mixed(pairs: &[(usize, usize)], rank: &dyn Fn((usize, usize)) -> f64) -> Vec<(usize, usize)> {
    let all =
        pairs.iter().flat_map(|&(duration, _)| pairs.iter().map(move |&(_, bitrate)| (duration, bitrate)));
    let mut mixed: Vec<(usize, usize)> = all.filter(|pair| !pairs.contains(pair)).collect();
    mixed.sort_by(|&a, &b| rank(a).total_cmp(&rank(b)));
    mixed.dedup();
    mixed
}

/// The rank of each pair, duration by duration, from the one on that costs the least those who look for faults; of equals the
/// one whose widths lose less.
fn ranks(
    ping: &PingShape,
    space: &Space<'_>,
    (diagnosis, parts): (&Diagnosis<'_>, &Parts),
) -> Result<Vec<usize>, SearchError> {
    let traffic = |number: Option<Dimension>, of: &[Choosable<'_>]| {
        let roundings: Vec<&Rounding> = of.iter().map(|choosable| choosable.rounding).collect();
        diagnosis.traffic_by((ping, &space.by), parts, number, &roundings)
    };
    let of_durations = traffic(Some(Dimension::Duration), &space.durations)?;
    let of_bitrates = traffic(Some(Dimension::Bitrate), &space.bitrates)?;
    // What looks at neither is the same of every pair, and still moves where a step of the ratio ends.
    let of_names = traffic(None, &[])?.into_iter().fold(Traffic::NOTHING, Traffic::with);
    let mut pairs: Vec<(Traffic, f64)> = Vec::new();
    for (duration, of_duration) in space.durations.iter().zip(&of_durations) {
        for (bitrate, of_bitrate) in space.bitrates.iter().zip(&of_bitrates) {
            let traffic = of_duration.with(*of_bitrate).with(of_names);
            pairs.push((traffic, duration.loss.ncp + bitrate.loss.ncp));
        }
    }
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by(|&a, &b| {
        let ((traffic, ncp), (other, others)) = (pairs[a], pairs[b]);
        traffic.compare(&other).then(ncp.total_cmp(&others))
    });
    let mut ranks = vec![0; pairs.len()];
    order.into_iter().enumerate().for_each(|(rank, pair)| ranks[pair] = rank);
    Ok(ranks)
}
