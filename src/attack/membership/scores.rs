//! What several outputs tell together: the log likelihood ratio of their counts in whole steps, and its distribution.
//!
//! Where plays of one file leave as several outputs, the counts of those are independent and Poisson, and the log
//! likelihood ratio is the sum over plays of `ln(1 + repeats p / rate)` of their outputs, less a constant. Each term is
//! rounded to whole steps of the largest, so that the sum is a whole number whose distribution has an exact recursion
//! (Panjer 1981). A test of the rounded sum is a test all the same: what it achieves is exact, and the best test achieves
//! a little more at most. Where all outputs speak alike, as one bucket does, nothing is rounded.

use super::Threshold;

/// One output, or several that are alike, as a play of the file and plays of others yield it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Yield {
    /// The output; `None` stands for every output that is named nowhere else.
    pub output: Option<i64>,
    /// How many outputs it stands for.
    pub times: f64,
    /// The chance of each in a play of the file.
    pub chance: f64,
    /// Plays of others that leave as each, on average.
    pub others: f64,
}

/// Steps that the loudest output counts, at most.
const STEPS: f64 = 64.0;

/// Terms of one recursion, about.
const TERMS: f64 = (1 << 24) as f64;

/// What speaks louder than this speaks as loud, in nats: far beyond any threshold on false alarms.
const LOUDEST: f64 = 32.0;

/// What each output counts, and how the sum is distributed.
pub(super) struct Scores {
    /// Rising by output.
    of: Vec<(i64, u64)>,
    rest: u64,
    without: Vec<f64>,
    with: Vec<f64>,
    /// Plays of others that leave as a play of the file does, on average.
    pub others: f64,
}

impl Scores {
    /// Of the outputs that a play of the file may yield, where it is played so often on average. O(outputs log outputs +
    /// steps² x plays), at most 2^24.
    pub fn new(yields: &[Yield], repeats: f64) -> Self {
        let loud = |of: &Yield| {
            let ratio = repeats * of.chance / of.others;
            // Nobody else yields it: the ratio is infinite.
            if of.chance > 0.0 { libm::log1p(ratio).min(LOUDEST) } else { 0.0 }
        };
        let loudest = yields.iter().map(loud).fold(0.0, f64::max);
        let plays = yields.iter().map(|of| of.times * (of.others + repeats * of.chance)).sum::<f64>();
        let steps = (TERMS / (plays + 12.0 * plays.sqrt() + 40.0)).sqrt().floor().clamp(1.0, STEPS);
        let mut rates = [vec![0.0; steps as usize + 1], vec![0.0; steps as usize + 1]];
        let (mut of, mut rest) = (Vec::new(), 0);
        for one in yields {
            let score = if loudest > 0.0 { (loud(one) / loudest * steps).round() as usize } else { 0 };
            rates[0][score] += one.times * one.others;
            rates[1][score] += one.times * (one.others + repeats * one.chance);
            match one.output {
                Some(output) => of.push((output, score as u64)),
                None => rest = score as u64,
            }
        }
        of.sort_unstable();
        let sums = enough(&rates[1]);
        let [without, with] = rates.map(|rates| distribution(&rates, sums));
        let others = yields.iter().map(|of| of.times * of.chance * of.others).sum();
        Self { of, rest, without, with, others }
    }

    /// What a play counts that left so. O(log outputs).
    pub fn of(&self, output: i64) -> u64 {
        self.of.binary_search_by_key(&output, |&(output, _)| output).map_or(self.rest, |at| self.of[at].1)
    }

    /// When to say so, at that rate of false alarms. O(sums).
    pub fn threshold(&self, false_alarms: f64) -> Threshold {
        let mut above = 0.0;
        for (sum, &here) in self.without.iter().enumerate().rev() {
            if above + here > false_alarms {
                return Threshold {
                    count: sum as u64,
                    share: ((false_alarms - above) / here).clamp(0.0, 1.0),
                };
            }
            above += here;
        }
        Threshold { count: 0, share: 1.0 }
    }

    /// How often it is said of who holds the file. O(sums).
    pub fn power(&self, threshold: Threshold) -> f64 {
        let at = threshold.count as usize;
        let above: f64 = self.with.iter().skip(at + 1).rev().sum();
        (above + threshold.share * self.with.get(at).copied().unwrap_or(0.0)).min(1.0)
    }

    /// Area under the curve. O(sums).
    pub fn area(&self) -> f64 {
        let (mut below, mut area) = (0.0, 0.0);
        for (without, with) in self.without.iter().zip(&self.with) {
            area += with * (below + without / 2.0);
            below += without;
        }
        area.min(1.0)
    }
}

