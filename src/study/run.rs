//! Running a study.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::attackers::{
    self, Attackers, Ends, IdleOnFiles, LINKED, OnFiles, Scene, Told, on_files, variants,
};
use super::config::Config;
use super::diagnostics::{self, Asking, diagnosis};
use super::error::StudyError;
use super::front::Front;
use super::judges::judges;
use super::linkage::attacks;
use super::progress::Progress;
use super::results::{
    BeforeAfter, HeatMap, Input, LeftOut, Linked, Ping, Provenance, Results, SCHEMA, ShapeResult, Sizes,
};
use super::sources::{Named, load};
use crate::anonymity::{Tally, genre};
use crate::attack::known_library::{KnownLibrary, SIZES, known_library};
use crate::catalogue::real;
use crate::classes::{Cells, Classes, Generalization};
use crate::policy::{Limits, Policy};
use crate::rounding::Rounding;
use crate::search::{
    Breach, Candidates, Diagnosis, Evaluation, Found, Grid, Justify, PingChoice, SearchError, Shape,
    ShapeChoice, SweepRow, Traffic, best_shape, breaches, budgets, canonical_hash, evaluate, measured,
    neighbors, recommend_shape, recommend_shape_by_value, sweep, thresholds, to_policy,
};

/// False-alarm rate of all comparisons of a study together: a third for linkage on every catalogue, one for all
/// attackers on the choosing one, and one for those on the real ones.
pub(super) const FALSE_ALARM: f64 = 1e-6;
/// Libraries drawn per size for the choice.
const LIBRARIES: u32 = 100;

/// What a study yields.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The record.
    pub results: Results,
    /// Every candidate of the sweep.
    pub sweep: Vec<SweepRow>,
    /// What each of them costs those who look for faults; `None` where plays tell nothing of it.
    pub traffic: Option<Vec<Traffic>>,
    /// The policy, still without the hash of the results; `None` where nothing meets the limits.
    pub policy: Option<Policy>,
}

