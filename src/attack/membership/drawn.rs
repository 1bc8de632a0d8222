//! The same question where the duration leaves through a channel that draws each play anew.
//!
//! Plays of the file leave as several outputs, and so do those of others; the attacker sums up what each output tells
//! ([`Scores`]). Of a memoized channel all plays of a file leave as one output, which one nobody else knows: their counts
//! are not independent, and this test is not made for it.

use rayon::prelude::*;

use super::super::servers::Servers;
use super::super::through::{ServersError, Through, TooFine};
use super::super::{Prior, poisson};
use super::background::yields;
use super::owners::{self, Counts};
use super::run::{Said, counted};
use super::scores::Scores;
use super::{FALSE_ALARMS, Membership, Point, Settings, Sought, Threshold, Tried, View};
use crate::catalogue::Drawn;
use crate::catalogue::stream::{Stream, stream};
use crate::catalogue::synthetic::draw::unit;
use crate::classes::{Cells, Classes, Generalization, Key};

/// One file that is asked after.
struct Asked {
    file: u32,
    part: u32,
    scores: Scores,
    thresholds: [Threshold; FALSE_ALARMS.len()],
}

/// Asks as [`membership`](super::membership()) does, of plays of which the duration is drawn anew after `key` rounds it:
/// the closed form is that of the best test but for the rounding of its sum. The
/// [`Exposed`](Sought::Exposed) files are those of the rounding alone. `told` is the catalogue as it is told, and `raw`
/// as it is.
///
/// O(targets x (files + outputs) + (servers + draws) x plays x log files).
///
/// # Errors
/// [`ServersError::Libraries`] where there are too few titles, [`ServersError::TooFine`] where noise reaches over too many
/// units.
///
/// # Laws
/// - `stochastic:1ms` after any rounding is that rounding.
/// - Drawing after rounding never catches more, nor does a blind guess.
pub fn drawn(
    told: &Cells<'_>,
    key: Key<'_>,
    through: &Through<'_>,
    raw: &Cells<'_>,
    settings: Settings,
    seed: u64,
) -> Result<Membership, ServersError> {
    let catalogue = raw.catalogue();
    let rounded = Classes::group(told, key);
    let everything = Classes::group(raw, Generalization::keep(catalogue).key());
    let nothing = Classes::group(raw, Generalization::drop().key());
    let part_of = through.part_of();
    let mut tried = Vec::new();
    for prior in Prior::ALL {
        let servers = Servers::draw(catalogue, prior, settings.servers, seed)?;
        let [raw, blind] = [&everything, &nothing].map(|of| View::of(catalogue, of, prior, settings));
        let plays = leave(through, &servers, &owners::played(&servers, settings.plays, seed), &part_of);
        for sought in Sought::ALL {
            let targets = sought.files(&rounded, &everything, prior, settings.targets, seed);
            if targets.is_empty() {
                continue;
            }
            let ask = |&file: &u32| {
                let part = part_of[file as usize];
                let yields = yields(through, &through.parts()[part as usize], file, prior, settings.plays)?;
                let scores = Scores::new(&yields, settings.repeats);
                let thresholds = FALSE_ALARMS.map(|false_alarms| scores.threshold(false_alarms));
                Ok(Asked { file, part, scores, thresholds })
            };
            let asked: Vec<Asked> = targets.par_iter().map(ask).collect::<Result<_, TooFine>>()?;
            let owners = count(through, &servers, &plays, &asked, settings.repeats);
            let each = u64::from(settings.draws.div_ceil(targets.len() as u32)) * targets.len() as u64;
            let said = run(through, &part_of, &asked, prior, settings, each, seed, sought);
            let mean = |of: &dyn Fn(&Asked) -> f64| asked.iter().map(of).sum::<f64>() / asked.len() as f64;
            let point = |(at, (&false_alarms, said)): (usize, (&f64, Said))| {
                let shown = owners::resolves(said.right.draws, false_alarms);
                Point {
                    false_alarms,
                    closed_form: mean(&|of| of.scores.power(of.thresholds[at])),
                    baseline: raw.power(&targets, false_alarms),
                    control: blind.power(&targets, false_alarms),
                    trial: shown.then_some(said.right),
                    false_trial: shown.then_some(said.false_alarms),
                    owners: owners::found(&owners, false_alarms),
                }
            };
            tried.push(Tried {
                sought,
                prior,
                targets: targets.len() as u32,
                others: [mean(&|of| of.scores.others), raw.others(&targets)],
                area: [mean(&|of| of.scores.area()), raw.area(&targets)],
                curve: FALSE_ALARMS.iter().zip(said).enumerate().map(point).collect(),
            });
        }
    }
    let Settings { servers, plays, repeats, .. } = settings;
    Ok(Membership { servers, plays, repeats, tried })
}

