//! Linking the servers of two periods by outputs that each play drew anew.
//!
//! Equal outputs of two periods need not be of one file. What can be known of an output is how likely each *place* is behind
//! it, values that draw alike: its posterior under the prior by which servers play. Two outputs y and z then have in common
//! the sum, over places d, of `P(d | y) P(d | z) w(d)`, and two ways of scoring differ in w alone ([`Score`]).
//!
//! Memoized draws need none of this: a file leaves the same each time, so that its output is a value like any other, and
//! [`matches()`](crate::attack::library::matches) links it.
//!
//! # Laws
//! - `stochastic:1ms` after any rounding: expected matches are the matches of that rounding.
//! - Values that all draw alike link nobody: every server scores what its number of outputs gives.

use rayon::prelude::*;
use serde::Serialize;

use super::outputs::Output;
use super::placed::Placed;
use super::{MOST_TERMS, Through, TooFine};
use crate::attack::Prior;
use crate::attack::channel::Channel;
use crate::attack::heaviest::Sums;
use crate::attack::library::Match;
use crate::attack::library::periods::stands_out;

/// The share of a server's outputs that the likelihood takes to repeat a place of the other period; the rest are of any.
/// Assumed, as nobody has measured it.
pub const REPEATED: f64 = 0.5;

/// What outputs add to scores, one number of an output and a server each, at most: some hundred MB.
const MOST_KEPT: u64 = 1 << 25;

/// How a server of the first period is scored for one of the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Score {
    /// Equal outputs, as [`matches()`](crate::attack::library::matches) scores values.
    EqualOutputs,
    /// Expected matches: the sum, over pairs of an output of each, of the chance that both are of one place, worth
    /// 1 / log2(1 + support), the support being how many outputs of the first period are expected to be of the place.
    ExpectedMatches,
    /// The log likelihood ratio: the sum, over outputs of the second, of `ln(1 - r + r m)`. r is [`REPEATED`], and m by how
    /// much likelier the output is of the places behind one of the first server's outputs than of any play.
    Likelihood,
}

/// A place of a part: a value there, and the weight of its files.
struct Likely {
    value: u64,
    weight: f64,
}

/// For each server of the second period the best match of the first, both given as distinct outputs, rising; scored by
/// expected matches, or by likelihood. `None` where the first period has no server, or for
/// [`Score::EqualOutputs`], which needs no channel. The same on any number of threads.
///
/// O(files log files + pairs of near outputs x places behind them + servers x (outputs x holders)).
///
/// # Errors
/// [`TooFine`].
///
/// # Panics
/// Where an output has a part that the channel has not.
pub fn drawn_matches(
    through: &Through<'_>,
    first: &[Vec<Output>],
    second: &[Vec<Output>],
    score: Score,
    prior: Prior,
) -> Result<Option<Vec<Match>>, TooFine> {
    if first.is_empty() || score == Score::EqualOutputs {
        return Ok(None);
    }
    let behind = Behind::of(through, prior);
    let mut held: Vec<(Output, u32)> = Vec::new();
    for (server, outputs) in (0..).zip(first) {
        held.extend(outputs.iter().map(|&output| (output, server)));
    }
    held.par_sort_unstable();
    let of_first: Vec<(Output, &[(Output, u32)])> =
        held.chunk_by(|a, b| a.0 == b.0).map(|same| (same[0].0, same)).collect();
    let mut of_second: Vec<Output> = second.iter().flatten().copied().collect();
    of_second.par_sort_unstable();
    of_second.dedup();
    // Outputs of the first period that may have a place in common with one of the second.
    let near = |output: Output| {
        let [low, high] = behind.near(output);
        of_first.partition_point(|of| of.0 < low)..of_first.partition_point(|of| of.0 <= high)
    };
    let (mut terms, mut kept) = (0u64, 0u64);
    for &output in &of_second {
        let near = near(output);
        terms = terms.saturating_add(near.len() as u64 * (behind.places(output).len() as u64 + 1));
        let holders = of_first[near].iter().map(|of| of.1.len()).sum::<usize>();
        kept = kept.saturating_add(holders.min(first.len()) as u64);
    }
    if terms > MOST_TERMS || kept > MOST_KEPT {
        return Err(TooFine { terms: terms.max(MOST_TERMS + 1), most: MOST_TERMS });
    }
    let posteriors: Vec<Vec<f64>> = of_first.par_iter().map(|of| behind.posterior(of.0)).collect();
    let worth = behind.worth(score, &of_first, &posteriors);
    let sizes: Vec<f64> = first.iter().map(|outputs| outputs.len() as f64).collect();
    // What each output of the second period adds to servers of the first.
    let adds = |sums: &mut Sums, &output: &Output| {
        let part = output.0;
        let places = behind.places(output);
        let mut common = behind.posterior(output);
        common
            .iter_mut()
            .zip(places.clone())
            .for_each(|(common, place)| *common *= worth[part as usize][place]);
        let near = near(output);
        for ((other, holders), posterior) in of_first[near.clone()].iter().zip(&posteriors[near]) {
            let others = behind.places(*other);
            let (start, end) = (places.start.max(others.start), places.end.min(others.end));
            if start >= end {
                continue;
            }
            let pairs = common[start - places.start..end - places.start].iter();
            let shared: f64 =
                pairs.zip(&posterior[start - others.start..end - others.start]).map(|(a, b)| a * b).sum();
            holders.iter().for_each(|&(_, server)| sums.add(server, shared));
        }
        let mut adds = sums.take();
        if score == Score::Likelihood {
            for (server, shared) in &mut adds {
                let times = *shared / sizes[*server as usize];
                *shared = libm::log(1.0 - REPEATED + REPEATED * times) - libm::log(1.0 - REPEATED);
            }
        }
        adds
    };
    let adds: Vec<Vec<(u32, f64)>> = of_second.par_iter().map_init(|| Sums::new(first.len()), adds).collect();
    let of_server = |scores: &mut Vec<f64>, outputs: &Vec<Output>| {
        scores.fill(0.0);
        for output in outputs {
            let Ok(place) = of_second.binary_search(output) else { continue };
            adds[place].iter().for_each(|&(server, add)| scores[server as usize] += add);
        }
        stands_out(scores)
    };
    Ok(Some(second.par_iter().map_init(|| vec![0.0; first.len()], of_server).collect()))
}

