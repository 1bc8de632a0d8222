//! Agreement of two rankings.

/// Kendall's tau-b of pairs: concordant less discordant pairs over the geometric mean of the pairs that are not tied in
/// one and in the other; from -1 to 1. `None` where all are tied in one. O(n^2).
///
/// Source: Kendall 1945.
///
/// ```
/// use coarsen::utility::kendall_tau_b;
/// assert_eq!(kendall_tau_b(&[(1.0, 2.0), (2.0, 3.0), (3.0, 9.0)]), Some(1.0));
/// assert_eq!(kendall_tau_b(&[(1.0, 2.0), (2.0, 1.0)]), Some(-1.0));
/// assert_eq!(kendall_tau_b(&[(1.0, 2.0), (1.0, 1.0)]), None);
/// ```
pub fn kendall_tau_b(pairs: &[(f64, f64)]) -> Option<f64> {
    let (mut net, mut untied_a, mut untied_b) = (0i64, 0i64, 0i64);
    for (at, (a, b)) in pairs.iter().enumerate() {
        for (other_a, other_b) in &pairs[..at] {
            let (in_a, in_b) = (a.total_cmp(other_a) as i64, b.total_cmp(other_b) as i64);
            net += in_a * in_b;
            untied_a += in_a.abs();
            untied_b += in_b.abs();
        }
    }
    let untied = untied_a as f64 * untied_b as f64;
    (untied > 0.0).then(|| net as f64 / untied.sqrt())
}
