//! The front: pick an algorithm, run it, say what it found.

use super::absolute::Absolute;
use super::certainty::Certainty;
use super::cost::Cost;
use super::marks::Marks;
use super::squared::{Squared, fits_64};
use super::{Distribution, Loss, queue, window};
use crate::rounding::{Cuts, Family, Rounding, RoundingError};
use crate::search::SearchError;
use crate::units::Dimension;

/// The two algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Every start in the window, O(values x window).
    Window,
    /// The queue of starts, O(values x log window).
    Queue,
}

/// An optimal partition: no other into buckets of at least k titles each loses less.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimum {
    edges: Vec<u64>,
    places: Vec<usize>,
    loss: f64,
}

impl Optimum {
    /// Where the buckets part, rising: the least value of the upper one (or, for [`Loss::Certainty`], just above the
    /// greatest of the lower, where that costs less; or an allowed edge of the same gap). 0 and the open end are implied.
    pub fn edges(&self) -> &[u64] {
        &self.edges
    }

    /// The breakpoints: of each bucket but the first, the index of its first value in [`Distribution::values`].
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    /// Its loss, summed over the files; see [`Loss`].
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// How many buckets there are.
    pub fn buckets(&self) -> usize {
        self.edges.len() + 1
    }

    /// As edges to ship. The first bucket then begins at 0 and the last is open at the top: values outside of the
    /// reference fall in the outermost buckets. That costs `Squared` and `Absolute` nothing on the reference; NCP is 1 for
    /// each file of the open bucket, which [`Loss::Certainty`] counts.
    ///
    /// # Errors
    /// [`RoundingError::NoEdge`] where one bucket is the optimum.
    pub fn cuts(&self) -> Result<Cuts, RoundingError> {
        Cuts::new(self.edges.clone())
            .map_err(|_| RoundingError::NoEdge { why: "one bucket of all values is the optimum" })
    }

    /// As a rounding to ship.
    ///
    /// # Errors
    /// As [`Optimum::cuts`].
    pub fn rounding(&self, dimension: Dimension) -> Result<Rounding, RoundingError> {
        Rounding::new(dimension, Family::Edges(self.cuts()?), Default::default())
    }
}

/// The optimum among all partitions into buckets of at least k distinct titles, by the faster algorithm.
///
/// For [`Loss::Squared`] each bucket's cost is a whole number over its files, rounded at most twice, and what is compared is
/// kept small. With A the most buckets among 1024 neighboring cuts or in two windows, the partition found loses
/// relatively at most 4 (A + 5) 2^-53 more than the best one (by [`Form::Queue`] that times the starts in a window). The
/// other losses are compared as whole numbers, exactly up to 2^53.
///
/// # Errors
/// [`SearchError::Titles`] for k = 0 or over the titles there are.
pub fn optimum(distribution: &Distribution, k: u32, loss: Loss) -> Result<Optimum, SearchError> {
    let marks = Marks::free(distribution, k, loss)?;
    Ok(solve(distribution, &marks, loss, faster(&marks, loss)))
}

/// As [`optimum`], by that algorithm.
///
/// # Errors
/// As [`optimum`].
pub fn optimum_by(
    form: Form,
    distribution: &Distribution,
    k: u32,
    loss: Loss,
) -> Result<Optimum, SearchError> {
    Ok(solve(distribution, &Marks::free(distribution, k, loss)?, loss, form))
}

/// Up to so many ends a start, a window is gone through faster than a queue is kept; as `benches/optimal.rs` measures.
/// A median costs each end a search of its own.
fn narrow(loss: Loss) -> usize {
    match loss {
        Loss::Squared | Loss::Certainty(_) => 64,
        Loss::Absolute => 16,
    }
}

/// What is expected to be faster, by the mean number of ends that a start is offered to.
pub(super) fn faster(marks: &Marks<'_>, loss: Loss) -> Form {
    let offered = |i: usize| marks.reach(i).saturating_sub(marks.ends[i] as usize);
    let all: usize = (0..marks.last()).map(offered).sum();
    if all <= narrow(loss) * marks.last() { Form::Window } else { Form::Queue }
}

pub(super) fn solve(distribution: &Distribution, marks: &Marks<'_>, loss: Loss, form: Form) -> Optimum {
    let cuts = match loss {
        Loss::Squared if fits_64(distribution, marks) => {
            cuts(form, marks, Squared::<u64>::new(distribution, marks))
        }
        Loss::Squared => cuts(form, marks, Squared::<u128>::new(distribution, marks)),
        Loss::Absolute => cuts(form, marks, Absolute::new(distribution, marks)),
        Loss::Certainty(dimension) => cuts(form, marks, Certainty::new(distribution, marks, dimension)),
    };
    let edges: Vec<u64> = cuts.iter().map(|&mark| marks.edge(mark)).collect();
    let places: Vec<usize> = cuts.iter().map(|&mark| marks.at[mark] as usize).collect();
    Optimum { loss: loss.at(distribution, &edges, &places), places, edges }
}

fn cuts(form: Form, marks: &Marks<'_>, mut cost: impl Cost) -> Vec<usize> {
    match form {
        Form::Window => window::cuts(marks, &mut cost),
        Form::Queue => queue::cuts(marks, &mut cost),
    }
}
