//! `coarsen attack library --channel`: what servers give away of whose plays a number is drawn.

use coarsen::attack::Trial;
use coarsen::attack::channel::Memory;
use coarsen::attack::library::{Linkage, Settings, Unicity};
use coarsen::attack::through::{DrawnLibrary, DrawnServers, DrawnUnicity, Score, Through, fingerprint};
use serde::Serialize;

use super::found::{Answer, Found, Seen};
use crate::failure::Failure;
use crate::output::{self, percent};

#[derive(Serialize)]
struct Ran {
    #[serde(flatten)]
    library: DrawnLibrary,
    agrees: bool,
}

pub fn run(seen: &Seen<'_>, through: &Through<'_>, settings: Settings) -> Result<Answer, Failure> {
    let memory = seen.channel.map_or(Memory::Memoized, |randomized| randomized.memory);
    let key = seen.leaving.generalization.key();
    let library = match fingerprint((through, memory), (seen.told, seen.raw), key, settings, seen.seed) {
        Ok(library) => library,
        Err(reason) => return Ok(Answer::NotApplicable(reason.to_string())),
    };
    let one_agrees = |of: &DrawnServers| {
        let mut one = of.unicity.iter().filter(|unicity| unicity.unicity.points == 1);
        one.all(|one| match of.named_by_one {
            Some(closed_form) => seen.agrees(&one.named, closed_form),
            None => seen.calibrated(&one.named, one.sure),
        })
    };
    let agrees = library.by_prior.iter().all(one_agrees);
    let text = library.by_prior.iter().map(|of| render(&library, of)).collect();
    Ok(Answer::Found(Found::new(&Ran { library, agrees }, text, agrees)?))
}

fn render(library: &DrawnLibrary, of: &DrawnServers) -> String {
    let prior = format!("{:?}", of.prior).to_lowercase();
    let [smallest, median, largest] = of.titles;
    let mut text = format!(
        "{prior} prior: {} servers of {smallest} to {largest} titles, {median} in the middle; one drawn point names {} by \
         closed form, and a blind guess {}\n",
        library.servers,
        of.named_by_one.map_or("too many to tell".to_owned(), percent),
        percent(library.blind)
    );
    let shown = |trial: &Trial| if trial.draws == 0 { "-".to_owned() } else { percent(trial.rate) };
    let points = |((drawn, rounded), baseline): ((&DrawnUnicity, &Unicity), &Unicity)| {
        vec![
            drawn.unicity.points.to_string(),
            drawn.unicity.servers.to_string(),
            percent(drawn.named.rate),
            format!("{} to {}", percent(drawn.named.low), percent(drawn.named.high)),
            percent(drawn.confident.rate),
            shown(&drawn.confident_right),
            percent(drawn.unicity.rate),
            percent(rounded.rate),
            percent(baseline.rate),
        ]
    };
    let header = [
        "drawn files known",
        "servers with as many",
        "server named",
        "95 % interval",
        "at 95 % sure",
        "right of those",
        "singled out",
        "before they are drawn",
        "by raw values",
    ];
    let sides = of.unicity.iter().zip(&of.rounded.unicity).zip(&of.baseline.unicity);
    text.push_str(&output::table(&header, &sides.map(points).collect::<Vec<_>>()));
    for scored in &of.linkage {
        let how = match scored.score {
            Score::EqualOutputs => "equal outputs, as each file is drawn once",
            Score::ExpectedMatches => "expected matches, as each play is drawn anew",
            Score::Likelihood => "likelihood, as each play is drawn anew",
        };
        text.push_str(&format!(
            "\ntwo periods of {} plays, as many newcomers, linked by {how}\n",
            library.plays
        ));
        let linked = |((drawn, rounded), baseline): ((&Linkage, &Linkage), &Linkage)| {
            vec![
                drawn.threshold.to_string(),
                percent(drawn.recall.rate),
                format!("{} to {}", percent(drawn.recall.low), percent(drawn.recall.high)),
                shown(&drawn.precision),
                percent(drawn.false_acceptance.rate),
                percent(rounded.recall.rate),
                shown(&rounded.precision),
                percent(baseline.recall.rate),
                shown(&baseline.precision),
            ]
        };
        let header = [
            "stands out by",
            "linked right",
            "95 % interval",
            "right of all linked",
            "newcomers linked",
            "before they are drawn: linked right",
            "right of all linked",
            "raw: linked right",
            "right of all linked",
        ];
        let sides = scored.linkage.iter().zip(&of.rounded.linkage).zip(&of.baseline.linkage);
        text.push_str(&output::table(&header, &sides.map(linked).collect::<Vec<_>>()));
    }
    text + "\n"
}
