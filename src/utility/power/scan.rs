//! The strongest difference of all runs of adjacent cells.

use std::ops::Range;

use super::family::Response;
use super::sums::{Sums, proportion, welch};

/// A run of cells and how much the arms differ in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Strongest {
    /// The square of z.
    pub(super) square: f64,
    /// The cells, of one group.
    pub(super) cells: Range<usize>,
}

/// The run of adjacent cells of one group in which the arms differ most, the first of equals; none where they differ
/// nowhere. O(groups x places²).
pub(super) fn strongest(response: Response, arms: &[[Sums; 2]], groups: &[Range<usize>]) -> Strongest {
    match response {
        Response::Share => scan(proportion, arms, groups),
        Response::Mean => scan(welch, arms, groups),
    }
}

fn scan(test: impl Fn(Sums, Sums) -> f64, arms: &[[Sums; 2]], groups: &[Range<usize>]) -> Strongest {
    let mut found = Strongest::default();
    for group in groups {
        for from in group.clone() {
            let [mut before, mut after] = [Sums::default(); 2];
            for (to, arms) in arms[..group.end].iter().enumerate().skip(from) {
                before += arms[0];
                after += arms[1];
                let square = test(before, after);
                if square > found.square {
                    found = Strongest { square, cells: from..to + 1 };
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_never_crosses_groups() {
        let cell =
            |before: f64, after: f64| [before, after].map(|sum| Sums { plays: 1_000.0, sum, squares: sum });
        let arms = [cell(20.0, 20.0), cell(20.0, 60.0), cell(20.0, 60.0), cell(20.0, 20.0)];
        let all = strongest(Response::Share, &arms, std::slice::from_ref(&(0..4)));
        assert_eq!(all.cells, 1..3);
        let parted = strongest(Response::Share, &arms, &[0..2, 2..4]);
        assert_eq!(parted.cells, 1..2);
        assert!(parted.square < all.square);
        assert_eq!(
            strongest(Response::Share, &arms[..1], std::slice::from_ref(&(0..1))),
            Strongest::default()
        );
    }
}
