//! `coarsen attack`.

use std::collections::BTreeMap;
use std::process::ExitCode;

use coarsen::anonymity::Thresholds;
use coarsen::attack::known_library::{KnownLibrary, SIZES, known_library};
use coarsen::attack::linkage::Attacker;
use coarsen::attack::{Prior, Target, Trial};
use coarsen::catalogue::harmless;
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::search::evaluate;
use serde::Serialize;

use crate::args::{CatalogueFile, What};
use crate::failure::Failure;
use crate::output::{self, percent};
use crate::progress::while_spinning;

#[derive(clap::Args)]
#[command(
    after_help = "Example: coarsen attack linkage --catalogue mixed.parquet --duration floor:5min --bitrate log:1"
)]
pub struct Args {
    /// The attacker: linkage (A1: holds the catalogue, sees one play, guesses), known-library (A12: knows that the
    /// file lies in a library of 100, 300, 1,000 or 3,000 titles), or all.
    #[arg(value_parser = name)]
    name: Name,
    #[command(flatten)]
    catalogue: CatalogueFile,
    #[command(flatten)]
    what: What,
    /// Plays, or libraries of each size, that are drawn.
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    draws: u64,
    /// The seed.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Name {
    Linkage,
    KnownLibrary,
    All,
}

/// The attackers that have a name already and come later.
const LATER: [&str; 12] = [
    "noisy",
    "partial",
    "sequence",
    "library",
    "membership",
    "intersection",
    "averaging",
    "suppression",
    "homogeneity",
    "side-fields",
    "arrival",
    "open-world",
];

fn name(text: &str) -> Result<Name, String> {
    match text {
        "linkage" => Ok(Name::Linkage),
        "known-library" => Ok(Name::KnownLibrary),
        "all" => Ok(Name::All),
        _ if LATER.contains(&text) => {
            Err("this version has no such attacker yet; it has linkage, known-library and all".to_owned())
        }
        _ => Err("the attackers are linkage, known-library and all".to_owned()),
    }
}

#[derive(Serialize)]
struct Ran {
    attacker: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ping: Option<String>,
    generalization: String,
    /// How the side fields that aren't kept as they are are told.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    groups: BTreeMap<String, String>,
    /// Emitted fields that the catalogue lacks: the attacker can't match on them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marginal: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_applicable: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    linkage: Vec<Linkage>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    known_library: Vec<KnownLibrary>,
}

#[derive(Serialize)]
struct Linkage {
    target: Target,
    prior: Prior,
    #[serde(flatten)]
    trial: Trial,
    closed_form: f64,
    agrees: bool,
    /// The control, as a closed form: an attacker who sees nothing.
    control: f64,
    /// The baseline, as a closed form: an attacker who sees raw values.
    baseline: f64,
}

/// False-alarm rate of all comparisons of one run together.
const FALSE_ALARM: f64 = 1e-6;
/// Libraries of each size, at most.
const MOST_LIBRARIES: u64 = 1_000;

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let table = args.catalogue.read()?;
    let catalogue = &table.catalogue;
    let leaving = args.what.leaving(catalogue)?;
    let cells = Cells::new(catalogue);
    let mut ran = Vec::new();
    let comparisons = 4 * leaving.len();
    for leaving in &leaving {
        let (ping, generalization) = (&leaving.ping, &leaving.generalization);
        let marginal = generalization.missing_in(catalogue);
        let blind = !generalization.is_drop() && marginal.len() == generalization.emitted();
        let one = |attacker, linkage, known_library: Vec<KnownLibrary>, not_applicable| Ran {
            attacker,
            ping: ping.clone(),
            generalization: generalization.to_string(),
            groups: leaving.groups(),
            marginal: marginal.clone(),
            not_applicable,
            linkage,
            known_library,
        };
        if blind {
            let reason = "the catalogue lacks every field that leaves".to_owned();
            ran.push(one("all", Vec::new(), Vec::new(), Some(reason)));
            continue;
        }
        if args.name != Name::KnownLibrary {
            ran.push(one(
                "linkage",
                while_spinning("attacking", || {
                    leaving
                        .with_cells(&cells, |told| linkage(told, &cells, generalization, args, comparisons))
                }),
                Vec::new(),
                None,
            ));
        }
        if args.name != Name::Linkage {
            let libraries = args.draws.min(MOST_LIBRARIES) as u32;
            let found: Vec<KnownLibrary> = while_spinning("attacking", || {
                leaving.with_cells(&cells, |told| {
                    let classes = Classes::group(told, generalization.key());
                    let of_size = |&titles: &u32| known_library(&classes, titles, libraries, args.seed);
                    SIZES.iter().filter_map(of_size).collect()
                })
            });
            let none = format!(
                "the catalogue has {} titles, and the smallest library {}",
                catalogue.titles(),
                SIZES[0]
            );
            let not_applicable = found.is_empty().then_some(none);
            ran.push(one("known-library", Vec::new(), found, not_applicable));
        }
    }
    let agree = ran.iter().flat_map(|ran| &ran.linkage).all(|linkage| linkage.agrees);
    if args.json {
        output::json(&serde_json::json!({
            "schema": "coarsen.attack/1",
            "catalogue": {"sha256": table.sha256, "files": catalogue.files(), "titles": catalogue.titles()},
            "attacks": ran,
        }))?;
    } else {
        output::text(&render(&ran))?;
    }
    if agree {
        Ok(ExitCode::SUCCESS)
    } else {
        Err(Failure::Broken(
            "an attacker that runs and its closed form disagree: one of them is wrong; please report this"
                .to_owned(),
        ))
    }
}

