//! The quantile function of the normal distribution.

use statrs::distribution::{ContinuousCDF, Normal};

/// The value below which that share of a standard normal lies, for a share in (0, 1). O(1).
pub(super) fn normal_quantile(share: f64) -> f64 {
    Normal::standard().inverse_cdf(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_books() {
        // Wichura 1988, algorithm AS 241, to its digits.
        for (share, value) in [
            (0.5, 0.0),
            (0.8, 0.841_621_233_572_914_2),
            (0.975, 1.959_963_984_540_054),
            (1e-20, -9.262_340_089_798_408),
        ] {
            assert!((normal_quantile(share) - value).abs() < 1e-13, "{share}: {}", normal_quantile(share));
        }
    }

    /// The distribution function by `libm`, which knows nothing of it.
    #[test]
    fn it_undoes_the_distribution_function() {
        for at in 1..2_000 {
            let value = f64::from(at) / 250.0 - 8.0;
            let share = 0.5 * libm::erfc(-value * std::f64::consts::FRAC_1_SQRT_2);
            assert!((normal_quantile(share) - value).abs() < 1e-12, "{value}: {}", normal_quantile(share));
        }
    }
}
