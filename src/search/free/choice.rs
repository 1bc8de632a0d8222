//! A choice of both, and how it is bettered: one axis at a time, each step exact, then by single bit-rate edges.

use super::joint::{Joint, Rates};
use super::path::TINY;

/// Edges of both axes that keep the budgets.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub rates: Rates,
    pub durations: Vec<usize>,
    /// Loss of both, side fields aside.
    pub loss: f64,
}

/// The best choice so far, and the prices at which budgets were last worth their while.
#[derive(Clone, Debug, Default)]
pub(super) struct Best {
    pub choice: Option<Choice>,
    pub prices: Vec<f64>,
}

impl Best {
    /// The loss to beat.
    pub fn loss(&self) -> f64 {
        self.choice.as_ref().map_or(f64::INFINITY, |choice| choice.loss)
    }

    /// Takes the best duration edges for that bit rate, where they beat the best so far.
    pub fn try_rates(&mut self, joint: &Joint, rates: Rates) -> bool {
        let mut prices = self.prices.clone();
        let found = for_rates(joint, rates, self.loss(), &mut prices).0;
        let better = found.is_some();
        if better {
            (self.choice, self.prices) = (found, prices);
        }
        better
    }

    /// Takes the best bit-rate edges for those duration edges, where they beat the best so far.
    fn try_durations(&mut self, joint: &Joint, durations: Vec<usize>) -> bool {
        let lost = joint.duration_loss(&durations);
        let mut prices = self.prices.clone();
        let solved =
            joint.bitrates_given(&durations).and_then(|p| p.solve(self.loss() - lost, &mut prices).best);
        let Some(solved) = solved else { return false };
        let rates = Rates::Cut(solved.path);
        let loss = joint.rate_loss(&rates) + lost;
        self.choice = Some(Choice { rates, durations, loss });
        true
    }

    /// Each axis in turn until neither gets better.
    fn alternate(&mut self, joint: &Joint) {
        while let Some(choice) = self.choice.clone() {
            let bettered = joint.cuts() && self.try_durations(joint, choice.durations);
            let Some(choice) = self.choice.clone() else { return };
            if !(bettered && self.try_rates(joint, choice.rates)) {
                return;
            }
        }
    }

    /// Takes the best duration edges where the bit rate is dropped, and returns a bound on others, infinite where they
    /// are the best.
    pub fn try_drop(&mut self, joint: &Joint) -> f64 {
        let (found, bound) = for_rates(joint, Rates::Drop, self.loss(), &mut self.prices);
        self.choice = found.or(self.choice.take());
        bound
    }

    /// Starts from bit rates and durations cut evenly from coarse to fine, and betters what holds.
    pub fn start(&mut self, joint: &Joint) {
        for stride in 1..=8 {
            let even =
                |places: usize| (0..places - 1).step_by(stride).chain([places - 1]).collect::<Vec<_>>();
            let mut one = Self { choice: None, prices: self.prices.clone() };
            if one.try_rates(joint, Rates::Cut(even(joint.bitrate_arcs.0)))
                || one.try_durations(joint, even(joint.duration_arcs.0))
            {
                one.alternate(joint);
            }
            if one.loss() < self.loss() - TINY {
                *self = one;
            }
        }
        while self.step(joint) {
            self.alternate(joint);
        }
    }

    /// One bit-rate edge more, less or elsewhere, where that is better; the first that is.
    fn step(&mut self, joint: &Joint) -> bool {
        let Some(Choice { rates: Rates::Cut(path), .. }) = self.choice.clone() else { return false };
        let last = joint.bitrate_arcs.0 - 1;
        let mut bettered = false;
        for place in 1..last {
            let mut other = path.clone();
            match other.binary_search(&place) {
                Ok(at) => _ = other.remove(at),
                Err(at) => other.insert(at, place),
            }
            bettered |= self.try_rates(joint, Rates::Cut(other));
            if path.contains(&place) {
                for moved in [place - 1, place + 1] {
                    let mut other: Vec<usize> = path.iter().copied().filter(|at| *at != place).collect();
                    if let Err(at) = other.binary_search(&moved) {
                        other.insert(at, moved);
                        bettered |= self.try_rates(joint, Rates::Cut(other));
                    }
                }
            }
        }
        bettered
    }
}

/// The best duration edges for that bit rate, where both together lose less than the cutoff, and a bound on others:
/// infinite where the step is exact.
pub(super) fn for_rates(
    joint: &Joint,
    rates: Rates,
    cutoff: f64,
    prices: &mut Vec<f64>,
) -> (Option<Choice>, f64) {
    if matches!(&rates, Rates::Cut(path) if path.len() < 3) {
        return (None, f64::INFINITY);
    }
    let lost = joint.rate_loss(&rates);
    let step = joint.durations_given(&rates).solve(cutoff - lost, prices);
    let choice = step.best.map(|found| Choice { rates, durations: found.path, loss: lost + found.loss });
    (choice, lost + step.bound)
}
