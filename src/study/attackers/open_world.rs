//! The open world: the file may be none that the attacker knows.

use super::{Answer, Part, Rate, Scene, Step};
use crate::attack::Prior;
use crate::attack::open_world::{Doubt, Row, World, open_world, stated};

/// Plays drawn for each coverage, at most.
const MOST_PLAYS: u64 = 20_000;
/// Where it is compared: the share of the titles that the attacker knows, in percent.
const HEADLINE: u32 = 100;

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let draws = scene.most_draws(MOST_PLAYS);
    let found = open_world(scene.ends.cells, scene.ends.cells, scene.one()?.key(), draws, scene.seed);
    let part = |part, ranked, finds, of: &dyn Fn(&Row) -> Option<Rate>| {
        let mut steps: Vec<(u32, Step)> = Vec::new();
        let shown = |row: &&Row| row.decoys_percent == 0 && row.doubt == Doubt::Coverage;
        for row in found.rows.iter().filter(shown) {
            let rates = Vec::from_iter(of(row));
            match steps.iter_mut().find(|(held, _)| *held == row.coverage_percent) {
                Some((_, step)) => step.rates.extend(rates),
                None => {
                    let at = format!("{} % known", row.coverage_percent);
                    steps.push((row.coverage_percent, Step { at, rates }));
                }
            }
        }
        steps.sort_by_key(|(coverage, _)| *coverage);
        Part {
            part,
            ranked,
            finds,
            varies: "titles that the attacker knows",
            headline: steps.iter().position(|(coverage, _)| *coverage == HEADLINE).unwrap_or(0),
            steps: steps.into_iter().map(|(_, step)| step).collect(),
            ..Part::default()
        }
    };
    let recall = |row: &Row| {
        let (control, baseline) = (row.control.recall, Some(row.baseline.recall));
        Some(Rate::closed(row.prior, row.closed_form.recall, Some(row.ran.recall), control, baseline))
    };
    // Who never speaks is never right: that is no rate, and of the control it is none that is right.
    let precision = |row: &Row| {
        let (control, baseline) = (row.control.precision.unwrap_or(0.0), row.baseline.precision);
        let ran = Some(row.ran.precision).filter(|ran| ran.draws > 0);
        Some(Rate::closed(row.prior, row.closed_form.precision?, ran, control, baseline))
    };
    let mut named = part("", true, "title named right with 95 % confidence", &recall);
    if let Some(step) = named.steps.get(named.headline) {
        let world = World::draw(scene.catalogue(), HEADLINE, 0, scene.seed);
        named.remedies = scene.changed(step, |classes| {
            let recall = |prior| Some((prior, stated(classes, &world, Doubt::Coverage, prior)?.recall));
            Prior::ALL.into_iter().map(recall).collect()
        });
    }
    Ok(vec![
        named,
        part("right, of those named", false, "names that are right, of those it is sure of", &precision),
    ])
}
