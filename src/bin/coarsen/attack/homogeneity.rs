//! `coarsen attack homogeneity`.

use coarsen::anonymity::Confident;
use coarsen::attack::homogeneity::{Homogeneity, Secret, homogeneity, run as run_attacker};
use coarsen::attack::{Prior, through};
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Classes, Generalization};
use serde::Serialize;

use super::found::{Answer, Attack, Found, Seen, Tried};
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "homogeneity",
    what: "A10: content with the genre or the series, where all candidates share it",
    run,
    no_channel: None,
};

/// How many closed forms it is compared with, at most.
pub const COMPARISONS: usize = 2 * Secret::ALL.len();

#[derive(Serialize)]
struct Ran {
    secret: Secret,
    #[serde(flatten)]
    found: Homogeneity,
    /// The same of the catalogue as a whole: an attacker who sees nothing.
    control: Homogeneity,
    /// The same by raw values.
    baseline: Homogeneity,
    trials: Vec<Tried>,
}

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let generalization = &seen.leaving.generalization;
    let catalogue = seen.told.catalogue();
    let (nothing, everything) = (Generalization::drop(), Generalization::keep(seen.raw.catalogue()));
    let through = match seen.through().transpose() {
        Ok(through) => through,
        Err(reason) => return Ok(reason.into()),
    };
    let told = Classes::group(seen.told, generalization.key());
    let control = Classes::group(seen.raw, nothing.key());
    let baseline = Classes::group(seen.raw, everything.key());
    let of_secret = |secret: Secret| {
        let found = match &through {
            Some(through) => through::homogeneity(through, secret)?,
            None => homogeneity(&told, secret)?,
        };
        let claims = [(Prior::Uniform, found.named.uniform), (Prior::Popularity, found.named.popularity)];
        let trials = claims.into_iter().filter_map(|(prior, claim)| {
            let mut random = stream(seen.seed, &format!("homogeneity {secret:?} {prior:?}"), 0);
            let trial = match through {
                Some(_) => seen.ran(secret.target(), prior, &mut random).top1,
                None => {
                    run_attacker(catalogue, generalization.key(), secret, prior, seen.draws, &mut random)?
                }
            };
            Some(seen.tried(prior, trial, claim))
        });
        Some(Ran {
            secret,
            trials: trials.collect(),
            found,
            control: homogeneity(&control, secret)?,
            baseline: homogeneity(&baseline, secret)?,
        })
    };
    let found: Vec<Ran> = Secret::ALL.into_iter().filter_map(of_secret).collect();
    if found.is_empty() {
        return Ok(Answer::NotApplicable("the catalogue has neither a genre nor a series".to_owned()));
    }
    let agrees = found.iter().flat_map(|ran| &ran.trials).all(|tried| tried.agrees);
    Ok(Answer::Found(Found::new(&found, render(&found), agrees)?))
}

fn render(found: &[Ran]) -> String {
    let mut rows = Vec::new();
    for ran in found {
        let secret = format!("{:?}", ran.secret).to_lowercase();
        let mut row = |what: String, pick: &dyn Fn(&Homogeneity) -> Confident| {
            let all = [&ran.found, &ran.control, &ran.baseline].map(pick);
            let cells = all.map(|rates| format!("{}, {}", percent(rates.uniform), percent(rates.popularity)));
            rows.push([vec![what], cells.to_vec()].concat());
        };
        row(format!("{secret} shared by all candidates"), &|found| found.shared_by_all);
        row(format!("{secret} shared by 95 % of them"), &|found| found.shared_by_most);
        row(format!("{secret} named right"), &|found| found.named);
    }
    let header = ["share (of files, of plays)", "what leaves", "seeing nothing", "seeing raw values"];
    let mut text = output::table(&header, &rows);
    for told in found.iter().filter_map(|ran| ran.found.yes_or_no.as_ref()) {
        let genre = told
            .genre
            .as_deref()
            .map_or("no genre".to_owned(), |genre| format!("`{}`", output::short(genre)));
        let (after, before) = (percent(told.after), percent(told.before));
        text.push_str(&format!(
            "most is told of {genre}: yes or no is right for {after} of the files, {before} before\n"
        ));
    }
    text
}
