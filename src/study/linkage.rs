//! Linkage that really runs, on every catalogue.

use rayon::prelude::*;

use super::config::Config;
use super::error::StudyError;
use super::progress::Progress;
use super::results::Attack;
use super::run::FALSE_ALARM;
use super::sources::Named;
use crate::anonymity::Measures;
use crate::attack::linkage::Attacker;
use crate::attack::{Prior, Target};
use crate::catalogue::Catalogue;
use crate::catalogue::stream::stream;
use crate::classes::{Cells, Classes, Generalization};
use crate::policy::Limits;
use crate::search::measured;

/// The linkage attacker on every catalogue: each ping, the baseline and the control, every target and prior.
pub(super) fn attacks(
    config: &Config,
    catalogues: &[&Named],
    pings: &[(String, Generalization)],
    progress: &dyn Progress,
) -> Result<Vec<Attack>, StudyError> {
    let mut found: Vec<Attack> = Vec::new();
    for named in catalogues {
        let cells = Cells::new(&named.catalogue);
        let mut sees = vec![
            ("keep".to_owned(), Generalization::keep(&named.catalogue)),
            ("drop".to_owned(), Generalization::drop()),
        ];
        sees.extend(pings.iter().filter(|(_, g)| g.missing_in(&named.catalogue).is_empty()).cloned());
        let attacks: Vec<Vec<Attack>> = sees
            .par_iter()
            .map(|(sees, generalization)| {
                let measures = measured(&Classes::group(&cells, generalization.key()), &Limits::none());
                attack_all(&named.name, &named.catalogue, sees, generalization, &measures, config)
            })
            .collect();
        found.extend(attacks.into_iter().flatten());
        progress.advance(1);
    }
    let false_alarm = FALSE_ALARM / 3.0 / found.len() as f64;
    match found.iter().find(|attack| !attack.trial.agrees_with(attack.closed_form, false_alarm)) {
        None => Ok(found),
        Some(attack) => Err(StudyError::Disagreement {
            on: format!(
                "{}, {}, {:?}, {:?} prior",
                attack.catalogue, attack.sees, attack.target, attack.prior
            ),
            hits: attack.trial.hits,
            draws: attack.trial.draws,
            claim: attack.closed_form,
        }),
    }
}

fn attack_all(
    name: &str,
    catalogue: &Catalogue,
    sees: &str,
    generalization: &Generalization,
    measures: &Measures,
    config: &Config,
) -> Vec<Attack> {
    let closed = &measures.reidentification;
    [
        (Target::File, Prior::Uniform, closed.file.uniform),
        (Target::File, Prior::Popularity, closed.file.popularity),
        (Target::Title, Prior::Uniform, closed.title.uniform),
        (Target::Title, Prior::Popularity, closed.title.popularity),
    ]
    .into_iter()
    .map(|(target, prior, closed_form)| {
        let attacker = Attacker::study(catalogue, generalization.key(), target, prior);
        let mut random = stream(config.seed, &format!("linkage {name} {sees} {target:?} {prior:?}"), 0);
        let trial = attacker.run(config.draws, &mut random);
        let (catalogue, sees) = (name.to_owned(), sees.to_owned());
        Attack { attacker: "linkage", catalogue, sees, target, prior, trial, closed_form }
    })
    .collect()
}
