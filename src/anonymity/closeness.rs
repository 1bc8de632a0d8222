//! t-closeness: how far the sensitive values of a class lie from those of the whole table.
//!
//! Both distances are exact over the common denominator until the last division, so no order of the values
//! matters. Source: Li, Li and Venkatasubramanian 2007.

/// Equal ground distance: ½ Σ |q - p|, 0..1. Counts of the class and of the whole, value by value; 0 where either
/// has no file.
///
/// ```
/// assert_eq!(coarsen::anonymity::closeness::equal(&[2, 0], &[3, 1]), 0.25);
/// ```
pub fn equal(class: &[u32], whole: &[u32]) -> f64 {
    equal_over(class, whole, sum(class), sum(whole))
}

/// The same where values that the class lacks are left out of both lists, given the sums over all values:
/// ½ Σ |q - p| = Σ over q > p of (q - p), to which only values of the class contribute.
pub(super) fn equal_over(class: &[u32], whole: &[u32], files: u128, all: u128) -> f64 {
    let excess: u128 = class
        .iter()
        .zip(whole)
        .map(|(&q, &p)| (u128::from(q) * all).saturating_sub(u128::from(p) * files))
        .sum();
    share(excess, files * all)
}

/// Ordered ground distance over the m values that occur in the whole, in their order:
/// (1 / (m - 1)) Σ_i |Σ_(v <= i) (q_v - p_v)|, 0..1. The ground distance is that of ranks, not of numbers. 0 for m < 2.
///
/// ```
/// // Nine salaries, once each; the class holds the lowest three.
/// let class = [1, 1, 1, 0, 0, 0, 0, 0, 0];
/// assert_eq!(coarsen::anonymity::closeness::ordered(&class, &[1; 9]), 0.375);
/// ```
pub fn ordered(class: &[u32], whole: &[u32]) -> f64 {
    let (files, all) = (sum(class), sum(whole));
    let present: Vec<(u32, u32)> =
        class.iter().copied().zip(whole.iter().copied()).filter(|&(_, p)| p > 0).collect();
    let (mut q, mut p, mut gaps) = (0u128, 0u128, 0u128);
    for &(of_class, of_whole) in &present {
        q += u128::from(of_class) * all;
        p += u128::from(of_whole) * files;
        gaps += q.abs_diff(p);
    }
    share(gaps, files * all * (present.len() as u128).saturating_sub(1))
}

fn sum(counts: &[u32]) -> u128 {
    counts.iter().map(|&count| u128::from(count)).sum()
}

fn share(part: u128, whole: u128) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
