//! A6: whether a server holds a file.

use super::{Answer, Part, Rate, Remedy, Scene, Step};
use crate::attack::Prior;
use crate::attack::membership::{Membership, Settings, Sought, membership};

/// Where it is compared: so many false alarms.
const HEADLINE: f64 = 0.01;

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let most = Settings::default();
    let (servers, draws) = (scene.most_servers(most.servers), scene.most_servers(most.draws));
    let settings = Settings { servers, draws, ..most };
    let found = membership(scene.ends.cells, scene.ends.cells, scene.one()?, settings, scene.seed);
    let found = found.map_err(|error| error.to_string())?;
    Ok(Sought::ALL.into_iter().filter_map(|sought| part(&found, sought)).collect())
}

fn part(found: &Membership, sought: Sought) -> Option<Part> {
    let mut steps: Vec<(f64, Step)> = Vec::new();
    for tried in found.tried.iter().filter(|tried| tried.sought == sought) {
        for point in &tried.curve {
            let rate = Rate::closed(
                tried.prior,
                point.closed_form,
                point.trial,
                point.control,
                Some(point.baseline),
            );
            match steps.iter_mut().find(|(held, _)| *held == point.false_alarms) {
                Some((_, step)) => step.rates.push(rate),
                None => {
                    let at = format!("{} % false alarms", 100.0 * point.false_alarms);
                    steps.push((point.false_alarms, Step { at, rates: vec![rate] }));
                }
            }
        }
    }
    steps.sort_by(|a, b| a.0.total_cmp(&b.0));
    let headline = steps.iter().position(|(share, _)| *share == HEADLINE)?;
    Some(Part {
        part: match sought {
            Sought::Popular => "popular files",
            Sought::Niche => "niche files",
            Sought::Unique => "files that are unique unrounded",
            Sought::Exposed => "files that are hidden worst",
        },
        ranked: true,
        finds: "holders of the file found",
        varies: "false alarms",
        steps: steps.into_iter().map(|(_, step)| step).collect(),
        headline,
        remedies: vec![Remedy {
            change: "no identifier that links a server's plays (a blind guess)".to_owned(),
            rates: Prior::ALL.map(|prior| (prior, HEADLINE)).into(),
        }],
    })
}
