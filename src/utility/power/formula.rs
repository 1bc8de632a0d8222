//! The normal approximation: what the machine is held against.

use super::quantile::normal_quantile;

/// Plays of each arm with which a two-sided test of level `alpha` finds the share `before` become `after` with that power.
///
/// (z_(1-α/2) + z_power)² (p1 (1-p1) + p2 (1-p2)) / (p2 - p1)², rounded up; infinite where the shares are the same. Shares,
/// level and power lie in (0, 1). O(1).
/// Source: Chow, Shao and Wang, Sample Size Calculations in Clinical Research, two-sample parallel design of proportions.
///
/// ```
/// use coarsen::utility::power::plays_per_arm;
/// assert_eq!(plays_per_arm(0.02, 0.04, 0.05, 0.8), 1_139.0);
/// ```
pub fn plays_per_arm(before: f64, after: f64, alpha: f64, power: f64) -> f64 {
    let reach = normal_quantile(1.0 - alpha / 2.0) + normal_quantile(power);
    let apart = after - before;
    (reach * reach * (before * (1.0 - before) + after * (1.0 - after)) / (apart * apart)).ceil()
}

/// How much more total traffic it takes where a fault is looked for in a bucket of whose plays it strikes but a share: the
/// bucket's shares become `before` and `before + share (after - before)`, and it gets 1/share as many plays.
///
/// About 1/share: the smaller difference costs 1/share² in plays of the bucket.
///
/// ```
/// use coarsen::utility::power::traffic_of_mixing;
/// let ratio = traffic_of_mixing(0.02, 0.04, 0.25, 0.05, 0.8);
/// assert!((ratio - 3.0).abs() < 0.05);
/// ```
pub fn traffic_of_mixing(before: f64, after: f64, share: f64, alpha: f64, power: f64) -> f64 {
    let mixed = plays_per_arm(before, before + share * (after - before), alpha, power);
    share * mixed / plays_per_arm(before, after, alpha, power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plays_per_arm_as_tabled() {
        for (before, after, at_a_hundredth, at_a_twentieth) in [
            (0.01, 0.02, 3_446.0, 2_316.0),
            (0.02, 0.04, 1_694.0, 1_139.0),
            (0.05, 0.075, 2_184.0, 1_468.0),
            (0.05, 0.1, 643.0, 432.0),
            (0.1, 0.15, 1_017.0, 683.0),
        ] {
            assert_eq!(plays_per_arm(before, after, 0.01, 0.8), at_a_hundredth, "{before} {after}");
            assert_eq!(plays_per_arm(before, after, 0.05, 0.8), at_a_twentieth, "{before} {after}");
        }
    }

    #[test]
    fn mixing_costs_the_inverse_share_in_traffic() {
        let in_bucket = plays_per_arm(0.02, 0.025, 0.05, 0.8) / plays_per_arm(0.02, 0.04, 0.05, 0.8);
        assert!((in_bucket - 12.1).abs() < 0.05, "{in_bucket}");
        let in_traffic = traffic_of_mixing(0.02, 0.04, 0.25, 0.05, 0.8);
        assert!((in_traffic - 3.0).abs() < 0.05, "{in_traffic}");
    }
}
