//! The attacker that runs: sees outputs that were drawn, weighs every file that could have yielded them, guesses.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use crate::attack::bayes::{GUESSES, Ranked};
use crate::attack::channel::{Channel, Draws, Stochastic};
use crate::attack::seen::{Seen, Sight};
use crate::attack::{Prior, Target, Trial};
use crate::catalogue::stream::Stream;
use crate::catalogue::{Catalogue, Drawn};
use crate::classes::{Generalization, Key};

/// Of noise, what is less likely than the nearest file by a factor of e^60 isn't weighed: no guess hangs on it.
const NEGLIGIBLE: f64 = 60.0;

/// An attacker that has studied a catalogue of which one number leaves through a channel. It knows nothing of
/// [`Through`](super::Through): it hashes what else leaves, and sums probabilities over files.
pub struct Guesser<'a> {
    catalogue: &'a Catalogue,
    channel: Channel,
    prior: Prior,
    drawn: Drawn,
    /// For each file, by what else leaves of it, which are its like.
    like: Vec<u32>,
    /// What is drawn from, for each file.
    values: Vec<u64>,
    /// The files of each by rising value, and whether what is drawn leaves of them at all.
    alike: Vec<(Vec<u32>, bool)>,
}

impl<'a> Guesser<'a> {
    /// Studies the catalogue. O(files log files).
    pub fn study(catalogue: &'a Catalogue, key: Key<'a>, draws: impl Into<Draws>, prior: Prior) -> Self {
        let nothing = Generalization::drop();
        let Draws { subject, channel } = draws.into();
        let value = subject.values(&key, catalogue);
        let sight = Sight::new(catalogue, subject.beside(key, &nothing));
        let mut numbers: HashMap<(Seen, bool), u32> = HashMap::new();
        let (mut like, mut values, mut alike) = (Vec::new(), Vec::new(), Vec::<(Vec<u32>, bool)>::new());
        for file in 0..catalogue.files() as u32 {
            let (seen, value) = (sight.see(file as usize), value(file as usize));
            let told = seen.is_some() && value.is_some();
            let next = numbers.len() as u32;
            let number = *numbers.entry((seen, told)).or_insert(next);
            if number == next && alike.len() as u32 == next {
                alike.push((Vec::new(), told));
            }
            alike[number as usize].0.push(file);
            like.push(number);
            values.push(value.unwrap_or(0));
        }
        alike.iter_mut().for_each(|(files, _)| files.sort_unstable_by_key(|&file| values[file as usize]));
        let drawn = Drawn::new((0..catalogue.files()).map(|file| prior.weight(catalogue, file)));
        Self { catalogue, channel, prior, drawn, like, values, alike }
    }

    /// Draws plays by the prior and names the target of each. The same on any number of threads.
    /// O(plays x files that are likely).
    pub fn run(&self, target: Target, draws: u64, random: &mut Stream) -> Ranked {
        self.judge(target, draws, random, |random| self.drawn.draw(random))
    }

    /// The same on plays of these files. `None` where none of them is ever played.
    ///
    /// # Panics
    /// Where there is no such file.
    pub fn run_on(&self, files: &[u32], target: Target, draws: u64, random: &mut Stream) -> Option<Ranked> {
        let weight = |&file: &u32| self.prior.weight(self.catalogue, file as usize);
        let drawn = Drawn::new(files.iter().map(weight));
        let play = |random: &mut Stream| files[drawn.draw(random)] as usize;
        (drawn.total() > 0).then(|| self.judge(target, draws, random, play))
    }

    fn judge(
        &self,
        target: Target,
        draws: u64,
        random: &mut Stream,
        play: impl Fn(&mut Stream) -> usize,
    ) -> Ranked {
        let play = |_| {
            let file = play(random);
            let like = self.like[file];
            let told = self.alike[like as usize].1;
            let output = if told { self.channel.sample(self.values[file], random) } else { 0 };
            (file, like, output)
        };
        let plays: Vec<(usize, u32, i64)> = (0..draws).map(play).collect();
        let seen: BTreeSet<(u32, i64)> = plays.iter().map(|&(_, like, output)| (like, output)).collect();
        let seen: Vec<(u32, i64)> = seen.into_iter().collect();
        let names = target.names(self.catalogue);
        let guesses: Vec<Vec<u32>> =
            seen.par_iter().map(|&(like, output)| self.guess(like, output, &names)).collect();
        let (mut first, mut any) = (0, 0);
        for &(file, like, output) in &plays {
            let found = seen.binary_search(&(like, output)).map_or(&[][..], |place| &guesses[place]);
            let place = found.iter().position(|&guess| guess == names[file]);
            first += u64::from(place == Some(0));
            any += u64::from(place.is_some());
        }
        Ranked { top1: Trial::new(draws, first), top3: Trial::new(draws, any) }
    }

    /// The likeliest names, in order.
    fn guess(&self, like: u32, output: i64, names: &[u32]) -> Vec<u32> {
        let (files, told) = &self.alike[like as usize];
        let files = if *told { likely(self.channel, &self.values, files, output) } else { files };
        let mut sums: HashMap<u32, f64> = HashMap::new();
        for same in files.chunk_by(|&a, &b| self.values[a as usize] == self.values[b as usize]) {
            let chance =
                if *told { self.channel.probability(self.values[same[0] as usize], output) } else { 1.0 };
            for &file in same {
                let weight = self.prior.weight(self.catalogue, file as usize) as f64;
                *sums.entry(names[file as usize]).or_default() += weight * chance;
            }
        }
        let mut sums: Vec<(u32, f64)> = sums.into_iter().filter(|&(_, sum)| sum > 0.0).collect();
        sums.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        sums.into_iter().take(GUESSES).map(|(name, _)| name).collect()
    }
}

/// Of files by rising value those that can have yielded the output. O(log files).
pub(super) fn likely<'f>(channel: Channel, values: &[u64], files: &'f [u32], output: i64) -> &'f [u32] {
    let from = |bound: i128| files.partition_point(|&file| i128::from(values[file as usize]) < bound);
    let whole = |unit: u64, output: i64| i128::from(unit) * i128::from(output);
    match channel {
        // A value yields multiples less than one width from it.
        Channel::Stochastic(Stochastic { width }) => {
            &files[from(whole(width, output.saturating_sub(1)) + 1)
                ..from(whole(width, output.saturating_add(1)))]
        }
        Channel::Noise(of) => {
            let right = from(whole(of.unit, output));
            let away = |&file: &u32| of.place(values[file as usize]).abs_diff(output);
            let near = [files[..right].last(), files.get(right)];
            let nearest = near.into_iter().flatten().map(away).min().unwrap_or(0) as i64;
            let reach = nearest.saturating_add((NEGLIGIBLE / of.epsilon.value()).ceil() as i64);
            let (low, high) = (output.saturating_sub(reach), output.saturating_add(reach).saturating_add(1));
            &files[from(whole(of.unit, low))..from(whole(of.unit, high))]
        }
        Channel::Response(_) => files,
    }
}
