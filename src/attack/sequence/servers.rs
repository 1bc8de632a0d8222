//! Which server linked plays come from: the attacker knows what every server owns, and sees what a few of its plays emit.
//!
//! A server is drawn, each equally likely, and L of its plays, by popularity and with replacement, as those of
//! [`Servers`]; somebody linked them. The attacker knows all libraries and how often each file is played, and names the
//! server that shows such plays most often, which is the Bayes attacker. Who plays a series in a row gives away less
//! than that: the next episode is no news of the library.
//!
//! # Laws
//! - Of one play there is a closed form: Σ over classes of the largest share of any server's plays, per server.
//! - Under nested coarsening neither it nor the rate of more plays rises, but for what was drawn by chance.
//! - Seeing nothing, all servers are alike: a blind guess, 1 / servers.

use rand::RngExt;
use rayon::prelude::*;

use super::LENGTHS;
use crate::attack::Trial;
use crate::attack::servers::Servers;
use crate::catalogue::stream::stream;

/// Plays of one server, one after the other: of L linked plays the first L.
const MOST: usize = LENGTHS[LENGTHS.len() - 1] as usize;

/// Linked plays of servers, before anything is rounded: the same are shown to whoever asks about a rounding.
pub struct LinkedPlays(Vec<(u32, [u32; MOST])>);

impl LinkedPlays {
    /// Draws so many servers, and of each as many plays as any of [`LENGTHS`] needs. Those who own nothing play nothing.
    /// O(draws x (titles of a library + log titles)).
    pub fn draw(servers: &Servers<'_>, draws: u32, seed: u64) -> Self {
        let libraries = servers.libraries();
        let one = |draw: u32| {
            let mut random = stream(seed, "sequence of a server", u64::from(draw));
            let server = random.random_range(0..libraries.len());
            // A period of its own for each draw.
            let plays = servers.plays(server, u32::MAX - draw, MOST as u64);
            Some((server as u32, plays.try_into().ok()?))
        };
        let draws = if libraries.is_empty() { 0 } else { draws };
        Self((0..draws).into_par_iter().filter_map(one).collect())
    }

    /// Of those plays, one number for each server and its files.
    pub fn of(plays: Vec<(u32, [u32; MOST])>) -> Self {
        Self(plays)
    }
}

/// How often a server's plays emit each class.
pub struct Owned {
    servers: usize,
    /// Class by class the servers that ever emit it, rising, each with the share of its plays.
    shares: Vec<(u32, f64)>,
    /// Where each class begins, and the end.
    starts: Vec<usize>,
}

impl Owned {
    /// Of servers, and the class that each file is in. O(n log n) for the n files of all libraries.
    ///
    /// # Panics
    /// Where a file has no class.
    pub fn of_servers(servers: &Servers<'_>, class_of: &[u32]) -> Self {
        Self::of(servers.libraries(), |file| servers.weight(file), class_of)
    }

    /// Of the files of each server, how often each file is played, and the class that each file is in. A server that plays
    /// nothing emits nothing. O(n log n) for the n files of all libraries.
    ///
    /// ```
    /// use coarsen::attack::sequence::Owned;
    /// // The servers own 0, 1 and 1, 2; only 1 tells them not apart.
    /// let libraries = [vec![0, 1], vec![1, 2]];
    /// assert_eq!(Owned::of(&libraries, |_| 1, &[0, 1, 2]).one_play(), 0.75);
    /// assert_eq!(Owned::of(&libraries, |_| 1, &[0, 0, 0]).one_play(), 0.5);
    /// ```
    ///
    /// # Panics
    /// Where a file has no class.
    pub fn of(libraries: &[Vec<u32>], weight: impl Fn(usize) -> u64 + Sync, class_of: &[u32]) -> Self {
        let of_server = |files: &Vec<u32>| {
            let seen = |&file: &u32| (class_of[file as usize], weight(file as usize));
            let mut seen: Vec<(u32, u64)> = files.iter().map(seen).collect();
            seen.sort_unstable();
            let sum = |seen: &[(u32, u64)]| seen.iter().map(|&(_, weight)| u128::from(weight)).sum::<u128>();
            let all = sum(&seen) as f64;
            let share = |same: &[(u32, u64)]| {
                let played = sum(same);
                (played > 0).then(|| (same[0].0, played as f64 / all))
            };
            seen.chunk_by(|a, b| a.0 == b.0).filter_map(share).collect()
        };
        let by_server: Vec<Vec<(u32, f64)>> = libraries.par_iter().map(of_server).collect();
        let classes = class_of.iter().max().map_or(0, |&most| most as usize + 1);
        let mut starts = vec![0; classes + 1];
        by_server.iter().flatten().for_each(|&(class, _)| starts[class as usize + 1] += 1);
        (1..starts.len()).for_each(|class| starts[class] += starts[class - 1]);
        let (mut next, mut shares) = (starts.clone(), vec![(0, 0.0); starts[classes]]);
        for (server, emitted) in (0..).zip(&by_server) {
            for &(class, share) in emitted {
                let place = &mut next[class as usize];
                shares[*place] = (server, share);
                *place += 1;
            }
        }
        Self { servers: libraries.len(), shares, starts }
    }

