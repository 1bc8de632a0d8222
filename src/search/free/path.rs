//! The exact one-dimensional step: the least loss of a path over places that overdraws no budget.
//!
//! A shortest path under several budgets, by labels with dominance (Desrochers and Soumis 1988; Irnich and
//! Desaulniers 2005). A label is dropped where another at its place is no worse in loss and every budget, where no
//! completion keeps a budget, or where no completion can beat the cutoff. The last is judged by the loss to go alone
//! and by the loss with the budgets priced (the Lagrangian), whose prices a subgradient ascent finds first; paths that
//! the ascent meets on its way and that keep the budgets lower the cutoff. All of these are exact.
//!
//! Labels can be very many. Past a fixed number of them the step ends with the best path met and the priced bound, and
//! says that it is not exact.

use super::arcs::Arcs;

/// One axis, the other being fixed.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub arcs: Arcs,
    /// Loss of every arc; infinite where it may not be used.
    pub loss: Vec<f64>,
    /// What every arc uses of each budget.
    pub uses: Vec<u64>,
    /// The budgets.
    pub budgets: Vec<u64>,
}

/// The least loss that keeps the budgets.
#[derive(Clone, Debug)]
pub(super) struct Solved {
    pub loss: f64,
    pub path: Vec<usize>,
}

/// How a step ended.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The best path met below the cutoff.
    pub best: Option<Solved>,
    /// No path that keeps the budgets loses less, unless it is the best or loses no less than the cutoff. Infinite
    /// where the step is exact.
    pub bound: f64,
}

/// Losses closer than this count as equal: far above the rounding of a sum, far below what anybody reads.
pub(super) const TINY: f64 = 1e-13;

impl Problem {
    pub(super) fn uses(&self, arc: usize) -> &[u64] {
        &self.uses[arc * self.budgets.len()..][..self.budgets.len()]
    }

    /// What a path uses, and its loss.
    pub(super) fn of(&self, path: &[usize]) -> (f64, Vec<u64>) {
        let (mut loss, mut used) = (0.0, vec![0; self.budgets.len()]);
        for step in path.windows(2) {
            let arc = self.arcs.at(step[0], step[1]);
            loss += self.loss[arc];
            used.iter_mut().zip(self.uses(arc)).for_each(|(sum, uses)| *sum += uses);
        }
        (loss, used)
    }

    /// The least loss below the cutoff, given prices to begin the ascent at; they are left at the best found.
    pub fn solve(&self, cutoff: f64, prices: &mut Vec<f64>) -> Step {
        let m = self.budgets.len();
        prices.resize(m, 0.0);
        let least: Vec<Vec<u64>> = (0..m).map(|k| self.least_uses(k)).collect();
        if least.iter().zip(&self.budgets).any(|(least, budget)| least[0] > *budget) {
            return Step { best: None, bound: f64::INFINITY };
        }
        let mut best = None;
        let (priced, bound) = self.ascend(cutoff, prices, &mut best);
        let cutoff = best.as_ref().map_or(cutoff, |found: &Solved| found.loss.min(cutoff));
        if bound >= cutoff - TINY {
            return Step { best, bound: f64::INFINITY };
        }
        match self.label(cutoff, &least, prices, &priced) {
            Some(found) => Step { best: found.or(best), bound: f64::INFINITY },
            None => Step { best, bound },
        }
    }

    /// The least use of a budget from every place on; over any budget where there is no way.
    fn least_uses(&self, k: usize) -> Vec<u64> {
        let last = self.arcs.0 - 1;
        let mut least = vec![u64::MAX; last + 1];
        least[last] = 0;
        for from in (0..last).rev() {
            for to in from + 1..=last {
                let arc = self.arcs.at(from, to);
                if self.loss[arc].is_finite() {
                    least[from] = least[from].min(self.uses(arc)[k].saturating_add(least[to]));
                }
            }
        }
        least
    }
}