fn linkage(
    told: &Cells<'_>,
    raw: &Cells<'_>,
    generalization: &Generalization,
    args: &Args,
    comparisons: usize,
) -> Vec<Linkage> {
    let rates = |cells: &Cells<'_>, generalization: &Generalization| {
        evaluate(cells, generalization, Thresholds::default(), &[]).measures.reidentification
    };
    let closed = rates(told, generalization);
    let control = rates(raw, &Generalization::drop());
    let baseline = rates(raw, &Generalization::keep(raw.catalogue()));
    let pick = |rates: &coarsen::anonymity::Reidentification, target, prior| {
        let of = match target {
            Target::File => rates.file,
            Target::Title => rates.title,
        };
        match prior {
            Prior::Uniform => of.uniform,
            Prior::Popularity => of.popularity,
        }
    };
    let pairs = [
        (Target::File, Prior::Uniform),
        (Target::File, Prior::Popularity),
        (Target::Title, Prior::Uniform),
        (Target::Title, Prior::Popularity),
    ];
    let attack = |(target, prior)| {
        let mut random = stream(args.seed, &format!("linkage {target:?} {prior:?}"), 0);
        let trial = Attacker::study(told.catalogue(), generalization.key(), target, prior)
            .run(args.draws, &mut random);
        let closed_form = pick(&closed, target, prior);
        Linkage {
            target,
            prior,
            trial,
            closed_form,
            agrees: trial.agrees_with(closed_form, FALSE_ALARM / comparisons as f64),
            control: pick(&control, target, prior),
            baseline: pick(&baseline, target, prior),
        }
    };
    pairs.into_iter().map(attack).collect()
}

fn render(ran: &[Ran]) -> String {
    let mut text = String::new();
    for ran in ran {
        let ping = ran.ping.as_ref().map_or(String::new(), |ping| format!(", ping {ping}"));
        text.push_str(&format!("{}{ping}: {}\n", ran.attacker, ran.generalization));
        for (field, groups) in &ran.groups {
            text.push_str(&format!("{field} {}\n", harmless(groups)));
        }
        if !ran.marginal.is_empty() {
            text.push_str(&format!("the catalogue can't judge: {}\n", ran.marginal.join(", ")));
        }
        if let Some(reason) = &ran.not_applicable {
            text.push_str(&format!("not applicable: {reason}\n"));
        }
        if !ran.linkage.is_empty() {
            let rows: Vec<Vec<String>> = ran
                .linkage
                .iter()
                .map(|l| {
                    vec![
                        format!("{:?}, {:?} prior", l.target, l.prior).to_lowercase(),
                        percent(l.trial.rate),
                        format!("{} to {}", percent(l.trial.low), percent(l.trial.high)),
                        percent(l.closed_form),
                        percent(l.control),
                        percent(l.baseline),
                    ]
                })
                .collect();
            let header =
                ["named", "right", "95 % interval", "closed form", "seeing nothing", "seeing raw values"];
            text.push_str(&output::table(&header, &rows));
        }
        if !ran.known_library.is_empty() {
            let rows: Vec<Vec<String>> = ran
                .known_library
                .iter()
                .map(|k| {
                    vec![
                        format!("library of {} titles", k.titles),
                        percent(k.title_uniform),
                        percent(k.margin),
                    ]
                })
                .collect();
            text.push_str(&output::table(&["", "title named right", "margin (95 %)"], &rows));
        }
        text.push('\n');
    }
    text
}
