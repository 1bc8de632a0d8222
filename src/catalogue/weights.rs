//! Popularity as exact integer weights.

/// Integer weights proportional to popularity.
///
/// Whole numbers whose sum is under 2^62 (counts of plays) are taken as they are. Otherwise each weight is
/// `round(p / max(p) · 2^52)`, and all are shifted right by as many bits as bring their sum under 2^62. Sums of weights are therefore exact, and depend on no order and no thread.
/// The relative error of one weight is below 2^-32 of the largest for up to a million files.
/// All zero is no popularity at all: every weight is then equal.
pub(super) fn weights(popularity: Option<&[f64]>, files: usize) -> Vec<u64> {
    let Some(popularity) = popularity else { return vec![1; files] };
    let max = popularity.iter().copied().fold(0.0, f64::max);
    if max == 0.0 {
        return vec![1; files];
    }
    const WHOLE: f64 = (1u64 << 53) as f64;
    if popularity.iter().all(|p| p.fract() == 0.0 && *p <= WHOLE) {
        let counts: Vec<u64> = popularity.iter().map(|&p| p as u64).collect();
        if counts.iter().map(|&w| u128::from(w)).sum::<u128>() < 1 << 62 {
            return counts;
        }
    }
    const UNIT: f64 = (1u64 << 52) as f64;
    let mut weights: Vec<u64> = popularity.iter().map(|p| (p / max * UNIT).round() as u64).collect();
    let total: u128 = weights.iter().map(|&w| u128::from(w)).sum();
    let shift = (u128::BITS - total.leading_zeros()).saturating_sub(62);
    for weight in &mut weights {
        *weight >>= shift;
    }
    weights
}
