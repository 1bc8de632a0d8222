//! Joint buckets that leave as the one symbol `other`, chosen with the widths.
//!
//! A candidate that breaks the limits in a few sparse joint buckets alone may still be chosen if these leave as `other`.
//! Which ones is decided on the catalogue and nothing else (a rule that looked at plays would itself tell of them), and
//! `other` is judged as the class that it is: it too must hold enough titles.
//!
//! # What is optimal, and what is greedy
//! - For one candidate the boxes are found greedily ([`pick`]): no promise of the least loss that any boxes could reach,
//!   which is a covering problem.
//! - Over the candidates the search is exact: it finds the least total loss among all that the greedy rule can mend, the
//!   candidates without any box among them. Pruning rests on a bound. At least so many files (and plays) as exceed the
//!   exposed share must leave their exposed class, and each of them loses what it still emitted. A finer nested candidate
//!   exposes the same files and more, so the bound by files holds for every refinement that keeps as much of each value.
//! - Boxes are picked for the limits that a tally answers. Attackers that limits ask for run on what comes of it, and may
//!   refuse it; no box is picked for their sake.
//! - A candidate with over 2^22 possible joint buckets, or over 4,096 sparse ones, isn't mended: a list of boxes for it
//!   could not be read.

mod cells;
mod pick;
mod region;
mod relief;

use rayon::prelude::*;

use crate::classes::{Cells, Generalization, Rows};
use crate::policy::Limits;

use super::Candidates;
use super::Evaluation;
use super::attackers::Attackers;
use super::breach::{attackers_hold, breaches, evaluate_for};
use super::recommend::{Found, PingChoice, ShapeChoice, rows_of};
use super::space::{Answer, Ask, Space};
use crate::anonymity::Distortion;
use cells::{Joint, least_loss};
use pick::pick;

/// The choice with at most `most` boxes a ping: each ping's candidate whose widths and boxes together lose least.
/// A ping stays as it is where no boxes lose less. Given `plain`, the choice without boxes.
/// `done` is told of every candidate that was asked. O(candidates x files) at worst.
pub fn with_other(
    cells: &Cells<'_>,
    plain: &ShapeChoice,
    candidates: &Candidates,
    limits: &Limits,
    most: usize,
    done: &(dyn Fn() + Sync),
) -> ShapeChoice {
    let one = |ping: &PingChoice| ping_with_other(cells, ping, candidates, limits, most, done);
    let mut choice = ShapeChoice::of(cells, &plain.shape, plain.pings.par_iter().map(one).collect());
    choice.left_out.extend(plain.left_out.iter().cloned());
    choice
}

/// The candidate as it is where the limits hold, or with the boxes that make them hold. `None` where at most `most`
/// boxes found greedily don't. O(files log files).
pub fn mended(
    cells: &Cells<'_>,
    generalization: &Generalization,
    limits: &Limits,
    most: usize,
) -> Option<Evaluation> {
    let again = |generalization: &Generalization| evaluate_for(cells, generalization, limits);
    let plain = again(&Generalization { other: Vec::new(), ..generalization.clone() });
    if breaches(limits, &plain.measures).is_empty() {
        return Some(plain);
    }
    let generalization = plain.generalization;
    let rows = Rows::new(cells, &generalization.duration, &generalization.by);
    let joint = Joint::of(cells, &rows, &generalization)?;
    let other = pick(cells, &joint, &limits.without_attacks(), most)?;
    let mended = again(&Generalization { other, ..generalization });
    breaches(limits, &mended.measures).is_empty().then_some(mended)
}

fn ping_with_other(
    cells: &Cells<'_>,
    plain: &PingChoice,
    candidates: &Candidates,
    limits: &Limits,
    most: usize,
    done: &(dyn Fn() + Sync),
) -> PingChoice {
    let space = Space::new(cells, &plain.ping, candidates);
    let start = plain.found.holds().then(|| plain.found.evaluation().distortion.total);
    let attackers = Attackers::of(cells.catalogue(), limits);
    let limits_tallied = limits.without_attacks();
    let mut ask = AskOther { cells, limits: &limits_tallied, attackers, most, rows: None, best: None };
    let asked = if most == 0 { 0 } else { space.walk(&mut ask, start, done).asked };
    let found = match ask.best {
        Some((_, generalization)) => Found::Holds(evaluate_for(cells, &generalization, limits)),
        None => plain.found.clone(),
    };
    PingChoice { found, asked: plain.asked + asked, most_other: most, ..plain.clone() }
}

/// Asks how little a candidate loses with boxes that make it hold.
struct AskOther<'c, 'a> {
    cells: &'c Cells<'a>,
    /// Those that a tally answers.
    limits: &'c Limits,
    attackers: Attackers,
    most: usize,
    rows: Option<(usize, Rows<'c, 'a>)>,
    best: Option<(f64, Generalization)>,
}

impl Ask for AskOther<'_, '_> {
    fn ask(&mut self, space: &Space<'_>, at: (usize, usize), widths: f64, least: Option<f64>) -> Answer {
        let rows = rows_of(&mut self.rows, self.cells, space, at.0);
        let mut generalization = space.at(at);
        // A hair less than the sum, so that its rounding prunes nothing.
        let (own, bound) = least_loss(self.cells, rows, &generalization, self.limits);
        let (own, bound) = (own * (1.0 - 1e-9), bound * (1.0 - 1e-9));
        if least.is_some_and(|least| widths + own >= least) {
            return Answer { loss: None, hopeless: false, bound };
        }
        let boxes = Joint::of(self.cells, rows, &generalization)
            .and_then(|joint| pick(self.cells, &joint, self.limits, self.most));
        let loss = boxes.map(|other| {
            generalization.other = other;
            Distortion::of(self.cells, &generalization).total
        });
        // Attackers are dear, and decide only on what would be the best.
        let loss = loss
            .filter(|loss| least.is_none_or(|least| *loss < least))
            .filter(|_| attackers_hold(self.cells, &generalization, &self.attackers));
        if let Some(loss) = loss.filter(|loss| self.best.as_ref().is_none_or(|(best, _)| loss < best)) {
            self.best = Some((loss, generalization));
        }
        Answer { loss, hopeless: false, bound }
    }
}
