//! What the engineers still learn: the questions, the faults and the rest, of the shown choice and one step beside it.

use serde::Serialize;

use super::StudyError;
use super::config::PlaySource;
use super::results::Ping;
use crate::catalogue::Catalogue;
use crate::classes::Generalization;
use crate::rounding::Rounding;
use crate::search::{Diagnosis, Worth};
use crate::telemetry::plays::{Column, Number, Plays, PlaysError, Settings, simulate};
use crate::units::Dimension;
use crate::utility::power::{Detection, Family, PowerSettings, Prepared};
use crate::utility::{
    Finding, Judged, Judging, Question, Release, Untested, built_in, distance, information, judge, opt_out,
    speed, untested,
};

/// What the engineers still learn of plays.
#[derive(Clone, Debug, Serialize)]
pub struct Diagnostics {
    /// The plays that were asked.
    pub plays: AskedPlays,
    /// What each shape's choice is worth, in the order of the shapes.
    pub shapes: Vec<ShapeWorth>,
    /// The questions, as the shown choice answers them.
    pub questions: Vec<Judged>,
    /// The faults, as the shown choice shows them.
    pub faults: Vec<Detection>,
    /// The columns of the shown choice that no question would miss.
    pub value_untested: Vec<Untested>,
    /// The numbers of the shown choice one step finer and one step coarser.
    pub steps: Vec<Step>,
    /// How far what leaves lies from what is.
    pub distance: Vec<distance::FieldDistance>,
    /// How much of what a number tells is left.
    pub information: Vec<information::Question>,
    /// How well the speed of a server is told by what leaves.
    pub speed: Finding<speed::Speeds>,
    /// What opting out does to answers and to those who stay.
    pub opt_out: opt_out::OptOut,
}

/// The plays that were asked.
#[derive(Clone, Debug, Serialize)]
pub struct AskedPlays {
    /// Plays.
    pub plays: usize,
    /// Servers that report them, or would.
    pub servers: u32,
}

/// What a shape is worth.
#[derive(Clone, Debug, Serialize)]
pub struct ShapeWorth {
    /// The shape.
    pub shape: &'static str,
    /// Its worth.
    pub worth: Option<Worth>,
}

/// One number of one ping a step from the choice.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// The ping.
    pub ping: String,
    /// `duration` or `bitrate`.
    pub attribute: String,
    /// `finer` or `coarser`.
    pub step: &'static str,
    /// The rounding there.
    pub rounding: String,
    /// Whether every limit holds there.
    pub holds: bool,
    /// The questions that ask for the number.
    pub questions: Vec<Judged>,
    /// The families of faults that are told by the number, and the sample-size ratio that is expected there by the normal
    /// approximation: `None` where it is lost.
    pub faults: Vec<(Family, Option<f64>)>,
}

/// Plays of the choosing catalogue, or why there are none.
pub(super) fn plays(
    source: &PlaySource,
    catalogue: &Catalogue,
    seed: u64,
) -> Result<Result<Plays, String>, StudyError> {
    if source.plays == 0 {
        return Ok(Err("the configuration asks for no plays".to_owned()));
    }
    match simulate(catalogue, &Settings::new(source.servers, source.plays, seed)) {
        Ok(plays) => Ok(Ok(plays)),
        // A catalogue that is too small for servers to own parts of can still be studied.
        Err(PlaysError::Libraries(reason)) => Ok(Err(reason.to_string())),
        Err(other) => Err(other.into()),
    }
}

/// What faults are drawn with.
pub(super) fn power(source: &PlaySource, seed: u64) -> PowerSettings {
    let settings = PowerSettings::new(source.plays, seed);
    PowerSettings { replicas: source.replicas, calm: 1_000.max(2 * source.replicas), ..settings }
}

/// The diagnosis that a choice is made by.
pub(super) fn diagnosis<'p>(
    plays: &'p Plays,
    source: &PlaySource,
    seed: u64,
) -> Result<Diagnosis<'p>, StudyError> {
    Ok(Diagnosis::new(plays, built_in(), &power(source, seed))?)
}

