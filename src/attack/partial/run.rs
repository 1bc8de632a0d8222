//! The attackers that run: plays of one file are drawn by the completion model, and each names the likeliest.

use std::collections::BTreeSet;
use std::ops::Range;

use rayon::prelude::*;
use serde::Serialize;

use super::line::{Class, Line};
use super::watch::{Watch, power};
use super::{Attacker, TARGETS};
use crate::attack::heaviest::Sums;
use crate::attack::{Prior, Trial};
use crate::catalogue::Drawn;
use crate::catalogue::stream::Stream;
use crate::rounding::Bucket;

/// Files that may have ended where a play did, over all that whoever sees each play judges apart, at most.
const MOST_WORK: usize = 1 << 22;

/// What the attackers achieved on the same plays at one level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ran {
    /// Sees the longest of the plays.
    pub longest: Trial,
    /// Sees each of them, and knows that they are of one file. On the first of the draws alone where there are so many
    /// candidates that all would be too much work.
    pub linked: Trial,
    /// Files that last as long as the longest play at least, on average.
    pub candidates: f64,
}

/// What an attacker makes of some plays of one file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Sight {
    class: u32,
    /// The lower edges of the buckets that lie in the tail of some file, rising, each with its number of plays; of all
    /// others it matters only how many there are.
    near: Vec<(u64, u32)>,
}

impl Sight {
    /// Of the played buckets, rising, of which there is one at least.
    fn new(class: u32, watch: Watch, of: &Class, played: &[Bucket]) -> Self {
        let longest = played[played.len() - 1];
        let window = of.window(watch, longest);
        let tail = of.durations.get(window.start).filter(|_| !window.is_empty());
        let tail_from = tail.map(|&duration| watch.tail_from(duration));
        let is_near = |bucket: &&Bucket| {
            *bucket == &longest || tail_from.is_some_and(|from| bucket.to.is_none_or(|to| to > from))
        };
        let mut near: Vec<(u64, u32)> = Vec::new();
        for bucket in played.iter().filter(is_near) {
            match near.last_mut() {
                Some((from, plays)) if *from == bucket.from => *plays += 1,
                _ => near.push((bucket.from, 1)),
            }
        }
        Self { class, near }
    }
}

