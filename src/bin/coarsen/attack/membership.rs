//! `coarsen attack membership`.

use coarsen::attack::Prior;
use coarsen::attack::channel::Memory;
use coarsen::attack::membership::{
    FALSE_ALARMS, Membership, Point, Settings, Sought, Tried, drawn, membership,
};
use serde::Serialize;

use super::found::{Answer, Attack, Found, Seen};
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "membership",
    what: "A6: links the plays of a server, asks whether it holds exactly this file",
    run,
    no_channel: None,
};

/// How many closed forms it is compared with: right alarms and false ones.
pub const COMPARISONS: usize = 2 * FALSE_ALARMS.len() * Sought::ALL.len() * Prior::ALL.len();

/// Servers that are drawn for each sort of target, at most: enough to show one false alarm in 10,000.
const MOST_DRAWS: u64 = 10_000;

#[derive(Serialize)]
struct Ran {
    #[serde(flatten)]
    membership: Membership,
    agrees: bool,
}

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let settings = Settings {
        servers: 2 * seen.servers.servers,
        draws: seen.draws.min(MOST_DRAWS) as u32,
        plays: f64::from(seen.servers.plays),
        repeats: seen.servers.repeats,
        ..Settings::default()
    };
    let membership = match found(seen, settings) {
        Ok(membership) => membership,
        Err(reason) => return Ok(Answer::NotApplicable(reason)),
    };
    let point_agrees = |point: &Point| {
        point.trial.is_none_or(|trial| seen.agrees(&trial, point.closed_form))
            && point.false_trial.is_none_or(|trial| seen.agrees(&trial, point.false_alarms))
    };
    let agrees = membership.tried.iter().flat_map(|tried| &tried.curve).all(point_agrees);
    let text = render(&membership);
    Ok(Answer::Found(Found::new(&Ran { membership, agrees }, text, agrees)?))
}

/// What is found, or why nothing is.
fn found(seen: &Seen<'_>, settings: Settings) -> Result<Membership, String> {
    let generalization = &seen.leaving.generalization;
    if seen.channel.is_some_and(|randomized| randomized.memory == Memory::Memoized) {
        return Err("its test is of plays that are drawn one by one, and a memoized channel draws once for all plays of \
                    a file: add +fresh to ask what those would tell"
            .to_owned());
    }
    match seen.through().transpose().map_err(|reason| reason.to_string())? {
        None => membership(seen.told, seen.raw, generalization, settings, seen.seed)
            .map_err(|reason| reason.to_string()),
        Some(through) => drawn(seen.told, generalization.key(), &through, seen.raw, settings, seen.seed)
            .map_err(|reason| reason.to_string()),
    }
}

fn render(membership: &Membership) -> String {
    let mut rows = Vec::new();
    for Tried { sought, prior, others, curve, .. } in &membership.tried {
        let name = format!("{sought:?} files, {prior:?} prior").to_lowercase();
        let number = |plays: f64| if plays < 10.0 { format!("{plays:.2}") } else { format!("{plays:.0}") };
        for point in curve {
            let unknown = || "-".to_owned();
            rows.push(vec![
                name.clone(),
                number(others[0]),
                percent(point.false_alarms),
                point.trial.map_or_else(unknown, |trial| percent(trial.rate)),
                point.trial.map_or_else(unknown, |of| format!("{} to {}", percent(of.low), percent(of.high))),
                percent(point.closed_form),
                point.owners.map_or_else(unknown, |owners| percent(owners.rate)),
                percent(point.control),
                percent(point.baseline),
            ]);
        }
    }
    let header = [
        "asks after",
        "others play the bucket",
        "false alarms, as blind",
        "holders found",
        "95 % interval",
        "closed form",
        "among libraries",
        "seeing only that it plays",
        "seeing raw values",
    ];
    format!(
        "{} plays of a server in a period, {} more of the file by who holds it; -: too few servers to show so few false \
         alarms\n",
        membership.plays, membership.repeats
    ) + &output::table(&header, &rows)
}