/// What may be behind outputs, part by part.
struct Behind<'t, 'a> {
    through: &'t Through<'a>,
    parts: Vec<Placed<Likely>>,
}

impl<'t, 'a> Behind<'t, 'a> {
    fn of(through: &'t Through<'a>, prior: Prior) -> Self {
        let placed = |part: &super::Part| {
            let weight = |&file: &u32| prior.weight(through.catalogue(), file as usize);
            let value = |file: &u32| through.values()[*file as usize];
            let mut files: Vec<(i64, u64, u64)> = part
                .files
                .iter()
                .map(|file| (part.channel.place(value(file)), value(file), weight(file)))
                .collect();
            files.sort_unstable();
            let likely = |same: &[(i64, u64, u64)]| Likely {
                value: same[0].1,
                weight: same.iter().map(|&(.., weight)| weight as f64).sum(),
            };
            let places = files.chunk_by(|a, b| a.0 == b.0).map(likely).collect();
            let spread = through.spread(part, true, |file| file, |_| 1);
            Placed::new(spread, places, |likely: &Likely| part.channel.place(likely.value))
        };
        Self { through, parts: through.parts().par_iter().map(placed).collect() }
    }

    /// The places that an output is likely of, one thing each.
    fn places(&self, (part, output): Output) -> std::ops::Range<usize> {
        self.parts[part as usize].spread.likely(output)
    }

    /// The least and the most output that may have a place in common with it.
    fn near(&self, (part, output): Output) -> [Output; 2] {
        let reach = match self.through.parts()[part as usize].channel {
            // Of a value, two multiples next to each other.
            Channel::Stochastic(_) => 1,
            Channel::Noise(_) | Channel::Response(_) => i64::MAX,
        };
        [output.saturating_sub(reach), output.saturating_add(reach)].map(|output| (part, output))
    }

    /// How likely each of those is behind it.
    fn posterior(&self, (part, output): Output) -> Vec<f64> {
        let channel = self.through.parts()[part as usize].channel;
        let likely = self.parts[part as usize].likely(output).iter();
        let mut chances: Vec<f64> =
            likely.map(|place| place.weight * channel.probability(place.value, output)).collect();
        let all: f64 = chances.iter().sum();
        if all > 0.0 {
            chances.iter_mut().for_each(|chance| *chance /= all);
        }
        chances
    }

    /// What a match at each place of each part is worth.
    fn worth(
        &self,
        score: Score,
        of_first: &[(Output, &[(Output, u32)])],
        posteriors: &[Vec<f64>],
    ) -> Vec<Vec<f64>> {
        let weights = |placed: &Placed<Likely>| placed.items.iter().map(|place| place.weight).collect();
        let mut worth: Vec<Vec<f64>> = self.parts.iter().map(weights).collect();
        if score == Score::Likelihood {
            let all: f64 = worth.iter().flatten().sum();
            // What is never played is behind no output.
            let of = |weight: f64| if weight > 0.0 { all / weight } else { 0.0 };
            worth.iter_mut().flatten().for_each(|worth| *worth = of(*worth));
            return worth;
        }
        worth.iter_mut().for_each(|part| part.fill(0.0));
        for ((output, holders), posterior) in of_first.iter().zip(posteriors) {
            let support = &mut worth[output.0 as usize][self.places(*output)];
            support
                .iter_mut()
                .zip(posterior)
                .for_each(|(support, chance)| *support += holders.len() as f64 * chance);
        }
        // Without support nothing of the first period is there to be matched.
        let of = |support: f64| if support > 0.0 { 1.0 / libm::log2(1.0 + support) } else { 0.0 };
        worth.iter_mut().flatten().for_each(|worth| *worth = of(*worth));
        worth
    }
}
