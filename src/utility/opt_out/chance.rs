//! Who opts out.

use rand::RngExt;

use crate::catalogue::stream::stream;

/// How often the interval of the intercept is halved: to less than a float tells of it.
const HALVINGS: usize = 60;

/// What opting out hangs on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Covariates {
    /// Plays of the server, at least 1.
    pub plays: u64,
    /// Whether it transcodes by better means than software.
    pub better_hardware: bool,
    /// The share of its plays on the named platforms.
    pub share: f64,
}

/// A score per server: the sum of ln(plays), better hardware and the share, each standardized, standardized once more, so
/// that a slope is per standard deviation. What is the same of all servers counts nothing. O(servers).
///
/// ```
/// use coarsen::utility::opt_out::{Covariates, scores};
/// let server = |plays| Covariates { plays, ..Covariates::default() };
/// assert_eq!(scores(&[server(10), server(1_000)]), [-1.0, 1.0]);
/// assert_eq!(scores(&[server(10), server(10)]), [0.0, 0.0]);
/// ```
pub fn scores(servers: &[Covariates]) -> Vec<f64> {
    let standard = |of: &dyn Fn(&Covariates) -> f64| standardized(servers.iter().map(of).collect());
    let all = [
        standard(&|server| libm::log(server.plays.max(1) as f64)),
        standard(&|server| f64::from(server.better_hardware)),
        standard(&|server| server.share),
    ];
    standardized((0..servers.len()).map(|server| all.iter().map(|scores| scores[server]).sum()).collect())
}

/// With mean 0 and deviation 1; all 0 where they are the same but for rounding.
fn standardized(mut values: Vec<f64>) -> Vec<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    values.iter_mut().for_each(|value| *value -= mean);
    let deviation = (values.iter().map(|value| value * value).sum::<f64>() / n).sqrt();
    let varies = deviation > 1e-9 * (1.0 + mean.abs());
    values.iter_mut().for_each(|value| *value = if varies { *value / deviation } else { 0.0 });
    values
}

/// The chance of each server to opt out: logistic(intercept + slope × score), with the intercept at which the mean chance is
/// the rate, found by bisection; 0 of all at rate 0 and 1 at rate 1. O(servers).
///
/// ```
/// use coarsen::utility::opt_out::chances;
/// let chances = chances(&[-1.0, 1.0], 0.4, 2.0);
/// assert!((chances[0] + chances[1] - 0.8).abs() < 1e-9 && chances[1] > 0.6);
/// ```
pub fn chances(scores: &[f64], rate: f64, slope: f64) -> Vec<f64> {
    if rate <= 0.0 || rate >= 1.0 {
        return vec![if rate <= 0.0 { 0.0 } else { 1.0 }; scores.len()];
    }
    let chance = |intercept: f64, score: f64| 1.0 / (1.0 + libm::exp(-intercept - slope * score));
    let reach = scores.iter().map(|score| (slope * score).abs()).fold(0.0, f64::max);
    // Here all chances lie on one side of the rate.
    let middle = libm::log(rate / (1.0 - rate));
    let (mut low, mut high) = (middle - reach, middle + reach);
    for _ in 0..HALVINGS {
        let between = (low + high) / 2.0;
        let mean = scores.iter().map(|score| chance(between, *score)).sum::<f64>() / scores.len() as f64;
        if mean < rate {
            low = between
        } else {
            high = between
        }
        if high - low < 1e-12 {
            break;
        }
    }
    scores.iter().map(|score| chance((low + high) / 2.0, *score)).collect()
}

/// A number from 0 to 1 per draw: the server opts out of those draws where it is below its chance. Of its name and the seed
/// alone, so that no server's lot hangs on the others, and the same at all rates. O(draws).
pub fn lots(name: &str, draws: usize, seed: u64) -> Vec<f64> {
    let mut random = stream(seed, &format!("opt out {name}"), 0);
    (0..draws).map(|_| random.random::<f64>()).collect()
}
