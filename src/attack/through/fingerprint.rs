//! A5 through a channel: what the plays of a server tell of which server it is, where durations are drawn.
//!
//! Servers, periods and newcomers are those of [`library`](crate::attack::library). Fresh draws are linked by what may be
//! behind them, and memoized ones, of which a file leaves the same each time, by equal outputs.
//!
//! # Laws
//! - Memoized draws of one secret that all servers share link as a rounding does that gives each file its output.
//! - `stochastic:1ms` after any rounding is that rounding, fresh or memoized.

use rand::Rng;
use serde::Serialize;

use super::outputs::{Output, Outputs};
use super::periods::{REPEATED, Score, drawn_matches};
use super::unicity::{DrawnUnicity, drawn_unicity, named_by_one};
use super::{ServersError, Through, TooFine};
use crate::attack::Prior;
use crate::attack::channel::Memory;
use crate::attack::library::{
    Asked, Linkage, Match, Settings, Side, each_prior, linkage, matches, side, sizes,
};
use crate::catalogue::stream::stream;
use crate::classes::{Cells, Classes, Generalization, Key};

/// What libraries give away through a channel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrawnLibrary {
    /// Servers that are known, and as many newcomers.
    pub servers: u32,
    /// Plays of a server in a period.
    pub plays: u32,
    /// The largest library that could be drawn, in titles.
    pub most_titles: u32,
    /// A blind guess at which of the known servers it is: 1 / servers.
    pub blind: f64,
    /// [`REPEATED`], by which likelihood scores fresh draws.
    pub repeated: f64,
    /// Under each prior, by which servers own and play.
    pub by_prior: Vec<DrawnServers>,
}

/// What libraries give away under one prior.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrawnServers {
    /// By which servers own and play.
    pub prior: Prior,
    /// Titles of the smallest, the median and the largest known server.
    pub titles: [u32; 3],
    /// By the number of drawn points.
    pub unicity: Vec<DrawnUnicity>,
    /// The share that one point names, as a closed form; `None` where too many chances would be summed up.
    pub named_by_one: Option<f64>,
    /// Linked periods, by each way of scoring.
    pub linkage: Vec<Scored>,
    /// By what leaves before it is drawn.
    pub rounded: Side,
    /// By raw values: the baseline.
    pub baseline: Side,
    /// By nothing: the control.
    pub control: Side,
}

/// What one way of scoring links.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scored {
    /// The way.
    pub score: Score,
    /// By the threshold.
    pub linkage: Vec<Linkage>,
}

/// Draws servers from the catalogue, and asks what each gives away of whose plays one number leaves through the channel after
/// `key` rounds it. `told` is the catalogue with its side fields as they are told, `raw` as it is; both hold the same files.
///
/// O(that of [`library`](crate::attack::library::library()) + that of [`drawn_unicity`] and of [`drawn_matches`]).
///
/// # Errors
/// [`ServersError`].
pub fn fingerprint(
    (through, memory): (&Through<'_>, Memory),
    (told, raw): (&Cells<'_>, &Cells<'_>),
    key: Key<'_>,
    settings: Settings,
    seed: u64,
) -> Result<DrawnLibrary, ServersError> {
    let catalogue = raw.catalogue();
    let rounded = Classes::group(told, key).numbers();
    let baseline = Classes::group(raw, Generalization::keep(catalogue).key()).numbers();
    let control = vec![0; catalogue.files()];
    let of_prior = |prior, known: &[Vec<u32>], periods: &[Vec<Vec<u32>>; 2]| {
        let drawn = drawn_periods(through, memory, periods, seed);
        let scores = match memory {
            Memory::Memoized => vec![Score::EqualOutputs],
            Memory::Fresh => vec![Score::ExpectedMatches, Score::Likelihood],
        };
        let scored = |score| linked(through, &drawn, known.len(), score, prior);
        let linkage = scores.into_iter().map(scored).collect::<Result<Vec<Scored>, TooFine>>()?;
        let unicity = drawn_unicity(through, known, settings.draws, seed)?;
        let side = |released: &[u32]| side(known, periods, released, settings.draws, seed);
        let [rounded, baseline, control] = [&rounded, &baseline, &control].map(|released| side(released));
        let (titles, named_by_one) = (sizes(known), named_by_one(through, known));
        Ok::<_, ServersError>(DrawnServers {
            prior,
            titles,
            unicity,
            named_by_one,
            linkage,
            rounded,
            baseline,
            control,
        })
    };
    let Asked { most_titles, blind, by_prior } = each_prior(catalogue, settings, seed, of_prior)?;
    Ok(DrawnLibrary {
        servers: settings.servers,
        plays: settings.plays,
        most_titles,
        blind,
        repeated: REPEATED,
        by_prior,
    })
}

/// The distinct outputs of each server in each period.
fn drawn_periods(
    through: &Through<'_>,
    memory: Memory,
    periods: &[Vec<Vec<u32>>; 2],
    seed: u64,
) -> [Vec<Vec<Output>>; 2] {
    let outputs = Outputs::of(through);
    [0, 1].map(|period: usize| {
        let of_server = |(server, plays): (u64, &Vec<u32>)| match memory {
            Memory::Memoized => {
                let mut secret = [0; 32];
                stream(seed, "library secret", server).fill_bytes(&mut secret);
                outputs.memoized(plays, secret)
            }
            Memory::Fresh => {
                outputs.fresh(plays, &mut stream(seed, &format!("library drawn {period}"), server))
            }
        };
        (0..).zip(&periods[period]).map(of_server).collect()
    })
}

/// What is linked by that score, of servers of which the first are `known`.
fn linked(
    through: &Through<'_>,
    [first, second]: &[Vec<Vec<Output>>; 2],
    known: usize,
    score: Score,
    prior: Prior,
) -> Result<Scored, TooFine> {
    let first = &first[..known];
    let found: Vec<Match> = match score {
        Score::EqualOutputs => {
            let [first, second] = numbered(first, second);
            matches(&first, &second)
        }
        Score::ExpectedMatches | Score::Likelihood => drawn_matches(through, first, second, score, prior)?,
    }
    .unwrap_or_default();
    let (own, newcomers) = found.split_at(known.min(found.len()));
    Ok(Scored { score, linkage: linkage(own, newcomers) })
}

/// Outputs as values, numbered in their order.
fn numbered(first: &[Vec<Output>], second: &[Vec<Output>]) -> [Vec<Vec<u32>>; 2] {
    let mut all: Vec<Output> = first.iter().chain(second).flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    let number = |output: &Output| all.partition_point(|other| other < output) as u32;
    [first, second].map(|period| period.iter().map(|outputs| outputs.iter().map(number).collect()).collect())
}