/// Asks everything of the shown choice.
pub(super) fn diagnostics(
    plays: &Plays,
    (source, seed): (&PlaySource, u64),
    shapes: Vec<ShapeWorth>,
    shown: &[Ping],
    generalizations: &[Generalization],
    advance: &(dyn Fn() + Sync),
) -> Result<Diagnostics, StudyError> {
    let questions = built_in();
    let judging = Judging { resamples: source.resamples, seed };
    let names = shown.iter().map(|ping| ping.ping.name);
    let pings: Vec<(&str, &Generalization)> = names.zip(generalizations).collect();
    let release = Release::of_pings(plays, &pings);
    let judged = judge(plays, &release, &questions, &judging)?;
    advance();
    let prepared: Vec<(Family, Prepared<'_>)> = Family::ALL
        .into_iter()
        .map(|family| Ok((family, Prepared::new(plays, family, &power(source, seed))?)))
        .collect::<Result<_, StudyError>>()?;
    let faults = prepared.iter().map(|(_, prepared)| Ok(prepared.detection(&release)?));
    let faults = faults.collect::<Result<Vec<Detection>, StudyError>>()?;
    advance();
    let mut steps = Vec::new();
    for (place, ping) in shown.iter().enumerate() {
        for attribute in ["duration", "bitrate"] {
            for step in ["finer", "coarser"] {
                let found = ping.neighbors.iter().find(|n| n.attribute == attribute && n.step == step);
                let Some(neighbor) = found else { continue };
                let dimension =
                    if attribute == "duration" { Dimension::Duration } else { Dimension::Bitrate };
                let Ok(rounding) = Rounding::parse(&neighbor.rounding, dimension) else { continue };
                let there = Generalization { other: Vec::new(), ..generalizations[place].clone() };
                let there = match dimension {
                    Dimension::Duration => Generalization { duration: rounding, ..there },
                    _ => Generalization { bitrate: rounding, ..there },
                };
                let mut pings = pings.clone();
                pings[place].1 = &there;
                let release = Release::of_pings(plays, &pings);
                let about: Vec<Question> =
                    questions.iter().filter(|question| asks(question, dimension)).cloned().collect();
                let told = prepared.iter().filter(|(family, _)| shows(*family, dimension));
                let faults = told.map(|(family, prepared)| {
                    Ok((*family, prepared.expected(&release)?.filter(|ratio| ratio.is_finite())))
                });
                steps.push(Step {
                    ping: neighbor.ping.clone(),
                    attribute: attribute.to_owned(),
                    step,
                    rounding: neighbor.rounding.clone(),
                    holds: neighbor.breaches.is_empty(),
                    questions: judge(plays, &release, &about, &judging)?,
                    faults: faults.collect::<Result<_, StudyError>>()?,
                });
                advance();
            }
        }
    }
    Ok(Diagnostics {
        plays: AskedPlays { plays: plays.len(), servers: source.servers },
        shapes,
        value_untested: untested(&release, &questions, &judged),
        questions: judged,
        faults,
        steps,
        distance: distance::of_release(plays, &release),
        information: information::of_release(plays, &release),
        speed: speed::of_release(plays, &release, seed),
        opt_out: opt_out::of_release(plays, &release, &opt_out::Settings::new(seed)),
    })
}

fn numbers(dimension: Dimension) -> [Column; 2] {
    let numbers = match dimension {
        Dimension::Duration => [Number::DurationMs, Number::PlayedMs],
        _ => [Number::BitrateBps, Number::DeliveredBps],
    };
    numbers.map(Column::Number)
}

/// Whether a question asks for a number of the file, or what is derived from it.
fn asks(question: &Question, dimension: Dimension) -> bool {
    question.columns().any(|column| numbers(dimension).contains(&column))
}

fn shows(family: Family, dimension: Dimension) -> bool {
    family.number().is_some_and(|number| numbers(dimension).contains(&Column::Number(number)))
}