/// Runs a study. The same configuration yields the same outcome on any number of threads.
///
/// # Errors
/// [`StudyError`]: an input that can't be used, or [`StudyError::Disagreement`].
pub fn run(config: &Config, progress: &dyn Progress) -> Result<Outcome, StudyError> {
    let limits = Limits::over_defaults(&config.limits)
        .map_err(|error| StudyError::Config { from: "[limits]".to_owned(), problem: error.to_string() })?;
    progress.stage("catalogues", None);
    let main = load(&config.catalogue, config.seed)?;
    let others: Vec<Named> = config
        .judges
        .iter()
        .enumerate()
        .map(|(i, source)| load(source, config.seed.wrapping_add(1 + i as u64)))
        .collect::<Result<_, _>>()?;
    let reals = if config.real { real::all()? } else { Vec::new() };
    let reals: Vec<Named> = reals
        .into_iter()
        .map(|real| Named {
            name: format!("real {}", real.name),
            origin: real.credit.to_owned(),
            sha256: real.sha256,
            catalogue: real.catalogue,
        })
        .collect();
    let cells = Cells::new(&main.catalogue);

    progress.stage("search", None);
    let candidates = Candidates::standard()?;
    let shapes: Vec<Shape> = config.shapes.iter().filter_map(|name| Shape::named(name)).collect();
    let plays = diagnostics::plays(&config.plays, &main.catalogue, config.seed)?;
    let diagnosis =
        plays.as_ref().ok().map(|plays| diagnosis(plays, &config.plays, config.seed)).transpose()?;
    let done = || progress.advance(1);
    let choose = |shape| match &diagnosis {
        Some(diagnosis) => recommend_shape_by_value(&cells, shape, &candidates, &limits, diagnosis, &done),
        None => Ok(recommend_shape(&cells, shape, &candidates, &limits, &done)),
    };
    let choices: Vec<ShapeChoice> = shapes.par_iter().map(choose).collect::<Result<_, SearchError>>()?;
    let chosen = best_shape(&choices);
    let shown = chosen.or_else(|| nearest(&choices)).ok_or_else(|| StudyError::Config {
        from: "shapes".to_owned(),
        problem: "no shape to compare: name at least one".to_owned(),
    })?;

    progress.stage("sweep", None);
    let mut grid = grid(&choices)?;
    if main.catalogue.bitrate_bps().is_none() {
        // Without the column every rounding of it makes the same classes.
        grid.bitrates.retain(Rounding::is_drop);
    }
    progress.stage("sweep", Some(2 * grid.len() as u64));
    let mut by_sets = vec![Vec::new()];
    by_sets.extend(Some(main.catalogue.reported()).filter(|by| !by.is_empty()));
    let rows = sweep(&cells, &grid, &by_sets, budgets(&limits)[0], &|done| progress.advance(done));

    let families = diagnosis.as_ref().map_or(Ok(Vec::new()), Diagnosis::shown_by_raw)?;
    let faults = match (&diagnosis, plays.as_ref().err()) {
        (Some(diagnosis), _) if !families.is_empty() => Ok((diagnosis, families)),
        (_, Some(why)) => Err(why.clone()),
        (_, None) => Err("the plays show no fault that could be looked for".to_owned()),
    };
    let front = Front::new(&cells, (&grid, &by_sets, &rows), shown, &limits, faults)?;

    progress.stage("neighbors", Some(choices.len() as u64));
    let shape_results: Vec<ShapeResult> = choices
        .par_iter()
        .map(|choice| {
            let result = shape_result(&cells, choice, &candidates, &limits, config.seed);
            progress.advance(1);
            result
        })
        .collect();

    let shown_generalizations = shown.generalizations();
    let names = shown.pings.iter().map(|ping| ping.ping.name.to_owned());
    let pings: Vec<(String, Generalization)> = names.zip(shown_generalizations.iter().cloned()).collect();
    let (judges, made) = judges(config, &main, &others, &reals, &pings, &limits, progress)?;
    let catalogues: Vec<&Named> = std::iter::once(&main).chain(&others).chain(&reals).collect();

    progress.stage("attackers", Some(catalogues.len() as u64));
    let attacks = attacks(config, &catalogues, &pings, progress)?;
    let attackers = {
        let others = choices.iter().filter(|choice| choice.shape.name != shown.shape.name);
        let others: Vec<(&str, &str, Generalization)> = others
            .flat_map(|choice| {
                let pings = choice.pings.iter().zip(choice.generalizations());
                pings.map(|(ping, generalization)| (choice.shape.name, ping.ping.name, generalization))
            })
            .collect();
        let shown = shape_results.iter().find(|result| result.shape == shown.shape.name);
        let pings = shown.map_or(&[][..], |result| &result.pings);
        against(config, &cells, (pings, &shown_generalizations), &others, &limits, progress)?
    };
    progress.stage("attackers on real catalogues", Some(reals.len() as u64));
    let on_files: Vec<(Vec<OnFiles>, Vec<IdleOnFiles>)> = reals
        .par_iter()
        .map(|real| {
            let found = on_files(real, (config.draws, config.seed), FALSE_ALARM / (3.0 * reals.len() as f64));
            progress.advance(1);
            found
        })
        .collect::<Result<_, _>>()?;
    let (on_files, on_files_idle): (Vec<_>, Vec<_>) = on_files.into_iter().unzip();
    let diagnostics = {
        let shown = shape_results.iter().find(|result| result.shape == shown.shape.name);
        let pings = shown.map_or(&[][..], |result| &result.pings);
        progress.stage("questions", None);
        let ask = |diagnosis| {
            let asking = Asking::new(diagnosis, &config.plays, config.seed);
            asking.all(pings, &shown_generalizations, &done)
        };
        diagnosis.as_ref().map(ask).transpose()?
    };
    let before_after = catalogues.iter().map(|named| before_after(named, &pings, &limits)).collect();

    let searched = |count: fn(&PingChoice) -> u64| choices.iter().flat_map(|c| &c.pings).map(count).sum();
    let results = Results {
        schema: SCHEMA,
        provenance: Provenance {
            version: env!("CARGO_PKG_VERSION"),
            config: config.clone(),
            inputs: catalogues.iter().map(|named| input(named)).chain(made).collect(),
            false_alarm: FALSE_ALARM,
            candidates: searched(|ping| ping.candidates),
            evaluated: searched(|ping| ping.asked),
        },
        limits: limits.clone(),
        chosen: chosen.map(|choice| choice.shape.name),
        shown: shown.shape.name,
        shapes: shape_results,
        keep: row(&cells, &Generalization::keep(&main.catalogue), &limits),
        drop: row(&cells, &Generalization::drop(), &limits),
        before_after,
        diagnostics,
        unasked: plays.as_ref().err().cloned(),
        judges,
        attacks,
        attackers,
        on_files: on_files.into_iter().flatten().collect(),
        on_files_idle: on_files_idle.into_iter().flatten().collect(),
        heat_map: heat_map(&rows, &grid, &choices),
        frontier_axis: front.axis,
        frontier: front.points,
    };
    let justify = Justify { catalogue: &main.sha256, results: None };
    let frozen = |choice| -> Result<Policy, SearchError> {
        let mut policy = to_policy(&config.name, &cells, choice, &limits, &justify)?;
        policy.release = Some(config.release.clone());
        let policy_hash = canonical_hash(&policy)?;
        policy.justification.iter_mut().for_each(|of| of.policy.clone_from(&policy_hash));
        Ok(policy)
    };
    let policy = chosen.map(frozen).transpose()?;
    Ok(Outcome { results, sweep: rows, traffic: front.traffic, policy })
}

