//! When the attacker is sure enough to speak, given that the file may be one that its catalogue lacks.

use std::collections::BTreeMap;

use serde::Serialize;

/// What the attacker reckons with beyond its catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Doubt {
    /// It knows which share of the titles it holds. How many it lacks where it holds k, it learns from where it holds
    /// k + 1.
    Coverage,
    /// It also knows how often each class is reported, as whoever collects the reports does, and so how much of each
    /// class its catalogue lacks. No attacker of this catalogue can know more.
    Counts,
}

impl Doubt {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Coverage, Self::Counts];
}

/// One class as an attacker knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// Titles that its catalogue holds of it.
    pub titles: u64,
    /// Their weight.
    pub listed: u64,
    /// That of the largest.
    pub top: u64,
    /// What is played of it, whether listed or not.
    pub played: u64,
}

/// The weight that a catalogue lacks in a class of which it holds k titles, on average: Good's estimate.
///
/// Where each title is held with probability c on its own, a title that is lacking beside k others is as good as one
/// that is held beside k others, but (1 - c) / c times as often. So the weight that is lacking in all classes of k
/// titles is, in expectation and exactly, (1 - c) / c times the weight that is held in classes of k + 1. Classes are
/// taken together by powers of two of k. Source: Good 1953, "The population frequencies of species".
pub(super) struct Missing {
    coverage_percent: u32,
    /// By the power of two: the number of classes of k titles, and the weight in those of k + 1.
    of: BTreeMap<u32, (u64, u64)>,
}

impl Missing {
    /// Learns from all classes. O(classes log log titles).
    pub fn learn(coverage_percent: u32, classes: impl Iterator<Item = Held>) -> Self {
        let mut of: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
        for held in classes.filter(|held| held.titles > 0) {
            of.entry(held.titles.ilog2()).or_default().0 += 1;
            if held.titles > 1 {
                of.entry((held.titles - 1).ilog2()).or_default().1 += held.listed;
            }
        }
        Self { coverage_percent, of }
    }

    /// Whether the largest title of a class holds 95 % of it, with what may be missing; exactly.
    pub fn is_sure(&self, held: Held, doubt: Doubt) -> bool {
        // Nothing that is listed is ever played.
        if held.top == 0 {
            return false;
        }
        let (top, listed) = (u128::from(held.top), u128::from(held.listed));
        match doubt {
            Doubt::Counts => 20 * top >= 19 * listed.max(u128::from(held.played)),
            Doubt::Coverage => {
                let (classes, larger) = self.of.get(&held.titles.ilog2()).copied().unwrap_or((1, 0));
                let (known, unknown) = (self.coverage_percent, 100 - self.coverage_percent);
                let scale = u128::from(classes) * u128::from(known);
                20 * top * scale >= 19 * (listed * scale + u128::from(larger) * u128::from(unknown))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Over all the catalogues that could have been drawn: what lacks in classes of so many titles is, in
        /// expectation, what [`Missing`] reckons with.
        #[test]
        fn what_is_missing_is_right_on_average(
            titles in prop::collection::vec((0usize..3, 0u64..9), 1..9), coverage_percent in 1u32..101,
        ) {
            let share = f64::from(coverage_percent) / 100.0;
            let mut sums: BTreeMap<u32, [f64; 2]> = BTreeMap::new();
            for subset in 0..1u32 << titles.len() {
                let known = subset.count_ones() as i32;
                let chance = share.powi(known) * (1.0 - share).powi(titles.len() as i32 - known);
                let (mut classes, mut absent) = ([Held::default(); 3], [0u64; 3]);
                for (at, &(class, weight)) in titles.iter().enumerate() {
                    if subset >> at & 1 == 1 {
                        classes[class].titles += 1;
                        classes[class].listed += weight;
                    } else {
                        absent[class] += weight;
                    }
                }
                for (power, (_, larger)) in Missing::learn(coverage_percent, classes.into_iter()).of {
                    sums.entry(power).or_default()[0] += chance * larger as f64 * (1.0 - share) / share;
                }
                for (held, absent) in classes.iter().zip(absent).filter(|(held, _)| held.titles > 0) {
                    sums.entry(held.titles.ilog2()).or_default()[1] += chance * absent as f64;
                }
            }
            for [reckoned, absent] in sums.into_values() {
                prop_assert!((reckoned - absent).abs() < 1e-9, "{reckoned} {absent}");
            }
        }
    }

    #[test]
    fn nineteen_of_twenty_are_enough_and_no_less() {
        let held = |top, rest| Held { titles: 2, listed: top + rest, top, played: top + rest };
        let missing = Missing::learn(100, [held(19, 1)].into_iter());
        for doubt in Doubt::ALL {
            assert!(missing.is_sure(held(19, 1), doubt));
            assert!(!missing.is_sure(held(18, 1), doubt));
            assert!(missing.is_sure(held(19 << 55, 1 << 55), doubt));
            assert!(!missing.is_sure(held((19 << 55) - 1, 1 << 55), doubt));
            assert!(!missing.is_sure(held(0, 0), doubt));
        }
        // One class of one title, and 2 more titles in a class of two, at a coverage of one half: 2 may be missing.
        let one = Held { titles: 1, listed: 37, top: 37, played: 39 };
        let missing = Missing::learn(50, [one, Held { titles: 2, listed: 2, top: 1, played: 2 }].into_iter());
        assert!(!missing.is_sure(one, Doubt::Coverage) && !missing.is_sure(one, Doubt::Counts));
        let one = Held { listed: 38, top: 38, played: 40, ..one };
        assert!(missing.is_sure(one, Doubt::Coverage) && missing.is_sure(one, Doubt::Counts));
    }
}
