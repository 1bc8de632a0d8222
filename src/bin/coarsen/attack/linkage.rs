//! `coarsen attack linkage`.

use coarsen::anonymity::{Reidentification, Thresholds};
use coarsen::attack::linkage::Attacker;
use coarsen::attack::{Prior, Target, Trial};
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Cells, Generalization};
use coarsen::search::evaluate;
use serde::Serialize;

use super::found::{Answer, Attack, Found, Seen};
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack =
    Attack { name: "linkage", what: "A1: holds the catalogue, sees one play, guesses", run };

/// How many closed forms it is compared with.
pub const COMPARISONS: usize = PAIRS.len();

const PAIRS: [(Target, Prior); 4] = [
    (Target::File, Prior::Uniform),
    (Target::File, Prior::Popularity),
    (Target::Title, Prior::Uniform),
    (Target::Title, Prior::Popularity),
];

#[derive(Serialize)]
struct Linkage {
    target: Target,
    prior: Prior,
    #[serde(flatten)]
    trial: Trial,
    closed_form: f64,
    agrees: bool,
    /// The control, as a closed form: an attacker who sees nothing.
    control: f64,
    /// The baseline, as a closed form: an attacker who sees raw values.
    baseline: f64,
}

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let rates = |cells: &Cells<'_>, generalization: &Generalization| {
        evaluate(cells, generalization, Thresholds::default(), &[]).measures.reidentification
    };
    let generalization = &seen.leaving.generalization;
    let closed = rates(seen.told, generalization);
    let control = rates(seen.raw, &Generalization::drop());
    let baseline = rates(seen.raw, &Generalization::keep(seen.raw.catalogue()));
    let attack = |(target, prior)| {
        let mut random = stream(seen.seed, &format!("linkage {target:?} {prior:?}"), 0);
        let attacker = Attacker::study(seen.told.catalogue(), generalization.key(), target, prior);
        let trial = attacker.run(seen.draws, &mut random);
        let closed_form = pick(&closed, target, prior);
        Linkage {
            target,
            prior,
            trial,
            closed_form,
            agrees: seen.agrees(&trial, closed_form),
            control: pick(&control, target, prior),
            baseline: pick(&baseline, target, prior),
        }
    };
    let found: Vec<Linkage> = PAIRS.into_iter().map(attack).collect();
    let agrees = found.iter().all(|linkage| linkage.agrees);
    Ok(Answer::Found(Found::new(&found, render(&found), agrees)?))
}

fn pick(rates: &Reidentification, target: Target, prior: Prior) -> f64 {
    let of = match target {
        Target::File => rates.file,
        Target::Title => rates.title,
    };
    match prior {
        Prior::Uniform => of.uniform,
        Prior::Popularity => of.popularity,
    }
}

fn render(found: &[Linkage]) -> String {
    let row = |linkage: &Linkage| {
        vec![
            format!("{:?}, {:?} prior", linkage.target, linkage.prior).to_lowercase(),
            percent(linkage.trial.rate),
            format!("{} to {}", percent(linkage.trial.low), percent(linkage.trial.high)),
            percent(linkage.closed_form),
            percent(linkage.control),
            percent(linkage.baseline),
        ]
    };
    let header = ["named", "right", "95 % interval", "closed form", "seeing nothing", "seeing raw values"];
    output::table(&header, &found.iter().map(row).collect::<Vec<_>>())
}
