//! A lower bound for both axes together: every bit-rate bucket may choose duration edges of its own, at a price.
//!
//! The loss of the duration is a sum over the cells (bit-rate atom x duration atom). Each cell bears a *mass* of it,
//! at first its own files; whatever the masses, as long as those of one duration atom add up to its files, the total
//! over the buckets of a true choice is the same. Letting every bit-rate bucket choose its own duration edges for its
//! own mass, and paying for the budgets at fixed prices instead of keeping them, can only lower the least total: that
//! is Lagrangian decomposition (Guignard and Kim 1987). Both masses and prices are moved by a subgradient ascent.
//!
//! It needs no law of coarsening, so it also holds for limits that coarsening can break.

use rayon::prelude::*;

use super::arcs::Arcs;
use super::joint::Joint;

/// Prices and masses, and the bound that they yield.
#[derive(Clone, Debug)]
pub(super) struct Dual {
    /// Price of one unit of each budget, at least 0.
    pub prices: Vec<f64>,
    /// By bit-rate atom and duration atom.
    mass: Vec<Vec<f64>>,
}

/// What follows from prices and masses.
#[derive(Debug)]
pub(super) struct Priced {
    /// By bit-rate arc: the price of every duration arc there.
    pub rows: Vec<Vec<f64>>,
    /// Of the files without a bit rate.
    pub missing: Vec<f64>,
    /// The least total of every bit-rate arc alone, loss of the bit rate included.
    pub least: Vec<f64>,
    /// The least total from every bit-rate place on, the missing row and the budgets aside.
    pub to_go: Vec<f64>,
    /// What the budgets are worth.
    pub spent: f64,
    /// No choice that cuts the bit rate and keeps the budgets loses less, side fields aside.
    pub bound: f64,
}

/// Steps of the ascent.
const STEPS: usize = 240;

impl Dual {
    /// The files themselves as masses.
    pub fn new(joint: &Joint, prices: Vec<f64>) -> Self {
        let mass = joint.counts.iter().map(|atoms| atoms.iter().map(|&n| f64::from(n)).collect()).collect();
        Self { prices, mass }
    }

    /// The prices of every arc of a row whose masses these are, summed from the left.
    fn row(&self, joint: &Joint, mass: &[f64], uses: &[u64]) -> Vec<f64> {
        let m = self.prices.len();
        let mut below = vec![0.0; mass.len() + 1];
        (0..mass.len()).for_each(|t| below[t + 1] = below[t] + mass[t]);
        let price = |(arc, (from, to)): (usize, (usize, usize))| {
            let used = uses[arc * m..][..m].iter().zip(&self.prices);
            let priced: f64 = used.map(|(&uses, price)| price * uses as f64).sum();
            joint.durations.of_one[arc] * (below[to] - below[from]) + priced
        };
        joint.duration_arcs.all().enumerate().map(price).collect()
    }

    fn mass_of(&self, (from, to): (usize, usize)) -> Vec<f64> {
        let mut sum = vec![0.0; self.mass[0].len()];
        for atoms in &self.mass[from..to] {
            sum.iter_mut().zip(atoms).for_each(|(sum, mass)| *sum += mass);
        }
        sum
    }

    /// O(bit-rate places^2 x duration places^2).
    pub fn priced(&self, joint: &Joint) -> Priced {
        let arcs: Vec<_> = joint.bitrate_arcs.all().collect();
        let rows: Vec<(Vec<f64>, f64)> = arcs
            .par_iter()
            .zip(&joint.rows)
            .map(|(&arc, uses)| {
                let row = self.row(joint, &self.mass_of(arc), uses);
                let least = joint.duration_arcs.least(&row, &mut Vec::new());
                (row, least)
            })
            .collect();
        let least: Vec<f64> =
            rows.iter().zip(&joint.bitrates.of).map(|((_, row), loss)| row + loss).collect();
        let to_go = joint.bitrate_arcs.to_go(|arc| least[arc]);
        let missing =
            joint.missing.as_ref().map(|uses| self.row(joint, &self.mass[self.mass.len() - 1], uses));
        let missing = missing.unwrap_or_else(|| vec![0.0; joint.duration_arcs.count()]);
        let spent =
            self.prices.iter().zip(&joint.budgets).map(|(price, &most)| price * most as f64).sum::<f64>();
        let bound = to_go[0] + joint.duration_arcs.least(&missing, &mut Vec::new()) - spent;
        Priced { rows: rows.into_iter().map(|(row, _)| row).collect(), missing, least, to_go, spent, bound }
    }