impl Attacker<'_> {
    /// Lines of the classes that are wanted, for each target.
    pub(super) fn lines(
        &self,
        prior: Prior,
        plays: u32,
        wanted: &[bool],
    ) -> Vec<Option<[Line; TARGETS.len()]>> {
        let scratch = || self.bounds.map(|bound| (vec![0; bound], Sums::new(bound)));
        let of_class = |scratch: &mut [(Vec<usize>, Sums); TARGETS.len()],
                        (class, &wanted): (&Class, &bool)| {
            let mut at = 0;
            wanted.then(|| {
                scratch.each_mut().map(|(last, sums)| {
                    at += 1;
                    Line::new(self.catalogue, class, &self.names[at - 1], prior, plays, last, sums)
                })
            })
        };
        self.classes.par_iter().zip(wanted).map_init(scratch, of_class).collect()
    }

    pub(super) fn run_on(
        &self,
        watch: Watch,
        plays: u32,
        prior: Prior,
        draws: u64,
        random: &mut Stream,
    ) -> [Ran; TARGETS.len()] {
        let catalogue = self.catalogue;
        let drawn = Drawn::new((0..catalogue.files()).map(|file| prior.weight(catalogue, file)));
        let (mut longest, mut linked, mut candidates) = (Vec::new(), Vec::new(), 0);
        let (mut seen, mut work) = (BTreeSet::new(), 0);
        for _ in 0..draws {
            let file = drawn.draw(random) as u32;
            let duration = catalogue.duration_ms()[file as usize];
            let mut played: Vec<Bucket> =
                (0..plays).map(|_| self.duration.bucket(watch.draw(duration, random))).collect();
            played.sort_unstable();
            let class = self.class_of[file as usize];
            let of = &self.classes[class as usize];
            let last = played[played.len() - 1];
            candidates += (of.files.len() - of.window(watch, last).start) as u64;
            longest.push((Sight { class, near: vec![(last.from, 1)] }, file));
            if work <= MOST_WORK {
                let sight = Sight::new(class, watch, of, &played);
                if seen.insert(sight.clone()) {
                    work += of.window(watch, last).len();
                }
                linked.push((sight, file));
            }
        }
        let mut wanted = vec![false; self.classes.len()];
        longest.iter().for_each(|(sight, _): &(Sight, u32)| wanted[sight.class as usize] = true);
        let lines = self.lines(prior, plays, &wanted);
        let longest = self.hits(&lines, longest, |of, sight| {
            Longest { watch, plays }.likelihood(of, self.duration.bucket(sight.near[0].0))
        });
        let linked_draws = linked.len() as u64;
        let linked = self.hits(&lines, linked, |of, sight| self.linked(watch, plays, of, sight));
        let mut at = 0;
        TARGETS.map(|_| {
            at += 1;
            Ran {
                longest: Trial::new(draws, longest[at - 1]),
                linked: Trial::new(linked_draws, linked[at - 1]),
                candidates: candidates as f64 / draws.max(1) as f64,
            }
        })
    }

    /// How often each target is named right; plays that look alike are judged once.
    fn hits(
        &self,
        lines: &[Option<[Line; TARGETS.len()]>],
        mut plays: Vec<(Sight, u32)>,
        likelihood: impl Fn(&Class, &Sight) -> Likelihood + Sync,
    ) -> [u64; TARGETS.len()] {
        plays.sort_unstable();
        let alike: Vec<&[(Sight, u32)]> = plays.chunk_by(|a, b| a.0 == b.0).collect();
        let judge = |sums: &mut [Sums; TARGETS.len()], alike: &&[(Sight, u32)]| {
            let sight = &alike[0].0;
            let class = &self.classes[sight.class as usize];
            let likelihood = likelihood(class, sight);
            let mut at = 0;
            sums.each_mut().map(|sums| {
                let line = lines[sight.class as usize].as_ref().map(|lines| &lines[at]);
                let guess = line.and_then(|line| likelihood.heaviest(line, sums));
                let right = |(_, file): &&(Sight, u32)| {
                    guess.is_some_and(|(name, _)| name == self.names[at][*file as usize])
                };
                let hits = alike.iter().filter(right).count() as u64;
                at += 1;
                hits
            })
        };
        let found: Vec<[u64; TARGETS.len()]> =
            alike.par_iter().map_init(|| self.bounds.map(Sums::new), judge).collect();
        found.iter().fold([0; TARGETS.len()], |mut sum, hits| {
            sum.iter_mut().zip(hits).for_each(|(sum, hits)| *sum += hits);
            sum
        })
    }

    /// Who sees each play: the product of their chances.
    fn linked(&self, watch: Watch, plays: u32, class: &Class, sight: &Sight) -> Likelihood {
        let near: Vec<(Bucket, u32)> =
            sight.near.iter().map(|&(from, plays)| (self.duration.bucket(from), plays)).collect();
        let window = near.last().map_or(0..0, |&(longest, _)| class.window(watch, longest));
        let far = plays - near.iter().map(|&(_, plays)| plays).sum::<u32>();
        let rest = 1.0 - watch.completion;
        // Of a play that ends before the tail the chance is the bucket's width times the density; the widths of those
        // that are far are a factor of every candidate, so they are left out.
        let width = |bucket: Bucket| bucket.to.map_or(0.0, |to| (to - bucket.from) as f64);
        let factor = near
            .iter()
            .fold(power(rest, far), |product, &(bucket, plays)| product * power(rest * width(bucket), plays));
        let chance = |&duration: &u32| {
            let density = rest / (f64::from(duration) + 1.0);
            near.iter().fold(power(density, far), |product, &(bucket, plays)| {
                product * power(watch.within(duration, bucket), plays)
            })
        };
        let chances = class.durations[window.clone()].iter().map(chance).collect();
        Likelihood { window, factor, chances }
    }
}

/// How likely the files of a class show what is seen.
pub(super) struct Likelihood {
    /// The places of those that may have ended there.
    window: Range<usize>,
    /// Of those behind, times `(D + 1)^plays`.
    factor: f64,
    /// Of each in the window.
    chances: Vec<f64>,
}

impl Likelihood {
    /// The name that holds the most.
    pub fn heaviest(&self, line: &Line, sums: &mut Sums) -> Option<(u32, f64)> {
        line.heaviest(self.window.clone(), self.factor, &self.chances, sums)
    }
}

/// Who sees the longest play: it falls into a bucket as often as all plays end below its end, but not all below its start.
#[derive(Clone, Copy)]
pub(super) struct Longest {
    pub watch: Watch,
    pub plays: u32,
}

impl Longest {
    pub fn likelihood(self, class: &Class, bucket: Bucket) -> Likelihood {
        let Self { watch, plays } = self;
        let window = class.window(watch, bucket);
        let below = |end: u64| power((1.0 - watch.completion) * end as f64, plays);
        // Nothing lies behind an open bucket.
        let factor = bucket.to.map_or(0.0, |to| below(to) - below(bucket.from));
        let chance = |&duration: &u32| {
            let ends_below = |end: u64| power(watch.below(duration, end), plays);
            if plays == 1 {
                return watch.within(duration, bucket);
            }
            bucket.to.map_or(1.0, ends_below) - ends_below(bucket.from)
        };
        let chances = class.durations[window.clone()].iter().map(chance).collect();
        Likelihood { window, factor, chances }
    }
}
