//! The open world: the file may be none that the attacker knows.

use super::{Answer, Part, Rate, Scene, Step};
use crate::attack::open_world::{Doubt, Row, open_world};

/// Plays drawn for each coverage, at most.
const MOST_PLAYS: u64 = 20_000;
/// Where it is compared: the share of the titles that the attacker knows, in percent.
const HEADLINE: u32 = 100;

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let draws = scene.most_draws(MOST_PLAYS);
    let found = open_world(scene.cells, scene.cells, scene.one()?.key(), draws, scene.seed);
    let mut steps: Vec<(u32, Step)> = Vec::new();
    let shown = |row: &&Row| row.decoys_percent == 0 && row.doubt == Doubt::Coverage;
    for row in found.rows.iter().filter(shown) {
        let recall = row.closed_form.recall;
        let rate = Rate::closed(
            row.prior,
            recall,
            Some(row.ran.recall),
            row.control.recall,
            Some(row.baseline.recall),
        );
        match steps.iter_mut().find(|(held, _)| *held == row.coverage_percent) {
            Some((_, step)) => step.rates.push(rate),
            None => {
                let at = format!("{} % known", row.coverage_percent);
                steps.push((row.coverage_percent, Step { at, rates: vec![rate] }));
            }
        }
    }
    steps.sort_by_key(|(coverage, _)| *coverage);
    Ok(vec![Part {
        part: "",
        ranked: true,
        finds: "title named right with 95 % confidence",
        varies: "titles that the attacker knows",
        headline: steps.iter().position(|(coverage, _)| *coverage == HEADLINE).unwrap_or(0),
        steps: steps.into_iter().map(|(_, step)| step).collect(),
        remedies: Vec::new(),
    }])
}