    /// Raises the bound towards a target, the loss of the best choice known. Returns the best, never a worse one.
    pub fn ascend(self, joint: &Joint, target: f64) -> (Self, Priced) {
        let mut now = self;
        let first = now.priced(joint);
        let mut best = (now.clone(), first);
        let (mut pace, mut stale) = (1.0, 0);
        let mut current: Option<Priced> = None;
        for _ in 0..STEPS {
            let at = current.as_ref().unwrap_or(&best.1);
            let slope = Slope::at(joint, &now, at);
            let norm = slope.norm(joint, &now);
            if norm == 0.0 || best.1.bound >= target {
                break;
            }
            let step = pace * (target - at.bound).max(0.0) / norm;
            slope.climb(joint, &mut now, step);
            let next = now.priced(joint);
            if next.bound > best.1.bound {
                stale = 0;
                best = (now.clone(), next);
                current = None;
            } else {
                stale += 1;
                current = Some(next);
                if stale >= 5 {
                    (pace, stale) = (pace * 0.6, 0);
                    now = best.0.clone();
                    current = None;
                }
            }
        }
        best
    }
}

/// A subgradient.
struct Slope {
    /// Overdraft of each budget, as a share of it.
    over: Vec<f64>,
    /// By atoms: how much more the cell's bucket costs than those of the other cells of its duration atom.
    mass: Vec<Vec<f64>>,
}

/// How much faster prices move than masses: there are few of them, and each matters to all cells.
const FASTER: f64 = 20.0;

fn scale(budget: u64) -> f64 {
    budget.max(1) as f64
}

impl Slope {
    fn at(joint: &Joint, dual: &Dual, priced: &Priced) -> Self {
        let m = dual.prices.len();
        let mut used: Vec<f64> = joint.budgets.iter().map(|&most| -(most as f64)).collect();
        let mut cost = vec![vec![0.0; dual.mass[0].len()]; dual.mass.len()];
        let one = 1.0 / (joint.weights.duration.max(f64::MIN_POSITIVE));
        let files = joint.counts.iter().flatten().map(|&n| f64::from(n)).sum::<f64>();
        let mut follow = |row: &[f64], uses: &[u64], atoms: std::ops::Range<usize>| {
            let arcs: Arcs = joint.duration_arcs;
            let to_go = arcs.to_go(|arc| row[arc]);
            for step in arcs.walk(|arc| row[arc], &to_go).windows(2) {
                let arc = arcs.at(step[0], step[1]);
                used.iter_mut().zip(&uses[arc * m..]).for_each(|(sum, &uses)| *sum += uses as f64);
                let ncp = joint.durations.of_one[arc] * files * one;
                for atom in atoms.clone() {
                    cost[atom][step[0]..step[1]].fill(ncp);
                }
            }
        };
        let path = joint.bitrate_arcs.walk(|arc| priced.least[arc], &priced.to_go);
        for step in path.windows(2) {
            let arc = joint.bitrate_arcs.at(step[0], step[1]);
            follow(&priced.rows[arc], &joint.rows[arc], step[0]..step[1]);
        }
        let mut atoms = dual.mass.len() - 1;
        if let Some(missing) = &joint.missing {
            follow(&priced.missing, missing, atoms..atoms + 1);
            atoms += 1;
        }
        for t in 0..dual.mass[0].len() {
            let mean = cost[..atoms].iter().map(|row| row[t]).sum::<f64>() / atoms as f64;
            cost[..atoms].iter_mut().for_each(|row| row[t] -= mean);
        }
        let over = used.iter().zip(&joint.budgets).map(|(used, &most)| used / scale(most)).collect();
        Self { over, mass: cost }
    }

    /// The squared length, in the scaled steps of [`Slope::climb`].
    fn norm(&self, joint: &Joint, dual: &Dual) -> f64 {
        let free = self.over.iter().zip(&dual.prices).filter(|(over, price)| **over > 0.0 || **price > 0.0);
        let weight = joint.weights.duration;
        FASTER * free.map(|(over, _)| over * over).sum::<f64>()
            + weight * self.mass.iter().flatten().map(|g| g * g).sum::<f64>()
    }

    fn climb(&self, joint: &Joint, dual: &mut Dual, step: f64) {
        for ((price, over), &most) in dual.prices.iter_mut().zip(&self.over).zip(&joint.budgets) {
            *price = (*price + FASTER * step * over / scale(most)).max(0.0);
        }
        // A share of the files as mass is worth the weight of the duration.
        let files = joint.counts.iter().flatten().map(|&n| f64::from(n)).sum::<f64>();
        for (masses, slopes) in dual.mass.iter_mut().zip(&self.mass) {
            masses.iter_mut().zip(slopes).for_each(|(mass, slope)| *mass += step * files * slope);
        }
    }
}
