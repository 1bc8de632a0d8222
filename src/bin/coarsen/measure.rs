//! `coarsen measure`.

use std::collections::BTreeMap;
use std::process::ExitCode;

use coarsen::anonymity::{Distortion, Genre, Measures, Thresholds, genre};
use coarsen::catalogue::harmless;
use coarsen::catalogue::ingest::Table;
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::search::{Evaluation, evaluate};
use coarsen::units::Dimension;
use serde::Serialize;

use crate::args::{CatalogueFile, Leaving, What};
use crate::failure::Failure;
use crate::output::{self, percent};
use crate::progress::while_spinning;

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  coarsen measure --catalogue mixed.parquet --duration floor:5min --bitrate log:1\n  \
    coarsen measure --catalogue mixed.parquet --policy study/policy.toml --json"
)]
pub struct Args {
    #[command(flatten)]
    catalogue: CatalogueFile,
    #[command(flatten)]
    what: What,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    catalogue: Source<'a>,
    #[serde(flatten)]
    one: Option<One>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pings: Vec<One>,
}

#[derive(Serialize)]
struct Source<'a> {
    sha256: &'a str,
    files: usize,
    titles: u32,
}

#[derive(Serialize)]
struct One {
    #[serde(skip_serializing_if = "Option::is_none")]
    ping: Option<String>,
    generalization: Written,
    /// Emitted fields that the catalogue lacks: it can't judge them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marginal: Vec<&'static str>,
    #[serde(flatten)]
    measures: Measures,
    #[serde(skip_serializing_if = "Option::is_none")]
    genre: Option<Genre>,
    distortion: Distortion,
}

/// A generalization as JSON shows it.
#[derive(Serialize)]
pub struct Written {
    duration: String,
    bitrate: String,
    by: Vec<&'static str>,
    /// Boxes of joint buckets that leave as `other`.
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<usize>,
    /// How the side fields that aren't kept as they are are told.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    groups: BTreeMap<&'static str, String>,
}