/// Draws so many servers, without and with a file, and judges both at each threshold, each server on its own.
#[allow(clippy::too_many_arguments)]
fn run(
    through: &Through<'_>,
    part_of: &[u32],
    asked: &[Asked],
    prior: Prior,
    settings: Settings,
    each: u64,
    seed: u64,
    sought: Sought,
) -> Vec<Said> {
    let catalogue = through.catalogue();
    let weight = |file| prior.weight(catalogue, file);
    let drawn = Drawn::new((0..catalogue.files()).map(weight));
    let name = format!("membership drawn {sought:?} {prior:?}");
    let judge = |server: u64| -> Vec<[bool; 2]> {
        let of = &asked[(server % asked.len() as u64) as usize];
        let mut random = stream(seed, &name, server);
        let channel = through.parts()[of.part as usize].channel;
        let counts =
            |file: usize, random: &mut Stream| of.scores.of(channel.sample(through.values()[file], random));
        let mut without = 0;
        // Nobody plays others where the file holds all the weight.
        let plays = if drawn.total() > weight(of.file as usize) { settings.plays } else { 0.0 };
        for _ in 0..poisson::draw(plays, &mut random) {
            let file = drawn.draw_but(of.file as usize, &mut random);
            if part_of[file] == of.part {
                without += counts(file, &mut random);
            }
        }
        let mut with = without;
        for _ in 0..poisson::draw(settings.repeats, &mut random) {
            with += counts(of.file as usize, &mut random);
        }
        let mut says = |threshold: &Threshold| {
            let draw = unit(&mut random);
            [without, with].map(|sum| threshold.says(sum, draw))
        };
        of.thresholds.iter().map(&mut says).collect()
    };
    let judged: Vec<Vec<[bool; 2]>> = (0..each).into_par_iter().map(judge).collect();
    counted(&judged, FALSE_ALARMS.len())
}

/// How plays of one server left, in two periods: by part, the output of each; and the stream after that.
struct Left {
    periods: [Vec<(u32, i64)>; 2],
    after: Stream,
}

fn leave(
    through: &Through<'_>,
    servers: &Servers<'_>,
    played: &[owners::Played],
    part_of: &[u32],
) -> Vec<Left> {
    let of_server = |server: usize| {
        let (periods, mut random) = played[server].of_server();
        let periods = periods.each_ref().map(|files| {
            let leaves = |&file: &u32| {
                let part = part_of[file as usize];
                let channel = through.parts()[part as usize].channel;
                (part, channel.sample(through.values()[file as usize], &mut random))
            };
            files.iter().map(leaves).collect()
        });
        Left { periods, after: random }
    };
    (0..servers.libraries().len()).into_par_iter().map(of_server).collect()
}

/// What the plays of each server tell of each file, of the servers that don't hold it.
fn count(
    through: &Through<'_>,
    servers: &Servers<'_>,
    left: &[Left],
    asked: &[Asked],
    repeats: f64,
) -> Vec<Counts> {
    let of_server = |server: usize| -> Vec<Option<[u64; 2]>> {
        let Left { periods, after } = &left[server];
        let mut random = after.clone();
        let of_file = |of: &Asked| {
            let sum = |period: &Vec<(u32, i64)>| {
                let of_part = period.iter().filter(|&&(part, _)| part == of.part);
                of_part.map(|&(_, output)| of.scores.of(output)).sum::<u64>()
            };
            let [without, mut with] = periods.each_ref().map(sum);
            let channel = through.parts()[of.part as usize].channel;
            for _ in 0..poisson::draw(repeats, &mut random) {
                with += of.scores.of(channel.sample(through.values()[of.file as usize], &mut random));
            }
            servers.libraries()[server].binary_search(&of.file).is_err().then_some([without, with])
        };
        asked.iter().map(of_file).collect()
    };
    let all: Vec<Vec<Option<[u64; 2]>>> = (0..left.len()).into_par_iter().map(of_server).collect();
    (0..asked.len()).map(|at| Counts::of(all.iter().filter_map(|of| of[at]))).collect()
}
