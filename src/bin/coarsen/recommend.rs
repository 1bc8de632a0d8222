//! `coarsen recommend`.

use std::path::PathBuf;
use std::process::ExitCode;

use coarsen::attack::known_library::{SIZES, known_library};
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::policy::Limits;
use coarsen::search::{
    Breach, Candidates, Evaluation, Found, Judged, Justify, Neighbor, Safe, Sample, SearchError, Shape,
    ShapeChoice, best_shape, breaches, evaluate_for, judge, neighbors, recommend_robust, recommend_shape,
    recommend_shape_by_value, to_policy_telling,
};
use coarsen::study::Progress;
use serde_json::json;

use crate::args::{CatalogueFile, LimitArgs};
use crate::failure::{BROKEN_LIMIT, Failure};
use crate::free::{self, Free, FreeArgs};
use crate::hierarchy::HierarchyArgs;
use crate::identifier::IdentifierArgs;
use crate::measure::Written;
use crate::other::OtherArgs;
use crate::output::{self, percent};
use crate::places::Output;
use crate::progress::Bar;
use crate::robust::{Holds, RobustArgs};
use crate::value::{self, ValueArgs};

/// Libraries drawn per size.
const LIBRARIES: u32 = 100;

#[derive(clap::Args)]
#[command(after_help = "Example: coarsen recommend --catalogue mixed.parquet --judge mine.parquet \
    --limit k_titles=50 -o policy.toml")]
