//! What the engineers still learn.

use super::super::document::{Block, Cell, Heading, Table, Tone, number, text};
use super::super::figures::power;
use super::super::numbers::{about, count, percent};
use super::super::words::{and, fault, field, rounding};
use crate::search::Worth;
use crate::study::{DiagnosticStep, Diagnostics, Results, ShapeResult};
use crate::units::Dimension::{Bitrate, Duration};
use crate::utility::information::{Field, Target};
use crate::utility::opt_out::Biased;
use crate::utility::power::{Amount, Detection, Needed};
use crate::utility::{Finding, Interval, Judged, Outcome, two_digits};

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
             the mean error, by server, lies within the question's margin. Lost: no ping holds what is asked for, or knowing \
             the figure of all plays together serves as well. Blurred: between the two. The questions {} ask nothing of the \
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
    blocks.push(Block::Table(faults(found)));
    blocks.extend(power(found).map(Block::Figure));
    if !found.steps.is_empty() {
        blocks.push(heading("steps", "As chosen, one step finer and one step coarser"));
        blocks.push(Block::Table(steps(found)));
    }
    blocks.push(heading("numbers", "What is left of the numbers"));
    blocks.push(Block::Table(numbers(found)));
    blocks.push(Block::Table(information(found)));
    blocks.push(Block::Text(speed(found)));
    blocks.push(heading("opt-out", "What opting out does"));
    blocks.extend(opt_out(found));
    blocks
}

fn joined(mut head: Vec<Cell>, cells: Vec<Cell>) -> Vec<Cell> {
    head.extend(cells);
    head
}

fn or_none(text: Option<String>) -> Cell {
    text.map_or_else(Cell::none, Cell::from)
}

fn toned(outcome: Outcome) -> Cell {
    let tone = match outcome {
        Outcome::AsBefore => Tone::Good,
        Outcome::Blurred => Tone::Unsure,
        Outcome::Lost => Tone::Bad,
        Outcome::Untested => Tone::Muted,
    };
    Cell::toned(outcome.words(), tone)
}

