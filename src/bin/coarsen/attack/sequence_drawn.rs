//! `coarsen attack sequence --channel`: linked plays, each of which left as an output that was drawn.

use coarsen::attack::sequence::{LENGTHS, Linked, Order, Recognition, Runs};
use coarsen::attack::through::{Bingers, Through};
use coarsen::attack::{Prior, Trial};
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Classes, Generalization};
use serde::Serialize;

use super::found::{Answer, Found, Seen};
use super::sequence::named;
use crate::failure::Failure;
use crate::output::{self, percent};

/// Stretches that are drawn, at most: each is compared with all that are likely.
const MOST_DRAWS: u64 = 1_000;

/// Why plays without their order aren't asked after.
const SHUFFLED: &str = "without their order the likelihood of drawn plays is a sum over all orders";

/// A row, as it is written.
#[derive(Serialize)]
#[serde(untagged)]
enum Line<'a> {
    Asked(&'a Row),
    Not { plays: u32, order: Order, not_applicable: &'static str },
}

/// So many linked plays, seen in one order.
#[derive(Serialize)]
struct Row {
    plays: u32,
    order: Order,
    prior: Prior,
    #[serde(flatten)]
    trial: Trial,
    /// Of one play; of several only who runs tells.
    closed_form: Option<f64>,
    /// How sure the attacker was of what it named, on average: what it hopes to be right at.
    sure: f64,
    agrees: bool,
    /// Who sees them before they are drawn, as a closed form: nobody does better through the channel.
    rounded: f64,
    /// The control, as a closed form: an attacker who sees nothing.
    control: f64,
    /// The baseline, as a closed form: an attacker who sees raw values in the same order.
    baseline: f64,
    /// The same stretches where nobody links them: only the first play is seen, drawn.
    unlinked: f64,
    stretches: u64,
    share: f64,
}

pub fn run(seen: &Seen<'_>, runs: &Runs, through: &Through<'_>) -> Result<Answer, Failure> {
    let catalogue = seen.raw.catalogue();
    let classes = [
        Classes::group(seen.told, seen.leaving.generalization.key()),
        Classes::group(seen.raw, Generalization::drop().key()),
        Classes::group(seen.raw, Generalization::keep(catalogue).key()),
    ];
    let [rounded, nothing, everything] = [0, 1, 2].map(|at| Linked::new(&classes[at], runs));
    let bingers = Bingers::study(through, runs);
    let draws = seen.draws.min(MOST_DRAWS);
    let mut rows = Vec::new();
    for plays in LENGTHS {
        let orders = [Order::InOrder, Order::OneMissing];
        for order in orders.into_iter().filter(|&order| plays > 1 || order == Order::InOrder) {
            let stretch = order.stretch(plays);
            let Some(before) = rounded.recognition(order, plays, stretch) else { continue };
            let control = nothing.recognition(Order::InOrder, 1, stretch);
            let baseline = everything.recognition(order, plays, stretch);
            for prior in Prior::ALL {
                let mut random =
                    stream(seen.seed, &format!("sequence drawn {order:?} {prior:?}"), u64::from(plays));
                let ran = match bingers.run(order, plays, prior, draws, &mut random) {
                    Ok(ran) => ran,
                    Err(reason) => return Ok(Answer::NotApplicable(reason.to_string())),
                };
                let of = |found: &Option<Recognition>| found.as_ref().and_then(|found| named(found, prior));
                let unlinked = bingers.first_play(stretch, prior);
                let all = (ran, named(&before, prior), of(&control), of(&baseline), unlinked);
                // Nobody may play any stretch of that length.
                let (Some(ran), Some(rounded), Some(control), Some(baseline), Some(unlinked)) = all else {
                    continue;
                };
                let closed_form = (plays == 1).then_some(unlinked);
                rows.push(Row {
                    plays,
                    order,
                    prior,
                    trial: ran.trial,
                    closed_form,
                    sure: ran.sure,
                    agrees: match closed_form {
                        Some(closed_form) => seen.agrees(&ran.trial, closed_form),
                        None => seen.calibrated(&ran.trial, ran.sure),
                    },
                    rounded: rounded.right,
                    control: control.right,
                    baseline: baseline.right,
                    unlinked,
                    stretches: before.stretches,
                    share: before.stretches as f64 / catalogue.files() as f64,
                });
            }
        }
    }
    let agrees = rows.iter().all(|row| row.agrees);
    let text = render(&rows);
    let not = |plays| Line::Not { plays, order: Order::Shuffled, not_applicable: SHUFFLED };
    let shuffled = LENGTHS.into_iter().filter(|&plays| plays > 1).map(not);
    let lines: Vec<Line<'_>> = rows.iter().map(Line::Asked).chain(shuffled).collect();
    Ok(Answer::Found(Found::new(&lines, text, agrees)?))
}

fn render(rows: &[Row]) -> String {
    let row = |row: &Row| {
        let order = match row.order {
            Order::OneMissing => "one missing",
            _ if row.plays == 1 => "alone",
            _ => "in order",
        };
        vec![
            format!("{} {order}, {:?} prior", row.plays, row.prior).to_lowercase(),
            percent(row.share),
            percent(row.trial.rate),
            format!("{} to {}", percent(row.trial.low), percent(row.trial.high)),
            row.closed_form.map_or("-".to_owned(), percent),
            percent(row.sure),
            percent(row.rounded),
            percent(row.unlinked),
            percent(row.control),
            percent(row.baseline),
        ]
    };
    let header = [
        "linked drawn plays",
        "files that begin one",
        "series named right",
        "95 % interval",
        "closed form",
        "it was sure by",
        "before they are drawn",
        "seeing one of them",
        "seeing nothing",
        "seeing raw values",
    ];
    output::table(&header, &rows.iter().map(row).collect::<Vec<_>>())
        + &format!("not applicable, shuffled: {SHUFFLED}\n")
}
