//! δ-disclosure of one class: how far the share of any sensitive value lies from that of the whole table, as a ratio.
//!
//! Source: Brickell and Shmatikov 2008.

/// The largest |ln(q / p)| over the values of the whole, in nats, 0 to infinity; the class keeps δ-disclosure privacy for
/// every δ above it. A value that the class lacks has q = 0 and makes it **infinite**: who leaves such values out has a
/// measure that can rise as classes merge. Counts of the class and of the whole, value by value; 0 where either has
/// no file. O(values).
///
/// ```
/// use coarsen::anonymity::disclosure::delta;
/// assert_eq!(delta(&[1, 1], &[2, 2]), 0.0);
/// assert!((delta(&[1, 3], &[4, 4]) - 2f64.ln()).abs() < 1e-12);
/// assert_eq!(delta(&[2, 0], &[4, 4]), f64::INFINITY);
/// ```
pub fn delta(class: &[u32], whole: &[u32]) -> f64 {
    let sum = |counts: &[u32]| counts.iter().map(|&count| f64::from(count)).sum::<f64>();
    let (files, all) = (sum(class), sum(whole));
    if files == 0.0 || all == 0.0 {
        return 0.0;
    }
    let of_value = |(&q, &p): (&u32, &u32)| match (q, p) {
        (_, 0) => 0.0,
        (0, _) => f64::INFINITY,
        _ => libm::log(f64::from(q) * all / (f64::from(p) * files)).abs(),
    };
    class.iter().zip(whole).map(of_value).fold(0.0, f64::max)
}
