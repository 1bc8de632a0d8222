//! How often titles are played.

use rand::Rng;

use super::draw::{below, normal};
use super::recipe::Popularity;

/// Ranks dealt at random over all titles, so that popularity says nothing about kind or order.
pub(super) struct Ranks {
    /// From 1, by title.
    rank: Vec<u32>,
    law: Popularity,
}

impl Ranks {
    pub(super) fn new(law: Popularity, titles: u32, random: &mut impl Rng) -> Self {
        let mut rank: Vec<u32> = (1..=titles).collect();
        for last in (1..titles).rev() {
            rank.swap(last as usize, below(random, last + 1) as usize);
        }
        Self { rank, law }
    }

    /// Weights of the files of a title, whose sum is the title's.
    pub(super) fn split(&self, title: u32, factor: f64, files: usize, random: &mut impl Rng) -> Vec<f64> {
        let parts: Vec<f64> = (0..files).map(|_| libm::exp(self.law.uneven * normal(random))).collect();
        if self.law.exponent == 0.0 {
            return vec![1.0; files];
        }
        let whole = factor * self.of_title(title) / parts.iter().sum::<f64>();
        parts.iter().map(|part| part * whole).collect()
    }

    fn of_title(&self, title: u32) -> f64 {
        let rank = f64::from(self.rank[title as usize]);
        let reach = self.law.cutoff * self.rank.len() as f64;
        libm::pow(rank, -self.law.exponent) * libm::exp(-rank / reach)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::stream::stream;

    #[test]
    fn every_rank_is_dealt_once_and_the_law_holds() {
        let law = Popularity { exponent: 0.8, cutoff: 0.5, uneven: 1.0 };
        let ranks = Ranks::new(law, 1_000, &mut stream(9, "ranks", 0));
        let mut sorted = ranks.rank.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (1..=1_000).collect::<Vec<u32>>());
        assert_ne!(ranks.rank, sorted);
        let title = |rank| ranks.rank.iter().position(|&r| r == rank).expect("every rank is dealt") as u32;
        let ratio = ranks.of_title(title(1)) / ranks.of_title(title(100));
        assert!((ratio - libm::pow(100.0, 0.8) * libm::exp(99.0 / 500.0)).abs() < 1e-9);
        let files = ranks.split(title(1), 0.5, 3, &mut stream(1, "split", 0));
        assert!((files.iter().sum::<f64>() - 0.5 * ranks.of_title(title(1))).abs() < 1e-12);
    }

    #[test]
    fn exponent_0_is_uniform() {
        let ranks = Ranks::new(
            Popularity { exponent: 0.0, cutoff: 0.5, uneven: 1.0 },
            10,
            &mut stream(9, "ranks", 0),
        );
        assert_eq!(ranks.split(3, 0.2, 2, &mut stream(1, "split", 0)), [1.0, 1.0]);
    }
}
