//! How often plays of others leave as a play of one file may, through a channel.

use std::collections::BTreeMap;

use super::super::Prior;
use super::super::channel::{Channel, Geometric};
use super::super::through::{MOST_TERMS, Part, Through, TooFine};
use super::scores::Yield;

/// Of noise, what is further from the file than this, as a natural logarithm, tells nothing that is worth a step.
const NEGLIGIBLE: f64 = 40.0;

/// The outputs of a file, where a server plays others so often on average. O(files of its part + outputs).
///
/// # Errors
/// [`TooFine`] for noise that reaches over too many units.
pub(super) fn yields(
    through: &Through<'_>,
    part: &Part,
    file: u32,
    prior: Prior,
    plays: f64,
) -> Result<Vec<Yield>, TooFine> {
    let catalogue = through.catalogue();
    let weight = |file: u32| prior.weight(catalogue, file as usize);
    let all: u64 = (0..catalogue.files() as u32).filter(|&other| other != file).map(weight).sum();
    let scale = if all > 0 { plays / all as f64 } else { 0.0 };
    let value = |file: u32| through.values()[file as usize];
    let own = value(file);
    let others =
        part.files.iter().filter(|&&other| other != file).map(|&other| (value(other), weight(other)));
    let once =
        |output, chance, mass: f64| Yield { output: Some(output), times: 1.0, chance, others: scale * mass };
    Ok(match part.channel {
        Channel::Stochastic(of) => {
            let down = i64::try_from(own / of.width).unwrap_or(i64::MAX);
            let mut mass = [0.0; 2];
            for (value, weight) in others {
                for (output, mass) in [down, down.saturating_add(1)].into_iter().zip(&mut mass) {
                    *mass += weight as f64 * of.probability(value, output);
                }
            }
            let outputs = [down, down.saturating_add(1)].into_iter().zip(mass);
            let outputs = outputs.map(|(output, mass)| once(output, of.probability(own, output), mass));
            outputs.filter(|of| of.chance > 0.0).collect()
        }
        Channel::Noise(of) => {
            let by_place = by_place(part.channel, others);
            let around = around(of, own, &by_place)?;
            let chance = |output: i64| of.probability(output - of.place(own));
            around.into_iter().map(|(output, mass)| once(output, chance(output), mass)).collect()
        }
        Channel::Response(of) => {
            let by_place = by_place(part.channel, others);
            let whole: f64 = by_place.values().sum();
            let truth = of.probability(own, of.place(own));
            let lie = truth * libm::exp(-of.epsilon.value());
            let mass = |held: f64| truth * held + lie * (whole - held);
            let mut told: Vec<Yield> = by_place
                .iter()
                .map(|(&output, &held)| once(output, of.probability(own, output), mass(held)))
                .collect();
            if !by_place.contains_key(&of.place(own)) {
                told.push(once(of.place(own), truth, mass(0.0)));
            }
            let times = of.buckets() as f64 - told.len() as f64;
            told.push(Yield { output: None, times, chance: lie, others: scale * mass(0.0) });
            told
        }
    })
}

fn by_place(channel: Channel, others: impl Iterator<Item = (u64, u64)>) -> BTreeMap<i64, f64> {
    let mut places: BTreeMap<i64, u64> = BTreeMap::new();
    others.for_each(|(value, weight)| *places.entry(channel.place(value)).or_default() += weight);
    places.into_iter().map(|(place, weight)| (place, weight as f64)).collect()
}

/// The outputs near a value, each with the weight that others put there: from both sides, as noise fades by one factor
/// for each unit.
fn around(of: Geometric, own: u64, places: &BTreeMap<i64, f64>) -> Result<Vec<(i64, f64)>, TooFine> {
    let (epsilon, alpha) = (of.epsilon.value(), of.alpha());
    let reach = (NEGLIGIBLE / epsilon).ceil();
    if 64.0 * reach > MOST_TERMS as f64 {
        return Err(TooFine { terms: (64.0 * reach) as u64, most: MOST_TERMS });
    }
    let (at, reach) = (of.place(own), reach as i64);
    let (from, to) = (at.saturating_sub(reach), at.saturating_add(reach));
    let held = |place: i64| places.get(&place).copied().unwrap_or(0.0);
    let faded =
        |(&place, &weight): (&i64, &f64), end: i64| weight * libm::exp(-epsilon * place.abs_diff(end) as f64);
    let mut left: f64 = places.range(..from).map(|place| faded(place, from)).sum();
    let mut masses: Vec<(i64, f64)> = Vec::with_capacity((2 * reach + 1) as usize);
    for place in from..=to {
        left = if place == from { left } else { alpha * left } + held(place);
        masses.push((place, left));
    }
    let mut right: f64 = places.range(to.saturating_add(1)..).map(|place| faded(place, to)).sum();
    for (place, mass) in masses.iter_mut().rev() {
        let here = held(*place);
        *mass = (*mass + right) * (1.0 - alpha) / (1.0 + alpha);
        right = alpha * (right + here);
    }
    Ok(masses)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::channel::Randomized;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Against the sum over all others.
        #[test]
        fn noise_from_both_sides_is_all_of_it(
            values in prop::collection::vec((0u64..400, 1u64..9), 0..12), own in 0u64..400, epsilon in 1u32..30,
        ) {
            let written = format!("noise:{}@1ms", f64::from(epsilon) / 10.0);
            let Channel::Noise(of) = written.parse::<Randomized>().expect("noise").channel else { unreachable!() };
            let places = by_place(Channel::Noise(of), values.iter().copied());
            for (output, mass) in around(of, own, &places).expect("near") {
                let sum = values.iter().map(|&(value, weight)| weight as f64 * of.probability(output - value as i64));
                let sum: f64 = sum.sum();
                // Below the smallest normal number floats lose their digits.
                prop_assert!((mass - sum).abs() <= 1e-9 * sum + f64::MIN_POSITIVE, "{output}: {mass}, {sum}");
            }
        }
    }
}
