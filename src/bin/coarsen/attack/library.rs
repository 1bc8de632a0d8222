//! `coarsen attack library`.

use coarsen::attack::library::{Library, Linkage, OfPrior, Settings, Side, Unicity, library};
use coarsen::attack::{Prior, Trial};
use serde::Serialize;

use super::found::{Answer, Attack, Found, Seen};
use super::library_drawn as drawn;
use super::linked_plays::{self, Linked};
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "library",
    what: "A5: knows a few files of a server, its plays of another period, or its library, guesses the server",
    run,
    no_channel: None,
};

/// How many closed forms it is compared with: one point, and one linked play, by what leaves and by raw values.
pub const COMPARISONS: usize = 2 * Prior::ALL.len() + linked_plays::COMPARISONS;

/// Draws of points of a server, at most.
const MOST_DRAWS: u64 = 10;

#[derive(Serialize)]
struct Ran {
    #[serde(flatten)]
    library: Library,
    linked_plays: Vec<Linked>,
    agrees: bool,
}

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let settings = Settings {
        servers: seen.servers.servers,
        plays: seen.servers.plays,
        draws: seen.draws.min(MOST_DRAWS) as u32,
    };
    if let Some(through) = seen.through() {
        return match through {
            Ok(through) => drawn::run(seen, &through, settings),
            Err(reason) => Ok(reason.into()),
        };
    }
    let library = match library(seen.told, seen.raw, &seen.leaving.generalization, settings, seen.seed) {
        Ok(library) => library,
        Err(reason) => return Ok(Answer::NotApplicable(reason.to_string())),
    };
    let one_agrees = |side: &Side| {
        let mut one = side.unicity.iter().filter(|unicity| unicity.points == 1);
        one.all(|one| seen.agrees(&Trial::new(one.draws, one.unique), side.unicity_of_one))
    };
    let linked_plays = match linked_plays::run(seen) {
        Ok(linked) => linked,
        Err(reason) => return Ok(Answer::NotApplicable(reason.to_string())),
    };
    let agrees = library.by_prior.iter().all(|of| one_agrees(&of.released) && one_agrees(&of.baseline))
        && linked_plays.iter().all(|linked| linked.agrees);
    let mut text: String = library.by_prior.iter().map(|of| render(&library, of)).collect();
    text.push_str("all libraries known, plays of one server linked\n");
    text.push_str(&linked_plays::render(&linked_plays));
    Ok(Answer::Found(Found::new(&Ran { library, linked_plays, agrees }, text, agrees)?))
}

fn render(library: &Library, of: &OfPrior) -> String {
    let prior = format!("{:?}", of.prior).to_lowercase();
    let [smallest, median, largest] = of.titles;
    let mut text = format!(
        "{prior} prior: {} servers of {smallest} to {largest} titles, {median} in the middle; one point singles out {} by \
         closed form\n",
        library.servers,
        percent(of.released.unicity_of_one)
    );
    let interval = |low, high| format!("{} to {}", percent(low), percent(high));
    let points = |((released, control), baseline): ((&Unicity, &Unicity), &Unicity)| {
        vec![
            released.points.to_string(),
            released.servers.to_string(),
            percent(released.rate),
            interval(released.low, released.high),
            percent(control.rate),
            percent(baseline.rate),
        ]
    };
    let header = [
        "files known",
        "servers with as many",
        "singled out",
        "95 % interval",
        "seeing nothing",
        "seeing raw values",
    ];
    let sides = of.released.unicity.iter().zip(&of.control.unicity).zip(&of.baseline.unicity);
    text.push_str(&output::table(&header, &sides.map(points).collect::<Vec<_>>()));

    text.push_str(&format!(
        "\ntwo periods of {} plays, as many newcomers; a blind guess is right for {}\n",
        library.plays,
        percent(library.blind)
    ));
    let shown = |trial: &Trial| if trial.draws == 0 { "-".to_owned() } else { percent(trial.rate) };
    let linked = |(released, baseline): (&Linkage, &Linkage)| {
        vec![
            released.threshold.to_string(),
            percent(released.recall.rate),
            interval(released.recall.low, released.recall.high),
            shown(&released.precision),
            percent(released.false_acceptance.rate),
            percent(baseline.recall.rate),
            shown(&baseline.precision),
            percent(baseline.false_acceptance.rate),
        ]
    };
    let header = [
        "stands out by",
        "linked right",
        "95 % interval",
        "right of all linked",
        "newcomers linked",
        "raw: linked right",
        "right of all linked",
        "newcomers linked",
    ];
    let sides = of.released.linkage.iter().zip(&of.baseline.linkage);
    text + &output::table(&header, &sides.map(linked).collect::<Vec<_>>()) + "\n"
}
