//! How much lies in classes of each size, and the k that a suppression budget leaves.

use std::collections::BTreeMap;

/// Sizes below this are counted in an array.
const SMALL: usize = 256;

/// A sum of something (files, weights) by class size (in files, titles, series).
///
/// ```
/// use coarsen::anonymity::Sizes;
/// let mut sizes = Sizes::default();
/// for (size, files) in [(1, 1), (3, 3), (5, 10)] {
///     sizes.add(size, files);
/// }
/// assert_eq!(sizes.smallest(), Some(1));
/// assert_eq!(sizes.below(5), 4);
/// assert_eq!(sizes.k_within(1), Some(3));
/// ```
#[derive(Clone, Debug)]
pub struct Sizes {
    small: Box<[u64; SMALL]>,
    large: BTreeMap<u32, u64>,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { small: Box::new([0; SMALL]), large: BTreeMap::new() }
    }
}

impl Sizes {
    /// Adds a class of that size.
    pub fn add(&mut self, size: u32, amount: u64) {
        match self.small.get_mut(size as usize) {
            Some(sum) => *sum += amount,
            None => *self.large.entry(size).or_default() += amount,
        }
    }

    /// Every size that occurs with its sum, rising.
    pub fn iter(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        let small = self.small.iter().enumerate().map(|(size, &sum)| (size as u32, sum));
        small.filter(|&(_, sum)| sum > 0).chain(self.large.iter().map(|(&size, &sum)| (size, sum)))
    }

    /// k: the smallest size; `None` without any class.
    pub fn smallest(&self) -> Option<u32> {
        self.iter().next().map(|(size, _)| size)
    }

    /// What lies in classes smaller than k.
    pub fn below(&self, k: u32) -> u64 {
        self.iter().take_while(|&(size, _)| size < k).map(|(_, sum)| sum).sum()
    }

    /// The largest k such that classes smaller than k hold at most the budget; where all may be given up,
    /// the largest size. `None` without any class.
    pub fn k_within(&self, budget: u64) -> Option<u32> {
        k_within(self.iter(), budget)
    }
}

/// The same of sizes with their amounts, rising.
pub(super) fn k_within(sizes: impl IntoIterator<Item = (u32, u64)>, budget: u64) -> Option<u32> {
    let (mut spent, mut last) = (0u64, None);
    for (size, amount) in sizes {
        last = Some(size);
        spent = spent.saturating_add(amount);
        if spent > budget {
            break;
        }
    }
    last
}
