//! A11 for the platform, which is of the client and not of the file: what it tells of the title, from plays.
//!
//! No catalogue holds it, so its bits can't be summed over one. I(title; platform) is estimated from plays: the plug-in
//! estimate, which is too high by chance where titles are many and plays few, beside the same of platforms that are told
//! of other plays. For those the servers stand in a ring that is turned by a random number of places: each server's plays
//! get the platforms of another server's, in their order and stretched to their number. What was played is then unknown to
//! them, while that a server's plays come together, on the few clients that it has, stays as it is. What the estimate has
//! over that is what the platform tells.
//!
//! # Laws
//! - Whatever else of the file leaves, the platform adds no more than I(title; platform): the rest is a function of the
//!   file, so that I(title; platform | rest) = I(title; platform) - I(rest; platform).
//! - And that is no more than H(platform), nor than the plug-in estimate but for what a sample lacks.
//! - Of one platform all is 0.

use std::collections::BTreeMap;

use rand::RngExt;
use serde::Serialize;

use crate::catalogue::stream::stream;
use crate::telemetry::plays::{Number, Plays, Text, Texts};

/// How often the platforms are turned.
pub const TURNS: u32 = 20;

/// What the platform tells of the title of a play.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PlatformBits {
    /// Plays that tell both.
    pub plays: u64,
    /// Titles and platforms among them.
    pub titles: u64,
    /// See above.
    pub platforms: u64,
    /// H(platform) in bits: no field of that name tells more of anything.
    pub at_most: f64,
    /// The plug-in estimate of I(title; platform) in bits.
    pub plug_in: f64,
    /// Its mean over the turns: the control, for these tell nothing.
    pub turned: f64,
    /// The largest of these.
    pub turned_most: f64,
    /// What the first has over the mean of the turned, 0 at least.
    pub bits: f64,
}

/// From all plays that tell server, title and platform; `None` where those are of fewer than two servers.
/// O([`TURNS`] x plays, and one sort).
pub fn platform_bits(plays: &Plays, seed: u64) -> Option<PlatformBits> {
    let mut servers: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let (mut titles, mut codes) = (Vec::new(), Vec::new());
    let named = plays.text(Text::Server).codes().iter().zip(plays.text(Text::Platform).codes());
    for (&title, (&server, &code)) in plays.number(Number::TitleId).iter().zip(named) {
        let Some(title) = title else { continue };
        if server != Texts::MISSING && code != Texts::MISSING {
            servers.entry(server).or_default().push(titles.len() as u32);
            titles.push(title);
            codes.push(code);
        }
    }
    let servers: Vec<Vec<u32>> = servers.into_values().collect();
    if servers.len() < 2 {
        return None;
    }
    let mut by_title: Vec<u32> = (0..titles.len() as u32).collect();
    by_title.sort_by_key(|&play| titles[play as usize]);
    let of_title: Vec<&[u32]> =
        by_title.chunk_by(|&a, &b| titles[a as usize] == titles[b as usize]).collect();
    let names = codes.iter().max().map_or(0, |&most| most as usize + 1);
    let information =
        |codes: &[u32]| (entropy(&counted(codes, names)) - left(&of_title, codes, names)).max(0.0);
    let mut random = stream(seed, "platforms turned", 0);
    let mut turn = |_| information(&of_others(&servers, &codes, random.random_range(1..servers.len())));
    let turned: Vec<f64> = (0..TURNS).map(&mut turn).collect();
    let (plug_in, mean) = (information(&codes), turned.iter().sum::<f64>() / f64::from(TURNS));
    let counts = counted(&codes, names);
    Some(PlatformBits {
        plays: codes.len() as u64,
        titles: of_title.len() as u64,
        platforms: counts.iter().filter(|&&count| count > 0).count() as u64,
        at_most: entropy(&counts),
        plug_in,
        turned: mean,
        turned_most: turned.into_iter().fold(0.0, f64::max),
        bits: (plug_in - mean).max(0.0),
    })
}

/// The platform of each play, where every server has those of the one so many places on.
fn of_others(servers: &[Vec<u32>], codes: &[u32], turn: usize) -> Vec<u32> {
    let mut of = vec![0; codes.len()];
    for (at, own) in servers.iter().enumerate() {
        let other = &servers[(at + turn) % servers.len()];
        for (nth, &play) in own.iter().enumerate() {
            of[play as usize] = codes[other[nth * other.len() / own.len()] as usize];
        }
    }
    of
}

/// H(platform | title).
fn left(of_title: &[&[u32]], codes: &[u32], names: usize) -> f64 {
    let mut counts = vec![0u64; names];
    let of = |plays: &&[u32]| {
        counts.fill(0);
        plays.iter().for_each(|&play| counts[codes[play as usize] as usize] += 1);
        plays.len() as f64 / codes.len() as f64 * entropy(&counts)
    };
    of_title.iter().map(of).sum()
}

fn counted(codes: &[u32], names: usize) -> Vec<u64> {
    let mut counts = vec![0u64; names];
    codes.iter().for_each(|&code| counts[code as usize] += 1);
    counts
}

/// The entropy of counts in bits.
fn entropy(counts: &[u64]) -> f64 {
    let all = counts.iter().sum::<u64>() as f64;
    let of = |&count: &u64| count as f64 / all * libm::log2(all / count as f64);
    counts.iter().filter(|&&count| count > 0).map(of).sum()
}
