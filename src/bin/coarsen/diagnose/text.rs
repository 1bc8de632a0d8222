//! What is left of the answers, for people.

use coarsen::utility::information;
use coarsen::utility::opt_out;
use coarsen::utility::power::{Amount, AtSize, Detection, OverSize, Power};
use coarsen::utility::{Figures, Finding, Interval, Judged, Outcome, two_digits};

use super::{Report, count};
use crate::output::{percent, short, table, table_left};

pub fn render(report: &Report) -> String {
    let outcomes = [Outcome::AsBefore, Outcome::Blurred, Outcome::Lost, Outcome::Untested];
    let counted =
        outcomes.map(|outcome| format!("{} {}", count(&report.questions, outcome), outcome.words()));
    let mut text = format!(
        "{} plays leave; of {} questions {}\n\n",
        report.leaving,
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
    text += &over_size(&report.faults);
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
    text + &information(&report.information) + &opt_out(&report.opt_out)
}

/// The power over the size of each family's faults, with raw plays and with what is released of them.
fn over_size(faults: &[Detection]) -> String {
    let row = |power: &Power, (raw, released): (&AtSize, &AtSize)| {
        let both =
            |which: fn(&AtSize) -> f64| format!("{} / {}", percent(which(raw)), percent(which(released)));
        let figures = [both(|at| at.found.rate), both(|at| at.precision), both(|at| at.recall)];
        [&[power.family.name().to_owned(), raw.size.to_string()][..], &figures].concat()
    };
    let rows = |power: &Power| {
        let sizes = power.raw.sizes.iter().zip(&power.released.sizes);
        sizes.map(|at| row(power, at)).collect::<Vec<_>>()
    };
    let measured: Vec<&Power> = faults.iter().filter_map(Detection::power).collect();
    let Some(first) = measured.first() else { return String::new() };
    let least = |over: &OverSize| over.least.map_or("none tried".to_owned(), two_digits);
    let leasts: Vec<_> = measured
        .iter()
        .map(|power| vec![power.family.name().to_owned(), least(&power.raw), least(&power.released)])
        .collect();
    format!(
        "\nOver the size of the fault, at {} plays before and after, raw / released\n{}\n{}",
        first.traffic,
        table(
            &["fault", "size", "found", "precision", "recall"],
            &measured.iter().flat_map(|power| rows(power)).collect::<Vec<_>>()
        ),
        table(&["least fault found four times of five", "raw", "released"], &leasts)
    )
}

fn information(information: &[information::Question]) -> String {
    let row = |question: &information::Question| {
        let (what, by) = (question.target.words(), question.field.words());
        let left = match &question.retained {
            Finding::Found(retained) => {
                [format!("{:.4}", retained.raw_bits), retained.ratio.map_or("-".to_owned(), percent)]
            }
            Finding::Lost { .. } => ["-", "lost"].map(str::to_owned),
            Finding::Unasked { .. } => ["-", "untested"].map(str::to_owned),
        };
        [&[what, by].map(str::to_owned)[..], &left].concat()
    };
    let rows: Vec<_> = information.iter().map(row).collect();
    format!("\n{}", table(&["information of", "told by", "raw bits", "left"], &rows))
}

/// What opting out does where the bias is the largest, and to company.
fn opt_out(found: &opt_out::OptOut) -> String {
    let largest = |rated: &Finding<opt_out::Rated>,
                   which: fn(&opt_out::Biased) -> Option<opt_out::Estimate>| {
        let each = rated.found().into_iter().flat_map(|rated| &rated.each);
        let largest = each.filter_map(which).map(|estimate| estimate.mean).reduce(f64::max);
        largest.map_or("-".to_owned(), two_digits)
    };
    let row = |(what, rated): (&str, &Finding<opt_out::Rated>)| {
        let cells = rated.found().map_or("-".to_owned(), |rated| rated.cells.join(", "));
        let [naive, weighted] =
            [largest(rated, |biased| biased.naive_off), largest(rated, |biased| biased.weighted_off)];
        vec![what.to_owned(), cells, naive, weighted]
    };
    let rates = [("stall rate", &found.stalled), ("keeps up", &found.kept_up)].map(row);
    let company: Vec<_> = found
        .company
        .iter()
        .map(|of| {
            let before = found.settings.iter().zip(&of.each).find(|(setting, _)| setting.rate == 0.0);
            let most = |which: fn(&opt_out::Company) -> Option<f64>| {
                of.each.iter().filter_map(which).reduce(f64::max).map_or("-".to_owned(), percent)
            };
            let single = before.and_then(|(_, company)| company.single).map_or("-".to_owned(), percent);
            vec![
                short(&of.ping),
                short(&of.of.join(", ")),
                of.cells.to_string(),
                single,
                most(|company| company.single),
                most(|company| company.alone),
            ]
        })
        .collect();
    let mut text = format!(
        "\nOpting out, at most of the rates and slopes swept\n{}",
        table(&["answer", "weighted by cells of", "off", "off, weighted"], &rates)
    );
    if !company.is_empty() {
        let header = ["ping", "alike in", "cells", "of one server", "at most", "left alone, at most"];
        text += &format!("\n{}", table_left(&header, &company));
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
