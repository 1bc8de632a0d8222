//! Budgets priced instead of kept: a bound on one axis, and paths that keep them by luck.

use super::path::{Problem, Solved, TINY};

/// Steps of the ascent.
const STEPS: usize = 40;

impl Problem {
    /// Raises the Lagrangian bound by its subgradient. Returns what is left to go at the best prices, priced, and the
    /// bound there; `best` becomes the best path met that keeps the budgets and lies below the cutoff.
    pub(super) fn ascend(
        &self,
        cutoff: f64,
        prices: &mut Vec<f64>,
        best: &mut Option<Solved>,
    ) -> (Vec<f64>, f64) {
        let scale: Vec<f64> = self.budgets.iter().map(|&budget| budget.max(1) as f64).collect();
        let (mut now, mut target, mut pace) = (prices.clone(), cutoff, 1.0);
        let mut found = (Vec::new(), f64::NEG_INFINITY);
        let mut stale = 0;
        for _ in 0..STEPS {
            let price = |arc: usize| {
                let priced = self.uses(arc).iter().zip(&now).map(|(&uses, price)| price * uses as f64);
                self.loss[arc] + priced.sum::<f64>()
            };
            let costs: Vec<f64> = (0..self.loss.len()).map(price).collect();
            let cost = |arc: usize| costs[arc];
            let to_go = self.arcs.to_go(cost);
            let spent: f64 =
                now.iter().zip(&self.budgets).map(|(price, &budget)| price * budget as f64).sum();
            let bound = to_go[0] - spent;
            let path = self.arcs.walk(cost, &to_go);
            let (loss, used) = self.of(&path);
            let keeps = used.iter().zip(&self.budgets).all(|(used, budget)| used <= budget);
            if keeps && loss < target - TINY {
                target = loss;
                *best = Some(Solved { loss, path });
            }
            if bound > found.1 {
                found = (to_go, bound);
                prices.clone_from(&now);
                stale = 0;
            } else {
                stale += 1;
                if stale >= 3 {
                    (pace, stale) = (pace * 0.5, 0);
                }
            }
            if found.1 >= target - TINY {
                break;
            }
            let over: Vec<f64> = (0..self.budgets.len())
                .map(|k| (used[k] as f64 - self.budgets[k] as f64) / scale[k])
                .map(|over| if over.is_finite() { over } else { 0.0 })
                .collect();
            let norm: f64 =
                over.iter().zip(&now).filter(|(g, p)| **g > 0.0 || **p > 0.0).map(|(g, _)| g * g).sum();
            if norm == 0.0 {
                break;
            }
            // Polyak's step towards the target, or towards twice the bound while there is none.
            let aim = if target.is_finite() { target } else { bound.abs() * 2.0 + 1e-3 };
            let step = pace * (aim - bound).max(TINY) / norm;
            for ((price, over), scale) in now.iter_mut().zip(&over).zip(&scale) {
                *price = (*price + step * over / scale).max(0.0);
            }
        }
        found
    }
}
