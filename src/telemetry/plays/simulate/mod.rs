//! Simulated plays, by mechanism: nothing of a play is drawn from a published rate that a link, a machine or a viewer brings
//! forth.
//!
//! | | |
//! | --- | --- |
//! | servers | each owns a library ([`Libraries`]) and plays it by popularity; how much is log-normal. Who has seen or heard one of a series or album often goes on with the next |
//! | machine | one of seven kinds of hardware with a throughput in pixels per second; the speed of a transcode follows from what is unpacked, what is packed, and who else transcodes |
//! | installed | a version that follows its channel as it is updated, by itself or by hand, and how the account stands |
//! | clients | platform and device, with the codecs and containers that they play |
//! | link | real traces of 3G, 4G and fixed lines from a random moment on, scaled: at home twelvefold, in another household as they are, on the way as they are |
//! | delivery | direct play, remux or a rung of a ladder, by what the client plays and what the link carried in the 20 s before |
//! | segments | of 4 s; those of a picture vary as those of a real encode do, from a place on that is the file's own, those of sound are alike |
//! | player | at most 60 s ahead; start-up is the time until the first segment has come, a stall the time for which the next is late, be it for the link, for a hard scene or for a transcoder slower than real time |
//! | rate rule | some clients choose the rung of each segment of a transcode by throughput and buffer: down at once below 10 s ahead, up by one from 20 s on; each change has the transcoder start anew. The others keep theirs |
//! | viewer | leaves early or not, and sooner for a slow start or stalls |
//! | errors | a player that waits for a minute, a connection lost on the way, a damaged file, a codec that a client claims and can't play, a driver that doesn't work |
//!
//! What there are of each is assumed; the tables stand where the thing is. Nothing but what is named above shares a link.
//!
//! `delivered_bps` is the file's rate, or of a transcode the mean of its rungs' rates, each by how long it was shown;
//! `transcode_speed_permille` the time of what was shown over the time that the transcoder worked for it, setting up not
//! counted. Of a play that keeps its rung both are the rung's.
//!
//! # Laws
//! 1. The same catalogue, settings and seed give the same plays on any machine and any number of threads.
//! 2. Who opts out changes the columns of consent and nothing else.
//! 3. `played_ms` is at most `duration_ms`; a link that never carries less than the file's largest segments need never stalls.
//! 4. Who keeps a quality is never shown any part of a file later by a faster link or transcoder on the same trace. Who
//!    adapts may be: they climb on the faster link, and an outage catches larger segments.

mod clients;
mod delivery;
mod hardware;
mod installed;
mod player;
mod quality;
mod rate_rule;
mod segments;
mod server;
mod source;
mod traces;
mod transcoder;
mod viewer;

use rand::RngExt;
use rayon::prelude::*;

use self::segments::encode;
use self::server::World;
use self::traces::traces;
use super::{Plays, PlaysError};
use crate::catalogue::Catalogue;
use crate::catalogue::libraries::Libraries;
use crate::catalogue::stream::{Stream, stream};
use crate::catalogue::synthetic::draw::normal;

/// One of these by its share of all.
fn by_share<T>(all: &'static [T], share: impl Fn(&T) -> u32, random: &mut Stream) -> &'static T {
    let mut at = random.random_range(0..all.iter().map(&share).sum());
    let mut drawn = &all[0];
    for candidate in all {
        drawn = candidate;
        if at < share(candidate) {
            break;
        }
        at -= share(candidate);
    }
    drawn
}

/// The most plays and servers of one simulation: what fits into memory.
pub const MOST_PLAYS: u64 = 100_000_000;
/// The same, of servers.
pub const MOST_SERVERS: u32 = 10_000_000;
/// How servers differ in how much they play: the deviation of the logarithm.
const ACTIVITY: f64 = 1.0;

/// What is simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How many servers, at least 1 and at most [`MOST_SERVERS`].
    pub servers: u32,
    /// How many plays of all of them, at least 1 and at most [`MOST_PLAYS`].
    pub plays: u64,
    /// The seed.
    pub seed: u64,
    /// The share of servers that have switched everything off, 0 to 1.
    pub opt_out: f64,
    /// The share of plays whose viewer wants to see the end, 0 to 1. In the PowerInfo study of a public service it was
    /// about 0.2; people complete more of what they own.
    pub completion: f64,
}

