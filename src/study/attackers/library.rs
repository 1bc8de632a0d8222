//! A5: which server it is, from a few of its files, or from its plays of an earlier period.

use super::{Answer, Part, Rate, Remedy, Scene, Step};
use crate::attack::library::{Library, Linkage, OfPrior, Settings, Side, library};
use crate::attack::{Prior, Trial};

/// Where unicity is compared: so many files of a server are known.
const POINTS: u32 = 5;
/// Where linkage is compared: whatever fits best is taken, however little it stands out, as a blind guess is.
const THRESHOLD: f64 = 0.0;

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let settings =
        Settings { servers: scene.most_servers(Settings::default().servers), ..Settings::default() };
    let found = library(scene.ends.cells, scene.ends.cells, scene.one()?, settings, scene.seed);
    let found = found.map_err(|error| error.to_string())?;
    let [found_again, precision] = periods(&found);
    Ok(vec![found_again, unicity(&found), precision])
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
    let headline = (0..places).find(|&at| points(at) == POINTS).unwrap_or(0);
    let control = |of: &OfPrior| Some((of.prior, of.control.unicity.get(headline)?.rate));
    let controls: Vec<(Prior, f64)> = found.by_prior.iter().filter_map(control).collect();
    Part {
        part: "few files known",
        ranked: true,
        finds: "servers singled out",
        varies: "files known",
        steps: (0..places).map(step).collect(),
        headline,
        remedies: vec![unlinked(&controls)],
    }
}

/// How many servers are found again, and of those that are linked how many rightly.
fn periods(found: &Library) -> [Part; 2] {
    let part = |part, finds, ranked, of: fn(&Linkage) -> Trial| {
        let places = found.by_prior.iter().map(|of| of.released.linkage.len()).min().unwrap_or(0);
        let threshold = |at: usize| found.by_prior[0].released.linkage[at].threshold;
        let step = |at: usize| {
            let rate = |prior: &OfPrior| {
                let baseline = |side: &Side| side.linkage.get(at).map(|linkage| of(linkage).rate);
                let trial = of(&prior.released.linkage[at]);
                Rate::ran(prior.prior, trial, found.blind, baseline(&prior.baseline))
            };
            let at = match threshold(at) {
                0.0 => "whatever fits best".to_owned(),
                threshold => format!("stands out by {threshold}"),
            };
            (at, found.by_prior.iter().map(rate).collect())
        };
        // The higher the threshold, the fewer are found again.
        let order: Vec<usize> = (0..places).rev().collect();
        Part {
            part,
            ranked,
            finds,
            varies: "how far the best must stand out",
            headline: order.iter().position(|&at| threshold(at) == THRESHOLD).unwrap_or(0),
            steps: order.into_iter().map(step).map(|(at, rates)| Step { at, rates }).collect(),
            remedies: if ranked {
                vec![unlinked(&Prior::ALL.map(|prior| (prior, found.blind)))]
            } else {
                Vec::new()
            },
        }
    };
    [
        part("two periods linked", "servers found again", true, |linkage| linkage.recall),
        part("right, of those linked", "links that are right", false, |linkage| linkage.precision),
    ]
}

fn unlinked(blind: &[(Prior, f64)]) -> Remedy {
    let change = "no identifier that links a server's plays (a blind guess)".to_owned();
    Remedy { change, rates: blind.to_vec() }
}