/// The shape whose worst breach is least far over its limit.
fn nearest(choices: &[ShapeChoice]) -> Option<&ShapeChoice> {
    let far = |choice: &ShapeChoice| {
        let of_ping = |ping: &PingChoice| match &ping.found {
            Found::Holds(_) => 0.0,
            Found::Nearest(_, breaches) => breaches.first().map_or(0.0, Breach::factor),
        };
        choice.pings.iter().map(of_ping).fold(0.0, f64::max)
    };
    choices.iter().min_by(|a, b| far(a).total_cmp(&far(b)))
}

fn row(cells: &Cells<'_>, generalization: &Generalization, limits: &Limits) -> SweepRow {
    SweepRow::of(&evaluate(cells, generalization, thresholds(limits), &budgets(limits)))
}

/// The default grid, log buckets and ladders, the baselines, and every rounding that a shape chose.
fn grid(choices: &[ShapeChoice]) -> Result<Grid, StudyError> {
    let mut grid = Grid::default().with_rate_shapes()?.with_baselines();
    for chosen in choices.iter().flat_map(ShapeChoice::generalizations) {
        for (list, rounding) in [(&mut grid.durations, chosen.duration), (&mut grid.bitrates, chosen.bitrate)]
        {
            if !list.contains(&rounding) {
                // Before drop, which is last.
                list.insert(list.len() - 1, rounding);
            }
        }
    }
    Ok(grid)
}

fn shape_result(
    cells: &Cells<'_>,
    choice: &ShapeChoice,
    candidates: &Candidates,
    limits: &Limits,
    seed: u64,
) -> ShapeResult {
    let pings = choice.pings.iter().map(|ping| ping_result(cells, ping, candidates, limits, seed)).collect();
    let classes = Classes::linked(cells, &choice.generalizations());
    let measures = measured(&classes, &limits.without_attacks());
    let linked = Linked {
        k_titles: measures.k_titles_budget(),
        exposed_share: measures.exposed.files,
        title_uniform: measures.reidentification.title.uniform,
        known_library: libraries(&classes, seed),
    };
    ShapeResult {
        shape: choice.shape.name,
        about: choice.shape.about,
        holds: choice.holds(),
        distortion: choice.distortion,
        worth: choice.worth.clone(),
        pings,
        left_out: choice.left_out.iter().map(left_out).collect(),
        linked,
    }
}

fn left_out(choice: &PingChoice) -> LeftOut {
    let breaches = match &choice.found {
        Found::Holds(_) => Vec::new(),
        Found::Nearest(_, breaches) => breaches.clone(),
    };
    LeftOut { ping: choice.ping.name, breaches }
}

fn ping_result(
    cells: &Cells<'_>,
    choice: &PingChoice,
    candidates: &Candidates,
    limits: &Limits,
    seed: u64,
) -> Ping {
    let evaluation: &Evaluation = choice.found.evaluation();
    let classes = Classes::group(cells, evaluation.generalization.key());
    Ping {
        ping: choice.ping.clone(),
        row: SweepRow::of(evaluation),
        measures: evaluation.measures.clone(),
        genre: genre(&classes),
        distortion: evaluation.distortion,
        breaches: breaches(limits, &evaluation.measures),
        neighbors: neighbors(cells, choice, candidates, limits),
        known_library: libraries(&classes, seed),
        sizes: sizes(&classes, limits),
    }
}

fn tally(classes: &Classes<'_>, limits: &Limits) -> Tally {
    let mut tally = Tally::new(thresholds(limits), classes.catalogue().kind().levels());
    classes.visit(&mut tally);
    tally
}

fn libraries(classes: &Classes<'_>, seed: u64) -> Vec<KnownLibrary> {
    SIZES.iter().filter_map(|&titles| known_library(classes, titles, LIBRARIES, seed)).collect()
}

