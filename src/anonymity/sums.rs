//! Sums by a number that is mostly seen again and again, such as a class size.

/// A sum for each number that was added to. Entries of one number are put together whenever there are half as many again
/// as numbers: a sweep holds hundreds of these, so they are kept small however much is added.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    entries: Vec<(u32, i64)>,
}

const LEAST: usize = 256;

impl Sums {
    /// Amortized O(log numbers).
    #[inline]
    pub fn add(&mut self, number: u32, amount: i64) {
        if self.entries.len() == self.entries.capacity() {
            self.settle();
            self.entries.reserve_exact(LEAST.max(self.entries.len() / 2));
        }
        self.entries.push((number, amount));
    }

    pub fn take(&mut self, other: &Self) {
        other.entries.iter().for_each(|&(number, amount)| self.add(number, amount));
    }

    /// Each number once, rising, with its sum, unless that is 0.
    pub fn rising(&self) -> impl Iterator<Item = (u32, i64)> + Clone + use<> {
        let mut all = self.clone();
        all.settle();
        all.entries.into_iter()
    }

    fn settle(&mut self) {
        self.entries.sort_unstable_by_key(|entry| entry.0);
        self.entries.dedup_by(|next, held| {
            let same = next.0 == held.0;
            held.1 += if same { next.1 } else { 0 };
            same
        });
        self.entries.retain(|entry| entry.1 != 0);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn they_are_those_of_a_map(added in proptest::collection::vec((0u32..40, -3i64..4), 0..2_000)) {
            let (mut sums, mut parts) = (Sums::default(), [Sums::default(), Sums::default()]);
            let mut map: BTreeMap<u32, i64> = BTreeMap::new();
            for (at, &(number, amount)) in added.iter().enumerate() {
                sums.add(number, amount);
                parts[at % 2].add(number, amount);
                *map.entry(number).or_default() += amount;
                prop_assert!(sums.entries.len() <= 2 * LEAST);
            }
            map.retain(|_, sum| *sum != 0);
            let (mut both, second) = (parts[0].clone(), &parts[1]);
            both.take(second);
            prop_assert_eq!(sums.rising().collect::<BTreeMap<_, _>>(), map.clone());
            prop_assert!(both.rising().eq(map));
        }
    }
}
