//! A5: which server it is, from a few of its files, or from its plays of an earlier period.

use super::linking::{rotated, shared};
use super::scene::servers;
use super::{Answer, Part, Rate, Remedy, Scene, Step};
use crate::attack::library::{Library, Linkage, OfPrior, Periods, Settings, Side};
use crate::attack::{Prior, Trial};
use crate::catalogue::Catalogue;
use crate::classes::Classes;

/// Where unicity is compared: so many files of a server are known.
const POINTS: u32 = 5;
/// Where linkage is compared: whatever fits best is taken, however little it stands out, as a blind guess is.
const THRESHOLD: f64 = 0.0;

/// Plays under one identifier that are tried as a remedy, falling.
const ROTATED: [u32; 5] = [100, 30, 10, 3, 1];

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let generalization = scene.one()?;
    let drawn;
    let periods_of = match &scene.ends.periods {
        Some(kept) => kept,
        None => {
            drawn = periods_of(scene.catalogue(), scene.draws, scene.seed);
            &drawn
        }
    };
    let periods_of = periods_of.as_ref().map_err(Clone::clone)?;
    let settings = periods_of.settings();
    let found = periods_of.library(scene.ends.cells, scene.ends.cells, generalization);
    let [mut found_again, precision] = periods(&found);
    let mut single = unicity(&found);
    let whole = found_again.steps[found_again.headline].clone();
    let under = scene.linking().under(settings.plays);
    if under.is_some() || scene.wins(&whole) || scene.wins(&single.steps[single.headline]) {
        let rotated = Rotated {
            periods: periods_of,
            released: scene.classes.numbers(),
            raw: scene.ends.everything.numbers(),
            settings,
        };
        rotated.found_again(scene, under, &mut found_again);
        rotated.singled_out(scene, under, &mut single);
    }
    Ok(vec![found_again, single, precision])
}

/// The servers of a study, or why there are none.
pub(super) fn periods_of(catalogue: &Catalogue, draws: u64, seed: u64) -> Result<Periods, String> {
    let most = Settings::default();
    let settings = Settings { servers: servers(draws, most.servers), ..most };
    Periods::draw(catalogue, settings, seed).map_err(|error| error.to_string())
}

/// Servers of whom fewer plays share an identifier.
struct Rotated<'a> {
    periods: &'a Periods,
    released: Vec<u32>,
    raw: Vec<u32>,
    settings: Settings,
}

impl Rotated<'_> {
    /// Compares the part under the release, with what would stop it.
    fn found_again(&self, scene: &Scene<'_>, under: Option<u32>, part: &mut Part) {
        let whole = part.steps[part.headline].clone();
        let rates = |released: &[u32], plays| -> Vec<(Prior, f64)> {
            let found = self.periods.found_again(released, plays).into_iter();
            found.map(|(prior, trial)| (prior, trial.rate)).collect()
        };
        let stopping = |step: &Step, most: u32| {
            let mut remedies = Vec::new();
            if scene.wins(step) {
                for plays in ROTATED.into_iter().filter(|plays| *plays < most) {
                    remedies.push(Remedy::free(rotated(plays), rates(&self.released, plays), step));
                }
                let changed = |classes: &Classes<'_>| Some(rates(&classes.numbers(), most));
                remedies.extend(scene.changed(step, changed));
            }
            remedies
        };
        let Some(plays) = under else {
            part.remedies = stopping(&whole, self.settings.plays);
            return;
        };
        let [here, raw] = [&self.released, &self.raw].map(|of| self.periods.found_again(of, plays));
        let rate = |((prior, trial), (_, raw)): (&(Prior, Trial), &(Prior, Trial))| {
            let control = whole.rate(*prior).map_or(0.0, |rate| rate.control);
            Rate::ran(*prior, *trial, control, Some(raw.rate))
        };
        let step = Step { at: shared(plays), rates: here.iter().zip(&raw).map(rate).collect() };
        let remedies = stopping(&step, plays);
        part.with_fewer(step, remedies, stopping(&whole, self.settings.plays));
    }

    fn singled_out(&self, scene: &Scene<'_>, under: Option<u32>, part: &mut Part) {
        let whole = part.steps[part.headline].clone();
        // Of one play no identifier tells more than that play; else as many files are known as are shown.
        let of = |released: &[u32], plays: u32| -> Vec<(Prior, [f64; 3])> {
            if plays <= 1 {
                let blind = |rate: &Rate| (rate.prior, [rate.control; 3]);
                return whole.rates.iter().map(blind).collect();
            }
            let points = POINTS.min(plays);
            let found = self.periods.singled_out(released, plays, points).into_iter();
            found.map(|(prior, found)| (prior, [found.rate, found.low, found.high])).collect()
        };
        let stopping = |step: &Step, most: u32| {
            let mut remedies = Vec::new();
            if scene.wins(step) {
                for plays in ROTATED.into_iter().filter(|plays| *plays < most) {
                    let left = of(&self.released, plays).into_iter().map(|(prior, [rate, ..])| (prior, rate));
                    remedies.push(Remedy::free(rotated(plays), left, step));
                }
            }
            remedies
        };
        let Some(plays) = under else {
            part.remedies = stopping(&whole, self.settings.plays);
            return;
        };
        let raw = of(&self.raw, plays);
        let rate = |(prior, [rate, low, high]): (Prior, [f64; 3])| {
            let baseline = raw.iter().find(|(of, _)| *of == prior).map(|(_, [rate, ..])| *rate);
            let interval = (plays > 1).then_some([low, high]);
            let control = whole.rate(prior).map_or(0.0, |rate| rate.control);
            Rate { prior, rate, is_exact: plays <= 1, interval, ran: None, control, baseline }
        };
        let rates = of(&self.released, plays).into_iter().map(rate).collect();
        let step = Step { at: shared(plays), rates };
        let remedies = stopping(&step, plays);
        part.with_fewer(step, remedies, stopping(&whole, self.settings.plays));
    }
}

