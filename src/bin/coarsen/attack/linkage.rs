//! `coarsen attack linkage`.

use coarsen::attack::levels::{Level, level};
use coarsen::attack::through;
use coarsen::attack::{Prior, Target, Trial};
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Classes, Generalization};
use serde::Serialize;

use super::found::{Answer, Attack, Found, Seen};
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "linkage",
    what: "A1: holds the catalogue, sees one play, guesses",
    run,
    no_channel: None,
};

/// How many closed forms it is compared with: one guess and three.
pub const COMPARISONS: usize = 2 * Target::ALL.len() * Prior::ALL.len();

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
    /// With three guesses.
    top3: Top3,
    /// The doubt that is left, in bits, and that of whoever sees nothing.
    entropy_bits: f64,
    control_entropy_bits: f64,
    expected_candidates: f64,
    single_candidate: f64,
}

#[derive(Serialize)]
struct Top3 {
    #[serde(flatten)]
    trial: Trial,
    closed_form: f64,
    agrees: bool,
    control: f64,
    baseline: f64,
}

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let classes = |cells, generalization: &Generalization| Classes::group(cells, generalization.key());
    let generalization = &seen.leaving.generalization;
    let through = match seen.through().transpose() {
        Ok(through) => through,
        Err(reason) => return Ok(reason.into()),
    };
    let released: &dyn Fn(Target) -> [Level; 2] = match &through {
        Some(through) => &|target| through::level(through, target),
        None => {
            let rounded = classes(seen.told, generalization);
            &move |target| level(&rounded, target)
        }
    };
    let nothing = classes(seen.raw, &Generalization::drop());
    let everything = classes(seen.raw, &Generalization::keep(seen.raw.catalogue()));
    let mut found = Vec::new();
    for target in Target::ALL.into_iter().filter(|target| target.is_told(seen.raw.catalogue())) {
        let levels = [released(target), level(&nothing, target), level(&everything, target)];
        for (at, prior) in Prior::ALL.into_iter().enumerate() {
            found.push(attack(seen, target, prior, levels.map(|of_priors| of_priors[at])));
        }
    }
    let agrees = found.iter().all(|linkage| linkage.agrees && linkage.top3.agrees);
    Ok(Answer::Found(Found::new(&found, render(&found), agrees)?))
}

fn attack(seen: &Seen<'_>, target: Target, prior: Prior, [level, control, baseline]: [Level; 3]) -> Linkage {
    let mut random = stream(seen.seed, &format!("linkage {target:?} {prior:?}"), 0);
    let ran = seen.ran(target, prior, &mut random);
    Linkage {
        target,
        prior,
        trial: ran.top1,
        closed_form: level.top1,
        agrees: seen.agrees(&ran.top1, level.top1),
        control: control.top1,
        baseline: baseline.top1,
        top3: Top3 {
            trial: ran.top3,
            closed_form: level.top3,
            agrees: seen.agrees(&ran.top3, level.top3),
            control: control.top3,
            baseline: baseline.top3,
        },
        entropy_bits: level.entropy_bits,
        control_entropy_bits: control.entropy_bits,
        expected_candidates: level.expected_candidates,
        single_candidate: level.single_candidate,
    }
}

fn render(found: &[Linkage]) -> String {
    let name = |linkage: &Linkage| format!("{:?}, {:?} prior", linkage.target, linkage.prior).to_lowercase();
    let row = |linkage: &Linkage| {
        vec![
            name(linkage),
            percent(linkage.trial.rate),
            format!("{} to {}", percent(linkage.trial.low), percent(linkage.trial.high)),
            percent(linkage.closed_form),
            percent(linkage.control),
            percent(linkage.baseline),
        ]
    };
    let header = ["named", "right", "95 % interval", "closed form", "seeing nothing", "seeing raw values"];
    let one = output::table(&header, &found.iter().map(row).collect::<Vec<_>>());
    let row = |linkage: &Linkage| {
        vec![
            name(linkage),
            percent(linkage.top3.trial.rate),
            percent(linkage.top3.closed_form),
            format!("{:.2} of {:.2}", linkage.entropy_bits, linkage.control_entropy_bits),
            format!("{:.1}", linkage.expected_candidates),
            percent(linkage.single_candidate),
        ]
    };
    let header = ["doubt about", "in three guesses", "closed form", "bits left", "candidates", "only one"];
    one + "\n" + &output::table(&header, &found.iter().map(row).collect::<Vec<_>>())
}
