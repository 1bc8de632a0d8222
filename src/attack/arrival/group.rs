//! Files that one play may be of, as far as what it emits tells: the exact posterior, given when its reports arrive.

use super::kernel::Kernel;
use crate::attack::Prior;
use crate::attack::channel::Channel;

/// Files that emit the same.
#[derive(Default)]
pub(in crate::attack) struct Group {
    /// By duration.
    pub files: Vec<Candidate>,
    /// How many titles there are.
    pub titles: usize,
    /// Through which what leaves of them is drawn, where it is.
    pub channel: Option<Channel>,
    /// How sure who sees no arrivals is of a file and of a title, by prior, where nothing is drawn.
    without: [[f64; 2]; 2],
}

/// A file that may be behind a play.
#[derive(Clone, Copy)]
pub(in crate::attack) struct Candidate {
    pub length: i64,
    pub file: u32,
    /// Its title among those of the group.
    pub title: u32,
    pub plays: f64,
    /// What is drawn from, where a channel draws.
    pub value: u64,
}

/// The likeliest file, a file of the likeliest title, and how likely file and title are.
pub(in crate::attack) struct Guess {
    pub file: u32,
    pub of_title: u32,
    pub sure: [f64; 2],
}

impl Group {
    /// Without files yet, of which what leaves is drawn through that channel, if any.
    pub fn through(channel: Option<Channel>) -> Self {
        Self { channel, ..Self::default() }
    }

    /// Once all files are there. O(files log files).
    pub fn finish(&mut self) {
        self.files.sort_unstable_by_key(|candidate| (candidate.length, candidate.file));
        if self.channel.is_none() {
            self.without = Prior::ALL.map(|prior| self.untimed(prior, |_| 1.0));
        }
    }

    /// How sure who sees no arrivals is of a file and of a title; `output` is what was drawn, where it is.
    /// O(files) where it is.
    pub fn without(&self, output: i64, prior: Prior) -> [f64; 2] {
        match self.channel {
            None => self.without[prior as usize],
            Some(channel) => self.untimed(prior, |value| channel.probability(value, output)),
        }
    }

    fn untimed(&self, prior: Prior, chance: impl Fn(u64) -> f64) -> [f64; 2] {
        let (mut all, mut best, mut of_titles) = (0.0, [0.0f64; 2], vec![0.0; self.titles]);
        for candidate in &self.files {
            let weight = candidate.weight(prior) * chance(candidate.value);
            let of_title = &mut of_titles[candidate.title as usize];
            *of_title += weight;
            all += weight;
            best = [best[0].max(weight), best[1].max(*of_title)];
        }
        best.map(|best| if all > 0.0 { best / all } else { 0.0 })
    }

    /// The files that may be heard of at that time.
    fn near(&self, time: i64, kernel: &Kernel) -> &[Candidate] {
        let reach = kernel.reach();
        let from = self.files.partition_point(|candidate| candidate.length < time - reach);
        let to = self.files.partition_point(|candidate| candidate.length <= time + reach);
        &self.files[from..to]
    }

    /// The posterior, given who emits this and arrives so much later; `output` is what was drawn, where it is.
    /// `joint` is room for the titles. O(candidates).
    pub fn guess(
        &self,
        (time, output): (i64, i64),
        kernel: &Kernel,
        prior: Prior,
        joint: &mut Vec<f64>,
    ) -> Guess {
        match self.channel {
            None => self.weigh(time, kernel, prior, joint, |_| 1.0),
            Some(channel) => {
                self.weigh(time, kernel, prior, joint, |value| channel.probability(value, output))
            }
        }
    }

    fn weigh(
        &self,
        time: i64,
        kernel: &Kernel,
        prior: Prior,
        joint: &mut Vec<f64>,
        chance: impl Fn(u64) -> f64,
    ) -> Guess {
        joint.resize(joint.len().max(self.titles), 0.0);
        let near = self.near(time, kernel);
        let mut guess = Guess { file: u32::MAX, of_title: 0, sure: [0.0; 2] };
        let mut all = 0.0;
        for candidate in near {
            let of_time = kernel.mass(time - candidate.length);
            let mass = candidate.weight(prior) * of_time * chance(candidate.value);
            let of_title = &mut joint[candidate.title as usize];
            *of_title += mass;
            all += mass;
            if mass > guess.sure[0] {
                (guess.file, guess.sure[0]) = (candidate.file, mass);
            }
            // Sums only grow, so the last to be the largest is it.
            if *of_title > guess.sure[1] {
                (guess.of_title, guess.sure[1]) = (candidate.file, *of_title);
            }
        }
        near.iter().for_each(|candidate| joint[candidate.title as usize] = 0.0);
        if all > 0.0 {
            guess.sure = guess.sure.map(|sure| sure / all);
        }
        guess
    }
}

impl Candidate {
    /// By the prior.
    pub fn weight(&self, prior: Prior) -> f64 {
        match prior {
            Prior::Uniform => 1.0,
            Prior::Popularity => self.plays,
        }
    }
}
