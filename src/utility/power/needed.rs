//! How many plays it takes to find a fault with a probability of 0.8.

use std::collections::BTreeMap;

use super::hit::Hit;
use super::look::{Hits, Look};
use super::machine::Machine;
use super::result::{Amount, Needed};
use super::settings::PowerSettings;
use super::sums::Sums;
use super::tried::{outcomes, threshold};
use crate::catalogue::stream::stream;
use crate::utility::times::times;

/// The power that is asked for.
pub(super) const POWER: f64 = 0.8;
/// The most plays of an arm that are tried.
pub(super) const MOST_TRAFFIC: u64 = 1_000_000_000;
/// Amounts are tried in steps of the square root of 2, from 2^6 = 64 plays on.
const LEAST_STEP: i32 = 12;
/// 2^29.5 plays are the last step below the most.
const MOST_STEP: i32 = 59;
/// The |z| that a first guess takes for the threshold: about what a scan of some hundred runs has.
const GUESS: f64 = 4.2;
/// How many steps are tried beyond the crossing, for the interval, at most.
const BEYOND: i32 = 6;
/// Resamples of the replicas.
const RESAMPLES: u64 = 1_000;

/// Who found the fault at each amount of traffic that was tried: a bit per replica.
#[derive(Clone, Debug, Default)]
pub(super) struct Found(BTreeMap<i32, Vec<bool>>);

/// Thresholds at every fourth step: they hardly move with the traffic, so that between two the straight line is good enough.
#[derive(Default)]
struct Thresholds(BTreeMap<i32, f64>);

impl Thresholds {
    const APART: i32 = 4;

    fn at(&mut self, step: i32, machine: &Machine, settings: &PowerSettings) -> f64 {
        let before = step.div_euclid(Self::APART) * Self::APART;
        let mut calibrated =
            |step: i32| *self.0.entry(step).or_insert_with(|| threshold(machine, traffic_of(step), settings));
        let part = f64::from(step - before) / f64::from(Self::APART);
        let low = calibrated(before);
        if part == 0.0 { low } else { low + part * (calibrated(before + Self::APART) - low) }
    }
}

fn traffic_of(step: i32) -> f64 {
    libm::exp2(f64::from(step) / 2.0)
}

impl Found {
    /// Tries amounts of traffic until the power crosses [`POWER`], and on to both sides until a resample of the replicas
    /// hardly crosses elsewhere. O(steps tried x replicas x scan), the steps few where the first guess is good.
    pub(super) fn search(look: &Look<'_>, hits: &Hits, settings: &PowerSettings) -> Self {
        let mut found = Self::default();
        let mut thresholds = Thresholds::default();
        let mut power = |step: i32| {
            let tried = found.0.entry(step).or_insert_with(|| {
                let traffic = traffic_of(step);
                let threshold = thresholds.at(step, &look.machine, settings);
                let outcomes = outcomes(look, hits, traffic, threshold, settings);
                outcomes.into_iter().map(|outcome| outcome.found()).collect()
            });
            tried.iter().filter(|found| **found).count() as f64 / tried.len() as f64
        };
        let guess = guess(look, hits);
        let (mut below, mut above) = (guess, guess);
        while below > LEAST_STEP && power(below) >= POWER {
            below -= 1;
        }
        while above < MOST_STEP && power(above) < POWER {
            above += 1;
        }
        // Three standard deviations of a share of replicas.
        let margin = 3.0 * (POWER * (1.0 - POWER) / f64::from(settings.replicas)).sqrt();
        let least = (below - BEYOND).max(LEAST_STEP);
        while below > least && power(below) > POWER - margin {
            below -= 1;
        }
        let most = (above + BEYOND).min(MOST_STEP);
        while above < most && power(above) < POWER + margin {
            above += 1;
        }
        // Neither loop asks for a step at its own end.
        power(below);
        power(above);
        found
    }