fn shapes(results: &Results) -> Table {
    let row = |shape: &ShapeResult| {
        let limits = match shape.holds {
            true => Cell::toned("holds", Tone::Good),
            false => Cell::toned("a limit breaks", Tone::Bad),
        };
        let worth = |of: &dyn Fn(&Worth) -> String| or_none(shape.worth.as_ref().map(of));
        vec![
            shape.shape.into(),
            limits,
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
        let outcome = match &judged.why {
            Some(why) => Cell::toned(format!("{}: {why}", judged.outcome.words()), Tone::Bad),
            None => toned(judged.outcome),
        };
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

fn traffic(needed: Amount) -> String {
    match needed {
        Amount::Is { value, .. } => count(value.round() as u64),
        Amount::Over { value } => format!("over {}", count(value.round() as u64)),
    }
}

fn ratio(needed: &Needed) -> String {
    match needed.ratio {
        None => "unknown: raw plays don't find it either".to_owned(),
        Some(Amount::Is { value, from, to }) if from != to => {
            format!("{value:.2} ({from:.2} to {to:.2})")
        }
        Some(Amount::Is { value, .. }) => format!("{value:.2}"),
        Some(Amount::Over { value }) => format!("over {value:.0}"),
    }
}

fn faults(found: &Diagnostics) -> Table {
    let row = |detection: &Detection| match detection {
        Detection::Measured(power) => {
            let at = power.sizes.iter().find(|at| at.size == power.size);
            let pooled: Vec<String> = power.pooled.iter().map(|column| (*column).to_owned()).collect();
            vec![
                fault(power.family).into(),
                power.ping.as_str().into(),
                if pooled.is_empty() { Cell::none() } else { and(&pooled).into() },
                traffic(power.needed.raw).into(),
                traffic(power.needed.released).into(),
                ratio(&power.needed).into(),
                or_none(at.map(|at| percent(at.precision))),
                or_none(at.map(|at| percent(at.recall))),
                or_none(power.least.map(two_digits)),
            ]
        }
        Detection::Lost { family: lost, reason } | Detection::Untested { family: lost, reason } => {
            let tone = if matches!(detection, Detection::Lost { .. }) { Tone::Bad } else { Tone::Muted };
            let word = if tone == Tone::Bad { "lost" } else { "untested" };
            let mut row = vec![fault(*lost).into(), Cell::toned(format!("{word}: {reason}"), tone)];
            row.resize_with(9, Cell::none);
            row
        }
    };
    let arm = found.faults.iter().find_map(Detection::power).map_or(0, |power| power.traffic);
    Table {
        caption: format!(
            "Plays needed before and after to find four faults of five (twice the stalls, a fifth less speed), with what is \
             released and with raw plays, and the sample-size ratio with its 95 % interval. Precision and recall: of what is \
             flagged and of what the fault struck, the mean over all faults, 0 where nothing is flagged; and the least \
             fault found four times of five (a factor of stalls, a share of speed), all at {} plays before and after.",
            count(arm)
        ),
        columns: vec![
            text("Fault"),
            text("Ping"),
            text("Pooled across"),
            number("Plays, raw"),
            number("Plays, released"),
            number("Sample-size ratio"),
            number("Precision"),
            number("Recall"),
            number("Least fault found"),
        ],
        rows: found.faults.iter().map(row).collect(),
    }
}

fn steps(found: &Diagnostics) -> Table {
    let row = |step: &DiagnosticStep| {
        let dimension = if step.attribute == "duration" { Duration } else { Bitrate };
        let limits = match step.holds {
            true => Cell::toned("holds", Tone::Good),
            false => Cell::toned("a limit breaks", Tone::Bad),
        };
        let questions: Vec<String> = step
            .questions
            .iter()
            .map(|judged| {
                let error = judged
                    .figures
                    .as_ref()
                    .map(|figures| format!(" ({})", two_digits(figures.mean_error.figure)));
                format!("{}: {}{}", judged.question, judged.outcome.words(), error.unwrap_or_default())
            })
            .collect();
        let faults: Vec<String> = step
            .faults
            .iter()
            .map(|(of, needed)| {
                let ratio = needed.map_or("lost".to_owned(), |ratio| format!("{ratio:.2}"));
                format!("{}: {ratio}", fault(*of))
            })
            .collect();
        vec![
            step.ping.as_str().into(),
            field(&step.attribute).into(),
            step.step.into(),
            rounding(&step.rounding, dimension).into(),
            limits,
            questions.join("; ").into(),
            faults.join("; ").into(),
        ]
    };
    Table {
        caption: "The questions that a ping answers and the faults that are looked for in it, with its number as chosen, one \
                  step finer and one step coarser: the mean error, and the sample-size ratio that is expected there by the \
                  normal approximation. Where the choice is the finest of its kind, the step finer is of another."
            .to_owned(),
        columns: vec![
            text("Ping"),
            text("Field"),
            text("Step"),
            text("There"),
            text("Limits"),
            text("Questions"),
            text("Faults"),
        ],
        rows: found.steps.iter().map(row).collect(),
    }
}

fn why<T>(finding: &Finding<T>) -> String {
    match finding {
        Finding::Found(_) => String::new(),
        Finding::Lost { why } => format!("lost: {why}"),
        Finding::Unasked { why } => format!("untested: {why}"),
    }
}

fn numbers(found: &Diagnostics) -> Table {
    let row = |field: &crate::utility::distance::FieldDistance| {
        let ping = field.ping.as_deref().map_or_else(Cell::none, Cell::from);
        let (name, dimension) = match field.column {
            "duration_ms" => ("duration", Duration),
            "played_ms" => ("played duration", Duration),
            "bitrate_bps" => ("bit rate", Bitrate),
            "delivered_bps" => ("delivered bit rate", Bitrate),
            other => (other, Bitrate),
        };
        let moved = |distance: f64| match dimension {
            Duration => about(distance, Duration),
            _ => format!("{} {}", two_digits(distance), field.unit),
        };
        let cells = match &field.distance {
            Finding::Found(distance) => vec![moved(distance.wasserstein).into(), percent(distance.ks).into()],
            other => vec![why(other).into(), Cell::none()],
        };
        joined(vec![name.into(), ping], cells)
    };
    Table {
        caption: "How far the distribution of what leaves lies from that of the raw numbers. Wasserstein-1: how far a \
                  number must be moved, on average, to make one of the other. KS: the largest distance of the two \
                  cumulative shares; a release in steps is at least as far off as half its largest step, so that no \
                  rounding should be ranked by it alone."
            .to_owned(),
        columns: vec![text("Number"), text("Ping"), number("Wasserstein-1"), number("KS")],
        rows: found.distance.iter().map(row).collect(),
    }
}

fn information(found: &Diagnostics) -> Table {
    let row = |question: &crate::utility::information::Question| {
        let target = match question.target {
            Target::Stalled => "whether a play stalled",
            Target::KeptUp => "whether a transcode kept up",
        };
        let field = match question.field {
            Field::Bitrate => "bit rate",
            Field::Duration => "duration",
        };
        let ping = question.ping.as_deref().map_or_else(Cell::none, Cell::from);
        let cells = match &question.retained {
            Finding::Found(retained) => vec![
                format!("{:.4} bits", retained.raw_bits).into(),
                format!("{:.4} bits", retained.bias_bits).into(),
                or_none(retained.ratio.map(percent)),
            ],
            other => vec![why(other).into(), Cell::none(), Cell::none()],
        };
        joined(vec![target.into(), field.into(), ping], cells)
    };
    Table {
        caption: "What a number alone tells of a play: mutual information, of raw values in up to 128 bins of equal \
                  depth, and the share of it that is left. Counts make bits of chance: about as many as stand under “of it chance” of \
                  the raw ones, fewer of what is left, so that the share that is left is told too low."
            .to_owned(),
        columns: vec![
            text("Of"),
            text("Told by"),
            text("Ping"),
            number("Raw"),
            number("Of it chance"),
            number("Left"),
        ],
        rows: found.information.iter().map(row).collect(),
    }
}

fn speed(found: &Diagnostics) -> String {
    let speeds = match &found.speed {
        Finding::Found(speeds) => speeds,
        other => return format!("How the speed of transcoding falls with the bit rate: {}.", why(other)),
    };
    let within = |figure: Option<f64>, within: &Option<crate::utility::speed::Interval>| {
        let figure = figure.map_or("unknown".to_owned(), |figure| format!("{figure:.3}"));
        let ends = within.as_ref().map(|within| format!(" ({:.3} to {:.3})", within.low, within.high));
        format!("{figure}{}", ends.unwrap_or_default())
    };
    let wrong = |of: Option<f64>| of.map_or("unknown".to_owned(), percent);
    format!(
        "How the speed of transcoding falls with the bit rate, in {} transcoded plays (ordinary least squares of its \
         logarithm on hardware, codec, resolution and doublings of the bit rate): the slope is {} times the raw one, and the \
         error of predicting raw plays of servers held out {} times that of the raw fit. Whether a transcode keeps up is \
         told wrong of {} of them, and of {} with raw plays.",
        count(speeds.plays as u64),
        within(speeds.attenuation, &speeds.attenuation_within),
        within(speeds.error_ratio, &speeds.error_ratio_within),
        wrong(speeds.released.wrong),
        wrong(speeds.raw.wrong),
    )
}

/// The settings of the middle slope are chance alone; shown are the extremes and the middle.
fn opt_out(found: &Diagnostics) -> Vec<Block> {
    let sweep = &found.opt_out;
    let off = |finding: &Finding<Vec<Biased>>, at: usize, weighted: bool| {
        let biased = finding.found().and_then(|all| all.get(at));
        let estimate =
            biased.and_then(|biased| if weighted { biased.weighted_off } else { biased.naive_off });
        or_none(estimate.map(|estimate| two_digits(estimate.mean)))
    };
    let row = |(at, setting): (usize, &crate::utility::opt_out::Setting)| {
        let company = sweep.company.found().and_then(|all| all.get(at));
        vec![
            percent(setting.rate).into(),
            format!("{:+}", setting.slope).into(),
            off(&sweep.stalled, at, false),
            off(&sweep.stalled, at, true),
            off(&sweep.kept_up, at, false),
            off(&sweep.kept_up, at, true),
            or_none(company.and_then(|company| company.alone).map(|alone| percent(alone.mean))),
        ]
    };
    let extreme = |(_, setting): &(usize, &crate::utility::opt_out::Setting)| {
        setting.rate > 0.0 && [-2.0, 0.0, 2.0].contains(&setting.slope)
    };
    let draws = sweep.settings.iter().find_map(|setting| setting.out).map_or(0, |out| out.draws);
    vec![
        Block::Text(
            "Servers opt out with a probability that depends on what they are: many plays, hardware that transcodes and \
             the platforms of those who choose their own (linux, web) raise it by the slope, in log-odds per standard \
             deviation. Off: how far the answer of those who stay lies from that of all, mean over plays. Weighted: each \
             cell of platform and hardware counts as much as it has servers, which must be known otherwise. Alone: cells \
             of platform, device and hardware that had several servers, and in which all but one opted out: that somebody \
             reports is then telling by itself."
                .to_owned(),
        ),
        Block::Table(Table {
            caption: format!(
                "What opting out does to the stall rate by platform and to the share of transcodes that keep up by \
                 hardware, of {} servers; means of {draws} draws.",
                count(sweep.servers as u64)
            ),
            columns: vec![
                number("Opted out"),
                number("Slope"),
                number("Stall rate off"),
                number("Weighted"),
                number("Keeping up off"),
                number("Weighted"),
                number("Alone"),
            ],
            rows: sweep.settings.iter().enumerate().filter(extreme).map(row).collect(),
        }),
    ]
}

/// What is still told, in a sentence.
pub(super) fn sentence(results: &Results) -> String {
    let Some(found) = &results.diagnostics else { return String::new() };
    let of = |outcome| found.questions.iter().filter(|judged| judged.outcome == outcome).count();
    let lost: Vec<String> = found
        .questions
        .iter()
        .filter(|judged| judged.outcome == Outcome::Lost)
        .map(|judged| judged.question.clone())
        .collect();
    let lost = if lost.is_empty() { String::new() } else { format!(" ({})", and(&lost)) };
    let faults: Vec<String> = found
        .faults
        .iter()
        .map(|detection| match detection {
            Detection::Measured(power) => {
                let what = fault(power.family);
                match power.needed.ratio {
                    Some(Amount::Is { from, to, .. }) if from <= 1.0 && 1.0 <= to && from != to => {
                        format!("{what} take no more traffic to find than with raw plays as far as can be told ({from:.2} to {to:.2} times)")
                    }
                    Some(Amount::Is { value: 1.0, .. }) => format!("{what} take no more traffic to find"),
                    Some(Amount::Is { .. }) => {
                        format!("{what} take {} times the traffic of raw plays to find", ratio(&power.needed))
                    }
                    Some(Amount::Over { .. }) => {
                        format!("{what} are not found with any traffic that was tried, and are with raw plays")
                    }
                    None => format!("{what} are found with no traffic that was tried, not with raw plays either"),
                }
            }
            Detection::Lost { family: lost, .. } => format!("{} are never found", fault(*lost)),
            Detection::Untested { family: untested, .. } => format!("{} are untested", fault(*untested)),
        })
        .collect();
    format!(
        "Of {} diagnostic questions that ask anything of the file {} are answered as before, {} blurred and {} lost{lost}; {}.",
        count(found.questions.len() as u64),
        of(Outcome::AsBefore),
        of(Outcome::Blurred),
        of(Outcome::Lost),
        and(&faults)
    )
}
