//! Tests that decide best between two hypotheses, as closed forms (Neyman and Pearson 1933).

use super::super::poisson::{likely, probability};

/// When a test of a count says that the server holds the file: above the count, and at it with that probability, so
/// that the rate of false alarms is hit exactly though counts are whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// Said at any larger count.
    pub count: u64,
    /// Said at the count itself with this probability, 0 to 1.
    pub share: f64,
}

impl Threshold {
    /// The best test of a rate of plays against a larger one, at that rate of false alarms, 0 to 1. The likelihood
    /// ratio rises with the count, whatever the larger rate. O(sqrt(rate)), and O(rate) for false alarms
    /// near 1.
    ///
    /// ```
    /// use coarsen::attack::membership::Threshold;
    /// // Nobody else plays it: any play tells, and 1 % is said at random.
    /// let unique = Threshold::of(0.0, 0.01);
    /// assert_eq!((unique.count, unique.share), (0, 0.01));
    /// assert!((unique.power(3.0) - (1.0 - 0.99 * (-3f64).exp())).abs() < 1e-12);
    /// ```
    pub fn of(rate: f64, false_alarms: f64) -> Self {
        let (mut above, mut count) = (0.0, likely(rate).end);
        loop {
            let here = probability(rate, count);
            if above + here > false_alarms || count == 0 {
                let share = if here > 0.0 { (false_alarms - above) / here } else { 1.0 };
                return Self { count, share: share.clamp(0.0, 1.0) };
            }
            above += here;
            count -= 1;
        }
    }

    /// How often it says so at that rate of plays. O(sqrt(rate)).
    pub fn power(self, rate: f64) -> f64 {
        let likely = likely(rate);
        // Counts beyond what is likely are never drawn.
        let above: f64 =
            (likely.start.max(self.count + 1)..likely.end).rev().map(|n| probability(rate, n)).sum();
        (above + self.share * probability(rate, self.count)).min(1.0)
    }

    /// What it says of a count, given a uniform draw from [0, 1).
    pub fn says(self, count: u64, draw: f64) -> bool {
        count > self.count || count == self.count && draw < self.share
    }
}

/// Area under the curve of [`Threshold::power`] over false alarms: how often a server that holds the file has the
/// larger count, ties counting half. O(larger - rate + sqrt(larger)).
pub fn area(rate: f64, larger: f64) -> f64 {
    let (from, to) = (likely(rate).start, likely(larger).end);
    let (mut below, mut area) = (0.0, 0.0);
    for count in from..to {
        let here = probability(rate, count);
        area += probability(larger, count) * (below + here / 2.0);
        below += here;
    }
    area.min(1.0)
}

/// The rate of right alarms of the best test between any two distributions over the same outcomes, randomized at its
/// threshold so that false alarms come at exactly that rate. O(outcomes log outcomes).
///
/// # Laws
/// - At least the rate of false alarms; rises with it.
/// - Never rises where outcomes are merged, or passed through anything that doesn't know the hypothesis.
/// - Of a mechanism that is epsilon-differentially private, at most
///   `min(e^epsilon f, 1 - e^-epsilon (1 - f))` at f false alarms.
///
/// ```
/// use coarsen::attack::membership::best_test;
/// // A coin that falls heads three times in four, against a fair one.
/// assert_eq!(best_test(&[0.5, 0.5], &[0.25, 0.75], 0.5), 0.75);
/// assert_eq!(best_test(&[0.5, 0.5], &[0.25, 0.75], 0.25), 0.375);
/// ```
pub fn best_test(without: &[f64], with: &[f64], false_alarms: f64) -> f64 {
    let ratio = |&(without, with): &(f64, f64)| if without > 0.0 { with / without } else { f64::INFINITY };
    let mut outcomes: Vec<(f64, f64)> = without.iter().copied().zip(with.iter().copied()).collect();
    outcomes.sort_by(|a, b| ratio(b).total_cmp(&ratio(a)));
    let (mut left, mut right) = (false_alarms, 0.0);
    for (without, with) in outcomes {
        if without > left {
            return (right + with * (left / without)).min(1.0);
        }
        left -= without;
        right += with;
    }
    right.min(1.0)
}