    /// Where the power crosses, on the straight line over the logarithm of the traffic; `Err` of the most that was tried
    /// where it doesn't. At the least that was tried where it is passed already.
    fn crossing(&self, power: impl Fn(&[bool]) -> f64) -> Result<f64, f64> {
        let mut last: Option<(f64, f64)> = None;
        for (&step, found) in &self.0 {
            let (at, share) = (f64::from(step), power(found));
            if share >= POWER {
                let from = last
                    .map_or(at, |(before, less)| before + (at - before) * (POWER - less) / (share - less));
                return Ok(libm::exp2(from / 2.0));
            }
            last = Some((at, share));
        }
        Err(last.map_or(0.0, |(at, _)| libm::exp2(at / 2.0)))
    }

    /// Plays needed as they are and as released, with the intervals of both and of their ratio: the same resamples of the
    /// replicas for both, so that what raw and released plays share cancels. The thresholds are taken as they are.
    pub(super) fn needed(raw: &Self, released: &Self, settings: &PowerSettings) -> Needed {
        let plain = |found: &[bool]| share(found.iter().map(|&found| (found, 1)));
        let crossings = (raw.crossing(plain), released.crossing(plain));
        let mut draws: [Vec<f64>; 3] = Default::default();
        for resample in 0..RESAMPLES {
            let times =
                times(settings.replicas as usize, &mut stream(settings.seed, "power resample", resample));
            let drawn = |found: &[bool]| share(found.iter().copied().zip(times.iter().copied()));
            // Where a resample doesn't cross, the most that was tried.
            let [raw, released] =
                [raw, released].map(|found| found.crossing(drawn).unwrap_or_else(|most| most));
            for (draws, value) in draws.iter_mut().zip([raw, released, released / raw]) {
                draws.push(value);
            }
        }
        let [raws, releaseds, ratios] = draws;
        Needed {
            raw: amount(crossings.0, raws),
            released: amount(crossings.1, releaseds),
            ratio: match crossings {
                (Ok(raw), Ok(released)) => Some(amount(Ok(released / raw), ratios)),
                (Ok(raw), Err(most)) => Some(Amount::Over { value: most / raw }),
                (Err(_), _) => None,
            },
        }
    }
}

/// The share of replicas that found the fault, each counted so many times.
fn share(found: impl Iterator<Item = (bool, u32)>) -> f64 {
    let (found, all) = found.fold((0u64, 0u64), |(found, all), (hit, times)| {
        (found + u64::from(hit) * u64::from(times), all + u64::from(times))
    });
    found as f64 / all as f64
}

fn amount(crossing: Result<f64, f64>, mut draws: Vec<f64>) -> Amount {
    let Ok(value) = crossing else { return Amount::Over { value: crossing.unwrap_or_else(|most| most) } };
    draws.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| draws[(share * (draws.len() - 1) as f64).round() as usize];
    Amount::Is { value, from: at(0.025).min(value), to: at(0.975).max(value) }
}

/// The step by the normal approximation: what four of five faults need for themselves, each in the cells that hold any of its
/// plays.
fn guess(look: &Look<'_>, hits: &Hits) -> i32 {
    let machine = &look.machine;
    let strength = |hit: &Hit| {
        let (mut before, mut more) = (Sums::default(), Sums::default());
        for struck in &hit.cells {
            before += machine.sums[struck.cell];
            more += struck.more;
        }
        machine.response.square(before, before + more)
    };
    let mut strengths: Vec<f64> = hits.iter().map(strength).collect();
    strengths.sort_unstable_by(|a, b| b.total_cmp(a));
    let square = strengths[(POWER * (strengths.len() - 1) as f64) as usize];
    // A power of 0.8 needs z to lie 0.84 above the threshold.
    let plays = machine.plays * (GUESS + 0.84) * (GUESS + 0.84) / square;
    ((2.0 * libm::log2(plays)).round() as i32).clamp(LEAST_STEP, MOST_STEP)
}
