//! Popularity as exact integer weights.

/// What a catalogue was given as popularity.
#[derive(Clone, Debug)]
pub(super) enum Popularity {
    Unknown,
    /// The weights as they are, so they needn't be kept twice.
    Weights,
    Given(Vec<f64>),
}

/// Integer weights proportional to popularity.
///
/// Whole numbers whose sum is under 2^62 (counts of plays) are taken as they are. Otherwise each weight is
/// `round(p / max(p) · 2^52)`, and all are shifted right by as many bits as bring their sum under 2^62. Sums of weights are therefore exact, and depend on no order and no thread.
/// The relative error of one weight is below 2^-32 of the largest for up to a million files.
/// All zero is no popularity at all: every weight is then equal.
/// What was given is given back to be kept, unless the weights hold it.
pub(super) fn weights(popularity: Option<Vec<f64>>, files: usize) -> (Vec<u64>, Popularity) {
    let Some(popularity) = popularity else { return (vec![1; files], Popularity::Unknown) };
    let max = popularity.iter().copied().fold(0.0, f64::max);
    if max == 0.0 {
        return (vec![1; files], Popularity::Given(popularity));
    }
    const WHOLE: f64 = (1u64 << 53) as f64;
    if popularity.iter().all(|p| p.fract() == 0.0 && *p <= WHOLE)
        && popularity.iter().map(|&p| u128::from(p as u64)).sum::<u128>() < 1 << 62
    {
        let counts = popularity.iter().map(|&p| p as u64).collect();
        // A zero may have a sign, which no weight has.
        let signed = popularity.iter().any(|p| p.is_sign_negative());
        return (counts, if signed { Popularity::Given(popularity) } else { Popularity::Weights });
    }
    const UNIT: f64 = (1u64 << 52) as f64;
    let mut weights: Vec<u64> = popularity.iter().map(|p| (p / max * UNIT).round() as u64).collect();
    let total: u128 = weights.iter().map(|&w| u128::from(w)).sum();
    let shift = (u128::BITS - total.leading_zeros()).saturating_sub(62);
    for weight in &mut weights {
        *weight >>= shift;
    }
    (weights, Popularity::Given(popularity))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Catalogue, Columns, SideField};
    use proptest::prelude::*;

    fn popularity() -> impl Strategy<Value = Vec<f64>> {
        let whole = (0u32..5).prop_map(f64::from);
        let large = prop_oneof![Just(9_007_199_254_740_992.0), Just(1e300), Just(f64::MIN_POSITIVE)];
        let any = prop_oneof![20 => whole.clone(), 1 => Just(-0.0), 1 => 0.0..9.0, 1 => large];
        prop_oneof![proptest::collection::vec(whole, 1..9), proptest::collection::vec(any, 1..9)]
    }

    proptest! {
        #[test]
        fn what_is_given_is_given_back(given in popularity(), picked in proptest::collection::vec(0..9usize, 1..5)) {
            let catalogue = Catalogue::new(Columns {
                title: vec![0; given.len()],
                duration_ms: vec![1; given.len()],
                popularity: Some(given.clone()),
                side: [(SideField::Kind, given.iter().map(|_| Some("clip")).collect())].into(),
                ..Columns::default()
            });
            let catalogue = catalogue.expect("a legal catalogue");
            let bits = |all: &[f64]| all.iter().map(|p| p.to_bits()).collect::<Vec<u64>>();
            let held = |catalogue: &Catalogue| bits(&catalogue.popularity().expect("given").collect::<Vec<f64>>());
            prop_assert_eq!(held(&catalogue), bits(&given));

            let rows: Vec<u32> = picked.iter().map(|row| (row % given.len()) as u32).collect();
            let part = catalogue.select(&rows).expect("rows");
            let of_rows: Vec<f64> = rows.iter().map(|&row| given[row as usize]).collect();
            prop_assert_eq!(held(&part), bits(&of_rows));
            prop_assert!(part.weight().iter().any(|&weight| weight > 0));
        }

        #[test]
        fn whole_numbers_are_their_own_weights(counts in proptest::collection::vec(0u32.., 1..9)) {
            let given: Vec<f64> = counts.iter().copied().map(f64::from).collect();
            let (weights, held) = weights(Some(given), counts.len());
            if counts.iter().any(|&count| count > 0) {
                prop_assert_eq!(weights, counts.into_iter().map(u64::from).collect::<Vec<u64>>());
                prop_assert!(matches!(held, Popularity::Weights));
            } else {
                prop_assert_eq!(weights, vec![1; counts.len()]);
            }
        }
    }
}
