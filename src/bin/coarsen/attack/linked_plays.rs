//! The server that linked plays come from, beside what else tells servers apart.

use coarsen::attack::sequence::{LinkedPlays, named};
use coarsen::attack::servers::{LibrariesError, Servers};
use coarsen::attack::{Prior, Trial};
use coarsen::classes::{Classes, Generalization};
use serde::Serialize;

use super::found::Seen;
use crate::output::{self, percent};

/// Closed forms: of one play, by what leaves and by raw values.
pub const COMPARISONS: usize = 2 * Prior::ALL.len();

/// Servers drawn whose plays are linked, at most.
const MOST_DRAWS: u64 = 10_000;

/// So many plays of one server.
#[derive(Serialize)]
pub struct Linked {
    prior: Prior,
    plays: u32,
    #[serde(flatten)]
    trial: Trial,
    /// Of one play.
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_form: Option<f64>,
    pub agrees: bool,
    /// A blind guess.
    control: f64,
    /// Who sees raw values.
    baseline: f64,
}

/// Draws the servers that the library attacker knows, and links plays of some.
pub fn run(seen: &Seen<'_>) -> Result<Vec<Linked>, LibrariesError> {
    let catalogue = seen.raw.catalogue();
    let released = Classes::group(seen.told, seen.leaving.generalization.key()).numbers();
    let raw = Classes::group(seen.raw, Generalization::keep(catalogue).key()).numbers();
    let mut found = Vec::new();
    for prior in Prior::ALL {
        let servers = Servers::draw(catalogue, prior, seen.servers.servers, seen.seed)?;
        let plays = LinkedPlays::draw(&servers, seen.draws.min(MOST_DRAWS) as u32, seen.seed);
        let [here, there] = [&released, &raw].map(|class_of| named(&servers, &plays, class_of));
        for ((plays, trial), (_, baseline)) in here.ran.into_iter().zip(there.ran) {
            let is_one = plays == 1;
            found.push(Linked {
                prior,
                plays,
                trial,
                closed_form: is_one.then_some(here.one_play),
                agrees: !is_one
                    || seen.agrees(&trial, here.one_play) && seen.agrees(&baseline, there.one_play),
                control: 1.0 / f64::from(seen.servers.servers),
                baseline: baseline.rate,
            });
        }
    }
    Ok(found)
}

pub fn render(found: &[Linked]) -> String {
    let row = |linked: &Linked| {
        vec![
            format!("{}, {:?} prior", linked.plays, linked.prior).to_lowercase(),
            percent(linked.trial.rate),
            format!("{} to {}", percent(linked.trial.low), percent(linked.trial.high)),
            linked.closed_form.map_or("-".to_owned(), percent),
            percent(linked.control),
            percent(linked.baseline),
        ]
    };
    let header = [
        "linked plays",
        "server named right",
        "95 % interval",
        "closed form",
        "seeing nothing",
        "seeing raw values",
    ];
    output::table(&header, &found.iter().map(row).collect::<Vec<_>>())
}
