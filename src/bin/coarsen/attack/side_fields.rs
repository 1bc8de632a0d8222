//! `coarsen attack side-fields`.

use coarsen::attack::side_fields::{MOST, Marginal, SideFields, side_fields, side_fields_through};
use coarsen::attack::{Prior, Target, Trial};
use coarsen::catalogue::stream::stream;
use serde::Serialize;

use super::found::{Answer, Attack, Found, Seen};
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "side-fields",
    what: "A11: sees one further field, or one less: the bits that each gives away",
    run,
    no_channel: None,
};

/// How many closed forms it is compared with, at most.
pub const COMPARISONS: usize = MOST;

/// What no catalogue can tell.
const NOT_MEASURED: &str = "the platform is of the client and in no catalogue, so that the study measures from plays what it gives away";

#[derive(Serialize)]
struct Ran {
    #[serde(flatten)]
    closed_form: SideFields,
    not_measured: &'static str,
    /// An attacker who names titles, every file equally likely, with a further field or without one that leaves.
    trials: Vec<Tried>,
}

#[derive(Serialize)]
struct Tried {
    field: String,
    leaves: bool,
    #[serde(flatten)]
    trial: Trial,
    agrees: bool,
}

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let generalization = &seen.leaving.generalization;
    let closed_form = match seen.channel {
        None => side_fields(seen.told, generalization),
        Some(randomized) => match side_fields_through(seen.told, generalization, randomized) {
            Ok(found) => found,
            Err(reason) => return Ok(reason.into()),
        },
    };
    let attack = |(leaves, marginal): (bool, &Marginal)| {
        let field = &marginal.field;
        let mut random = stream(seen.seed, &format!("side fields {field}"), 0);
        let trial = seen.ran_on(&marginal.variant, Target::Title, Prior::Uniform, &mut random).top1;
        let claim = if leaves { marginal.without } else { marginal.with };
        Tried { field: field.clone(), leaves, trial, agrees: seen.agrees(&trial, claim.uniform) }
    };
    let leaving = closed_form.leaving.iter().map(|marginal| (true, marginal));
    let further =
        closed_form.further.iter().chain(&closed_form.all_further).map(|marginal| (false, marginal));
    let trials: Vec<Tried> = leaving.chain(further).map(attack).collect();
    let agrees = trials.iter().all(|tried| tried.agrees);
    let text = render(&closed_form);
    Ok(Answer::Found(Found::new(&Ran { closed_form, not_measured: NOT_MEASURED, trials }, text, agrees)?))
}

fn render(found: &SideFields) -> String {
    let row = |how: &str, marginal: &Marginal| {
        vec![
            format!("{how}{}", marginal.field),
            format!("{:.3}, {:.3}", marginal.bits.uniform, marginal.bits.popularity),
            format!("{}, {}", percent(marginal.without.uniform), percent(marginal.without.popularity)),
            format!("{}, {}", percent(marginal.with.uniform), percent(marginal.with.popularity)),
        ]
    };
    let leaving = found.leaving.iter().map(|marginal| row("leaves: ", marginal));
    let further = found.further.iter().chain(&found.all_further).map(|marginal| row("further: ", marginal));
    let header =
        ["field (by files, by plays)", "bits of the title", "named right without", "named right with"];
    let (before, after) = (found.bits_before, found.bits_after);
    format!(
        "bits that the title is worth: {:.3}, {:.3}; left after what leaves: {:.3}, {:.3}\n",
        before.uniform, before.popularity, after.uniform, after.popularity
    ) + &output::table(&header, &leaving.chain(further).collect::<Vec<_>>())
        + NOT_MEASURED
        + "\n"
}
