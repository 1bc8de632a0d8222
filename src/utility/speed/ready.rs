//! What the two fits tell, and how well.

use rand::RngExt;
use serde::Serialize;

use super::bootstrap::{Interval, OfServers, resample};
use super::fit::Fit;
use super::sums::Combination;
use crate::catalogue::stream::stream;
use crate::utility::{Finding, Why};

/// Factors of the model: hardware, video codec, resolution.
pub const FACTORS: usize = 3;

/// One server in so many is held out.
const HELD_OUT: u32 = 5;

/// What is known of a play: its levels, log2 of its bit rate and ln of its speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told {
    /// The level of each factor, from 0.
    pub levels: Combination,
    /// log2(bit rate).
    pub bitrate: f64,
    /// ln(speed).
    pub speed: f64,
}

/// A transcoded play as it was and as it leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpeedPlay {
    /// Which of the servers.
    pub server: usize,
    /// As it was.
    pub raw: Told,
    /// As it leaves.
    pub released: Told,
}

/// What one fit tells.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Judged {
    /// What a doubling of the bit rate adds to ln(speed).
    pub slope: f64,
    /// The share of ln(speed)'s squares that the fit accounts for, on the plays it was fitted to; `None` where all are
    /// equally fast.
    pub r_squared: Option<f64>,
    /// The root of the mean squared error of ln(speed) of raw plays held out; `None` where none are.
    pub error: Option<f64>,
    /// The share of raw plays held out of which it is wrong about whether they keep up.
    pub wrong: Option<f64>,
}

/// What both fits tell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Speeds {
    /// Transcoded plays that leave with a speed and a bit rate.
    pub plays: usize,
    /// Their servers.
    pub servers: usize,
    /// Plays of held-out servers, on which errors are told.
    pub held_out: usize,
    /// Plays of held-out servers with a level that no fitted play has: neither fit speaks of them.
    pub unseen: usize,
    /// The share of held-out plays that keep up: who always says the more frequent is wrong of the rest.
    pub keeping_up: Option<f64>,
    /// Columns of the model that don't leave with the speed.
    pub without: Vec<&'static str>,
    /// Of raw plays.
    pub raw: Judged,
    /// Of what leaves.
    pub released: Judged,
    /// The attenuation ratio: the released slope by the raw one; `None` where the raw one is 0.
    pub attenuation: Option<f64>,
    /// Its 95 % interval, by server.
    pub attenuation_within: Option<Interval>,
    /// The released R² by the raw one; `None` where the raw one is 0.
    pub r_squared_ratio: Option<f64>,
    /// Its 95 % interval, by server.
    pub r_squared_ratio_within: Option<Interval>,
    /// The released error by the raw one; `None` where the raw one is 0.
    pub error_ratio: Option<f64>,
    /// Its 95 % interval, by held-out server.
    pub error_ratio_within: Option<Interval>,
}

