//! Sums by a number that is mostly small, and seen again and again, such as a class size.

/// A sum for each number that was added to: numbers that are small in an array, which grows as they come, the others one
/// by one. Entries of one number are put together whenever there are half as many again as numbers: a sweep holds hundreds
/// of these, so they are kept small however much is added.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    near: Vec<i64>,
    far: Vec<(u32, i64)>,
}

/// Numbers below this lie in the array: what is larger is rare, even among the classes of ten million files.
const NEAR: usize = 1_024;
/// The array has this many at least, once it has any.
const FEWEST: usize = 64;
const LEAST: usize = 256;

impl Sums {
    /// Amortized O(1) for a near number, O(log numbers) for a far one.
    #[inline]
    pub fn add(&mut self, number: u32, amount: i64) {
        match self.near.get_mut(number as usize) {
            Some(sum) => *sum += amount,
            None => self.add_beyond(number, amount),
        }
    }

    #[inline(never)]
    fn add_beyond(&mut self, number: u32, amount: i64) {
        let at = number as usize;
        if at < NEAR {
            self.near.resize((at + 1).next_power_of_two().max(FEWEST), 0);
            self.near[at] += amount;
            return;
        }
        if self.far.len() == self.far.capacity() {
            self.settle();
            self.far.reserve_exact(LEAST.max(self.far.len() / 2));
        }
        self.far.push((number, amount));
    }

    pub fn take(&mut self, other: &Self) {
        let near = other.near.iter().enumerate().filter(|(_, sum)| **sum != 0);
        near.for_each(|(number, &sum)| self.add(number as u32, sum));
        other.far.iter().for_each(|&(number, sum)| self.add(number, sum));
    }

    /// The sum of a near number.
    pub fn of_near(&self, number: usize) -> i64 {
        self.near.get(number).copied().unwrap_or(0)
    }

    /// Each number once, rising, with its sum, unless that is 0. O(numbers log numbers).
    pub fn rising(&self) -> Vec<(u32, i64)> {
        let near = self.near.iter().enumerate().map(|(number, &sum)| (number as u32, sum));
        let mut all: Vec<(u32, i64)> = near.filter(|entry| entry.1 != 0).collect();
        let mut far = Self { near: Vec::new(), far: self.far.clone() };
        far.settle();
        all.append(&mut far.far);
        all
    }

    fn settle(&mut self) {
        self.far.sort_unstable_by_key(|entry| entry.0);
        self.far.dedup_by(|next, held| {
            let same = next.0 == held.0;
            held.1 += if same { next.1 } else { 0 };
            same
        });
        self.far.retain(|entry| entry.1 != 0);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn they_are_those_of_a_map(
            added in proptest::collection::vec(
                (prop_oneof![0u32..40, 1_000..1_050u32, any::<u32>().prop_map(|n| n >> 29 << 29)], -3i64..4), 0..2_000,
            ),
        ) {
            let (mut sums, mut parts) = (Sums::default(), [Sums::default(), Sums::default()]);
            let mut map: BTreeMap<u32, i64> = BTreeMap::new();
            for (at, &(number, amount)) in added.iter().enumerate() {
                sums.add(number, amount);
                parts[at % 2].add(number, amount);
                *map.entry(number).or_default() += amount;
                prop_assert!(sums.far.len() <= 2 * LEAST);
            }
            map.retain(|_, sum| *sum != 0);
            prop_assert_eq!(sums.of_near(1), map.get(&1).copied().unwrap_or(0));
            let (mut both, second) = (parts[0].clone(), &parts[1]);
            both.take(second);
            let map: Vec<(u32, i64)> = map.into_iter().collect();
            prop_assert_eq!(sums.rising(), map.clone());
            prop_assert_eq!(both.rising(), map);
        }
    }
}