    fn emitting(&self, class: u32) -> &[(u32, f64)] {
        &self.shares[self.starts[class as usize]..self.starts[class as usize + 1]]
    }

    /// How often the server of one play is named right; 0 without servers. O(n).
    pub fn one_play(&self) -> f64 {
        let classes = 0..self.starts.len() as u32 - 1;
        let best = |class| self.emitting(class).iter().map(|&(_, share)| share).fold(0.0, f64::max);
        if self.servers == 0 { 0.0 } else { classes.map(best).sum::<f64>() / self.servers as f64 }
    }

    /// Names the server of the first plays of each draw, for each of [`LENGTHS`]; of equals the first, which is as good as
    /// any, as each is as likely. O(draws x plays x servers).
    ///
    /// # Panics
    /// Where a file that is played has no class.
    pub fn run(&self, plays: &LinkedPlays, class_of: &[u32]) -> Vec<(u32, Trial)> {
        let named = |(server, files): &(u32, [u32; MOST])| {
            let mut right = [0u64; LENGTHS.len()];
            let mut left: Vec<(u32, f64)> = Vec::new();
            for (before, &file) in files.iter().enumerate() {
                let emitting = self.emitting(class_of[file as usize]);
                if before == 0 {
                    left.extend(emitting);
                } else {
                    both(&mut left, emitting);
                }
                if let Some(at) = LENGTHS.iter().position(|&plays| plays as usize == before + 1) {
                    let best = left.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a });
                    right[at] = u64::from(best.is_some_and(|(best, _)| best == *server));
                }
            }
            right
        };
        let sum = |mut a: [u64; LENGTHS.len()], b: [u64; LENGTHS.len()]| {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
            a
        };
        let right = plays.0.par_iter().map(named).reduce(|| [0; LENGTHS.len()], sum);
        let trial = |right| Trial::new(plays.0.len() as u64, right);
        LENGTHS.into_iter().zip(right.map(trial)).collect()
    }
}

/// How often servers are named by the class that each file is in: of one play as a closed form, and of so many linked ones by
/// the attacker that ran. O(n log n + draws x plays x servers) for the n files of all libraries.
///
/// # Panics
/// Where a file has no class.
pub fn named(servers: &Servers<'_>, plays: &LinkedPlays, class_of: &[u32]) -> ServersNamed {
    let owned = Owned::of_servers(servers, class_of);
    ServersNamed { one_play: owned.one_play(), ran: owned.run(plays, class_of) }
}

/// How often the server of linked plays is named.
pub struct ServersNamed {
    /// Of one play: the closed form.
    pub one_play: f64,
    /// Of so many of them, the attacker that ran.
    pub ran: Vec<(u32, Trial)>,
}

/// Keeps the servers that emit this class too, with the product of the shares. Both rise by server.
fn both(left: &mut Vec<(u32, f64)>, emitting: &[(u32, f64)]) {
    let mut rest = emitting.iter().peekable();
    left.retain_mut(|(server, product)| {
        while rest.next_if(|(other, _)| other < server).is_some() {}
        let share = rest.next_if(|(other, _)| other == server);
        share.map(|(_, share)| *product *= share).is_some()
    });
}