/// Fits and judges: `servers` are their names, a fifth of whom, drawn by name, are held out.
///
/// [`Why::Fixed`] where the bit rate is the same in all fitted plays or follows from the factors; lost where that is so of
/// what leaves alone. O(plays log plays + resamples × (servers × combinations of each + levels³)).
pub fn judge(plays: &[SpeedPlay], servers: &[&str], seed: u64) -> Finding<Speeds> {
    if plays.is_empty() {
        return Finding::Unasked { why: Why::NoPlays };
    }
    let held: Vec<bool> = servers
        .iter()
        .map(|name| stream(seed, &format!("speed held out {name}"), 0).random_range(0..HELD_OUT) == 0)
        .collect();
    let (held_out, fitted): (Vec<&SpeedPlay>, Vec<&SpeedPlay>) =
        plays.iter().partition(|play| held[play.server]);
    let raw_sums = of_servers(&fitted, |play| play.raw);
    let released_sums = of_servers(&fitted, |play| play.released);
    let once = vec![1; servers.len()];
    let Some(raw) = raw_sums.fit(&once) else {
        return Finding::Unasked { why: if fitted.is_empty() { Why::NoPlays } else { Why::Fixed } };
    };
    let Some(released) = released_sums.fit(&once) else { return Finding::Lost { why: Why::Fixed } };

    let known = [seen(&fitted, |play| play.raw), seen(&fitted, |play| play.released)];
    let speaks = |play: &&SpeedPlay| {
        [play.raw, play.released].iter().zip(&known).all(|(told, known)| {
            told.levels.iter().zip(known).all(|(level, known)| known.binary_search(level).is_ok())
        })
    };
    let (spoken, unseen): (Vec<&SpeedPlay>, Vec<&SpeedPlay>) = held_out.into_iter().partition(speaks);
    let mut errors = vec![[Errors::default(); 2]; servers.len()];
    for play in &spoken {
        let of_server = &mut errors[play.server];
        of_server[0].add(raw.predict(play.raw.levels, play.raw.bitrate), play.raw.speed);
        // The factors as the fit knows them, the bit rate as it was.
        of_server[1].add(released.predict(play.released.levels, play.raw.bitrate), play.raw.speed);
    }
    let all = |which: usize, times: &[u32]| Errors::sum(errors.iter().map(|of| &of[which]).zip(times));
    let error_ratio = |times: &[u32]| ratio(all(1, times).error()?, all(0, times).error()?);

    // Those who are fitted and those who are held out are resampled apart: neither kind may run out.
    let [of_fitted, of_held]: [Vec<usize>; 2] = [&fitted, &spoken].map(|plays| {
        let mut servers: Vec<usize> = plays.iter().map(|play| play.server).collect();
        servers.sort_unstable();
        servers.dedup();
        servers
    });
    let among = |some: &[usize], drawn: &[u32]| {
        let mut times = vec![0; servers.len()];
        some.iter().zip(drawn).for_each(|(&server, &drawn)| times[server] = drawn);
        times
    };
    let ratios: Vec<[Option<f64>; 2]> = resample(of_fitted.len(), "speed fits", seed, |drawn| {
        let times = among(&of_fitted, drawn);
        let (raw, released) = (raw_sums.fit(&times)?, released_sums.fit(&times)?);
        Some([ratio(released.slope(), raw.slope()), ratio(released.r_squared()?, raw.r_squared()?)])
    });
    let [slopes, r_squared] = [0, 1].map(|which| ratios.iter().filter_map(|both| both[which]).collect());
    let error_ratios =
        resample(of_held.len(), "speed errors", seed, |drawn| error_ratio(&among(&of_held, drawn)));

    let judged = |fit: &Fit, which: usize| {
        let errors = all(which, &once);
        Judged {
            slope: fit.slope(),
            r_squared: fit.r_squared(),
            error: errors.error(),
            wrong: errors.wrong(),
        }
    };
    let keeping = spoken.iter().filter(|play| play.raw.speed >= 0.0).count();
    let [judged_raw, judged_released] = [judged(&raw, 0), judged(&released, 1)];
    Finding::Found(Speeds {
        plays: plays.len(),
        servers: {
            let mut servers: Vec<usize> = plays.iter().map(|play| play.server).collect();
            servers.sort_unstable();
            servers.dedup();
            servers.len()
        },
        held_out: spoken.len(),
        unseen: unseen.len(),
        keeping_up: (!spoken.is_empty()).then(|| keeping as f64 / spoken.len() as f64),
        without: Vec::new(),
        attenuation: ratio(released.slope(), raw.slope()),
        attenuation_within: Interval::of(slopes),
        r_squared_ratio: released.r_squared().zip(raw.r_squared()).and_then(|(a, b)| ratio(a, b)),
        r_squared_ratio_within: Interval::of(r_squared),
        error_ratio: error_ratio(&once),
        error_ratio_within: Interval::of(error_ratios),
        raw: judged_raw,
        released: judged_released,
    })
}

fn ratio(part: f64, of: f64) -> Option<f64> {
    Some(part / of).filter(|ratio| ratio.is_finite())
}

/// The levels of each factor that plays have, ascending.
fn seen(plays: &[&SpeedPlay], of: impl Fn(&SpeedPlay) -> Told) -> [Vec<u32>; FACTORS] {
    [0, 1, 2].map(|factor| {
        let mut levels: Vec<u32> = plays.iter().map(|play| of(play).levels[factor]).collect();
        levels.sort_unstable();
        levels.dedup();
        levels
    })
}

fn of_servers(plays: &[&SpeedPlay], of: impl Fn(&SpeedPlay) -> Told) -> OfServers {
    let levels = seen(plays, &of).map(|seen| seen.last().map_or(1, |&last| last as usize + 1));
    let plays = plays.iter().map(|play| {
        let told = of(play);
        (play.server, told.levels, told.bitrate, told.speed)
    });
    OfServers::new(plays, levels)
}

/// Of predictions of ln(speed).
#[derive(Clone, Copy, Default)]
struct Errors {
    plays: f64,
    squares: f64,
    wrong: f64,
}

impl Errors {
    fn add(&mut self, predicted: f64, speed: f64) {
        self.plays += 1.0;
        self.squares += (predicted - speed) * (predicted - speed);
        self.wrong += f64::from((predicted >= 0.0) != (speed >= 0.0));
    }

    fn sum<'a>(all: impl Iterator<Item = (&'a Self, &'a u32)>) -> Self {
        all.fold(Self::default(), |sum, (of, &times)| Self {
            plays: sum.plays + f64::from(times) * of.plays,
            squares: sum.squares + f64::from(times) * of.squares,
            wrong: sum.wrong + f64::from(times) * of.wrong,
        })
    }

    fn error(self) -> Option<f64> {
        (self.plays > 0.0).then(|| (self.squares / self.plays).sqrt())
    }

    fn wrong(self) -> Option<f64> {
        (self.plays > 0.0).then(|| self.wrong / self.plays)
    }
}