/// Files by the titles in their class, in doublings.
fn sizes(classes: &Classes<'_>, limits: &Limits) -> Vec<Sizes> {
    let mut tally = tally(classes, limits);
    tally.settle();
    let mut ranges: BTreeMap<u32, u64> = BTreeMap::new();
    tally
        .by_titles()
        .iter()
        .for_each(|(size, files)| *ranges.entry(size.max(1).ilog2()).or_default() += files);
    let all = classes.catalogue().files() as f64;
    let range = |(log, files): (u32, u64)| Sizes {
        from: 1 << log,
        to: ((1u64 << (log + 1)) - 1) as u32,
        files: files as f64 / all,
    };
    ranges.into_iter().map(range).collect()
}

/// Every attacker against the pings of the shown shape, and against all of them joined.
fn against(
    config: &Config,
    cells: &Cells<'_>,
    (pings, generalizations): (&[Ping], &[Generalization]),
    others: &[(&str, &str, Generalization)],
    limits: &Limits,
    progress: &dyn Progress,
) -> Result<Attackers, StudyError> {
    let ends = Ends::new(cells).with_servers(config.draws, config.seed);
    let tolerated = attackers::tolerated(limits);
    let scene =
        |told| Scene::new(told, &ends, (config.draws, config.seed)).released(&config.release, tolerated);
    let mut scenes: Vec<Scene<'_>> = Vec::new();
    for (at, (ping, chosen)) in pings.iter().zip(generalizations).enumerate() {
        // Pings that tell the same of a file are one to whoever sees them.
        if generalizations[..at].contains(chosen) {
            continue;
        }
        let same = pings.iter().zip(generalizations).filter(|(_, other)| *other == chosen);
        let names: Vec<&str> = same.map(|(ping, _)| ping.ping.name).collect();
        let sees = if let [name] = names[..] {
            format!("{name} ping")
        } else {
            format!("{} pings", names.join(" and "))
        };
        let told = Told::One(Box::new(chosen.clone()));
        scenes.push(scene((sees, told, variants(cells, ping, chosen))));
    }
    if generalizations.len() > 1 {
        let told = Told::Joined(generalizations.to_vec());
        scenes.push(scene((LINKED.to_owned(), told, Vec::new())));
    }
    for (shape, ping, generalization) in others {
        let told = Told::One(Box::new(generalization.clone()));
        scenes.push(scene((format!("{shape}: {ping} ping"), told, Vec::new())).of_another());
    }
    progress.stage("attackers on what is shown", Some(attackers::MANY));
    attackers::all(&scenes, |_| true, FALSE_ALARM / 3.0, &|| progress.advance(1))
}

fn before_after(named: &Named, pings: &[(String, Generalization)], limits: &Limits) -> BeforeAfter {
    let catalogue = &named.catalogue;
    let cells = Cells::new(catalogue);
    let of =
        |generalization: &Generalization| measured(&Classes::group(&cells, generalization.key()), limits);
    let keep = Generalization::keep(catalogue);
    let mut lacks: Vec<&'static str> = pings.iter().flat_map(|(_, g)| g.missing_in(catalogue)).collect();
    lacks.sort_unstable();
    lacks.dedup();
    let judged = pings.iter().filter(|(_, g)| g.missing_in(catalogue).is_empty());
    BeforeAfter {
        catalogue: named.name.clone(),
        files: catalogue.files(),
        lacks,
        before: of(&keep),
        after: judged.map(|(ping, generalization)| (ping.clone(), of(generalization))).collect(),
    }
}

pub(super) fn input(named: &Named) -> Input {
    Input {
        name: named.name.clone(),
        origin: named.origin.clone(),
        sha256: Some(named.sha256.clone()),
        files: named.catalogue.files(),
        titles: named.catalogue.titles(),
    }
}

fn heat_map(rows: &[SweepRow], grid: &Grid, choices: &[ShapeChoice]) -> HeatMap {
    let text = |list: &[Rounding]| list.iter().map(Rounding::to_string).collect::<Vec<_>>();
    let (durations, bitrates) = (text(&grid.durations), text(&grid.bitrates));
    // The first rows of the sweep are those without side fields, duration by duration.
    let bare = &rows[..grid.len().min(rows.len())];
    let k_titles = bare.chunks(bitrates.len()).map(|row| row.iter().map(|r| r.k_titles_budget).collect());
    let marks = choices.iter().flat_map(|choice| {
        choice.pings.iter().map(|ping| {
            let g = &ping.found.evaluation().generalization;
            (
                format!("{}: {}", choice.shape.name, ping.ping.name),
                g.duration.to_string(),
                g.bitrate.to_string(),
            )
        })
    });
    HeatMap { k_titles: k_titles.collect(), marks: marks.collect(), durations, bitrates }
}
