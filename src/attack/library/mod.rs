//! A5, the library fingerprint: what a server releases in all tells which server it is.
//!
//! Servers are those of [`servers`](super::servers). Two questions are asked of them:
//! - **Unicity**: somebody knows p files of a server, as they would be released. Does any other server release all of
//!   them too? ([`unicity`])
//! - **Two periods**: identifiers change between two reporting periods, and somebody links the servers by what was
//!   played in each. ([`matches()`], [`linkage`])
//!
//! Each is asked of what leaves, of raw values (the baseline) and of nothing (the control, which can't tell one server
//! from another).
//!
//! # Laws
//! - Under nested coarsening no unicity rises, draw by draw, as points are drawn before they are rounded. Drawn after,
//!   it may: of the servers 1, 2, 9 and 1, 2, two points single out a third; with 1 and 2 merged, the second has but one
//!   value left and drops out, and all of the rest are unique.
//! - More points single out at least as many servers, where all have that many.
//! - Seeing nothing, no server is unique and none is linked.

pub(super) mod periods;
mod shared;
mod unicity;

pub use periods::{Linkage, Match, THRESHOLDS, linkage, matches};
pub use shared::Periods;
pub use unicity::{POINTS, Unicity, unicity, unicity_of_one};

use serde::Serialize;

use super::Prior;
use super::servers::{LibrariesError, Servers};
use crate::catalogue::Catalogue;
use crate::classes::{Cells, Generalization};

/// How much is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Servers that are known, and as many newcomers.
    pub servers: u32,
    /// Plays of a server in a period.
    pub plays: u32,
    /// Draws of points of a server.
    pub draws: u32,
}

impl Default for Settings {
    /// 1,000 servers, 200 plays in a period, 10 draws.
    fn default() -> Self {
        Self { servers: 1_000, plays: 200, draws: 10 }
    }
}

/// What libraries give away.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Library {
    /// Servers that are known, and as many newcomers.
    pub servers: u32,
    /// Plays of a server in a period.
    pub plays: u32,
    /// The largest library that could be drawn, in titles.
    pub most_titles: u32,
    /// A blind guess at which of the known servers it is: 1 / servers.
    pub blind: f64,
    /// Under each prior, by which servers own and play.
    pub by_prior: Vec<OfPrior>,
}

/// What libraries give away under one prior.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfPrior {
    /// By which servers own and play.
    pub prior: Prior,
    /// Titles of the smallest, the median and the largest known server.
    pub titles: [u32; 3],
    /// By what leaves.
    pub released: Side,
    /// By raw values: the baseline.
    pub baseline: Side,
    /// By nothing: the control.
    pub control: Side,
}

/// What one way of seeing gives away.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Side {
    /// By the number of points.
    pub unicity: Vec<Unicity>,
    /// Of one point, as a closed form.
    pub unicity_of_one: f64,
    /// By the threshold.
    pub linkage: Vec<Linkage>,
}

/// Draws servers from the catalogue, and asks what each gives away. `told` is the catalogue with its side fields as
/// they are told, `raw` as it is; both hold the same files.
///
/// O(files log files + servers x (library + plays x servers)), the last at worst, where all release the same values.
///
/// # Errors
/// [`LibrariesError::FewTitles`].
pub fn library(
    told: &Cells<'_>,
    raw: &Cells<'_>,
    generalization: &Generalization,
    settings: Settings,
    seed: u64,
) -> Result<Library, LibrariesError> {
    Ok(Periods::draw(raw.catalogue(), settings, seed)?.library(told, raw, generalization))
}

/// What was asked of servers under each prior.
pub(super) struct Asked<T> {
    /// The largest library that could be drawn, in titles.
    pub most_titles: u32,
    /// A blind guess at which of the known servers it is.
    pub blind: f64,
    pub by_prior: Vec<T>,
}

/// Draws servers by each prior, and asks what becomes of the libraries of those that are known, and of what all of them play
/// in two periods, the known ones first.
pub(super) fn each_prior<T, E: From<LibrariesError>>(
    catalogue: &Catalogue,
    settings: Settings,
    seed: u64,
    mut ask: impl FnMut(Prior, &[Vec<u32>], &[Vec<Vec<u32>>; 2]) -> Result<T, E>,
) -> Result<Asked<T>, E> {
    let blind = if settings.servers == 0 { 0.0 } else { 1.0 / f64::from(settings.servers) };
    let mut asked = Asked { most_titles: 0, blind, by_prior: Vec::new() };
    for prior in Prior::ALL {
        let servers = Servers::draw(catalogue, prior, settings.servers.saturating_mul(2), seed)?;
        asked.most_titles = asked.most_titles.max(servers.most_titles());
        let periods = [1, 2].map(|period| {
            let of = |server| servers.plays(server, period, u64::from(settings.plays));
            (0..servers.libraries().len()).map(of).collect()
        });
        let known = &servers.libraries()[..settings.servers as usize];
        asked.by_prior.push(ask(prior, known, &periods)?);
    }
    Ok(asked)
}

/// What one value of each file gives away, of known servers and of those who came after them.
pub(super) fn side(
    known: &[Vec<u32>],
    periods: &[Vec<Vec<u32>>; 2],
    released: &[u32],
    draws: u32,
    seed: u64,
) -> Side {
    let [first, second] = periods
        .each_ref()
        .map(|of| of.iter().map(|files| values(files, released)).collect::<Vec<Vec<u32>>>());
    let [own, newcomers] = [&second[..known.len()], &second[known.len()..]]
        .map(|second| matches(&first[..known.len()], second).unwrap_or_default());
    Side {
        unicity: unicity(known, released, draws, seed),
        unicity_of_one: unicity_of_one(known, released).unwrap_or(0.0),
        linkage: linkage(&own, &newcomers),
    }
}

/// The distinct values that files release, rising.
fn values(files: &[u32], released: &[u32]) -> Vec<u32> {
    let mut values: Vec<u32> = files.iter().map(|&file| released[file as usize]).collect();
    values.sort_unstable();
    values.dedup();
    values
}

/// The smallest, the median and the largest number of files.
pub(super) fn sizes(libraries: &[Vec<u32>]) -> [u32; 3] {
    let mut sizes: Vec<u32> = libraries.iter().map(|files| files.len() as u32).collect();
    sizes.sort_unstable();
    [0, sizes.len() / 2, sizes.len().saturating_sub(1)].map(|at| sizes.get(at).copied().unwrap_or(0))
}
