//! What pings answer as chosen, one step finer and one step coarser.

use super::limits;
use crate::report::document::{Table, text};
use crate::report::words::{fault, field, rounding};
use crate::study::{DiagnosticStep, Diagnostics, ExpectedTraffic};
use crate::units::Dimension::{Bitrate, Duration};
use crate::utility::two_digits;

pub(super) fn table(found: &Diagnostics) -> Table {
    let row = |step: &DiagnosticStep| {
        let dimension = if step.attribute == "duration" { Duration } else { Bitrate };
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
            .map(|(of, expected)| {
                let told = match expected {
                    ExpectedTraffic::Found { ratio } => format!("{ratio:.2}"),
                    ExpectedTraffic::Lost => "lost".to_owned(),
                    ExpectedTraffic::Untested => "untested".to_owned(),
                };
                format!("{}: {told}", fault(*of))
            })
            .collect();
        vec![
            step.ping.as_str().into(),
            field(&step.attribute).into(),
            step.step.into(),
            rounding(&step.rounding, dimension).into(),
            limits(step.holds),
            questions.join("; ").into(),
            faults.join("; ").into(),
        ]
    };
    Table {
        caption: "The questions that a ping answers and the faults that are looked for in it, with its number as chosen, one \
                  step finer and one step coarser: the mean error, and the sample-size ratio that is expected there by the \
                  normal approximation (lost: no traffic finds them; untested: nor does any find them in raw plays). Where the choice is the finest of its kind, the step finer is of another."
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
