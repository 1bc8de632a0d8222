//! Counted successes, their interval, and whether they agree with a claim.

use serde::Serialize;
use statrs::distribution::{Binomial, DiscreteCDF};

/// The 97.5 % point of the normal distribution, as a constant: what is printed must not hang on a platform's `ln`.
pub(super) const Z95: f64 = 1.959_963_984_540_054;

/// What a running attacker achieved.
///
/// ```
/// use coarsen::attack::Trial;
/// let trial = Trial::new(1_000, 52);
/// assert!(trial.low < 0.05 && 0.05 < trial.high);
/// assert!(trial.agrees_with(0.05, 1e-6));
/// assert!(!trial.agrees_with(0.5, 1e-6));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Trial {
    /// Plays drawn.
    pub draws: u64,
    /// Plays named right.
    pub hits: u64,
    /// hits / draws.
    pub rate: f64,
    /// Lower end of the 95 % Wilson interval.
    pub low: f64,
    /// Upper end of the 95 % Wilson interval.
    pub high: f64,
}

impl Trial {
    /// From the counts.
    pub fn new(draws: u64, hits: u64) -> Self {
        let (low, high) = wilson(draws, hits);
        Self { draws, hits, rate: if draws == 0 { 0.0 } else { hits as f64 / draws as f64 }, low, high }
    }

    /// Whether the hits are such as a success rate of `claim` yields: the exact two-sided binomial test at
    /// that false-alarm rate.
    pub fn agrees_with(&self, claim: f64, false_alarm: f64) -> bool {
        // A claim that is a sum of floats may pass 1 by its last bit.
        let Ok(binomial) = Binomial::new(claim.clamp(0.0, 1.0), self.draws) else { return false };
        let at_most = binomial.cdf(self.hits);
        let at_least = if self.hits == 0 { 1.0 } else { binomial.sf(self.hits - 1) };
        2.0 * at_most.min(at_least) >= false_alarm
    }
}

/// Wilson's score interval of a share at 95 %; the whole of 0..1 without draws.
///
/// Centre (p + z²/2n) / (1 + z²/n), half-width z √(p(1-p)/n + z²/4n²) / (1 + z²/n). Source: Wilson 1927.
///
/// ```
/// let (low, high) = coarsen::attack::wilson(10, 0);
/// assert_eq!(low, 0.0);
/// assert!((high - 0.2775).abs() < 1e-4);
/// ```
pub fn wilson(draws: u64, hits: u64) -> (f64, f64) {
    let share = if draws == 0 { 0.0 } else { hits as f64 / draws as f64 };
    wilson_of(draws, share)
}

/// The same of a share that is a mean over so many, each of which counts in part: too wide rather than too narrow, as
/// parts vary less than wholes.
pub(super) fn wilson_of(among: u64, share: f64) -> (f64, f64) {
    if among == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (among as f64, share);
    let z = Z95;
    let scale = 1.0 + z * z / n;
    let center = (p + z * z / (2.0 * n)) / scale;
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt() / scale;
    let low = if p == 0.0 { 0.0 } else { (center - half).max(0.0) };
    let high = if p == 1.0 { 1.0 } else { (center + half).min(1.0) };
    (low, high)
}

/// The mean of values, and the half-width of the 95 % interval of it by their variance.
pub(super) fn mean_and_margin(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance =
        values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0).max(1.0);
    (mean, Z95 * (variance / n).sqrt())
}