impl Written {
    pub fn of(generalization: &Generalization) -> Self {
        Self {
            duration: generalization.duration.to_string(),
            bitrate: generalization.bitrate.to_string(),
            by: generalization.by.iter().map(|field| field.name()).collect(),
            other: Some(generalization.other.len()).filter(|boxes| *boxes > 0),
            groups: BTreeMap::new(),
        }
    }
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let Table { catalogue, sha256 } = args.catalogue.read()?;
    let leaving = args.what.leaving(&catalogue)?;
    let mut pings: Vec<One> = while_spinning("measuring", || {
        let cells = Cells::new(&catalogue);
        leaving.iter().map(|leaving| leaving.with_cells(&cells, |told| one(told, leaving))).collect()
    });
    if !args.json {
        let text: Vec<String> = pings.iter().map(render).collect();
        output::text(&text.join("\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let single = if pings.len() == 1 { pings.pop() } else { None };
    let (files, titles) = (catalogue.files(), catalogue.titles());
    let source = Source { sha256: &sha256, files, titles };
    output::json(&Report { schema: "coarsen.measure/1", catalogue: source, one: single, pings })?;
    Ok(ExitCode::SUCCESS)
}

fn one(cells: &Cells<'_>, leaving: &Leaving<'_>) -> One {
    let generalization = &leaving.generalization;
    let Evaluation { measures, .. } = evaluate(cells, generalization, Thresholds::default(), &[0.001, 0.01]);
    let distortion = Distortion::against(cells, generalization, leaving.standing);
    let has_genre = cells.catalogue().side(coarsen::catalogue::SideField::Genre).is_some();
    let genre = has_genre.then(|| genre(&Classes::group(cells, generalization.key()))).flatten();
    One {
        ping: leaving.ping.clone(),
        generalization: Written { groups: leaving.groups(), ..Written::of(generalization) },
        marginal: generalization.missing_in(cells.catalogue()),
        measures,
        genre,
        distortion,
    }
}

fn render(one: &One) -> String {
    let m = &one.measures;
    let error = |value: Option<f64>, dimension: Dimension| {
        value.map_or("not emitted".to_owned(), |v| dimension.human(v.round() as u64))
    };
    let rate = |r: &coarsen::anonymity::Confident| vec![percent(r.uniform), percent(r.popularity)];
    let row =
        |name: &str, cells: Vec<String>| std::iter::once(name.to_owned()).chain(cells).collect::<Vec<_>>();
    let mut text = String::new();
    if let Some(ping) = &one.ping {
        text.push_str(&format!("ping {ping}\n"));
    }
    let Written { duration, bitrate, by, other, groups } = &one.generalization;
    text.push_str(&format!("duration {duration}, bit rate {bitrate}, side fields: {}\n", {
        if by.is_empty() { "none".to_owned() } else { by.join(", ") }
    }));
    for (field, groups) in groups {
        text.push_str(&format!("{field} {}\n", harmless(groups)));
    }
    if let Some(boxes) = other {
        let share = percent(one.distortion.other);
        text.push_str(&format!("sent as the one symbol `other`: {share} of the files, by {boxes} boxes\n"));
    }
    if !one.marginal.is_empty() {
        text.push_str(&format!("the catalogue can't judge: {}\n", one.marginal.join(", ")));
    }
    let mut k = vec![row(
        "k, every file",
        vec![m.k.files.to_string(), m.k.titles.to_string(), m.k.series.to_string()],
    )];
    for budget in &m.k_within_budget {
        let name = format!("k, all but {} of the files", percent(budget.exposed_share));
        let values = [budget.files, budget.titles, budget.series].map(|k| k.to_string()).to_vec();
        k.push(row(&name, values));
    }
    text.push_str(&format!(
        "\n{} classes\n{}",
        m.classes,
        output::table(&["", "files", "titles", "series"], &k)
    ));
    let mut rates = vec![
        row("title named right", rate(&m.reidentification.title)),
        row("file named right", rate(&m.reidentification.file)),
        row("title named right, blind", rate(&m.blind_guess)),
        row("title known with 95 % confidence", rate(&m.confident_title)),
    ];
    for largest in &m.largest_title {
        let name = format!("in classes where one title holds {}", percent(largest.at_least));
        rates.push(row(&name, vec![percent(largest.files), percent(largest.plays)]));
    }
    let under = format!("in classes under {} titles or {} series", m.exposed.k_titles, m.exposed.k_series);
    rates.push(row(&under, vec![percent(m.exposed.files), percent(m.exposed.plays)]));
    rates.push(row("alone in their class", vec![percent(m.unique_share.files), "-".to_owned()]));
    text.push_str(&format!(
        "\n{}",
        output::table(&["", "of files, uniform", "of plays, popularity"], &rates)
    ));
    let kinds: Vec<Vec<String>> = m
        .by_kind
        .iter()
        .map(|(kind, k)| {
            row(kind, vec![k.files.to_string(), percent(k.title_uniform), percent(k.exposed_share)])
        })
        .collect();
    text.push_str(&format!(
        "\n{}",
        output::table(&["kind", "files", "title named right", "exposed"], &kinds)
    ));
    if let Some(genre) = &one.genre {
        text.push_str(&format!(
            "\ngenre: at least {} per class (entropy l {:.2}), t-closeness {:.3}, {} of the files in classes of one genre\n",
            genre.distinct_l,
            genre.entropy_l,
            genre.t_closeness,
            percent(genre.homogeneous_share)
        ));
    }
    let d = &one.distortion;
    text.push_str(&format!(
        "distortion {:.4}; mean error: duration {}, bit rate {}\n",
        d.total,
        error(d.duration.mean_abs_error, Dimension::Duration),
        error(d.bitrate.mean_abs_error, Dimension::Bitrate)
    ));
    text
}
