//! A mean over draws.

use serde::Serialize;

use crate::attack::student;

/// The mean of a figure over draws, and where the mean of endless draws lies with 95 % confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// mean - t × deviation / √draws.
    pub low: f64,
    /// mean + t × deviation / √draws.
    pub high: f64,
    /// Draws that have the figure.
    pub draws: usize,
}

impl Estimate {
    /// Of the figure's values; `None` without any, and an interval of one point of equal ones. O(values).
    ///
    /// ```
    /// use coarsen::utility::opt_out::Estimate;
    /// let estimate = Estimate::of(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
    /// assert!((estimate.high - 4.963).abs() < 0.01);
    /// assert_eq!(Estimate::of(&[]), None);
    /// ```
    pub fn of(values: &[f64]) -> Option<Self> {
        let draws = values.len();
        let first = *values.first()?;
        // About the first, so that equal values have a mean of exactly that.
        let mean = first + values.iter().map(|value| value - first).sum::<f64>() / draws as f64;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let half = match draws {
            1 => 0.0,
            _ => student((draws - 1) as f64) * (squares / (draws - 1) as f64 / draws as f64).sqrt(),
        };
        Some(Self { mean, low: mean - half, high: mean + half, draws })
    }
}
