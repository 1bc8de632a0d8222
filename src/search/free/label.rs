//! Labels: what a beginning of a path has lost and used.

use super::path::{Problem, Solved, TINY};

/// Labels of one step, at most.
const MOST_LABELS: usize = 20_000;

#[derive(Clone, Copy)]
struct Label {
    loss: f64,
    place: u32,
    before: u32,
    uses: u32,
}

impl Problem {
    /// The best path below the cutoff, if any, place by place; `None` where that takes too many labels. `least` is the
    /// least use of each budget from every place on, `priced` the least loss from there on at the prices.
    pub(super) fn label(
        &self,
        cutoff: f64,
        least: &[Vec<u64>],
        prices: &[f64],
        priced: &[f64],
    ) -> Option<Option<Solved>> {
        let (m, last) = (self.budgets.len(), self.arcs.0 - 1);
        let to_go = self.arcs.to_go(|arc| self.loss[arc]);
        let spent: f64 = prices.iter().zip(&self.budgets).map(|(price, &budget)| price * budget as f64).sum();
        let mut used: Vec<u64> = vec![0; m];
        let mut labels = vec![Label { loss: 0.0, place: 0, before: u32::MAX, uses: 0 }];
        let mut at: Vec<Vec<u32>> = vec![Vec::new(); last + 1];
        at[0].push(0);
        for from in 0..last {
            let kept = undominated(&labels, &used, m, std::mem::take(&mut at[from]));
            for number in kept {
                if labels.len() > MOST_LABELS {
                    return None;
                }
                let label = labels[number as usize];
                let before: Vec<u64> = used[label.uses as usize..][..m].to_vec();
                'arcs: for to in from + 1..=last {
                    let arc = self.arcs.at(from, to);
                    let loss = label.loss + self.loss[arc];
                    if loss + to_go[to] >= cutoff - TINY {
                        continue;
                    }
                    let start = used.len();
                    let mut total = loss + priced[to] - spent;
                    for (k, uses) in self.uses(arc).iter().enumerate() {
                        let sum = before[k] + uses;
                        if sum.saturating_add(least[k][to]) > self.budgets[k] {
                            used.truncate(start);
                            continue 'arcs;
                        }
                        total += prices[k] * sum as f64;
                        used.push(sum);
                    }
                    if total >= cutoff - TINY {
                        used.truncate(start);
                        continue;
                    }
                    at[to].push(labels.len() as u32);
                    labels.push(Label { loss, place: to as u32, before: number, uses: start as u32 });
                }
            }
        }
        let best =
            at[last].iter().min_by(|&&a, &&b| labels[a as usize].loss.total_cmp(&labels[b as usize].loss));
        Some(best.map(|&number| {
            let mut label = labels[number as usize];
            let mut path = vec![label.place as usize];
            let loss = label.loss;
            while label.before != u32::MAX {
                label = labels[label.before as usize];
                path.push(label.place as usize);
            }
            path.reverse();
            Solved { loss, path }
        }))
    }
}

/// The labels that no other is at most equal to in loss and every use; of equal ones the first stays.
fn undominated(labels: &[Label], used: &[u64], m: usize, mut here: Vec<u32>) -> Vec<u32> {
    here.sort_by(|&a, &b| labels[a as usize].loss.total_cmp(&labels[b as usize].loss).then(a.cmp(&b)));
    let uses = |number: u32| &used[labels[number as usize].uses as usize..][..m];
    let mut kept: Vec<u32> = Vec::with_capacity(here.len());
    for number in here {
        let mine = uses(number);
        if !kept.iter().any(|&other| uses(other).iter().zip(mine).all(|(other, mine)| other <= mine)) {
            kept.push(number);
        }
    }
    kept
}
