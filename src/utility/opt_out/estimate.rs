//! A mean over draws.

use serde::Serialize;

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

/// The 97.5 % point of Student's distribution, by the expansion in 1/degrees (Fisher and Cornish 1960): within 0.001 from 8
/// degrees on, and the same on any machine.
fn student(degrees: f64) -> f64 {
    let z: f64 = 1.959_963_984_540_054;
    let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
    let terms = [
        (z3 + z) / 4.0,
        (5.0 * z5 + 16.0 * z3 + 3.0 * z) / 96.0,
        (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / 384.0,
    ];
    z + terms[0] / degrees + terms[1] / degrees.powi(2) + terms[2] / degrees.powi(3)
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, StudentsT};

    use super::student;

    #[test]
    fn it_is_students() {
        for degrees in [8, 19, 39, 199, 10_000].map(f64::from) {
            let exact = StudentsT::new(0.0, 1.0, degrees).expect("degrees").inverse_cdf(0.975);
            assert!((student(degrees) - exact).abs() < 1e-3, "{degrees}: {} {exact}", student(degrees));
        }
    }
}
