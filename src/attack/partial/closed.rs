//! Who sees the longest play, in closed form: the sum over all buckets of the most that one name holds.

use rayon::prelude::*;

use super::line::Class;
use super::run::Longest;
use super::watch::Watch;
use super::{Attacker, TARGETS};
use crate::attack::Prior;
use crate::attack::heaviest::Sums;
use crate::rounding::Bucket;

/// Buckets, and files that may have ended in them, that are summed over, at most.
const MOST_PAIRS: usize = 1 << 24;

impl Attacker<'_> {
    pub(super) fn closed_form_of(
        &self,
        watch: Watch,
        plays: u32,
        prior: Prior,
    ) -> Option<[f64; TARGETS.len()]> {
        let buckets = self.buckets(watch)?;
        let lines = self.lines(prior, plays, &vec![true; self.classes.len()]);
        let of_class = |sums: &mut [Sums; TARGETS.len()], (at, class): (usize, &Class)| {
            let mut held = [0.0; TARGETS.len()];
            for &bucket in buckets.iter().take_while(|bucket| reaches(class, bucket)) {
                let likelihood = Longest { watch, plays }.likelihood(class, bucket);
                for (target, line) in lines[at].iter().flatten().enumerate() {
                    held[target] +=
                        likelihood.heaviest(line, &mut sums[target]).map_or(0.0, |(_, held)| held);
                }
            }
            held
        };
        let scratch = || self.bounds.map(Sums::new);
        let found: Vec<[f64; TARGETS.len()]> =
            self.classes.par_iter().enumerate().map_init(scratch, of_class).collect();
        let files = 0..self.catalogue.files();
        let all = files.map(|file| u128::from(prior.weight(self.catalogue, file))).sum::<u128>() as f64;
        let mut target = 0;
        Some(TARGETS.map(|_| {
            target += 1;
            found.iter().map(|of_class| of_class[target - 1]).sum::<f64>() / all
        }))
    }

    /// The buckets that a play may end in; `None` where they, or the files that may have ended in them, are too many.
    fn buckets(&self, watch: Watch) -> Option<Vec<Bucket>> {
        let longest = self.catalogue.duration_ms().iter().copied().max().map_or(0, u64::from);
        let (mut buckets, mut next, mut pairs) = (Vec::new(), Some(0), 0usize);
        while let Some(value) = next.filter(|&value| value <= longest) {
            let bucket = self.duration.bucket(value);
            let reached = self.classes.iter().filter(|class| reaches(class, &bucket));
            pairs += reached.map(|class| 1 + class.window(watch, bucket).len()).sum::<usize>();
            if pairs > MOST_PAIRS {
                return None;
            }
            buckets.push(bucket);
            next = bucket.to;
        }
        Some(buckets)
    }
}

/// Whether some file lasts until the bucket.
fn reaches(class: &Class, bucket: &Bucket) -> bool {
    class.durations.last().is_some_and(|&longest| u64::from(longest) >= bucket.from)
}
