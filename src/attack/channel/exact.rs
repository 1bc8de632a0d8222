//! Exact draws: integers and comparisons only.
//!
//! A sampler in floating point doesn't draw from the distribution that was proved safe, and its last bits can tell the
//! value (Mironov 2012). These draw exactly from it, by rejection (Canonne, Kamath and Steinke 2020: *The discrete
//! Gaussian for differential privacy*, algorithms 1 and 2).

use rand::Rng;

use super::Epsilon;

/// A whole number below `bound`, each equally likely; 0 for a bound of 0. Expected O(1).
pub fn below(bound: u64, random: &mut impl Rng) -> u64 {
    let mask = u64::MAX.checked_shr(bound.saturating_sub(1).leading_zeros()).unwrap_or(0);
    loop {
        let drawn = random.next_u64() & mask;
        if drawn < bound.max(1) {
            return drawn;
        }
    }
}

/// True with probability `part / whole`; always where the part is not less.
pub fn chance(part: u64, whole: u64, random: &mut impl Rng) -> bool {
    below(whole, random) < part
}

/// True with probability exp(-numerator/denominator), exactly. The denominator is at least 1.
/// Expected O(1 + numerator/denominator).
///
/// ```
/// use coarsen::attack::channel::exp_minus;
/// use coarsen::catalogue::stream::stream;
/// let mut random = stream(1, "example", 0);
/// let hits = (0..10_000).filter(|_| exp_minus(1, 1, &mut random)).count();
/// assert!((3_500..3_860).contains(&hits));
/// ```
pub fn exp_minus(numerator: u64, denominator: u64, random: &mut impl Rng) -> bool {
    let whole = numerator / denominator;
    (0..whole).all(|_| of_at_most_one(1, 1, random))
        && of_at_most_one(numerator % denominator, denominator, random)
}

/// The same of a part that is at most the whole: the series of exp, term by term.
fn of_at_most_one(numerator: u64, denominator: u64, random: &mut impl Rng) -> bool {
    let mut term = 1;
    // True with probability (numerator / denominator) / term, as two independent draws.
    while chance(numerator, denominator, random) && chance(1, term, random) {
        term += 1;
    }
    term % 2 == 1
}

/// A whole number with P(i) proportional to exp(-epsilon |i|): two-sided geometric noise. Expected O(1) draws.
pub fn two_sided_geometric(epsilon: Epsilon, random: &mut impl Rng) -> i64 {
    let (s, t) = (epsilon.numerator, epsilon.denominator);
    loop {
        let rest = below(t, random);
        if !exp_minus(rest, t, random) {
            continue;
        }
        let mut times = 0;
        while exp_minus(1, 1, random) {
            times += 1;
        }
        let size = (rest + t * times) / s;
        let negative = chance(1, 2, random);
        if negative && size == 0 {
            continue;
        }
        return if negative { -(size as i64) } else { size as i64 };
    }
}
