//! `coarsen attack sequence`.

use coarsen::attack::sequence::{Binger, LENGTHS, Linked, Named, Order, Recognition, Runs};
use coarsen::attack::{Prior, Trial};
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Classes, Generalization};
use serde::Serialize;

use super::found::{Answer, Attack, Found, Seen};
use super::sequence_drawn as drawn;
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "sequence",
    what: "A4: links plays of a season or an album, guesses the series",
    run,
    no_channel: None,
};

/// How many closed forms it is compared with.
pub const COMPARISONS: usize = LENGTHS.len() * Order::ALL.len() * Prior::ALL.len();

/// So many linked plays, seen in one order.
#[derive(Serialize)]
struct Sequence {
    plays: u32,
    order: Order,
    prior: Prior,
    #[serde(flatten)]
    trial: Trial,
    closed_form: f64,
    agrees: bool,
    /// Share of which only one series shows the like.
    certain: f64,
    /// The control, as a closed form: an attacker who sees nothing.
    control: f64,
    /// The baseline, as a closed form: an attacker who sees raw values in the same order.
    baseline: f64,
    /// The same stretches where nobody links them: only the first play is seen.
    unlinked: f64,
    /// Stretches that are long enough, and the share of the files that begin one.
    stretches: u64,
    share: f64,
}

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let catalogue = seen.raw.catalogue();
    let runs = Runs::of(catalogue);
    if runs.longest() < 2 {
        let reason = "no series or album of the catalogue has two titles, so there are no plays to link";
        return Ok(Answer::NotApplicable(reason.to_owned()));
    }
    if let Some(through) = seen.through() {
        return through.map_or_else(|reason| Ok(reason.into()), |through| drawn::run(seen, &runs, &through));
    }
    let generalization = &seen.leaving.generalization;
    let classes = [
        Classes::group(seen.told, generalization.key()),
        Classes::group(seen.raw, Generalization::drop().key()),
        Classes::group(seen.raw, Generalization::keep(catalogue).key()),
    ];
    let [rounded, nothing, everything] = [0, 1, 2].map(|at| Linked::new(&classes[at], &runs));
    let binger = Binger::study(seen.told.catalogue(), generalization.key(), &runs);
    let mut found = Vec::new();
    for plays in LENGTHS {
        for order in Order::ALL.into_iter().filter(|&order| plays > 1 || order == Order::InOrder) {
            let stretch = order.stretch(plays);
            let Some(closed) = rounded.recognition(order, plays, stretch) else { continue };
            let control = nothing.recognition(Order::InOrder, 1, stretch);
            let baseline = everything.recognition(order, plays, stretch);
            let unlinked = rounded.recognition(Order::InOrder, 1, stretch);
            for prior in Prior::ALL {
                let name = format!("sequence {order:?} {prior:?}");
                let mut random = stream(seen.seed, &name, u64::from(plays));
                let trial = binger.run(order, plays, prior, seen.draws, &mut random);
                let of = |found: &Option<Recognition>| found.as_ref().and_then(|found| named(found, prior));
                let all = (trial, named(&closed, prior), of(&control), of(&baseline), of(&unlinked));
                // Nobody may play any stretch of that length.
                let (Some(trial), Some(named), Some(control), Some(baseline), Some(unlinked)) = all else {
                    continue;
                };
                found.push(Sequence {
                    plays,
                    order,
                    prior,
                    trial,
                    closed_form: named.right,
                    agrees: seen.agrees(&trial, named.right),
                    certain: named.certain,
                    control: control.right,
                    baseline: baseline.right,
                    unlinked: unlinked.right,
                    stretches: closed.stretches,
                    share: closed.stretches as f64 / catalogue.files() as f64,
                });
            }
        }
    }
    let agrees = found.iter().all(|sequence| sequence.agrees);
    Ok(Answer::Found(Found::new(&found, render(&found), agrees)?))
}

/// What is found under one prior.
pub fn named(found: &Recognition, prior: Prior) -> Option<Named> {
    match prior {
        Prior::Uniform => Some(found.uniform),
        Prior::Popularity => found.popularity,
    }
}

fn render(found: &[Sequence]) -> String {
    let row = |sequence: &Sequence| {
        let order = match sequence.order {
            Order::InOrder if sequence.plays == 1 => "alone",
            Order::InOrder => "in order",
            Order::Shuffled => "shuffled",
            Order::OneMissing => "one missing",
        };
        vec![
            format!("{} {order}, {:?} prior", sequence.plays, sequence.prior).to_lowercase(),
            percent(sequence.share),
            percent(sequence.trial.rate),
            format!("{} to {}", percent(sequence.trial.low), percent(sequence.trial.high)),
            percent(sequence.closed_form),
            percent(sequence.certain),
            percent(sequence.unlinked),
            percent(sequence.control),
            percent(sequence.baseline),
        ]
    };
    let header = [
        "linked plays",
        "files that begin one",
        "series named right",
        "95 % interval",
        "closed form",
        "for sure",
        "seeing one of them",
        "seeing nothing",
        "seeing raw values",
    ];
    output::table(&header, &found.iter().map(row).collect::<Vec<_>>())
}
