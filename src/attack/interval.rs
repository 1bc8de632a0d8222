//! Counted successes, their interval, and whether they agree with a claim.

use serde::Serialize;
use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, StudentsT};

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
    wilson_of(draws as f64, share)
}

/// The same of a share that is a mean over so many, each of which counts in part: too wide rather than too narrow, as
/// parts vary less than wholes.
pub(super) fn wilson_of(among: f64, share: f64) -> (f64, f64) {
    if among == 0.0 {
        return (0.0, 1.0);
    }
    let (n, p) = (among, share);
    let z = Z95;
    let scale = 1.0 + z * z / n;
    let center = (p + z * z / (2.0 * n)) / scale;
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt() / scale;
    let low = if p == 0.0 { 0.0 } else { (center - half).max(0.0) };
    let high = if p == 1.0 { 1.0 } else { (center + half).min(1.0) };
    (low, high)
}

/// The mean of shares, each 0..=1, and the 95 % interval of what they are drawn from; the whole of 0..1 without any.
///
/// Wilson's of as many wholes as would scatter like the mean does: n* = p(1-p) / (s²/n) · (z/t)², with the variance s²
/// of the shares and the 97.5 % point t of Student's distribution of n - 1 degrees. No fewer than n, as parts vary less
/// than wholes; and n where all shares are one value, which says nothing of how they scatter. So it has a width at 0 %
/// and at 100 % too, and is Wilson's own where every share is 0 or 1. Source of the count: Korn and Graubard 1998,
/// *Confidence intervals for proportions with small expected number of positive counts estimated from survey data*.
/// O(n).
pub(super) fn mean_within(shares: &[f64]) -> (f64, [f64; 2]) {
    let n = shares.len() as f64;
    if shares.is_empty() {
        return (0.0, [0.0, 1.0]);
    }
    // A mean of ones may pass 1 by its last bit.
    let mean = (shares.iter().sum::<f64>() / n).min(1.0);
    let all_one = shares.iter().all(|share| *share == shares[0]);
    let squares = shares.iter().map(|share| (share - mean) * (share - mean)).sum::<f64>();
    let wholes = if all_one {
        n
    } else {
        let variance = squares / (n - 1.0);
        let narrower = Z95 / student(n - 1.0);
        (mean * (1.0 - mean) * n / variance * narrower * narrower).max(n)
    };
    let (low, high) = wilson_of(wholes, mean);
    (mean, [low, high])
}

/// The 97.5 % point of Student's distribution; that of the normal one where there are no degrees of freedom to have one.
pub(crate) fn student(degrees: f64) -> f64 {
    StudentsT::new(0.0, 1.0, degrees).map_or(Z95, |student| student.inverse_cdf(0.975))
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::catalogue::stream::{Stream, stream};

    const FILES: u32 = 10;

    /// How the shares of libraries scatter about their mean.
    #[derive(Clone, Copy, Debug)]
    enum Scatter {
        /// Every library is named whole or not at all.
        Wholes,
        /// Each of its files alone.
        Files,
        /// Its files five by five.
        Clumps,
    }

    impl Scatter {
        fn share(self, rate: f64, random: &mut Stream) -> f64 {
            let clump = match self {
                Self::Wholes => FILES,
                Self::Files => 1,
                Self::Clumps => 5,
            };
            let named = (0..FILES / clump).filter(|_| random.random::<f64>() < rate).count() as u32;
            f64::from(named * clump) / f64::from(FILES)
        }
    }

    /// The interval covers the mean that shares are drawn around in nine samples of ten or more, at every rate from 0 to 1;
    /// at 0 and 1 in all. 30 exact tests of 500 samples each: a false alarm in at most one run of 30,000.
    #[test]
    fn the_interval_of_a_mean_covers_it_at_every_rate() {
        let scatters = [Scatter::Wholes, Scatter::Files, Scatter::Clumps];
        let cases = scatters.into_iter().flat_map(|scatter| {
            let sizes = move |rate: f64| [20, 100].map(|libraries| (scatter, rate, libraries));
            [0.0, 0.01, 0.5, 0.99, 1.0].into_iter().flat_map(sizes)
        });
        for (at, (scatter, rate, libraries)) in cases.enumerate() {
            let covers = |sample: u64| {
                let mut random = stream(sample, "coverage", at as u64);
                let shares: Vec<f64> = (0..libraries).map(|_| scatter.share(rate, &mut random)).collect();
                let (mean, [low, high]) = mean_within(&shares);
                assert!(0.0 <= low && low <= mean && mean <= high && high <= 1.0 && low < high, "{shares:?}");
                low <= rate && rate <= high
            };
            let covered = (0..500).filter(|&sample| covers(sample)).count() as u64;
            let is_as_often = covered >= 450 || Trial::new(500, covered).agrees_with(0.9, 1e-6);
            assert!(is_as_often, "{scatter:?} of {libraries} at {rate}: {covered} of 500");
            let is_certain = rate == 0.0 || rate == 1.0;
            assert!(!is_certain || covered == 500, "{scatter:?} of {libraries} at {rate}: {covered}");
        }
    }

    /// Of shares that scatter less than wholes do it is narrower, and Student's own where there are many.
    #[test]
    fn the_interval_of_a_mean_follows_the_scatter() {
        let shares: Vec<f64> = (0..1_000).map(|at| if at % 2 == 0 { 0.4 } else { 0.6 }).collect();
        let (mean, [low, high]) = mean_within(&shares);
        let half = Z95 * 0.1 / 1_000f64.sqrt();
        assert!((mean - 0.5).abs() < 1e-12 && ((high - low) / 2.0 / half - 1.0).abs() < 0.01, "{low} {high}");
        // Wholes are Wilson's.
        let wholes: Vec<f64> = (0..50).map(|at| if at < 15 { 1.0 } else { 0.0 }).collect();
        assert_eq!(mean_within(&wholes).1, <[f64; 2]>::from(wilson(50, 15)));
        assert_eq!(mean_within(&[1.0; 50]).1, <[f64; 2]>::from(wilson(50, 50)));
        assert_eq!(mean_within(&[]), (0.0, [0.0, 1.0]));
        assert_eq!(mean_within(&[1.0]).1, <[f64; 2]>::from(wilson(1, 1)));
    }

    /// Tables of Student's distribution.
    #[test]
    fn students_points_are_those_of_tables() {
        for (degrees, point) in [(1.0, 12.706), (3.0, 3.182), (19.0, 2.093), (99.0, 1.984), (1e6, 1.960)] {
            assert!((student(degrees) - point).abs() < 6e-4, "{degrees}: {}", student(degrees));
        }
    }
}