impl Settings {
    /// So many plays of so many servers: nobody opts out, and half of the plays are meant to be seen to the end.
    pub fn new(servers: u32, plays: u64, seed: u64) -> Self {
        Self { servers, plays, seed, opt_out: 0.0, completion: 0.5 }
    }

    fn check(&self) -> Result<(), PlaysError> {
        let refuse = |problem: String| Err(PlaysError::Asked(problem));
        if !(1..=MOST_SERVERS).contains(&self.servers) {
            return refuse(format!(
                "{} servers can't be simulated: ask for 1 to {MOST_SERVERS}",
                self.servers
            ));
        }
        if !(1..=MOST_PLAYS).contains(&self.plays) {
            return refuse(format!("{} plays can't be simulated: ask for 1 to {MOST_PLAYS}", self.plays));
        }
        for (name, share) in [("opted-out servers", self.opt_out), ("completed plays", self.completion)] {
            if !(0.0..=1.0).contains(&share) {
                return refuse(format!("{share} is no share of {name}: give a number from 0 to 1"));
            }
        }
        Ok(())
    }
}

/// Simulates plays of a catalogue: those of the first server in the order in which they happen, then those of the second,
/// and so on. O(files log files + plays x segments).
///
/// A column that the catalogue lacks is missing in the plays. A file without a bit rate flows as files of its resolution
/// usually do; its rates stay missing.
///
/// # Errors
/// [`PlaysError::Asked`] for settings out of their range, [`PlaysError::Libraries`] for a catalogue too small to draw
/// libraries from.
///
/// ```
/// use coarsen::catalogue::synthetic::{Recipe, synthesize};
/// use coarsen::telemetry::plays::{Number, Settings, simulate};
/// let catalogue = synthesize(&Recipe::builtin("mixed")?, 500, 1)?;
/// let plays = simulate(&catalogue, &Settings::new(5, 200, 1))?;
/// assert_eq!(plays.len(), 200);
/// let (played, duration) = (plays.number(Number::PlayedMs), plays.number(Number::DurationMs));
/// assert!(played.iter().zip(duration).all(|(played, duration)| played <= duration));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn simulate(catalogue: &Catalogue, settings: &Settings) -> Result<Plays, PlaysError> {
    settings.check()?;
    let (traces, encode) = (traces()?, encode()?);
    let libraries =
        Libraries::draw(catalogue, &|file| catalogue.weight()[file], settings.servers, settings.seed)?;
    let world = World { catalogue, traces, encode, settings };
    let counts = counts(settings);
    let parts: Vec<Plays> = libraries
        .files()
        .par_iter()
        .zip(&counts)
        .enumerate()
        .map(|(number, (library, &count))| server::plays(&world, number as u32, library, count))
        .collect();
    let mut plays = Plays::default();
    parts.into_iter().for_each(|part| plays.append(&part));
    Ok(plays)
}

/// How many of the plays each server has: in proportion to a weight of its own, and all of them together.
fn counts(settings: &Settings) -> Vec<u64> {
    let weight = |server: u32| {
        let mut random = stream(settings.seed, "plays activity", u64::from(server));
        (1e6 * libm::exp(ACTIVITY * normal(&mut random))) as u128 + 1
    };
    let weights: Vec<u128> = (0..settings.servers).map(weight).collect();
    let all: u128 = weights.iter().sum();
    let mut sum = 0;
    let mut before = 0;
    let count = |weight: u128| {
        sum += weight;
        let until = (sum * u128::from(settings.plays) / all) as u64;
        let count = until - before;
        before = until;
        count
    };
    weights.into_iter().map(count).collect()
}
