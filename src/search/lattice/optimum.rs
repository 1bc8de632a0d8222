//! The least loss on a lattice: by looking everywhere, and by leaving out what can't be it.

use super::{Lattice, Levels};

/// The node with the least loss among those that hold; of equal ones the first in the lattice's numbering.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimum {
    /// Its levels.
    pub levels: Levels,
    /// Its loss.
    pub loss: f64,
}

/// What asking a node tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    /// Whether it holds.
    pub(super) holds: bool,
    /// Its loss.
    pub(super) loss: f64,
    /// Whether this proves that no finer node holds.
    pub(super) none_finer: bool,
    /// No finer node loses less than this.
    pub(super) finer_at_least: f64,
    /// No coarser node loses less than this.
    pub(super) coarser_at_least: f64,
}

/// What is known of a node's loss before it is asked.
#[derive(Clone, Copy, Debug)]
pub(super) enum Known {
    /// The loss itself.
    Loss(f64),
    /// A lower bound on it.
    AtLeast(f64),
}

impl Known {
    fn at_least(self) -> f64 {
        match self {
            Self::Loss(loss) | Self::AtLeast(loss) => loss,
        }
    }
}

/// Asks as few nodes as the proofs allow, and tells the optimum with how many were asked.
///
/// Whatever `known` and `ask` claim must be true of the lattice: then the result is that of asking every node. Only
/// what loses strictly more than the best is left out for its loss, so that of equal nodes the first is found as
/// well.
///
/// First a greedy descent from the top to a node that holds, for a good bound. Then, where the losses are known, the
/// rest from the top: a node that doesn't hold rules out the most there. Where they are not, in an order that is
/// spread over the lattice, so that early nodes rule out coarser and finer ones alike: on Adult a fifth to a half of
/// what asking height by height from the middle takes.
pub(super) fn pruned<E>(
    lattice: &Lattice,
    known: impl Fn(&[usize]) -> Known,
    ask: impl FnMut(&[usize]) -> Result<Answer, E>,
) -> Result<(Option<Optimum>, u64), E> {
    let known: Vec<Known> = (0..lattice.nodes()).map(|index| known(&lattice.levels(index))).collect();
    let all_known = known.iter().all(|known| matches!(known, Known::Loss(_)));
    let flags = || vec![false; lattice.nodes()];
    let known = known.into_iter().map(Known::at_least).collect();
    let mut search = Search {
        lattice,
        known,
        ask,
        best: None,
        out: [flags(), flags()],
        asked: flags(),
        bounds: Vec::new(),
    };
    let top = lattice.nodes() - 1;
    let mut here = search.try_node(top)?.then_some(top);
    while let Some(index) = here.take() {
        let mut finer: Vec<usize> = lattice.finer(index).collect();
        finer.sort_by(|&a, &b| search.known[a].total_cmp(&search.known[b]));
        for next in finer {
            if search.try_node(next)? {
                here = Some(next);
                break;
            }
        }
    }
    let rest = if all_known { lattice.highest_first() } else { lattice.spread() };
    for index in rest {
        search.try_node(index)?;
    }
    let asked = search.asked.iter().filter(|asked| **asked).count() as u64;
    Ok((search.best.map(|(loss, index)| Optimum { levels: lattice.levels(index), loss }), asked))
}

struct Search<'a, Ask> {
    lattice: &'a Lattice,
    known: Vec<f64>,
    ask: Ask,
    best: Option<(f64, usize)>,
    /// Nodes that are ruled out with all coarser ones, and with all finer ones.
    out: [Vec<bool>; 2],
    asked: Vec<bool>,
    /// Bounds that rule nothing out yet: the loss, of all that is coarser or finer (`true`) than the node.
    bounds: Vec<(f64, usize, bool)>,
}

impl<E, Ask: FnMut(&[usize]) -> Result<Answer, E>> Search<'_, Ask> {
    /// Asks a node unless it was asked or is ruled out; whether it was and holds.
    fn try_node(&mut self, index: usize) -> Result<bool, E> {
        let worse = self.best.is_some_and(|(least, _)| self.known[index] > least);
        if self.asked[index] || self.out.iter().any(|out| out[index]) || worse {
            return Ok(false);
        }
        self.asked[index] = true;
        let answer = (self.ask)(&self.lattice.levels(index))?;
        let better = |(least, first): (f64, usize)| (answer.loss, index) < (least, first);
        if answer.holds && self.best.is_none_or(better) {
            self.best = Some((answer.loss, index));
        }
        if !answer.holds && answer.none_finer {
            self.lattice.mark(&mut self.out[1], index, true);
        }
        self.bounds.push((answer.coarser_at_least, index, false));
        self.bounds.push((answer.finer_at_least, index, true));
        if let Some((least, _)) = self.best {
            self.bounds.retain(|&(bound, index, finer)| {
                if bound > least {
                    self.lattice.mark(&mut self.out[usize::from(finer)], index, finer);
                }
                bound <= least
            });
        }
        Ok(answer.holds)
    }
}
