//! What the engineers still learn.

mod faults;
mod numbers;
mod opt_out;
mod steps;

use crate::report::document::{Block, Cell, Heading, Table, Tone, number, text};
use crate::report::figures::power;
use crate::report::numbers::{count, percent};
use crate::report::words::and;
use crate::search::Worth;
use crate::study::{Diagnostics, Results, ShapeResult};
use crate::utility::{Interval, Judged, Outcome, two_digits};

pub(super) fn blocks(results: &Results) -> Vec<Block> {
    let Some(found) = &results.diagnostics else {
        let why = results.unasked.as_deref().unwrap_or("there are no plays");
        return vec![Block::Text(format!(
            "No question was put to plays: {why}. The choice is the one with the least distortion, and what the engineers \
             still learn is untested."
        ))];
    };
    let heading = |id: &str, text: &str| {
        Block::Heading(Heading { id: format!("questions-{id}"), text: text.to_owned() })
    };
    let mut blocks = vec![
        Block::Text(format!(
            "Each question that asks anything of the file was put to {} simulated plays of {} servers as they are, and to \
             what the policy of the shape would let leave of them if everybody consented: the file's fields as chosen, and \
             of the player and the playback those that the questions ask for. Answered as before: the whole 95 % interval of \
             the mean error, by server, lies within the question's margin, and the error of knowing only the figure of all \
             plays together doesn't: where it does, the question is untested. Lost: no ping holds what is asked for, or \
             that figure serves as well. Blurred: between the two. The questions {} ask nothing of the \
             file: no rounding touches them, and what they ask for can leave in pings of its own.",
            count(found.plays.plays as u64),
            count(found.plays.servers as u64),
            and(&found.untouched)
        )),
        Block::Table(shapes(results)),
        heading("answers", "The questions"),
        Block::Table(answers(found)),
    ];
    blocks.extend(untested(found));
    blocks.push(heading("faults", "How much more traffic it takes to find a fault"));
    blocks.push(Block::Text(
        "A fault is put into plays at random, never along anybody's edges: twice the stalls in a band of bit rates of \
         one platform and codec, a fifth less speed of one codec on one kind of hardware, twice the stalls in titles \
         that last longer than so many hours. Plays after a day are held against as many before it; of every group and \
         run of neighboring buckets the strongest difference is flagged where it passes what a hundredth of days without \
         any fault pass. Found: what is flagged holds at least half of what the fault struck. The sample-size ratio is \
         how much more total traffic it takes to find four faults of five than with raw plays. Plays are drawn one by \
         one, so that those of a server don't cluster: all figures of traffic are too low alike. A ratio under 1 is chance, or \
         that fewer buckets are fewer to be misled by."
            .to_owned(),
    ));
    blocks.push(Block::Table(faults::table(found)));
    blocks.extend(power(found).map(Block::Figure));
    if !found.steps.is_empty() {
        blocks.push(heading("steps", "As chosen, one step finer and one step coarser"));
        blocks.push(Block::Table(steps::table(found)));
    }
    blocks.push(heading("numbers", "What is left of the numbers"));
    blocks.push(Block::Table(numbers::distance(found)));
    blocks.push(Block::Table(numbers::information(found)));
    blocks.push(Block::Text(numbers::speed(found)));
    blocks.push(heading("opt-out", "What opting out does"));
    blocks.extend(opt_out::blocks(found));
    blocks
}

fn joined(mut head: Vec<Cell>, cells: Vec<Cell>) -> Vec<Cell> {
    head.extend(cells);
    head
}

fn or_none(text: Option<String>) -> Cell {
    text.map_or_else(Cell::none, Cell::from)
}

fn limits(hold: bool) -> Cell {
    if hold { Cell::toned("holds", Tone::Good) } else { Cell::toned("a limit breaks", Tone::Bad) }
}

fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::AsBefore => Tone::Good,
        Outcome::Blurred => Tone::Unsure,
        Outcome::Lost => Tone::Bad,
        Outcome::Untested => Tone::Muted,
    }
}

