//! The shown choice on catalogues that it was not chosen on.

use super::config::{Config, Source};
use super::error::StudyError;
use super::progress::Progress;
use super::results::Input;
use super::run::input;
use super::sources::{Named, kinds_alone, load};
use crate::catalogue::Catalogue;
use crate::classes::{Cells, Generalization};
use crate::policy::Limits;
use crate::search::{Judged, Safe, Sample, judge};

/// The most titles of a ten times larger judge; there is none beyond.
const MOST_TITLES: u64 = 4_000_000;

/// The shown choice on catalogues that it was not chosen on.
pub(super) fn judges(
    config: &Config,
    main: &Named,
    others: &[Named],
    reals: &[Named],
    pings: &[(String, Generalization)],
    limits: &Limits,
    progress: &dyn Progress,
) -> Result<(Vec<Judged>, Vec<Input>), StudyError> {
    let cells = Cells::new(&main.catalogue);
    let safe: Vec<Safe> = pings.iter().map(|(_, g)| Safe::of(&cells, g, limits)).collect();
    let mut makers: Vec<(String, Source)> = Vec::new();
    if let (Some(recipe), Some(titles)) = (&config.catalogue.recipe, config.catalogue.titles) {
        let mut add = |name: String, recipe: &str, titles: u64| {
            if let Ok(titles @ 1..) = u32::try_from(titles) {
                let source =
                    Source { recipe: Some(recipe.to_owned()), titles: Some(titles), ..Source::default() };
                makers.push((name, source));
            }
        };
        add("ten times smaller".to_owned(), recipe, u64::from(titles / 10));
        let larger = u64::from(titles) * 10;
        add("ten times larger".to_owned(), recipe, if larger <= MOST_TITLES { larger } else { 0 });
        for other in crate::catalogue::synthetic::Recipe::builtins().filter(|other| other != recipe) {
            add(format!("recipe {other}"), other, u64::from(titles));
        }
    }
    let kinds = kinds_alone(&main.catalogue);
    let halves = main.catalogue.halves(config.seed, 0);
    let all = makers.len() + kinds.len() + halves.iter().flatten().count() + others.len() + reals.len();
    progress.stage("judges", Some(all as u64));
    let judge_one = |name: &str, sample: Sample, catalogue: &Catalogue| {
        let judged = judge(name, sample, catalogue, pings, &safe, limits, config.seed);
        progress.advance(1);
        judged
    };
    let (mut judged, mut made_inputs) = (Vec::new(), Vec::new());
    for (i, (name, source)) in makers.iter().enumerate() {
        // Another seed than the choosing catalogue's: a smaller draw of the same seed could be a part of it.
        let made = load(source, config.seed.wrapping_add(1_000 + i as u64))?;
        judged.push(judge_one(name, Sample::Unseen, &made.catalogue));
        made_inputs.push(Input { name: name.clone(), ..input(&made) });
    }
    judged.extend(
        kinds
            .iter()
            .map(|(kind, catalogue)| judge_one(&format!("kind {kind} alone"), Sample::Part, catalogue)),
    );
    let named_halves = halves.iter().flatten().zip(["half A by series", "half B by series"]);
    judged.extend(named_halves.map(|(catalogue, name)| judge_one(name, Sample::Part, catalogue)));
    judged.extend(others.iter().map(|named| judge_one(&named.name, Sample::Unseen, &named.catalogue)));
    judged.extend(reals.iter().map(|named| judge_one(&named.name, Sample::Real, &named.catalogue)));
    Ok((judged, made_inputs))
}
