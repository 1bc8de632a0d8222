//! l-diversity of one class, from the counts of its sensitive values.
//!
//! Source: Machanavajjhala, Kifer, Gehrke and Venkitasubramaniam 2007.

/// Distinct l: how many values occur.
///
/// ```
/// assert_eq!(coarsen::anonymity::diversity::distinct(&[2, 0, 1]), 2);
/// ```
pub fn distinct(counts: &[u32]) -> u32 {
    counts.iter().filter(|&&count| count > 0).count() as u32
}

/// Entropy l: exp of the entropy in nats, a real number from 1; 0 for a class without files.
/// The sum runs over the counts in rising order, so that their numbering doesn't matter.
///
/// ```
/// let l = coarsen::anonymity::diversity::entropy(&[2, 1, 1]);
/// assert!((l - 2.828427).abs() < 1e-6);
/// ```
pub fn entropy(counts: &[u32]) -> f64 {
    let mut present: Vec<u32> = counts.iter().copied().filter(|&count| count > 0).collect();
    if present.is_empty() {
        return 0.0;
    }
    present.sort_unstable();
    let size: u64 = present.iter().map(|&count| u64::from(count)).sum();
    let shares = present.iter().map(|&count| f64::from(count) / size as f64);
    libm::exp(shares.map(|q| -q * libm::log(q)).sum::<f64>())
}

/// Recursive (c, l): c* = r1 / (rl + ... + rm) with r1 >= r2 >= ... the counts of the values that occur; the class is
/// (c, l)-diverse for every c > c*. Infinite where fewer than l values occur; l is at least 1.
///
/// ```
/// use coarsen::anonymity::diversity::recursive;
/// assert_eq!((recursive(&[2, 1, 1], 2), recursive(&[2, 1, 1], 3)), (1.0, 2.0));
/// ```
pub fn recursive(counts: &[u32], l: usize) -> f64 {
    let mut falling: Vec<u32> = counts.iter().copied().filter(|&count| count > 0).collect();
    falling.sort_unstable_by(|a, b| b.cmp(a));
    let tail: u64 = falling.iter().skip(l.max(1) - 1).map(|&count| u64::from(count)).sum();
    match falling.first() {
        Some(&first) if tail > 0 => f64::from(first) / tail as f64,
        _ => f64::INFINITY,
    }
}