fn shapes(results: &Results) -> Table {
    let row = |shape: &ShapeResult| {
        let worth = |of: &dyn Fn(&Worth) -> String| or_none(shape.worth.as_ref().map(of));
        vec![
            shape.shape.into(),
            limits(shape.holds),
            worth(&|worth| count(worth.lost)),
            worth(&|worth| two_digits(worth.sample_size_ratio)),
            worth(&|worth| two_digits(worth.error)),
        ]
    };
    Table {
        caption: "What each shape is worth to those who ask. The choice is, of the shapes that hold, the one that loses \
                  the fewest questions and families of faults; then the one with the least sample-size ratio that is \
                  expected by the normal approximation, the product over the families that are found and none under 1, in \
                  steps of a quarter; then the one with the least error, that of each answer as a share of the error of \
                  knowing only the figure of all plays, added up. Widths are chosen by the same order; where a ping \
                  carries both numbers, as in joint and bare, among the pairs of the least ratio and the one of least \
                  distortion."
            .to_owned(),
        columns: vec![
            text("Shape"),
            text("Limits"),
            number("Questions and families lost"),
            number("Sample-size ratio"),
            number("Error"),
        ],
        rows: results.shapes.iter().map(row).collect(),
    }
}

fn interval(interval: &Interval) -> String {
    match (interval.low, interval.high) {
        (Some(low), Some(high)) if low != high => {
            format!("{} ({} to {})", two_digits(interval.figure), two_digits(low), two_digits(high))
        }
        _ => two_digits(interval.figure),
    }
}

fn answers(found: &Diagnostics) -> Table {
    let row = |judged: &Judged| {
        let figures = judged.figures.as_ref();
        let head =
            vec![judged.asks.as_str().into(), judged.ping.as_deref().map_or_else(Cell::none, Cell::from)];
        let why = judged.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        let outcome = Cell::toned(format!("{}{why}", judged.outcome.words()), tone(judged.outcome));
        let cells = vec![
            outcome,
            or_none(figures.map(|figures| interval(&figures.mean_error))),
            two_digits(judged.margin).into(),
            or_none(figures.map(|figures| two_digits(figures.blind_error))),
            or_none(
                figures
                    .and_then(|figures| figures.largest_error.as_ref())
                    .map(|worst| two_digits(worst.error)),
            ),
            or_none(figures.and_then(|figures| figures.worst_rank).map(|rank| format!("{rank:.2}"))),
            or_none(figures.and_then(|figures| figures.covered).map(percent)),
        ];
        joined(head, cells)
    };
    Table {
        caption: "What is left of each answer. Mean error: the distance of the answer from the raw figure of a cell, \
                  mean over plays, with its 95 % interval. Blind: the same error of knowing only the figure of all plays. \
                  Largest: among cells of 200 plays or more. Rank: Kendall's tau-b of the ten cells with the largest raw \
                  figures. Covered: cells whose answer has a 95 % interval that covers the raw figure. A rounded number is \
                  taken for what stands for its bucket."
            .to_owned(),
        columns: vec![
            text("Question"),
            text("Ping"),
            text("Outcome"),
            number("Mean error"),
            number("Margin"),
            number("Blind"),
            number("Largest error"),
            number("Rank"),
            number("Covered"),
        ],
        rows: found.questions.iter().map(row).collect(),
    }
}

/// The columns whose value nobody tested, ping by ping.
fn untested(found: &Diagnostics) -> Option<Block> {
    let mut pings: Vec<(&str, Vec<String>)> = Vec::new();
    for untested in &found.value_untested {
        match pings.last_mut().filter(|(ping, _)| *ping == untested.ping) {
            Some((_, columns)) => columns.push(untested.column.to_owned()),
            None => pings.push((&untested.ping, vec![untested.column.to_owned()])),
        }
    }
    let said: Vec<String> =
        pings.iter().map(|(ping, columns)| format!("{} in ping {ping}", and(columns))).collect();
    let text = format!("Value untested, as no question that is answered would miss it: {}.", said.join("; "));
    (!said.is_empty()).then_some(Block::Text(text))
}

/// What is still told, in a sentence.
pub(super) fn sentence(results: &Results) -> String {
    let Some(found) = &results.diagnostics else { return String::new() };
    let of = |outcome| found.questions.iter().filter(|judged| judged.outcome == outcome).count();
    let named = |outcome, words: &str| {
        let these = found.questions.iter().filter(|judged| judged.outcome == outcome);
        let names: Vec<String> = these.map(|judged| judged.question.clone()).collect();
        (!names.is_empty()).then(|| format!("{} {words} ({})", names.len(), and(&names)))
    };
    let lost = named(Outcome::Lost, "lost").unwrap_or("none lost".to_owned());
    let untested = named(Outcome::Untested, "untested").map(|told| format!(", {told}")).unwrap_or_default();
    format!(
        "Of {} diagnostic questions that ask anything of the file {} are answered as before, {} blurred, {lost}{untested}; {}.",
        count(found.questions.len() as u64),
        of(Outcome::AsBefore),
        of(Outcome::Blurred),
        and(&faults::told(found))
    )
}
