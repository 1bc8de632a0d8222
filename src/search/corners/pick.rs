//! Which boxes: greedily, the one that relieves the broken limits most for its loss.

use super::super::breach::{breaches, thresholds};
use super::super::recommend::budgets;
use super::cells::{Cell, Joint};
use super::region::{Dense, Region};
use super::relief::Relief;
use crate::anonymity::{Measures, Tally};
use crate::classes::{Cells, Class, Classes, Corner, KindShare, Visit};
use crate::policy::Limits;

/// The most sparse joint buckets that boxes are looked for.
const MOST_SPARSE: usize = 4_096;

/// At most `most` boxes with which every limit holds, the class `other` among the classes that it counts.
///
/// A joint bucket is *sparse* where it bears a part of a limit that is broken: exposed, held by one title, or guessed
/// better than allowed. Around each, by falling relief, a box is grown that holds sparse and empty ones alone. Then the
/// box with the most relief for the loss of its files is taken until every limit holds, and those taken are given back
/// one by one, the dearest first, as far as the limits still hold. Where `most` boxes aren't enough this way, the boxes
/// with the most relief are taken, whatever their loss. `None` where that fails too.
pub fn pick(cells: &Cells<'_>, joint: &Joint<'_>, limits: &Limits, most: usize) -> Option<Vec<Corner>> {
    let picking = Picking::of(cells, joint, limits)?;
    let by_loss = |relief: f64, cost: f64| relief / cost.max(f64::MIN_POSITIVE);
    let by_relief = |relief: f64, _: f64| relief;
    let taken = picking.take(most, &by_loss).or_else(|| picking.take(most, &by_relief))?;
    let kept = picking.give_back(taken);
    Some(kept.iter().map(|&at| picking.boxes[at].0.corner(joint, cells.catalogue())).collect())
}

struct Picking<'p, 'a, 'g> {
    cells: &'p Cells<'a>,
    joint: &'p Joint<'g>,
    limits: &'p Limits,
    relief: Relief,
    /// Each box with the sparse cells in it.
    boxes: Vec<(Region, Vec<usize>)>,
}

impl<'p, 'a, 'g> Picking<'p, 'a, 'g> {
    fn of(cells: &'p Cells<'a>, joint: &'p Joint<'g>, limits: &'p Limits) -> Option<Self> {
        let catalogue = cells.catalogue();
        let relief = Relief::of(limits, catalogue);
        let excess = relief.excess(joint.cells.iter());
        // A list of values parts them by `|`, so a name with one can't be written.
        let columns = joint.generalization.by.iter().filter_map(|&field| catalogue.side(field));
        let writable: Vec<Vec<bool>> = columns
            .map(|column| {
                let names = column.names().iter().map(|name| !name.is_empty() && !name.contains('|'));
                names.chain([true]).collect()
            })
            .collect();
        let can_be_named = |cell: &Cell| {
            let values = joint.combinations[cell.at[0]].iter();
            values.zip(&writable).all(|(&value, writable)| writable[value])
        };
        let score = |cell: &Cell| if can_be_named(cell) { relief.of_cell(&excess, cell) } else { 0.0 };
        let scores: Vec<f64> = joint.cells.iter().map(score).collect();
        let sparse: Vec<bool> = scores.iter().map(|&score| score > 0.0).collect();
        let mut seeds: Vec<usize> = (0..scores.len()).filter(|&at| sparse[at]).collect();
        if seeds.is_empty() || seeds.len() > MOST_SPARSE {
            return None;
        }
        seeds.sort_by(|&a, &b| {
            scores[b].total_cmp(&scores[a]).then(joint.cells[a].at.cmp(&joint.cells[b].at))
        });
        let dense = Dense::of(joint, &sparse);
        let mut boxes: Vec<(Region, Vec<usize>)> = Vec::new();
        let mut covered = vec![false; joint.cells.len()];
        for &seed in &seeds {
            if covered[seed] {
                continue;
            }
            let region = dense.grow(joint.cells[seed].at, &writable);
            // Everything is no box.
            if region.corner(joint, catalogue) == Corner::default() {
                continue;
            }
            let inside: Vec<usize> =
                seeds.iter().copied().filter(|&at| region.holds(joint, joint.cells[at].at)).collect();
            inside.iter().for_each(|&at| covered[at] = true);
            boxes.push((region, inside));
        }
        Some(Self { cells, joint, limits, relief, boxes })
    }