pub struct Args {
    #[command(flatten)]
    catalogue: CatalogueFile,
    /// A catalogue that the choice has not seen and is judged on; repeatable.
    #[arg(long, value_name = "FILE")]
    judge: Vec<PathBuf>,
    /// joint (every side field in one ping), bare (no side field), split (one ping per question), or any of them;
    /// or free: one ping, the best edges there are, beside bare.
    #[arg(long, value_name = "SHAPE", default_value = "any")]
    #[arg(value_parser = ["any", "joint", "bare", "split", free::NAME])]
    shape: String,
    #[command(flatten)]
    free: FreeArgs,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    hierarchy: HierarchyArgs,
    #[command(flatten)]
    other: OtherArgs,
    #[command(flatten)]
    robust: RobustArgs,
    #[command(flatten)]
    identifier: IdentifierArgs,
    #[command(flatten)]
    value: ValueArgs,
    /// The name of the policy.
    #[arg(long, default_value = "playback")]
    name: String,
    /// The seed of the libraries that judges draw.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The policy; not written where nothing meets the limits.
    #[arg(short, long, value_name = "POLICY.toml")]
    output: Output,
    /// The result as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let limits = args.limits.limits()?;
    output::check_place(&args.output)?;
    args.identifier.check()?;
    let is_free = args.shape == free::NAME;
    if let Some((attack, _)) = limits.attacks().next().filter(|_| is_free) {
        return Err(Failure::input(SearchError::FreeAttack { limit: attack.to_string() }));
    }
    if is_free && (args.other.is_asked() || args.robust.is_asked()) {
        let mend = "leave out --other and --robust, or choose another shape";
        return Err(Failure::Input(format!("--shape free neither sends boxes nor asks a panel: {mend}")));
    }
    if args.hierarchy.is_asked() && (args.other.is_asked() || args.robust.is_asked()) {
        let mend = "leave out --other and --robust";
        return Err(Failure::Input(format!("--hierarchy neither sends boxes nor asks a panel: {mend}")));
    }
    if args.value.is_asked() {
        let elsewhere = [
            (is_free, "--shape free"),
            (args.other.is_asked(), "--other"),
            (args.robust.is_asked(), "--robust"),
            (args.hierarchy.is_asked(), "--hierarchy"),
        ];
        if let Some((_, flag)) = elsewhere.into_iter().find(|(asked, _)| *asked) {
            return Err(Failure::Input(format!("{flag} chooses by distortion: leave it out, or --plays")));
        }
    }
    let plays = args.value.plays()?;
    let hierarchies = args.hierarchy.read(&args.shape)?;
    let table = args.catalogue.read()?;
    let judges = args.judge.iter().map(|path| Ok((path, args.catalogue.columns.read(path)?)));
    let judges: Vec<_> = judges.collect::<Result<_, Failure>>()?;
    let cells = Cells::new(&table.catalogue);
    let by = args.free.check(&args.shape, &cells)?;
    let candidates = Candidates::standard().map_err(Failure::input)?;
    let bar = Bar::new();
    bar.stage("search", None);
    // Free edges stand beside equal widths.
    let name = if is_free { "bare" } else { &args.shape };
    let wanted = Shape::all().into_iter().filter(|shape| name == "any" || shape.name == name);
    let done = || bar.advance(1);
    let plain: Vec<ShapeChoice> = match &plays {
        Some(plays) => {
            let diagnosis = args.value.diagnosis(plays, args.seed)?;
            let choose =
                |shape| recommend_shape_by_value(&cells, &shape, &candidates, &limits, &diagnosis, &done);
            wanted.map(choose).collect::<Result<_, SearchError>>().map_err(Failure::input)?
        }
        None => wanted.map(|shape| recommend_shape(&cells, &shape, &candidates, &limits, &done)).collect(),
    };
    let mut choices = args.other.choose(&cells, &plain, &candidates, &limits, &bar);
    let mut holds = None;
    if let Some(robust) = args.robust.panel(&table.catalogue, &args.catalogue.columns, args.seed)? {
        bar.stage("robust", None);
        let again = |choice: &ShapeChoice| {
            let done = || bar.advance(1);
            recommend_robust(&cells, &choice.shape, &candidates, &limits, &robust.panel, robust.share, &done)
        };
        choices = plain.iter().map(again).collect();
        holds = Some(robust.holds(&choices, &plain, &limits));
    }
    let mut free = None;
    if is_free {
        let (choice, figures) = args.free.choose(&cells, &by, &limits, args.seed, &|| bar.advance(1))?;
        choices.insert(0, choice);
        free = Some(figures);
    }
    let Some(chosen) = best_shape(if is_free { &choices[..1] } else { &choices }) else {
        bar.finish();
        return none_holds(args, &cells, &choices, &limits, (holds.as_ref(), free.as_ref()));
    };
    let bare = &chosen.pings[0].ping;
    let told = hierarchies.tell(&table.catalogue, bare, &candidates, &limits, &bar)?;
    let told_cells = told.as_ref().map(|told| Cells::new(&told.catalogue));
    let (cells, chosen) = match (&told, &told_cells) {
        (Some(told), Some(cells)) => (cells, &told.choice),
        _ => (&cells, chosen),
    };
    let shown: Vec<ShapeChoice> =
        choices.iter().chain(told.as_ref().map(|told| &told.choice)).cloned().collect();
    bar.stage("judges", Some(judges.len() as u64));
    let pings: Vec<(String, Generalization)> =
        chosen.pings.iter().map(|p| p.ping.name.to_owned()).zip(chosen.generalizations()).collect();
    let safe: Vec<Safe> = pings.iter().map(|(_, g)| Safe::of(cells, g, &limits)).collect();
    let mut judged: Vec<Judged> = Vec::new();
    for (path, table) in &judges {
        bar.advance(1);
        let told = told.as_ref().map(|told| hierarchies.told_of(told, &table.catalogue)).transpose()?;
        let catalogue = told.as_ref().unwrap_or(&table.catalogue);
        let name = path.display().to_string();
        judged.push(judge(&name, Sample::Unseen, catalogue, &pings, &safe, &limits, args.seed));
    }
    let identifiers = args.identifier.plays(cells, &pings);
    let neighbors: Vec<Neighbor> =
        chosen.pings.iter().flat_map(|ping| neighbors(cells, ping, &candidates, &limits)).collect();
    let justify = Justify { catalogue: &table.sha256, results: None };
    let roundings = told.as_ref().map_or(&[][..], |told| &told.roundings);
    let policy = to_policy_telling(&args.name, cells, chosen, &limits, &justify, roundings);
    let policy = policy.map_err(Failure::input)?;
    bar.finish();
    output::file(&args.output, &policy.to_toml().map_err(Failure::input)?)?;
    output::note(&format!("{}: written", args.output.display()));
    let with_other = args.other.result(&plain, chosen, &policy);
    if args.json {
        let mut result = json!({
            "schema": "coarsen.recommend/1",
            "holds": true,
            "limits": limits,
            "shapes": shown.iter().map(shape_json).collect::<Vec<_>>(),
            "chosen": chosen.shape.name,
            "neighbors": neighbors,
            "judges": judged,
        });
        if let Some(with_other) = &with_other {
            result["other"] = json!(with_other);
        }
        if let Some(holds) = &holds {
            result["robust"] = json!(holds);
        }
        if let Some(free) = &free {
            result["free"] = free.json();
        }
        if let Some(told) = &told {
            result["side_fields"] = json!(hierarchies.summary(told));
        }
        if let Some(identifiers) = &identifiers {
            result["identifier"] = json!(identifiers);
        }
        output::json(&result)?;
    } else {
        let mut text = render(cells, args.seed, chosen, &shown, &neighbors, &judged, &limits);
        text.push_str(&with_other.map_or(String::new(), |with_other| with_other.render()));
        text.push_str(&holds.map_or(String::new(), |holds| holds.render()));
        text.push_str(&free.map_or(String::new(), |free| format!("\n{}", free.text())));
        text.push_str(&told.as_ref().map_or(String::new(), |told| hierarchies.render(told)));
        text.push_str(&identifiers.map_or(String::new(), |identifiers| identifiers.render()));
        output::text(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn none_holds(
    args: &Args,
    cells: &Cells<'_>,
    choices: &[ShapeChoice],
    limits: &Limits,
    (holds, free): (Option<&Holds>, Option<&Free>),
) -> Result<ExitCode, Failure> {
    if args.json {
        let mut result = json!({
            "schema": "coarsen.recommend/1",
            "holds": false,
            "limits": limits,
            "chosen": null,
            "shapes": choices.iter().map(shape_json).collect::<Vec<_>>(),
        });
        if let Some(holds) = holds {
            result["robust"] = json!(holds);
        }
        if let Some(free) = free {
            result["free"] = free.json();
        }
        output::json(&result)?;
    } else {
        output::text("No candidate meets the limits. The nearest, with what binds:\n")?;
        output::text(&shapes(cells, choices, limits))?;
        output::text(&holds.map_or(String::new(), Holds::render))?;
        output::text(&free.map_or(String::new(), |free| format!("\n{}", free.text())))?;
    }
    output::note("coarsen: no candidate meets the limits, so no policy was written");
    Ok(ExitCode::from(BROKEN_LIMIT))
}

fn shape_json(choice: &ShapeChoice) -> serde_json::Value {
    let pings: Vec<serde_json::Value> = choice
        .pings
        .iter()
        .map(|ping| {
            let evaluation = ping.found.evaluation();
            let breaches = match &ping.found {
                Found::Holds(_) => json!([]),
                Found::Nearest(_, breaches) => json!(breaches),
            };
            json!({
                "ping": ping.ping.name,
                "generalization": Written::of(&evaluation.generalization),
                "holds": ping.found.holds(),
                "breaches": breaches,
                "measures": evaluation.measures,
                "distortion": evaluation.distortion,
            })
        })
        .collect();
    let mut shape = json!({"shape": choice.shape.name, "holds": choice.holds(), "distortion": choice.distortion, "pings": pings});
    if !choice.left_out.is_empty() {
        shape["left_out"] = choice.left_out.iter().map(|ping| ping.ping.name).collect();
    }
    if let Some(worth) = &choice.worth {
        shape["worth"] = json!(worth);
    }
    shape
}

/// One row a ping of every shape, and the two baselines.
fn shapes(cells: &Cells<'_>, choices: &[ShapeChoice], limits: &Limits) -> String {
    let row = |name: String, evaluation: &Evaluation, distortion: f64, verdict: String| {
        let m = &evaluation.measures;
        vec![
            name,
            output::brief(&evaluation.generalization),
            m.k_titles_budget().to_string(),
            percent(m.exposed.files),
            percent(m.reidentification.title.uniform),
            format!(
                "{} ({})",
                percent(m.reidentification.title.popularity),
                percent(m.blind_guess.popularity)
            ),
            format!("{distortion:.3}"),
            verdict,
        ]
    };
    let worst = |breaches: &[Breach]| {
        breaches.first().map_or("holds".to_owned(), |breach| {
            format!("breaks {} ({:.4} over {})", breach.limit, breach.value, breach.allowed)
        })
    };
    let mut rows = Vec::new();
    for choice in choices {
        let left_out = choice.left_out.iter().filter(|ping| !ping.found.holds());
        for ping in choice.pings.iter().chain(left_out) {
            let verdict = match &ping.found {
                Found::Holds(_) => worst(&[]),
                Found::Nearest(_, breaches) if ping.ping.carries_number() => worst(breaches),
                Found::Nearest(_, breaches) => format!("left out: {}", worst(breaches)),
            };
            let name = format!("{}: {}", choice.shape.name, ping.ping.name);
            rows.push(row(name, ping.found.evaluation(), choice.distortion, verdict));
        }
    }
    for (name, baseline) in
        [("keep", Generalization::keep(cells.catalogue())), ("drop", Generalization::drop())]
    {
        let evaluation = evaluate_for(cells, &baseline, limits);
        let verdict = worst(&breaches(limits, &evaluation.measures));
        rows.push(row(name.to_owned(), &evaluation, evaluation.distortion.total, verdict));
    }
    let header = [
        "shape: ping",
        "what leaves",
        "k titles",
        "exposed",
        "title named right, files",
        "plays (blind)",
        "distortion",
        "limits",
    ];
    output::table(&header, &rows)
}

/// What the attackers come to that the limits ask for; nothing where they ask for none.
fn attackers(chosen: &ShapeChoice) -> String {
    let mut rows = Vec::new();
    for ping in &chosen.pings {
        for found in &ping.found.evaluation().measures.attackers {
            let shown = |share: Option<f64>| share.map_or("-".to_owned(), percent);
            let right = match &found.not_applicable {
                Some(reason) => format!("not applicable: {reason}"),
                None => shown(found.right),
            };
            rows.push(vec![format!("{}: {}", ping.ping.name, found.limit), shown(found.blind), right]);
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "\nAttackers that the limits ask for\n{}",
        output::table(&["ping: limit", "seeing nothing", "named right"], &rows)
    )
}

/// The chosen pings against somebody who knows the library.
fn known_libraries(cells: &Cells<'_>, chosen: &ShapeChoice, seed: u64) -> String {
    let mut rows = Vec::new();
    for (ping, generalization) in chosen.pings.iter().zip(chosen.generalizations()) {
        let classes = Classes::group(cells, generalization.key());
        let rate = |&titles: &u32| {
            known_library(&classes, titles, LIBRARIES, seed)
                .map_or("-".to_owned(), |k| percent(k.title_uniform))
        };
        rows.push(std::iter::once(ping.ping.name.to_owned()).chain(SIZES.iter().map(rate)).collect());
    }
    let sizes: Vec<String> = SIZES.iter().map(|titles| format!("{titles} titles")).collect();
    let header: Vec<&str> = std::iter::once("ping").chain(sizes.iter().map(String::as_str)).collect();
    output::table(&header, &rows)
}

fn render(
    cells: &Cells<'_>,
    seed: u64,
    chosen: &ShapeChoice,
    choices: &[ShapeChoice],
    neighbors: &[Neighbor],
    judged: &[Judged],
    limits: &Limits,
) -> String {
    let held: Vec<String> = limits.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut text =
        format!("Chosen: {} ({})\nLimits: {}\n\n", chosen.shape.name, chosen.shape.about, held.join(" "));
    text.push_str(&shapes(cells, choices, limits));
    text.push_str(&value::render(choices));
    text.push_str(&attackers(chosen));
    text.push_str("\nTitle named right, of the files, where the attacker knows a library of\n");
    text.push_str(&known_libraries(cells, chosen, seed));
    let rows: Vec<Vec<String>> = neighbors
        .iter()
        .map(|n| {
            let holds = n.note.map_or("holds".to_owned(), |note| format!("holds, but {note}"));
            let breaks = n
                .breaches
                .first()
                .map_or(holds, |b| format!("breaks {} ({:.4} over {})", b.limit, b.value, b.allowed));
            let boxes = if n.boxes > 0 { format!(", boxes as `other`: {}", n.boxes) } else { String::new() };
            vec![
                format!("{}: {} {}", n.ping, n.attribute, n.step),
                format!("{}{boxes}", n.rounding),
                format!("{:.3}", n.row.distortion),
                breaks,
            ]
        })
        .collect();
    text.push_str(&format!("\nWhy not a step finer, and what a step coarser loses\n{}", {
        output::table(&["ping: attribute", "rounding", "distortion", "limits"], &rows)
    }));
    if !judged.is_empty() {
        let rows: Vec<Vec<String>> = judged
            .iter()
            .flat_map(|j| j.pings.iter().map(move |p| (j, p)))
            .map(|(j, p)| {
                let title =
                    p.measures.as_ref().map_or("-".to_owned(), |m| percent(m.reidentification.title.uniform));
                let outcome = match p.breaches.first() {
                    Some(b) => format!("breaks {} ({:.4} over {})", b.limit, b.value, b.allowed),
                    None => format!("{:?}", p.outcome).to_lowercase(),
                };
                vec![format!("{}: {}", j.judge, p.ping), title, outcome, p.lacks.join(", ")]
            })
            .collect();
        let header = ["judge: ping", "title named right", "limits", "lacks"];
        text.push_str(&format!(
            "\nOn catalogues that the choice has not seen\n{}",
            output::table(&header, &rows)
        ));
    }
    text
}