fn unicity(found: &Library) -> Part {
    let places = found.by_prior.iter().map(|of| of.released.unicity.len()).min().unwrap_or(0);
    let points = |at: usize| found.by_prior[0].released.unicity[at].points;
    let step = |at: usize| {
        let rate = |of: &OfPrior| {
            let here = of.released.unicity[at];
            let rate_of = |side: &Side| side.unicity.get(at).map(|unicity| unicity.rate);
            Rate {
                prior: of.prior,
                rate: here.rate,
                is_exact: false,
                interval: Some([here.low, here.high]),
                ran: None,
                control: rate_of(&of.control).unwrap_or(0.0),
                baseline: rate_of(&of.baseline),
            }
        };
        let files = if points(at) == 1 { "file" } else { "files" };
        Step { at: format!("{} {files}", points(at)), rates: found.by_prior.iter().map(rate).collect() }
    };
    let headline = (0..places).find(|&at| points(at) == POINTS).unwrap_or(0);
    Part {
        part: "few files known",
        ranked: true,
        finds: "servers singled out",
        varies: "files known",
        steps: (0..places).map(step).collect(),
        headline,
        ..Part::default()
    }
}

/// How many servers are found again, and of those that are linked how many rightly.
fn periods(found: &Library) -> [Part; 2] {
    let part = |part, finds, ranked, of: fn(&Linkage) -> Trial| {
        let places = found.by_prior.iter().map(|of| of.released.linkage.len()).min().unwrap_or(0);
        let threshold = |at: usize| found.by_prior[0].released.linkage[at].threshold;
        let step = |at: usize| {
            let rate = |prior: &OfPrior| {
                let baseline = |side: &Side| side.linkage.get(at).map(|linkage| of(linkage).rate);
                let trial = of(&prior.released.linkage[at]);
                Rate::ran(prior.prior, trial, found.blind, baseline(&prior.baseline))
            };
            let at = match threshold(at) {
                0.0 => "whatever fits best".to_owned(),
                threshold => format!("stands out by {threshold}"),
            };
            (at, found.by_prior.iter().map(rate).collect())
        };
        // The higher the threshold, the fewer are found again.
        let order: Vec<usize> = (0..places).rev().collect();
        Part {
            part,
            ranked,
            finds,
            varies: "how far the best must stand out",
            headline: order.iter().position(|&at| threshold(at) == THRESHOLD).unwrap_or(0),
            steps: order.into_iter().map(step).map(|(at, rates)| Step { at, rates }).collect(),
            ..Part::default()
        }
    };
    [
        part("two periods linked", "servers found again", true, |linkage| linkage.recall),
        part("right, of those linked", "links that are right", false, |linkage| linkage.precision),
    ]
}
