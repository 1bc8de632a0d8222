//! A5: which server it is, from a few of its files, or from its plays of an earlier period.

use super::{Answer, Part, Rate, Remedy, Scene, Step};
use crate::attack::Prior;
use crate::attack::library::{Library, OfPrior, Settings, Side, library};

/// Where unicity is compared: so many files of a server are known.
const POINTS: u32 = 5;
/// Where linkage is compared: by how many standard deviations the best server stands out.
const THRESHOLD: f64 = 1.0;

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let settings =
        Settings { servers: scene.most_servers(Settings::default().servers), ..Settings::default() };
    let found = library(scene.cells, scene.cells, scene.one()?, settings, scene.seed);
    let found = found.map_err(|error| error.to_string())?;
    Ok(vec![periods(&found), unicity(&found)])
}

fn unicity(found: &Library) -> Part {
    let places = found.by_prior.iter().map(|of| of.released.unicity.len()).min().unwrap_or(0);
    let points = |at: usize| found.by_prior[0].released.unicity[at].points;
    let step = |at: usize| {
        let rate = |of: &OfPrior| {
            let here = of.released.unicity[at];
            let rate_of = |side: &Side| side.unicity.get(at).map(|unicity| unicity.rate);
            Rate {
                prior: of.prior,
                rate: here.rate,
                is_exact: false,
                interval: Some([here.low, here.high]),
                ran: None,
                control: rate_of(&of.control).unwrap_or(0.0),
                baseline: rate_of(&of.baseline),
            }
        };
        let files = if points(at) == 1 { "file" } else { "files" };
        Step { at: format!("{} {files}", points(at)), rates: found.by_prior.iter().map(rate).collect() }
    };
    Part {
        part: "few files known",
        of_policy: true,
        finds: "servers singled out",
        varies: "files known",
        steps: (0..places).map(step).collect(),
        headline: (0..places).find(|&at| points(at) == POINTS).unwrap_or(0),
        remedies: vec![unlinked(found.blind)],
    }
}

fn periods(found: &Library) -> Part {
    let places = found.by_prior.iter().map(|of| of.released.linkage.len()).min().unwrap_or(0);
    let threshold = |at: usize| found.by_prior[0].released.linkage[at].threshold;
    let step = |at: usize| {
        let rate = |of: &OfPrior| {
            let recall = |side: &Side| side.linkage.get(at).map(|linkage| linkage.recall);
            let trial = of.released.linkage[at].recall;
            Rate::ran(of.prior, trial, found.blind, recall(&of.baseline).map(|trial| trial.rate))
        };
        Step {
            at: format!("stands out by {}", threshold(at)),
            rates: found.by_prior.iter().map(rate).collect(),
        }
    };
    // The higher the threshold, the weaker.
    let order: Vec<usize> = (0..places).rev().collect();
    Part {
        part: "two periods linked",
        of_policy: true,
        finds: "servers found again",
        varies: "how far the best must stand out",
        headline: order.iter().position(|&at| threshold(at) == THRESHOLD).unwrap_or(0),
        steps: order.into_iter().map(step).collect(),
        remedies: vec![unlinked(found.blind)],
    }
}

fn unlinked(blind: f64) -> Remedy {
    let change = "no identifier that links a server's plays (a blind guess)".to_owned();
    Remedy { change, rates: Prior::ALL.map(|prior| (prior, blind)).into() }
}
