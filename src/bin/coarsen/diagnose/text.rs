//! What is left of the answers, for people.

use coarsen::utility::power::{Amount, Detection};
use coarsen::utility::{Figures, Interval, Judged, Outcome, two_digits};

use super::{Report, count};
use crate::output::{percent, short, table, table_left};

pub fn render(report: &Report) -> String {
    let outcomes = [Outcome::AsBefore, Outcome::Blurred, Outcome::Lost, Outcome::Untested];
    let counted =
        outcomes.map(|outcome| format!("{} {}", count(&report.questions, outcome), outcome.words()));
    let mut text = format!(
        "{} of {} plays leave; of {} questions {}\n\n",
        report.leaving,
        report.plays,
        report.questions.len(),
        counted.join(", ")
    );
    let rows: Vec<_> = report.questions.iter().map(row).collect();
    let header =
        ["question", "ping", "outcome", "mean error (95 %)", "margin", "blind", "largest", "rank", "covered"];
    text += &table(&header, &rows);
    let lost = report.questions.iter().filter_map(|judged| Some((judged, judged.why.as_ref()?)));
    let rows: Vec<_> = lost.map(|(judged, why)| vec![short(&judged.question), why.clone()]).collect();
    if !rows.is_empty() {
        text += &format!("\n{}", table_left(&["lost or untested", "why"], &rows));
    }
    let untested: Vec<_> = report
        .value_untested
        .iter()
        .map(|untested| vec![untested.column.to_owned(), short(&untested.ping)])
        .collect();
    if !untested.is_empty() {
        text += &format!("\n{}", table_left(&["value untested: no question misses it", "ping"], &untested));
    }
    text +=
        &format!("\nFaults: plays needed before and after to find four of five\n{}", faults(&report.faults));
    let distances: Vec<_> = report
        .distance
        .iter()
        .filter_map(|field| {
            let distance = field.distance.found()?;
            let moved = format!("{} {}", two_digits(distance.wasserstein), field.unit);
            Some(vec![field.column.to_owned(), moved, percent(distance.ks)])
        })
        .collect();
    if !distances.is_empty() {
        text += &format!("\n{}", table(&["number", "Wasserstein-1", "KS"], &distances));
    }
    if let Some(speeds) = report.speed.found() {
        let slope = speeds.attenuation.map_or("unknown".to_owned(), |slope| format!("{slope:.3}"));
        let error = speeds.error_ratio.map_or("unknown".to_owned(), |error| format!("{error:.3}"));
        text += &format!(
            "\nTranscode speed by bit rate: slope {slope} of the raw one, error {error} of the raw one\n"
        );
    }
    text
}

fn faults(faults: &[Detection]) -> String {
    let traffic = |needed: Amount| match needed {
        Amount::Is { value, .. } => format!("{value:.0}"),
        Amount::Over { value } => format!("over {value:.0}"),
    };
    let row = |detection: &Detection| match detection {
        Detection::Measured(power) => {
            let ratio = match power.needed.ratio {
                Some(Amount::Is { value, from, to }) => format!("{value:.2} ({from:.2}-{to:.2})"),
                Some(Amount::Over { value }) => format!("over {value:.0}"),
                None => "unknown".to_owned(),
            };
            let needed = [traffic(power.needed.raw), traffic(power.needed.released), ratio];
            [&[power.family.name().to_owned(), short(&power.ping)][..], &needed].concat()
        }
        Detection::Lost { family, .. } => outcome(family.name(), "lost"),
        Detection::Untested { family, .. } => outcome(family.name(), "untested"),
    };
    let header = ["fault", "ping", "raw", "released", "sample-size ratio (95 %)"];
    table(&header, &faults.iter().map(row).collect::<Vec<_>>())
}

fn outcome(family: &str, word: &str) -> Vec<String> {
    [family, "-", "-", "-", word].map(str::to_owned).to_vec()
}

fn row(judged: &Judged) -> Vec<String> {
    let head = [short(&judged.question), judged.ping.as_deref().map_or("-".to_owned(), short)];
    let outcome = judged.outcome.words().to_owned();
    let Some(figures) = &judged.figures else {
        return [&head[..], &[outcome], &vec!["-".to_owned(); 6][..]].concat();
    };
    let Figures { mean_error, blind_error, largest_error, worst_rank, covered, .. } = figures;
    let or_none = |figure: Option<String>| figure.unwrap_or_else(|| "-".to_owned());
    let figures = [
        interval(mean_error),
        two_digits(judged.margin),
        two_digits(*blind_error),
        or_none(largest_error.as_ref().map(|worst| two_digits(worst.error))),
        or_none(worst_rank.map(|rank| format!("{rank:.2}"))),
        or_none(covered.map(|covered| format!("{:.0} %", 100.0 * covered))),
    ];
    [&head[..], &[outcome], &figures].concat()
}

fn interval(interval: &Interval) -> String {
    match (interval.low, interval.high) {
        (Some(low), Some(high)) => {
            format!("{} ({}-{})", two_digits(interval.figure), two_digits(low), two_digits(high))
        }
        _ => format!("{} (one server)", two_digits(interval.figure)),
    }
}