    /// Which cells lie in any of these boxes.
    fn gone(&self, taken: &[usize]) -> Vec<bool> {
        let mut gone = vec![false; self.joint.cells.len()];
        taken.iter().flat_map(|&at| &self.boxes[at].1).for_each(|&cell| gone[cell] = true);
        gone
    }

    /// The class of the files that leave as `other`.
    fn other(&self, gone: &[bool]) -> Option<Cell> {
        let files = self.joint.cell_of.iter().enumerate().filter(|(_, cell)| gone[**cell as usize]);
        let files: Vec<u32> = files.map(|(file, _)| file as u32).collect();
        let mut found = Only { kinds: self.cells.catalogue().kind().levels(), cell: None };
        Classes::of_files(self.cells.catalogue(), files).visit(&mut found);
        found.cell
    }

    /// Whether every limit holds with the classes that stay and with `other`.
    fn holds(&self, gone: &[bool], other: Option<&Cell>) -> bool {
        let catalogue = self.cells.catalogue();
        let mut tally = Tally::new(thresholds(self.limits), catalogue.kind().levels());
        let stay = self.joint.cells.iter().zip(gone).filter(|(_, gone)| !**gone).map(|(cell, _)| cell);
        stay.chain(other).for_each(|cell| tally.class(&cell.class, &cell.kinds));
        breaches(self.limits, &Measures::of(tally, catalogue, &budgets(self.limits))).is_empty()
    }

    fn take(&self, most: usize, score: &dyn Fn(f64, f64) -> f64) -> Option<Vec<usize>> {
        let cells = &self.joint.cells;
        let mut taken: Vec<usize> = Vec::new();
        loop {
            let gone = self.gone(&taken);
            let other = self.other(&gone);
            if self.holds(&gone, other.as_ref()) {
                return Some(taken);
            }
            if taken.len() >= most {
                return None;
            }
            let stay = cells.iter().zip(&gone).filter(|(_, gone)| !**gone).map(|(cell, _)| cell);
            let excess = self.relief.excess(stay.chain(&other));
            let mut best: Option<(f64, usize)> = None;
            for (at, (_, inside)) in self.boxes.iter().enumerate() {
                let fresh = || inside.iter().filter(|&&cell| !gone[cell]).map(|&cell| &cells[cell]);
                let relief: f64 = fresh().map(|cell| self.relief.of_cell(&excess, cell)).sum();
                let score = score(relief, fresh().map(|cell| cell.cost).sum());
                if relief > 0.0 && best.is_none_or(|(most, _)| score > most) {
                    best = Some((score, at));
                }
            }
            taken.push(best?.1);
        }
    }

    fn give_back(&self, mut taken: Vec<usize>) -> Vec<usize> {
        let cost = |at: usize| self.boxes[at].1.iter().map(|&cell| self.joint.cells[cell].cost).sum::<f64>();
        let mut dearest = taken.clone();
        dearest.sort_by(|&a, &b| cost(b).total_cmp(&cost(a)).then(a.cmp(&b)));
        for at in dearest {
            let fewer: Vec<usize> = taken.iter().copied().filter(|&other| other != at).collect();
            let gone = self.gone(&fewer);
            if self.holds(&gone, self.other(&gone).as_ref()) {
                taken = fewer;
            }
        }
        taken
    }
}

/// Keeps the one class that it is shown.
struct Only {
    kinds: usize,
    cell: Option<Cell>,
}

impl Visit for Only {
    fn class(&mut self, class: &Class, kinds: &[KindShare]) {
        self.cell = Some(Cell { class: *class, kinds: kinds.to_vec(), at: [0; 3], cost: 0.0 });
    }

    fn single(&mut self, weight: u64, kind: usize) {
        let mut kinds = vec![KindShare::default(); self.kinds];
        kinds[kind] = KindShare { files: 1, best_titles: 1 };
        self.class(&Class::of_one(weight), &kinds);
    }
}