/// How many sums there are that aren't rarer than e^-30 together, by Bernstein's bound.
fn enough(rates: &[f64]) -> usize {
    let moment =
        |power| (0..).zip(rates).map(|(score, rate)| f64::powi(score as f64, power) * rate).sum::<f64>();
    let (mean, variance, largest) = (moment(1), moment(2), (rates.len() - 1) as f64);
    (mean + (60.0 * variance).sqrt() + 20.0 * largest).ceil() as usize + 1
}

/// The distribution of the sum of scores, each of which comes as often as a Poisson count of its rate:
/// `s P(s) = sum over k of k rate(k) P(s - k)`. O(sums x scores).
fn distribution(rates: &[f64], sums: usize) -> Vec<f64> {
    const LARGE: f64 = 1e200;
    let told: Vec<(usize, f64)> = (0..)
        .zip(rates)
        .filter(|&(score, &rate)| score > 0 && rate > 0.0)
        .map(|(score, rate)| (score, score as f64 * rate))
        .collect();
    // Up to a factor, which the sum of all of them takes away again.
    let mut of = vec![1.0];
    for sum in 1..sums {
        let back = told.iter().take_while(|&&(score, _)| score <= sum);
        let here = back.map(|&(score, term)| term * of[sum - score]).sum::<f64>() / sum as f64;
        of.push(here);
        if here > LARGE {
            of.iter_mut().for_each(|here| *here /= LARGE);
        }
    }
    let all: f64 = of.iter().sum();
    of.iter().map(|here| here / all).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{area, best_test};
    use super::*;
    use crate::attack::poisson::{likely, probability};
    use proptest::prelude::*;

    fn of_two(chance: f64, others: [f64; 2]) -> Vec<Yield> {
        let of = |output, chance, others| Yield { output: Some(output), times: 1.0, chance, others };
        vec![of(3, chance, others[0]), of(4, 1.0 - chance, others[1])]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// One output is a count, and the test that of the count.
        #[test]
        fn one_output_is_a_count(others in 0.0..400.0f64, repeats in 0.01..20.0f64, false_alarms in 1e-4..0.5f64) {
            let scores = Scores::new(&[Yield { output: Some(0), times: 1.0, chance: 1.0, others }], repeats);
            let counted = Threshold::of(others, false_alarms).power(others + repeats);
            let is = scores.power(scores.threshold(false_alarms));
            prop_assert!((is - counted).abs() < 1e-9, "{is}, {counted}");
            prop_assert!((scores.area() - area(others, others + repeats)).abs() < 1e-9);
        }

        /// Two outputs against the best test over all pairs of counts: never better, and hardly worse.
        #[test]
        fn two_outputs_are_tested_almost_best(
            chance in 0.0..1.0f64, others in [0.0..12.0f64, 0.0..12.0f64], repeats in 0.1..6.0f64, false_alarms in 1e-3..0.5f64,
        ) {
            let scores = Scores::new(&of_two(chance, others), repeats);
            let with = [others[0] + repeats * chance, others[1] + repeats * (1.0 - chance)];
            let pairs = |rates: [f64; 2]| -> Vec<f64> {
                let ends = with.map(|rate| likely(rate).end);
                let of = |n| (0..ends[1]).map(move |m| probability(rates[0], n) * probability(rates[1], m));
                (0..ends[0]).flat_map(of).collect()
            };
            let best = best_test(&pairs(others), &pairs(with), false_alarms);
            let is = scores.power(scores.threshold(false_alarms));
            prop_assert!(is <= best + 1e-9, "{is}, {best}");
            prop_assert!(is >= best - 0.01, "{is}, {best}");
        }

        /// False alarms come as often as was asked for, and outputs that are alike can be told as one.
        #[test]
        fn outputs_alike_are_one(chance in 0.1..1.0f64, others in 0.1..50.0f64, repeats in 0.1..6.0f64) {
            let of = |output, times: f64| Yield { output, times, chance: chance / 4.0, others: others / 4.0 };
            let each = Scores::new(&[0, 1, 2, 3].map(|output| of(Some(output), 1.0)), repeats);
            let once = Scores::new(&[of(None, 4.0)], repeats);
            for false_alarms in [0.5, 0.01, 0.001] {
                let [a, b] = [&each, &once].map(|of| of.power(of.threshold(false_alarms)));
                prop_assert!((a - b).abs() < 1e-9 && a >= false_alarms - 1e-12, "{a}, {b}");
            }
            prop_assert_eq!(each.of(2), once.of(77));
        }
    }

    /// Where the start of the recursion lies far below what a float holds.
    #[test]
    fn many_plays_are_no_trouble() {
        let scores =
            Scores::new(&[Yield { output: Some(0), times: 1.0, chance: 1.0, others: 9_000.0 }], 300.0);
        let counted = Threshold::of(9_000.0, 0.01).power(9_300.0);
        assert!((scores.power(scores.threshold(0.01)) - counted).abs() < 1e-9);
    }
}
